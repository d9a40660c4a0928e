"""The fleet's page: every kiosk with its devices and alarms, codes for new ones, and its figures for Prometheus."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Header
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette.sse import EventSourceResponse

from gateway.api.deps import TheHouse
from gateway.fleet.alarms import TOPIC, see
from gateway.fleet.bundles import Bundle, fetch, listed
from gateway.fleet.enrolment import CODE_LIFE, EnrolmentError, make_code
from gateway.fleet.metrics import exposition
from gateway.fleet.overview import KioskNow, overview
from gateway.fleet.revoking import revoke
from gateway.house import House
from gateway.problems import Refused
from gateway.staff.accounts import Account, Role
from gateway.web.console import follow
from gateway.web.staff import TheLanguage, TheToken, only, render, same_site
from gateway.web.texts import cures, texts
from services.contract.diagnostics import MEDIA_TYPE
from services.contract.models import DeviceReport

router = APIRouter(tags=["fleet pages"], include_in_schema=False)

TheWatcher = Annotated[Account, Depends(only(Role.TECHNICIAN, Role.SUPERVISOR))]
TheAdmin = Annotated[Account, Depends(only())]


class FleetModel(BaseModel):
    """Frozen, JSON for the page."""

    model_config = ConfigDict(frozen=True)


class AlarmLine(FleetModel):
    """One open alarm."""

    id: str
    kind: str
    subject: str
    failure_code: str | None
    sticky: bool
    since: datetime
    over_at: datetime | None
    seen_by: str | None


class BundleLine(FleetModel):
    """A diagnostics bundle that can be fetched."""

    id: str
    received_at: datetime
    bytes: int


class KioskLine(FleetModel):
    """One kiosk."""

    letter: str
    name: str
    name_en: str
    colour: str
    heard_at: datetime | None
    version: str | None
    started_at: datetime | None
    outbox_waiting: int
    outbox_dead: int
    devices: tuple[DeviceReport, ...]
    alarms: tuple[AlarmLine, ...]
    bundles: tuple[BundleLine, ...]


class FleetState(FleetModel):
    """The page. `now` is the gateway's clock: silence is counted by it."""

    now: datetime
    silent_seconds: int
    counts: dict[str, int]
    kiosks: tuple[KioskLine, ...]


class NewKiosk(FleetModel):
    """A kiosk that is to be enrolled."""

    name: str = Field(min_length=1, max_length=80)
    name_en: str = Field(default="", max_length=80)
    letter: str = Field(pattern="^[A-Z]{1,2}$")


class NewCode(FleetModel):
    """The one-time code; shown once and kept nowhere."""

    code: str
    hours: int


@router.get("/staff/fleet")
def page(who: TheWatcher, language: TheLanguage = None) -> HTMLResponse:
    """The page; its script fills it."""
    return render("fleet.html", language, account=who, words={**texts(language or ""), **cures(language or "")})


@router.get("/staff/fleet/state")
def state(house: TheHouse, _who: TheWatcher) -> FleetState:
    """The page as JSON."""
    return _read(house)


@router.get("/staff/fleet/events")
async def events(house: TheHouse, _who: TheWatcher, token: TheToken = None) -> EventSourceResponse:
    """The page whenever an alarm came or went, and now and then."""
    return follow(house, token, house.bus.subscribe(TOPIC), lambda: _read(house))


@router.post("/staff/fleet/alarms/{id}/seen", status_code=204, dependencies=[Depends(same_site)])
def seen(house: TheHouse, who: TheWatcher, id: str) -> None:
    """Somebody saw an alarm."""
    see(house, id, who.name)


@router.get("/staff/fleet/bundles/{id}")
def bundle(house: TheHouse, who: TheWatcher, id: str) -> Response:
    """A diagnostics bundle; who fetched it stands in the access log."""
    name, content = fetch(house, id, who.name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


@router.post("/staff/fleet/codes", dependencies=[Depends(same_site)])
def code(house: TheHouse, _who: TheAdmin, new: Annotated[NewKiosk, Body()]) -> NewCode:
    """A one-time code for a new kiosk."""
    try:
        made = make_code(house, new.name, new.name_en or new.name, new.letter)
    except EnrolmentError as error:
        raise Refused(409, "No code for this kiosk", detail=str(error)) from error
    return NewCode(code=made, hours=int(CODE_LIFE.total_seconds() // 3600))


@router.post("/staff/fleet/{letter}/revoke", status_code=204, dependencies=[Depends(same_site)])
def take_out(house: TheHouse, _who: TheAdmin, letter: str) -> None:
    """Refuse a kiosk's key from now on."""
    try:
        revoke(house, letter)
    except EnrolmentError as error:
        raise Refused(404, "There is no such kiosk") from error


@router.get("/metrics")
def metrics(house: TheHouse, authorization: Annotated[str, Header()] = "") -> Response:
    """Prometheus' text format, for the bearer of the token of the settings."""
    secret = house.settings.fleet.metrics_token
    if secret is None:
        raise Refused(404, "There is no such page")
    if not hmac.compare_digest(authorization.encode(), f"Bearer {secret.read()}".encode()):
        raise Refused(401, "A token is needed")
    return Response(exposition(house), media_type="text/plain; version=0.0.4; charset=utf-8")


def _read(house: House) -> FleetState:
    with house.store.read() as transaction:
        kiosks, bundles = overview(house, transaction), listed(transaction)
    names = [one.colour.name.lower() for one in kiosks]
    return FleetState(
        now=house.now(),
        silent_seconds=house.settings.fleet.silent_seconds,
        counts={name: names.count(name) for name in ("red", "yellow", "unknown", "green")},
        kiosks=tuple(_line(one, bundles.get(one.id, ())) for one in kiosks),
    )


def _line(one: KioskNow, bundles: tuple[Bundle, ...]) -> KioskLine:
    beat = one.beat
    return KioskLine(
        letter=one.letter,
        name=one.name,
        name_en=one.name_en,
        colour=one.colour.name.lower(),
        heard_at=one.heard_at,
        version=None if beat is None else beat.version,
        started_at=None if beat is None else beat.started_at,
        outbox_waiting=0 if beat is None else beat.outbox_waiting,
        outbox_dead=0 if beat is None else beat.outbox_dead,
        devices=() if beat is None else beat.devices,
        alarms=tuple(
            AlarmLine(
                id=alarm.id,
                kind=alarm.kind.value,
                subject=alarm.subject,
                failure_code=alarm.failure_code,
                sticky=alarm.sticky,
                since=alarm.since,
                over_at=alarm.over_at,
                seen_by=alarm.seen_by if alarm.seen_at is not None else None,
            )
            for alarm in one.alarms
        ),
        bundles=tuple(BundleLine(id=one.id, received_at=one.received_at, bytes=one.bytes) for one in bundles),
    )
