"""A finger's picture: grey bytes with their size and resolution, and what can be said of it without a matcher.

The size comes from how many bytes came, never from the name of a module (bastianraschke/pyfingerprint#50, #57).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from drivers.fingerprint.errors import FingerError, FingerErrorReason, FingerHint, FingerRefused

SHAPES: dict[int, tuple[int, int]] = {
    18_432: (192, 192),  # R503: round window, 4 bit
    29_952: (208, 288),  # 4 bit
    36_864: (256, 288),  # ZFM-20, R307, AS608: 4 bit (public code)
    12_800: (160, 160),  # 4 bit
}
"""Bytes of a whole picture at 4 bits a pixel, to width and height; others must tell their size (ReadProdInfo)."""

_CELL = 16
_FLAT = 30
"""Grey levels between the 10th and 90th percentile of a cell under which nothing lies on it."""
_BARE = 20
"""Grey levels: one step of a 4-bit picture is noise, not a finger."""
_LEAST_SEEN = 0.05
_LEAST_COVERED = 0.25
_LEAST_CONTRAST = 40
_CLEAR = 140
"""Grey levels between ridge and valley that count as full contrast."""
_DARK = 70
_DARK_SHARE = 0.75


@dataclass(frozen=True)
class FingerPicture:
    """8-bit grey, row by row, dark ridges on light ground as optical readers give them."""

    width: int
    height: int
    dpi: int
    pixels: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.pixels) != self.width * self.height:
            raise ValueError("pixels do not fill the picture")


def from_upload(data: bytes, dpi: int, told: tuple[int, int] | None = None) -> FingerPicture:
    """The picture of an upload: two pixels in a byte, the high half first; or one, where its told size says so.

    `told` is the size the module names. Raises FingerError (SIZE).
    """
    if told is not None:
        count = told[0] * told[1]
        if count == len(data):
            return FingerPicture(*told, dpi, data)
        if count == 2 * len(data):
            return FingerPicture(*told, dpi, unpacked(data))
    shape = SHAPES.get(len(data))
    if shape is None:
        raise FingerError(FingerErrorReason.SIZE, f"a picture of {len(data)} bytes")
    return FingerPicture(*shape, dpi, unpacked(data))


def unpacked(data: bytes) -> bytes:
    """4-bit pixels as 8-bit ones: 0x0..0xF becomes 0..255."""
    return b"".join(_PAIRS[byte] for byte in data)


_PAIRS = tuple(bytes(((byte >> 4) * 17, (byte & 0x0F) * 17)) for byte in range(256))


def bare(picture: FingerPicture) -> bool:
    """Whether it shows glass with nothing on it.

    Second proof of a finger: clones answer "captured" when nobody is there
    (adafruit/Adafruit_CircuitPython_Fingerprint#52).
    """
    cells = list(_cells(picture))
    return sum(cell.spread >= _BARE for cell in cells) < _LEAST_SEEN * len(cells)


def looked_at(picture: FingerPicture) -> FingerPicture:
    """The picture, when enough of a finger lies on it. Raises FingerRefused with the hint."""
    cells = list(_cells(picture))
    covered = [cell for cell in cells if cell.spread >= _FLAT]
    dark = sum(cell.middle < _DARK for cell in cells)
    if dark > _DARK_SHARE * len(cells):
        raise FingerRefused(FingerHint.LIGHTER)
    if len(covered) < _LEAST_COVERED * len(cells):
        raise FingerRefused(FingerHint.PRESS)
    if sum(cell.spread for cell in covered) / len(covered) < _LEAST_CONTRAST:
        raise FingerRefused(FingerHint.PRESS)
    if _off_centre([(cell.x, cell.y) for cell in covered], picture):
        raise FingerRefused(FingerHint.CENTRE)
    return picture


def quality(picture: FingerPicture) -> int:
    """0 to 100: how much of the middle is covered, times how clear the ridges stand out there. For technicians.

    Ours, and no NFIQ: it tells a dirty or worn window from a good one, not one finger from another.
    """
    cells = [cell for cell in _cells(picture) if _in_the_middle(cell, picture)]
    covered = [cell.spread for cell in cells if cell.spread >= _FLAT]
    if not covered:
        return 0
    clear = min(1.0, sum(covered) / len(covered) / _CLEAR)
    return round(100 * len(covered) / len(cells) * clear)


def _in_the_middle(cell: _Cell, picture: FingerPicture) -> bool:
    """Within the ellipse that touches the edges: a finger covers no corner."""
    across = (cell.x + _CELL / 2) / picture.width * 2 - 1
    down = (cell.y + _CELL / 2) / picture.height * 2 - 1
    return across * across + down * down <= 0.8


@dataclass(frozen=True)
class _Cell:
    x: int
    y: int
    middle: int
    spread: int


def _cells(picture: FingerPicture) -> list[_Cell]:
    width, pixels = picture.width, picture.pixels
    cells: list[_Cell] = []
    for y in range(0, picture.height - _CELL + 1, _CELL):
        for x in range(0, width - _CELL + 1, _CELL):
            grey = sorted(b"".join(pixels[row * width + x : row * width + x + _CELL] for row in range(y, y + _CELL)))
            count = len(grey)
            cells.append(_Cell(x, y, grey[count // 2], grey[count * 9 // 10] - grey[count // 10]))
    return cells


def _off_centre(places: list[tuple[int, int]], picture: FingerPicture) -> bool:
    """Whether the middle of what is covered lies in an outer third."""
    across = sum(x + _CELL / 2 for x, _ in places) / len(places) / picture.width
    down = sum(y + _CELL / 2 for _, y in places) / len(places) / picture.height
    return not (0.33 <= across <= 0.67 and 0.3 <= down <= 0.7)
