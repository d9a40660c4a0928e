"""The card reader's status and capabilities."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from drivers.device import Answer, DeviceState


class MediaState(Enum):
    """`CardReader.Status` → `media` of XFS4IoT, as far as a reader without a slot knows it."""

    UNKNOWN = "unknown"
    NOT_SUPPORTED = "notSupported"
    PRESENT = "present"
    NOT_PRESENT = "notPresent"


@dataclass(frozen=True)
class ReaderStatus:
    """One moment of the card reader."""

    device: DeviceState = DeviceState.UNKNOWN
    media: MediaState = MediaState.UNKNOWN
    reader: str = ""
    """Its name as PC/SC lists it; empty while there is none."""


@dataclass(frozen=True)
class ReaderCapabilities:
    """What PC/SC gives for every reader. A contactless reader cannot hold a card back."""

    media_detection: Answer = Answer.SUPPORTED
    retains_cards: Answer = Answer.NOT_SUPPORTED
    readers: tuple[str, ...] = ()
    """All that match the settings; the first is used."""
