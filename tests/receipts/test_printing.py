"""The slip printer of the journeys: never raises, and says which failure it was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
import trio
from PIL import Image

from drivers.device import DeviceState
from drivers.printer import PaperState, PrinterError, PrinterErrorReason, PrinterStatus
from services.failures import failure
from services.journeys.ports import Printed, SlipPrinter
from services.receipts.printing import ReceiptPrinter, failure_code
from services.receipts.slips import NumberSlip

T = TypeVar("T")
pytestmark = pytest.mark.trio
GOOD = PrinterStatus(device=DeviceState.ONLINE, paper=PaperState.FULL)


class OneAnswerPrinter:
    def __init__(self, answer: PrinterStatus | Exception) -> None:
        self.answer = answer
        self.pictures: list[Image.Image] = []
        self.last: PrinterStatus | None = None

    def status(self) -> PrinterStatus:
        return GOOD

    def print_picture(self, picture: Image.Image) -> PrinterStatus:
        self.pictures.append(picture)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def inline(device: str, work: Callable[[], T]) -> Awaitable[T]:
    async def done() -> T:
        await trio.lowlevel.checkpoint()
        assert device == "printer"
        return work()

    return done()


async def test_a_slip_that_came_out_is_ok(number_slip: Callable[..., NumberSlip]) -> None:
    driver = OneAnswerPrinter(GOOD)
    printer: SlipPrinter = ReceiptPrinter(driver, inline)
    assert await printer.print(number_slip()) == Printed(True)
    assert driver.pictures[0].width == 576


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (PrinterErrorReason.ABSENT, "PR-01"),
        (PrinterErrorReason.LOST, "PR-01"),
        (PrinterErrorReason.PAPER_OUT, "PR-02"),
        (PrinterErrorReason.CUTTER, "PR-03"),
        (PrinterErrorReason.COVER_OPEN, "PR-04"),
        (PrinterErrorReason.SILENT, "PR-05"),
        (PrinterErrorReason.UNCONFIRMED, "PR-05"),
        (PrinterErrorReason.OVERHEATED, "PR-06"),
        (PrinterErrorReason.HARDWARE, "PR-06"),
        (PrinterErrorReason.OFFLINE, "PR-06"),
    ],
)
async def test_each_reason_has_a_code_with_words(
    reason: PrinterErrorReason, code: str, number_slip: Callable[..., NumberSlip]
) -> None:
    driver = OneAnswerPrinter(PrinterError(reason, started=True))
    assert await ReceiptPrinter(driver, inline).print(number_slip()) == Printed(False, code)
    assert all(failure(code).sentences(language) for language in ("vi", "en"))


async def test_no_reason_is_forgotten() -> None:
    assert all(failure_code(reason) for reason in PrinterErrorReason)


async def test_a_fault_of_the_program_is_not_ok_and_does_not_reach_the_journey(
    number_slip: Callable[..., NumberSlip], caplog: pytest.LogCaptureFixture
) -> None:
    driver = OneAnswerPrinter(RuntimeError("a bug"))
    assert await ReceiptPrinter(driver, inline).print(number_slip()) == Printed(False, "PR-06")
    assert await ReceiptPrinter(OneAnswerPrinter(GOOD), inline).print(number_slip(marks=("no.such.mark",))) == Printed(
        False, "PR-06"
    )
    assert "U047" not in caplog.text


async def test_changes_of_the_state_are_told_once(number_slip: Callable[..., NumberSlip]) -> None:
    told: list[PrinterStatus] = []
    printer = ReceiptPrinter(OneAnswerPrinter(GOOD), inline, told.append)
    await printer.print(number_slip())
    await printer.status()
    await printer.print(number_slip())
    assert told == [GOOD]


async def test_a_failed_slip_tells_the_state_at_once(number_slip: Callable[..., NumberSlip]) -> None:
    told: list[PrinterStatus] = []
    driver = OneAnswerPrinter(PrinterError(PrinterErrorReason.PAPER_OUT, started=True))
    driver.last = PrinterStatus(device=DeviceState.USER_ERROR, paper=PaperState.OUT)
    await ReceiptPrinter(driver, inline, told.append).print(number_slip())
    assert told == [driver.last]


async def test_a_cancelled_print_is_cancelled_and_not_swallowed(number_slip: Callable[..., NumberSlip]) -> None:
    def never(_device: str, _work: Callable[[], T]) -> Awaitable[T]:
        async def wait() -> T:
            await trio.sleep_forever()
            raise AssertionError

        return wait()

    with trio.move_on_after(0) as scope:
        await ReceiptPrinter(OneAnswerPrinter(GOOD), never).print(number_slip())
    assert scope.cancelled_caught
