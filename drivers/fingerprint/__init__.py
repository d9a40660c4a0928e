"""Finger readers: a finger becomes a picture. Serial modules by their own protocol, others through libfprint."""

from drivers.fingerprint.errors import (
    FingerError,
    FingerErrorReason,
    FingerHint,
    FingerRefused,
    NoFinger,
    Stopped,
)
from drivers.fingerprint.picture import FingerPicture
from drivers.fingerprint.scanner import CaptureNews, CaptureStage, FingerCapabilities, FingerScanner
from drivers.fingerprint.serial_scanner import SerialFingerLine, SerialFingerScanner

__all__ = [
    "CaptureNews",
    "CaptureStage",
    "FingerCapabilities",
    "FingerError",
    "FingerErrorReason",
    "FingerHint",
    "FingerPicture",
    "FingerRefused",
    "FingerScanner",
    "NoFinger",
    "SerialFingerLine",
    "SerialFingerScanner",
    "Stopped",
]
