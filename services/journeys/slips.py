"""What is printed for a visit, as values (LOOK.md section 12): no names, the number masked, no reason for priority."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.codes.slip import slip_text
from services.contract import models as wire
from services.contract.one_stop import Dossier, DraftSaved
from services.identity.papers import SEE_CARD, UNVERIFIED, mark_of
from services.journeys.books import Books
from services.journeys.case_of_visit import checklist_of
from services.journeys.checklist import Checklist
from services.journeys.ports import Accepted
from services.journeys.prompts import Mark, Moment, PaperRow, PartState, Phrase, ShowDossier, TimelineStep
from services.journeys.visit import Visit
from services.journeys.walk import Walk
from services.journeys.words import clinic_name, desk_name, in_language, kiosk_name, place, room, way
from services.messages import money, tr
from services.receipts.slips import (
    ChecklistSlip,
    DraftSlip,
    FilingSlip,
    MismatchSlip,
    NumberSlip,
    PaperLine,
    PaymentSlip,
    SlipPart,
    StatusLine,
    StatusSlip,
)

LAST_OF_A_GROUP = 2
"""Steps of its timeline on paper."""


def number_slip(walk: Walk, accepted: Accepted, *, first_printed_at: datetime | None = None) -> NumberSlip:
    """Slip s1."""
    ticket, site, english = accepted.ticket, walk.site, walk.english
    patient, agreed = walk.visit.patient, appointed(walk, accepted)
    return NumberSlip(
        place=place(site, english=english),
        kiosk=kiosk_name(site, english=english),
        number=ticket.number,
        clinic=clinic_name(ticket.clinic, english=english),
        room=room(ticket.clinic, english=english),
        way=way(ticket.clinic, english=english),
        taken_at=ticket.issued_at,
        waiting=ticket.waiting,
        appointed_at=None if agreed is None else agreed.start,
        appointed_until=None if agreed is None else agreed.end,
        expected_at=expected_at(walk, accepted),
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


def appointed(walk: Walk, accepted: Accepted) -> wire.Appointment | wire.Slot | None:
    """What was agreed on: the appointment that was picked up, or the time that was chosen."""
    return walk.visit.appointment or accepted.ticket.slot


def expected_at(walk: Walk, accepted: Accepted) -> datetime | None:
    """When it is about to be called: not before the time it is for."""
    expected, agreed = accepted.ticket.expected_at, appointed(walk, accepted)
    return expected if expected is None or agreed is None else max(expected, agreed.start)


def payment_slips(walk: Walk) -> tuple[PaymentSlip, ...]:
    """Slip s2 of what the bank confirmed, and one without an amount received of what it stayed silent about."""
    visit = walk.visit
    slips: list[PaymentSlip] = []
    if visit.paid_intents:
        slips.append(_payment_slip(walk, visit.paid_intents, confirmed=True))
    if visit.payment_unclear and visit.intent is not None:
        slips.append(_payment_slip(walk, (visit.intent,), confirmed=False))
    return tuple(slips)


def _payment_slip(walk: Walk, intents: tuple[wire.PaymentIntent, ...], *, confirmed: bool) -> PaymentSlip:
    visit, site, english = walk.visit, walk.site, walk.english
    last, now = intents[-1], walk.kit.clock.now()
    accepted = visit.accepted
    invoice, later = last.invoice, last.invoice_later
    return PaymentSlip(
        place=place(site, english=english),
        kiosk=kiosk_name(site, english=english),
        amount=sum(each.amount_paid if confirmed else each.amount for each in intents),
        bill_number=last.bill_number,
        purpose=last.purpose,
        account_name=last.account_name,
        account_last4=last.account_last4,
        paid_at=(last.paid_at or now) if confirmed else None,
        printed_at=None if confirmed else now,
        ticket_number="" if accepted is None else accepted.ticket.number,
        kind=last.kind.value,
        method="card" if last.method is wire.PaymentMethod.CARD else "vietqr",
        parts=tuple(_part_of(each, english=english) for each in intents) if len(intents) > 1 else (),
        left=(last.bill_left or 0) if confirmed else 0,
        pending=any(each.hand_over_pending for each in intents),
        for_cashier=any(each.for_cashier for each in intents),
        receipt=(invoice or later) is not None and (invoice or later).kind is wire.EInvoiceKind.RECEIPT,  # type: ignore[union-attr]
        invoice_number="" if invoice is None else invoice.number,
        invoice_code=last.invoice_code if invoice is None else invoice.lookup_code or None,
        invoice_site=None if invoice is None else invoice.lookup_url or None,
        invoice_later="" if later is None else in_language(later.text, later.text_en, wanted_english=english),
        code=searchable(walk, last),
        demo=last.demo or site.demo,
        language=walk.front.stage.language,
        number_masked=None if visit.patient is None else visit.patient.masked_number or None,
    )


def _part_of(intent: wire.PaymentIntent, *, english: bool) -> SlipPart:
    owner = intent.beneficiary
    name = "" if owner is None else in_language(owner.name, owner.name_en, wanted_english=english)
    return SlipPart(intent.amount_paid, name, intent.account_name, intent.account_last4, intent.purpose)


def searchable(walk: Walk, intent: wire.PaymentIntent) -> str:
    """What the code on the slip holds: by it the cashier finds the payment."""
    accepted = walk.visit.accepted
    return accepted.ticket.code if accepted is not None else intent.purpose or intent.bill_number


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


def checklist_slip(walk: Walk, found: Checklist, books: Books) -> ChecklistSlip:
    """Slip s4: no name on it, nothing of a person."""
    site, english, language = walk.site, walk.english, walk.front.stage.language
    now = walk.kit.clock.now()
    halves = books.calendar.halves(books.calendar.next_worked(now.date()))
    return ChecklistSlip(
        place=place(site, english=english),
        kiosk=kiosk_name(site, english=english),
        procedure=found.name,
        case=found.case,
        bring=tuple(_paper_line(row, language) for row in found.bring),
        held=tuple(_paper_line(row, language) for row in found.held),
        times=tuple((row.name, said(row.due, language)) for row in found.times),
        before=found.before,
        fee=said(found.fee, language),
        free=found.free,
        less=found.less,
        where=found.where,
        halves=tuple((f"{half.start:%H:%M}", f"{half.end:%H:%M}") for half in halves),
        conditions=found.conditions,
        code=found.procedure.code,
        updated=books.catalogue.updated,
        sample=books.catalogue.sample,
        printed_at=now,
        demo=site.demo,
        language=language,
    )


def filing_slip(walk: Walk, accepted: Accepted | None, dossier: Dossier) -> FilingSlip:
    """Slip s3; without a number where none was taken."""
    site, english, language = walk.site, walk.english, walk.front.stage.language
    found = None if walk.visit.procedure is None else checklist_of(walk)
    patient = walk.visit.patient
    return FilingSlip(
        place=place(site, english=english),
        kiosk=kiosk_name(site, english=english),
        procedure=in_language(dossier.name, dossier.name_en, wanted_english=english) if found is None else found.name,
        case="" if found is None else found.case,
        number=None if accepted is None else accepted.ticket.number,
        counter=(found.where if found is not None else "")
        if accepted is None
        else room(accepted.ticket.clinic, english=english),
        filed_at=dossier.filed_at,
        papers=() if found is None else tuple(_paper_line(row, language) for row in found.bring),
        sending_code=dossier.sending_code,
        kept_until=dossier.kept_until,
        code=slip_text(dossier.token),
        number_masked=None if patient is None else patient.masked_number or None,
        demo=site.demo,
        language=language,
    )


def status_slip(walk: Walk, dossier: Dossier, shown: ShowDossier) -> StatusSlip:
    """How a dossier stands, as the page shows it."""
    site, language = walk.site, walk.front.stage.language
    return StatusSlip(
        place=place(site, english=walk.english),
        kiosk=kiosk_name(site, english=walk.english),
        procedure=shown.name,
        headline=tr(shown.headline, language),
        dossier_code=shown.code,
        code_label=tr("slip.status.code.sending" if shown.sending else "slip.status.code", language),
        due="" if shown.due is None else _day(shown.due, language),
        asked=tuple(_asked(shown, language)),
        lines=tuple(_status_line(step, language) for step in _told_on_paper(shown)),
        parts=tuple(StatusLine(part.name, _how_it_stands(part, language), True) for part in shown.parts),
        printed_at=walk.kit.clock.now(),
        code=slip_text(dossier.token),
        demo=site.demo,
        language=language,
    )


def _asked(shown: ShowDossier, language: str) -> Iterator[str]:
    for paper in shown.missing:
        yield f"{tr('dossier.missing', language)}: {paper}"
    if shown.missing and shown.missing_until is not None:
        yield tr("slip.status.until", language, day=_day(shown.missing_until, language))
    if shown.money:
        yield tr("dossier.money", language, amount=money(shown.money))
    if shown.money_paid:
        yield tr("dossier.paid", language)
    if shown.ready_at:
        yield tr("dossier.ready", language, room=shown.ready_at, way=shown.ready_way)
    for message in shown.remarks:
        yield tr(message, language, **({} if shown.due is None else _facts(shown.due, language)))
    if shown.kept_until is not None:
        facts = {**_facts(shown.kept_until, language), "time": shown.kept_until.time}
        yield tr("dossier.kept", language, **facts)


def _told_on_paper(shown: ShowDossier) -> tuple[TimelineStep, ...]:
    """Beside the parts of a group there is room for what came last; each part tells its own day."""
    if not shown.parts:
        return shown.steps
    return tuple(step for step in shown.steps if step.mark is not Mark.NEXT)[-LAST_OF_A_GROUP:]


def _how_it_stands(part: PartState, language: str) -> str:
    status = tr(f"status.{part.status}", language)
    if part.outcome:
        return tr("dossier.part.outcome", language, status=status, outcome=part.outcome)
    if part.due is None:
        return tr("dossier.part.undated", language, status=status)
    return tr("dossier.part", language, status=status, **_facts(part.due, language))


def _status_line(step: TimelineStep, language: str) -> StatusLine:
    came = step.mark is not Mark.NEXT
    detail = ""
    if step.at is not None and not came:
        detail = tr("dossier.about", language, **_facts(step.at, language))
    elif step.at is not None:
        message = "dossier.at.unit" if step.unit else "dossier.at"
        detail = tr(message, language, **_facts(step.at, language), time=step.at.time, unit=step.unit)
    return StatusLine(tr(f"status.{step.status}", language), detail, came)


def _day(moment: Moment, language: str) -> str:
    return tr("dossier.day", language, **_facts(moment, language))


def _facts(moment: Moment, language: str) -> dict[str, str | int]:
    return {"weekday": tr(f"weekday.{moment.weekday}", language), "day": moment.day}


def draft_slip(walk: Walk, saved: DraftSaved) -> DraftSlip:
    """The code of a draft, with what it is for."""
    site, english, patient = walk.site, walk.english, walk.visit.patient
    return DraftSlip(
        place=place(site, english=english),
        kiosk=kiosk_name(site, english=english),
        procedure=checklist_of(walk).name,
        code=saved.code,
        until=saved.expires_at.astimezone(walk.kit.clock.now().tzinfo),
        number_masked=None if patient is None else patient.masked_number or None,
        demo=site.demo,
        language=walk.front.stage.language,
    )


def said(phrase: Phrase, language: str) -> str:
    """A phrase in words."""
    return tr(phrase.message, language, **dict(phrase.args))


def _paper_line(row: PaperRow, language: str) -> PaperLine:
    pieces = said(row.pieces, language)
    return PaperLine(row.name, f"{pieces}, {row.note}" if row.note else pieces)


def slip_marks(walk: Walk, accepted: Accepted) -> tuple[str, ...]:
    """Marks of the number slip, true ones only."""
    ticket, visit = accepted.ticket, walk.visit
    marks = {
        "prio.slip": ticket.priority,
        "slip.paper_card": ticket.insurance_pending and _by_paper_card(visit),
        "slip.insurance_pending": ticket.insurance_pending and not _by_paper_card(visit),
        "slip.unpaid": not (visit.paid or visit.bill_settled)
        and (bool(ticket.amount_due) or ticket.status is wire.TicketStatus.UNPAID),
        _identity_mark(visit): ticket.unverified or _own_mark(visit) is not None,
        visit.holder_mark or "": visit.holder_mark is not None,
        "slip.offline": accepted.offline,
        "slip.slot.moved": _lost_time(visit, accepted) and ticket.slot is not None,
        "slip.slot.gone": _lost_time(visit, accepted) and ticket.slot is None,
        "slip.slot.lost": ticket.slot_lost,
    }
    return tuple(mark for mark, true in marks.items() if true)


def _lost_time(visit: Visit, accepted: Accepted) -> bool:
    """Somebody else took the last place of the chosen time before this number was given."""
    chosen, given = visit.slot, accepted.ticket.slot
    return chosen is not None and not (accepted.offline or accepted.ticket.held) and chosen.id != (given and given.id)


def _by_paper_card(visit: Visit) -> bool:
    """The insurer does not object: only the paper card is left to look at (army, police, cipher service)."""
    told = visit.eligibility
    accepted = {wire.EligibilityResult.VALID, wire.EligibilityResult.PARTLY, wire.EligibilityResult.PAPER_CARD}
    return told is not None and told.staff_check and told.result in accepted


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
        "pay.hidden": visit.intent is not None and not (visit.paid or visit.payment_unclear or visit.bill_settled),
        "slip.payment_missing": bool(visit.payment_slip_missing),
    }
    return (*slip_marks(walk, accepted), *(mark for mark, true in more.items() if true))
