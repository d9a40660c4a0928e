"""Why no finger picture came: the device failed (`FingerError`), or the picture is not good enough (`FingerRefused`).

A device's error says what to fix. A refusal is nobody's fault and no try: the person gets a hint and puts the finger
down again.
"""

from __future__ import annotations

from enum import Enum


class FingerErrorReason(Enum):
    """What to fix. Codes of the registry are mapped from (FingerError, reason)."""

    ABSENT = "absent"
    """It cannot be opened: unplugged, wrong path, used by another program, no permission."""
    LOST = "lost"
    """The wire broke while it worked."""
    SILENT = "silent"
    """It is there and does not answer at any speed: no power, wrong wiring, another protocol."""
    PROTOCOL = "protocol"
    """It answers what the protocol does not allow, again and again."""
    PASSWORD = "password"  # noqa: S105 - a reason
    """The module has another password than the settings say (confirmation 0x13 or 0x21)."""
    SIZE = "size"
    """The picture's length fits no sensor we know, and the module does not tell its size."""
    UNSUPPORTED = "unsupported"
    """The reader gives no pictures (a reader that matches by itself), or its library is not installed."""
    WORKER = "worker"
    """The child process that works the reader ended."""


class FingerError(Exception):
    """The one error of finger readers. `retry` tells whether the same call can succeed without anybody's hands."""

    def __init__(self, reason: FingerErrorReason, detail: str = "", *, confirmation: int | None = None) -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
        self.confirmation = confirmation
        """The module's confirmation code, where it sent one; codes that no source names are kept as they are."""

    @property
    def retry(self) -> bool:
        """Whether trying again can help by itself."""
        return self.reason in {
            FingerErrorReason.LOST,
            FingerErrorReason.SILENT,
            FingerErrorReason.PROTOCOL,
            FingerErrorReason.WORKER,
        }


class FingerHint(Enum):
    """Why a picture is not good enough, in the words of what the person can do (fprintd's set, and the modules')."""

    WIPE = "wipe"
    """Smeared (confirmation 0x06): wet or dirty by the users' convention, not by the manuals' wording."""
    PRESS = "press"
    """Too few ridges (0x07): dry, or hardly touched."""
    CENTRE = "centre"
    """The finger lies off the window."""
    LIGHTER = "lighter"
    """Pressed so hard that ridges run together."""
    AGAIN = "again"
    """The capture failed (0x03), or a code that no source names: lift and put down again."""
    LIFT = "lift"
    """The finger still lies there from before."""


class FingerRefused(Exception):
    """A picture that is not good enough to be compared; not a try."""

    def __init__(self, hint: FingerHint, *, confirmation: int | None = None) -> None:
        super().__init__(hint.value)
        self.hint = hint
        self.confirmation = confirmation


class NoFinger(Exception):
    """Nobody put a finger down in the time that was given."""


class Stopped(Exception):
    """The caller does not want the picture any more."""
