"""A printer's state in XFS4IoT words, from the bytes of DLE EOT 1 to 4 (ESC/POS, "real-time status transmission")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntFlag

from drivers.device import DeviceState
from drivers.printer.errors import PrinterErrorReason


class PaperState(Enum):
    """`Printer.Status` → `paper`."""

    UNKNOWN = "unknown"
    NOT_SUPPORTED = "notSupported"
    FULL = "full"
    LOW = "low"
    OUT = "out"
    JAMMED = "jammed"


class CoverState(Enum):
    """The cover over the roll."""

    UNKNOWN = "unknown"
    NOT_SUPPORTED = "notSupported"
    CLOSED = "closed"
    OPEN = "open"


class CutterState(Enum):
    """The automatic cutter."""

    UNKNOWN = "unknown"
    NOT_SUPPORTED = "notSupported"
    OK = "ok"
    STUCK = "stuck"


class HeadState(Enum):
    """Print head and electronics."""

    UNKNOWN = "unknown"
    NOT_SUPPORTED = "notSupported"
    OK = "ok"
    OVERHEATED = "overheated"
    """"Automatically recoverable error": head temperature or supply voltage."""
    FAULTY = "faulty"
    """"Unrecoverable error"."""


class PrinterBits(IntFlag):
    """DLE EOT 1."""

    DRAWER = 0x04
    OFFLINE = 0x08
    WAITING_FOR_RECOVERY = 0x20
    FEED_BUTTON = 0x40


class OfflineBits(IntFlag):
    """DLE EOT 2."""

    COVER_OPEN = 0x04
    FEEDING_BY_BUTTON = 0x08
    STOPPED_BY_PAPER_END = 0x20
    ERROR = 0x40


class ErrorBits(IntFlag):
    """DLE EOT 3."""

    RECOVERABLE = 0x04
    """On models with a mechanism that can jam; else reserved."""
    CUTTER = 0x08
    UNRECOVERABLE = 0x20
    RECOVERS_BY_ITSELF = 0x40


class PaperBits(IntFlag):
    """DLE EOT 4: two sensors, each with two equal bits."""

    NEAR_END = 0x0C
    END = 0x60


def is_realtime_answer(byte: int) -> bool:
    """Whether `byte` has the fixed bits of a DLE EOT answer (0xx1xx10), unlike ASB, GS r and XON/XOFF bytes."""
    return byte & 0x93 == 0x12


def is_ordered_answer(byte: int) -> bool:
    """Whether `byte` has the fixed bits of a GS r answer (0xx0xxxx)."""
    return byte & 0x90 == 0x00


@dataclass(frozen=True)
class PrinterStatus:
    """One moment of a printer."""

    device: DeviceState = DeviceState.UNKNOWN
    paper: PaperState = PaperState.UNKNOWN
    cover: CoverState = CoverState.UNKNOWN
    cutter: CutterState = CutterState.UNKNOWN
    head: HeadState = HeadState.UNKNOWN
    problem: PrinterErrorReason | None = None
    """What keeps it from printing now, worst first; None when it can print (also with low paper)."""

    @property
    def can_print(self) -> bool:
        """Whether a slip may be sent."""
        return self.device is DeviceState.ONLINE and self.problem is None


NO_PRINTER = PrinterStatus(device=DeviceState.NO_DEVICE, problem=PrinterErrorReason.ABSENT)
SILENT_PRINTER = PrinterStatus(device=DeviceState.OFFLINE, problem=PrinterErrorReason.SILENT)

_DEVICE_OF = {
    PrinterErrorReason.HARDWARE: DeviceState.HARDWARE_ERROR,
    PrinterErrorReason.CUTTER: DeviceState.USER_ERROR,
    PrinterErrorReason.COVER_OPEN: DeviceState.USER_ERROR,
    PrinterErrorReason.PAPER_OUT: DeviceState.USER_ERROR,
    PrinterErrorReason.OVERHEATED: DeviceState.OFFLINE,
    PrinterErrorReason.OFFLINE: DeviceState.OFFLINE,
    PrinterErrorReason.SILENT: DeviceState.OFFLINE,
    PrinterErrorReason.ABSENT: DeviceState.NO_DEVICE,
}


def parse_status(answers: Mapping[int, int | None]) -> PrinterStatus:
    """The state from the answers to DLE EOT n: n → byte, None = not answered, missing = the printer does not know n.

    No answer to 1 is silence, whatever the others say: 1 is the one every ESC/POS printer knows.
    """
    printer = answers.get(1)
    if printer is None:
        return SILENT_PRINTER
    offline, error, paper = (answers.get(n) for n in (2, 3, 4))
    problem = _problem(printer, offline, error, paper)
    return PrinterStatus(
        device=_DEVICE_OF[problem] if problem else DeviceState.ONLINE,
        paper=_paper(answers, offline, paper),
        cover=_cover(answers, offline),
        cutter=_cutter(answers, error),
        head=_head(answers, error),
        problem=problem,
    )


def _problem(printer: int, offline: int | None, error: int | None, paper: int | None) -> PrinterErrorReason | None:
    offline_bits, error_bits = offline or 0, error or 0
    if error_bits & ErrorBits.UNRECOVERABLE:
        return PrinterErrorReason.HARDWARE
    if error_bits & (ErrorBits.CUTTER | ErrorBits.RECOVERABLE):
        return PrinterErrorReason.CUTTER
    # The cover before the paper: an open cover lifts the paper from its sensor, closing it may be all there is to do.
    if offline_bits & OfflineBits.COVER_OPEN:
        return PrinterErrorReason.COVER_OPEN
    if offline_bits & OfflineBits.STOPPED_BY_PAPER_END or (paper or 0) & PaperBits.END:
        return PrinterErrorReason.PAPER_OUT
    if error_bits & ErrorBits.RECOVERS_BY_ITSELF:
        return PrinterErrorReason.OVERHEATED
    if offline_bits & OfflineBits.ERROR and error is None:
        return PrinterErrorReason.HARDWARE
    if printer & PrinterBits.OFFLINE:
        return PrinterErrorReason.OFFLINE
    return None


def _paper(answers: Mapping[int, int | None], offline: int | None, paper: int | None) -> PaperState:
    if (offline or 0) & OfflineBits.STOPPED_BY_PAPER_END:
        return PaperState.OUT
    if paper is None:
        return PaperState.UNKNOWN if 4 in answers else PaperState.NOT_SUPPORTED
    if paper & PaperBits.END:
        return PaperState.OUT
    return PaperState.LOW if paper & PaperBits.NEAR_END else PaperState.FULL


def _cover(answers: Mapping[int, int | None], offline: int | None) -> CoverState:
    if offline is None:
        return CoverState.UNKNOWN if 2 in answers else CoverState.NOT_SUPPORTED
    return CoverState.OPEN if offline & OfflineBits.COVER_OPEN else CoverState.CLOSED


def _cutter(answers: Mapping[int, int | None], error: int | None) -> CutterState:
    if error is None:
        return CutterState.UNKNOWN if 3 in answers else CutterState.NOT_SUPPORTED
    return CutterState.STUCK if error & (ErrorBits.CUTTER | ErrorBits.RECOVERABLE) else CutterState.OK


def _head(answers: Mapping[int, int | None], error: int | None) -> HeadState:
    if error is None:
        return HeadState.UNKNOWN if 3 in answers else HeadState.NOT_SUPPORTED
    if error & ErrorBits.UNRECOVERABLE:
        return HeadState.FAULTY
    return HeadState.OVERHEATED if error & ErrorBits.RECOVERS_BY_ITSELF else HeadState.OK
