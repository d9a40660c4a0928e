"""Face image records of ISO/IEC 19794-5:2005, the older encoding inside DG2."""

from __future__ import annotations

from drivers.emrtd.lds.faces import FaceImage, image_format
from drivers.emrtd.lds.tlv import LdsError

_HEADER = 14
_FACE_INFORMATION = 20
_FEATURE_POINT = 8
_IMAGE_INFORMATION = 12


def is_face_record(data: bytes) -> bool:
    """Whether the bytes begin as such a record."""
    return data.startswith(b"FAC\x00")


def parse_face_record(data: bytes) -> tuple[FaceImage, ...]:
    """All pictures of a record: `FAC\\0`, version, record length, number of faces, then the faces. Raises LdsError.

    Some issuers write a wrong record or block length; a length that promises too much is cut to what is there for the
    last face, because the picture formats find their own end.
    """
    if not is_face_record(data) or len(data) < _HEADER:
        raise LdsError("not a face record")
    count = int.from_bytes(data[12:14], "big")
    faces: list[FaceImage] = []
    offset = _HEADER
    for index in range(count):
        last = index == count - 1
        end = offset + int.from_bytes(data[offset : offset + 4], "big")
        if last and (end > len(data) or end < offset + _FACE_INFORMATION):
            end = len(data)
        faces.append(_parse_face(data[offset:end], end > len(data)))
        offset = end
    return tuple(faces)


def _parse_face(block: bytes, cut: bool) -> FaceImage:
    if cut or len(block) < _FACE_INFORMATION + _IMAGE_INFORMATION:
        raise LdsError("face record is cut")
    image = _FACE_INFORMATION + _FEATURE_POINT * int.from_bytes(block[4:6], "big")
    picture = block[image + _IMAGE_INFORMATION :]
    if not picture:
        raise LdsError("face record holds no picture")
    width = int.from_bytes(block[image + 2 : image + 4], "big")
    height = int.from_bytes(block[image + 4 : image + 6], "big")
    return FaceImage(image_format(picture), picture, width, height)
