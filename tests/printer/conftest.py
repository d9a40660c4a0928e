"""A simulated printer as a process of its own, and drivers that talk to it."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[2]


class SimulatedPrinter:
    """One `python -m simulators.printer`."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simulators.printer", "--rows-per-second", "8000", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.facts: dict[str, Any] = json.loads(self.process.stdout.readline())

    def do(self, verb: str, **body: object) -> dict[str, Any]:
        answer = httpx.post(f"{self.facts['control']}/{verb}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def state(self) -> dict[str, Any]:
        return httpx.get(f"{self.facts['control']}/state", timeout=10).json()

    def picture(self, name: str = "last.png") -> Image.Image:
        return Image.open(io.BytesIO(httpx.get(f"{self.facts['control']}/{name}", timeout=10).content))

    def raw(self, number: int = -1) -> bytes:
        return base64.b64decode(self.do("slip", number=number)["bytes"])

    def end(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def simulated_printer() -> Iterator[Callable[..., SimulatedPrinter]]:
    """Start a printer with options; all are ended with the test."""
    started: list[SimulatedPrinter] = []

    def start(*options: str) -> SimulatedPrinter:
        started.append(SimulatedPrinter(*options))
        return started[-1]

    yield start
    for printer in started:
        printer.end()


@pytest.fixture
def test_picture() -> Image.Image:
    """576 x 400 dots with strokes, dots and both edges."""
    picture = Image.new("1", (576, 400), 1)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 575, 399), outline=0)
    draw.line((0, 399, 575, 0), fill=0, width=3)
    for x in range(3, 576, 7):
        draw.point((x, 200), fill=0)
    return picture
