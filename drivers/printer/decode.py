"""Printer bytes back to pictures: GS v 0, GS ( k, GS V, feeds. For golden tests and for showing what was printed.

A strict reader of what this house sends (and python-escpos): an unknown command is a DecodeError, never skipped.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image


class DecodeError(ValueError):
    """Bytes that are no known command, or end in the middle of one."""

    def __init__(self, problem: str, position: int) -> None:
        super().__init__(f"{problem} at byte {position}")
        self.position = position


@dataclass(frozen=True)
class PrintedSlip:
    """Paper between two cuts, as a 1-bit picture (white 1, black 0)."""

    picture: Image.Image
    cut: bool
    text: tuple[bytes, ...] = ()
    """Lines in the printer's own letters, as bytes of its code page; they are white in the picture."""


@dataclass
class _Symbol:
    """State of GS ( k for QR codes."""

    module: int = 3
    level: int = 48
    data: bytes = b""


def decode(data: bytes, width: int = 576) -> list[PrintedSlip]:
    """All slips in `data`; the last one may be without a cut."""
    return _Reader(data, width).slips()


class _Reader:
    def __init__(self, data: bytes, width: int) -> None:
        self._data = data
        self._at = 0
        self._width = width
        self._rows: list[Image.Image] = []
        self._align = 0
        self._times = 1
        self._letters = bytearray()
        self._text: list[bytes] = []
        self._symbol = _Symbol()
        self._done: list[PrintedSlip] = []

    def slips(self) -> list[PrintedSlip]:
        while self._at < len(self._data):
            start = self._at
            lead = self._take(1)[0]
            match lead:
                case 0x0A:
                    self._text.append(bytes(self._letters))
                    self._letters.clear()
                    self._feed(30 * self._times)
                case 0x0D:
                    pass
                case 0x10:
                    self._realtime(start)
                case 0x1B:
                    self._escape(start)
                case 0x1D:
                    self._group(start)
                case _ if lead >= 0x20:
                    self._letters.append(lead)
                case _:
                    raise DecodeError(f"no command begins with 0x{lead:02X}", start)
        if self._letters:
            raise DecodeError("letters without an end of their line", len(self._data))
        if self._rows:
            self._end(cut=False)
        return self._done

    def _take(self, count: int) -> bytes:
        piece = self._data[self._at : self._at + count]
        if len(piece) < count:
            raise DecodeError("the data ends in the middle of a command", len(self._data))
        self._at += count
        return piece

    def _number(self, count: int) -> int:
        return int.from_bytes(self._take(count), "little")

    def _realtime(self, start: int) -> None:
        match self._take(1)[0]:
            case 0x04 | 0x05:
                self._take(1)
            case 0x14:
                self._take(8 if self._take(1)[0] == 8 else 2)
            case other:
                raise DecodeError(f"unknown command DLE 0x{other:02X}", start)

    def _escape(self, start: int) -> None:
        match self._take(1):
            case b"@":
                self._align, self._symbol = 0, _Symbol()
            case b"J":
                self._feed(self._number(1))
            case b"d":
                self._feed(30 * self._number(1))
            case b"a":
                self._align = self._number(1) % 48
            case b"E" | b"t":
                self._take(1)
            case other:
                raise DecodeError(f"unknown command ESC {other!r}", start)

    def _group(self, start: int) -> None:
        match self._take(1):
            case b"v":
                self._raster(start)
            case b"V":
                mode = self._number(1)
                if mode >= 65:
                    self._feed(self._number(1))
                self._end(cut=True)
            case b"(":
                kind = self._take(1)
                body = self._take(self._number(2))
                if kind == b"k":
                    self._two_dimensional(body, start)
            case b"a" | b"r":
                self._take(1)
            case b"!":
                self._times = self._number(1) % 16 + 1
            case other:
                raise DecodeError(f"unknown command GS {other!r}", start)

    def _raster(self, start: int) -> None:
        if self._take(1) != b"0":
            raise DecodeError("unknown command GS v", start)
        mode, stride, height = self._number(1), self._number(2), self._number(2)
        if mode not in {0, 48}:
            raise DecodeError("only dots of single size are understood", start)
        ink = self._take(stride * height)
        self._place(Image.frombytes("1", (stride * 8, height), bytes(byte ^ 0xFF for byte in ink)))

    def _two_dimensional(self, body: bytes, start: int) -> None:
        name, data = body[:2], body[2:]
        if name == b"1C" and len(data) == 1 and 1 <= data[0] <= 16:
            self._symbol.module = data[0]
        elif name == b"1E" and len(data) == 1 and 48 <= data[0] <= 51:
            self._symbol.level = data[0]
        elif name == b"1P" and data[:1] == b"0":
            self._symbol.data = data[1:]
        elif name == b"1Q" and self._symbol.data:
            self._place(self._qr(start))
        elif name != b"1A":  # model 1 or 2: only model 2 is drawn
            raise DecodeError("unknown command GS ( k", start)

    def _qr(self, start: int) -> Image.Image:
        import qrcode
        from qrcode.exceptions import DataOverflowError

        code = qrcode.QRCode(error_correction=(1, 0, 3, 2)[self._symbol.level - 48], border=0)
        code.add_data(self._symbol.data)
        try:
            code.make(fit=True)
        except (DataOverflowError, ValueError):
            raise DecodeError("more data than a QR code holds", start) from None
        matrix = code.get_matrix()
        small = Image.new("1", (len(matrix), len(matrix)), 1)
        small.putdata([0 if dark else 1 for row in matrix for dark in row])
        size = len(matrix) * self._symbol.module
        return small.resize((size, size), Image.Resampling.NEAREST)

    def _place(self, picture: Image.Image) -> None:
        line = Image.new("1", (self._width, picture.height), 1)
        line.paste(picture, ((self._width - picture.width) * self._align // 2, 0))
        self._rows.append(line)

    def _feed(self, dots: int) -> None:
        if dots:
            self._rows.append(Image.new("1", (self._width, dots), 1))

    def _end(self, cut: bool) -> None:
        paper = Image.new("1", (self._width, sum(row.height for row in self._rows)), 1)
        top = 0
        for row in self._rows:
            paper.paste(row, (0, top))
            top += row.height
        self._done.append(PrintedSlip(paper, cut, tuple(self._text)))
        self._rows, self._text = [], []
