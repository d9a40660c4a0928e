"""Face image data blocks of ISO/IEC 39794-5 (ASN.1, DER), the newer encoding inside DG2.

Only the path to the picture is followed: every other field is optional for a reader that shows a portrait.
"""

from __future__ import annotations

from drivers.emrtd.lds.faces import FaceImage, image_format
from drivers.emrtd.lds.tlv import LdsError, Tlv, decode_integer, parse_first

_FACE_BLOCK = 0x65
"""FaceImageDataBlock ::= [APPLICATION 5]."""
_WRAPPER = 0xA1
"""The profile for travel documents puts the block into one more context tag."""


def is_face_block(data: bytes) -> bool:
    """Whether the bytes begin as such a block."""
    return data[:1] in (bytes([_FACE_BLOCK]), bytes([_WRAPPER]))


def parse_face_block(data: bytes) -> tuple[FaceImage, ...]:
    """All two-dimensional pictures of a block. Raises LdsError."""
    block = parse_first(data)
    if block.tag == _WRAPPER:
        block = parse_first(block.value) if block.value[:1] == bytes([_FACE_BLOCK]) else block
    if block.tag not in (_FACE_BLOCK, _WRAPPER):
        raise LdsError("not a face image data block")
    representations = block.child(0xA1)
    items = representations.children()
    if items and items[0].tag != 0x30:
        items = (representations,)
    return tuple(face for item in items if (face := _parse_representation(item)) is not None)


def _parse_representation(representation: Tlv) -> FaceImage | None:
    """RepresentationBlock → imageRepresentation → base → imageRepresentation2DBlock → representationData2D."""
    choice = representation.child(0xA1)
    base = choice.find(0xA0)
    flat = base.find(0xA0) if base is not None else None
    if flat is None:
        return None
    picture = flat.child(0x80).value
    width, height = _size(flat.find(0xA1))
    return FaceImage(image_format(picture), picture, width, height)


def _size(information: Tlv | None) -> tuple[int, int]:
    """ImageInformation2DBlock: imageSizeBlock [7] { width [0], height [1] }; missing is (0, 0)."""
    size = information.find(0xA7) if information is not None else None
    if size is None:
        return 0, 0
    width, height = size.find(0x80), size.find(0x81)
    return (decode_integer(width.value) if width else 0, decode_integer(height.value) if height else 0)
