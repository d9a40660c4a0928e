"""DG2: the portrait (ICAO 9303-10 section 4.7.2), in whichever encoding the issuer chose."""

from __future__ import annotations

from drivers.emrtd.lds.faces import FaceImage
from drivers.emrtd.lds.iso19794_5 import is_face_record, parse_face_record
from drivers.emrtd.lds.iso39794_5 import is_face_block, parse_face_block
from drivers.emrtd.lds.tlv import LdsError, Tlv, decode_integer, parse_one

_GROUP_TEMPLATE = 0x7F61
_INFORMATION_TEMPLATE = 0x7F60
_DATA_TAGS = (0x5F2E, 0x7F2E)


def parse_dg2(data: bytes) -> tuple[FaceImage, ...]:
    """All faces of EF.DG2; none on a card of a small child without a photo. Raises LdsError."""
    templates = parse_one(data, 0x75).child(_GROUP_TEMPLATE)
    instances = [item for item in templates.children() if item.tag == _INFORMATION_TEMPLATE]
    count = templates.find(0x02)
    if count is not None and decode_integer(count.value) == 0:
        return ()
    return tuple(face for instance in instances for face in _parse_instance(instance))


def _parse_instance(instance: Tlv) -> tuple[FaceImage, ...]:
    block = next((item for item in instance.children() if item.tag in _DATA_TAGS), None)
    if block is None:
        raise LdsError("biometric template holds no data")
    if is_face_record(block.value):
        return parse_face_record(block.value)
    if is_face_block(block.value):
        return parse_face_block(block.value)
    raise LdsError("unknown encoding of a face")
