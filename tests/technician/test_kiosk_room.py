"""This kiosk's own room: every device of the board opens anew by its button, and no failure ends the mode."""

from __future__ import annotations

import errno
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
import trio

from drivers.card_terminal import NexoTerminal, Parties, TerminalAddress, TerminalDesk
from drivers.printer import EscPosPrinter, NetworkAddress
from drivers.scanner import CodeScanner, ScannerLine
from drivers.smartcard.remote import RemoteCardReader
from kiosk.devices import Supervisors, supervisors
from kiosk.settings import load
from kiosk.technician import room as rooms
from kiosk.technician.bundle import LogTail
from kiosk.technician.card import TechnicianCards
from kiosk.technician.room import Line, TechnicianRoom
from kiosk.technician.traces import CardTraces
from services.contract.diagnostics import DiagnosticsKept
from services.device_health import CARD_TERMINAL, HealthBoard
from services.journeys.offload import ThreadOffload
from services.journeys.prompts import DeviceAction, Told
from services.receipts.printing import ReceiptPrinter

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
def room(tmp_path: Path, watched: Supervisors) -> TechnicianRoom:
    path = tmp_path / "kiosk.toml"
    path.write_text(TEXT)
    settings, offload, reader = load(path), ThreadOffload(), RemoteCardReader()
    receipts = ReceiptPrinter(EscPosPrinter(NetworkAddress("10.1.2.3", 9100)), offload)

    async def waiting() -> int:
        await trio.lowlevel.checkpoint()
        return 0

    async def sent(bundle: bytes) -> DiagnosticsKept:
        await trio.lowlevel.checkpoint()
        return DiagnosticsKept(id="0123456789ab", bytes=len(bundle), received_at=datetime.now(UTC))

    return TechnicianRoom(
        path, settings, HealthBoard(), watched, receipts, (), offload, Line(lambda: True, waiting, lambda: None, sent),
        LogTail(), TechnicianCards(settings.state_directory, reader, offload), CardTraces(), cast("Any", None),
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
