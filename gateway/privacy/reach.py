"""From a person to their rows: the conditions that the declarations of the register stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, false, or_, select, tuple_

from gateway.privacy.holding import ByHash, ByRecord, Holding, Reach
from gateway.privacy.holdings import holding_of


@dataclass(frozen=True)
class Subject:
    """Whose rows are meant: keyed hashes by purpose, and ids of records by kind."""

    hashes: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    records: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def known(self) -> bool:
        """Whether anything is known of them at all."""
        return any(self.hashes.values()) or any(self.records.values())


def rows_of(holding: Holding, subject: Subject) -> ColumnElement[bool]:
    """The condition on this table for the subject's rows."""
    return or_(false(), *(_one(way, subject) for way in holding.reach))


def _one(way: Reach, subject: Subject) -> ColumnElement[bool]:
    match way:
        case ByHash(column, purpose):
            return column.in_(subject.hashes.get(purpose, ()))
        case ByRecord(column, kind):
            return column.in_(subject.records.get(kind, ()))
        case _:
            parent = holding_of(way.parent)
            theirs = select(*(other for _own, other in way.pairs)).where(rows_of(parent, subject))
            own = [mine for mine, _other in way.pairs]
            found = own[0].in_(theirs) if len(own) == 1 else tuple_(*own).in_(theirs)
            return found if way.where is None else found & way.where
