"""An insurance card shown at the desk after a check-in without it: looked up for the patient, and insured from then on.

The fund pays from the moment of presentation. When the insurer is silent the patient is insured all the same and asked
for later (NĐ 188/2025 article 38). A bill that is not paid yet is cancelled with its code, and whoever was held back
until paying can be called; a paid one is the cashier's to work out anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, select, update

from gateway.hospital import outbox
from gateway.hospital.system import HospitalCover, HospitalSystem, PersonFacts
from gateway.house import House
from gateway.insurance import look_up
from gateway.insurance.failures import InsurerUnavailable
from gateway.insurance.judging import Judgement
from gateway.insurance.look_up import KeptJudgement
from gateway.insurance.vss import CardAnswer
from gateway.payments.bills import cancel_bill
from gateway.privacy import access
from gateway.privacy.kinds import CHECK_IN
from gateway.privacy.subjects import link_registration
from gateway.problems import Refused
from gateway.queue import calling, slips, tickets
from gateway.queue.numbers import printed
from gateway.store.database import Transaction
from gateway.store.tables import check_ins, later_look_ups
from gateway.xml0.keeping import insured_later
from services.contract.models import (
    EligibilityRequest,
    EligibilityResult,
    EvidenceLevel,
    Person,
    Registration,
    TicketStatus,
)

LONGEST_NUMBER = 15
"""Characters of a card's number, the longest that the insurer is asked by."""

_APART = re.compile("[^0-9A-Z]")
"""Spaces, dots and dashes, as people read a card aloud."""

REASON = "insurance card shown at the desk"
INSURED = {
    EligibilityResult.VALID,
    EligibilityResult.PARTLY,
    EligibilityResult.PAPER_CARD,
    EligibilityResult.MISMATCH,
    EligibilityResult.CHILD,
    EligibilityResult.UNCLEAR,
}
"""Results with which somebody is received as insured, the last four for the desk to look at papers."""


@dataclass(frozen=True)
class Shown:
    """What came of it. `result` is empty when the insurer was silent."""

    number: str
    clinic: str
    insured: bool
    """By what was shown now."""
    before: datetime | None = None
    """The visit was insured already: since then, whatever was shown now."""
    result: str = ""
    code: str = ""
    remark: str = ""
    staff_check: bool = False
    paid: bool = False
    """The examination was paid before: the cashier works it out anew."""
    hospital: HospitalCover | None = None
    """What the hospital's own system knows of the card, when the insurer was silent."""


@dataclass(frozen=True)
class Told:
    """What the desk typed from the card; what is empty is taken from the check-in."""

    card: str = ""
    name: str = ""
    birth: str = ""
    """yyyy, or yyyy-mm-dd."""


@dataclass(frozen=True)
class Visit:
    """Whose card it is, with everything needed to ask; what is written is read again, under its lock."""

    check_in_id: str
    kiosk_id: str
    level: EvidenceLevel
    registration: Registration
    request: EligibilityRequest


def ticket_of(house: House, transaction: Transaction, clinic_id: str, text: str) -> RowMapping:
    """Today's ticket that a slip's QR code, reprint code or number (of a clinic) means. Raises Refused 404, 409."""
    found = [
        row
        for row in slips.find(house, transaction, clinic_id, text)
        if row["check_in_id"] is not None and row["status"] in {*tickets.LIVE, TicketStatus.DONE.value}
    ]
    if not found:
        raise Refused(404, "There is no such number today")
    if len({row["check_in_id"] for row in found}) > 1:
        raise Refused(409, "Several numbers are meant")
    return found[0]


async def present(house: House, clinic_id: str, slip: str, told: Told, actor: str) -> Shown:
    """Look the card up and keep what comes of it. Raises Refused: 404 no such number, 409 several, 410 who it was is
    not kept any more, 422 who it is is not known, or no card has such a number."""
    visit = await house.workers.run(_visit, house, clinic_id, slip, told, actor)
    asked_at = house.now()
    try:
        answer, judged = await look_up.ask(house, visit.request)
    except InsurerUnavailable as error:
        failure = error

        def silent() -> Shown:
            with house.store.write() as transaction:
                check_in = _kept(transaction, visit.check_in_id)
                number = visit.request.number
                look_up.keep_failure(house, transaction, visit.kiosk_id, number, asked_at, failure)
                return _insured(house, transaction, visit, check_in, actor, None)

        shown = await house.workers.run(silent)
        return replace(shown, hospital=await _known_there(house, visit))
    return await house.workers.run(_answered, house, visit, answer, judged, actor)


def _visit(house: House, clinic_id: str, slip: str, told: Told, actor: str) -> Visit:
    with house.store.write() as transaction:
        ticket = ticket_of(house, transaction, clinic_id, slip)
        check_in = _kept(transaction, ticket["check_in_id"])
        access.note(house, transaction, actor, access.Action.OPENED, CHECK_IN, check_in["id"], REASON)
        registration = Registration.model_validate_json(house.vault.open(check_in["sealed_registration"]))
    patient = registration.patient
    typed = _APART.sub("", told.card.upper())
    if len(typed) > LONGEST_NUMBER:
        raise Refused(422, "No card has such a long number")
    number = typed or patient.insurance_number or patient.number
    name, birth = patient.name or told.name, patient.birth or told.birth
    if not number or not name or not birth:
        raise Refused(422, "Card number, name and birth are needed")
    request = EligibilityRequest(number=number, name=name, birth=birth)
    level = EvidenceLevel(check_in["verified_level"])
    return Visit(check_in["id"], check_in["kiosk_id"], level, _with_card(registration, request), request)


def _kept(transaction: Transaction, check_in_id: str) -> RowMapping:
    """The check-in, locked. Raises Refused 410: what was erased, also while the insurer was asked, stays so."""
    check_in = tickets.check_in_of(transaction, check_in_id)
    if check_in["stripped"]:
        raise Refused(410, "Who it was is not kept any more")
    return check_in


def _with_card(registration: Registration, request: EligibilityRequest) -> Registration:
    """The registration with what the card told of its patient, and nothing else changed."""
    patient = registration.patient
    known = {"name": patient.name or request.name, "birth": patient.birth or request.birth}
    if request.number != patient.number:
        known["insurance_number"] = request.number
    return registration.model_copy(update={"patient": patient.model_copy(update=known), "use_insurance": True})


def _answered(house: House, visit: Visit, answer: CardAnswer, judged: Judgement, actor: str) -> Shown:
    with house.store.write() as transaction:
        check_in = _kept(transaction, visit.check_in_id)
        number = visit.request.number
        kept = look_up.keep(house, transaction, visit.kiosk_id, number, answer, judged)
        if kept.result in INSURED and (_is_clear(judged) or not _in_order(check_in)):
            judgement = KeptJudgement(
                eligibility=kept,
                route_code=judged.route_code,
                staff_check=judged.staff_check,
                facility=judged.card.facility if judged.card else "",
            )
            shown = _insured(house, transaction, visit, check_in, actor, judgement)
        else:
            shown = replace(_shown(house, transaction, visit, insured=False), before=_insured_since(check_in))
        return replace(
            shown,
            result=kept.result.value,
            code=kept.result_code,
            remark=answer.remark,
            staff_check=judged.staff_check,
        )


def _insured(
    house: House,
    transaction: Transaction,
    visit: Visit,
    check_in: RowMapping,
    actor: str,
    judgement: KeptJudgement | None,
) -> Shown:
    """From now on the visit is paid by the fund; `judgement` None: the insurer is asked for it later."""
    now = house.now()
    # As it stands now, not as it stood before the insurer was asked: a companion may have been erased meanwhile.
    kept = Registration.model_validate_json(house.vault.open(check_in["sealed_registration"]))
    registration = _with_card(kept, visit.request)
    ticket = tickets.held_ticket(transaction, visit.check_in_id)
    clear = judgement is not None and _is_clear(judgement)
    transaction.execute(
        update(check_ins)
        .where(check_ins.c.id == visit.check_in_id)
        .values(
            use_insurance=True,
            insurance_pending=not clear,
            insurance_presented_at=_insured_since(check_in) or now,
            eligibility_id=check_in["eligibility_id"] if judgement is None else judgement.eligibility.id,
            sealed_registration=house.vault.seal(registration.model_dump_json().encode()),
        )
    )
    link_registration(house, transaction, CHECK_IN, visit.check_in_id, registration)
    mine = later_look_ups.c.check_in_id == visit.check_in_id
    if judgement is not None:
        transaction.execute(later_look_ups.delete().where(mine))
    elif transaction.one(select(later_look_ups.c.check_in_id).where(mine)) is None:
        first = now + timedelta(minutes=house.settings.insurance.retry_minutes[0])
        transaction.execute(later_look_ups.insert().values(check_in_id=visit.check_in_id, next_at=first, tries=0))
    open_or_none = cancel_bill(house, transaction, visit.check_in_id)
    if ticket is not None:
        if open_or_none and ticket["status"] == TicketStatus.UNPAID.value:
            tickets.change(transaction, ticket, TicketStatus.WAITING, now)
        calling.note(house, transaction, ticket, "insured", actor, None)
    clinic = house.clinic(check_in["clinic_id"])
    if clinic is not None and clinic.group is None:
        insured_later(house, transaction, check_in, registration.patient, clinic, judgement)
    outbox.changed(transaction, visit.check_in_id, now)
    tickets.announce(transaction, check_in["clinic_id"])
    shown = _shown(house, transaction, visit, insured=True, paid=not open_or_none)
    return replace(shown, before=_insured_since(check_in))


def _is_clear(judged: Judgement | KeptJudgement) -> bool:
    """Whether nobody has to look at anything."""
    result = judged.result if isinstance(judged, Judgement) else judged.eligibility.result
    return result in {EligibilityResult.VALID, EligibilityResult.PARTLY} and not judged.staff_check


def _in_order(check_in: RowMapping) -> bool:
    """Whether the visit is insured and nothing is open: another card that is not clear takes nothing of that away."""
    return bool(check_in["use_insurance"]) and not check_in["insurance_pending"]


def _insured_since(check_in: RowMapping) -> datetime | None:
    """Since when the visit was insured before this card; None where it was not."""
    if not check_in["use_insurance"]:
        return None
    since: datetime = check_in["insurance_presented_at"] or check_in["arrived_at"]
    return since


def _shown(house: House, transaction: Transaction, visit: Visit, *, insured: bool, paid: bool = False) -> Shown:
    ticket = tickets.live_ticket(transaction, visit.check_in_id)
    if ticket is None:
        raise LookupError("a check-in without a ticket")
    clinic = house.clinics.get(ticket["clinic_id"])
    name = ticket["clinic_id"] if clinic is None else clinic.name
    return Shown(printed(ticket["number"]), name, insured, paid=paid)


async def _known_there(house: House, visit: Visit) -> HospitalCover | None:
    if house.hospital is None:
        return None
    facts = _facts(visit.registration.patient, visit.level)

    async def question(system: HospitalSystem) -> HospitalCover | None:
        return await system.cover(facts)

    return await house.hospital.ask(question)


def _facts(person: Person, level: EvidenceLevel) -> PersonFacts:
    return PersonFacts(
        key="",
        number=person.number,
        document=person.document,
        name=person.name,
        birth=person.birth,
        sex=person.sex,
        address=None,
        insurance_number=person.insurance_number,
        level=level,
    )
