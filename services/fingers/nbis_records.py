"""Between records of the standard and the bytes that nbis-py 0.1.3 calls ISO 19794-2, which are something of its own.

Its layout: 26 bytes (`FMR\\0 20\\0`, length 4, device 2, width 2, height 2, six zeros, minutiae 2), then minutiae of
six bytes as in the standard with a quality of 0 to 63; no view header, no extended data. It reads a record of the
standard as one without minutiae and says nothing: so its own bytes are made here, and never taken from anybody else.
"""

from __future__ import annotations

from drivers.emrtd.lds.iso19794_2 import FingerView, Minutia, MinutiaeRecord, MinutiaKind, read_minutiae, write_minutiae
from drivers.emrtd.lds.tlv import LdsError

_MAGIC = b"FMR\x00 20\x00"
_HEADER, _MINUTIA = 26, 6
_BEST = 63
MOST = 32
"""Minutiae kept, the most certain ones: comparing costs more than linearly (docs/evidence.md has it for 20 to 60)."""
_CM_PER_INCH = 2.54


def to_standard(own: bytes, dpi: int, position: int) -> bytes:
    """nbis-py's bytes as a record of ISO/IEC 19794-2:2005 with one view. Raises LdsError."""
    if len(own) < _HEADER or not own.startswith(_MAGIC) or (len(own) - _HEADER) % _MINUTIA:
        raise LdsError("these are not the matcher's own bytes")
    width, height, count = (int.from_bytes(own[at : at + 2], "big") for at in (14, 16, 24))
    if _HEADER + count * _MINUTIA != len(own):
        raise LdsError("the matcher's own bytes are cut")
    found = [_read(own[at : at + _MINUTIA]) for at in range(_HEADER, len(own), _MINUTIA)]
    best = sorted(found, key=lambda minutia: -minutia.quality)[:MOST]
    best.sort(key=lambda minutia: (minutia.x, minutia.y))
    pixels_a_cm = round(dpi / _CM_PER_INCH)
    view = FingerView(position, tuple(best))
    return write_minutiae(MinutiaeRecord(width, height, pixels_a_cm, pixels_a_cm, (view,)))


def to_own(standard: bytes) -> bytes:
    """A record that `to_standard` made, as nbis-py takes it. Raises LdsError."""
    record = read_minutiae(standard)
    if len(record.views) != 1:
        raise LdsError("a template has one view")
    minutiae = record.views[0].minutiae
    body = b"".join(_write(minutia) for minutia in minutiae)
    sizes = record.width.to_bytes(2, "big") + record.height.to_bytes(2, "big")
    head = _MAGIC + (_HEADER + len(body)).to_bytes(4, "big") + bytes(2) + sizes + bytes(6)
    return head + len(minutiae).to_bytes(2, "big") + body


def _read(data: bytes) -> Minutia:
    x, y = (int.from_bytes(data[at : at + 2], "big") & 0x3FFF for at in (0, 2))
    quality = round(min(data[5], _BEST) * 100 / _BEST)
    return Minutia(MinutiaKind(data[0] >> 6), x, y, data[4], quality)


def _write(minutia: Minutia) -> bytes:
    place = (minutia.kind << 14 | minutia.x).to_bytes(2, "big") + minutia.y.to_bytes(2, "big")
    return place + bytes([minutia.angle, round(minutia.quality * _BEST / 100)])
