"""The driver against SANE's test back end, through the worker's pipes."""

from __future__ import annotations

import os
import threading
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from drivers.device import Answer
from drivers.document_scanner import ScanError, ScanErrorReason, ScannedPage, ScanOrder, Source, pdf_of
from tests.document_scanner.conftest import MakeScanner

pytestmark = pytest.mark.wire
ORDER = ScanOrder(dpi=75)


def scan(make: MakeScanner, order: ScanOrder = ORDER, settings: dict[str, str] | None = None) -> list[ScannedPage]:
    pages: list[ScannedPage] = []
    make(**(settings or {})).scan(order, pages.append)
    return pages


def picture(page: ScannedPage) -> Image.Image:
    return Image.open(BytesIO(page.jpeg))


def test_a_scanner_tells_what_it_can(make_scanner: MakeScanner) -> None:
    scanner = make_scanner()
    scanner.open()
    found = scanner.capabilities
    assert (found.flatbed, found.feeder, found.colour) == (Answer.SUPPORTED,) * 3
    assert found.stepless
    assert found.resolutions == (1, 1200)


def test_a_flatbed_gives_one_page_of_a4_in_colour(make_scanner: MakeScanner) -> None:
    pages = scan(make_scanner, settings={"test__picture": '"Color pattern"'})
    assert len(pages) == 1
    page = picture(pages[0])
    assert (page.format, page.mode, page.info["dpi"]) == ("JPEG", "RGB", (75, 75))
    assert page.size == (pages[0].width, pages[0].height) == (int(210 / 25.4 * 75), int(297 / 25.4 * 75))
    low, high = zip(*page.getextrema(), strict=True)
    assert max(low) < 40
    assert min(high) > 215, "all three colours came"


def test_a_feeder_is_scanned_until_it_is_empty_in_one_run(make_scanner: MakeScanner) -> None:
    """The back end's feeder holds ten sheets."""
    scanner, pages = make_scanner(), list[ScannedPage]()
    assert scanner.scan(ScanOrder(Source.FEEDER, dpi=75), pages.append) == 10
    assert len(pages) == 10


def test_no_more_pages_are_taken_than_were_ordered(make_scanner: MakeScanner) -> None:
    assert len(scan(make_scanner, ScanOrder(Source.FEEDER, dpi=75, most_pages=3))) == 3


@pytest.mark.parametrize(
    "settings",
    [
        {"three__pass": "true"},
        {"hand__scanner": "true"},
        {"ppl__loss": "7"},
        {"read__limit": "true", "read__limit__size": "997"},
        {"fuzzy__parameters": "true"},
    ],
    ids=("three passes", "unknown length", "padded lines", "small pieces", "fuzzy"),
)
def test_whatever_a_back_end_does_the_picture_is_whole(make_scanner: MakeScanner, settings: dict[str, str]) -> None:
    page = picture(scan(make_scanner, settings={"test__picture": '"Solid white"', **settings})[0])
    assert page.mode == "RGB"
    assert page.convert("L").getextrema() == (255, 255)


def test_black_and_white_paper_can_be_scanned_in_grey(make_scanner: MakeScanner) -> None:
    page = picture(scan(make_scanner, ScanOrder(dpi=75, colour=False), {"test__picture": '"Grid"'})[0])
    assert page.mode == "L"
    assert page.getextrema() == (0, 255)


@pytest.mark.parametrize(
    ("status", "reason", "number"),
    [
        ("UNSUPPORTED", ScanErrorReason.UNSUPPORTED, 1),
        ("CANCELLED", ScanErrorReason.CANCELLED, 2),
        ("DEVICE_BUSY", ScanErrorReason.BUSY, 3),
        ("INVAL", ScanErrorReason.UNSUPPORTED, 4),
        ("EOF", ScanErrorReason.LOST, 5),
        ("JAMMED", ScanErrorReason.JAMMED, 6),
        ("NO_DOCS", ScanErrorReason.NO_DOCUMENTS, 7),
        ("COVER_OPEN", ScanErrorReason.COVER_OPEN, 8),
        ("IO_ERROR", ScanErrorReason.LOST, 9),
        ("NO_MEM", ScanErrorReason.TOO_LARGE, 10),
        ("ACCESS_DENIED", ScanErrorReason.ACCESS, 11),
    ],
)
def test_every_status_of_the_library_is_a_reason(
    make_scanner: MakeScanner, status: str, reason: ScanErrorReason, number: int
) -> None:
    with pytest.raises(ScanError) as caught:
        scan(make_scanner, settings={"read__status__code": f'"SANE_STATUS_{status}"'})
    assert (caught.value.reason, caught.value.status) == (reason, number)


def test_a_name_nobody_has_is_no_device(make_scanner: MakeScanner) -> None:
    with pytest.raises(ScanError) as caught:
        make_scanner("test:7").open()
    assert caught.value.reason is ScanErrorReason.ABSENT


def test_a_page_larger_than_allowed_is_refused(make_scanner: MakeScanner) -> None:
    with pytest.raises(ScanError) as caught:
        scan(make_scanner, ScanOrder(dpi=75, longest_bytes=500))
    assert caught.value.reason is ScanErrorReason.TOO_LARGE
    with pytest.raises(ScanError) as caught:
        scan(make_scanner, ScanOrder(dpi=1200))
    assert caught.value.reason is ScanErrorReason.TOO_LARGE


def test_a_scanner_that_hangs_is_killed_and_works_again(make_scanner: MakeScanner) -> None:
    slow = {"read__delay": "true", "read__delay__duration": "200000", "read__limit": "true", "read__limit__size": "64"}
    scanner = make_scanner(page_seconds=1.5, **slow)
    scanner.open()
    before = time.monotonic()
    with pytest.raises(ScanError) as caught:
        scanner.scan(ORDER, lambda page: None)
    assert caught.value.reason is ScanErrorReason.SILENT
    assert time.monotonic() - before < 4
    scanner.open()


def test_a_stop_from_another_thread_ends_a_scan(make_scanner: MakeScanner) -> None:
    slow = {"read__delay": "true", "read__delay__duration": "200000", "read__limit": "true", "read__limit__size": "64"}
    scanner = make_scanner(**slow)
    scanner.open()
    timer = threading.Timer(0.3, scanner.stop)
    timer.start()
    with pytest.raises(ScanError) as caught:
        scanner.scan(ORDER, lambda page: None)
    timer.join()
    assert caught.value.reason is ScanErrorReason.WORKER


def test_nothing_of_a_page_stands_on_the_disk(make_scanner: MakeScanner, tmp_path: Path) -> None:
    """HOME and TMPDIR of the worker are a folder of the test; the configuration alone is in it afterwards."""
    pdf_of(scan(make_scanner, ScanOrder(Source.FEEDER, dpi=75, most_pages=2)))
    files = sorted(os.path.join(folder, name) for folder, _, names in os.walk(tmp_path) for name in names)
    assert [Path(file).name for file in files] == ["dll.conf", "test.conf"]


def test_pages_become_one_pdf_as_large_as_their_paper(make_scanner: MakeScanner) -> None:
    pages = scan(make_scanner, ScanOrder(Source.FEEDER, dpi=75, most_pages=2))
    read = PdfReader(BytesIO(pdf_of(pages)))
    assert len(read.pages) == 2
    assert abs(float(read.pages[0].mediabox.width) - 210 / 25.4 * 72) < 2
    assert "jpeg" not in repr(pages[0])
