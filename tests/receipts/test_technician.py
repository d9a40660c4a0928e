"""The technician's test slip: measurable with a ruler, and honest about every element of the head."""

from __future__ import annotations

from datetime import UTC, datetime

import cv2
import numpy
import pytest
from PIL import Image

from services.messages import LANGUAGES
from services.receipts.technician import OTHERS, VOWELS, TechnicianSlip, technician_slip


def picture_of(language: str) -> Image.Image:
    slip = TechnicianSlip(
        kiosk="HG-BV-03",
        version="0.4.2",
        printer="/dev/usb/lp0",
        at=datetime(2026, 11, 23, 5, 31, 8, tzinfo=UTC),
        language=language,
    )
    return technician_slip(slip).picture()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_as_wide_as_the_head_and_not_longer_than_250_mm(language: str) -> None:
    picture = picture_of(language)
    assert picture.mode == "1" and picture.width == 576 and picture.height <= 2000


def test_it_has_every_vietnamese_vowel_with_every_mark_in_both_cases() -> None:
    letters = "".join(VOWELS + OTHERS)
    marks = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
    import unicodedata

    for vowel in "aăâeêioôơuưy":
        for mark in marks:
            assert unicodedata.normalize("NFC", vowel + mark) in letters
    assert "đ" in letters and "Đ" in letters and "₫" in letters


def test_the_ruler_measures_70_mm_and_the_stairs_pass_every_element() -> None:
    black = numpy.asarray(picture_of("vi").convert("L")) == 0
    # A row through the short marks of the ruler: 2 dots every 8, from edge to edge.
    rulers = [row for row in black if row[0] and row[1] and not row[2] and row[560] and row[561] and not row[562]]
    assert len(rulers) >= 16
    assert any(row.sum() == 2 * 73 for row in rulers)
    centimetres = [row for row in rulers if row.sum() == 2 * 8]
    assert centimetres and centimetres[0].nonzero()[0][::2].tolist() == [80 * n for n in range(8)]
    # Rows of one stair: 18 dots and nothing else; together they pass all 576 elements.
    stairs = [row for row in black if row.sum() == 18 and numpy.diff(row.nonzero()[0]).max() == 1]
    assert numpy.logical_or.reduce(stairs).all()


def test_codes_of_all_three_sizes_can_be_read() -> None:
    picture = picture_of("vi").convert("L")
    codes = picture.crop((0, 1390, 576, 1590))
    read: list[str] = []
    for left, right in ((12, 110), (115, 240), (250, 450)):
        code = codes.crop((left, 0, right, 200))
        large = cv2.resize(numpy.asarray(code), None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST)
        framed = cv2.copyMakeBorder(large, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=255)
        read.append(cv2.QRCodeDetector().detectAndDecode(framed)[0])
    assert read == ["TRAM-TEST"] * 3
