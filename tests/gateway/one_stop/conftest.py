"""A gateway of a one-stop centre: real store and rules, the authority's stand-in behind a wire that loses things."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import random
import shutil
import uuid
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from PIL import Image
from sqlalchemy import insert, select

from gateway.app import build, open_house
from gateway.fleet.enrolment import make_code
from gateway.fleet.evidence import EvidenceVerdict
from gateway.house import House
from gateway.one_stop.bills import with_dossier_bills
from gateway.one_stop.phones import UploadPlace
from gateway.one_stop.system import System
from gateway.one_stop.watching import watch
from gateway.privacy.notice import keep_notice, load_notice
from gateway.settings import Settings, load
from gateway.staff.accounts import Role
from gateway.store import tables as t
from gateway.upload import internal, public
from gateway.upload.sessions import Sessions
from services.contract.models import Person
from simulators.one_stop.__main__ import _procedures  # pyright: ignore[reportPrivateUsage]
from simulators.one_stop.app import Accounts, create
from simulators.one_stop.desk import Desk
from simulators.one_stop.store import Store as DeskStore

ROOT = Path(__file__).resolve().parents[3]
HOSPITAL = ROOT / "gateway" / "data" / "demo-hoa-giang.toml"
CENTRE = ROOT / "gateway" / "data" / "demo-one-stop.toml"
SAMPLE = ROOT / "assets" / "data" / "procedures" / "sample.json"
PLACE = timezone(timedelta(hours=7))
MORNING = datetime(2026, 11, 23, 8, 16, tzinfo=PLACE)
"""A Monday."""
KHANG = {
    "number": "099088000145",
    "name": "Nguyễn Minh Khang",
    "birth": "1988-07-04",
    "sex": "M",
    "level": "chip-genuine",
}
SECRET = "a shared key of more than thirty-two characters"


class Wire(httpx.AsyncBaseTransport):
    """A wire to an application in this process. What is lost is named: ("POST /TaoHoSo", "before" or "after")."""

    def __init__(self, app: Any) -> None:
        self._inside = httpx.ASGITransport(app)
        self.lost: list[tuple[str, str]] = []
        self.down = False
        self.calls: list[str] = []

    def lose(self, begins: str, when: str, count: int = 1) -> None:
        self.lost += [(begins, when)] * count

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        what = f"{request.method} {request.url.path}"
        self.calls.append(what)
        if self.down:
            raise httpx.ConnectError("down", request=request)
        mine = next((one for one in self.lost if what.startswith(one[0])), None)
        if mine is not None:
            self.lost.remove(mine)
            if mine[1] == "before":
                raise httpx.ReadError("lost before", request=request)
        response = await self._inside.handle_async_request(request)
        if mine is not None:
            raise httpx.ReadError("lost after", request=request)
        return response


class Clock:
    """Stands still until it is turned."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def turn(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


class Evidence:
    """The verdict is what the kiosk claims."""

    def check(self, person: Person, nonce: bytes | None, now: datetime) -> EvidenceVerdict:
        return EvidenceVerdict(person.level, person.reason)


class Caller:
    """One application on the centre's loop."""

    def __init__(self, centre: Any, app: Any) -> None:
        self._centre = centre
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://gw"
        )

    def request(self, method: str, path: str, **request: Any) -> httpx.Response:
        return self._centre.run(self._http.request(method, path, **request))

    def get(self, path: str, **request: Any) -> httpx.Response:
        return self.request("GET", path, **request)

    def post(self, path: str, **request: Any) -> httpx.Response:
        return self.request("POST", path, **request)

    def close(self) -> None:
        self._centre.run(self._http.aclose())


@dataclass
class Kiosk:
    """An enrolled kiosk."""

    caller: Caller
    id: str
    fresh: Callable[[], str]
    """A new token: it ends after minutes, and these tests turn the clock by hours."""

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.caller.get(path, headers={"Authorization": f"Bearer {self.fresh()}", **headers})

    def post(self, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        return self.caller.post(path, json={} if body is None else body, headers=self._headers(key))

    def send(self, path: str, content: bytes, key: str | None = None) -> httpx.Response:
        return self.caller.post(path, content=content, headers=self._headers(key))

    def _headers(self, key: str | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.fresh()}", "Idempotency-Key": key or str(uuid.uuid4())}


class Officer:
    """Somebody of the staff who is logged in."""

    def __init__(self, centre: Centre, name: str, role: Role = Role.OFFICER) -> None:
        self._caller = centre.caller
        token = f"token of {name}"
        self.cookie = f"tram_staff={quote(token)}"
        account = {"name": name, "role": role.value, "password_hash": "-", "created_at": centre.clock.now()}
        session = {"name": name, "expires_at": centre.clock.now() + timedelta(days=400)}
        with centre.house.store.write() as transaction:
            transaction.execute(insert(t.staff_accounts).values(account))
            token_hash = sha256(quote(token).encode()).hexdigest()
            transaction.execute(insert(t.staff_sessions).values(session | {"token_hash": token_hash}))

    def get(self, path: str) -> httpx.Response:
        return self._caller.get(path, headers={"Cookie": self.cookie, "Accept": "text/html"})

    def post(self, path: str, site: str = "same-origin", **fields: Any) -> httpx.Response:
        return self._caller.post(path, data=fields, headers={"Cookie": self.cookie, "Sec-Fetch-Site": site})


@dataclass
class Centre:
    """The gateway, the authority's stand-in, the phones' process, and a clock to turn."""

    folder: Path
    clock: Clock
    loop: asyncio.AbstractEventLoop
    desk: Desk
    wire: Wire
    sessions: Sessions
    phones: Caller = field(init=False)
    house: House = field(init=False)
    caller: Caller = field(init=False)
    letters: list[str] = field(default_factory=lambda: list("BCDEFGH"))

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def kiosk(self) -> Kiosk:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.generate()
        letter = self.letters.pop(0)
        code = make_code(self.house, f"Trạm {letter}", f"Kiosk {letter}", letter)
        body = {"code": code, "name": "k", "public_key": key.public_key().public_bytes_raw().hex()}
        enrolled = self.caller.post("/v1/enrolments", json=body).json()
        return Kiosk(self.caller, enrolled["kiosk_id"], lambda: _token(self, enrolled, key))

    def filing(self, procedure: str = "1.004222", **changes: Any) -> dict[str, Any]:
        usual: dict[str, Any] = {
            "procedure": procedure,
            "catalogue_digest": self.house.one_stop.catalogue_file.digest if self.house.one_stop else "",
            "applicant": KHANG,
            "phone": "0912 345 678",
            "answers": {"noi-o": "Số 1 phố Thử"},
            "documents": [{"component": "ct01", "name": "Tờ khai CT01", "number": 1, "kind": 0}],
            "declared": declared(self.house),
            "session_id": "session-0001",
            "at": self.clock.now().isoformat(),
        }
        return usual | changes

    def watch(self) -> None:
        """One round of the background's work."""
        self.run(watch(self.house))

    def dossiers(self) -> list[dict[str, Any]]:
        """What the authority's system has."""
        return self.desk.store.all("SELECT number, status FROM dossiers ORDER BY number")

    def rows(self, table: Any) -> list[Any]:
        with self.house.store.read() as transaction:
            return transaction.all(select(table))


def declared(house: House) -> dict[str, Any]:
    """The words that were shown, as a kiosk tells of them."""
    notice = load_notice(house)
    with house.store.write() as transaction:
        keep_notice(house, transaction, notice)
    return {
        "form": "ct01",
        "form_version": "mẫu 2026-11",
        "notice_version": notice.version,
        "notice_digest": notice.digest,
        "at": house.now().isoformat(),
    }


def _token(centre: Centre, enrolled: dict[str, str], key: Any) -> str:
    import jwt

    now = int(centre.clock.now().timestamp())
    claims = {"iss": enrolled["kiosk_id"], "sub": enrolled["kiosk_id"], "aud": enrolled["audience"]}
    claims |= {"jti": str(uuid.uuid4()), "iat": now, "exp": now + 60}
    assertion = jwt.encode(claims, key, algorithm="EdDSA")
    return centre.caller.post("/v1/token", json={"assertion": assertion}).json()["access_token"]


def centre_settings(folder: Path, **more: str) -> Settings:
    """The demo's centre with secrets and files in a folder of the test."""
    for name in ("password", "operator_name", "api_token", "webhook_secret"):
        (folder / name).write_text("p", encoding="utf-8")
    (folder / "operator_number").write_text("099180999901", encoding="utf-8")
    (folder / "upload_secret").write_text(SECRET, encoding="utf-8")
    over = folder / "over.toml"
    over.write_text(
        f"""
database = "sqlite:///{folder}/gateway.db"
[keys]
directory = "{folder}/keys"
[insurance]
password = {{ file = "{folder}/password" }}
operator_name = {{ file = "{folder}/operator_name" }}
operator_number = {{ file = "{folder}/operator_number" }}
[bank]
webhook_secret = {{ file = "{folder}/webhook_secret" }}
api_token = {{ file = "{folder}/api_token" }}
[[accounts]]
id = "kho-bac"
name = "Kho bạc Nhà nước (bản thử)"
bin = "999999"
account = "3511000001"
account_name = "KHO BAC NHA NUOC BAN THU"
webhook_secret = {{ file = "{folder}/webhook_secret" }}
api_url = "http://bank"
api_token = {{ file = "{folder}/api_token" }}
[one_stop]
catalogue = "{SAMPLE}"
calendar = "{SAMPLE.with_name("calendar-sample.json")}"
[one_stop.system]
url = "{more.get("system", "http://system")}"
client_secret = {{ file = "{folder}/password" }}
password = {{ file = "{folder}/password" }}
[uploads]
url = "{more.get("phones", "http://phones")}"
internal_url = "{more.get("internal", "http://internal")}"
secret = {{ file = "{folder}/upload_secret" }}
secure_cookies = false
port = 0
internal_port = 0
wifi_ssid = "Tram-Hoa-Giang"
""",
        encoding="utf-8",
    )
    return load([HOSPITAL, CENTRE, over])


def make_centre(folder: Path, empty_database: Path | str, vocabulary: str = "national") -> Generator[Centre]:
    """`empty_database`: an SQLite file to copy, or the address of a PostgreSQL database."""
    settings = centre_settings(folder)
    if isinstance(empty_database, str):
        settings = settings.model_copy(update={"database": empty_database})
    else:
        shutil.copy(empty_database, folder / "gateway.db")
    clock = Clock(MORNING)
    loop = asyncio.new_event_loop()
    desk = Desk(DeskStore(), vocabulary=vocabulary, procedures=_procedures(SAMPLE), now=clock.now)
    moment = lambda: clock.now().timestamp()  # noqa: E731
    wire = Wire(create(desk, Accounts("tram-demo", "p", "tram", "p", now=moment)))
    sessions = Sessions(20, moment)
    centre = Centre(folder, clock, loop, desk, wire, sessions)
    opened = open_house(settings, clock)
    one_stop, uploads = opened.one_stop, settings.uploads
    assert one_stop is not None and one_stop.settings.system is not None and uploads is not None
    system = System(one_stop.settings.system.model_copy(update={"vocabulary": vocabulary}), "H99.01", clock, wire)
    phones = UploadPlace(uploads, httpx.ASGITransport(internal.create(sessions, SECRET)))
    one_stop = replace(one_stop, system=system, uploads=phones)
    if vocabulary != "national":
        from gateway.one_stop.statuses import load_statuses

        one_stop = replace(one_stop, statuses=load_statuses(vocabulary))
    centre.house = with_dossier_bills(replace(opened, one_stop=one_stop, evidence=Evidence()))  # type: ignore[arg-type]
    centre.caller = Caller(centre, build(centre.house, with_background=False))
    centre.phones = Caller(centre, public.create(sessions, secure=False))
    try:
        yield centre
    finally:
        centre.caller.close()
        centre.phones.close()
        centre.run(opened.insurer.close())
        centre.run(opened.bank.close())
        centre.run(one_stop.close())
        if opened.one_stop is not None:
            centre.run(opened.one_stop.close())
        centre.house.store.close()
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


@pytest.fixture
def centre(tmp_path: Path, empty_database: Path) -> Generator[Centre]:
    """A one-stop centre without background work."""
    yield from make_centre(tmp_path, empty_database)


@pytest.fixture
def kiosk(centre: Centre) -> Kiosk:
    return centre.kiosk()


def photo(width: int = 600, height: int = 800, kind: str = "JPEG", seed: int = 1, **save: Any) -> bytes:
    """A picture like a photograph of a paper."""
    noise = random.Random(seed).randbytes(width * height // 64 * 3)
    picture = Image.frombytes("RGB", (width // 8, height // 8), noise).resize((width, height))
    made = io.BytesIO()
    picture.save(made, kind, **save)
    return made.getvalue()


__all__ = ["KHANG", "SECRET", "base64", "json", "photo"]
