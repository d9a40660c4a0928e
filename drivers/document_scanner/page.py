"""Pages as they come from a scanner: rows of samples → JPEG, several JPEG → PDF. In memory only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from io import BytesIO
from sys import byteorder

from PIL import Image

from drivers.document_scanner.errors import ScanError, ScanErrorReason

MOST_PIXELS = 40_000_000
"""A4 at 600 dpi is 35 million."""
QUALITY = 80


class FrameFormat(IntEnum):
    """SANE_Frame (SANE Standard 1.06 §4.3.8)."""

    GRAY = 0
    RGB = 1
    RED = 2
    GREEN = 3
    BLUE = 4


@dataclass(frozen=True)
class Frame:
    """One frame: `stride` bytes a line, `depth` bits a sample (1, 8 or 16, in the machine's own byte order)."""

    format: FrameFormat
    width: int
    stride: int
    depth: int
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class ScannedPage:
    """One page as JPEG. It is never written anywhere and never printed in a log."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    dpi: int


def page_of(frames: Sequence[Frame], dpi: int, longest_bytes: int) -> ScannedPage:
    """The page of one gray, one colour or three single-colour frames. Raises ScanError."""
    try:
        bands = {frame.format: _picture(frame) for frame in frames}
        picture = next(iter(bands.values()))
        if FrameFormat.RED in bands:
            picture = Image.merge("RGB", [bands[one] for one in (FrameFormat.RED, FrameFormat.GREEN, FrameFormat.BLUE)])
    except (KeyError, StopIteration, ValueError) as error:
        raise ScanError(ScanErrorReason.UNSUPPORTED, f"frames that make no picture: {error!r}") from None
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, dpi=(dpi, dpi))
    if out.tell() > longest_bytes:
        raise ScanError(ScanErrorReason.TOO_LARGE, f"{out.tell()} bytes")
    return ScannedPage(out.getvalue(), picture.width, picture.height, dpi)


def pdf_of(pages: Sequence[ScannedPage]) -> bytes:
    """One PDF of at least one page, each as large as its paper was."""
    first, *others = (Image.open(BytesIO(page.jpeg), formats=("JPEG",)) for page in pages)
    out = BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others, resolution=pages[0].dpi, quality=QUALITY)
    return out.getvalue()


def small(page: ScannedPage, longest: int = 480) -> bytes:
    """A small JPEG of a page, to be shown."""
    picture, out = Image.open(BytesIO(page.jpeg), formats=("JPEG",)), BytesIO()
    picture.thumbnail((longest, longest))
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _picture(frame: Frame) -> Image.Image:
    colour = frame.format is FrameFormat.RGB
    samples = frame.width * (3 if colour else 1)
    least = (samples * frame.depth + 7) // 8
    if frame.width <= 0 or frame.depth not in {1, 8, 16} or frame.stride < least or (colour and frame.depth == 1):
        raise ValueError(f"{frame.format.name}, {frame.depth} bits, {frame.stride} bytes for {frame.width} pixels")
    height = len(frame.data) // frame.stride
    if height == 0:
        raise ValueError("no line")
    data, stride = frame.data[: height * frame.stride], frame.stride
    if frame.depth == 16:
        if stride % 2:
            raise ValueError("half a sample")
        data, stride = data[_HIGH::2], stride // 2
    size = (frame.width, height)
    if frame.depth == 1:  # a set bit is black (SANE Standard 1.06 §3.2.1)
        return Image.frombytes("1", size, data, "raw", "1;I", stride).convert("L")
    mode = "RGB" if colour else "L"
    return Image.frombytes(mode, size, data, "raw", mode, stride)


_HIGH = 1 if byteorder == "little" else 0
"""Which byte of a 16-bit sample is the high one on this machine."""
