"""A gateway in the test's own process: real store, real rules, stand-ins for insurer and bank, a clock to turn."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.gateway.postgres import cluster
from gateway.app import build, open_house
from gateway.fleet.enrolment import make_code
from gateway.fleet.evidence import EvidenceVerdict
from gateway.house import House
from gateway.insurance.copayment import Copayment
from gateway.insurance.exchanges import Exchange
from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.insurance.vss import CardAnswer, CardFacts
from gateway.payments.provider import BankUnavailable, Money
from gateway.payments.sepay import SePay
from gateway.settings import Settings, load
from gateway.staff import accounts
from gateway.store.bus import Bus
from gateway.store.database import Store
from gateway.store.migrate import migrate
from gateway.store.tables import metadata
from services.contract.models import EvidenceLevel, Person

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "gateway" / "data" / "demo-hoa-giang.toml"
WEBHOOK_SECRET = "a webhook secret"
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
"""12:00 on a Monday at the place."""


class Client:
    """Calls an ASGI application that lives on an event loop of its own, from any thread."""

    def __init__(self, app: Any) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="gateway", daemon=True)
        self._thread.start()
        self._http = httpx.AsyncClient(transport=_transport(app), base_url="http://gateway")

    def serve(self, app: Any) -> None:
        """Another application from now on."""
        self.run(self._http.aclose())
        self._http = httpx.AsyncClient(transport=_transport(app), base_url="http://gateway")

    def run(self, work: Any) -> Any:
        """Run a coroutine on the application's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def request(self, method: str, path: str, **request: Any) -> httpx.Response:
        return self.run(self._http.request(method, path, **request))

    def get(self, path: str, **request: Any) -> httpx.Response:
        return self.request("GET", path, **request)

    def post(self, path: str, **request: Any) -> httpx.Response:
        return self.request("POST", path, **request)

    def close(self) -> None:
        self.run(self._http.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _transport(app: Any) -> httpx.ASGITransport:
    return httpx.ASGITransport(app, raise_app_exceptions=False)


class TestClock:
    """Stands still until it is turned."""

    __test__ = False

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def turn(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


POSTGRES = os.environ.get("TRAM_TEST_DATABASE", "")
"""URL of an empty PostgreSQL database: the same tests there (`postgresql+psycopg://…`); default SQLite."""


def empty_postgres(url: str) -> None:
    """Migrated, and nothing in it."""
    store = Store(url, Bus())
    migrate(store)
    with store.write() as transaction:
        for table in metadata.tables.values():
            transaction.connection.exec_driver_sql(f"TRUNCATE {table.name} CASCADE")
    store.close()


@dataclass
class PlayedInsurer:
    """Answers what the test put there."""

    answers: dict[str, CardAnswer] = field(default_factory=dict[str, CardAnswer])
    failure: InsurerUnavailable | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    failures: dict[str, InsurerUnavailable] = field(default_factory=dict[str, InsurerUnavailable])
    """Of one number only."""
    copayments: dict[str, int] = field(default_factory=dict[str, int])
    operator_number: str = "099180999901"

    async def card(self, number: str, name: str, birth: str) -> CardAnswer:
        self.asked.append((number, name, birth))
        failure = self.failures.get(number, self.failure)
        if failure is not None:
            raise failure
        return self.answers.get(number, CardAnswer("050", "", ()))

    async def copayment(self, number: str, name: str, birth: str) -> Copayment:
        if number not in self.copayments:
            raise InsurerUnavailable(InsurerFault.TOO_SLOW, "test")
        return Copayment(self.copayments[number], Exchange.answered("/copayment", NOON, NOON, 200, b"{}"))

    async def close(self) -> None:
        """Nothing to close."""


class PlayedBank(SePay):
    """The real reading of notifications; the list is the test's."""

    listed: list[Money]
    down = False
    asked = 0

    async def movements_since(self, moment: datetime) -> list[Money]:
        self.asked += 1
        if self.down:
            raise BankUnavailable("down")
        return [money for money in self.listed if money.at >= moment]


class PlayedEvidence:
    """The verdict is what the test says, else what the kiosk claims."""

    verdict: EvidenceVerdict | None = None

    def check(self, person: Person, nonce: bytes | None, now: datetime) -> EvidenceVerdict:
        return self.verdict or EvidenceVerdict(person.level, person.reason)


class Kiosk:
    """A kiosk with its own key, talking to a gateway."""

    def __init__(self, client: Any, house: House, letter: str) -> None:
        self.client = client
        self.letter = letter
        self.ahead: timedelta | None = None
        """How far its clock is ahead; None: it does not tell."""
        self.key = Ed25519PrivateKey.generate()
        self._house = house
        code = make_code(house, f"Trạm {letter}", f"Kiosk {letter}", letter)
        public = self.key.public_key().public_bytes_raw().hex()
        answer = client.post("/v1/enrolments", json={"code": code, "name": "kiosk", "public_key": public})
        assert answer.status_code == 200, answer.text
        self.enrolled: dict[str, str] = answer.json()
        self.id = self.enrolled["kiosk_id"]
        self.token = self.fetch_token()

    def assertion(self, **claims: object) -> str:
        now = int(self._house.now().timestamp())
        usual: dict[str, object] = {
            "iss": self.id,
            "sub": self.id,
            "aud": self.enrolled["audience"],
            "jti": str(uuid.uuid4()),
            "iat": now,
            "exp": now + 60,
        }
        return jwt.encode(usual | claims, self.key, algorithm="EdDSA")

    def fetch_token(self) -> str:
        answer = self.client.post("/v1/token", json={"assertion": self.assertion()})
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    def get(self, path: str, **params: str) -> httpx.Response:
        return self.client.get(path, params=params, headers={"Authorization": f"Bearer {self.token}"})

    def post(self, path: str, body: Mapping[str, Any] | None = None, key: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key or str(uuid.uuid4())}
        if self.ahead is not None:
            headers["Kiosk-Clock"] = (self._house.now() + self.ahead).isoformat()
        return self.client.post(path, json=body or {}, headers=headers)

    def check_in(self, key: str | None = None, **changes: Any) -> httpx.Response:
        return self.post("/v1/check-ins", registration(self._house, **changes), key)


def registration(house: House, **changes: Any) -> dict[str, Any]:
    """A registration of a person whom the chip proved, without insurance, at the first clinic."""
    patient = {
        "number": "099088000145",
        "name": "Nguyễn Minh Khang",
        "birth": "1988-07-04",
        "sex": "M",
        "level": EvidenceLevel.CHIP_GENUINE.value,
    } | changes.pop("patient", {})
    usual: dict[str, Any] = {
        "patient": patient,
        "clinic_id": "tim-mach",
        "use_insurance": False,
        "arrived_at": house.now().isoformat(),
    }
    return usual | changes


@dataclass
class Gateway:
    """The gateway under test and everything around it."""

    house: House
    client: Client
    clock: TestClock
    insurer: PlayedInsurer
    bank: PlayedBank
    evidence: PlayedEvidence

    def kiosk(self, letter: str = "B") -> Kiosk:
        return Kiosk(self.client, self.house, letter)

    def notice(
        self, content: str, amount: int, id: int = 1, secret: str = WEBHOOK_SECRET, **changes: Any
    ) -> httpx.Response:
        """A signed notification of money."""
        fields: dict[str, Any] = {
            "id": id,
            "gateway": "X",
            "transactionDate": f"{self.clock.now() + timedelta(hours=7):%Y-%m-%d %H:%M:%S}",
            "accountNumber": self.house.settings.bank.account,
            "code": None,
            "content": content,
            "transferType": "in",
            "transferAmount": amount,
            "referenceCode": f"FT{id}",
        }
        return self.send_notice(json.dumps(fields | changes).encode(), secret)

    def send_notice(self, body: bytes, secret: str = WEBHOOK_SECRET, age: int = 0) -> httpx.Response:
        moment = str(int(self.clock.now().timestamp()) - age)
        signature = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"X-SePay-Timestamp": moment, "X-SePay-Signature": f"sha256={signature}"}
        return self.client.post("/v1/webhooks/bank", content=body, headers=headers)

    def money(self, content: str, amount: int, id: str = "9") -> Money:
        account = self.house.settings.bank.account
        return Money("sepay", id, account, amount, True, content, "FT", self.clock.now())


def demo_settings(
    folder: Path,
    *,
    insurer: str = "http://127.0.0.1:1",
    bank: str = "http://127.0.0.1:1",
    port: int = 0,
    query_seconds: str = "[10, 20, 40, 60, 120, 300]",
    database: str = "",
) -> Settings:
    """The demo's settings with secrets and files in a folder of the test."""
    secrets = {"password": "p", "operator_name": "Người Thử", "operator_number": "099180999901", "api_token": "t"}
    for name, value in (secrets | {"webhook_secret": WEBHOOK_SECRET}).items():
        (folder / name).write_text(value, encoding="utf-8")
    over = folder / "over.toml"
    over.write_text(
        f"""
database = "{database or f"sqlite:///{folder}/gateway.db"}"
[server]
port = {port}
[staff]
call_closes_minutes = 5
[keys]
directory = "{folder}/keys"
[insurance]
url = "{insurer}"
timeout_seconds = 1.5
password = {{ file = "{folder}/password" }}
operator_name = {{ file = "{folder}/operator_name" }}
operator_number = {{ file = "{folder}/operator_number" }}
[bank]
api_url = "{bank}"
query_seconds = {query_seconds}
webhook_secret = {{ file = "{folder}/webhook_secret" }}
api_token = {{ file = "{folder}/api_token" }}
""",
        encoding="utf-8",
    )
    return load([DEMO, over])


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Generator[None]:
    """Cheap hashes of invented passwords, in this process only: half the time of these tests was argon2."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(accounts, "_hasher", quick)
        patch.setattr(accounts, "_NOBODY", quick.hash("nobody has this password"))
        yield


@pytest.fixture(scope="session")
def postgres() -> Generator[str]:
    """A PostgreSQL server of the tests' own: a socket in a temporary folder, an ordinary user, ended by its folder."""
    with cluster() as (url, _pid):
        yield url


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database, made once and copied for each test."""
    file = tmp_path_factory.mktemp("empty") / "gateway.db"
    store = Store(f"sqlite:///{file}", Bus())
    migrate(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return file


@pytest.fixture
def gateway(tmp_path: Path, empty_database: Path) -> Generator[Gateway]:
    """A gateway without background work."""
    settings = demo_settings(tmp_path)
    if POSTGRES:
        settings = settings.model_copy(update={"database": POSTGRES})
        empty_postgres(POSTGRES)
    else:
        shutil.copy(empty_database, tmp_path / "gateway.db")
    clock = TestClock(NOON)
    insurer, evidence = PlayedInsurer(), PlayedEvidence()
    bank = PlayedBank(settings.bank)
    bank.listed = []
    opened = open_house(settings, clock)
    house = replace(opened, insurer=insurer, bank=bank, evidence=evidence)  # type: ignore[arg-type]
    client = Client(build(house, with_background=False))
    try:
        yield Gateway(house, client, clock, insurer, bank, evidence)
    finally:
        client.run(opened.insurer.close())
        client.run(opened.bank.close())
        client.run(bank.close())
        client.close()
        house.workers.close()
        house.store.close()


@dataclass(frozen=True)
class Parts:
    """What a test needs to build a gateway of its own."""

    client: type[Client] = Client
    bank: type[PlayedBank] = PlayedBank
    evidence: type[PlayedEvidence] = PlayedEvidence
    gateway: type[Gateway] = Gateway
    demo_settings: Callable[..., Settings] = demo_settings

    def clock(self) -> TestClock:
        return TestClock(NOON)


@pytest.fixture
def parts() -> Parts:
    return Parts()


@pytest.fixture
def kiosk(gateway: Gateway) -> Kiosk:
    """One enrolled kiosk, letter B."""
    return gateway.kiosk()


def card(number: str = "DN4999912345678", facility: str = "99001", **changes: Any) -> CardAnswer:
    """An answer of the insurer about a valid card."""
    from datetime import date

    code = changes.pop("code", "000")
    facts = CardFacts(number, date(2026, 1, 1), date(2026, 12, 31), facility, None)
    return CardAnswer(code, "", (replace(facts, **changes),))


# --- the gateway as a process of its own, with its peers on real wires


class Peer:
    """A process that announces itself by one JSON line and ends when its standard input closes."""

    def __init__(self, module: str, *arguments: str, log: Path) -> None:
        self._log = log.open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.kill()
            pytest.fail(f"{module} did not start: {log.read_text(encoding='utf-8')[-2000:]}")
        self.facts: dict[str, Any] = json.loads(line)
        self.url: str = self.facts.get("url", "")

    def play(self, verb: str, **body: Any) -> dict[str, Any]:
        answer = httpx.post(f"{self.facts['control']}/{verb}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def state(self) -> dict[str, Any]:
        return httpx.get(f"{self.facts['control']}/state").json()

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.close()

    def close(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self._log.close()


@dataclass
class World:
    """A running gateway with insurer, bank and a cable that can be cut."""

    folder: Path
    settings: list[str]
    insurer: Peer
    bank: Peer
    gateway: Peer
    cable: Peer
    house: House
    """The same store and keys, opened by the test: for codes and accounts, and to look inside."""
    clients: list[httpx.Client] = field(default_factory=list[httpx.Client])

    def kiosk(self, letter: str, through: str | None = None) -> Kiosk:
        client = httpx.Client(base_url=through or self.gateway.url, timeout=30)
        self.clients.append(client)
        return Kiosk(client, self.house, letter)

    def restart_gateway(self) -> None:
        self.gateway.kill()
        self.start_gateway()

    def start_gateway(self) -> None:
        self.gateway = Peer("gateway", "run", *self.settings, "--announce", log=self.folder / "gateway.log")

    def log(self) -> str:
        return (self.folder / "gateway.log").read_text(encoding="utf-8")


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for a condition of another process."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Generator[Peer]:
    """A hospital's till as a process of its own, for a file whose `more_settings` connect it."""
    peer = Peer("simulators.hospital_rest", "--secret", "h", log=tmp_path_factory.mktemp("till") / "till.log")
    yield peer
    peer.close()


@pytest.fixture(scope="module")
def more_settings() -> str:
    """What a file's own world has more, as TOML."""
    return ""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, more_settings: str) -> Generator[World]:
    """The gateway and everybody it talks to, for the tests of one file."""
    folder = tmp_path_factory.mktemp("world")
    bank = Peer(
        "simulators.bank",
        "--webhook-secret", WEBHOOK_SECRET, "--api-token", "t", "--minute", "0.05",
        log=folder / "bank.log",
    )  # fmt: skip
    insurer = Peer(
        "simulators.insurer",
        "--password", "p", "--operator-name", "Người Thử", "--operator-number", "099180999901",
        log=folder / "insurer.log",
    )  # fmt: skip
    demo_settings(folder, insurer=insurer.url, bank=bank.url, query_seconds="[1, 2, 60]")
    more = folder / "more.toml"
    more.write_text(more_settings, encoding="utf-8")
    house = open_house(load([DEMO, folder / "over.toml", more]))
    files = [word for file in (DEMO, folder / "over.toml", more) for word in ("--settings", str(file))]
    gateway = Peer("gateway", "run", *files, "--announce", log=folder / "gateway.log")
    address = gateway.url.removeprefix("http://")
    cable = Peer("simulators.network", "--upstream", address, log=folder / "cable.log")
    bank.play("configure", webhook_url=f"{gateway.url}/v1/webhooks/bank")
    made = World(folder, files, insurer, bank, gateway, cable, house)
    try:
        yield made
    finally:
        for client in made.clients:
            client.close()
        house.store.close()
        asyncio.run(house.insurer.close())
        asyncio.run(house.bank.close())
        for peer in (made.cable, made.gateway, insurer, bank):
            peer.close()


@pytest.fixture(scope="session")
def awaited() -> Callable[[Callable[[], bool]], None]:
    """Waits, as long as a busy machine needs, for a condition of another process."""

    def wait(condition: Callable[[], bool]) -> None:
        wait_until(condition, 120)

    return wait


@dataclass
class Processes:
    """Gateway processes that share a database and keys."""

    house: House
    peers: list[Peer]
    clients: list[httpx.Client] = field(default_factory=list[httpx.Client])

    def kiosk(self, letter: str, peer: int) -> Kiosk:
        client = httpx.Client(base_url=self.peers[peer].url, timeout=30)
        self.clients.append(client)
        return Kiosk(client, self.house, letter)

    def close(self) -> None:
        for peer in self.peers:
            peer.close()
        for client in self.clients:
            client.close()
        self.house.store.close()
        asyncio.run(self.house.insurer.close())
        asyncio.run(self.house.bank.close())


@pytest.fixture(scope="module")
def start_gateway() -> Generator[Callable[..., Processes]]:
    """Starts gateway processes on a database: `start(folder, url, count)`; they end with the tests of the file."""
    started: list[Processes] = []

    def start(folder: Path, database: str, count: int, *, migrate_first: bool = True) -> Processes:
        settings = demo_settings(folder, database=database)
        files = ["--settings", str(DEMO), "--settings", str(folder / "over.toml")]
        run = ["run", *files, "--announce", *(["--migrate"] if migrate_first else [])]
        peers = [Peer("gateway", *run, log=folder / f"gateway-{n}.log") for n in range(count)]
        started.append(Processes(open_house(settings), peers))
        return started[-1]

    yield start
    for processes in started:
        processes.close()
