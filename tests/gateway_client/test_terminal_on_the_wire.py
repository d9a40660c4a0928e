"""Fingers through the whole product: card, worker, kiosk, gateway process, key inside a token (SoftHSM)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import trio

from drivers.emrtd.reading import AccessKeys, ChipReading, FileId, Proof
from drivers.smartcard.remote import RemoteCardReader
from services.gateway_client import GatewayError
from services.gateway_client.client import GatewayClient, GatewayPlace
from services.gateway_client.enrolling import enrol
from services.gateway_client.identity import load
from services.journeys.offload import ThreadOffload
from simulators.chip.slot import Slot
from simulators.chip.world import World
from simulators.pcsc import PrivatePcscd
from simulators.world.processes import Process

pytestmark = [pytest.mark.wire, pytest.mark.trio]

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "gateway" / "data" / "demo-hoa-giang.toml"
PIN = "4711"
LABEL = "VNTESTIS0000001"
SETTINGS = """\
database = "sqlite:///{folder}/gateway.sqlite"
[server]
port = 0
public_url = "http://gateway.test"
[keys]
directory = "{folder}/keys"
[terminal]
certificates = "{folder}/certificates"
module = "/usr/lib/softhsm/libsofthsm2.so"
token = "terminal"
pin = {{ env = "TRAM_TERMINAL_PIN" }}
"""
SECRETS = {
    "TRAM_INSURER_PASSWORD": "invented",
    "TRAM_INSURER_OPERATOR_NAME": "Nguyễn Thị Thử Nghiệm",
    "TRAM_INSURER_OPERATOR_NUMBER": "099180999901",
    "TRAM_BANK_WEBHOOK_SECRET": "invented",
    "TRAM_BANK_API_TOKEN": "invented",
    "TRAM_TERMINAL_PIN": PIN,
}


class EdgeClock:
    """Time as people read it."""

    def now(self) -> datetime:
        return datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))


@dataclass
class Inspecting:
    """A gateway process with an inspection system, cards that trust it, and a kiosk enrolled there."""

    world: World
    process: Process
    url: str
    state: Path

    def client(self) -> GatewayClient:
        place = GatewayPlace(url=self.url, state=self.state)
        return GatewayClient(place, load(self.state), ThreadOffload(), EdgeClock())


@pytest.fixture
def inspecting(tmp_path: Path) -> Iterator[Inspecting]:
    world = World()
    world.laboratory.write(tmp_path / "certificates")
    env = SECRETS | {"SOFTHSM2_CONF": _token(tmp_path)}
    settings = tmp_path / "gateway.toml"
    settings.write_text(SETTINGS.format(folder=tmp_path), "utf-8")
    files = ["--settings", str(DEMO), "--settings", str(settings)]
    argv = [sys.executable, "-m", "gateway", "--log-level", "WARNING", "run", "--migrate", "--announce", *files]
    process = Process("gateway", argv, tmp_path / "gateway.log", cwd=ROOT, env=env)
    try:
        process.ready()
        url = _address(process)
        made = [sys.executable, "-m", "gateway", "enrol-code", "Trạm thử", "--letter", "K", *files]
        ran = subprocess.run(made, cwd=ROOT, env=os.environ | env, capture_output=True, text=True, check=True)
        state = tmp_path / "state"
        state.mkdir()
        enrol(url, None, state, code=ran.stdout.strip(), name="test")
        yield Inspecting(world, process, url, state)
    finally:
        process.stop()


def _address(process: Process) -> str:
    """Where it really listens: `public_url` is only its name."""
    import psutil

    (listening,) = [
        each for each in psutil.Process(process.child.pid).net_connections("tcp") if each.status == "LISTEN"
    ]
    return f"http://127.0.0.1:{listening.laddr.port}"


def _token(folder: Path) -> str:
    """A SoftHSM token of our own, into which the terminal's key goes and out of which it never comes."""
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n", "utf-8")
    key = folder / "certificates" / "is.pem"
    made = ["--init-token", "--free", "--label", "terminal", "--pin", PIN, "--so-pin", "5678"]
    imported = ["--import", str(key), "--token", "terminal", "--label", LABEL, "--id", "A1", "--pin", PIN]
    for words in (made, imported):
        env = os.environ | {"SOFTHSM2_CONF": str(configuration)}
        subprocess.run(["softhsm2-util", *words], env=env, check=True, capture_output=True)
    key.unlink()
    return str(configuration)


@pytest.fixture
def pcsc() -> Iterator[PrivatePcscd]:
    with PrivatePcscd() as service:
        yield service


@pytest.fixture
def slot(pcsc: PrivatePcscd) -> Iterator[Slot]:
    laid = Slot(pcsc.port)
    yield laid
    laid.remove()


async def _read(reader: RemoteCardReader, slot: Slot, card: Any, after: int = -1) -> ChipReading:
    slot.insert(card)
    lying = await reader.inserted(after=after)
    keys = AccessKeys(card.content.can, (card.content.mrz_information,))
    return await reader.read(lying, keys, b"12345678", lambda _: None)


async def test_a_card_gives_its_fingers_and_without_the_gateway_everything_else(
    inspecting: Inspecting, pcsc: PrivatePcscd, slot: Slot, tmp_path: Path
) -> None:
    with closing(inspecting.client()) as client, trio.fail_after(60):
        reader = RemoteCardReader(env=pcsc.env, terminal=client.terminal)
        async with trio.open_nursery() as nursery:
            await nursery.start(reader.run)
            card = inspecting.world.card({"profile": "vietnam-2024"})
            reading = await _read(reader, slot, card)
            assert reading.transcript.terminal_authentication, reading.transcript.failed
            assert reading.files[FileId.DG3] == card.content.application[0x0103]

            for file in (tmp_path / "certificates").iterdir():
                file.unlink()
            with pytest.raises(GatewayError) as caught:
                await client.terminal.sign(bytes(48))
            assert caught.value.status == 424
            assert client.online, "what is lost is the inspection system, not the gateway"

            inspecting.process.stop()
            lying = reader.card
            assert lying is not None
            slot.remove()
            await reader.removed(lying)
            reading = await _read(reader, slot, inspecting.world.card({"profile": "vietnam-2021"}), lying.serial)
            assert not reading.transcript.terminal_authentication
            assert Proof.TERMINAL_AUTHENTICATION in reading.transcript.failed
            assert FileId.DG3 not in reading.files
            assert {FileId.DG1, FileId.DG2, FileId.DG13, FileId.SOD} <= reading.files.keys()
            assert not client.online
            nursery.cancel_scope.cancel()


async def test_a_gateway_without_an_inspection_system_knows_no_chain(kiosk: Any) -> None:
    async with kiosk() as client:
        with pytest.raises(LookupError):
            await client.terminal.chain(b"VNTESTCVCA00001")
        with pytest.raises(GatewayError) as caught:
            await client.terminal.sign(bytes(48))
        assert caught.value.status == 404
        assert client.online


async def test_a_gateway_that_is_known_to_be_gone_is_not_asked_before_a_card(kiosk: Any, cable: Any) -> None:
    async with kiosk() as client:
        cable.cut()
        with pytest.raises(GatewayError):
            await client.terminal.chain(b"VNTESTCVCA00001")
        assert not client.online
        cable.restore()
        with pytest.raises(GatewayError, match="offline"):
            await client.terminal.sign(bytes(48))
