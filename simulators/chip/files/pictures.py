"""Pictures of the chip that are no portraits: drawn finger images and a drawn signature."""

from __future__ import annotations

import functools
import hashlib
import io

from PIL import Image, ImageDraw

from simulators.chip.files.biometrics import Picture

_FINGER = (192, 256)
_SIGNATURE = (400, 120)


@functools.cache
def finger(seed: str) -> Picture:
    """Ridges as bent ellipses, another pattern for each seed; JPEG."""
    width, height = _FINGER
    noise = hashlib.sha256(seed.encode()).digest()
    sheet = Image.new("L", _FINGER, 255)
    pen = ImageDraw.Draw(sheet)
    x, y = width // 2 + noise[0] % 24 - 12, height // 2 + noise[1] % 24 - 12
    for ring in range(4, 120, 7):
        lean = noise[ring % 32] % 9 - 4
        pen.ellipse((x - ring * 0.8 + lean, y - ring * 1.2, x + ring * 0.8 + lean, y + ring * 1.2), outline=40, width=3)
    return _jpeg(sheet)


@functools.cache
def signature(seed: str) -> Picture:
    """A drawn stroke, another one for each seed; JPEG."""
    noise = hashlib.sha256(seed.encode()).digest()
    sheet = Image.new("L", _SIGNATURE, 255)
    points = [(20 + 12 * at, 20 + noise[at] % 80) for at in range(30)]
    ImageDraw.Draw(sheet).line(points, fill=20, width=4, joint="curve")
    return _jpeg(sheet)


def _jpeg(sheet: Image.Image) -> Picture:
    made = io.BytesIO()
    sheet.save(made, "JPEG", quality=60)
    return Picture(made.getvalue(), sheet.width, sheet.height)
