"""Synthetic fingers by our own generator: an orientation field, ridges grown by Gabor filters, and impressions of them.

A finger is a number: the same number gives the same ridges. The field is the zero-pole model of Sherlock and Monro
(cores and deltas turn the ridges round them); ridges grow out of noise by filtering it again and again with Gabor
filters along the field, as in the SFinGe method (Maltoni et al., Handbook of Fingerprint Recognition, chapter 6).
Nothing comes from a person, and nothing measured on it says anything of people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float64]

_WIDTH, _HEIGHT = 352, 416
_DIRECTIONS = 24
_ROUNDS = 14
_KINDS = ("whorl", "left", "right", "arch", "double")
_PERIOD = 9.0
"""Pixels from ridge to ridge at 500 dpi."""


@dataclass(frozen=True)
class Finger:
    """One synthetic finger: -1 is the middle of a ridge, 1 the middle of a valley."""

    number: int
    kind: str
    ridges: Field


@dataclass(frozen=True)
class Impression:
    """How a finger was put down once."""

    turn: float = 0.0
    """Degrees."""
    right: float = 0.0
    down: float = 0.0
    """Pixels from the middle."""
    pressure: float = 0.0
    """-1 hardly touched to 1 pressed hard: thin, broken ridges to thick ones that run together."""
    noise: float = 0.1
    stretch: float = 2.0
    """Pixels by which skin gives way."""
    seed: int = 0


def impressions(number: int, count: int) -> list[Impression]:
    """Ordinary ways to put the same finger down: turned up to 8 degrees, shifted up to 12 pixels."""
    draw = np.random.default_rng([number, 77])
    return [
        Impression(
            turn=float(draw.uniform(-8, 8)),
            right=float(draw.uniform(-12, 12)),
            down=float(draw.uniform(-12, 12)),
            pressure=float(draw.uniform(-0.25, 0.25)),
            noise=float(draw.uniform(0.06, 0.16)),
            stretch=float(draw.uniform(0.5, 2.5)),
            seed=int(draw.integers(1 << 30)),
        )
        for _ in range(count)
    ]


@lru_cache(maxsize=24)
def grown(number: int) -> Finger:
    """The finger of that number."""
    draw = np.random.default_rng([number, 1])
    kind = _KINDS[int(draw.integers(len(_KINDS)))]
    directions = _field(kind, draw)
    period = _PERIOD * (1 + 0.08 * _smooth(draw, 60)) * float(draw.uniform(0.86, 1.16))
    return Finger(number, kind, _grow(directions, period, draw))


def picture(finger: Finger, way: Impression, width: int = 256, height: int = 288) -> NDArray[np.uint8]:
    """One impression as an 8-bit grey picture: dark ridges on a light window."""
    draw = np.random.default_rng([finger.number, 2, way.seed])
    down, right = np.mgrid[0:height, 0:width].astype(float)
    x, y = right - width / 2 - way.right, down - height / 2 - way.down
    turn = math.radians(way.turn)
    fx = math.cos(turn) * x + math.sin(turn) * y + _WIDTH / 2
    fy = -math.sin(turn) * x + math.cos(turn) * y + _HEIGHT / 2
    fx += way.stretch * _smooth(draw, 70, (height, width))
    fy += way.stretch * _smooth(draw, 70, (height, width))
    ridges = _sampled(finger.ridges, fx, fy)
    # Pressure moves the border between ridge and valley; skin is uneven all the same.
    border = 0.9 * way.pressure + 0.25 * _smooth(draw, 25, (height, width))
    grey = 1 / (1 + np.exp(-5 * (ridges - border)))
    grey += way.noise * (draw.standard_normal((height, width)) * 0.6 + _smooth(draw, 2, (height, width)))
    touch = _touched(draw, x, y, way.pressure)
    level = 35 + 190 * np.clip(grey, 0, 1)
    level = touch * level + (1 - touch) * 240
    level += 3 * draw.standard_normal((height, width))
    return np.clip(level, 0, 255).astype(np.uint8)


def _touched(draw: np.random.Generator, x: Field, y: Field, pressure: float) -> Field:
    """1 where skin touches the glass: an egg with a rough edge."""
    wide, tall = 112 * (1 + 0.12 * pressure), 140 * (1 + 0.12 * pressure)
    far = np.hypot(x / wide, y / tall) + 0.05 * _smooth(draw, 12, (x.shape[0], x.shape[1]))
    return 1 / (1 + np.exp((far - 1) * 40))


def _field(kind: str, draw: np.random.Generator) -> Field:
    """Direction of the ridges, in radians modulo pi."""
    down, right = np.mgrid[0:_HEIGHT, 0:_WIDTH].astype(float)
    x, y = right - _WIDTH / 2, down - _HEIGHT / 2

    def moved(px: float, py: float, far: float = 22.0) -> tuple[float, float]:
        return px + float(draw.uniform(-far, far)), py + float(draw.uniform(-far, far))

    cores: list[tuple[float, float]] = []
    deltas: list[tuple[float, float]] = []
    match kind:
        case "whorl":
            cores, deltas = [moved(0, -22), moved(0, 22)], [moved(-105, 115), moved(105, 115)]
        case "double":
            cores, deltas = [moved(-14, -38), moved(14, 38)], [moved(-110, 120), moved(110, 100)]
        case "left":
            cores, deltas = [moved(0, -10)], [moved(95, 110)]
        case "right":
            cores, deltas = [moved(0, -10)], [moved(-95, 110)]
        case _:
            lift = float(draw.uniform(0.6, 1.1))
            hill = np.exp(-((x / 95) ** 2))
            return np.mod(np.arctan(lift * hill * np.sin(x / 60) * np.clip((y + 190) / 260, 0, 1.2)), math.pi)
    angle = np.zeros_like(x)
    for cx, cy in cores:
        angle += np.arctan2(y - cy, x - cx)
    for dx, dy in deltas:
        angle -= np.arctan2(y - dy, x - dx)
    balance = math.pi / 2 if len(cores) > len(deltas) else 0.0
    whole = angle / 2 + balance
    return np.mod(whole + 0.28 * _smooth(draw, 90), math.pi)


def _grow(directions: Field, period: Field, draw: np.random.Generator) -> Field:
    """Ridges out of noise: the same filters until they cover everything."""
    steps = np.round(directions / math.pi * _DIRECTIONS).astype(int) % _DIRECTIONS
    wide = np.clip(np.searchsorted(np.array([8.2, 8.9, 9.7]), period), 0, 3)
    filters = {
        (way, band): _filter(way * math.pi / _DIRECTIONS, (7.8, 8.5, 9.3, 10.1)[band])
        for way in range(_DIRECTIONS)
        for band in range(4)
        if np.any((steps == way) & (wide == band))
    }
    skin = draw.standard_normal((_HEIGHT, _WIDTH))
    for _ in range(_ROUNDS):
        spectrum = np.fft.rfft2(skin)
        grown = np.zeros_like(skin)
        for (way, band), kernel in filters.items():
            here = (steps == way) & (wide == band)
            grown[here] = np.fft.irfft2(spectrum * kernel, skin.shape)[here]
        skin = np.tanh(grown / (grown.std() + 1e-9) * 1.6)
    return skin


def _filter(direction: float, period: float) -> NDArray[Any]:
    """A Gabor filter whose ridges run along `direction`, as a spectrum of the whole field."""
    down, right = np.mgrid[-15:16, -15:16].astype(float)
    across = -math.sin(direction) * right + math.cos(direction) * down
    kernel = np.cos(2 * math.pi * across / period) * np.exp(-(right**2 + down**2) / (2 * 4.2**2))
    kernel -= kernel.mean()
    whole = np.zeros((_HEIGHT, _WIDTH))
    whole[:31, :31] = kernel
    return np.fft.rfft2(np.roll(whole, (-15, -15), (0, 1)))


def _smooth(draw: np.random.Generator, length: float, shape: tuple[int, int] = (_HEIGHT, _WIDTH)) -> Field:
    """Soft noise of about unit height, whose hills are `length` pixels wide."""
    down = np.fft.fftfreq(shape[0])[:, None]
    right = np.fft.rfftfreq(shape[1])[None, :]
    low = np.exp(-2 * (math.pi * length / 2) ** 2 * (down**2 + right**2))
    soft = np.fft.irfft2(np.fft.rfft2(draw.standard_normal(shape)) * low, shape)
    return soft / (soft.std() + 1e-9)


def _sampled(field: Field, x: Field, y: Field) -> Field:
    """The field between its points."""
    left = np.clip(np.floor(x).astype(int), 0, field.shape[1] - 2)
    top = np.clip(np.floor(y).astype(int), 0, field.shape[0] - 2)
    along, below = np.clip(x - left, 0, 1), np.clip(y - top, 0, 1)
    upper = field[top, left] * (1 - along) + field[top, left + 1] * along
    lower = field[top + 1, left] * (1 - along) + field[top + 1, left + 1] * along
    return upper * (1 - below) + lower * below
