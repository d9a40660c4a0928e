"""The counter's console: choosing a counter, calling, and what supervisors do about counters, clinics and boards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.deps import TheHouse
from gateway.house import House
from gateway.problems import Refused
from gateway.queue import boards, calling, counters, moving, slips
from gateway.queue import tickets as queue_tickets
from gateway.queue.counters import Clerk, Seat
from gateway.staff import accounts
from gateway.staff.accounts import Account, Role
from gateway.staff.console import Console, ConsoleTicket, as_staff_see, console
from gateway.staff.rooms import Rooms, rooms
from gateway.store.bus import Subscription
from gateway.store.database import Transaction
from gateway.web.staff import LOOK_SECONDS, TheLanguage, TheToken, only, render, same_site

SETTLE_SECONDS = 0.1
"""Changes within this time are shown together."""

router = APIRouter(prefix="/staff", tags=["counter"], include_in_schema=False)

clerks = only(Role.COUNTER, Role.OFFICER, Role.SUPERVISOR)
supervisors = only(Role.SUPERVISOR)
TheClerk = Annotated[Account, Depends(clerks)]
TheSupervisor = Annotated[Account, Depends(supervisors)]


class Act(BaseModel):
    """One action at a counter. `key`: made by the page before the first send, the same when it is sent again."""

    model_config = ConfigDict(frozen=True)
    key: str = Field(min_length=8, max_length=64)
    do: Literal["next", "recall", "finish", "skip", "away", "back", "call", "slip", "transfer", "priority", "ordinary"]
    clinic: str | None = Field(default=None, max_length=40)
    """The line to call from; where to, for a transfer."""
    ticket: str | None = Field(default=None, max_length=32)
    after: str | None = Field(default=None, max_length=32)
    """The ticket the page shows at the counter, for actions that call another one."""
    calls: int | None = Field(default=None, ge=0, le=99)
    """Back after so many calls."""
    number: str | None = Field(default=None, max_length=10)
    """A leased number read from a slip whose registration has not arrived."""


class Found(BaseModel):
    """What a scanned or typed slip means; `slip` is a number that can only be called from its paper."""

    model_config = ConfigDict(frozen=True)
    tickets: tuple[ConsoleTicket, ...]
    slip: str | None


def clerk_of(who: Account, token: str | None) -> Clerk:
    """The account with this session."""
    return Clerk(who.name, accounts.session_of(token or ""))


@router.get("/counters")
def rooms_page(house: TheHouse, who: TheClerk, language: TheLanguage = None) -> HTMLResponse:
    """Every counter: who sits where."""
    rated = house.one_stop is not None
    return render(
        "counters.html", language, account=who, supervisor=_supervises(who), script="counters", rated=rated
    )  # fmt: skip


@router.get("/counters/state")
def rooms_state(house: TheHouse, _who: TheClerk) -> Rooms:
    """Every counter, clinic and board as JSON."""
    return _rooms(house)


@router.get("/counters/events")
async def rooms_events(house: TheHouse, _who: TheClerk, token: TheToken = None) -> EventSourceResponse:
    """The same whenever it changed."""
    listen = house.bus.subscribe(counters.COUNTERS_TOPIC, boards.BOARDS_TOPIC, queue_tickets.STAFF_TOPIC)
    return follow(house, token, listen, lambda: _rooms(house))


@router.get("/counters/{id}")
def page(house: TheHouse, who: TheClerk, id: str, language: TheLanguage = None) -> HTMLResponse:
    """One counter's console."""
    return render(
        "console.html", language, account=who, counter=counters.counter(house, id), script="counter",
        supervisor=_supervises(who),
    )  # fmt: skip


@router.get("/counters/{id}/state")
def state(house: TheHouse, who: TheClerk, id: str, clinic: str | None = None, token: TheToken = None) -> Console:
    """The console as JSON."""
    return _read(house, id, clinic, clerk_of(who, token))


@router.get("/counters/{id}/events")
async def events(
    house: TheHouse, who: TheClerk, id: str, clinic: str | None = None, token: TheToken = None
) -> EventSourceResponse:
    """The console whenever anything of it changed."""
    clerk = clerk_of(who, token)
    await run_in_threadpool(_read, house, id, clinic, clerk)
    topics = [queue_tickets.topic(clinic) for clinic in counters.counter(house, id).clinics]
    return follow(house, token, house.bus.subscribe(*topics), lambda: _read(house, id, clinic, clerk))


@router.post("/counters/{id}/take", status_code=204, dependencies=[Depends(same_site)])
def take(house: TheHouse, who: TheClerk, id: str, token: TheToken = None) -> None:
    """Sit down; 409 when somebody else sits there."""
    with house.store.write() as transaction:
        if not counters.take(house, transaction, id, clerk_of(who, token)):
            raise Refused(409, "Somebody else sits at this counter")


@router.post("/counters/{id}/leave", status_code=204, dependencies=[Depends(same_site)])
def leave(house: TheHouse, who: TheClerk, id: str, token: TheToken = None) -> None:
    """Stand up."""
    with house.store.write() as transaction:
        counters.leave(house, transaction, id, clerk_of(who, token))


@router.post("/counters/{id}/free", status_code=204, dependencies=[Depends(same_site)])
def free(house: TheHouse, _who: TheSupervisor, id: str) -> None:
    """Free a counter by force."""
    with house.store.write() as transaction:
        counters.free(house, transaction, id)


@router.post("/counters/{id}/find", dependencies=[Depends(same_site)])
def find(
    house: TheHouse,
    _who: TheClerk,
    id: str,
    text: Annotated[str, Body(embed=True, max_length=80)],
    clinic: Annotated[str | None, Body(embed=True, max_length=40)] = None,
) -> Found:
    """What a scanned or typed slip means at this counter."""
    counter = counters.counter(house, id)
    chosen = clinic if clinic in counter.clinics else counter.clinics[0]
    with house.store.read() as transaction:
        rows = slips.find(house, transaction, chosen, text)
        paper = slips.as_printed(text)
        on_paper = not rows and calling.is_leased_now(house, transaction, chosen, paper)
        found = as_staff_see(house, transaction, *(row["id"] for row in rows))
    return Found(tickets=found, slip=paper if on_paper else None)


@router.post("/counters/{id}/act", dependencies=[Depends(same_site)])
def act(house: TheHouse, who: TheClerk, id: str, action: Act, token: TheToken = None) -> Console:
    """Do one thing; the console as it is then. 409 when the page was behind: it gets the newest state by its stream."""
    clerk = clerk_of(who, token)
    with house.store.write() as transaction:
        seat = counters.act(house, transaction, id, clerk, action.key)
        if seat is not None:
            _do(house, transaction, seat, action)
        return console(house, transaction, id, _own_clinic(house, id, action), clerk)


@router.post("/clinics/{id}/{verb}", status_code=204, dependencies=[Depends(same_site)])
def clinic(
    house: TheHouse,
    who: TheSupervisor,
    id: str,
    verb: Literal["close", "open", "move"],
    to: Annotated[str | None, Body(embed=True, max_length=40)] = None,
) -> None:
    """Close a clinic for today, open it again, or move everybody who waits there to another one."""
    with house.store.write() as transaction:
        if verb == "close":
            moving.close(house, transaction, id, who.name)
        elif verb == "open":
            moving.reopen(house, transaction, id)
        else:
            moving.transfer_all(house, transaction, id, to or "", who.name)


@router.post("/boards", status_code=204, dependencies=[Depends(same_site)])
def connect_board(
    house: TheHouse,
    who: TheSupervisor,
    code: Annotated[str, Body(pattern="^[0-9]{6}$")],
    name: Annotated[str, Body(min_length=1, max_length=80)],
    clinics: Annotated[tuple[str, ...], Body(max_length=200)] = (),
) -> None:
    """Connect the screen that shows this code."""
    with house.store.write() as transaction:
        boards.connect(house, transaction, code, name, clinics, who.name)


@router.post("/boards/{id}/disconnect", status_code=204, dependencies=[Depends(same_site)])
def disconnect_board(house: TheHouse, _who: TheSupervisor, id: str) -> None:
    """The screen shows nothing any more."""
    with house.store.write() as transaction:
        boards.disconnect(transaction, id)


def follow(
    house: House, token: str | None, listen: AbstractContextManager[Subscription], read: Callable[[], BaseModel]
) -> EventSourceResponse:
    """A stream of the newest state whenever it changed, until the session ends."""

    async def stream() -> AsyncIterator[ServerSentEvent]:
        with listen as subscription:
            while await run_in_threadpool(accounts.who, house, token or "") is not None:
                now = await run_in_threadpool(read)
                yield ServerSentEvent(data=now.model_dump_json(), event="state")
                await subscription.changed(LOOK_SECONDS)
                await asyncio.sleep(SETTLE_SECONDS)
        yield ServerSentEvent(data="", event="ended")

    return EventSourceResponse(stream(), ping=10)


def _do(house: House, transaction: Transaction, seat: Seat, action: Act) -> None:
    ticket, clinic = action.ticket or "", action.clinic or seat.counter.clinics[0]
    here = house, transaction, seat
    match action.do:
        case "next":
            calling.call_next(*here, clinic, action.after)
        case "call":
            calling.call_this(*here, ticket, action.after)
        case "slip":
            calling.call_slip(*here, clinic, action.number or "", action.after)
        case "recall":
            calling.recall(*here, ticket)
        case "finish":
            calling.finish(*here, ticket)
        case "skip":
            calling.skip(*here, ticket)
        case "away":
            calling.send_away(*here, ticket)
        case "back":
            calling.take_in(*here, ticket, action.calls)
        case "transfer":
            moving.transfer(*here, ticket, action.clinic or "")
        case "priority" | "ordinary":
            calling.set_priority(*here, ticket, action.do == "priority")


def _own_clinic(house: House, counter_id: str, action: Act) -> str | None:
    own = counters.counter(house, counter_id).clinics
    return action.clinic if action.clinic in own and action.do != "transfer" else None


def _supervises(who: Account) -> bool:
    return who.role in {Role.SUPERVISOR, Role.ADMIN}


def _read(house: House, counter_id: str, clinic: str | None, clerk: Clerk) -> Console:
    with house.store.read() as transaction:
        return console(house, transaction, counter_id, clinic, clerk)


def _rooms(house: House) -> Rooms:
    with house.store.read() as transaction:
        return rooms(house, transaction)
