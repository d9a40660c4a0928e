"""Finger image records of ISO/IEC 19794-4:2005, as they stand in DG3: read and written, every length checked.

    header 32:  "FIR\\0" "010\\0" length(6) device(2) level(2) fingers(1) unit(1) scan x(2) y(2) image x(2) y(2)
                depth(1) compression(1) reserved(2)
    finger 14:  length(4) position(1) views(1) view(1) quality(1) impression(1) width(2) height(2) reserved(1), image

All big-endian; unit 1 is pixels per inch, 2 pixels per centimetre.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from drivers.emrtd.lds.tlv import LdsError

_MAGIC = b"FIR\x00010\x00"
_HEADER, _FINGER = 32, 14
_CM_PER_INCH = 2.54


class FingerCompression(IntEnum):
    """Table 3 of ISO/IEC 19794-4:2005; UNKNOWN is not of the standard."""

    RAW = 0
    PACKED = 1
    WSQ = 2
    JPEG = 3
    JPEG2000 = 4
    PNG = 5
    UNKNOWN = 255


@dataclass(frozen=True)
class FingerImage:
    """One picture of a finger. `position` 1 to 5 right thumb to little, 6 to 10 left, 0 unknown (ISO/IEC 19785)."""

    position: int
    compression: FingerCompression
    width: int
    height: int
    data: bytes = field(repr=False)
    dpi: int = 500
    depth: int = 8


def is_finger_record(data: bytes) -> bool:
    """Whether the bytes begin as such a record."""
    return data.startswith(_MAGIC)


def read_finger_images(data: bytes) -> tuple[FingerImage, ...]:
    """All pictures of a record, one for each view. Raises LdsError."""
    if not is_finger_record(data) or len(data) < _HEADER:
        raise LdsError("unknown encoding of a finger")
    if int.from_bytes(data[8:14], "big") != len(data):
        raise LdsError("finger record: its length is not what it says")
    known = data[29] in FingerCompression.__members__.values()
    compression = FingerCompression(data[29]) if known else FingerCompression.UNKNOWN
    resolution = int.from_bytes(data[24:26], "big")
    dpi = round(resolution * _CM_PER_INCH) if data[19] == 2 else resolution
    fingers: list[FingerImage] = []
    at, left = _HEADER, data[18]
    while left > 0:
        end = at + int.from_bytes(data[at : at + 4], "big")
        finger = data[at:end]
        if end > len(data) or len(finger) <= _FINGER:
            raise LdsError("finger record is cut")
        width, height = (int.from_bytes(finger[place : place + 2], "big") for place in (9, 11))
        fingers.append(FingerImage(finger[4], compression, width, height, finger[_FINGER:], dpi, data[28]))
        # Views of one finger follow each other, each with a header of its own.
        left -= finger[6] == finger[5] or finger[5] == 0
        at = end
    if at != len(data):
        raise LdsError("finger record: something stands behind its last finger")
    return tuple(fingers)


def write_finger_images(images: tuple[FingerImage, ...], *, device: int = 0, level: int = 31) -> bytes:
    """A record of single views; compression, depth and resolution are those of the first. Raises LdsError."""
    if not images or len(images) > 255:
        raise LdsError("finger record: no finger, or too many")
    first = images[0]
    if any((one.compression, one.dpi, one.depth) != (first.compression, first.dpi, first.depth) for one in images):
        raise LdsError("finger record: pictures of one record are of one kind")
    body = b"".join(_write_finger(one) for one in images)
    header = _MAGIC + (_HEADER + len(body)).to_bytes(6, "big") + device.to_bytes(2, "big") + level.to_bytes(2, "big")
    header += bytes([len(images), 1]) + first.dpi.to_bytes(2, "big") * 4
    return header + bytes([first.depth, first.compression, 0, 0]) + body


def _write_finger(one: FingerImage) -> bytes:
    if not 0 <= one.position <= 10 or not 0 < one.width <= 0xFFFF or not 0 < one.height <= 0xFFFF:
        raise LdsError("finger record: a finger does not fit")
    head = (_FINGER + len(one.data)).to_bytes(4, "big") + bytes([one.position, 1, 1, 0, 0])
    return head + one.width.to_bytes(2, "big") + one.height.to_bytes(2, "big") + b"\0" + one.data
