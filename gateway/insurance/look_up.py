"""One look-up from question to kept answer: asks the insurer, judges, and keeps the raw answer with its time."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import insert, select

from gateway.clock import day_of
from gateway.house import House, new_id
from gateway.insurance.amounts import Cover, Payer
from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.insurance.judging import Facility, Judgement, judge
from gateway.insurance.rules import Action
from gateway.insurance.vss import CardAnswer, wire_birth
from gateway.store.database import Transaction
from gateway.store.tables import look_ups
from services.contract.models import Eligibility, EligibilityRequest, EligibilityResult

log = logging.getLogger(__name__)

NEW_CARD = "003"
"""The old card has expired and a new one was issued: the new one is asked for."""


class KeptJudgement(BaseModel):
    """What is kept (sealed) of a look-up."""

    model_config = ConfigDict(frozen=True)

    eligibility: Eligibility
    route_code: str
    staff_check: bool


@dataclass(frozen=True)
class Found:
    """A kept look-up, read again."""

    judgement: KeptJudgement
    subject: str

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


async def ask(house: House, request: EligibilityRequest) -> tuple[CardAnswer, Judgement]:
    """Ask and judge, following a new card or asking once more where the code says so. Raises InsurerUnavailable."""
    birth = wire_birth(request.birth)
    answer = await house.insurer.card(request.number, request.name, birth)
    row = house.rules.result_code(answer.code)
    if answer.code == NEW_CARD and len(answer.cards) > 1:
        newer = await house.insurer.card(answer.cards[-1].number, request.name, birth)
        answer = newer if house.rules.result_code(newer.code).action is Action.VALID else answer
    elif row.action is Action.ASK_AGAIN:
        answer = await house.insurer.card(request.number, request.name, birth)
    row = house.rules.result_code(answer.code)
    if row.action is Action.DOWN:
        raise InsurerUnavailable(InsurerFault.ERROR, f"maKetQua {answer.code}", answer.raw)
    if row.action is Action.ACCOUNT:
        raise InsurerUnavailable(InsurerFault.ACCOUNT_REFUSED, f"maKetQua {answer.code}", answer.raw)
    if row.alarm:
        log.error("the insurer answered %s: %s", answer.code, row.meaning)
    settings = house.settings.insurance
    facility = Facility(settings.facility, settings.route_registered, settings.route_other)
    return answer, judge(answer, house.rules, facility, day_of(house.now()))


def keep(
    house: House, transaction: Transaction, kiosk_id: str, number: str, answer: CardAnswer, judged: Judgement
) -> Eligibility:
    """Keep an answer (raw and judged, sealed) and make what the kiosk gets."""
    now = house.now()
    card = judged.card
    registered_at = None if card is None else (card.facility_name or card.facility or None)
    eligibility = Eligibility(
        id=new_id(),
        result=judged.result,
        card_number=card.number if card else None,
        valid_from=card.valid_from if card else None,
        valid_to=card.valid_to if card else None,
        benefit_percent=judged.benefit_percent,
        route_percent=judged.route_percent,
        route=judged.route_message,
        registered_here=judged.registered_here,
        registered_at=registered_at,
        result_code=answer.code,
        asked_at=now,
    )
    kept = KeptJudgement(eligibility=eligibility, route_code=judged.route_code, staff_check=judged.staff_check)
    transaction.execute(
        insert(look_ups).values(
            id=eligibility.id,
            kiosk_id=kiosk_id,
            asked_at=now,
            subject=subject_of(house, number),
            result=judged.result.value,
            result_code=answer.code[:20],
            sealed_judgement=house.vault.seal(kept.model_dump_json().encode()),
            sealed_raw=house.vault.seal(answer.raw),
        )
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
            subject=subject_of(house, number),
            result_code="",
            failure_code=error.fault.value,
            sealed_raw=house.vault.seal(error.detail.encode() + b"\n" + error.raw),
        )
    )
    if error.fault is InsurerFault.ACCOUNT_REFUSED:
        log.error("the insurer refuses this hospital's account: %s", error.detail)
    else:
        log.warning("the insurer was not reached: %s", error)


def find(house: House, transaction: Transaction, kiosk_id: str, eligibility_id: str) -> Found | None:
    """A look-up this kiosk made today; None for any other."""
    row = transaction.one(
        select(look_ups.c.sealed_judgement, look_ups.c.subject, look_ups.c.asked_at).where(
            look_ups.c.id == eligibility_id, look_ups.c.kiosk_id == kiosk_id
        )
    )
    if row is None or row["sealed_judgement"] is None or day_of(row["asked_at"]) != day_of(house.now()):
        return None
    kept = KeptJudgement.model_validate_json(house.vault.open(row["sealed_judgement"]))
    return Found(kept, row["subject"])
