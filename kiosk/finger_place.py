"""The finger reader of the settings in the driver's words, and the local matcher where it is installed."""

from __future__ import annotations

from collections.abc import Callable

from drivers.device import DeviceState
from drivers.fingerprint import FingerErrorReason, FingerScanner, SerialFingerLine, SerialFingerScanner
from drivers.fingerprint.libfprint_scanner import LibfprintScanner
from drivers.fingerprint.reader import FingerReader
from kiosk.settings import FingerSettings
from kiosk.workers import worker_argv
from services.fingers.installed import installed
from services.fingers.matcher import WorkerMatcher


def scanner_of(finger: FingerSettings) -> FingerScanner:
    """The reader, not opened yet."""
    if finger.kind == "libfprint":
        return LibfprintScanner(worker_argv("libfprint"))
    return SerialFingerScanner(
        SerialFingerLine(
            str(finger.path), finger.baud, finger.highest_baud, finger.dpi, password=int(finger.password, 16)
        )
    )


def reader_of(
    finger: FingerSettings, changed: Callable[[DeviceState, FingerErrorReason | None], None] | None = None
) -> FingerReader:
    """The supervised reader."""
    where = "libfprint" if finger.kind == "libfprint" else str(finger.path)
    return FingerReader(f"finger reader {where}", scanner_of(finger), changed)


def local_matcher() -> WorkerMatcher | None:
    """The optional matcher (the package tram-matcher); without it only the gateway compares."""
    return WorkerMatcher(worker_argv("fingers")) if installed() else None
