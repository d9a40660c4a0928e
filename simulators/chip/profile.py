"""Profiles: what kind of chip a card is, from small YAML files (`profiles/`)."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "profiles"


@dataclass(frozen=True)
class ActiveKey:
    """Active authentication: key kind of the PKI, digest, and for ECDSA whether r‖s is plain or DER."""

    key: str
    digest: str = "sha256"
    plain: bool = True


@dataclass(frozen=True)
class Profile:
    """One kind of chip."""

    name: str
    document: str
    """td1 (Vietnamese) or td3 (passport)."""
    groups: tuple[int, ...]
    basic_access: bool = True
    select_mf: str = "9000"
    active_authentication: ActiveKey | None = None
    sod_digest: str = "sha256"
    modern_faces: bool = False
    """DG2 in ISO 39794-5."""


@functools.cache
def load(name: str) -> Profile:
    """The profile of that name. KeyError when there is none."""
    path = _FOLDER / f"{name}.yaml"
    if not path.is_file() or path.parent != _FOLDER:
        raise KeyError(f"no chip profile {name!r}; there are {', '.join(names())}")
    return from_mapping(name, yaml.safe_load(path.read_text(encoding="utf-8")))


def names() -> list[str]:
    """All profiles."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


def from_mapping(name: str, record: dict[str, Any]) -> Profile:
    """A profile from the fields of a YAML file."""
    active = record.pop("active_authentication", None)
    return Profile(
        name=name,
        document=record.pop("document"),
        groups=tuple(record.pop("groups")),
        active_authentication=None if active is None else ActiveKey(**active),
        **record,
    )
