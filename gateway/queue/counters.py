"""Who sits at which counter: one person at a time, until they leave, log out, or a supervisor frees it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import RowMapping, select, update

from gateway.house import House
from gateway.problems import Refused
from gateway.queue import tickets
from gateway.settings import CounterSettings
from gateway.store.database import Transaction
from gateway.store.tables import counter_seats, staff_sessions

COUNTERS_TOPIC = "counters"


@dataclass(frozen=True)
class Clerk:
    """Somebody who works at a counter: the account, and the session (a hash of its token) it sits there with."""

    name: str
    session: str


@dataclass(frozen=True)
class Seat:
    """A counter held by the clerk who acts, locked until the transaction ends."""

    counter: CounterSettings
    clerk: Clerk


def counter(house: House, counter_id: str) -> CounterSettings:
    """The counter of that id. Raises Refused 404."""
    found = house.settings.all_counters.get(counter_id)
    if found is None:
        raise Refused(404, "There is no such counter")
    return found


def take(house: House, transaction: Transaction, counter_id: str, clerk: Clerk) -> bool:
    """Sit down, and leave any other counter. False when somebody else who is logged in sits there."""
    wanted = counter(house, counter_id)
    row = _locked(transaction, counter_id)
    if row["holder"] not in {None, clerk.name} and _is_there(house, transaction, row):
        return False
    _clear(transaction, counter_seats.c.holder == clerk.name, counter_seats.c.counter_id != counter_id)
    transaction.execute(
        update(counter_seats)
        .where(counter_seats.c.counter_id == counter_id)
        .values(holder=clerk.name, session=clerk.session, taken_at=house.now(), last_key=None)
    )
    _announce(transaction, wanted)
    return True


def leave(house: House, transaction: Transaction, counter_id: str, clerk: Clerk) -> None:
    """Stand up; whoever was called stays at the counter for the next clerk."""
    _clear(transaction, counter_seats.c.counter_id == counter_id, counter_seats.c.holder == clerk.name)
    _announce(transaction, counter(house, counter_id))


def free(house: House, transaction: Transaction, counter_id: str) -> None:
    """A supervisor frees the counter, whoever sits there."""
    _clear(transaction, counter_seats.c.counter_id == counter_id)
    _announce(transaction, counter(house, counter_id))


def holder(house: House, transaction: Transaction, counter_id: str) -> RowMapping | None:
    """Who sits there now and is still logged in."""
    row = transaction.one(select(counter_seats).where(counter_seats.c.counter_id == counter_id))
    if row is None or row["holder"] is None or not _is_there(house, transaction, row):
        return None
    return row


def act(house: House, transaction: Transaction, counter_id: str, clerk: Clerk, key: str) -> Seat | None:
    """The seat for one action; None when `key` was done here last: its answer was lost, it is not done again.

    Raises Refused 403 when this session does not hold the counter.
    """
    found = counter(house, counter_id)
    row = _locked(transaction, counter_id)
    if (row["holder"], row["session"]) != (clerk.name, clerk.session):
        raise Refused(403, "This session does not hold the counter")
    if row["last_key"] == key:
        return None
    transaction.execute(update(counter_seats).where(counter_seats.c.counter_id == counter_id).values(last_key=key))
    return Seat(found, clerk)


def _locked(transaction: Transaction, counter_id: str) -> RowMapping:
    transaction.execute(transaction.insert(counter_seats).values(counter_id=counter_id).on_conflict_do_nothing())
    seat = select(counter_seats).where(counter_seats.c.counter_id == counter_id).with_for_update()
    return transaction.all(seat)[0]


def _is_there(house: House, transaction: Transaction, row: RowMapping) -> bool:
    session = select(staff_sessions.c.name).where(
        staff_sessions.c.token_hash == row["session"], staff_sessions.c.expires_at > house.now()
    )
    return transaction.one(session) is not None


def _clear(transaction: Transaction, *which: object) -> None:
    nobody = {"holder": None, "session": None, "taken_at": None, "last_key": None}
    transaction.execute(update(counter_seats).where(*which).values(**nobody))  # type: ignore[arg-type]


def _announce(transaction: Transaction, changed: CounterSettings) -> None:
    transaction.announce(COUNTERS_TOPIC)
    tickets.announce(transaction, *changed.clinics)
