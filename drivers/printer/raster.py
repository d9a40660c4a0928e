"""A picture as raster bytes: GS v 0 in bands, one bit a dot, black is 1, the leftmost dot in the highest bit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PIL import Image

LONGEST_BAND = 1023
_REALTIME = re.compile(rb"\x10(?=[\x04\x05\x14])")


def to_dots(picture: Image.Image) -> bytes:
    """The dots of a 1-bit picture (black ink on white), rows padded to whole bytes with white."""
    if picture.mode != "1":
        raise ValueError(f"a slip is a 1-bit picture, not {picture.mode}")
    rows = picture.tobytes()  # 1 = white, rows padded to bytes
    stride = (picture.width + 7) // 8
    ink = bytearray(byte ^ 0xFF for byte in rows)
    spare = stride * 8 - picture.width
    if spare:
        mask = 0xFF << spare & 0xFF
        for last in range(stride - 1, len(ink), stride):
            ink[last] &= mask
    return bytes(ink)


def without_realtime(dots: bytes) -> bytes:
    """The same dots without the look of a real-time command (DLE EOT, DLE ENQ, DLE DC4).

    Printers obey those even in the middle of picture data: they would answer a question nobody asked, fire the
    drawer or drop the slip. One more dot beside a lonely one (0x10 → 0x18) is not seen.
    """
    return _REALTIME.sub(b"\x18", dots)


def bands(picture: Image.Image, rows: int) -> Iterator[bytes]:
    """The picture as GS v 0 commands of at most `rows` rows each (m = 0: one dot is one dot)."""
    if not 1 <= rows <= LONGEST_BAND:
        raise ValueError(f"a band has 1 to {LONGEST_BAND} rows")
    dots = without_realtime(to_dots(picture))
    stride = (picture.width + 7) // 8
    for top in range(0, picture.height, rows):
        height = min(rows, picture.height - top)
        header = b"\x1dv0\x00" + stride.to_bytes(2, "little") + height.to_bytes(2, "little")
        yield header + dots[top * stride : (top + height) * stride]
