"""The barcode of a dossier code is read back by another implementation."""

from __future__ import annotations

import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from gateway.web.barcode import barcode_path, barcode_size


@pytest.mark.parametrize("code", ["H99.01-20261130-0000001", "000.00.00.H26-260101-0001", "C08_XPHCDB", "7Q4K-92HM"])
def test_a_scanner_reads_the_code_off_the_drawn_path(code: str) -> None:
    module = 3
    picture = Image.new("L", (int(barcode_size(code)) * module, 60), 255)
    pen = ImageDraw.Draw(picture)
    for x, width in re.findall(r"M(\d+) 0h(\d+)", barcode_path(code)):
        left = int(x) * module
        pen.rectangle((left, 0, left + int(width) * module - 1, 60), fill=0)
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == code


def test_what_no_barcode_can_hold_is_left_out() -> None:
    assert barcode_path("hồ sơ") == "" and barcode_path("") == ""
