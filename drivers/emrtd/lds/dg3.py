"""DG3: fingers in records of ISO/IEC 19794-4:2005 (ICAO 9303-10 section 4.7.3), for an authorised terminal only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from drivers.emrtd.lds.biometrics import biometric_blocks
from drivers.emrtd.lds.tlv import LdsError

_HEADER = 32
_FINGER_HEADER = 14
_COMPRESSION_AT = 29


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
    data: bytes


def parse_dg3(data: bytes) -> tuple[FingerImage, ...]:
    """All fingers of EF.DG3; none where the group has no instances. Raises LdsError."""
    return tuple(finger for block in biometric_blocks(data, 0x63) for finger in _parse_record(block))


def _parse_record(block: bytes) -> tuple[FingerImage, ...]:
    if not block.startswith(b"FIR\x00") or len(block) < _HEADER:
        raise LdsError("unknown encoding of a finger")
    known = block[_COMPRESSION_AT] in FingerCompression.__members__.values()
    compression = FingerCompression(block[_COMPRESSION_AT]) if known else FingerCompression.UNKNOWN
    fingers: list[FingerImage] = []
    offset = _HEADER
    for _ in range(block[18]):
        end = offset + int.from_bytes(block[offset : offset + 4], "big")
        finger = block[offset:end]
        if end > len(block) or len(finger) <= _FINGER_HEADER:
            raise LdsError("finger record is cut")
        width, height = (int.from_bytes(finger[at : at + 2], "big") for at in (9, 11))
        fingers.append(FingerImage(finger[4], compression, width, height, finger[_FINGER_HEADER:]))
        offset = end
    return tuple(fingers)
