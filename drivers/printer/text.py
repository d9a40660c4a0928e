"""Text mode: lines in the printer's own letters, for slow serial lines and models without raster pictures.

A slip as a picture is about 80 KB: a minute and a half at 9600 baud. The same slip as text is 1 KB. Vietnamese marks
need a code page most models do not have, so letters are folded ("Phong kham") unless the installer names one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

_FONT_A_DOTS: Final = 12
"""Width of one letter of font A on every ESC/POS model; it stands in a line of 24 and a feed of 6."""
_LONGEST_CODE: Final = 900
_SIGNS: Final = str.maketrans({
    "•": "*", "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "₫": "d", "đ": "d", "Đ": "D",
    "\u00a0": " ", "·": "-",
})  # fmt: skip


class CodePage(Enum):
    """How letters become bytes."""

    FOLDED = "folded"
    """ASCII without marks: every model prints it."""
    WPC1258 = "wpc1258"
    """Windows Vietnamese, ESC t 52: letters with their tone as a second byte."""


class TextAlign(Enum):
    """ESC a."""

    LEFT = 0
    CENTRE = 1
    RIGHT = 2


@dataclass(frozen=True)
class TextLine:
    """One line of a slip. `right` stands at the right edge of the same line; a `code` is a QR code by itself."""

    text: str = ""
    right: str = ""
    align: TextAlign = TextAlign.LEFT
    bold: bool = False
    times: int = 1
    """Letters so many times as wide and high, 1 to 8 (GS !)."""
    rule: bool = False
    code: str = ""


def encode(lines: tuple[TextLine, ...], dots: int, page: CodePage) -> Iterator[bytes]:
    """Bytes of each line, in order, for paper `dots` wide."""
    if page is CodePage.WPC1258:
        yield b"\x1bt\x34"
    for line in lines:
        if line.code:
            yield _qr(line.code)
        elif line.rule:
            yield b"\x1ba\x00" + b"-" * (dots // _FONT_A_DOTS) + b"\n"
        else:
            yield _line(line, dots, page)


def _line(line: TextLine, dots: int, page: CodePage) -> bytes:
    times = max(1, min(8, line.times))
    room = dots // (_FONT_A_DOTS * times)
    head = bytes((0x1B, 0x61, line.align.value, 0x1B, 0x45, line.bold, 0x1D, 0x21, (times - 1) * 0x11))
    body = b"".join(letters(text, page) + b"\n" for text in _wrapped(line, room))
    return head + body + b"\x1bE\x00\x1d!\x00\x1ba\x00"


def _wrapped(line: TextLine, room: int) -> Iterator[str]:
    text = unicodedata.normalize("NFC", line.text)
    if line.right:
        gap = room - len(text) - len(line.right)
        if gap >= 1:
            yield text + " " * gap + line.right
            return
        yield from _words(text, room)
        yield line.right.rjust(room)
        return
    yield from _words(text, room)


def _words(text: str, room: int) -> Iterator[str]:
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            if line and len(line) + 1 + len(word) <= room:
                line += f" {word}"
                continue
            if line:
                yield line
            while len(word) > room:
                yield word[:room]
                word = word[room:]
            line = word
        yield line


def letters(text: str, page: CodePage) -> bytes:
    """The bytes of a text; control characters never pass, whatever a name holds."""
    printable = "".join(letter for letter in text if unicodedata.category(letter) != "Cc")
    if page is CodePage.FOLDED:
        plain = unicodedata.normalize("NFD", printable.translate(_SIGNS))
        return plain.encode("ascii", "ignore")
    return b"".join(_vietnamese(letter) for letter in unicodedata.normalize("NFC", printable))


def _vietnamese(letter: str) -> bytes:
    """Windows-1258 has ă â ê ô ơ ư as letters and the five tones as bytes that follow."""
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        pass
    base, *tone = unicodedata.normalize("NFD", letter)
    tones = [mark for mark in tone if mark in "\u0300\u0301\u0303\u0309\u0323"]
    shape = unicodedata.normalize("NFC", base + "".join(mark for mark in tone if mark not in tones))
    try:
        return (shape + "".join(tones)).encode("cp1258")
    except UnicodeEncodeError:
        return letter.translate(_SIGNS).encode("ascii", "ignore")


def _qr(text: str) -> bytes:
    """GS ( k: model 2, six dots a module, level M, stored and printed in the middle of the line."""
    data = text.encode("utf-8")[:_LONGEST_CODE]
    size = len(data) + 3
    return (
        b"\x1ba\x01\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1"
        + b"\x1d(k" + bytes((size & 0xFF, size >> 8)) + b"1P0" + data
        + b"\x1d(k\x03\x001Q0\n\x1ba\x00"
    )  # fmt: skip
