"""A slip of a journey through thread, driver and wire onto paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import cv2
import numpy
import pytest
import trio

from drivers.printer import EscPosPrinter, NetworkAddress, PrinterProfile, PrinterStatus
from services.journeys.offload import ThreadOffload
from services.journeys.ports import Printed
from services.receipts.drawing import draw
from services.receipts.printing import ReceiptPrinter
from services.receipts.slips import NumberSlip

pytestmark = [pytest.mark.wire, pytest.mark.trio]
Start = Callable[..., Any]
SLIP = NumberSlip(
    place="Bệnh viện Đa khoa Hòa Giang",
    kiosk="Trạm số 3, sảnh A",
    number="U047",
    clinic="Nội tim mạch",
    room="Phòng 205, tầng 2, nhà B",
    way="Thang máy B, ra cửa rẽ trái",
    taken_at=datetime(2026, 11, 23, 0, 16, tzinfo=UTC),
    waiting=6,
    expected_at=datetime(2026, 11, 23, 0, 40, tzinfo=UTC),
    marks=("prio.slip", "slip.unpaid"),
    desk="quầy số 2",
    code="TRM1-8F2K7Q",
    reprint_code="K7M4-2Q9D",
    number_masked="•••• •••• •829",
    demo=True,
)


def kiosk_printer(simulator: Any, told: list[PrinterStatus]) -> ReceiptPrinter:
    profile = PrinterProfile(answer_seconds=0.5, stall_seconds=1.0, finish_seconds=5.0)
    where = NetworkAddress(simulator.facts["host"], simulator.facts["port"])
    return ReceiptPrinter(EscPosPrinter(where, profile), ThreadOffload(), told.append)


async def test_a_slip_on_paper_is_the_picture_that_was_drawn_and_its_code_can_be_scanned(
    simulated_printer: Start,
) -> None:
    simulator = simulated_printer()
    assert await kiosk_printer(simulator, []).print(SLIP) == Printed(True)
    paper, drawn = simulator.picture().convert("1"), draw(SLIP)
    assert paper.crop((0, 0, 576, drawn.height)).tobytes() == drawn.tobytes()
    corner = numpy.asarray(paper.convert("L"))[drawn.height - 420 : drawn.height, :300]
    framed = cv2.copyMakeBorder(corner, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255)
    assert cv2.QRCodeDetector().detectAndDecode(framed)[0] == "TRM1-8F2K7Q"


@pytest.mark.parametrize(
    ("verb", "body", "code"),
    [
        ("paper", {"state": "out"}, "PR-02"),
        ("paper", {"state": "out", "after_rows": 700}, "PR-02"),
        ("jam", {"at": "cut"}, "PR-03"),
        ("cover", {"state": "open"}, "PR-04"),
        ("mute", {}, "PR-05"),
        ("offline", {}, "PR-01"),
        ("fault", {}, "PR-06"),
    ],
)
async def test_a_slip_that_is_not_whole_has_its_code_and_the_state_is_told(
    simulated_printer: Start, verb: str, body: dict[str, object], code: str
) -> None:
    simulator = simulated_printer()
    told: list[PrinterStatus] = []
    printer = kiosk_printer(simulator, told)
    simulator.do(verb, **body)
    with trio.fail_after(10):
        assert await printer.print(SLIP) == Printed(False, code)
    assert told and told[-1].problem is not None
    assert simulator.state()["slips"] == 0


async def test_the_window_goes_on_while_a_slow_printer_prints(simulated_printer: Start) -> None:
    simulator = simulated_printer("--rows-per-second", "1200")
    printer = kiosk_printer(simulator, [])
    frames = 0

    async def draw_frames() -> None:
        nonlocal frames
        while True:
            await trio.sleep(0.005)
            frames += 1

    async with trio.open_nursery() as nursery:
        nursery.start_soon(draw_frames)
        assert (await printer.print(SLIP)).ok
        nursery.cancel_scope.cancel()
    # The paper takes a second and more; the loop went on meanwhile.
    assert frames > 10
