"""Kiosks as the gateway sees them: enrolled, with a key, a token and a line, playing one check-in at a time."""

from __future__ import annotations

import asyncio
import base64
import json
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.gateway.people import Patient
from benchmarks.gateway.standins import INSURER_SECONDS, Bank
from benchmarks.gateway.wire import Line, Stream, request
from gateway.clock import day_of
from services.contract.sealed import MEDIA_TYPE, seal

_JSON = b"Content-Type: application/json\r\n"
_SEALED = b"Content-Type: %s\r\n" % MEDIA_TYPE.encode()
_HEAD = b'{"alg":"EdDSA","typ":"JWT"}'
_TOKEN_SECONDS = 480.0


@dataclass
class Tally:
    """What happened since the last look."""

    seconds: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    """Duration of each call by its name, the insurer's time taken off."""
    visits: list[float] = field(default_factory=list[float])
    """Time of all calls of one check-in."""
    pushed: list[float] = field(default_factory=list[float])
    """From the bank's notice to the event at the kiosk."""
    calls: int = 0
    errors: dict[str, int] = field(default_factory=dict[str, int])
    unverified: int = 0

    def error(self, what: str) -> None:
        """Count one."""
        self.errors[what] = self.errors.get(what, 0) + 1


@dataclass
class Floor:
    """Everything the kiosks share."""

    gateways: list[tuple[str, int]]
    account: str
    bank: Bank
    tally: Tally = field(default_factory=Tally)
    numbers: set[tuple[date, str, str]] = field(default_factory=set[tuple[date, str, str]])
    """Day, clinic and number: a run that crosses midnight at the place begins at 001 again."""
    duplicates: int = 0
    streams: int = 0
    most_streams: int = 0
    bank_lines: list[Line] = field(default_factory=list[Line])


class Kiosk:
    """One kiosk on one of the gateway's processes; its event streams go to another one, as a balancer may do."""

    def __init__(self, floor: Floor, place: int) -> None:
        self._floor = floor
        self._home = floor.gateways[place % len(floor.gateways)]
        self._away = floor.gateways[(place + 1) % len(floor.gateways)]
        self._line: Line | None = None
        self._key = Ed25519PrivateKey.generate()
        self._enrolled: dict[str, str] = {}
        self._bearer = b""
        self._token_until = 0.0
        self._nonces: list[dict[str, str]] = []
        self._spent = 0.0

    async def enrol(self, code: str) -> None:
        """Make the key known."""
        public = self._key.public_key().public_bytes_raw().hex()
        body = json.dumps({"code": code, "name": "load", "public_key": public}).encode()
        self._enrolled = json.loads(await self._ask("enrol", request("POST", "/v1/enrolments", _JSON, body)))

    async def visit(self, patient: Patient, clinic: str, pay_after: float | None) -> None:
        """A whole check-in: insured, or (with `pay_after` seconds) paid by a code on the screen."""
        self._spent = 0.0
        try:
            await self._visit(patient, clinic, pay_after)
        except (ConnectionError, KeyError, ValueError, TimeoutError) as error:
            self._floor.tally.error(type(error).__name__)
        else:
            self._floor.tally.visits.append(self._spent)

    async def _visit(self, patient: Patient, clinic: str, pay_after: float | None) -> None:
        tally = self._floor.tally
        await self._fresh_token()
        if not self._nonces:
            self._nonces = (await self._write("nonces", "/v1/nonces", b"{}"))["nonces"]
        nonce = self._nonces.pop()
        proof = base64.b64encode(patient.answer(bytes.fromhex(nonce["value"]))).decode()
        eligibility = ""
        if pay_after is None:
            asked = json.dumps({"number": patient.number, "name": patient.name, "birth": patient.birth}).encode()
            eligibility = (await self._write("eligibility", "/v1/insurance/eligibility", asked))["id"]
        path = f"/v1/clinics?eligibility={eligibility}" if eligibility else "/v1/clinics"
        await self._ask("clinics", request("GET", path, self._bearer))
        arrived = datetime.now(UTC)
        registration = (
            f'{{"patient":{patient.told},"aa_nonce_id":"{nonce["id"]}","aa_response":"{proof}"}}}},'
            f'"clinic_id":"{clinic}","eligibility_id":{json.dumps(eligibility or None)},'
            f'"use_insurance":{"true" if eligibility else "false"},"arrived_at":"{arrived.isoformat()}"}}'
        )
        ticket = await self._write("check-in", "/v1/check-ins", registration.encode(), sealed=True)
        tally.unverified += bool(ticket["unverified"])
        number = (day_of(arrived), clinic, ticket["number"])
        self._floor.duplicates += number in self._floor.numbers
        self._floor.numbers.add(number)
        if pay_after is not None:
            await self._pay(ticket["bill_id"], pay_after)
        slip = json.dumps({"printed": True, "at": datetime.now(UTC).isoformat()}).encode()
        await self._write("slip", f"/v1/check-ins/{ticket['check_in_id']}/slip", slip, sealed=True)

    async def _pay(self, bill: str, after: float) -> None:
        intent = await self._write("payment", "/v1/payment-intents", json.dumps({"bill_id": bill}).encode())
        floor, loop = self._floor, asyncio.get_running_loop()
        began = loop.time()
        asked = request("GET", f"/v1/payment-intents/{intent['id']}/events", self._bearer)
        _, stream = await loop.create_connection(lambda: Stream(asked, b'"status":"paid"'), *self._away)
        status = await stream.opened
        self._took("stream", loop.time() - began)
        if status != 200:
            floor.tally.error(f"stream {status}")
        floor.streams += 1
        floor.most_streams = max(floor.most_streams, floor.streams)
        try:
            await asyncio.sleep(after)
            told = loop.time()
            await self._notice(intent)
            floor.tally.pushed.append(await asyncio.wait_for(stream.done, 20) - told)
        finally:
            floor.streams -= 1
            stream.close()

    async def _notice(self, intent: dict[str, Any]) -> None:
        floor = self._floor
        notice = floor.bank.pay(floor.account, intent["amount"], intent["purpose"])
        line = floor.bank_lines.pop(0) if floor.bank_lines else None
        if line is None or not line.open:
            _, line = await asyncio.get_running_loop().create_connection(Line, *self._home)
        status, _ = await line.ask(notice)
        floor.bank_lines.append(line)
        if status != 200:
            floor.tally.error(f"notice {status}")

    async def _write(self, name: str, path: str, body: bytes, *, sealed: bool = False) -> dict[str, Any]:
        key = str(uuid.uuid4())
        kind = _JSON
        if sealed:
            body = seal(body, self._enrolled["sealing_key"], path=path, key=key)
            kind = _SEALED
        headers = self._bearer + kind + b"Idempotency-Key: %s\r\n" % key.encode()
        return json.loads(await self._ask(name, request("POST", path, headers, body)))

    async def _ask(self, name: str, sent: bytes) -> bytes:
        loop = asyncio.get_running_loop()
        began = loop.time()
        status, body = await self._exchange(sent)
        self._took(name, loop.time() - began - (INSURER_SECONDS if name == "eligibility" else 0.0))
        if status not in {200, 202}:
            self._floor.tally.error(f"{name} {status}")
            raise ValueError(f"{name}: {status}")
        return body

    async def _exchange(self, sent: bytes) -> tuple[int, bytes]:
        """As a kiosk does: a line that was closed meanwhile is replaced, once."""
        for attempt in range(2):
            if self._line is None or not self._line.open:
                _, self._line = await asyncio.get_running_loop().create_connection(Line, *self._home)
            try:
                return await self._line.ask(sent)
            except ConnectionError:
                if attempt:
                    raise
        raise ConnectionError

    def _took(self, name: str, seconds: float) -> None:
        self._floor.tally.calls += 1
        self._floor.tally.seconds.setdefault(name, []).append(seconds)
        self._spent += seconds

    async def _fresh_token(self) -> None:
        if time.monotonic() < self._token_until:
            return
        now = int(time.time())
        who = self._enrolled["kiosk_id"]
        claims = {"iss": who, "sub": who, "aud": self._enrolled["audience"], "jti": str(uuid.uuid4()), "iat": now}
        text = f"{_b64(_HEAD)}.{_b64(json.dumps(claims | {'exp': now + 60}).encode())}"
        assertion = f"{text}.{_b64(self._key.sign(text.encode()))}"
        body = json.dumps({"assertion": assertion}).encode()
        token = json.loads(await self._ask("token", request("POST", "/v1/token", _JSON, body)))["access_token"]
        self._bearer = f"Authorization: Bearer {token}\r\n".encode()
        self._token_until = time.monotonic() + _TOKEN_SECONDS


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
