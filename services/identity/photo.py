"""The portrait of DG2 as a picture the screens can show: JPEG and PNG as they are, JPEG 2000 made into JPEG."""

from __future__ import annotations

import io
import warnings
from importlib import import_module

from drivers.emrtd.lds.dg2 import parse_dg2
from drivers.emrtd.lds.faces import FaceImage, ImageFormat
from drivers.emrtd.lds.tlv import LdsError

MAX_PIXELS = 16_000_000
"""A portrait has under one million: more is an attempt to fill the memory."""
_PILLOW = {
    ImageFormat.JPEG: "JPEG",
    ImageFormat.PNG: "PNG",
    ImageFormat.JPEG2000: "JPEG2000",
    ImageFormat.JPEG2000_CODESTREAM: "JPEG2000",
}


def prepare() -> None:
    """Load what opens pictures: it takes longer than opening one."""
    for name in ("Jpeg2KImagePlugin", "JpegImagePlugin", "PngImagePlugin"):
        import_module(f"PIL.{name}")


def portrait(dg2: bytes) -> bytes | None:
    """The first face that can be shown, as JPEG or PNG; None without one. Never raises."""
    try:
        faces = parse_dg2(dg2)
    except LdsError:
        return None
    return next((shown for face in faces if (shown := _shown(face)) is not None), None)


def _shown(face: FaceImage) -> bytes | None:
    """The face's own bytes when a picture really opens from them, else a JPEG of it."""
    from PIL import Image  # late: the kiosk's first frame does not wait for it

    kind = _PILLOW.get(face.format)
    if kind is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(face.data), formats=(kind,)) as image:
                if image.width * image.height > MAX_PIXELS:
                    return None
                image.load()
                if kind != "JPEG2000":
                    return face.data
                target = io.BytesIO()
                image.convert("RGB").save(target, "JPEG", quality=92)
                return target.getvalue()
    except (OSError, ValueError, SyntaxError, ArithmeticError, Warning, Image.DecompressionBombError):
        return None
