"""A number found again: by the slip that carries it, or by a person whom the chip proved; never by what is typed."""

from __future__ import annotations

from sqlalchemy import select

from gateway.clock import day_of
from gateway.house import House
from gateway.queue import tickets
from gateway.store import tables
from gateway.store.database import Transaction
from services.contract.models import Ticket


def by_slip(house: House, transaction: Transaction, token: str) -> tuple[Ticket, ...]:
    """The number of a slip's QR code, while it is of today and still means something."""
    row = transaction.one(select(tables.registrations.c.check_in_id).where(tables.registrations.c.slip_token == token))
    return () if row is None else _live(house, transaction, [row["check_in_id"]])


def by_person(house: House, transaction: Transaction, number: str) -> tuple[Ticket, ...]:
    """Every number of today of a person, the newest first."""
    check_ins = tables.check_ins
    mine = check_ins.c.person == house.vault.hash("person", number), check_ins.c.day == day_of(house.now())
    rows = transaction.all(select(check_ins.c.id).where(*mine).order_by(check_ins.c.arrived_at.desc()))
    return _live(house, transaction, [row["id"] for row in rows])


def _live(house: House, transaction: Transaction, check_in_ids: list[str]) -> tuple[Ticket, ...]:
    found: list[Ticket] = []
    for id in check_in_ids:
        check_in = transaction.one(select(tables.check_ins).where(tables.check_ins.c.id == id))
        live = tickets.live_ticket(transaction, id)
        if check_in is None or live is None or live["status"] not in tickets.LIVE:
            continue
        if check_in["day"] != day_of(house.now()):
            continue
        found.append(tickets.as_answer(house, transaction, check_in, held=True))
    return tuple(found)
