"""A re-visit slip at the insurance desk: it counts once (TT 01/2025/TT-BYT), and the server remembers by which visit.

Kept is a keyed hash of the slip's number and day, never the slip. What follows for one that was used is the desk's to
decide: nobody is sent away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from gateway.clock import day_of
from gateway.house import House
from gateway.insurance.papers import Paper, usable_again
from gateway.queue.numbers import printed
from gateway.queue.tickets import live_ticket
from gateway.store.database import Transaction
from gateway.store.tables import paper_uses, tickets
from services.contract.models import TicketStatus


@dataclass(frozen=True)
class Used:
    """What became of a slip: `counts` for this visit, or which visit used it before (number and time)."""

    number: str
    counts: bool
    before: str = ""
    before_at: datetime | None = None


def use_revisit(
    house: House, transaction: Transaction, check_in_id: str, slip: str, signed: date, noted_by: str
) -> Used:
    """Note that a visit uses a re-visit slip, unless others used it up. The same visit again changes nothing; one that
    was abandoned gives it back."""
    paper = house.vault.hash("revisit-slip", f"{''.join(slip.split()).casefold()}|{signed.isoformat()}")
    transaction.lock(f"paper:{paper}")
    ticket = live_ticket(transaction, check_in_id)
    number = "" if ticket is None else printed(ticket["number"])
    left = select(tickets.c.check_in_id).where(tickets.c.status == TicketStatus.ABANDONED.value)
    mine = paper_uses.c.kind == Paper.REVISIT.value, paper_uses.c.paper == paper
    uses = transaction.all(
        select(paper_uses).where(*mine, paper_uses.c.check_in_id.not_in(left)).order_by(paper_uses.c.used_at)
    )
    if any(one["check_in_id"] == check_in_id for one in uses):
        return Used(number, counts=True)
    if not usable_again(house.rules.papers, len(uses), day_of(house.now())):
        earlier = live_ticket(transaction, uses[-1]["check_in_id"])
        return Used(
            number,
            counts=False,
            before="" if earlier is None else printed(earlier["number"]),
            before_at=uses[-1]["used_at"],
        )
    row = transaction.insert(paper_uses).values(
        kind=Paper.REVISIT.value, paper=paper, check_in_id=check_in_id, used_at=house.now(), noted_by=noted_by
    )
    transaction.execute(row.on_conflict_do_nothing())
    return Used(number, counts=True)
