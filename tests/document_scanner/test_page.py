"""Frames of every depth become the same picture."""

from __future__ import annotations

from array import array
from io import BytesIO

import pytest
from PIL import Image

from drivers.document_scanner import ScanError, ScanErrorReason
from drivers.document_scanner.page import Frame, FrameFormat, page_of

LONGEST = 1 << 20


def picture(*frames: Frame) -> Image.Image:
    return Image.open(BytesIO(page_of(frames, 200, LONGEST).jpeg))


def test_of_16_bits_the_high_ones_count_in_the_order_of_this_machine() -> None:
    line = array("H", [0xFF00] * 32).tobytes()
    assert picture(Frame(FrameFormat.GRAY, 32, 64, 16, line * 16)).getextrema() == (255, 255)


def test_a_set_bit_is_black() -> None:
    assert picture(Frame(FrameFormat.GRAY, 12, 2, 1, b"\xff\xff" * 16)).getextrema() == (0, 0)
    assert picture(Frame(FrameFormat.GRAY, 12, 2, 1, b"\0\0" * 16)).getextrema() == (255, 255)


def test_half_a_line_at_the_end_is_dropped() -> None:
    assert picture(Frame(FrameFormat.RGB, 4, 12, 8, b"\x80" * 30)).size == (4, 2)


@pytest.mark.parametrize(
    "frames",
    [
        (),
        (Frame(FrameFormat.RED, 4, 4, 8, b"\0" * 16),),
        (Frame(FrameFormat.GRAY, 4, 3, 8, b"\0" * 16),),
        (Frame(FrameFormat.GRAY, 0, 4, 8, b"\0" * 16),),
        (Frame(FrameFormat.GRAY, 4, 4, 5, b"\0" * 16),),
        (Frame(FrameFormat.GRAY, 4, 4, 8, b"\0"),),
        (Frame(FrameFormat.RGB, 8, 3, 1, b"\0" * 16),),
        (Frame(FrameFormat.GRAY, 1, 3, 16, b"\0" * 9),),
    ],
)
def test_frames_that_make_no_picture_are_an_error_and_no_crash(frames: tuple[Frame, ...]) -> None:
    with pytest.raises(ScanError) as caught:
        page_of(frames, 200, LONGEST)
    assert caught.value.reason is ScanErrorReason.UNSUPPORTED
