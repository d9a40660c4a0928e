"""Identifiers as resources and searches write them; their systems are settings."""

from __future__ import annotations

from typing import Any, cast

from gateway.settings import IdentifierSystems as Systems

__all__ = ["Systems", "identifiers", "token"]


def token(system: str, value: str) -> str:
    """`system|value` of a search (FHIR R4B search.html §3.1.1.4.1: `\\`, `,`, `|` and `$` of a value are escaped)."""
    for sign in "\\,|$":
        value = value.replace(sign, "\\" + sign)
    return f"{system}|{value}"


def identifiers(resource: dict[str, Any], system: str) -> list[str]:
    """The values a resource carries under a system."""
    rows = cast("list[dict[str, Any]]", resource.get("identifier") or [])
    return [str(row["value"]) for row in rows if row.get("system") == system and row.get("value")]
