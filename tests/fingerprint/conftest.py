"""A simulated module on a pseudo-terminal, in this process: its wire is the real one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.fingerprint import CaptureNews, FingerPicture, SerialFingerLine, SerialFingerScanner
from simulators.fingerprint.__main__ import Glass
from simulators.fingerprint.sensor import Body, Sensor
from simulators.fingerprint.wire import Wire


class Module:
    """A module, its glass, and the reader that talks to it."""

    def __init__(
        self, link: Path, *, family: str, size: tuple[int, int], baud: int, paced: bool, **body: object
    ) -> None:
        self.wire = Wire(link, paced=paced)
        self.wire.baud = baud
        self.wire.plug()
        self.glass = Glass(*size)
        self.sensor = Sensor(self.wire, Body(family, *size, capture_seconds=0.01, **body), self.glass.pixels)  # type: ignore[arg-type]
        self.sensor.start()
        self.news: list[CaptureNews] = []

    def reader(self, **place: object) -> SerialFingerScanner:
        return SerialFingerScanner(SerialFingerLine(str(self.wire.path), **place))  # type: ignore[arg-type]

    def capture(self, reader: SerialFingerScanner, seconds: float = 1.0) -> FingerPicture:
        return reader.capture(seconds, self.news.append, threading.Event())

    def fails(self, kind: str, times: int = 1) -> None:
        self.sensor.body.faults[kind] = times

    def end(self) -> None:
        self.sensor.stop()
        self.wire.unplug()


@pytest.fixture
def module(tmp_path: Path) -> Iterator[Callable[..., Module]]:
    """Start a module; all are ended with the test."""
    started: list[Module] = []

    def start(
        family: str = "r503",
        size: tuple[int, int] = (256, 288),
        baud: int = 57_600,
        paced: bool = False,
        **body: object,
    ) -> Module:
        link = tmp_path / f"finger{len(started)}"
        started.append(Module(link, family=family, size=size, baud=baud, paced=paced, **body))
        return started[-1]

    yield start
    for one in started:
        one.end()
