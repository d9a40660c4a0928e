"""This kiosk's own room: every device of the board opens anew by its button, and no failure ends the mode."""

from __future__ import annotations

import base64
import errno
import io
import logging
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
import trio

from drivers.card_terminal import NexoTerminal, Parties, TerminalAddress, TerminalDesk
from drivers.fingerprint.reader import FingerReader
from drivers.printer import EscPosPrinter, NetworkAddress
from drivers.scanner import CodeScanner, ScannerLine
from drivers.smartcard.remote import RemoteCardReader
from kiosk.devices import Supervisors, supervisors
from kiosk.finger_place import local_matcher
from kiosk.settings import load
from kiosk.technician import room as rooms
from kiosk.technician.bundle import LogTail
from kiosk.technician.card import TechnicianCards
from kiosk.technician.room import Line, TechnicianRoom
from kiosk.technician.traces import CardTraces
from services.contract.diagnostics import DiagnosticsKept
from services.device_health import CARD_TERMINAL, HealthBoard
from services.fingers.matcher import Grey, WorkerMatcher
from services.fingers.rules import Position
from services.gateway_client.errors import GatewayError, GatewayReason
from services.identity.by_finger import FingerDesk
from services.identity.citizen import Citizen, Evidence, EvidenceLevel
from services.journeys.offload import ThreadOffload
from services.journeys.prompts import DeviceAction, Finger, Told
from services.receipts.printing import ReceiptPrinter
from services.technician import mode
from services.technician.room import Check
from tests.fingerprint.conftest import module

__all__ = ["module"]
pytestmark = pytest.mark.trio
TEXT = """\
[gateway]
url = "https://gateway.example:8443/"
[printer]
kind = "network"
host = "10.1.2.3"
[scanner]
path = "/dev/serial/by-path/scanner"
[card_terminal]
host = "10.1.2.4"
sale_id = "TRAM03"
poi_id = "SimPOS-1"
"""


@pytest.fixture
def terminal() -> TerminalDesk:
    return TerminalDesk(NexoTerminal(TerminalAddress("10.1.2.4", 8443), Parties("TRAM03", "SimPOS-1")), "made up")


@pytest.fixture
def watched(terminal: TerminalDesk) -> Supervisors:
    printer = EscPosPrinter(NetworkAddress("10.1.2.3", 9100))
    receipts = ReceiptPrinter(printer, ThreadOffload())
    scanner = CodeScanner(ScannerLine("/dev/nowhere"))
    return supervisors(HealthBoard(), RemoteCardReader(), scanner, printer, receipts, None, terminal=terminal)


@pytest.fixture
def tail() -> Iterator[LogTail]:
    """Everything that is logged, at every level."""
    tail, root = LogTail(), logging.getLogger()
    level = root.level
    root.addHandler(tail)
    root.setLevel(logging.DEBUG)
    yield tail
    root.setLevel(level)
    root.removeHandler(tail)


@pytest.fixture
def bundles() -> list[bytes]:
    """What was sent to the gateway."""
    return []


@pytest.fixture
def room(tmp_path: Path, watched: Supervisors, tail: LogTail, bundles: list[bytes]) -> TechnicianRoom:
    path = tmp_path / "kiosk.toml"
    path.write_text(TEXT)
    settings, offload, reader = load(path), ThreadOffload(), RemoteCardReader()
    receipts = ReceiptPrinter(EscPosPrinter(NetworkAddress("10.1.2.3", 9100)), offload)

    async def waiting() -> int:
        await trio.lowlevel.checkpoint()
        return 0

    async def sent(bundle: bytes) -> DiagnosticsKept:
        await trio.lowlevel.checkpoint()
        bundles.append(bundle)
        return DiagnosticsKept(id="0123456789ab", bytes=len(bundle), received_at=datetime.now(UTC))

    return TechnicianRoom(
        path, settings, HealthBoard(), watched, receipts, (), offload, Line(lambda: True, waiting, lambda: None, sent),
        tail, TechnicianCards(settings.state_directory, reader, offload), CardTraces(), cast("Any", None),
        kiosk="HG-03", now=partial(datetime.now, UTC), language=lambda: "vi", end=lambda: None,
    )  # fmt: skip


async def test_the_card_terminal_opens_anew_by_its_button(room: TechnicianRoom, terminal: TerminalDesk) -> None:
    resets: list[bool] = []

    async def restart() -> None:
        await trio.lowlevel.checkpoint()
        resets.append(True)

    terminal.restart = restart
    assert await room.act(CARD_TERMINAL, DeviceAction.REOPEN) == Told("tech.reopened")
    assert resets == [True]


async def test_a_bundle_that_cannot_be_made_is_said_and_does_not_end_the_mode(
    room: TechnicianRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: object) -> Any:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(rooms, "run_checks", exhausted)
    assert await room.export() == Told("tech.export.failed", (("why", "Too many open files"),))


class Refusing:
    """A gateway that takes no finger, and whose errors say too much."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []

    async def check(self, check: Any) -> Any:
        await trio.lowlevel.checkpoint()
        self.seen.append(check.picture.pixels.encode())
        raise GatewayError(GatewayReason.NO_NETWORK, "the connection broke", sent=True)

    async def come_back(self, back: Any) -> Any:
        await trio.lowlevel.checkpoint()
        self.seen.append(back.picture.pixels.encode())
        raise ValueError(f"{back.picture.pixels} of {back.birth} is no finger")


@pytest.mark.wire
async def test_nothing_of_a_finger_stands_in_log_books_or_bundle(
    room: TechnicianRoom, tail: LogTail, bundles: list[bytes], module: Any, tmp_path: Path
) -> None:
    """The canary: pictures from the wire, spoilt ones too, sent in vain, compared, and in an error nobody foresaw."""
    sensor, gateway, matcher = module(), Refusing(), local_matcher()
    reader = FingerReader("finger reader", sensor.reader())
    desk = FingerDesk(reader, cast("Any", gateway), None, ThreadOffload())
    sensor.glass.put({"number": 3, "impression": 0})
    sensor.fails("checksum")
    citizen = Citizen(Evidence(EvidenceLevel.CHIP_READ), number="001085012345", name="Nguyễn Thị Canary")
    secrets = dict[str, bytes]()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(reader.supervisor.run)
        with trio.fail_after(60):
            await reader.supervisor.found()
            assert (await desk.compare(citizen, Finger.RIGHT_INDEX, lambda _: None)).lost

            async def hand() -> None:
                while True:  # it must see that the finger was lifted, and then another touch
                    sensor.glass.lift({})
                    await trio.sleep(0.4)
                    sensor.glass.put({"number": 3, "impression": 0})
                    await trio.sleep(0.8)

            async def falls_over() -> Any:
                while True:
                    await desk.come_back("1985-03-12", "8291", lambda _: None)

            nursery.start_soon(hand)
            await mode._run(Check("finger", falls_over, seconds=50))
        nursery.cancel_scope.cancel()
    assert "the test of finger: ValueError at" in tail.text and "a picture broke off" in tail.text
    sensor.glass.put({"number": 3, "impression": 0})
    pixels = sensor.glass.pixels()
    if matcher is not None:
        secrets |= templates_of(matcher, pixels)
    grey = bytes((one >> 4) * 17 for one in pixels)
    packed = bytes(one >> 4 << 4 | two >> 4 for one, two in zip(pixels[::2], pixels[1::2], strict=True))
    assert len(gateway.seen) == 2
    secrets |= {"number": b"001085012345", "name": b"Canary", "birth": b"1985-03-12"}
    for place in (120, 140, 160):  # rows in the middle of the finger
        secrets |= forms(f"row {place} of the line", packed[128 * place + 40 : 128 * place + 88])
        secrets |= forms(f"row {place}", grey[256 * place + 100 : 256 * place + 150])
    for number, sent in enumerate(gateway.seen):
        secrets |= {f"sent {number}": sent[200:260]}
    assert await room.export() == Told("tech.export.sent", (("id", "01234567"), ("kilobytes", len(bundles[0]) // 1024)))
    archive = zipfile.ZipFile(io.BytesIO(bundles[0]))
    written = {f"bundle {name}": archive.read(name) for name in archive.namelist()}
    written |= {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    written["log"] = tail.text.encode()
    assert {"bundle log.txt", "bundle doctor.json", "bundle devices.json"} <= set(written)
    assert [
        (kind, place) for place, content in written.items() for kind, trace in secrets.items() if trace in content
    ] == []


@pytest.mark.parametrize("before", range(3))
async def test_the_canary_is_known_in_base64_wherever_it_begins(before: int) -> None:
    await trio.lowlevel.checkpoint()
    row = bytes(range(100, 148))
    written = base64.b64encode(bytes(before) + row + bytes(5))
    assert [kind for kind, trace in forms("row", row).items() if trace in written] == [
        f"row, base64 from {-before % 3}"
    ]


def templates_of(matcher: WorkerMatcher, pixels: bytes) -> dict[str, bytes]:
    """The record of ISO/IEC 19794-2 that the local matcher makes of it: how each begins, and its first six minutiae."""
    try:
        record = matcher.extract(Grey(256, 288, 500, pixels), Position.RIGHT_INDEX).record
    finally:
        matcher.close()
    return {"record": b"FMR\0", **forms("minutiae", record[28:64])}


def forms(name: str, content: bytes) -> dict[str, bytes]:
    """The ways in which a program may write bytes; in base64 they look different at each place in their three."""
    inner = {skip: base64.b64encode(content[skip : skip + 30]) for skip in range(3)}
    assert len(content) >= 32
    return {
        name: content,
        f"{name}, hexadecimal": content.hex().encode(),
        **{f"{name}, base64 from {skip}": written for skip, written in inner.items()},
        f"{name}, as Python": repr(content)[2:-1].encode(),
    }
