"""The slip printer of the journeys: never raises, and says which failure it was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import pytest
import trio
import trio.testing
import zxingcpp
from PIL import Image

from drivers.device import DeviceState
from drivers.printer import (
    CodePage,
    PaperState,
    PrinterError,
    PrinterErrorReason,
    PrinterProfile,
    PrinterStatus,
    PrintMode,
    TextLine,
)
from drivers.printer.text import encode
from kiosk.devices import prove_refills
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
        self.profile = PrinterProfile()
        self.texts: list[tuple[TextLine, ...]] = []

    def status(self) -> PrinterStatus:
        return GOOD

    def print_picture(self, picture: Image.Image) -> PrinterStatus:
        self.pictures.append(picture)
        return self._answered()

    def print_text(self, lines: tuple[TextLine, ...]) -> PrinterStatus:
        self.texts.append(lines)
        return self._answered()

    def _answered(self) -> PrinterStatus:
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
        (PrinterErrorReason.UNCONFIRMED, "PR-09"),
        (PrinterErrorReason.OVERHEATED, "PR-07"),
        (PrinterErrorReason.HARDWARE, "PR-06"),
        (PrinterErrorReason.OFFLINE, "PR-08"),
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


OUT = PrinterStatus(device=DeviceState.USER_ERROR, paper=PaperState.OUT, problem=PrinterErrorReason.PAPER_OUT)
LOW = PrinterStatus(device=DeviceState.ONLINE, paper=PaperState.LOW)


async def test_who_waits_for_paper_is_told_when_the_printer_can_print(nursery: trio.Nursery) -> None:
    driver = OneAnswerPrinter(GOOD)
    printer = ReceiptPrinter(driver, inline)
    driver.status = lambda: OUT
    await printer.status()
    with trio.move_on_after(0.01) as waiting:
        await printer.ready()
    assert waiting.cancelled_caught
    ready: list[bool] = []

    async def wait() -> None:
        await printer.ready()
        ready.append(True)

    nursery.start_soon(wait)
    await trio.testing.wait_all_tasks_blocked()
    driver.status = lambda: LOW
    await printer.status()
    await trio.testing.wait_all_tasks_blocked()
    assert ready == [True]


@pytest.mark.parametrize("waits", [False, True])
async def test_a_refill_is_proved_by_a_blank_slip_only_when_nobody_waits_for_theirs(
    nursery: trio.Nursery, waits: bool
) -> None:
    driver = OneAnswerPrinter(GOOD)
    printer = ReceiptPrinter(driver, inline)
    nursery.start_soon(prove_refills, printer, lambda: datetime(2026, 11, 23, 0, 16, tzinfo=UTC))
    if waits:
        nursery.start_soon(printer.ready)
    for status in (OUT, OUT, GOOD, GOOD, LOW, GOOD):
        driver.status = partial(lambda status: status, status)
        await trio.testing.wait_all_tasks_blocked()
        await printer.status()
    await trio.testing.wait_all_tasks_blocked()
    assert len(driver.pictures) == (0 if waits else 1)


async def test_slips_that_did_not_come_out_are_counted_until_they_do_or_the_technician_clears(
    number_slip: Callable[..., NumberSlip],
) -> None:
    printer = ReceiptPrinter(OneAnswerPrinter(PrinterError(PrinterErrorReason.PAPER_OUT)), inline)
    for _ in range(3):
        await printer.print(number_slip())
    printer.printed_again()
    assert printer.unprinted == 2
    printer.clear_unprinted()
    assert printer.unprinted == 0


async def test_a_text_printer_gets_the_same_slip_as_lines(number_slip: Callable[..., NumberSlip]) -> None:
    driver = OneAnswerPrinter(GOOD)
    driver.profile = PrinterProfile(mode=PrintMode.TEXT)
    assert await ReceiptPrinter(driver, inline).print(number_slip()) == Printed(True)
    assert driver.pictures == []
    lines = driver.texts[0]
    assert [line.times for line in lines if line.text == "U047"] == [6]
    assert [line.code for line in lines if line.code] == [number_slip().code]
    said = b"".join(encode(lines, 576, CodePage.FOLDED))
    assert b"Phong 205" in said and b"U047" in said


@pytest.mark.parametrize("width", [384, 512, 576, 640, 832])
async def test_paper_of_every_width_gets_a_slip_that_fits(number_slip: Callable[..., NumberSlip], width: int) -> None:
    driver = OneAnswerPrinter(GOOD)
    driver.profile = PrinterProfile(width=width)
    assert await ReceiptPrinter(driver, inline).print(number_slip()) == Printed(True)
    picture = driver.pictures[0]
    assert picture.width == width
    texts = {code.text for code in zxingcpp.read_barcodes(picture.convert("L"))}
    assert texts == {number_slip().code}
    left, _, right, _ = picture.convert("L").point(lambda grey: 255 - grey).getbbox() or (0, 0, 0, 0)
    assert left >= 8 and right <= width - 8
