"""Biometric data groups: faces of ISO 19794-5 and 39794-5 in DG2, fingers of ISO 19794-4 in DG3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulators.chip import der

_FORMAT_OWNER_JTC1_SC37 = b"\x01\x01"
_FACE_19794, _FACE_39794, _FINGER_IMAGE = b"\x00\x08", b"\x00\x2a", b"\x00\x07"
_BIOMETRIC_FACE, _BIOMETRIC_FINGER = b"\x02", b"\x08"


@dataclass(frozen=True)
class Picture:
    """An encoded picture and its size in pixels."""

    data: bytes
    width: int
    height: int

    @property
    def is_jpeg(self) -> bool:
        """JPEG, else JPEG 2000."""
        return self.data.startswith(b"\xff\xd8")


def dg2(faces: Sequence[Picture], modern: bool = False) -> bytes:
    """Faces as ISO 19794-5:2005 records, or `modern` as ISO 39794-5 blocks; none gives an empty group template."""
    if modern:
        blocks = [(_FACE_39794, 0x7F2E, _face_39794(face)) for face in faces]
    else:
        blocks = [(_FACE_19794, 0x5F2E, _face_19794(face)) for face in faces]
    return der.tlv(0x75, _group(blocks, _BIOMETRIC_FACE))


def dg3(fingers: Sequence[Picture]) -> bytes:
    """Finger images; one record each."""
    blocks = [(_FINGER_IMAGE, 0x5F2E, _finger(finger, number)) for number, finger in enumerate(fingers)]
    return der.tlv(0x63, _group(blocks, _BIOMETRIC_FINGER))


def _group(blocks: Sequence[tuple[bytes, int, bytes]], kind: bytes) -> bytes:
    templates = [
        der.tlv(
            0x7F60,
            der.tlv(
                0xA1,
                der.tlv(0x80, b"\x01\x01"),
                der.tlv(0x81, kind),
                der.tlv(0x87, _FORMAT_OWNER_JTC1_SC37),
                der.tlv(0x88, format_type),
            ),
            der.tlv(tag, block),
        )
        for format_type, tag, block in blocks
    ]
    return der.tlv(0x7F61, der.tlv(0x02, bytes([len(templates)])), *templates)


def _face_19794(face: Picture) -> bytes:
    """Facial record with one image: header 14, face information 20, image information 12 bytes."""
    image_information = (
        b"\x01"  # full frontal
        + (b"\x00" if face.is_jpeg else b"\x01")
        + face.width.to_bytes(2, "big")
        + face.height.to_bytes(2, "big")
        + b"\x01\x00"  # sRGB, source unspecified
        + bytes(4)  # device, quality
    )
    block_length = 20 + len(image_information) + len(face.data)
    face_information = block_length.to_bytes(4, "big") + bytes(16)
    header = b"FAC\x00010\x00" + (14 + block_length).to_bytes(4, "big") + b"\x00\x01"
    return header + face_information + image_information + face.data


def _face_39794(face: Picture) -> bytes:
    """FaceImageDataBlock (ISO 39794-5 annex A) inside A1 as the profile for travel documents has it: one 2D picture."""
    version = der.tlv(0xA0, der.tlv(0x80, b"\x03"), der.tlv(0x81, b"\x07\xe3"))
    image_format = der.tlv(0xA0, der.tlv(0x80, b"\x02" if face.is_jpeg else b"\x03"))
    kind = der.tlv(0xA1, der.tlv(0x80, b"\x01"))
    width, height = (der.tlv(tag, size.to_bytes(2, "big")) for tag, size in ((0x80, face.width), (0x81, face.height)))
    information = der.tlv(0xA1, image_format, kind, der.tlv(0xA7, width, height))
    flat = der.tlv(0xA0, der.tlv(0x80, face.data), information)
    representation = der.sequence(der.tlv(0x80, b"\x01"), der.tlv(0xA1, der.tlv(0xA0, flat)))
    return der.tlv(0xA1, der.tlv(0x65, version, der.tlv(0xA1, representation)))


def _finger(finger: Picture, number: int) -> bytes:
    """Finger image record (ISO 19794-4:2005): general header 32, finger header 14 bytes."""
    block_length = 14 + len(finger.data)
    finger_header = (
        block_length.to_bytes(4, "big")
        + bytes([2 if number == 0 else 7, 1, 1, 80, 0])  # right or left index, one view, quality 80, live plain
        + finger.width.to_bytes(2, "big")
        + finger.height.to_bytes(2, "big")
        + b"\x00"
    )
    total = 32 + block_length
    header = b"FIR\x00010\x00" + total.to_bytes(6, "big") + bytes(2) + (31).to_bytes(2, "big") + b"\x01\x01"
    header += (500).to_bytes(2, "big") * 4 + b"\x08" + (b"\x03" if finger.is_jpeg else b"\x04") + bytes(2)
    return header + finger_header + finger.data
