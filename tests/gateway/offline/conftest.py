"""A real gateway and several real kiosk clients in one process, one clock that is turned, and cables that fail."""

from __future__ import annotations

import types
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from gateway.fleet.enrolment import make_code
from services.contract import models as wire
from services.contract.models import Problem
from services.gateway_client.client import GatewayClient, GatewayPlace
from services.gateway_client.enrolling import enrol
from services.gateway_client.errors import GatewayError, GatewayReason
from services.gateway_client.http import Answer, Call, Http, Place
from services.gateway_client.identity import load
from services.journeys.offload import InlineOffload
from services.journeys.ports import Accepted

PLACE = ZoneInfo("Asia/Ho_Chi_Minh")


class Cable(Http):
    """Between one kiosk and the gateway. `faults` are used up one an exchange: "before" or "after" the commit."""

    def __init__(self, client: Any) -> None:
        super().__init__("http://gateway", None, 1.0)
        self._client = client
        self.cut = False
        self.faults: list[str | None] = []
        self.delivered: list[str] = []

    def send(self, place: Place, call: Call, token: str | None) -> Answer:
        fault = self.faults.pop(0) if self.faults else None
        if self.cut:
            raise GatewayError(GatewayReason.NO_NETWORK, "no connection")
        if fault == "before":
            raise GatewayError(GatewayReason.NO_NETWORK, "the connection broke", sent=True)
        answer = self._exchange(call, token)
        if fault == "after":
            raise GatewayError(GatewayReason.TIMEOUT, "no answer in time", sent=True)
        if 200 <= answer.status_code < 300:
            return Answer(answer.status_code, answer.content, answer.headers.get("Date", ""))
        reason = GatewayReason.REFUSED if answer.status_code in {401, 403} else GatewayReason.CONFLICT
        if answer.status_code >= 500:
            reason = GatewayReason.SERVER
        problem = Problem.model_validate_json(answer.content)
        told = problem.detail
        raise GatewayError(reason, problem.title, status=answer.status_code, code=problem.code, told=told, sent=True)

    def _exchange(self, call: Call, token: str | None) -> httpx.Response:
        headers = {"Content-Type": call.kind} | dict(call.headers)
        if call.key:
            headers["Idempotency-Key"] = call.key
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if call.key:
            self.delivered.append(call.key)
        return self._client.request(call.method, call.path, params=dict(call.query), content=call.body, headers=headers)


@dataclass
class KioskClock:
    """A kiosk's own clock, `ahead` of the gateway's."""

    house: Any
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return (self.house.now() + self.ahead).astimezone(PLACE)


@dataclass
class Kiosk:
    """One kiosk with everything it keeps; it can be switched off and on."""

    letter: str
    state: Path
    cable: Cable
    clock: KioskClock
    client: GatewayClient = field(init=False)

    def __post_init__(self) -> None:
        self.switch_on()

    def switch_on(self) -> None:
        place = GatewayPlace(url="http://gateway", state=self.state)
        self.client = GatewayClient(place, load(self.state), InlineOffload(), self.clock)
        channel = self.client._channel
        channel.http = channel._tokens._http = self.cable

    def restart(self) -> None:
        self.client.close()
        self.switch_on()

    async def prepare(self) -> None:
        """What the background keeps fresh."""
        await self.client._background._site_and_clinics()
        await self.client._background._leases()

    async def deliver(self) -> None:
        """Try everything that waits, however often the cable fails; the clock is turned past every pause."""
        for _ in range(1000):
            if self.client._ledger.outbox.counts().waiting == 0:
                return
            if not await self.client._deliverer.deliver_one():
                self.clock.house.clock.turn(seconds=61)
        raise AssertionError("the outbox does not become empty")

    async def visit(self, number: int, clinic: str, **changes: Any) -> Accepted:
        """Somebody checks in, gets a slip, and goes."""
        patient = wire.Person(
            number=f"099088{number:06}", name=f"NGƯỜI {number}", birth="1990-01-02", level=wire.EvidenceLevel.QR
        )
        facts: dict[str, Any] = {"patient": patient, "clinic_id": clinic, "arrived_at": self.clock.now()}
        accepted = await self.client.register(wire.Registration.model_validate(facts | changes))
        await self.client.report_slip(accepted, True, None)
        return accepted


@pytest.fixture
def make_kiosk(gateway: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Callable[..., Kiosk]]:
    """Enrols a kiosk: `make_kiosk("B", ahead=timedelta(...))`."""
    made: list[Kiosk] = []
    # The time of assertions is the kiosk's clock, and tokens age with it.
    seconds = types.SimpleNamespace(
        time=lambda: gateway.house.now().timestamp(), monotonic=lambda: gateway.house.now().timestamp()
    )
    monkeypatch.setattr("services.gateway_client.token.time", seconds)

    def make(letter: str, ahead: timedelta = timedelta()) -> Kiosk:
        state = tmp_path / letter
        cable = Cable(gateway.client)
        monkeypatch.setattr("services.gateway_client.enrolling.Http", lambda *_args, **_options: cable)
        code = make_code(gateway.house, f"Trạm {letter}", f"Kiosk {letter}", letter)
        enrol("http://gateway", None, state, code=code, name=letter)
        made.append(Kiosk(letter, state, cable, KioskClock(gateway.house, ahead)))
        return made[-1]

    yield make
    for kiosk in made:
        kiosk.client.close()
