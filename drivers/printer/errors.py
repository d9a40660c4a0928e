"""Why a printer did not do its work: one error with a reason."""

from __future__ import annotations

from enum import Enum


class PrinterErrorReason(Enum):
    """What to fix. Codes of the registry are mapped from (PrinterError, reason)."""

    ABSENT = "absent"
    """It cannot be opened: unplugged, switched off, wrong address, used by another program."""
    LOST = "lost"
    """The wire broke while it worked."""
    SILENT = "silent"
    """It is there and answers no status request, or stopped taking data."""
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    CUTTER = "cutter"
    """The cutter is stuck, nearly always by jammed paper."""
    OVERHEATED = "overheated"
    """The head is too hot (or the voltage is wrong); it recovers by itself."""
    HARDWARE = "hardware"
    """Unrecoverable: somebody with tools is needed."""
    OFFLINE = "offline"
    """It says "offline" and gives no cause (feed button held, waiting for recovery)."""
    UNCONFIRMED = "unconfirmed"
    """All data was taken and the state is good, but it never said that the data was printed."""


class PrinterError(Exception):
    """The one error of printers. `retry` tells whether the same call can succeed without anybody's hands."""

    def __init__(self, reason: PrinterErrorReason, detail: str = "", *, started: bool = False) -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
        self.started = started
        """Whether part of the picture may already be on paper."""

    @property
    def retry(self) -> bool:
        """Whether trying again can help by itself."""
        return self.reason in {
            PrinterErrorReason.LOST,
            PrinterErrorReason.SILENT,
            PrinterErrorReason.OVERHEATED,
            PrinterErrorReason.OFFLINE,
        }
