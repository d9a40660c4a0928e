"""A gateway with a hospital's system in the same process, over a line that loses, holds and counts requests."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.app import open_house
from gateway.fleet.evidence import EvidenceVerdict
from gateway.fleet.kiosks import Kiosk
from gateway.hospital import delivery
from gateway.hospital.bookings import HospitalBookings
from gateway.hospital.link import connect
from gateway.house import House
from gateway.queue import early, tickets
from gateway.queue.registration import register
from gateway.settings import Settings, load
from gateway.store.bus import Bus
from gateway.store.database import Store
from gateway.store.migrate import migrate
from gateway.store.tables import hospital_visits
from services.contract.models import Abandon, AbandonReason, Registration, Ticket, TicketStatus
from simulators import citizens
from simulators.hospital.catalogue import load as load_catalogue
from simulators.hospital_fhir.app import Manners
from simulators.hospital_fhir.app import create as create_fhir
from simulators.hospital_fhir.search import search
from simulators.hospital_fhir.seed import PLACE, seed
from simulators.hospital_fhir.seed import book as book_fhir
from simulators.hospital_fhir.seed import take as take_fhir
from simulators.hospital_fhir.store import Store as FhirStore
from simulators.hospital_rest.app import create as create_rest
from simulators.hospital_rest.bookings import book as book_rest
from simulators.hospital_rest.desk import Desk
from simulators.hospital_rest.store import Store as RestStore

DEMO = Path(__file__).resolve().parents[2] / "gateway" / "data" / "demo-hoa-giang.toml"
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
"""12:00 on a Monday at the place."""
KEY = "urn:tram:sid:check-in"


class TurnedClock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment

    def turn(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


class Line(httpx.AsyncBaseTransport):
    """The way to the hospital's system. `lose` loses answers; `held` keeps a request back until it is let go."""

    def __init__(self, app: Any) -> None:
        self._inner = httpx.ASGITransport(app)
        self.calls: list[str] = []
        self.cut = False
        self.losing: list[tuple[int, bool]] = []
        """Numbers of requests (from 0, over all) whose answer is lost, and whether they are carried out."""
        self.hold: str | None = None
        """A request that begins so times out, and arrives only with `release`."""
        self.held: list[httpx.Request] = []
        self.answer: Callable[[httpx.Request], httpx.Response | None] = lambda request: None
        """Answers instead of the system."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        number, call = len(self.calls), f"{request.method} {request.url.path}"
        self.calls.append(call)
        if self.cut:
            raise httpx.ConnectError("cut")
        if self.hold is not None and call.startswith(self.hold):
            self.held.append(request)
            raise httpx.ReadTimeout("held back")
        for lost, carried_out in self.losing:
            if lost == number:
                if carried_out:
                    await self._inner.handle_async_request(request)
                raise httpx.ReadTimeout("lost")
        return self.answer(request) or await self._inner.handle_async_request(request)

    async def release(self) -> None:
        """What was held back arrives at last."""
        self.hold = None
        for request in self.held:
            await self._inner.handle_async_request(request)
        self.held.clear()


@dataclass
class FhirSide:
    """Looks into the FHIR stand-in."""

    store: FhirStore
    manners: Manners
    kind = "fhir"

    def patients(self) -> int:
        return self.store.count("Patient")

    def visits(self) -> list[str]:
        """Status of every encounter."""
        return [one["status"] for one in self.store.all("Encounter")]

    def all(self, kind: str) -> list[dict[str, Any]]:
        return list(self.store.all(kind))

    def of(self, kind: str, check_in: str) -> dict[str, Any]:
        (found,) = search(self.store, kind, [("identifier", f"{KEY}|{check_in}")])
        return found

    def book(self, citizen: citizens.Citizen, code: str, start: datetime) -> None:
        book_fhir(self.store, citizen, code, code, start)

    def take(self, code: str, start: datetime) -> None:
        """Somebody is given a place at the hospital's own counter."""
        take_fhir(self.store, code, start)

    def places(self, code: str, start: datetime) -> tuple[int, int]:
        """Busy Slots of a time, and Appointments that hold one."""
        (actor,) = search(self.store, "HealthcareService", [("identifier", f"urn:tram:sid:service|{code}")])
        (plan,) = search(self.store, "Schedule", [("actor", f"HealthcareService/{actor['id']}")])
        slots = [
            f"Slot/{one['id']}"
            for one in search(self.store, "Slot", [("schedule", plan["id"]), ("status", "busy")])
            if datetime.fromisoformat(one["start"]) == start
        ]
        held = [
            one["slot"][0]["reference"] for one in self.store.all("Appointment")
            if one["status"] == "arrived" and one.get("slot")
        ]  # fmt: skip
        return len(slots), len({one for one in held if one in slots})

    def settle(self, check_in: str) -> None:
        self.store.update({**self.of("Invoice", check_in), "status": "balanced"}, None)

    def examine(self, check_in: str) -> None:
        self.store.update({**self.of("Encounter", check_in), "status": "in-progress"}, None)


@dataclass
class RestSide:
    """Looks into the REST stand-in."""

    desk: Desk
    kind = "rest"

    def patients(self) -> int:
        return len(self.desk.store.all("SELECT id FROM patients"))

    def visits(self) -> list[str]:
        """States in FHIR's words."""
        words = {"DEN": "arrived", "HUY": "cancelled", "THU": "arrived", "KHAM": "in-progress"}
        return [words[row["state"]] for row in self.desk.store.all("SELECT state FROM registrations ORDER BY id")]

    def of(self, check_in: str) -> dict[str, Any]:
        row = self.desk.store.one("SELECT * FROM registrations WHERE asked = ?", check_in)
        assert row is not None
        return row

    def book(self, citizen: citizens.Citizen, code: str, start: datetime) -> None:
        book_rest(self.desk, citizen, code, start)

    def take(self, code: str, start: datetime) -> None:
        self.desk.take(code, f"{start:%H%M}", f"{start:%Y%m%d}")

    def places(self, code: str, start: datetime) -> tuple[int, int]:
        """Taken places of a time, and those that registrations hold."""
        _code, rows = self.desk.slots({"MA_DICH_VU": code, "NGAY": f"{start:%Y%m%d}"})
        row = next(one for one in rows if one["THOI_GIAN_TU"] == f"{start:%Y%m%d%H%M}")
        return row["SL_HIEN_TAI"], row["SL_TRAM"]

    def settle(self, check_in: str) -> None:
        self.desk.become(check_in, "THU")

    def examine(self, check_in: str) -> None:
        self.desk.become(check_in, "KHAM")


@dataclass
class Site:
    """A gateway and its hospital."""

    house: House
    clock: TurnedClock
    line: Line
    side: Any
    keys: dict[str, str] = field(default_factory=dict[str, str])
    """Check-in id to the key of its registration."""

    def book(self, citizen: str, code: str, at: str) -> None:
        """Somebody's appointment of today at the hospital."""
        self.side.book(citizens.load(citizen), code, self.today(at))

    def today(self, at: str) -> datetime:
        """A time of today at the place."""
        return datetime.combine(self.clock.now().astimezone(PLACE).date(), time.fromisoformat(at), PLACE)

    def check_in(self, kiosk: str = "B", verdict: EvidenceVerdict | None = None, **changes: Any) -> str:
        """Register somebody whom the chip proved; the check-in's id."""
        return self.ticket(kiosk, verdict, **changes).check_in_id

    def ticket(self, kiosk: str = "B", verdict: EvidenceVerdict | None = None, **changes: Any) -> Ticket:
        patient = {
            "number": "099088000145",
            "name": "Nguyễn Minh Khang",
            "birth": "1988-07-04",
            "sex": "M",
            "address": "Số 1 đường Thử, Hòa Giang",
            "level": "chip-genuine",
        } | changes.pop("patient", {})
        usual: dict[str, Any] = {
            "patient": patient,
            "clinic_id": "tim-mach",
            "arrived_at": self.clock.now().isoformat(),
        }
        registration = Registration.model_validate(usual | changes)
        key = f"key-{len(self.keys):08}"
        seen = verdict or EvidenceVerdict(registration.patient.level)
        with self.house.store.write() as transaction:
            ticket = register(self.house, transaction, self.kiosk(kiosk), key, registration, seen)
        self.keys.setdefault(ticket.check_in_id, key)
        return ticket

    def kiosk(self, letter: str = "B") -> Kiosk:
        return Kiosk(f"kiosk-{letter}", letter, letter, letter)

    def leave(self, check_in: str, kiosk: str = "B") -> None:
        left = Abandon(registration_key=self.keys[check_in], reason=AbandonReason.LEFT, at=self.clock.now())
        with self.house.store.write() as transaction:
            registration = tickets.find_registration(transaction, self.kiosk(kiosk).id, left.registration_key)
            assert registration is not None
            early.abandon(self.house, transaction, registration)

    def become(self, check_in: str, status: TicketStatus) -> None:
        """The counter gives the number another status."""
        with self.house.store.write() as transaction:
            ticket = tickets.live_ticket(transaction, check_in)
            assert ticket is not None
            tickets.change(transaction, ticket, status, self.clock.now())

    def deliver(self) -> None:
        """One round of the background work."""
        asyncio.run(delivery.deliver_due(self.house))

    def deliver_until_told(self) -> None:
        """Rounds with the clock turned between them, as long as something is due."""
        for _round in range(200):
            self.deliver()
            if not self.due():
                return
            self.clock.turn(hours=2)
        raise AssertionError("it was never told")

    def due(self) -> int:
        """How many check-ins are still to be told."""
        return sum(row["next_at"] is not None for row in self.rows())

    def rows(self) -> list[dict[str, Any]]:
        with self.house.store.read() as transaction:
            return [
                dict(row) for row in transaction.all(hospital_visits.select().order_by(hospital_visits.c.opened_at))
            ]

    def row(self, check_in: str) -> dict[str, Any]:
        return next(row for row in self.rows() if row["check_in_id"] == check_in)


def settings_for(folder: Path, kind: str, url: str = "", **changes: str) -> Settings:
    """The demo's settings with this hospital; `changes` are lines of the table [hospital]."""
    shutil.copy(DEMO, folder / "demo.toml")
    address = url.removesuffix("/fhir") or "http://hospital"
    for name in ("password", "operator_name", "operator_number", "api_token", "webhook_secret", "hospital"):
        secret = {"hospital": "a hospital secret", "operator_number": "099180999901"}.get(name, "p")
        (folder / name).write_text(secret, encoding="utf-8")
    lines = "\n".join(f"{name} = {value}" for name, value in changes.items())
    over = folder / "over.toml"
    over.write_text(
        f"""
database = "sqlite:///{folder}/gateway.db"
[server]
port = 0
[keys]
directory = "{folder}/keys"
[insurance]
password = {{ file = "{folder}/password" }}
operator_name = {{ file = "{folder}/operator_name" }}
operator_number = {{ file = "{folder}/operator_number" }}
[bank]
webhook_secret = {{ file = "{folder}/webhook_secret" }}
api_token = {{ file = "{folder}/api_token" }}
[hospital]
kind = "{kind}"
{lines}
[hospital.fhir]
url = "{address}/fhir"
token = {{ file = "{folder}/hospital" }}
[hospital.rest]
url = "{address}"
merchant = "tram"
secret = {{ file = "{folder}/hospital" }}
""",
        encoding="utf-8",
    )
    return load([DEMO, over])


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database, made once and copied for each test."""
    file = tmp_path_factory.mktemp("empty") / "gateway.db"
    store = Store(f"sqlite:///{file}", Bus())
    migrate(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return file


@pytest.fixture
def open_site(tmp_path: Path, empty_database: Path) -> Generator[Callable[..., Site]]:
    """Opens a gateway with a hospital of a kind: `open_site("fhir", retry_seconds="[5]")`."""
    opened: list[Site] = []

    def open_one(kind: str, **changes: str) -> Site:
        clock = TurnedClock()
        settings = settings_for(tmp_path, kind, **changes)
        if not (tmp_path / "gateway.db").exists():
            shutil.copy(empty_database, tmp_path / "gateway.db")
        app, side = _system(kind, clock)
        line = Line(app)
        house = open_house(settings, clock)
        link = connect(settings.hospital, clock, line)
        assert link is not None
        bookings = (HospitalBookings(link, settings.hospital, house.clinics),)
        site = Site(replace(house, hospital=link, bookings=bookings), clock, line, side)
        opened.append(site)
        return site

    yield open_one
    for site in opened:
        site.house.store.close()


@pytest.fixture(params=["fhir", "rest"])
def site(request: pytest.FixtureRequest, open_site: Callable[..., Site]) -> Site:
    """A gateway with each kind of hospital's system."""
    return open_site(request.param)


@pytest.fixture
def fhir(open_site: Callable[..., Site]) -> Site:
    """A gateway with a FHIR server."""
    return open_site("fhir")


@pytest.fixture
def rest(open_site: Callable[..., Site]) -> Site:
    """A gateway with the REST profile."""
    return open_site("rest")


def _system(kind: str, clock: TurnedClock) -> tuple[Any, FhirSide | RestSide]:
    catalogue = load_catalogue(DEMO)
    if kind == "fhir":
        store, manners = FhirStore(), Manners()
        seed(store, catalogue, clock.now().date())
        return create_fhir(store, "a hospital secret", manners), FhirSide(store, manners)
    desk = Desk(RestStore(), catalogue)
    return create_rest(desk, "tram", "a hospital secret", lambda: clock.now().timestamp()), RestSide(desk)


@pytest.fixture
def demo() -> Path:
    """The demo site's settings."""
    return DEMO


@pytest.fixture
def settings_of() -> Callable[..., Settings]:
    """`settings_of(folder, kind, url, **lines)`: written to demo.toml and over.toml of the folder, and read."""
    return settings_for
