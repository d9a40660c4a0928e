"""The loudspeaker's status and capabilities."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.device import Answer, DeviceState


@dataclass(frozen=True)
class SoundStatus:
    """One moment of the loudspeaker (`Auxiliaries.Status` → `volume` of XFS4IoT)."""

    device: DeviceState = DeviceState.UNKNOWN
    volume: int = 0
    """Percent of what the installer allowed."""
    speaking: bool = False


@dataclass(frozen=True)
class SoundCapabilities:
    """What a sound card tells. None in this trade says whether a loudspeaker hangs on it."""

    volume: Answer = Answer.SUPPORTED
    loudspeaker_present: Answer = Answer.NOT_SUPPORTED
