"""A reader of libfprint in its worker: pictures through the library's own virtual image device (FP_VIRTUAL_IMAGE)."""

from __future__ import annotations

import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.fingerprint import (
    FingerError,
    FingerErrorReason,
    FingerHint,
    FingerPicture,
    FingerRefused,
    FingerScanner,
    NoFinger,
    Stopped,
)
from drivers.fingerprint.libfprint_scanner import LibfprintScanner
from simulators.fingerprint.ridges import grown, impressions, picture

pytestmark = pytest.mark.wire
WORKER = [sys.executable, "-m", "kiosk", "worker", "libfprint"]
RETRY, FATAL = -1, -2


class Glass:
    """The far end of the virtual image device: two integers, then grey bytes."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)

    def send(self, first: int, second: int, pixels: bytes = b"") -> None:
        with socket.socket(socket.AF_UNIX) as line:
            until = time.monotonic() + 5
            while True:
                try:
                    line.connect(self._path)
                    break
                except OSError:
                    assert time.monotonic() < until, "the device never listened"
                    time.sleep(0.02)
            line.sendall(struct.pack("ii", first, second) + pixels)
            time.sleep(0.2)

    def later(self, first: int, second: int, pixels: bytes = b"") -> None:
        threading.Timer(0.3, self.send, (first, second, pixels)).start()


@pytest.fixture
def glass(tmp_path: Path) -> Glass:
    return Glass(tmp_path / "glass")


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[LibfprintScanner]:
    scanner = LibfprintScanner(WORKER, {"FP_VIRTUAL_IMAGE": str(tmp_path / "glass")})
    try:
        scanner.open()
    except FingerError as error:
        if error.reason in {FingerErrorReason.UNSUPPORTED, FingerErrorReason.ABSENT}:
            pytest.skip(f"libfprint is not here, or built without its virtual devices: {error.detail}")
        raise
    yield scanner
    scanner.close()


def capture(reader: FingerScanner, seconds: float = 5) -> FingerPicture:
    return reader.capture(seconds, lambda _news: None, threading.Event())


def test_a_picture_comes_through_the_library(reader: LibfprintScanner, glass: Glass) -> None:
    finger = picture(grown(1), impressions(1, 1)[0])
    glass.later(256, 288, finger.tobytes())
    assert capture(reader).pixels == finger.tobytes()
    assert "irtual" in reader.capabilities.model
    glass.later(256, 288, finger.tobytes())
    assert capture(reader).width == 256, "and another one after it"


@pytest.mark.parametrize(("code", "hint"), [(1, FingerHint.PRESS), (2, FingerHint.CENTRE), (3, FingerHint.LIFT)])
def test_what_the_library_asks_again_for_is_a_hint(
    reader: LibfprintScanner, glass: Glass, code: int, hint: FingerHint
) -> None:
    glass.later(RETRY, code)
    with pytest.raises(FingerRefused) as caught:
        capture(reader)
    assert caught.value.hint is hint


def test_a_broken_reader_is_an_error(reader: LibfprintScanner, glass: Glass) -> None:
    glass.later(FATAL, 5)
    with pytest.raises(FingerError) as caught:
        capture(reader)
    assert caught.value.reason is FingerErrorReason.PROTOCOL


def test_nobody_comes_and_the_next_one_is_read(reader: LibfprintScanner, glass: Glass) -> None:
    with pytest.raises(NoFinger):
        capture(reader, seconds=0.5)
    finger = picture(grown(2), impressions(2, 1)[0])
    glass.later(256, 288, finger.tobytes())
    assert capture(reader).height == 288


def test_a_capture_is_stopped_at_once(reader: LibfprintScanner) -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        reader.capture(30, lambda _news: None, stop)
    assert time.monotonic() - began < 2


def test_without_a_reader_it_is_said_so(tmp_path: Path) -> None:
    reader = LibfprintScanner(WORKER)
    with pytest.raises(FingerError) as caught:
        reader.open()
    assert caught.value.reason in {FingerErrorReason.ABSENT, FingerErrorReason.UNSUPPORTED}
    reader.close()
