"""The slip printer of the journeys: draw, print, and say honestly what became of it. Never raises for a printer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from PIL import Image

from drivers.printer import PrinterError, PrinterErrorReason, PrinterStatus
from services.journeys.ports import Printed
from services.receipts.drawing import draw
from services.receipts.slips import Slip

log = logging.getLogger(__name__)

T = TypeVar("T")
DEVICE = "printer"

_CODES: tuple[tuple[str, frozenset[PrinterErrorReason]], ...] = (
    ("PR-01", frozenset({PrinterErrorReason.ABSENT, PrinterErrorReason.LOST})),
    ("PR-02", frozenset({PrinterErrorReason.PAPER_OUT})),
    ("PR-03", frozenset({PrinterErrorReason.CUTTER})),
    ("PR-04", frozenset({PrinterErrorReason.COVER_OPEN})),
    ("PR-05", frozenset({PrinterErrorReason.SILENT, PrinterErrorReason.UNCONFIRMED})),
    (
        "PR-06",
        frozenset({PrinterErrorReason.OVERHEATED, PrinterErrorReason.HARDWARE, PrinterErrorReason.OFFLINE}),
    ),
)
_CODE_OF = {reason: code for code, reasons in _CODES for reason in reasons}


def failure_code(reason: PrinterErrorReason) -> str:
    """The failure code of a printer's problem (services.failures has its words)."""
    return _CODE_OF[reason]


class PicturePrinter(Protocol):
    """What a driver offers (drivers.printer.EscPosPrinter). Blocking."""

    @property
    def last(self) -> PrinterStatus | None:
        """The last state seen, without asking."""
        ...

    def status(self) -> PrinterStatus:
        """The state now; never raises."""
        ...

    def print_picture(self, picture: Image.Image) -> PrinterStatus:
        """Print one picture whole, or raise PrinterError."""
        ...


class Offload(Protocol):
    """The kiosk's seam for blocking calls (services.journeys.ports.Offload)."""

    def __call__(self, device: str, work: Callable[[], T]) -> Awaitable[T]:
        """Run `work` on the device's own place."""
        ...


class ReceiptPrinter:
    """Implements services.journeys.ports.SlipPrinter."""

    def __init__(
        self, printer: PicturePrinter, offload: Offload, changed: Callable[[PrinterStatus], None] | None = None
    ) -> None:
        self._printer = printer
        self._offload = offload
        self._changed = changed
        self._last: PrinterStatus | None = None

    async def print(self, slip: Slip) -> Printed:
        """Print one slip. Not ok when any part of it may be missing: it is never completed later by itself."""
        return await self.print_drawn(lambda: draw(slip))

    async def print_drawn(self, picture: Callable[[], Image.Image]) -> Printed:
        """The same for a picture that is not a slip of a journey (the technician's test)."""

        def work() -> PrinterStatus | PrinterErrorReason:
            drawn = picture()
            try:
                return self._printer.print_picture(drawn)
            except PrinterError as error:
                log.warning("a slip was not printed: %s%s", error, ", stopped in the middle" * error.started)
                return error.reason

        try:
            outcome = await self._offload(DEVICE, work)
        except Exception:
            # A fault of ours must not take the number away from its owner: it is on the screen.
            log.exception("a slip could not be drawn or sent")
            return Printed(False, failure_code(PrinterErrorReason.HARDWARE))
        if isinstance(outcome, PrinterErrorReason):
            if self._printer.last is not None:
                self._note(self._printer.last)
            return Printed(False, failure_code(outcome))
        self._note(outcome)
        return Printed(True)

    async def status(self) -> PrinterStatus:
        """Ask for the state now."""
        status = await self._offload(DEVICE, self._printer.status)
        self._note(status)
        return status

    def _note(self, status: PrinterStatus) -> None:
        if status != self._last:
            self._last = status
            if self._changed is not None:
                self._changed(status)
