"""A face as a picture file: what DG2 gives, whichever record format it stood in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ImageFormat(Enum):
    """Picture formats of chips, told by their first bytes and not by what a record claims."""

    JPEG = "jpeg"
    JPEG2000 = "jp2"
    """In its JP2 box structure."""
    JPEG2000_CODESTREAM = "j2k"
    PNG = "png"
    UNKNOWN = "unknown"


_MAGIC = (
    (b"\xff\xd8\xff", ImageFormat.JPEG),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", ImageFormat.JPEG2000),
    (b"\xff\x4f\xff\x51", ImageFormat.JPEG2000_CODESTREAM),
    (b"\x89PNG\r\n\x1a\n", ImageFormat.PNG),
)


@dataclass(frozen=True)
class FaceImage:
    """One picture; `width` and `height` in pixels as the record claims them (0 = not said)."""

    format: ImageFormat
    data: bytes
    width: int = 0
    height: int = 0


def image_format(data: bytes) -> ImageFormat:
    """The picture format by its first bytes."""
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), ImageFormat.UNKNOWN)
