"""What a file is, by its own bytes: told, cleaned, made into a PDF page with a small picture of it.

Pictures are decoded and made anew: place, camera and whatever else stood beside the picture do not come along. A PDF
keeps its pages and nothing else: no scripts, no actions, no attachments, no form.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from enum import Enum

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import NameObject

from services.contract.one_stop import FileKind

LARGEST_SIDE = 2480
"""Pixels: A4 at 212 dots per inch, above the 200 that archives ask of scans."""
MOST_PIXELS = 60_000_000
PREVIEW_SIDE = 480
QUALITY = 82
DPI = 212.0
MOST_PAGES = 40
"""Of one PDF."""

_SIGNS = (
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"%PDF-", FileKind.PDF),
)
_PILLOW = {FileKind.JPEG: "JPEG", FileKind.PNG: "PNG", FileKind.WEBP: "WEBP"}


class FileFault(Enum):
    """Why a file is not taken; each has its own words on the page."""

    KIND = "kind"
    """Neither a picture we read nor a PDF, whatever its name says."""
    BROKEN = "broken"
    TOO_LARGE = "too-large"
    LOCKED = "locked"
    """A PDF with a password."""
    TOO_MANY = "too-many"


class FileRefused(Exception):
    """A file that is not taken."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class CleanFile:
    """A file as it is kept: a PDF, how many pages it has, and a JPEG picture of the first one (none of a PDF's)."""

    pdf: bytes
    pages: int
    preview: bytes


def kind_of(content: bytes) -> FileKind:
    """What the bytes are. Raises FileRefused."""
    for sign, kind in _SIGNS:
        if content.startswith(sign):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileKind.WEBP
    raise FileRefused(FileFault.KIND)


def clean(content: bytes) -> CleanFile:
    """Read and make anew. Raises FileRefused."""
    kind = kind_of(content)
    return _clean_pdf(content) if kind is FileKind.PDF else _clean_picture(content, kind)


def joined(files: list[bytes]) -> bytes:
    """Several clean PDFs as one."""
    if len(files) == 1:
        return files[0]
    writer = PdfWriter()
    for file in files:
        for page in PdfReader(io.BytesIO(file)).pages:
            writer.add_page(page)
    return _written(writer)


def _clean_picture(content: bytes, kind: FileKind) -> CleanFile:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=(_PILLOW[kind],)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise FileRefused(FileFault.TOO_LARGE)
                opened.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
                picture = _flat(ImageOps.exif_transpose(opened))
    except FileRefused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        raise FileRefused(FileFault.BROKEN) from error
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    page = io.BytesIO()
    picture.save(page, "PDF", resolution=DPI, quality=QUALITY)
    picture.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    small = io.BytesIO()
    picture.save(small, "JPEG", quality=70)
    return CleanFile(page.getvalue(), 1, small.getvalue())


def _flat(picture: Image.Image) -> Image.Image:
    """Without transparency, and without anything that stood beside the pixels."""
    if picture.mode in {"RGBA", "LA", "PA", "P"}:
        ground = Image.new("RGB", picture.size, "white")
        layer = picture.convert("RGBA")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    flat = picture.convert("RGB")
    flat.info.clear()
    return flat


def _clean_pdf(content: bytes) -> CleanFile:
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise FileRefused(FileFault.LOCKED)
        count = len(reader.pages)
        if not count:
            raise FileRefused(FileFault.BROKEN)
        if count > MOST_PAGES:
            raise FileRefused(FileFault.TOO_MANY)
        writer = PdfWriter()
        for page in reader.pages:
            for name in ("/Annots", "/AA", "/Metadata", "/PieceInfo", "/B"):
                if name in page:
                    del page[NameObject(name)]
            writer.add_page(page)
        return CleanFile(_written(writer), count, b"")
    except FileRefused:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RecursionError) as error:
        raise FileRefused(FileFault.BROKEN) from error


def _written(writer: PdfWriter) -> bytes:
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
