"""Numbers a kiosk may print without the gateway: per clinic and day, with the kiosk's letter, held days ahead."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import timedelta

from sqlalchemy import RowMapping, func, insert, select

from gateway.clock import day_of
from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.queue import numbers, tickets
from gateway.store.database import Transaction
from gateway.store.tables import lease_uses, leases
from gateway.store.tables import tickets as ticket_table
from services.contract.models import FallbackUse, Lease, Leases, TicketStatus

log = logging.getLogger(__name__)


def top_up(house: House, transaction: Transaction, kiosk: Kiosk) -> Leases:
    """Everything the kiosk holds from today on, topped up to the configured size."""
    today = day_of(house.now())
    days = [today + timedelta(days=ahead) for ahead in range(house.settings.queue.lease_days + 1)]
    transaction.lock(f"lease:{kiosk.letter}")
    held = transaction.all(select(leases).where(leases.c.kiosk_id == kiosk.id, leases.c.day.in_(days)))
    known = {(row["day"], row["clinic_id"]) for row in held}
    missing = [(day, clinic) for day in days for clinic in house.clinics if (day, clinic) not in known]
    if missing:
        after = {
            (row["day"], row["clinic_id"]): row["last"]
            for row in transaction.all(
                select(leases.c.day, leases.c.clinic_id, func.max(leases.c.first + leases.c.size).label("last"))
                .where(leases.c.letter == kiosk.letter, leases.c.day.in_(days))
                .group_by(leases.c.day, leases.c.clinic_id)
            )
        }
        new = [
            {
                "id": new_id(),
                "kiosk_id": kiosk.id,
                "clinic_id": clinic,
                "day": day,
                "letter": kiosk.letter,
                "first": after.get((day, clinic), 1),
                "size": house.settings.queue.lease_size,
            }
            for day, clinic in missing
        ]
        transaction.execute(insert(leases), new)
        held = transaction.all(select(leases).where(leases.c.kiosk_id == kiosk.id, leases.c.day.in_(days)))
    used = _used(transaction, [row["id"] for row in held])
    return Leases(leases=tuple(_topped_up(house, transaction, row, used[row["id"]]) for row in held))


def take_fallback(house: House, transaction: Transaction, kiosk: Kiosk, check_in: RowMapping, use: FallbackUse) -> None:
    """Make the printed number the check-in's ticket and void the one it had; the place in the queue stays."""
    now = house.now()
    old = tickets.live_ticket(transaction, check_in["id"])
    if old is None or old["number"] == use.fallback.number:
        return
    priority = tickets.is_priority(check_in)
    status = old["status"] if old["status"] in tickets.LIVE else TicketStatus.WAITING.value
    tickets.change(transaction, old, TicketStatus.VOIDED, now, priority)
    lease = transaction.one(
        select(leases).where(
            leases.c.id == use.fallback.lease_id,
            leases.c.kiosk_id == kiosk.id,
            leases.c.clinic_id == check_in["clinic_id"],
        )
    )
    if lease is None or use.fallback.number not in _numbers(lease):
        # Somebody holds this number on paper: it stands, and the counter sees that it was not leased.
        log.warning("kiosk %s: printed a number that was not leased to it", kiosk.letter)
    else:
        row = transaction.insert(lease_uses).values(lease_id=lease["id"], number=use.fallback.number)
        transaction.execute(row.on_conflict_do_nothing())
    numbers.join(transaction, check_in["clinic_id"], check_in["day"], priority)
    transaction.execute(
        insert(ticket_table).values(
            id=new_id(),
            check_in_id=check_in["id"],
            clinic_id=check_in["clinic_id"],
            day=check_in["day"],
            number=_free_number(transaction, check_in, use.fallback.number),
            series=kiosk.letter,
            status=status,
            issued_at=old["issued_at"],
            waiting_ahead=old["waiting_ahead"],
            expected_at=old["expected_at"],
            changed_at=now,
        )
    )


def _free_number(transaction: Transaction, check_in: RowMapping, number: str) -> str:
    """The printed number; when another slip of the day bears it too, with a mark that tells them apart."""
    same = transaction.all(
        select(ticket_table.c.number).where(
            ticket_table.c.day == check_in["day"],
            ticket_table.c.clinic_id == check_in["clinic_id"],
            ticket_table.c.number.startswith(number, autoescape=True),
        )
    )
    taken = {row["number"] for row in same}
    if number not in taken:
        return number
    log.error("two slips of one clinic and day bear the number %s", number)
    return next(f"{number}/{copy}" for copy in range(2, 100) if f"{number}/{copy}" not in taken)


def _topped_up(house: House, transaction: Transaction, row: RowMapping, used: set[str]) -> Lease:
    free = [number for number in _numbers(row) if number not in used]
    lacking = house.settings.queue.lease_size - len(free)
    if lacking > 0:
        size = row["size"] + lacking
        transaction.execute(leases.update().where(leases.c.id == row["id"]).values(size=size))
        free += [_number(row, place) for place in range(row["size"], size)]
    return Lease(id=row["id"], clinic_id=row["clinic_id"], day=row["day"], numbers=tuple(free))


def _numbers(row: RowMapping) -> list[str]:
    return [_number(row, place) for place in range(row["size"])]


def _number(row: RowMapping, place: int) -> str:
    return f"{row['letter']}{row['first'] + place:02}"


def _used(transaction: Transaction, lease_ids: list[str]) -> dict[str, set[str]]:
    used: dict[str, set[str]] = defaultdict(set)
    for row in transaction.all(select(lease_uses).where(lease_uses.c.lease_id.in_(lease_ids))):
        used[row["lease_id"]].add(row["number"])
    return used
