"""Reading the insurer's JSON: fields as text, days as dates, and what is no answer at all."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from gateway.insurance.channel import Answer
from gateway.insurance.failures import InsurerFault, InsurerUnavailable

Fields = Mapping[str, Any]


def parse(answer: Answer) -> Fields:
    """The answer's object. Raises InsurerUnavailable (ERROR) when it is none."""
    try:
        body: object = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise InsurerUnavailable(InsurerFault.ERROR, "the answer is not JSON", (answer.exchange,)) from None
    if not isinstance(body, dict):
        raise InsurerUnavailable(InsurerFault.ERROR, "the answer is not an object", (answer.exchange,))
    return cast("dict[str, Any]", body)


def fields_of(body: Fields, key: str) -> Fields:
    """An object inside; empty where there is none."""
    value = body.get(key)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def text(body: Fields, key: str) -> str:
    """A field as text without blanks around it; empty for null, a missing one, a list or an object.

    Halves of characters, which JSON can hold, become question marks: they fit into no database and no answer.
    """
    value = body.get(key)
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    return str(value).encode("utf-8", "replace").decode().replace("\0", "").strip()


def result_code(body: Fields) -> str:
    """`maKetQua`; a number is written with its three digits (10 is 010)."""
    value = body.get("maKetQua", body.get("MaKetQua"))
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:03}"
    return value.strip()[:20] if isinstance(value, str) else ""


def read_day(text: str) -> date | None:
    """dd/MM/yyyy; None for an empty or unreadable one."""
    match = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text.strip(), re.ASCII)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None
