"""Profiles: what kind of chip a document has, from small YAML files (`profiles/`) or from the options of an insert."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from simulators.chip.issuer import Algorithms
from simulators.chip.pace import PROTOCOLS, Offer
from simulators.chip.pki import Signature
from simulators.chip.suites import AES128, AES192, AES256, TDES, Suite

_FOLDER = Path(__file__).parent / "profiles"
_SUITES = {suite.name: suite for suite in (TDES, AES128, AES192, AES256)}


@dataclass(frozen=True)
class ActiveKey:
    """Active authentication: key kind of the PKI, digest; `plain` and `least` as the card's side has them."""

    key: str
    digest: str = "sha256"
    plain: bool = True
    least: bool = False


@dataclass(frozen=True)
class ChipKeySpec:
    """Chip authentication: standardised parameters, suites in order of preference, key identifier."""

    parameters: int
    suites: tuple[Suite, ...]
    key_id: int | None = None


@dataclass(frozen=True)
class Profile:
    """One kind of chip."""

    groups: tuple[int, ...]
    basic_access: bool = True
    select_mf: str = "9000"
    """Status word of SELECT MF."""
    pace: tuple[Offer, ...] = ()
    can: bool = True
    """Whether PACE takes the CAN."""
    active_authentication: ActiveKey | None = None
    chip_authentication: tuple[ChipKeySpec, ...] = ()
    terminal_authentication: bool = False
    sod_digest: str = "sha256"
    sod_versions: bool = False
    """Security object of version 1, with the LDS and Unicode versions."""
    modern_faces: bool = False
    """DG2 in ISO 39794-5."""
    empty_faces: bool = False
    """A document without a photo has a DG2 without instances, instead of none."""
    country: str = "VN"
    algorithms: Algorithms = field(default_factory=Algorithms)


@functools.cache
def load(name: str) -> Profile:
    """The profile of that name. KeyError when there is none."""
    return from_mapping(record(name))


def record(name: str) -> dict[str, Any]:
    """The fields of a profile's file, to be changed. KeyError when there is none."""
    path = _FOLDER / f"{name}.yaml"
    if not path.is_file() or path.parent != _FOLDER:
        raise KeyError(f"no chip profile {name!r}; there are {', '.join(names())}")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def names() -> list[str]:
    """All profiles."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


def from_mapping(fields: dict[str, Any]) -> Profile:
    """A profile from plain fields. KeyError, TypeError or ValueError say what is wrong with them."""
    plain = dict(fields)
    active = plain.pop("active_authentication", None)
    chip = plain.pop("chip_authentication", [])
    return Profile(
        groups=tuple(plain.pop("groups")),
        pace=tuple(Offer(PROTOCOLS[one["protocol"]], one["parameters"]) for one in plain.pop("pace", [])),
        active_authentication=None if active is None else ActiveKey(**active),
        chip_authentication=tuple(
            ChipKeySpec(one["parameters"], tuple(_SUITES[name] for name in one["suites"]), one.get("key_id"))
            for one in chip
        ),
        algorithms=_algorithms(plain.pop("algorithms", {})),
        **plain,
    )


def _algorithms(fields: dict[str, Any]) -> Algorithms:
    plain = dict(fields)
    for name in ("csca_signature", "signer_signature"):
        if name in plain:
            plain[name] = Signature(**plain[name])
    return Algorithms(**plain)
