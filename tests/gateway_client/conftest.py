"""A real gateway process with an enrolled kiosk, and a cable between them that can be cut or lose an answer."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
import trio

from services.contract import models as wire
from services.gateway_client.client import GatewayClient, GatewayPlace
from services.gateway_client.enrolling import enrol
from services.gateway_client.identity import load
from services.journeys.offload import ThreadOffload
from simulators.world.processes import Process

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "gateway" / "data" / "demo-hoa-giang.toml"
EDGE = ZoneInfo("Asia/Ho_Chi_Minh")


class WallClock:
    """Time as people read it; `ahead` moves it."""

    def now(self) -> datetime:
        return datetime.now(EDGE)


@dataclass
class RunningGateway:
    """The gateway process, its settings and its database; it can be killed and started again."""

    folder: Path
    settings: list[str]
    port: int
    process: Process

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = start_gateway(self.folder, self.settings)

    def rows(self, query: str, *args: object) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.folder / "gateway.sqlite")) as connection:
            return connection.execute(query, args).fetchall()

    def live_numbers(self, key: str) -> list[str]:
        """Numbers somebody may be called by for registration `key`."""
        query = (
            "SELECT t.number FROM tickets t JOIN registrations r ON r.check_in_id = t.check_in_id"
            " WHERE r.registration_key = ? AND t.status NOT IN ('voided', 'abandoned')"
        )
        return [number for (number,) in self.rows(query, key)]

    def command(self, *words: str, typed: str = "") -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "gateway", *words, *self.settings],
            cwd=ROOT,
            env={**os.environ, **SECRETS},
            input=typed,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return ran.stdout.strip()


SECRETS = {
    "TRAM_INSURER_PASSWORD": "invented",
    "TRAM_INSURER_OPERATOR_NAME": "Nguyễn Thị Thử Nghiệm",
    "TRAM_INSURER_OPERATOR_NUMBER": "099180999901",
    "TRAM_BANK_WEBHOOK_SECRET": "invented",
    "TRAM_BANK_API_TOKEN": "invented",
    "TRAM_ONE_STOP_SECRET": "invented",
    "TRAM_ONE_STOP_PASSWORD": "invented",
}

OVERLAY = """\
database = "sqlite:///{folder}/gateway.sqlite"
[server]
port = {port}
public_url = "http://gateway.test"
[keys]
directory = "{folder}/keys"
"""


def start_gateway(folder: Path, settings: list[str]) -> Process:
    argv = [sys.executable, "-m", "gateway", "--log-level", "WARNING", "run", "--migrate", "--announce", *settings]
    process = Process("gateway", argv, folder / "gateway.log", cwd=ROOT, env=SECRETS)
    try:
        process.ready()
    except BaseException:
        process.stop()
        raise
    return process


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    folder = tmp_path_factory.mktemp("gateway")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    overlay = folder / "overlay.toml"
    overlay.write_text(OVERLAY.format(folder=folder, port=port), "utf-8")
    settings = ["--settings", str(DEMO), "--settings", str(overlay)]
    running = RunningGateway(folder, settings, port, start_gateway(folder, settings))
    yield running
    running.process.stop()


@pytest.fixture(scope="session")
def enrolled(gateway: RunningGateway, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state directory of a kiosk that was enrolled a moment ago."""
    state = tmp_path_factory.mktemp("enrolled")
    code = gateway.command("enrol-code", "Trạm thử", "--letter", "K")
    enrol(f"http://{gateway.address}", None, state, code=code, name="test")
    return state


class Cable:
    """The relay between kiosk and gateway."""

    def __init__(self, process: Process) -> None:
        self.url: str = process.facts["url"]
        self._control: str = process.facts["control"]
        self._lost_before = 0

    def fresh(self) -> Cable:
        """Whole again, every open connection dropped, nothing lost so far."""
        self.cut()
        self.restore()
        self._lost_before += self.lost
        return self

    def set(self, **faults: object) -> None:
        requests.post(f"{self._control}/set", json=faults, timeout=5).raise_for_status()

    def cut(self) -> None:
        requests.post(f"{self._control}/cut", json={}, timeout=5).raise_for_status()

    def restore(self) -> None:
        requests.post(f"{self._control}/restore", json={}, timeout=5).raise_for_status()

    @property
    def lost(self) -> int:
        return int(requests.get(f"{self._control}/state", timeout=5).json()["lost"]) - self._lost_before


@pytest.fixture(scope="session")
def one_cable(gateway: RunningGateway) -> Iterator[Cable]:
    argv = [sys.executable, "-m", "simulators.network", "--upstream", gateway.address]
    process = Process("network", argv, gateway.folder / "network.log", cwd=ROOT)
    process.ready()
    yield Cable(process)
    process.stop()


@pytest.fixture
def cable(one_cable: Cable) -> Cable:
    """The cable as a test finds it: whole."""
    return one_cable.fresh()


Kiosk = Callable[..., AbstractAsyncContextManager[GatewayClient]]


@pytest.fixture
def state(enrolled: Path, tmp_path: Path) -> Path:
    """This test's own copy of the enrolled kiosk's state."""
    folder = tmp_path / "state"
    shutil.copytree(enrolled, folder)
    return folder


@pytest.fixture
def kiosk(state: Path, cable: Cable) -> Kiosk:
    """A client on the cable; `running=False` leaves its background task away."""

    @asynccontextmanager
    async def make(
        *, running: bool = False, answer_seconds: float = 8.0, beat: float = 1.0, devices: Any = tuple
    ) -> AsyncIterator[GatewayClient]:
        place = GatewayPlace(url=cable.url, state=state, answer_seconds=answer_seconds, slow_answer_seconds=15.0)
        client = GatewayClient(
            place, load(state), ThreadOffload(), WallClock(), heartbeat=devices, heartbeat_seconds=beat
        )
        try:
            async with trio.open_nursery() as nursery:
                if running:
                    await nursery.start(client.run)
                yield client
                nursery.cancel_scope.cancel()
        finally:
            client.close()

    return make


_people = iter(range(1, 100000))


@pytest.fixture
def person() -> Callable[..., wire.Registration]:
    """A registration of somebody who never stood here before."""

    def make(**changes: Any) -> wire.Registration:
        number = f"0992{next(_people):08d}"
        patient = wire.Person(number=number, name="NGUYỄN VĂN THỬ", birth="1990-01-02", level=wire.EvidenceLevel.QR)
        facts: dict[str, Any] = {"patient": patient, "clinic_id": "tai-mui-hong", "arrived_at": datetime.now(UTC)}
        return wire.Registration.model_validate(facts | changes)

    return make


@pytest.fixture
def until() -> Callable[..., Any]:
    """Wait for a condition without a fixed sleep (30 s at most)."""

    async def wait(condition: Callable[[], bool]) -> None:
        with trio.fail_after(30):
            while not condition():
                await trio.sleep(0.02)

    return wait
