"""Distinguished names, comparable: issuers spell one name as PrintableString here and as UTF8String there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_COUNTRY = "2.5.4.6"
_LABELS = {
    "2.5.4.3": "CN",
    "2.5.4.5": "serialNumber",
    _COUNTRY: "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
}


@dataclass(frozen=True)
class Name:
    """A distinguished name; two are equal when they differ in case, blanks or string type only."""

    parts: tuple[tuple[tuple[str, str], ...], ...]
    """Relative names in order, each as sorted pairs of object identifier and folded text."""
    text: str = ""
    """For people: "C=VN, O=…, CN=…"."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Name) and self.parts == other.parts

    def __hash__(self) -> int:
        return hash(self.parts)

    @property
    def country(self) -> str | None:
        """Two letters, capitals."""
        found = (value for part in self.parts for oid, value in part if oid == _COUNTRY)
        return next((value.upper() for value in found), None)


def read_name(name: Any) -> Name:
    """From an asn1crypto Name, inside a `parsing` fence."""
    parts: list[tuple[tuple[str, str], ...]] = []
    words: list[str] = []
    for relative in name.chosen:
        pairs = [(pair["type"].dotted, _text(pair["value"])) for pair in relative]
        words += [f"{_LABELS.get(oid, oid)}={value}" for oid, value in pairs]
        parts.append(tuple(sorted((oid, " ".join(value.split()).casefold()) for oid, value in pairs)))
    return Name(tuple(parts), ", ".join(words))


def _text(value: Any) -> str:
    native = value.native
    return native if isinstance(native, str) else value.dump().hex()
