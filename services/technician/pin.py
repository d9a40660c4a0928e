"""The technician's PIN: kept as an Argon2id hash, guessed at a price that grows, every try logged.

The count of wrong tries and the time of the last one outlive a restart: pulling the plug buys no new tries.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

log = logging.getLogger(__name__)

FILE = "technician.json"
SHORTEST, LONGEST = 6, 12
FREE_TRIES = 3
"""Wrong tries without a wait; then 30 s, doubled each time, up to an hour."""
FIRST_WAIT, LONGEST_WAIT = 30, 3600


class WeakPin(ValueError):
    """Not digits, too short, or one that everybody tries first."""


@dataclass(frozen=True)
class PinVerdict:
    """What became of a try. `wait` seconds must pass before the next one; `known` False: no PIN was ever set."""

    right: bool
    wait: int = 0
    known: bool = True


@dataclass(frozen=True)
class _Kept:
    hash: str = ""
    wrong: int = 0
    last: datetime | None = None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class PinBook:
    """Blocking (Argon2 takes its tenth of a second): call it through Offload. One caller at a time."""

    def __init__(
        self, folder: Path, now: Callable[[], datetime] = _utc_now, hasher: PasswordHasher | None = None
    ) -> None:
        self._file = folder / FILE
        self._now = now
        self._hasher = hasher or PasswordHasher()

    def set(self, pin: str) -> None:
        """Set it. Raises WeakPin, OSError."""
        if not pin.isascii() or not pin.isdigit() or not SHORTEST <= len(pin) <= LONGEST:
            raise WeakPin(f"a PIN has {SHORTEST} to {LONGEST} digits")
        steps = {(int(later) - int(earlier)) % 10 for earlier, later in pairwise(pin)}
        if len(steps) == 1 and steps <= {0, 1, 9}:
            raise WeakPin("a row of equal or following digits is tried first")
        self._write(_Kept(self._hasher.hash(pin)))
        log.info("technician: a new PIN was set")

    def wait(self) -> int:
        """Seconds until the next try is looked at."""
        kept = self._read()
        if kept.wrong < FREE_TRIES or kept.last is None:
            return 0
        pause = min(FIRST_WAIT * 2 ** (kept.wrong - FREE_TRIES), LONGEST_WAIT)
        # A clock that was set back buys nothing: then the whole pause begins anew.
        over = max(timedelta(0), self._now() - kept.last)
        return max(0, pause - int(over.total_seconds()))

    def check(self, pin: str) -> PinVerdict:
        """Look at a try. During a wait nothing is looked at, not even the right one."""
        if wait := self.wait():
            log.warning("technician: a try during the wait, %d s are left", wait)
            return PinVerdict(False, wait)
        kept = self._read()
        if not kept.hash:
            log.warning("technician: no PIN is set on this kiosk")
            return PinVerdict(False, known=False)
        # Counted before it is looked at: a crash or a pulled plug in between is a wrong try.
        self._write(_Kept(kept.hash, kept.wrong + 1, self._now()))
        if not self._matches(kept.hash, pin):
            log.warning("technician: wrong PIN, %d in a row", kept.wrong + 1)
            return PinVerdict(False, self.wait())
        self._write(_Kept(kept.hash))
        log.info("technician: PIN accepted")
        return PinVerdict(True)

    def _matches(self, kept: str, pin: str) -> bool:
        try:
            return self._hasher.verify(kept, pin)
        except (VerificationError, InvalidHashError):
            return False

    def _read(self) -> _Kept:
        try:
            table = json.loads(self._file.read_text("utf-8"))
            last = table.get("last")
            return _Kept(str(table["hash"]), int(table["wrong"]), datetime.fromisoformat(last) if last else None)
        except FileNotFoundError:
            return _Kept()
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            log.exception("technician: %s cannot be read: set the PIN anew", FILE)
            return _Kept()

    def _write(self, kept: _Kept) -> None:
        table = {"hash": kept.hash, "wrong": kept.wrong, "last": kept.last and kept.last.isoformat()}
        new = self._file.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(table, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._file)
