"""The printer's own letters and QR codes as dot rows: what text mode looks like on paper."""

from __future__ import annotations

import qrcode
from PIL import Image, ImageDraw, ImageFont

WIDTH = 576
CELL, LINE = 12, 30
_PAGES = {52: "cp1258"}


def text_rows(letters: bytes, times: int, page: int, align: int) -> list[bytes]:
    """One line in cells of 12 x 24 dots and a feed of 6, `times` as large."""
    text = letters.decode(_PAGES.get(page, "latin-1"), "replace")
    cells = _cells(text)
    strip = Image.new("1", (max(1, len(cells) * CELL), LINE), 1)
    draw = ImageDraw.Draw(strip)
    font = ImageFont.load_default(19)
    for place, cell in enumerate(cells):
        draw.text((place * CELL, 2), cell, fill=0, font=font)
    large = strip.resize((strip.width * times, LINE * times), Image.Resampling.NEAREST)
    line = Image.new("1", (WIDTH, LINE * times), 1)
    line.paste(large, ((WIDTH - large.width) * align // 2, 0))
    return rows_of(line)


def _cells(text: str) -> list[str]:
    """A tone that follows its letter is printed over it."""
    cells: list[str] = []
    for letter in text:
        if cells and "\u0300" <= letter <= "\u036f":
            cells[-1] += letter
        else:
            cells.append(letter)
    return cells


def code_rows(data: bytes) -> list[bytes]:
    """A QR code in the middle, six dots a module."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4, box_size=6)
    code.add_data(data)
    code.make(fit=True)
    matrix = code.get_matrix()
    small = Image.new("1", (len(matrix), len(matrix)), 1)
    small.putdata([0 if dark else 1 for row in matrix for dark in row])
    picture = small.resize((small.width * 6, small.height * 6), Image.Resampling.NEAREST)
    line = Image.new("1", (WIDTH, picture.height), 1)
    line.paste(picture, ((WIDTH - picture.width) // 2, 0))
    return rows_of(line)


def rows_of(picture: Image.Image) -> list[bytes]:
    """Dot rows, a set bit is ink."""
    stride = picture.width // 8
    data = bytes(byte ^ 0xFF for byte in picture.tobytes())
    return [data[start : start + stride] for start in range(0, len(data), stride)]
