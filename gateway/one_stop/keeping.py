"""Dossiers as they are kept: rows, what is sealed beside them, and the dossier as its owner may see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import RowMapping, delete, insert, select, update

from gateway.clock import day_of
from gateway.house import House
from gateway.one_stop.centre import Centre
from gateway.one_stop.system import Told, ToldFee
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import bills, one_stop_dossiers, one_stop_events, one_stop_parts
from services.contract.models import BillStatus, FeeLine, GroupPurpose
from services.contract.one_stop import (
    Dossier,
    DossierPart,
    DossierState,
    DossierStatus,
    Filing,
    Missing,
    MoneyDue,
    ResultReady,
    ReturnBy,
    StatusEvent,
)
from services.procedures.agencies import competent
from services.procedures.cases import case_names
from services.procedures.records import Procedure

WHOLE = ""
"""The part of a dossier that has no parts."""
SOURCE = "one-stop"
"""Whose bills a dossier's are."""


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class SentFile(_Kept):
    """A file that the authority's system keeps."""

    component: str
    name: str
    id: str
    digest: str
    bytes: int


class Fee(_Kept):
    """A line the authority's system asks for."""

    id: str
    name: str
    amount: int
    part: str = WHOLE
    kind: str = ""


class ToldState(_Kept):
    """What the authority's system was given and has told, as it is sealed."""

    files: tuple[SentFile, ...] = ()
    missing: tuple[str, ...] = ()
    missing_until: AwareDatetime | None = None
    fees: tuple[Fee, ...] = ()


class EventText(_Kept):
    """The words of one step."""

    unit: str = ""
    note: str = ""


M = TypeVar("M", bound=BaseModel)


def centre_of(house: House) -> Centre:
    """The one-stop services. Raises Refused 404 where the place has none."""
    if house.one_stop is None:
        raise Refused(404, "There are no one-stop services here")
    return house.one_stop


def seal(house: House, model: BaseModel) -> bytes:
    """As it is stored."""
    return house.vault.seal(model.model_dump_json().encode())


def opened(house: House, row: RowMapping, column: str, model: type[M]) -> M:
    """A sealed column again."""
    return model.model_validate_json(house.vault.open(row[column]))


def filing_of(house: House, row: RowMapping) -> Filing | None:
    """The filing as it came; None when it was stripped."""
    return None if row["stripped"] else opened(house, row, "sealed_filing", Filing)


def by_id(transaction: Transaction, id: str, *, locked: bool = False) -> RowMapping | None:
    """A dossier."""
    wanted = select(one_stop_dossiers).where(one_stop_dossiers.c.id == id)
    return transaction.one(wanted.with_for_update() if locked else wanted)


def parts_of(transaction: Transaction, dossier_id: str) -> list[RowMapping]:
    """Its parts in their order."""
    mine = one_stop_parts.c.dossier_id == dossier_id
    return transaction.all(select(one_stop_parts).where(mine).order_by(one_stop_parts.c.position))


def set_dossier(transaction: Transaction, dossier_id: str, **values: object) -> None:
    """Change a dossier; whoever watches is told."""
    transaction.execute(
        update(one_stop_dossiers)
        .where(one_stop_dossiers.c.id == dossier_id)
        .values(version=one_stop_dossiers.c.version + 1, **values)
    )
    transaction.announce(topic(dossier_id))
    transaction.announce(RECEPTION_TOPIC)


RECEPTION_TOPIC = "reception"


def topic(dossier_id: str) -> str:
    """What a stream of this dossier waits for."""
    return f"dossier:{dossier_id}"


def set_part(transaction: Transaction, dossier_id: str, part: str, **values: object) -> None:
    """Change a part."""
    mine = one_stop_parts.c.dossier_id == dossier_id, one_stop_parts.c.part == part
    transaction.execute(update(one_stop_parts).where(*mine).values(**values))


def note_events(
    house: House,
    transaction: Transaction,
    dossier_id: str,
    part: str,
    events: Sequence[tuple[DossierStatus, datetime, EventText]],
) -> None:
    """The timeline of a part, as the authority's system tells it now."""
    mine = one_stop_events.c.dossier_id == dossier_id, one_stop_events.c.part == part
    transaction.execute(delete(one_stop_events).where(*mine))
    for position, (status, at, text) in enumerate(events):
        transaction.execute(
            insert(one_stop_events).values(
                dossier_id=dossier_id,
                part=part,
                position=position,
                status=int(status),
                at=at,
                sealed_text=seal(house, text),
            )
        )


def events_of(house: House, transaction: Transaction, dossier_id: str) -> dict[str, tuple[StatusEvent, ...]]:
    """The timeline of each part."""
    mine = one_stop_events.c.dossier_id == dossier_id
    found: dict[str, list[StatusEvent]] = {}
    for row in transaction.all(select(one_stop_events).where(mine).order_by(one_stop_events.c.position)):
        text = opened(house, row, "sealed_text", EventText)
        event = StatusEvent(status=DossierStatus(row["status"]), at=row["at"], unit=text.unit, note=text.note)
        found.setdefault(row["part"], []).append(event)
    return {part: tuple(events) for part, events in found.items()}


def status_of_all(statuses: Sequence[DossierStatus]) -> DossierStatus:
    """One status for a dossier of several parts: what asks something of the person first, else the one least far.

    Parts that ended without a result (3, 7, 8) count only when every part did.
    """
    going = [one for one in statuses if one not in _NO_RESULT] or list(statuses)
    for asking in (DossierStatus.SUPPLEMENT, DossierStatus.PAYMENT):
        if asking in going:
            return asking
    return min(going)


_NO_RESULT = {DossierStatus.NOT_ACCEPTED, DossierStatus.WITHDRAWN, DossierStatus.STOPPED}


def as_answer(house: House, transaction: Transaction, row: RowMapping, *, rated: bool = False) -> Dossier:
    """The dossier for whoever holds its slip, or whom the chip proved. Nothing in it tells who it is about."""
    centre = centre_of(house)
    procedure = centre.procedure(row["procedure"], day_of(row["filed_at"]))
    filing = filing_of(house, row)
    told = ToldState() if row["stripped"] else opened(house, row, "sealed_told", ToldState)
    status = DossierStatus(row["status"])
    state = DossierState(row["state"])
    rows = parts_of(transaction, row["id"])
    events = events_of(house, transaction, row["id"])
    accepted = row["accepted_at"] is not None
    new = status is DossierStatus.NEW
    done = status in {DossierStatus.DONE, DossierStatus.RETURNED}
    posted = filing is not None and filing.return_by is ReturnBy.POST
    end = row["finished_at"] or row["ended_at"] or house.now()
    due = judged(house, transaction, row)
    return Dossier(
        sending_code=row["sending_code"],
        token=row["token"],
        state=state,
        code=next((part["number"] for part in rows), None) if accepted else None,
        procedure=row["procedure"],
        name=row["procedure"] if procedure is None else procedure.name,
        name_en="" if procedure is None else procedure.name_en,
        mourning=procedure is not None and procedure.mourning,
        case=() if procedure is None or filing is None else case_names(procedure, filing.case, english=False),
        status=status,
        filed_at=row["filed_at"],
        kept_until=row["kept_until"] if state is DossierState.FILED and not accepted and new else None,
        accepted_at=row["accepted_at"],
        due_at=row["due_at"],
        late=due is not None and (end > due or row["supplements"] > 1),
        extended=None not in {row["promised_at"], row["due_at"]} and row["due_at"] > row["promised_at"],
        posted=posted,
        documents=row["documents"],
        parts=tuple(_part(centre, procedure, part, events.get(part["part"], ()), accepted) for part in rows),
        events=events.get(rows[0]["part"], ()) if len(rows) == 1 else _merged(events),
        missing=_missing(told) if status is DossierStatus.SUPPLEMENT else None,
        money=_money(house, transaction, row, told) if row["ended_at"] is None else None,
        result=None if status is not DossierStatus.DONE or posted else _result(house),
        may_be_rated=done and not rated,
    )


def judged(house: House, transaction: Transaction, row: RowMapping) -> datetime | None:
    """Until when it is in time: the day of the acceptance, later by as long as its person was waited for (onestop.md
    section 5). The day told last where the first is not known: the authority's own, or extended before it was kept."""
    due = row["promised_at"] or row["due_at"]
    if due is None or row["accepted_at"] is None or not row["supplements"]:
        return due
    return due + _waited_for(house, transaction, row)


def _waited_for(house: House, transaction: Transaction, row: RowMapping) -> timedelta:
    """From "more papers" to the next step, after the acceptance; of a group the part that waited longest."""
    events = one_stop_events.c
    wanted = select(events.part, events.status, events.at).where(events.dossier_id == row["id"])
    steps: dict[str, list[RowMapping]] = {}
    for step in transaction.all(wanted.order_by(events.part, events.position)):
        steps.setdefault(step["part"], []).append(step)
    end = row["finished_at"] or row["ended_at"] or house.now()
    return max((_asked_for(each, row["accepted_at"], end) for each in steps.values()), default=timedelta())


def _asked_for(steps: Sequence[RowMapping], since: datetime, end: datetime) -> timedelta:
    waited = timedelta()
    for step, after in zip(steps, [*(step["at"] for step in steps[1:]), end], strict=True):
        if step["status"] == DossierStatus.SUPPLEMENT and step["at"] >= since:
            waited += max(after - step["at"], timedelta())
    return waited


def _part(
    centre: Centre, procedure: Procedure | None, row: RowMapping, events: tuple[StatusEvent, ...], accepted: bool
) -> DossierPart:
    part = next((one for one in (procedure.parts if procedure else ()) if one.id == row["part"]), None)
    name, name_en, icon = row["procedure"], "", "file-text"
    if part is not None:
        name, name_en, icon = part.name, part.name_en, part.icon
    elif procedure is not None:
        name, name_en, icon = procedure.short, procedure.short_en, procedure.icon
    own = centre.procedure(row["procedure"], day_of(events[0].at)) if events else None
    agency = None
    if (which := own or procedure) is not None and events:
        agency = competent(centre.catalogue, which, centre.places, day_of(events[0].at))
    return DossierPart(
        id=row["part"] or "whole",
        name=name,
        name_en=name_en,
        icon=icon,
        agency=centre.settings.agency if agency is None else agency.name,
        code=row["number"] if accepted else None,
        status=DossierStatus(row["status"]),
        due_at=row["due_at"],
        outcome=row["outcome"],
        events=events,
    )


def _merged(events: dict[str, tuple[StatusEvent, ...]]) -> tuple[StatusEvent, ...]:
    """One timeline of a group: the first time that any part came to each status."""
    first: dict[DossierStatus, StatusEvent] = {}
    for event in sorted((event for each in events.values() for event in each), key=lambda event: event.at):
        first.setdefault(event.status, event)
    return tuple(first.values())


def _missing(told: ToldState) -> Missing | None:
    if not told.missing:
        return None
    return Missing(items=told.missing, until=None if told.missing_until is None else told.missing_until.astimezone(UTC))


def _money(house: House, transaction: Transaction, row: RowMapping, told: ToldState) -> MoneyDue | None:
    if not told.fees:
        return None
    bill = next(reversed(bills_of(transaction, row["id"])), None)
    state = None if bill is None else BillStatus(bill["status"])
    return MoneyDue(
        lines=tuple(fee_line(house, fee) for fee in told.fees),
        total=sum(fee.amount for fee in told.fees),
        bill_id=None if bill is None or state is not BillStatus.OPEN else bill["id"],
        paid=state is BillStatus.PAID,
    )


def bills_of(transaction: Transaction, dossier_id: str) -> list[RowMapping]:
    """Every bill there ever was of a dossier, in order."""
    mine = bills.c.source == SOURCE, bills.c.source_id.startswith(f"{dossier_id}.", autoescape=True)
    return transaction.all(select(bills).where(*mine).order_by(bills.c.source_id))


def fee_of(part: str, told: ToldFee) -> Fee:
    """A line as it is kept."""
    return Fee(id=told.id[:60], name=told.name[:200], amount=told.amount, part=part, kind=told.kind[:20])


def fee_line(house: House, fee: Fee) -> FeeLine:
    """What is asked for, with whose money it is. Its id names the part: a group's parts have numbers of their own."""
    settings = centre_of(house).settings
    to = settings.fees_of_kind.get(fee.kind, settings.fees_to)
    return FeeLine(id=f"{fee.part}:{fee.id}", name=fee.name, amount=fee.amount, beneficiary=to)


def _result(house: House) -> ResultReady:
    """Where results are handed over: the service group with that purpose, else the help desk."""
    for clinic in house.settings.clinics:
        if clinic.group is not None and clinic.group.purpose is GroupPurpose.RESULT:
            return ResultReady(
                group=clinic.id, room=clinic.room, room_en=clinic.room_en, way=clinic.way, way_en=clinic.way_en
            )
    desk = house.settings.place.help_desk
    return ResultReady(group=None, room=desk.name, room_en=desk.name_en, way=desk.way, way_en=desk.way_en)


def take_over(house: House, transaction: Transaction, row: RowMapping, told: dict[str, tuple[str, Told]]) -> None:
    """What the authority's system says now, for each part by its name: statuses only go where the table lets them."""
    centre = centre_of(house)
    now = house.now()
    parts = {part["part"]: part for part in parts_of(transaction, row["id"])}
    before = DossierStatus(row["status"])
    state = opened(house, row, "sealed_told", ToldState)
    statuses: list[DossierStatus] = []
    finished: list[datetime] = []
    asking: list[Told] = []
    """Parts that wait for papers: what every one of them lacks is told together."""
    for name, part in parts.items():
        known = DossierStatus(part["status"])
        if name not in told:
            statuses.append(known)
            continue
        one = told[name][1]
        after = centre.statuses.meaning(one.word)
        if after is not known and centre.statuses.may_become(known, after):
            known = after
        values: dict[str, object] = {"status": int(known), "outcome": one.outcome or part["outcome"]}
        if one.due_at is not None:
            values["due_at"] = one.due_at
        set_part(transaction, row["id"], name, **values)
        events = [
            (centre.statuses.meaning(step.word), step.at, EventText(unit=step.unit[:120], note=step.note[:500]))
            for step in one.progress
        ]
        note_events(house, transaction, row["id"], name, events)
        finished.extend(at for status, at, _text in events if status is DossierStatus.DONE)
        statuses.append(known)
        if known is DossierStatus.SUPPLEMENT:
            asking.append(one)
        others = tuple(fee for fee in state.fees if fee.part != name)
        over = centre.statuses.over(known)
        unpaid = tuple(fee_of(name, fee) for fee in one.fees if fee.amount and not fee.paid and not over)
        state = state.model_copy(update={"fees": others + unpaid})
    if parts.keys() <= told.keys():
        state = state.model_copy(update=_asked(asking))
    after = status_of_all(statuses)
    changes: dict[str, object] = {"sealed_told": seal(house, state)}
    if after is not before:
        changes["status"] = int(after)
        if after is DossierStatus.SUPPLEMENT:
            changes["supplements"] = one_stop_dossiers.c.supplements + 1
    dues = [part["due_at"] for part in parts_of(transaction, row["id"]) if part["due_at"] is not None]
    if dues and row["accepted_at"] is not None:
        changes["due_at"] = max(dues)
    if after in {DossierStatus.DONE, DossierStatus.RETURNED} and row["finished_at"] is None:
        changes["finished_at"] = max(finished, default=now)
    if all(centre.statuses.over(status) for status in statuses) and row["ended_at"] is None:
        changes["ended_at"] = now
        changes["next_look_at"] = None
    set_dossier(transaction, row["id"], **changes)


def _asked(parts: Sequence[Told]) -> dict[str, object]:
    untils = [one.missing_until for one in parts if one.missing_until is not None]
    items = dict.fromkeys(item for one in parts for item in one.missing)
    return {"missing": tuple(items), "missing_until": min(untils, default=None)}
