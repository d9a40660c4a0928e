"""DG5 and DG7: displayed portraits and signatures, plain picture files (ICAO 9303-10 sections 4.7.5 and 4.7.7)."""

from __future__ import annotations

from drivers.emrtd.lds.faces import FaceImage, image_format
from drivers.emrtd.lds.tlv import parse_one

_DISPLAYED_PORTRAIT = 0x5F40
_DISPLAYED_SIGNATURE = 0x5F43


def parse_dg5(data: bytes) -> tuple[FaceImage, ...]:
    """Displayed portraits of EF.DG5. Raises LdsError."""
    return _pictures(data, 0x65, _DISPLAYED_PORTRAIT)


def parse_dg7(data: bytes) -> tuple[FaceImage, ...]:
    """Displayed signatures of EF.DG7. Raises LdsError."""
    return _pictures(data, 0x67, _DISPLAYED_SIGNATURE)


def _pictures(data: bytes, group: int, tag: int) -> tuple[FaceImage, ...]:
    items = parse_one(data, group).children()
    return tuple(FaceImage(image_format(item.value), item.value) for item in items if item.tag == tag)
