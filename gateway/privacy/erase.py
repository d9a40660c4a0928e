"""Erasing at a person's request: what the law does not keep goes, the accounting part is split off and stays."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from gateway.clock import day_of
from gateway.house import House
from gateway.privacy.finding import Found, person_behind
from gateway.privacy.holding import Deletion, Kept, Stripping
from gateway.privacy.holdings import in_order
from gateway.privacy.kinds import CHECK_IN, DOSSIER
from gateway.privacy.purge import stripped_values
from gateway.privacy.reach import rows_of
from gateway.privacy.subjects import Role
from gateway.problems import Refused
from gateway.queue.tickets import LIVE
from gateway.store.database import Transaction
from gateway.store.tables import check_ins, one_stop_dossiers, subject_links, tickets


@dataclass(frozen=True)
class Erased:
    """What became of one table's rows; `reason` says why rows were kept."""

    table: str
    rows: int
    kept: bool
    reason: str = ""


class StillHere(Refused):
    """A visit of today or a dossier goes on: it is erased when it is over."""

    def __init__(self) -> None:
        super().__init__(409, "A visit of today, or a dossier, is not over")


def erase(house: House, transaction: Transaction, found: Found) -> tuple[Erased, ...]:
    """Erase in one transaction; tables without rows of theirs are not named. Raises StillHere."""
    _refuse_live(house, transaction, found)
    done: list[Erased] = []
    for holding in in_order():
        if holding.erasure is None:
            continue
        theirs = rows_of(holding, found.subject)
        counted = transaction.one(select(func.count().label("n")).select_from(holding.table).where(theirs))
        rows = 0 if counted is None else int(counted["n"])
        if not rows:
            continue
        match holding.erasure:
            case Kept(reason):
                done.append(Erased(holding.table.name, rows, True, reason))
            case Deletion():
                transaction.execute(delete(holding.table).where(theirs))
                done.append(Erased(holding.table.name, rows, False))
            case Stripping():
                values = stripped_values(house.vault, holding.erasure)
                transaction.execute(update(holding.table).where(theirs).values(values))
                done.append(Erased(holding.table.name, rows, False))
    parts = sum(_strip_companion(house, transaction, found, id) for id in found.companion_of)
    if parts:
        done.append(Erased("as_companion", parts, False))
    transaction.announce("staff")
    return tuple(done)


def _refuse_live(house: House, transaction: Transaction, found: Found) -> None:
    live = select(tickets.c.id).where(
        tickets.c.check_in_id.in_((*found.subject.records.get(CHECK_IN, ()), *found.companion_of)),
        tickets.c.day >= day_of(house.now()),
        tickets.c.status.in_(LIVE),
    )
    if transaction.one(live.limit(1)) is not None:
        raise StillHere
    going = select(one_stop_dossiers.c.id).where(
        one_stop_dossiers.c.id.in_(found.subject.records.get(DOSSIER, ())),
        one_stop_dossiers.c.ended_at.is_(None),
        one_stop_dossiers.c.state.in_(("sending", "filed")),
    )
    if transaction.one(going.limit(1)) is not None:
        raise StillHere


def _strip_companion(house: House, transaction: Transaction, found: Found, check_in_id: str) -> bool:
    """Take the companion out of somebody else's registration; the relation alone stays."""
    registration = person_behind(house, transaction, check_in_id)
    if registration is None or registration.companion is None:
        return False
    alone = registration.model_copy(update={"companion": registration.companion.model_copy(update={"person": None})})
    transaction.execute(
        update(check_ins)
        .where(check_ins.c.id == check_in_id)
        .values(sealed_registration=house.vault.seal(alone.model_dump_json().encode()))
    )
    transaction.execute(
        delete(subject_links).where(
            subject_links.c.kind == CHECK_IN,
            subject_links.c.record == check_in_id,
            subject_links.c.role == Role.COMPANION.value,
            subject_links.c.subject.in_(found.subject.hashes.get("subject", ())),
        )
    )
    return True
