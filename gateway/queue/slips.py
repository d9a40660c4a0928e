"""What stands on a slip, scanned or typed at a counter, to the ticket it means."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import RowMapping, or_, select

from gateway.clock import day_of
from gateway.house import House
from gateway.queue.tickets import LIVE
from gateway.store.database import Transaction
from gateway.store.tables import registrations
from gateway.store.tables import tickets as table
from services.contract.models import TicketStatus
from services.contract.ticket_codes import clean_reprint_code

_TOKEN = re.compile(r"[0-9A-Z]{26}")
_NUMBER = re.compile(r"([A-Z0-9]{1,4}-)?([A-Z]{0,2})0*([0-9]{1,4})(/[0-9]{1,2})?")
MOST = 6


def find(house: House, transaction: Transaction, clinic_id: str, text: str) -> list[RowMapping]:
    """Today's tickets that a QR token, a reprint code or a number of this clinic means; live ones first.

    A number without letters means every series: "12" is T012, U012, B12. An older slip of somebody who registered
    again means the ticket they have now.
    """
    day = day_of(house.now())
    clean = text.strip().upper().replace(" ", "")
    if _TOKEN.fullmatch(clean):
        return _of_registration(transaction, day, registrations.c.slip_token == clean)
    number = _NUMBER.fullmatch(clean)
    found = [] if number is None else _of_number(transaction, day, clinic_id, clean, number)
    if found:
        return found
    # A reprint code can look like a number that was moved ("HEFN-HV82").
    return _of_registration(transaction, day, registrations.c.reprint_code == clean_reprint_code(clean))


def as_printed(text: str) -> str:
    """A typed number of a kiosk's own letters as its slip shows it: "b7" is B07."""
    parts = re.fullmatch(r"([A-Z]{1,2})0*([0-9]{1,4})", text.strip().upper().replace(" ", ""))
    return "" if parts is None else f"{parts[1]}{int(parts[2]):02}"


def _of_registration(transaction: Transaction, day: date, which: object) -> list[RowMapping]:
    rows = transaction.all(
        select(table)
        .join(registrations, registrations.c.check_in_id == table.c.check_in_id)
        .where(table.c.day == day, which)  # type: ignore[arg-type]
        .order_by(table.c.changed_at.desc())
    )
    return _living(rows)


def _of_number(
    transaction: Transaction, day: date, clinic_id: str, text: str, parts: re.Match[str]
) -> list[RowMapping]:
    code, letters, digits, copy = parts[1] or "", parts[2], parts[3], parts[4] or ""
    spelt = {f"{code}{letters}{int(digits):0{width}}{copy}" for width in (1, 2, 3)}
    here = table.c.day == day, table.c.clinic_id == clinic_id
    if letters:
        return _living(transaction.all(select(table).where(*here, table.c.number.in_(spelt | {text}))))
    endings = or_(*(table.c.number.endswith(number, autoescape=True) for number in sorted(spelt)))
    rows = transaction.all(select(table).where(*here, endings).order_by(table.c.changed_at.desc()))
    exact = re.compile(rf"(?:[A-Z0-9]+-)?[A-Z]+0*{int(digits)}(?:/[0-9]+)?")
    return _living([row for row in rows if exact.fullmatch(row["number"])])


def _living(rows: list[RowMapping]) -> list[RowMapping]:
    """A void number stands for nothing; its check-in's new one is asked for by its own number."""
    kept = [row for row in rows if row["status"] != TicketStatus.VOIDED.value]
    return sorted(kept, key=lambda row: row["status"] not in LIVE)[:MOST]
