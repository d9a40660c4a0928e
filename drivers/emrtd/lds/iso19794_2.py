"""Finger minutiae records of ISO/IEC 19794-2:2005, record format: read and written to the letter, every length checked.

    header 24:  "FMR\\0" " 20\\0" length(4) device(2) width(2) height(2) resolution x(2) y(2) views(1) reserved(1)
    view 4:     finger position(1), view number(4 bits) impression(4 bits), quality(1), minutiae(1)
    minutia 6:  kind(2 bits) x(14), reserved(2) y(14), angle(1) in 1.40625 degrees, quality(1)
    after each view: length of extended data(2), the data

All big-endian, resolution in pixels per centimetre. The edition of 2011 has another header and is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from drivers.emrtd.lds.tlv import LdsError

_MAGIC = b"FMR\x00 20\x00"
_HEADER, _VIEW, _MINUTIA = 24, 4, 6
_MOST_MINUTIAE = 255
_MOST_PLACE = 0x3FFF
ANGLE_UNIT = 360 / 256
"""Degrees, counter-clockwise from the right."""


class MinutiaKind(IntEnum):
    """Table 1 of the standard."""

    OTHER = 0
    ENDING = 1
    BIFURCATION = 2


class ImpressionType(IntEnum):
    """Table 3: how the finger was taken; codes the table does not name are kept as numbers."""

    LIVE_PLAIN = 0
    LIVE_ROLLED = 1
    NONLIVE_PLAIN = 2
    NONLIVE_ROLLED = 3
    SWIPE = 8


@dataclass(frozen=True)
class Minutia:
    """Place in pixels from the upper left; `angle` in units of 1.40625 degrees; `quality` 1 to 100, 0 not told."""

    kind: MinutiaKind
    x: int
    y: int
    angle: int
    quality: int = 0


@dataclass(frozen=True)
class FingerView:
    """One impression. `position` as ISO/IEC 19785: 1 to 5 right thumb to little, 6 to 10 left, 0 unknown."""

    position: int
    minutiae: tuple[Minutia, ...] = field(repr=False)
    impression: int = ImpressionType.LIVE_PLAIN
    number: int = 0
    quality: int = 0
    extended: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class MinutiaeRecord:
    """Impressions of one size. Resolutions are pixels per centimetre (500 dpi: 197)."""

    width: int
    height: int
    resolution_x: int
    resolution_y: int
    views: tuple[FingerView, ...]
    device: int = 0
    """Capture equipment: four bits of certificates, twelve of the maker's device id."""


def read_minutiae(data: bytes) -> MinutiaeRecord:
    """A whole record, nothing missing, nothing behind it. Raises LdsError."""
    if len(data) < _HEADER or not data.startswith(_MAGIC):
        raise LdsError("no finger minutiae record of 2005")
    if _number(data, 8, 4) != len(data):
        raise LdsError("minutiae record: its length is not what it says")
    device, width, height, across, down = (_number(data, at, 2) for at in range(12, 22, 2))
    if not width or not height or not across or not down:
        raise LdsError("minutiae record: no size or no resolution")
    if data[23] != 0:
        raise LdsError("minutiae record: the reserved byte is not zero")
    views: list[FingerView] = []
    at = _HEADER
    for _ in range(data[22]):
        view, at = _read_view(data, at, width, height)
        views.append(view)
    if at != len(data):
        raise LdsError("minutiae record: something stands behind its last view")
    return MinutiaeRecord(width, height, across, down, tuple(views), device)


def write_minutiae(record: MinutiaeRecord) -> bytes:
    """The record's bytes. Raises LdsError for values that do not fit the layout."""
    body = b"".join(_write_view(view, record) for view in record.views)
    sizes = (record.device, record.width, record.height, record.resolution_x, record.resolution_y)
    if not all(0 < size <= 0xFFFF for size in sizes[1:]) or not 0 <= record.device <= 0xFFFF or len(record.views) > 255:
        raise LdsError("minutiae record: a size does not fit")
    header = _MAGIC + (_HEADER + len(body)).to_bytes(4, "big")
    header += b"".join(size.to_bytes(2, "big") for size in sizes)
    return header + bytes([len(record.views), 0]) + body


def _read_view(data: bytes, at: int, width: int, height: int) -> tuple[FingerView, int]:
    if at + _VIEW > len(data):
        raise LdsError("minutiae record: a view is cut")
    position, kind, quality, count = data[at : at + _VIEW]
    if position > 10 or quality > 100:
        raise LdsError("minutiae record: a finger or a quality that is not in the standard")
    at += _VIEW
    end = at + count * _MINUTIA
    if end + 2 > len(data):
        raise LdsError("minutiae record: minutiae are cut")
    minutiae = tuple(_read_minutia(data[place : place + _MINUTIA], width, height) for place in range(at, end, _MINUTIA))
    behind = end + 2 + _number(data, end, 2)
    if behind > len(data):
        raise LdsError("minutiae record: extended data is cut")
    return FingerView(position, minutiae, kind & 0x0F, kind >> 4, quality, data[end + 2 : behind]), behind


def _read_minutia(data: bytes, width: int, height: int) -> Minutia:
    kind, x, y = data[0] >> 6, _number(data, 0, 2) & _MOST_PLACE, _number(data, 2, 2) & _MOST_PLACE
    if kind > MinutiaKind.BIFURCATION or data[2] >> 6 or data[5] > 100:
        raise LdsError("minutiae record: a minutia that is not in the standard")
    if x >= width or y >= height:
        raise LdsError("minutiae record: a minutia outside the picture")
    return Minutia(MinutiaKind(kind), x, y, data[4], data[5])


def _write_view(view: FingerView, record: MinutiaeRecord) -> bytes:
    if len(view.minutiae) > _MOST_MINUTIAE or len(view.extended) > 0xFFFF or not 0 <= view.position <= 10:
        raise LdsError("minutiae record: a view does not fit")
    if not 0 <= view.number <= 15 or not 0 <= view.impression <= 15 or not 0 <= view.quality <= 100:
        raise LdsError("minutiae record: a view does not fit")
    head = bytes([view.position, view.number << 4 | view.impression, view.quality, len(view.minutiae)])
    body = b"".join(_write_minutia(minutia, record) for minutia in view.minutiae)
    return head + body + len(view.extended).to_bytes(2, "big") + view.extended


def _write_minutia(minutia: Minutia, record: MinutiaeRecord) -> bytes:
    inside = 0 <= minutia.x < record.width <= _MOST_PLACE + 1 and 0 <= minutia.y < record.height <= _MOST_PLACE + 1
    if not inside or not 0 <= minutia.angle <= 255 or not 0 <= minutia.quality <= 100:
        raise LdsError("minutiae record: a minutia does not fit")
    place = (minutia.kind << 14 | minutia.x).to_bytes(2, "big") + minutia.y.to_bytes(2, "big")
    return place + bytes([minutia.angle, minutia.quality])


def _number(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "big")
