"""A gateway in the test's own process: real store, real rules, stand-ins for insurer and bank, a clock to turn."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import shutil
import threading
import uuid
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.app import build, open_house
from gateway.fleet.enrolment import make_code
from gateway.fleet.evidence import EvidenceVerdict
from gateway.house import House
from gateway.insurance.failures import InsurerUnavailable
from gateway.insurance.vss import CardAnswer, CardFacts
from gateway.payments.provider import BankUnavailable, Money
from gateway.payments.sepay import SePay
from gateway.settings import Settings, load
from gateway.store.bus import Bus
from gateway.store.database import Store
from gateway.store.migrate import migrate
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
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._http = httpx.AsyncClient(transport=transport, base_url="http://gateway")

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


class TestClock:
    """Stands still until it is turned."""

    __test__ = False

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def turn(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


@dataclass
class PlayedInsurer:
    """Answers what the test put there."""

    answers: dict[str, CardAnswer] = field(default_factory=dict[str, CardAnswer])
    failure: InsurerUnavailable | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])

    async def card(self, number: str, name: str, birth: str) -> CardAnswer:
        self.asked.append((number, name, birth))
        if self.failure is not None:
            raise self.failure
        return self.answers.get(number, CardAnswer("050", "", (), b"{}"))

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

    def __init__(self, client: Client, house: House, letter: str) -> None:
        self.client = client
        self.letter = letter
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


def demo_settings(folder: Path, database: str | None = None) -> Settings:
    """The demo's settings with secrets and files in a folder of the test."""
    secrets = {"password": "p", "operator_name": "Người Thử", "operator_number": "099180999901", "api_token": "t"}
    for name, value in (secrets | {"webhook_secret": WEBHOOK_SECRET}).items():
        (folder / name).write_text(value, encoding="utf-8")
    over = folder / "over.toml"
    over.write_text(
        f"""
database = "{database or f"sqlite:///{folder}/gateway.db"}"
[keys]
directory = "{folder}/keys"
[insurance]
password = {{ file = "{folder}/password" }}
operator_name = {{ file = "{folder}/operator_name" }}
operator_number = {{ file = "{folder}/operator_number" }}
[bank]
webhook_secret = {{ file = "{folder}/webhook_secret" }}
api_token = {{ file = "{folder}/api_token" }}
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
def gateway(tmp_path: Path, empty_database: Path) -> Generator[Gateway]:
    """A gateway without background work."""
    settings = demo_settings(tmp_path)
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
        house.store.close()


@pytest.fixture
def kiosk(gateway: Gateway) -> Kiosk:
    """One enrolled kiosk, letter B."""
    return gateway.kiosk()


def card(number: str = "DN4999912345678", facility: str = "99001", **changes: Any) -> CardAnswer:
    """An answer of the insurer about a valid card."""
    from datetime import date

    code = changes.pop("code", "000")
    facts = CardFacts(number, date(2026, 1, 1), date(2026, 12, 31), facility, None)
    return CardAnswer(code, "", (replace(facts, **changes),), base64.b64encode(b"raw"))
