"""What an officer of the reception decides: accept, ask for a supplement, refuse, take back, hand the result over,
apologise and promise another day, tell that the work was stopped.

Each act is written to the authority's system first, under a key of its own; only what stands there is kept and printed
here. So an answer that is lost is sent again and is the same act, and no receipt exists without an acceptance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import RowMapping, insert, select, update
from starlette.concurrency import run_in_threadpool

from gateway.clock import day_of
from gateway.house import House, new_id
from gateway.one_stop.centre import Centre
from gateway.one_stop.dossier import return_code
from gateway.one_stop.failures import OneStopRefused, OneStopUnavailable
from gateway.one_stop.forms import Form, FormData, FormPart, filled, next_in_book, time_words
from gateway.one_stop.keeping import (
    by_id,
    centre_of,
    filing_of,
    opened,
    parts_of,
    seal,
    set_dossier,
    set_part,
)
from gateway.one_stop.system import Step, System, stamp
from gateway.one_stop.watching import look
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import one_stop_acts
from services.contract.one_stop import DossierState, DossierStatus, Filing, ReturnBy
from services.contract.problem_codes import ONE_STOP_SILENT
from services.procedures.appointments import due
from services.procedures.cases import time_of
from services.procedures.records import TimeLimit


class Act(Enum):
    """What can be decided."""

    ACCEPT = "accept"
    SUPPLEMENT = "supplement"
    REFUSE = "refuse"
    BROUGHT = "brought"
    """What a supplement asked for after the acceptance is there: work goes on."""
    WITHDRAW = "withdraw"
    HAND_OVER = "hand-over"
    EXTEND = "extend"
    """The promised day is not kept: an apology and a new one. The status stays."""
    STOP = "stop"


TARGET = {
    Act.ACCEPT: DossierStatus.ACCEPTED,
    Act.SUPPLEMENT: DossierStatus.SUPPLEMENT,
    Act.REFUSE: DossierStatus.NOT_ACCEPTED,
    Act.BROUGHT: DossierStatus.PROCESSING,
    Act.WITHDRAW: DossierStatus.WITHDRAWN,
    Act.HAND_OVER: DossierStatus.RETURNED,
    Act.STOP: DossierStatus.STOPPED,
}
FORMS = {
    Act.ACCEPT: Form.RECEIPT,
    Act.SUPPLEMENT: Form.SUPPLEMENT,
    Act.REFUSE: Form.REFUSAL,
    Act.EXTEND: Form.EXTENSION,
    Act.STOP: Form.STOPPED,
}
LEAST_REASON = 8
"""Letters: whoever is refused, kept waiting or sent home is told why."""


@dataclass(frozen=True)
class Decision:
    """What the officer wrote."""

    act: Act
    sets: int = 1
    to_verify: bool = False
    """The authority must verify something: the longer time holds."""
    items: tuple[str, ...] = ()
    until: datetime | None = None
    due: datetime | None = None
    """Of an extension: the new day."""
    reason: str = ""
    guidance: str = ""
    return_by: ReturnBy | None = None
    """Of an acceptance: as the person says at the counter; None as it was filed."""


@dataclass(frozen=True)
class Appointment:
    """When each part is due, by the rules."""

    by_part: Mapping[str, datetime] = field(default_factory=dict[str, datetime])

    @property
    def whole(self) -> datetime | None:
        """When everything is."""
        return max(self.by_part.values(), default=None)


def appointment(
    centre: Centre, row: RowMapping, filing: Filing, parts: list[RowMapping], at: datetime, *, to_verify: bool
) -> Appointment:
    """Dates by working calendar, half days, holidays and the hour of the day (services.procedures.appointments)."""
    limits = limits_of(centre, row, filing, parts)
    return Appointment(
        {name: due(limit, at, centre.calendar, to_verify=to_verify).at for name, limit in limits.items()}
    )


def limits_of(centre: Centre, row: RowMapping, filing: Filing, parts: list[RowMapping]) -> dict[str, TimeLimit]:
    """The time limit of each part."""
    procedure = centre.procedure(row["procedure"], day_of(row["filed_at"]))
    if procedure is None:
        return {}
    own = {part.id: part.time for part in procedure.parts}
    return {part["part"]: own.get(part["part"]) or time_of(procedure, filing.case) for part in parts}


def supplement_until(centre: Centre, at: datetime) -> datetime:
    """The end of the working day so many working days from now."""
    day = day_of(at)
    for _count in range(centre.settings.supplement_days):
        day = centre.calendar.next_worked(day + timedelta(days=1))
    return centre.calendar.closes(day)


def possible(centre: Centre, row: RowMapping, parts: list[RowMapping], acts: list[RowMapping]) -> tuple[Act, ...]:
    """What can be decided about a dossier now, after those acts."""
    accepted = row["accepted_at"] is not None
    before = {Act.ACCEPT, Act.REFUSE}
    extended = sum(act["kind"] == Act.EXTEND.value for act in acts)
    found: list[Act] = []
    for act in Act:
        able = [_may(centre, part, act) for part in parts]
        right_time = act is Act.WITHDRAW or act is Act.SUPPLEMENT or (act in before) != accepted
        if act is Act.BROUGHT:
            right_time = accepted
        if act is Act.EXTEND:
            right_time = accepted and extended < centre.settings.extensions
        if right_time and (all(able) if act in before else any(able)):
            found.append(act)
    return tuple(found)


async def decide(house: House, dossier_id: str, officer: str, decision: Decision) -> str:
    """Carry it out; the act's id. Raises Refused: 404, 409 when it cannot follow, 422 incomplete, 424 not told."""
    centre = centre_of(house)
    system = _system(centre)
    _complete(decision)
    row, filing, parts, acts = await run_in_threadpool(_read, house, dossier_id)
    going = [part for part in parts if _may(centre, part, decision.act)]
    if decision.act not in possible(centre, row, parts, acts):
        raise Refused(409, "That cannot follow", detail=DossierStatus(row["status"]).name)
    at = house.now()
    dates = Appointment()
    if decision.act is Act.ACCEPT:
        dates = appointment(centre, row, filing, parts, at, to_verify=decision.to_verify)
    elif decision.act is Act.EXTEND and decision.due is not None:
        if decision.due <= max(at, *(part["due_at"] for part in going)):
            raise Refused(422, "The new day must come after the one that was promised")
        dates = Appointment({part["part"]: decision.due for part in going})
    extended = sum(act["kind"] == Act.EXTEND.value for act in acts)
    await _tell(house, centre, system, row, going, officer, decision, dates, at, extended)

    def keep() -> str:
        with house.store.write() as transaction:
            return _keep(house, transaction, centre, dossier_id, officer, decision, dates, at)

    act_id = await run_in_threadpool(keep)
    await look(house, centre, system, [dossier_id])
    return act_id


def _system(centre: Centre) -> System:
    if centre.system is None:
        raise Refused(404, "Nothing is filed from here")
    return centre.system


def _complete(decision: Decision) -> None:
    if decision.act is Act.SUPPLEMENT and not decision.items:
        raise Refused(422, "What is missing must be named")
    told_why = decision.act in {Act.REFUSE, Act.EXTEND, Act.STOP}
    if told_why and len(decision.reason.strip()) < LEAST_REASON:
        raise Refused(422, "It must be told why")
    if decision.act is Act.EXTEND and decision.due is None:
        raise Refused(422, "A new day must be promised")


def _read(house: House, dossier_id: str) -> tuple[RowMapping, Filing, list[RowMapping], list[RowMapping]]:
    with house.store.read() as transaction:
        row = by_id(transaction, dossier_id)
        parts = [] if row is None else parts_of(transaction, dossier_id)
        acts = acts_of(transaction, dossier_id)
    filing = None if row is None else filing_of(house, row)
    if row is None or filing is None or row["state"] != DossierState.FILED.value:
        raise Refused(404, "There is no such dossier")
    return row, filing, parts, acts


def _may(centre: Centre, part: RowMapping, act: Act) -> bool:
    status = DossierStatus(part["status"])
    if act is Act.BROUGHT:
        # Of a group: another part may wait for money, and goes on waiting.
        return status is DossierStatus.SUPPLEMENT and centre.statuses.may_become(status, TARGET[act])
    if act is Act.EXTEND:
        return part["due_at"] is not None and status is not DossierStatus.DONE and not centre.statuses.over(status)
    return centre.statuses.may_become(status, TARGET[act])


def _becomes(part: RowMapping, act: Act) -> DossierStatus:
    return TARGET.get(act, DossierStatus(part["status"]))


async def _tell(
    house: House,
    centre: Centre,
    system: System,
    row: RowMapping,
    parts: list[RowMapping],
    officer: str,
    decision: Decision,
    dates: Appointment,
    at: datetime,
    extended: int,
) -> None:
    extra: dict[str, object] = {}
    if decision.act is Act.SUPPLEMENT:
        until = decision.until or supplement_until(centre, at)
        extra = {"DanhSachHoSoBoSung": [{"NoiDung": list(decision.items), "HanBoSung": stamp(until)}]}
    if decision.act is Act.ACCEPT and decision.return_by is not None:
        extra = {"HinhThucTra": return_code(decision.return_by)}
    if decision.act is Act.EXTEND:
        extra = {"LyDoGiaHan": decision.reason.strip()}
    for part in parts:
        # One act of one kind in one state of the dossier: sent again it is the same.
        key = f"{row['id']}:{decision.act.value}:{part['part']}:{row['supplements']}:{part['status']}"
        due_at = dates.by_part.get(part["part"])
        if decision.act is Act.ACCEPT and decision.return_by is not None:
            key += f":{decision.return_by.value}"
        if decision.act is Act.EXTEND and due_at is not None:
            # That state stays when another day is promised: each promise is an act of its own.
            key += f":{extended}:{stamp(due_at)}"
        step = Step(
            key=key,
            number=part["number"],
            word=centre.statuses.word(_becomes(part, decision.act)),
            at=at,
            officer=officer,
            unit=centre.settings.receiving_unit,
            note=decision.reason,
            due_at=due_at,
            extra=extra,
        )
        try:
            await system.write(step)
        except OneStopRefused as error:
            # It moved there meanwhile: what is shown next is true again.
            await look(house, centre, system, [row["id"]])
            raise Refused(409, "The one-stop system has moved the dossier meanwhile") from error
        except OneStopUnavailable as error:
            raise Refused(424, "The one-stop system does not answer", code=ONE_STOP_SILENT) from error


def _keep(
    house: House,
    transaction: Transaction,
    centre: Centre,
    dossier_id: str,
    officer: str,
    decision: Decision,
    dates: Appointment,
    at: datetime,
) -> str:
    row = by_id(transaction, dossier_id, locked=True)
    filing = None if row is None else filing_of(house, row)
    if row is None or filing is None:
        raise Refused(404, "There is no such dossier")
    for part in parts_of(transaction, dossier_id):
        if _may(centre, part, decision.act):
            values: dict[str, object] = {"status": int(_becomes(part, decision.act))}
            if part["part"] in dates.by_part:
                values["due_at"] = dates.by_part[part["part"]]
            set_part(transaction, dossier_id, part["part"], **values)
    changes: dict[str, object] = {"status": int(_becomes(row, decision.act))}
    if decision.act is Act.EXTEND:
        changes["due_at"] = dates.whole
    if decision.act is Act.ACCEPT:
        changes |= {"accepted_at": at, "accepted_by": officer, "due_at": dates.whole, "promised_at": dates.whole}
    if decision.act is Act.ACCEPT and decision.return_by is not None:
        filing = filing.model_copy(update={"return_by": decision.return_by})
        changes["sealed_filing"] = seal(house, filing)
    if decision.act is Act.SUPPLEMENT:
        changes["supplements"] = row["supplements"] + 1
    set_dossier(transaction, dossier_id, **changes)
    id = new_id()
    form = FORMS.get(decision.act)
    number = None if form is None else next_in_book(transaction, form, at)
    data = b"{}"
    if form is not None and number is not None:
        made = _form(house, transaction, row, filing, form, officer, number, decision, dates, at)
        data = made.model_dump_json().encode()
    transaction.execute(
        insert(one_stop_acts).values(
            id=id,
            dossier_id=dossier_id,
            kind=decision.act.value,
            number=number,
            at=at,
            officer=officer,
            told=True,
            sealed_form=house.vault.seal(data),
        )
    )
    return id


def _form(
    house: House,
    transaction: Transaction,
    row: RowMapping,
    filing: Filing,
    form: Form,
    officer: str,
    number: int,
    decision: Decision,
    dates: Appointment,
    at: datetime,
) -> FormData:
    centre = centre_of(house)
    parts = parts_of(transaction, row["id"])
    limits = limits_of(centre, row, filing, parts)
    name = centre.settings.officers.get(officer, officer)
    made = filled(house, row, filing, parts, form, officer=name, number=number, at=at)
    lines = tuple(
        FormPart(
            code=line.code,
            name=line.name,
            time=time_words(limits[part["part"]]) if part["part"] in limits else "",
            due_at=dates.by_part.get(part["part"]),
        )
        for line, part in zip(made.parts, parts, strict=True)
    )
    return made.model_copy(
        update={
            "parts": lines,
            "sets": decision.sets,
            "due_at": dates.whole,
            "items": decision.items,
            "until": (decision.until or supplement_until(centre, at)) if form is Form.SUPPLEMENT else None,
            "reason": decision.reason.strip(),
            "guidance": decision.guidance.strip(),
        }
    )


def acts_of(transaction: Transaction, dossier_id: str) -> list[RowMapping]:
    """What was decided, in order."""
    mine = one_stop_acts.c.dossier_id == dossier_id
    return transaction.all(select(one_stop_acts).where(mine).order_by(one_stop_acts.c.at, one_stop_acts.c.id))


def form_of(house: House, transaction: Transaction, act_id: str) -> FormData | None:
    """The form of an act, and one more printing counted; None for an act without one."""
    row = transaction.one(select(one_stop_acts).where(one_stop_acts.c.id == act_id))
    if row is None or row["number"] is None:
        return None
    mine = one_stop_acts.c.id == act_id
    transaction.execute(update(one_stop_acts).where(mine).values(printed=one_stop_acts.c.printed + 1))
    return opened(house, row, "sealed_form", FormData)
