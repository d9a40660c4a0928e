"""The application: one house, its routes, and its background work while it is served."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from gateway import background
from gateway.api import (
    bank,
    catalogue,
    diagnostics,
    documents,
    dossiers,
    fingers,
    fleet,
    insurance,
    payments,
    privacy,
    queue,
    staff_calls,
    terminal,
    visits,
)
from gateway.api.edge import App, Edge
from gateway.clock import Clock, SystemClock
from gateway.fingers.matching import OneAtATime
from gateway.fleet.evidence import EvidenceChecker
from gateway.fleet.kiosks import Doorkeeper
from gateway.fleet.terminal import InspectionSystem
from gateway.fleet.terminal_key import TerminalKey
from gateway.hospital.bookings import HospitalBookings
from gateway.hospital.link import HospitalLink, connect
from gateway.hospital.offer import HospitalOffer
from gateway.house import House
from gateway.insurance.rules import load_rules
from gateway.insurance.vss import Insurer
from gateway.one_stop.bills import with_dossier_bills
from gateway.one_stop.centre import open_centre
from gateway.payments.connecting import connect_bank
from gateway.payments.invoices import RestInvoices
from gateway.payments.sources import BillSource
from gateway.problems import MEDIA_TYPE, Refused
from gateway.settings import ClinicSettings, Settings
from gateway.store.bus import Bus, PostgresChannel
from gateway.store.database import THREADS, Store
from gateway.store.vault import open_vault
from gateway.web import (
    board,
    cashier,
    console,
    figures,
    money,
    officer,
    officer_registers,
    one_stop_figures,
    rating,
    reception,
    reception_prints,
    slips,
    staff,
)
from gateway.web import fleet as fleet_pages
from gateway.web import insurance as insurance_desk
from services.contract.models import Problem
from services.fingers.installed import installed

log = logging.getLogger(__name__)

VERSION = "1"

_STATIC = Path(staff.__file__).with_name("static")
_ASSETS = Path(__file__).resolve().parents[1] / "assets"
_FONTS = _ASSETS / "fonts"
_VOICE = _ASSETS / "voice"
_IMAGES = _ASSETS / "images"


def open_house(settings: Settings, clock: Clock | None = None) -> House:
    """The house of these settings. Raises SettingsError for a secret that is missing."""
    clock = clock or SystemClock()
    bus = Bus()
    rules = load_rules()
    clinics = {clinic.id: clinic for clinic in settings.clinics}
    hospital = connect(settings.hospital, clock)
    house = House(
        settings=settings,
        store=Store(settings.database, bus),
        vault=open_vault(settings.keys.directory),
        clock=clock,
        bus=bus,
        rules=rules,
        insurer=Insurer(settings.insurance, rules, clock),
        bank=connect_bank(settings.bank),
        more_banks={account.id: connect_bank(account) for account in settings.accounts},
        sources=_sources(hospital),
        invoices=None if settings.payments.invoice is None else RestInvoices(settings.payments.invoice),
        evidence=EvidenceChecker(settings.trust.directory),
        clinics=clinics,
        hospital=hospital,
        offer=_offer(settings, hospital, clinics, clock),
        bookings=() if hospital is None else (HospitalBookings(hospital, settings.hospital, clinics),),
        inspection=_inspection(settings),
        one_stop=open_centre(settings, clock),
        fingers=OneAtATime() if settings.fingers.enrol and installed() else None,
    )
    if settings.fingers.enrol and not installed():
        log.warning("fingers are to be kept, but no matcher is installed (package tram-matcher): nobody is asked")
    return with_dossier_bills(house)


def _sources(hospital: HospitalLink | None) -> dict[str, BillSource]:
    """Systems whose bills are paid here, by the name that stands in `bills.source`."""
    return {} if hospital is None else {"hospital": hospital.system.billing}


def _offer(
    settings: Settings, hospital: HospitalLink | None, clinics: Mapping[str, ClinicSettings], clock: Clock
) -> HospitalOffer | None:
    if hospital is None or not settings.hospital.offer_seconds:
        return None
    return HospitalOffer(hospital.system, settings.hospital, clinics, clock)


def _inspection(settings: Settings) -> InspectionSystem | None:
    terminal = settings.terminal
    if terminal is None:
        return None
    key = TerminalKey(terminal.module, terminal.token, terminal.pin.read())
    return InspectionSystem(terminal.certificates, key, terminal.key)


def build(house: House, *, with_background: bool = True) -> App:
    """The ASGI application of a house."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        async with _lifespan(house, with_background):
            yield

    api = bare(lifespan)
    api.state.house = house
    api.state.doorkeeper = Doorkeeper(house)
    return Edge(api, house.vault, tls=house.settings.server.secure_cookies)


def bare(lifespan: Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]] | None = None) -> FastAPI:
    """Routes and schema without a house: what `python -m gateway openapi` prints."""
    api = FastAPI(
        title="Trạm gateway",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=lifespan,
    )
    # Looked through in this order: what every visitor needs comes first.
    for room in (
        queue,
        insurance,
        payments,
        bank,
        fleet,
        visits,
        fingers,
        catalogue,
        diagnostics,
        documents,
        dossiers,
        staff_calls,
        terminal,
        privacy,
    ):
        api.include_router(room.router)
    for pages in (
        staff,
        officer,
        officer_registers,
        slips,
        insurance_desk,
        console,
        cashier,
        money,
        board,
        rating,
        figures,
        one_stop_figures,
        # Before the reception: its own addresses are not taken for a dossier's.
        reception_prints,
        reception,
        fleet_pages,
    ):
        api.include_router(pages.router)
    api.mount("/static/images", _Static(directory=_IMAGES))
    api.mount("/static/voice", _Static(directory=_VOICE))
    api.mount("/static/fonts", _Static(directory=_FONTS))
    api.mount("/static", _Static(directory=_STATIC))
    api.add_exception_handler(staff.LogInNeeded, _log_in)
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(UnicodeEncodeError, _no_text)
    api.add_exception_handler(Exception, _broken)
    return api


@contextlib.asynccontextmanager
async def _lifespan(house: House, with_background: bool) -> AsyncGenerator[None]:
    channel = PostgresChannel(house.settings.database, house.bus) if not _is_sqlite(house) else None
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    work = asyncio.create_task(background.run(house)) if with_background else None
    if channel is not None:
        channel.start()
    try:
        yield
    finally:
        if work is not None:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
        if channel is not None:
            channel.stop()
        await house.insurer.close()
        for bank in house.banks.values():
            await bank.close()
        if house.invoices is not None:
            await house.invoices.close()
        for source in house.sources.values():
            await source.close()
        if house.hospital is not None:
            await house.hospital.close()
        if house.one_stop is not None:
            await house.one_stop.close()
        if house.fingers is not None:
            house.fingers.close()
        house.workers.close()
        house.store.close()


def _is_sqlite(house: House) -> bool:
    return house.store.engine.dialect.name == "sqlite"


class _Static(StaticFiles):
    """Files that are the same for everybody and change only with a new version."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response


async def _log_in(_request: Request, _error: Exception) -> Response:
    return RedirectResponse("/staff/login", 303)


def _answer(problem: Problem) -> Response:
    return JSONResponse(problem.model_dump(exclude_none=True), problem.status, media_type=MEDIA_TYPE)


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, Refused) and (page := staff.sorry(request, error.status)) is not None:
        return page
    return _answer(error.problem if isinstance(error, Refused) else Problem(title="Refused", status=400))


async def _invalid(_request: Request, error: Exception) -> Response:
    """Where the body is wrong, never what stood there: it may be somebody's data."""
    faults: Sequence[dict[str, Any]] = error.errors() if isinstance(error, RequestValidationError) else []
    places = ", ".join(f"{'.'.join(str(part) for part in fault['loc'])}: {fault['type']}" for fault in faults[:10])
    return _answer(Problem(title="The request is not valid", status=422, detail=places))


async def _http(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _answer(Problem(title=str(getattr(error, "detail", "")) or "Error", status=status))


async def _no_text(_request: Request, error: Exception) -> Response:
    """Half a surrogate pair is JSON (RFC 8259, section 8.2), and no text: the body is wrong, not the gateway."""
    if not (isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed"):
        return await _broken(_request, error)
    return _answer(Problem(title="The request is not valid", status=422, detail="half a character"))


async def _broken(_request: Request, error: Exception) -> Response:
    log.error("a request failed: %s", type(error).__name__)
    return _answer(Problem(title="The gateway failed", status=500))
