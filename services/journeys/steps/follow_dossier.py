"""How a dossier stands, and what the person can do now: take a number for its result, rate it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from services.contract import one_stop as wire
from services.journeys.journey import WentBack
from services.journeys.prompts import (
    ChooseDossier,
    DossierAnswer,
    DossierPace,
    DossierRow,
    Mark,
    Moment,
    NothingKind,
    PartState,
    ShowDossier,
    TimelineStep,
)
from services.journeys.slips import status_slip
from services.journeys.steps.choose_counter import choose_among, handing_over
from services.journeys.steps.declare_priority import declare_priority
from services.journeys.steps.find_dossier import nothing
from services.journeys.steps.register import register
from services.journeys.walk import Walk
from services.journeys.words import HERE, desk_and_way, in_language

Status = wire.DossierStatus
MOST_STEPS = 5
FINISHED = {Status.DONE, Status.RETURNED}
ENDED = {Status.NOT_ACCEPTED, Status.WITHDRAWN, Status.STOPPED}
AHEAD = (Status.ACCEPTED, Status.PROCESSING, Status.DONE, Status.RETURNED)
"""The ordinary way, for what has not come yet."""


async def follow_dossier(walk: Walk) -> None:
    """Choose one of several, look at it. Back from there leads to the list, from the list to the scanner."""
    visit = walk.visit
    visit.followed = visit.rateable = visit.clinic = visit.dossier_bill = None
    dossiers = visit.dossiers or ()
    while True:
        dossier = await _chosen(walk, dossiers)
        try:
            answer = await _look(walk, dossier)
        except WentBack:
            if len(dossiers) == 1:
                raise
            continue
        if answer is DossierAnswer.TAKE_NUMBER:
            visit.followed = dossier
        elif answer is DossierAnswer.PAY and dossier.money is not None:
            visit.dossier_bill = dossier.money.bill_id
        elif answer is DossierAnswer.RATE:
            visit.rateable = wire.Rateable(
                token=dossier.token, name=dossier.name, name_en=dossier.name_en, mourning=dossier.mourning
            )
        return


async def _look(walk: Walk, dossier: wire.Dossier) -> DossierAnswer:
    """The page, as often as its slip is wanted."""
    printed: bool | None = None
    while True:
        answer = await walk.ask(lambda: replace(shown(walk, dossier), printed=printed))  # noqa: B023 - asked at once
        if answer is not DossierAnswer.PRINT:
            return answer
        slip = status_slip(walk, dossier, shown(walk, dossier))
        came_out = await walk.working("working.printing", partial(walk.kit.printer.print, slip), can_stop=False)
        printed = came_out.ok


async def collect_result(walk: Walk) -> None:
    """The one whose result is there needs no question. Where none is, how it stands."""
    visit = walk.visit
    visit.followed = visit.rateable = visit.clinic = visit.dossier_bill = None
    dossiers = visit.dossiers or ()
    ready = tuple(one for one in dossiers if one.result is not None and one.result.group is not None)
    if ready:
        visit.followed = await _chosen(walk, ready)
        return
    if len(dossiers) > 1:
        posted = any(one.posted and one.status is Status.DONE for one in dossiers)
        await nothing(walk, NothingKind.RESULT_POSTED if posted else NothingKind.RESULT)
        raise WentBack
    await follow_dossier(walk)


async def register_for_result(walk: Walk) -> None:
    """A number for the counter that hands results over. It needs no name; priority is declared as at every counter."""
    if walk.visit.followed is None:
        return
    if walk.visit.accepted is None:
        await choose_among(walk, handing_over)
        await declare_priority(walk)
    await register(walk)


async def _chosen(walk: Walk, dossiers: tuple[wire.Dossier, ...]) -> wire.Dossier:
    while len(dossiers) != 1:
        answer = await walk.ask(partial(_list, walk, dossiers))
        found = next((one for one in dossiers if one.sending_code == answer.dossier_id), None)
        if found is not None:
            return found
    return dossiers[0]


def _list(walk: Walk, dossiers: tuple[wire.Dossier, ...]) -> ChooseDossier:
    return ChooseDossier(
        dossiers=tuple(
            DossierRow(
                one.sending_code,
                in_language(one.name, one.name_en, wanted_english=walk.english),
                headline(one),
                f"{one.filed_at.astimezone(HERE):%d/%m/%Y}",
            )
            for one in dossiers
        )
    )


def shown(walk: Walk, dossier: wire.Dossier) -> ShowDossier:
    """Picture 15, of what the gateway told."""
    english, site = walk.english, walk.site
    missing, money, result = dossier.missing, dossier.money, dossier.result
    ended = dossier.status in ENDED or dossier.state is not wire.DossierState.FILED
    waits = not ended and dossier.status not in FINISHED and dossier.due_at is not None
    passed = dossier.due_at is not None and dossier.due_at < walk.kit.clock.now()
    extended = waits and dossier.extended and not passed
    counted_on = waits and passed and not dossier.late
    posted = dossier.posted and not ended
    room = way = ""
    if result is not None:
        room = in_language(result.room, result.room_en, wanted_english=english)
        way = in_language(result.way, result.way_en, wanted_english=english)
    return ShowDossier(
        name=in_language(dossier.name, dossier.name_en, wanted_english=english),
        headline=headline(dossier),
        code=dossier.code or dossier.sending_code,
        sending=dossier.code is None,
        due=None if ended else _day(dossier.due_at),
        pace=None if ended or dossier.due_at is None or (extended and dossier.late) else _pace(dossier),
        extended=extended,
        counted_on=counted_on,
        posted=posted,
        hours=() if posted else _hours(walk),
        steps=() if dossier.state is wire.DossierState.NOT_FILED else timeline(dossier, dated=not counted_on),
        parts=_parts(walk, dossier, dated=not counted_on),
        kept_until=None if ended else _moment(dossier.kept_until),
        missing=() if missing is None else missing.items,
        missing_until=None if missing is None else _day(missing.until),
        money=0 if money is None or money.paid else money.total,
        money_until=None if money is None else _day(money.until),
        money_paid=money is not None and money.paid,
        cashier=desk_and_way(site.cashier, english=english),
        ready_at=room,
        ready_way=way,
        desk=desk_and_way(site.help_desk, english=english),
        offers=_offers(dossier, pays_here=site.pay_bills),
    )


def headline(dossier: wire.Dossier) -> str:
    """A message id: how it stands, in one line."""
    money = dossier.money
    if dossier.status is Status.PAYMENT and money is not None and money.paid:
        return "dossier.status.6.paid"
    if dossier.state is wire.DossierState.FILED:
        return f"dossier.status.{dossier.status.value}"
    return f"dossier.state.{dossier.state.value}"


def timeline(dossier: wire.Dossier, *, dated: bool = True) -> tuple[TimelineStep, ...]:
    """What came, with its dates; then the ordinary way on, with the day of the appointment where it may still be
    expected. At most five: of what is long past, the latest."""
    came = [
        TimelineStep(event.status.value, Mark.DONE, _moment(event.at), event.unit)
        for event in dossier.events or (wire.StatusEvent(status=dossier.status, at=dossier.filed_at),)
    ]
    if dossier.status in ENDED or dossier.state is wire.DossierState.LAPSED:
        return tuple(came[-MOST_STEPS:])
    last = came[-1]
    now = Mark.DONE if dossier.status is Status.RETURNED else Mark.NOW
    came[-1] = TimelineStep(last.status, now, last.at, last.unit)
    due = _day(dossier.due_at) if dated else None
    ahead = [
        TimelineStep(status.value, Mark.NEXT, due if status is Status.DONE else None)
        for status in AHEAD
        if status > dossier.status
    ]
    return (*came[-max(1, MOST_STEPS - len(ahead)) :], *ahead)


def _pace(dossier: wire.Dossier) -> DossierPace:
    if dossier.late:
        return DossierPace.LATE
    return DossierPace.KEPT if dossier.status in FINISHED else DossierPace.PENDING


def _offers(dossier: wire.Dossier, *, pays_here: bool) -> tuple[DossierAnswer, ...]:
    offers = [DossierAnswer.PRINT, DossierAnswer.DONE]
    money = dossier.money
    pays = pays_here and money is not None and money.bill_id is not None and not money.paid
    if dossier.may_be_rated and not pays:
        offers.insert(0, DossierAnswer.RATE)
    if dossier.result is not None and dossier.result.group is not None:
        offers.insert(0, DossierAnswer.TAKE_NUMBER)
    if pays:
        offers.insert(0, DossierAnswer.PAY)
    return tuple(offers)


def _parts(walk: Walk, dossier: wire.Dossier, *, dated: bool) -> tuple[PartState, ...]:
    """Of a group alone: each with its own status."""
    if len(dossier.parts) < 2:
        return ()
    return tuple(
        PartState(
            in_language(part.name, part.name_en, wanted_english=walk.english),
            part.icon,
            part.status.value,
            _day(part.due_at) if dated else None,
            part.outcome,
        )
        for part in dossier.parts
    )


def _hours(walk: Walk) -> tuple[tuple[str, str], ...]:
    """Of the next day the counters work, as the calendar has it."""
    today = walk.kit.clock.now().date()
    books = walk.kit.library.books(today)
    if books is None:
        return ()
    halves = books.calendar.halves(books.calendar.next_worked(today))
    return tuple((f"{half.start:%H:%M}", f"{half.end:%H:%M}") for half in halves)


def _moment(at: datetime | None) -> Moment | None:
    if at is None:
        return None
    here = at.astimezone(HERE)
    return Moment(here.isoweekday(), f"{here:%d/%m/%Y}", f"{here:%H:%M}")


def _day(at: datetime | None) -> Moment | None:
    if at is None:
        return None
    here = at.astimezone(HERE)
    return Moment(here.isoweekday(), f"{here:%d/%m/%Y}")
