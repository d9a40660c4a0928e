"""What is printed for a visit, as values (LOOK.md section 12): no names, the number masked, no reason for priority."""

from __future__ import annotations

from datetime import datetime

from services.contract import models as wire
from services.identity.papers import SEE_CARD, UNVERIFIED, mark_of
from services.journeys.ports import Accepted
from services.journeys.visit import Visit
from services.journeys.walk import Walk
from services.journeys.words import clinic_name, desk_name, kiosk_name, place, room, way
from services.receipts.slips import MismatchSlip, NumberSlip, PaymentSlip


def number_slip(walk: Walk, accepted: Accepted, *, first_printed_at: datetime | None = None) -> NumberSlip:
    """Slip s1."""
    ticket, site, english = accepted.ticket, walk.site, walk.english
    patient = walk.visit.patient
    return NumberSlip(
        place=place(site, english=english),
        kiosk=kiosk_name(site, english=english),
        number=ticket.number,
        clinic=clinic_name(ticket.clinic, english=english),
        room=room(ticket.clinic, english=english),
        way=way(ticket.clinic, english=english),
        taken_at=ticket.issued_at,
        waiting=ticket.waiting,
        expected_at=ticket.expected_at,
        marks=slip_marks(walk, accepted),
        insured=bool(walk.visit.use_insurance),
        desk=desk_name(site.insurance_desk, english=english),
        code=ticket.code,
        reprint_code=ticket.reprint_code,
        number_masked=None if patient is None else patient.masked_number or None,
        demo=site.demo,
        language=walk.front.stage.language,
        first_printed_at=first_printed_at,
    )


def payment_slip(walk: Walk, accepted: Accepted) -> PaymentSlip | None:
    """Slip s2: after the bank's confirmation, or without an amount received when it stayed silent; else None."""
    visit, site, english = walk.visit, walk.site, walk.english
    intent = visit.intent
    if intent is None or not (visit.paid or visit.payment_unclear):
        return None
    return PaymentSlip(
        place=place(site, english=english),
        kiosk=kiosk_name(site, english=english),
        amount=intent.amount_paid if visit.paid else intent.amount,
        bill_number=intent.bill_number,
        purpose=intent.purpose,
        account_name=intent.account_name,
        account_last4=intent.account_last4,
        paid_at=(intent.paid_at or walk.kit.clock.now()) if visit.paid else None,
        ticket_number=accepted.ticket.number,
        invoice_code=intent.invoice_code,
        code=accepted.ticket.code,
        demo=intent.demo or site.demo,
        language=walk.front.stage.language,
        number_masked=None if visit.patient is None else visit.patient.masked_number or None,
    )


def mismatch_slip(walk: Walk, accepted: Accepted) -> MismatchSlip | None:
    """Slip s5, where the insurer knows another name or birth (060, 061, 070): the patient is received all the same."""
    visit, site, english = walk.visit, walk.site, walk.english
    eligibility, patient = visit.eligibility, visit.patient
    if eligibility is None or eligibility.mismatch is None or patient is None:
        return None
    mismatch = eligibility.mismatch
    return MismatchSlip(
        place=place(site, english=english),
        kiosk=kiosk_name(site, english=english),
        field=f"mismatch.{mismatch.field.value}",
        detail=mismatch.detail,
        read_at=visit.read_at,
        asked_at=eligibility.asked_at,
        desk=desk_name(site.insurance_desk, english=english),
        mismatch_code=mismatch.code,
        code=accepted.ticket.code,
        number_masked=patient.masked_number or None,
        demo=site.demo,
        language=walk.front.stage.language,
    )


def slip_marks(walk: Walk, accepted: Accepted) -> tuple[str, ...]:
    """Marks of the number slip, true ones only."""
    ticket, visit = accepted.ticket, walk.visit
    marks = {
        "prio.slip": ticket.priority,
        "slip.insurance_pending": ticket.insurance_pending,
        "slip.unpaid": not visit.paid and (bool(ticket.amount_due) or ticket.status is wire.TicketStatus.UNPAID),
        _identity_mark(visit): ticket.unverified or _own_mark(visit) is not None,
        visit.holder_mark or "": visit.holder_mark is not None,
        "slip.offline": accepted.offline,
    }
    return tuple(mark for mark, true in marks.items() if true)


def _identity_mark(visit: Visit) -> str:
    """What the desk looks at. The gateway's verdict decides whether; the paper people carry decides what."""
    return _own_mark(visit) or (UNVERIFIED if visit.accepted is None else SEE_CARD)


def _own_mark(visit: Visit) -> str | None:
    """What this kiosk knows itself; kept when the person is forgotten before the slip is printed."""
    return visit.identity_mark if visit.patient is None else mark_of(visit.patient)


def ticket_marks(walk: Walk, accepted: Accepted) -> tuple[str, ...]:
    """Marks of the ticket on the screen: those of the slip, and what became of the money."""
    visit = walk.visit
    more = {
        "slip.paid": visit.paid,
        "pay.unknown": visit.payment_unclear,
        "pay.hidden": visit.intent is not None and not visit.paid and not visit.payment_unclear,
        "slip.payment_missing": bool(visit.payment_slip_missing),
    }
    return (*slip_marks(walk, accepted), *(mark for mark, true in more.items() if true))
