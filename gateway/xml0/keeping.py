"""The record of each first cost: made with the number, made anew when more is known, given up when the person left.

States: WAITING until the insurer has answered · INCOMPLETE while a field is missing or wrong · READY ·
HANDED over (or taken out by hand) · WITHDRAWN: the person left before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, Select, insert, select, update

from gateway.house import House
from gateway.insurance.look_up import KeptJudgement, subjects_of
from gateway.settings import ClinicSettings
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import check_ins, hospital_visits, look_ups, tickets, xml0_records
from gateway.xml0.checking import faults
from gateway.xml0.making import FirstCost, HospitalCodes, make
from gateway.xml0.record import CheckInRecord
from services.contract.models import Person, Registration, TicketStatus

_RECORD = TypeAdapter(CheckInRecord)
_KEEP = Prepared(insert(xml0_records))
BATCH = 50
AGAIN = timedelta(minutes=10)
"""When a record that is not ready is made anew."""
HOSPITALS_TIME = timedelta(days=1)
TRIED = timedelta(days=31)
NEVER = timedelta(days=36500)
GONE = frozenset({TicketStatus.ABANDONED.value, TicketStatus.VOIDED.value})


class State(Enum):
    """Life of a record."""

    WAITING = "waiting"
    INCOMPLETE = "incomplete"
    READY = "ready"
    HANDED = "handed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Kept:
    """One kept record."""

    check_in_id: str
    state: State
    record: CheckInRecord
    tries: int


def first_cost(
    house: House,
    transaction: Transaction,
    *,
    check_in_id: str,
    patient: Person,
    clinic: ClinicSettings,
    arrived_at: datetime,
    use_insurance: bool,
    judgement: KeptJudgement | None,
) -> None:
    """A priced examination was registered: make its record, in the transaction that gives the number."""
    settings = house.settings.xml0
    if not settings.enabled or clinic.guide_desk or not (use_insurance or settings.for_uninsured):
        return
    price = clinic.insured_price if use_insurance else clinic.price
    if price == 0:
        return
    cost = FirstCost(check_in_id, patient, clinic, arrived_at, use_insurance, judgement)
    now = house.now()
    made = _made(house, cost)
    values = {"check_in_id": check_in_id, "made_at": now, "tries": 0}
    due = now + timedelta(seconds=settings.delay_seconds)
    transaction.later(_KEEP, {**values, "next_at": due, **made})


def insured_later(
    house: House,
    transaction: Transaction,
    check_in: RowMapping,
    patient: Person,
    clinic: ClinicSettings,
    judgement: KeptJudgement | None,
) -> None:
    """The card was shown after the number was given: a record is made where there is none, else made anew when due."""
    rows = xml0_records.c
    known = transaction.one(select(rows.state).where(rows.check_in_id == check_in["id"]))
    if known is None:
        first_cost(
            house,
            transaction,
            check_in_id=check_in["id"],
            patient=patient,
            clinic=clinic,
            arrived_at=check_in["arrived_at"],
            use_insurance=True,
            judgement=judgement,
        )
    elif known["state"] == State.READY.value:
        _change(transaction, check_in["id"], state=State.WAITING.value, next_at=house.now())


def refresh(house: House) -> None:
    """Make anew what is due and not ready, and give up the records of people who left."""
    now = house.now()
    waiting = [State.WAITING.value, State.INCOMPLETE.value]
    query = _joined().where(xml0_records.c.state.in_(waiting), xml0_records.c.next_at <= now).limit(BATCH)
    with house.store.read() as transaction:
        if not transaction.all(query.limit(1)):
            return
    with house.store.write() as transaction:
        transaction.lock("xml0")
        for row in transaction.all(query.order_by(xml0_records.c.next_at)):
            cost = None if _gone(row) else _cost(house, transaction, row)
            values = {"state": State.WITHDRAWN.value} if _gone(row) else {} if cost is None else _made(house, cost)
            # What is still open after so long is a person's work: it is not tried for ever.
            wait = AGAIN if now < row["made_at"] + TRIED else NEVER
            next_at = now if values.get("state") == State.READY.value else now + wait
            _change(transaction, row["check_in_id"], next_at=next_at, **values)


def due(house: House) -> list[Kept]:
    """Ready records whose time has come, made anew from what is known now.

    Where a hospital's system is connected they wait for its keys of visit and patient, a day at most.
    """
    now = house.now()
    rows = xml0_records.c
    query = _joined().where(rows.state == State.READY.value, rows.next_at <= now).order_by(rows.next_at).limit(BATCH)
    with house.store.read() as transaction:
        if not transaction.all(query.limit(1)):
            return []
    with house.store.write() as transaction:
        transaction.lock("xml0")
        found = transaction.all(query)
        awaited = [row for row in found if _awaits_hospital(house, transaction, row, now)]
        for row in awaited:
            _change(transaction, row["check_in_id"], next_at=now + AGAIN)
        return _fresh(house, transaction, [row for row in found if row not in awaited])


def ready(house: House) -> list[Kept]:
    """Every ready record, whatever its time, made anew from what is known now: for taking out by hand."""
    rows = xml0_records.c
    query = _joined().where(rows.state == State.READY.value).order_by(rows.made_at, rows.check_in_id)
    with house.store.write() as transaction:
        return _fresh(house, transaction, transaction.all(query))


def _fresh(house: House, transaction: Transaction, rows: Sequence[RowMapping]) -> list[Kept]:
    """Those that are still ready; people who left meanwhile have no record any more."""
    fresh: list[Kept] = []
    for row in rows:
        cost = None if _gone(row) else _cost(house, transaction, row)
        values = {"state": State.WITHDRAWN.value} if _gone(row) else {} if cost is None else _made(house, cost)
        if values:
            _change(transaction, row["check_in_id"], **values)
        one = _kept(house, {**row, **values})
        if one.state is State.READY:
            fresh.append(one)
    return fresh


def _awaits_hospital(house: House, transaction: Transaction, row: RowMapping, now: datetime) -> bool:
    if house.hospital is None or now > row["made_at"] + HOSPITALS_TIME:
        return False
    return not _codes(house, transaction, row["check_in_id"]).visit


def handed(house: House, check_in_id: str) -> None:
    """The record is with the hospital's system: nothing changes it here any more."""
    with house.store.write() as transaction:
        _change(transaction, check_in_id, state=State.HANDED.value, handed_at=house.now(), last_error=None)


def failed(house: House, check_in_id: str, tries: int, error: str, next_at: datetime) -> None:
    """It was not taken: why, and when it is offered again."""
    with house.store.write() as transaction:
        _change(transaction, check_in_id, tries=tries, last_error=error[:200], next_at=next_at)


def _made(house: House, cost: FirstCost) -> dict[str, Any]:
    """Columns of a record that was made from what is known now."""
    record = make(cost, house.settings)
    found = faults(record, house.rules)
    theirs = house.settings.xml0.hospital_fills
    state = State.INCOMPLETE if any(fault.tag not in theirs for fault in found) else State.READY
    if cost.use_insurance and (cost.judgement is None or cost.judgement.eligibility.card_number is None):
        state = State.WAITING
    return {
        "state": state.value,
        "faults": ", ".join(str(fault) for fault in found)[:500],
        "sealed_record": house.vault.seal(_RECORD.dump_json(record)),
    }


def _cost(house: House, transaction: Transaction, row: RowMapping) -> FirstCost | None:
    """None when the clinic is no more in the settings, or the check-in is without its person: the record stays."""
    clinic = house.clinics.get(row["clinic_id"])
    if clinic is None or row["stripped"]:
        return None
    patient = Registration.model_validate_json(house.vault.open(row["sealed_registration"])).patient
    return FirstCost(
        row["check_in_id"],
        patient,
        clinic,
        row["arrived_at"],
        row["use_insurance"],
        _judgement(house, transaction, row["eligibility_id"], patient),
        _codes(house, transaction, row["check_in_id"]),
    )


def _codes(house: House, transaction: Transaction, check_in_id: str) -> HospitalCodes:
    """The keys by which the hospital's system knows visit and patient, once it was told of them."""
    row = transaction.one(select(hospital_visits.c.sealed_told).where(hospital_visits.c.check_in_id == check_in_id))
    if row is None or row["sealed_told"] is None:
        return HospitalCodes()
    told: dict[str, Any] = json.loads(house.vault.open(row["sealed_told"]))
    return HospitalCodes(visit=str(told.get("visit") or ""), patient=str(told.get("patient") or ""))


def _judgement(
    house: House, transaction: Transaction, eligibility_id: str | None, patient: Person
) -> KeptJudgement | None:
    """What the insurer answered about this very patient."""
    if eligibility_id is None:
        return None
    row = transaction.one(
        select(look_ups.c.sealed_judgement, look_ups.c.subject).where(look_ups.c.id == eligibility_id)
    )
    if row is None or row["sealed_judgement"] is None or row["subject"] not in subjects_of(house, patient):
        return None
    return KeptJudgement.model_validate_json(house.vault.open(row["sealed_judgement"]))


def _joined() -> Select[*tuple[Any, ...]]:
    """A record with its check-in and whether any of its tickets lives."""
    alive = (
        select(tickets.c.check_in_id)
        .where(tickets.c.check_in_id == xml0_records.c.check_in_id, tickets.c.status.not_in(GONE))
        .exists()
    )
    return select(
        xml0_records.c.check_in_id,
        xml0_records.c.state,
        xml0_records.c.made_at,
        xml0_records.c.tries,
        xml0_records.c.sealed_record,
        check_ins.c.sealed_registration,
        check_ins.c.clinic_id,
        check_ins.c.arrived_at,
        check_ins.c.use_insurance,
        check_ins.c.eligibility_id,
        check_ins.c.stripped,
        alive.label("alive"),
    ).join(check_ins, check_ins.c.id == xml0_records.c.check_in_id)


def _gone(row: RowMapping) -> bool:
    return not row["alive"]


def _kept(house: House, row: Mapping[str, Any]) -> Kept:
    record = _RECORD.validate_json(house.vault.open(row["sealed_record"]))
    return Kept(row["check_in_id"], State(row["state"]), record, row["tries"])


def _change(transaction: Transaction, check_in_id: str, **values: Any) -> None:
    transaction.execute(update(xml0_records).where(xml0_records.c.check_in_id == check_in_id).values(**values))
