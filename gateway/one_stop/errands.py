"""Numbers at the counter and the dossiers they are about."""

from __future__ import annotations

from sqlalchemy import RowMapping, select, update

from gateway.queue.numbers import printed
from gateway.store.database import Transaction
from gateway.store.tables import one_stop_dossiers, tickets


def comes_with(transaction: Transaction, sending_code: str, check_in_id: str) -> None:
    """Somebody took a number for this dossier, at whatever kiosk: 40 random bits prove that they hold its slip, or
    were shown it by the chip."""
    mine = one_stop_dossiers.c.sending_code == sending_code
    transaction.execute(update(one_stop_dossiers).where(mine).values(check_in_id=check_in_id))


def numbers_of(transaction: Transaction, rows: list[RowMapping]) -> dict[str, str]:
    """The number at the counter of each dossier that has one; several may come with the same."""
    check_ins = {row["check_in_id"] for row in rows if row["check_in_id"] is not None}
    found = transaction.all(
        select(tickets.c.check_in_id, tickets.c.number)
        .where(tickets.c.check_in_id.in_(check_ins))
        .order_by(tickets.c.issued_at)
    )
    numbers = {row["check_in_id"]: printed(row["number"]) for row in found}
    return {row["id"]: numbers[row["check_in_id"]] for row in rows if row["check_in_id"] in numbers}
