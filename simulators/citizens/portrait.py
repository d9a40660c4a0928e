"""Portraits drawn by our own code: flat, invented, the same for the same person; JPEG or JPEG 2000 of a wanted size."""

from __future__ import annotations

import functools
import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from simulators.citizens.citizen import Portrait

_SHEET = (480, 576)
_SCALE = _SHEET[0] / 200  # the drawing is made on a sheet of 200 x 240
_GROUND = "#CFE2DB"
_JPEG_COMMENT_ROOM = 65533
_SMALLEST = 60


def draw(portrait: Portrait) -> Image.Image:
    """The picture, 480 x 576, with a fine grain so that it compresses like a photograph."""
    sheet = Image.new("RGB", _SHEET, _GROUND)
    pen = ImageDraw.Draw(sheet)
    _draw_hair_behind(pen, portrait)
    _ellipse(pen, 84, 130, 116, 196, _darker(portrait.skin))
    _polygon(pen, [(22, 240), (34, 204), (84, 176), (116, 176), (166, 204), (178, 240)], portrait.shirt)
    _polygon(pen, [(84, 176), (100, 198), (116, 176), (124, 180), (100, 214), (76, 180)], _darker(portrait.shirt))
    _ellipse(pen, 62, 62, 138, 160, portrait.skin)
    _draw_hair_before(pen, portrait)
    _draw_face(pen)
    return _grained(sheet, portrait)


@dataclass(frozen=True)
class Encoded:
    """A compressed picture with its size in pixels."""

    data: bytes
    width: int
    height: int


@functools.cache
def encode(portrait: Portrait, size: int) -> Encoded:
    """The picture in the portrait's format, of `size` bytes (JPEG exactly, JPEG 2000 at most).

    A size too small for the full picture gives a smaller picture. ValueError for an impossible size.
    """
    picture = draw(portrait)
    pack = _PACKERS[portrait.format]
    while (data := pack(picture, size)) is None:
        if picture.width < _SMALLEST:
            raise ValueError(f"no portrait of {size} bytes")
        picture = picture.resize((picture.width // 2, picture.height // 2))
    return Encoded(data, picture.width, picture.height)


def _jpeg(picture: Image.Image, size: int) -> bytes | None:
    best = None
    low, high = 1, 95
    while low <= high:
        quality = (low + high) // 2
        made = io.BytesIO()
        picture.save(made, "JPEG", quality=quality)
        if len(made.getvalue()) <= size:
            best, low = made.getvalue(), quality + 1
        else:
            high = quality - 1
    return None if best is None else _filled(best, size)


def _filled(jpeg: bytes, size: int) -> bytes:
    """Comment segments behind the start marker up to the wanted size."""
    while (missing := size - len(jpeg)) >= 4:
        room = min(missing - 4, _JPEG_COMMENT_ROOM)
        jpeg = jpeg[:2] + b"\xff\xfe" + (room + 2).to_bytes(2, "big") + b" " * room + jpeg[2:]
    return jpeg


def _codestream(picture: Image.Image, size: int) -> bytes | None:
    return _jpeg2000(picture, size, boxes=False)


def _jpeg2000(picture: Image.Image, size: int, boxes: bool = True) -> bytes | None:
    raw = picture.width * picture.height * 3
    made = io.BytesIO()
    picture.save(
        made, "JPEG2000", quality_mode="rates", quality_layers=[raw / size * 1.01], irreversible=True, no_jp2=not boxes
    )
    return made.getvalue() if len(made.getvalue()) <= size else None


_PACKERS = {"jpeg": _jpeg, "jpeg2000": _jpeg2000, "j2k": _codestream}


def _draw_hair_behind(pen: ImageDraw.ImageDraw, portrait: Portrait) -> None:
    if portrait.hair == "bun":
        _ellipse(pen, 74, 36, 126, 84, _darker(portrait.hair_colour))
    if portrait.hair in {"bun", "long"}:
        bottom = 190 if portrait.hair == "long" else 146
        _ellipse(pen, 52, 52, 148, 150, portrait.hair_colour)
        _polygon(pen, [(52, 100), (148, 100), (150, bottom), (50, bottom)], portrait.hair_colour)


def _draw_hair_before(pen: ImageDraw.ImageDraw, portrait: Portrait) -> None:
    if portrait.hair == "bald":
        _ellipse(pen, 58, 96, 68, 128, portrait.hair_colour)
        _ellipse(pen, 132, 96, 142, 128, portrait.hair_colour)
        return
    pen.pieslice(_box(58, 50, 142, 134), 180, 360, portrait.hair_colour)
    _polygon(pen, [(66, 92), (100, 74), (134, 92), (134, 112), (66, 112)], portrait.skin)


def _draw_face(pen: ImageDraw.ImageDraw) -> None:
    for x in (83, 117):
        _ellipse(pen, x - 4, 113, x + 4, 121, "#2B2320")
        pen.line(_points([(x - 7, 107), (x + 7, 107)]), fill="#5B4636", width=round(4 * _SCALE))
    pen.line(_points([(100, 118), (100, 132), (95, 135)]), fill="#B9835C", width=round(3.5 * _SCALE))
    pen.arc(_box(86, 134, 114, 152), 20, 160, "#9C4F45", width=round(4 * _SCALE))


def _grained(sheet: Image.Image, portrait: Portrait) -> Image.Image:
    seed = repr(portrait).encode()
    noise = Image.frombytes("L", _SHEET, hashlib.shake_256(seed).digest(_SHEET[0] * _SHEET[1]))
    return Image.blend(sheet, Image.merge("RGB", (noise, noise, noise)), 0.06)


def _darker(colour: str) -> str:
    return "#" + "".join(f"{round(int(colour[at : at + 2], 16) * 0.84):02X}" for at in (1, 3, 5))


def _points(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(x * _SCALE, y * _SCALE) for x, y in points]


def _box(left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
    return _points([(left, top), (right, bottom)])


def _ellipse(pen: ImageDraw.ImageDraw, left: float, top: float, right: float, bottom: float, colour: str) -> None:
    pen.ellipse(_box(left, top, right, bottom), colour)


def _polygon(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], colour: str) -> None:
    pen.polygon(_points(points), colour)
