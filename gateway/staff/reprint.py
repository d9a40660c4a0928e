"""A number found and printed at the desk: for people whose slip did not come out, or who lost it and have no chip here.

Nothing new is given: the slip is the one the kiosk would print, marked as a copy where one came out before. It names
nobody; who looked somebody up by their number is written down.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, select

from gateway.clock import day_of
from gateway.hospital.questions import lost_time
from gateway.house import House
from gateway.privacy import access
from gateway.privacy.kinds import CHECK_IN
from gateway.privacy.subjects import Role, subject_hash
from gateway.problems import Refused
from gateway.queue import calling, slips, tickets
from gateway.staff.desk import slip_given
from gateway.store.database import Transaction
from gateway.store.tables import check_ins, subject_links
from gateway.store.tables import tickets as table
from services.codes.bhyt import BhytQr, is_insurance_number
from services.codes.cccd import CccdQr
from services.codes.detect import read_code
from services.codes.errors import CodeError
from services.codes.slip import SlipQr
from services.contract.models import EvidenceLevel, HolderProof, Slot, Ticket, TicketStatus

REASON = "in lại số cho người bệnh ở quầy"
_ID = re.compile(r"[0-9]{9}|[0-9]{12}")
_LEVELS = {
    EvidenceLevel.CHIP_GENUINE.value: None,
    EvidenceLevel.CHIP_READ.value: "slip.see_card",
    EvidenceLevel.FINGER.value: "slip.unverified.finger",
}
_HOLDERS = {
    HolderProof.FINGER.value: "slip.holder.finger",
    HolderProof.STAFF.value: "slip.holder.staff",
    HolderProof.FINGER_DIFFERS.value: "slip.holder.staff",
}


@dataclass(frozen=True)
class StaffSlip:
    """What stands on it. `marks` are message ids of slips.toml; `first_at`: when a slip came out before."""

    ticket: Ticket
    insured: bool
    marks: tuple[str, ...]
    first_at: datetime | None

    @property
    def slot(self) -> Slot | None:
        """The time it is for."""
        return self.ticket.slot


def find(house: House, transaction: Transaction, text: str, who: str) -> tuple[str, ...]:
    """Check-ins of today that a slip, a number of any clinic, or a person's ID or insurance number means."""
    rows = _of_person(house, transaction, text, who)
    if rows is None:
        token = _token(text)
        clinics = [clinic.id for clinic in house.clinics.values()]
        rows = [row for clinic in clinics for row in slips.find(house, transaction, clinic, token or text)]
    ids = [str(row["check_in_id"]) for row in rows if row["check_in_id"] is not None]
    return tuple(dict.fromkeys(ids))


def slip(house: House, transaction: Transaction, check_in_id: str) -> StaffSlip:
    """The slip of a number of today. Raises Refused 404 for any other."""
    check_in, _row = _of_today(house, transaction, check_in_id)
    ticket = tickets.as_answer(house, transaction, check_in)
    marks = {
        "prio.slip": ticket.priority,
        "slip.insurance_pending": ticket.insurance_pending,
        "slip.unpaid": bool(ticket.amount_due) or ticket.status is TicketStatus.UNPAID,
        _LEVELS.get(check_in["verified_level"], "slip.unverified") or "": True,
        _HOLDERS.get(check_in["holder"] or "", ""): True,
        "slip.slot.lost": ticket.slot is not None and lost_time(transaction, check_in_id),
    }
    return StaffSlip(
        ticket=ticket,
        insured=check_in["use_insurance"],
        marks=tuple(mark for mark, true in marks.items() if mark and true),
        first_at=check_in["slip_at"] if check_in["slip_printed"] else None,
    )


def note_printed(house: House, transaction: Transaction, check_in_id: str, who: str) -> None:
    """It is printed now: kept with the number, and the next one is a copy. Raises Refused 404 as `slip`."""
    check_in, row = _of_today(house, transaction, check_in_id)
    calling.note(house, transaction, row, "printed", who, None)
    if not check_in["slip_printed"]:
        slip_given(house, transaction, check_in_id)


def _of_today(house: House, transaction: Transaction, check_in_id: str) -> tuple[RowMapping, RowMapping]:
    check_in = transaction.one(select(check_ins).where(check_ins.c.id == check_in_id))
    row = None if check_in is None else tickets.live_ticket(transaction, check_in_id)
    if check_in is None or row is None or row["day"] != day_of(house.now()) or row["status"] not in tickets.LIVE:
        raise Refused(404, "There is no such number today")
    return check_in, row


def _of_person(house: House, transaction: Transaction, text: str, who: str) -> list[RowMapping] | None:
    """Numbers of somebody whose card or number is at hand; None where the text is no such number."""
    number = _number(text)
    if number is None:
        return None
    found = transaction.all(
        select(table)
        .join(subject_links, subject_links.c.record == table.c.check_in_id)
        .where(
            subject_links.c.subject == subject_hash(house, number),
            subject_links.c.kind == CHECK_IN,
            subject_links.c.role == Role.PATIENT.value,
            table.c.day == day_of(house.now()),
            table.c.status != TicketStatus.VOIDED.value,
        )
        .order_by(table.c.issued_at.desc())
    )
    for record in {str(row["check_in_id"]) for row in found}:
        access.note(house, transaction, who, access.Action.OPENED, CHECK_IN, record, REASON)
    return found


def _number(text: str) -> str | None:
    clean = text.strip().upper().replace(" ", "")
    if _ID.fullmatch(clean) or (len(clean) >= 10 and is_insurance_number(clean)):
        return clean
    try:
        code = read_code(text)
    except CodeError:
        return None
    return code.number if isinstance(code, CccdQr | BhytQr) else None


def _token(text: str) -> str | None:
    try:
        code = read_code(text)
    except CodeError:
        return None
    return code.token if isinstance(code, SlipQr) else None
