"""One look-up from question to kept answer: asks the insurer, judges, and keeps every raw answer with its time."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, insert, select

from gateway.clock import day_of
from gateway.house import House, new_id
from gateway.insurance.amounts import Cover, Payer
from gateway.insurance.exchanges import Exchange, evidence
from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.insurance.judging import Facility, Judgement, judge
from gateway.insurance.papers import Paper, earliest_signed
from gateway.insurance.result_codes import Action, ResultCode
from gateway.insurance.vss import CardAnswer, wire_birth
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import look_ups
from services.contract.models import Eligibility, EligibilityRequest, EligibilityResult, Mismatch, Person
from services.contract.ticket_codes import mismatch_code

log = logging.getLogger(__name__)


_KEPT = Prepared(
    select(look_ups.c.sealed_judgement, look_ups.c.subject, look_ups.c.asked_at).where(
        look_ups.c.id == bindparam("look_up"), look_ups.c.kiosk_id == bindparam("kiosk")
    )
)
_KEEP = Prepared(insert(look_ups))


class KeptJudgement(BaseModel):
    """What is kept (sealed) of a look-up."""

    model_config = ConfigDict(frozen=True)

    eligibility: Eligibility
    route_code: str
    staff_check: bool
    remark: str = ""
    """`ghiChu`, for staff."""
    facility: str = ""
    """First-registration facility of the card (maDKBD)."""


@dataclass(frozen=True)
class Found:
    """A kept look-up, read again."""

    judgement: KeptJudgement
    subject: str
    asked_at: datetime

    @property
    def payer(self) -> Cover | Payer:
        """Whose money a visit with this insurance costs."""
        return self.cover or Payer.OPEN

    @property
    def cover(self) -> Cover | None:
        """Benefit and route, where the fund pays anything."""
        eligibility = self.judgement.eligibility
        if eligibility.result not in {EligibilityResult.VALID, EligibilityResult.PARTLY}:
            return None
        return Cover(eligibility.benefit_percent or 0, eligibility.route_percent or 0)


def subject_of(house: House, number: str) -> str:
    """The keyed hash by which a look-up and a patient are compared."""
    return house.vault.hash("insured", number.upper())


def subjects_of(house: House, patient: Person) -> set[str]:
    """The hashes of a patient's numbers: only look-ups of one of them are about this patient."""
    return {subject_of(house, number) for number in (patient.number, patient.insurance_number) if number}


async def ask(house: House, request: EligibilityRequest, day: date | None = None) -> tuple[CardAnswer, Judgement]:
    """Ask and judge for a day (default today), following a new card or asking once more where the code says so.

    The answer that counts carries the exchanges of all. Raises InsurerUnavailable.
    """
    day = day or day_of(house.now())
    birth = wire_birth(request.birth)
    answer = await house.insurer.card(request.number, request.name, birth)
    row = house.rules.result_code(answer.code, day)
    asked_for = answer
    if _names_a_newer_card(row, answer, request):
        answer = await _new_card(house, request, birth, answer, day)
    elif row.action is Action.ASK_AGAIN:
        answer = _after(answer, await _again(house, request.number, request, birth, answer))
    row = house.rules.result_code(answer.code, day)
    _refuse_no_answer(row, answer)
    if row.alarm:
        log.error("the insurer answered %s: %s", _plain(answer.code), row.meaning)
    elif row.action is Action.UNCLEAR:
        log.warning("the insurer answered %s: %s", _plain(answer.code), row.meaning)
    settings = house.settings.insurance
    facility = Facility(settings.facility, settings.route_registered, settings.route_other)
    judged = judge(answer, house.rules, facility, day, request)
    if _may_be_exempt(house, answer, judged, day):
        answer, total = await _copayment(house, request, birth, answer)
        judged = judge(answer, house.rules, facility, day, request, total)
    return answer, replace(judged, new_card=_is_newer(judged, asked_for))


def _names_a_newer_card(row: ResultCode, answer: CardAnswer, request: EligibilityRequest) -> bool:
    """Whether the answer says that another card counts now: by its code, or by naming one beside the card it speaks
    of, which has ended or is managed elsewhere."""
    if not answer.cards or answer.cards[-1].number == request.number.upper():
        return False
    return row.action is Action.NEW_CARD or (row.settled in _FOLLOWED and len(answer.cards) > 1)


_FOLLOWED = frozenset({Action.EXPIRED, Action.STOPPED, Action.MOVED})


def _is_newer(judged: Judgement, first: CardAnswer) -> bool:
    """Whether the card that counts came after the one that was asked for."""
    if judged.card is None or len(first.cards) < 2 or first.cards[0].number == first.cards[-1].number:
        return False
    return judged.card.number == first.cards[-1].number


async def _new_card(house: House, request: EligibilityRequest, birth: str, answer: CardAnswer, day: date) -> CardAnswer:
    """The answer about the new card; the first one, whose dates count as well, where that says nothing of use."""
    try:
        newer = await house.insurer.card(answer.cards[-1].number, request.name, birth)
    except InsurerUnavailable as error:
        log.warning("asking for the new card: %s", error)
        return replace(answer, exchanges=(*answer.exchanges, *error.exchanges))
    if house.rules.result_code(newer.code, day).action is Action.VALID:
        return _after(answer, newer)
    return replace(answer, exchanges=(*answer.exchanges, *newer.exchanges))


async def _again(house: House, number: str, request: EligibilityRequest, birth: str, answer: CardAnswer) -> CardAnswer:
    try:
        return await house.insurer.card(number, request.name, birth)
    except InsurerUnavailable as error:
        raise error.after(answer.exchanges) from None


def _after(earlier: CardAnswer, answer: CardAnswer) -> CardAnswer:
    return replace(answer, exchanges=(*earlier.exchanges, *answer.exchanges))


def _refuse_no_answer(row: ResultCode, answer: CardAnswer) -> None:
    """Raise where the code is about the insurer or this hospital, and says nothing of the patient."""
    if row.action in {Action.DOWN, Action.ACCOUNT}:
        fault = InsurerFault.ERROR if row.action is Action.DOWN else InsurerFault.ACCOUNT_REFUSED
        raise InsurerUnavailable(fault, f"maKetQua {_plain(answer.code)}: {row.meaning}", answer.exchanges)


def _may_be_exempt(house: House, answer: CardAnswer, judged: Judgement, day: date) -> bool:
    """Whether the year's co-payments can change what the patient pays, and may be asked for."""
    since = answer.five_years_from
    return (
        house.settings.insurance.copayment_path is not None
        and judged.result is EligibilityResult.VALID
        and (judged.benefit_percent or 100) < 100
        and since is not None
        and since <= day
    )


async def _copayment(
    house: House, request: EligibilityRequest, birth: str, answer: CardAnswer
) -> tuple[CardAnswer, int | None]:
    """The year's sum; None where it was not told: the share on the card then stands, and nobody waits longer."""
    try:
        told = await house.insurer.copayment(request.number, request.name, birth)
    except InsurerUnavailable as error:
        log.warning("asking for the year's co-payments: %s", error)
        return replace(answer, exchanges=(*answer.exchanges, *error.exchanges)), None
    return replace(answer, exchanges=(*answer.exchanges, told.exchange)), told.total


def _plain(code: str) -> str:
    """A result code as it may be logged."""
    return code if code.isascii() and code.isalnum() and len(code) <= 20 else "unreadable"


def keep(
    house: House, transaction: Transaction, kiosk_id: str, number: str, answer: CardAnswer, judged: Judgement
) -> Eligibility:
    """Keep an answer (raw and judged, sealed) and make what the kiosk gets."""
    look_up_id = new_id()
    card, difference = judged.card, judged.difference
    asked_at, answered_at = _times(house, answer.exchanges)
    mismatch = None
    if difference is not None:
        mismatch = Mismatch(field=difference.field, detail=difference.detail, code=mismatch_code(look_up_id))
    eligibility = Eligibility(
        id=look_up_id,
        result=judged.result,
        card_number=card.number if card else None,
        valid_from=card.valid_from if card else None,
        valid_to=card.valid_to if card else None,
        benefit_percent=judged.benefit_percent,
        route_percent=judged.route_percent,
        route=judged.route_message,
        registered_here=judged.registered_here,
        registered_at=None if card is None else (card.facility_name or card.facility or None),
        result_code=_plain(answer.code),
        asked_at=answered_at,
        staff_check=judged.staff_check,
        new_card=judged.new_card,
        mismatch=mismatch,
        transfer_form_from=earliest_signed(
            house.rules.papers, Paper.TRANSFER, day_of(house.now()), house.settings.privacy.holidays
        ),
    )
    kept = KeptJudgement(
        eligibility=eligibility,
        route_code=judged.route_code,
        staff_check=judged.staff_check,
        remark=answer.remark,
        facility=card.facility if card else "",
    )
    transaction.later(
        _KEEP,
        {
            "id": look_up_id,
            "kiosk_id": kiosk_id,
            "asked_at": asked_at,
            "answered_at": answered_at,
            "operator": _operator(house),
            "subject": subject_of(house, number),
            "result": judged.result.value,
            "result_code": _plain(answer.code),
            "mismatch_code": None if mismatch is None else mismatch.code,
            "sealed_judgement": house.vault.seal(kept.model_dump_json().encode()),
            "sealed_raw": house.vault.seal(evidence(answer.exchanges)),
        },
    )
    return eligibility


def keep_failure(
    house: House, transaction: Transaction, kiosk_id: str, number: str, asked_at: datetime, error: InsurerUnavailable
) -> None:
    """Keep the evidence that the insurer could not be asked (NĐ 188/2025 article 38)."""
    transaction.execute(
        insert(look_ups).values(
            id=new_id(),
            kiosk_id=kiosk_id,
            asked_at=asked_at,
            answered_at=house.now(),
            operator=_operator(house),
            subject=subject_of(house, number),
            result_code="",
            failure_code=error.fault.value,
            sealed_raw=house.vault.seal(evidence(error.exchanges)),
        )
    )
    if error.fault is InsurerFault.ACCOUNT_REFUSED:
        log.error("the insurer refuses this hospital's account: %s", error.detail)
    else:
        log.warning("the insurer was not reached: %s", error)


def _times(house: House, exchanges: tuple[Exchange, ...]) -> tuple[datetime, datetime]:
    """When the first question went out and the last answer came in."""
    if not exchanges:
        return house.now(), house.now()
    return exchanges[0].asked_at, exchanges[-1].answered_at


def _operator(house: House) -> str:
    """In whose name was asked, as a keyed hash: who holds the secret can prove it, nobody can read it."""
    return house.vault.hash("operator", house.insurer.operator_number)


def find(house: House, transaction: Transaction, kiosk_id: str, eligibility_id: str) -> Found | None:
    """A look-up this kiosk made today; None for any other."""
    row = transaction.one(_KEPT, {"look_up": eligibility_id, "kiosk": kiosk_id})
    if row is None or row["sealed_judgement"] is None or day_of(row["asked_at"]) != day_of(house.now()):
        return None
    kept = KeptJudgement.model_validate_json(house.vault.open(row["sealed_judgement"]))
    return Found(kept, row["subject"], row["asked_at"])
