"""Statuses as data: what may follow what, and which words of a local system mean which national status."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.contract.one_stop import DossierStatus

DATA = Path(__file__).resolve().parents[1] / "data" / "one-stop" / "statuses.toml"


class UnknownStatus(ValueError):
    """A word that the mapping table does not know."""


@dataclass(frozen=True)
class StatusTable:
    """The table of statuses, with one local system's words."""

    names: Mapping[DossierStatus, tuple[str, str]]
    """Vietnamese and English."""
    later: Mapping[DossierStatus, frozenset[DossierStatus]]
    """Everything that can still become of each."""
    read: Mapping[str, DossierStatus]
    written: Mapping[DossierStatus, str]

    def may_become(self, before: DossierStatus, after: DossierStatus) -> bool:
        """Whether `after` can follow, at once or over steps nobody saw. Nothing follows itself."""
        return after in self.later[before]

    def over(self, status: DossierStatus) -> bool:
        """Whether nothing more can become of it."""
        return not self.later[status]

    def meaning(self, word: object) -> DossierStatus:
        """The national status of a local word. Raises UnknownStatus."""
        try:
            return self.read[str(word).strip()]
        except KeyError:
            raise UnknownStatus(str(word)[:20]) from None

    def word(self, status: DossierStatus) -> str:
        """What the local system is told. Raises UnknownStatus for one that only the system itself sets."""
        try:
            return self.written[status]
        except KeyError:
            raise UnknownStatus(status.name) from None


@cache
def load_statuses(vocabulary: str = "national") -> StatusTable:
    """The table with the words of one vocabulary. Raises KeyError for one that does not stand in the file."""
    content = tomllib.loads(DATA.read_text(encoding="utf-8"))
    rows = {DossierStatus(row["code"]): row for row in content["status"]}
    words = content["vocabularies"][vocabulary]
    following = {status: {DossierStatus(code) for code in row["next"]} for status, row in rows.items()}
    return StatusTable(
        names={status: (row["vi"], row["en"]) for status, row in rows.items()},
        later={status: _reached(following, status) for status in rows},
        read={word: DossierStatus(code) for word, code in words["read"].items()},
        written={DossierStatus(int(code)): word for code, word in words["write"].items()},
    )


def _reached(following: Mapping[DossierStatus, set[DossierStatus]], start: DossierStatus) -> frozenset[DossierStatus]:
    found: set[DossierStatus] = set()
    ahead = list(following[start])
    while ahead:
        status = ahead.pop()
        if status not in found:
            found.add(status)
            ahead.extend(following[status])
    return frozenset(found - {start})
