"""The devices of this kiosk, each with its supervisor: what changes is put on the board, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import trio

from drivers.audio.life import SoundLife
from drivers.audio.player import Player
from drivers.card_terminal import TerminalDesk
from drivers.device import BackOff, DeviceState
from drivers.document_scanner import DocumentDesk
from drivers.fingerprint.reader import FingerReader
from drivers.printer.life import PrinterLife
from drivers.printer.printer import EscPosPrinter
from drivers.scanner import CodeScanner
from drivers.smartcard.connection import CardError, CardErrorReason
from drivers.smartcard.life import ReaderLife
from drivers.smartcard.remote import RemoteCardReader
from drivers.supervisor import Supervisor
from services.device_health import (
    CARD_TERMINAL,
    DOCUMENT_SCANNER,
    FINGER,
    PRINTER,
    READER,
    SCANNER,
    SOUND,
    HealthBoard,
    of_reader,
    of_sound,
)
from services.receipts.printing import ReceiptPrinter
from services.receipts.refill import refill_slip

Supervisors = Mapping[str, Supervisor]
"""By the board's name of the device."""


def supervise_reader(board: HealthBoard, reader: RemoteCardReader, name: str = "") -> Supervisor:
    """The card reader; the worker behind it must be running."""

    def changed(state: DeviceState) -> None:
        reason = CardErrorReason.NO_READER if state is DeviceState.NO_DEVICE else CardErrorReason.NO_SERVICE
        board.report(of_reader(None if state is DeviceState.ONLINE else CardError(reason)))

    return Supervisor(f"card reader {name}".strip(), ReaderLife(reader), changed, BackOff(0.05, 0.05))


def supervise_printer(receipts: ReceiptPrinter, printer: EscPosPrinter) -> Supervisor:
    """The receipt printer; every status it answers goes to the board by `receipts` itself."""
    return Supervisor(f"printer {printer.where}", PrinterLife(receipts.status, printer.close), back_off=BackOff(0.2, 1))


def supervise_sound(board: HealthBoard, player: Player) -> Supervisor:
    """The loudspeaker."""
    return Supervisor("sound", SoundLife(player), lambda state: note_sound(board, state), BackOff(0.05, 0.05))


def note_sound(board: HealthBoard, state: DeviceState) -> None:
    """Put the loudspeaker on the board."""
    board.report(of_sound(state))


def supervisors(
    board: HealthBoard,
    reader: RemoteCardReader,
    scanner: CodeScanner,
    printer: EscPosPrinter,
    receipts: ReceiptPrinter,
    player: Player | None,
    finger: FingerReader | None = None,
    documents: DocumentDesk | None = None,
    terminal: TerminalDesk | None = None,
) -> Supervisors:
    """All of them; without a loudspeaker by the settings, `player` is None."""
    made = {
        READER: supervise_reader(board, reader),
        SCANNER: scanner.supervisor,
        PRINTER: supervise_printer(receipts, printer),
    }
    if finger is not None:
        made[FINGER] = finger.supervisor
    if documents is not None:
        made[DOCUMENT_SCANNER] = documents.supervisor
    if terminal is not None:
        made[CARD_TERMINAL] = terminal.supervisor
    if player is not None:
        made[SOUND] = supervise_sound(board, player)
    return made


async def prove_refills(receipts: ReceiptPrinter, now: Callable[[], datetime]) -> None:
    """For ever: a blank test slip each time paper or cover were seen to. No PIN, and nothing else is ever printed."""
    while True:
        await receipts.refilled()
        await receipts.print_paper(lambda width: refill_slip(now(), width))


async def supervise(each: Supervisors) -> None:
    """For ever."""
    async with trio.open_nursery() as nursery:
        for supervisor in each.values():
            nursery.start_soon(supervisor.run, name=supervisor.name)
