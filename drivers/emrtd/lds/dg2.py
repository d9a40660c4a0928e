"""DG2: the portrait (ICAO 9303-10 section 4.7.2), in whichever encoding the issuer chose."""

from __future__ import annotations

from drivers.emrtd.lds.biometrics import biometric_blocks
from drivers.emrtd.lds.faces import FaceImage
from drivers.emrtd.lds.iso19794_5 import is_face_record, parse_face_record
from drivers.emrtd.lds.iso39794_5 import is_face_block, parse_face_block
from drivers.emrtd.lds.tlv import LdsError


def parse_dg2(data: bytes) -> tuple[FaceImage, ...]:
    """All faces of EF.DG2; none on a card of a small child without a photo. Raises LdsError."""
    return tuple(face for block in biometric_blocks(data, 0x75) for face in _parse_block(block))


def _parse_block(block: bytes) -> tuple[FaceImage, ...]:
    if is_face_record(block):
        return parse_face_record(block)
    if is_face_block(block):
        return parse_face_block(block)
    raise LdsError("unknown encoding of a face")
