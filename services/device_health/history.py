"""What became of each device: since when it is as it is, how often it failed, and its last failures by code."""

from __future__ import annotations

import json
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

log = logging.getLogger(__name__)
FILE = "failures.json"
"""In the state directory."""
KEPT = 20
"""Failures kept for each device."""


@dataclass(frozen=True)
class PastFailure:
    """One failure: a code of the registry, never a person's data."""

    code: str
    at: datetime


@dataclass(frozen=True)
class Record:
    """One device's history. `since` is None before it ever reported; `failures` is newest first."""

    since: datetime | None = None
    changes: int = 0
    losses: int = 0
    failures: tuple[PastFailure, ...] = ()


@dataclass
class _Kept:
    since: datetime | None = None
    changes: int = 0
    losses: int = 0
    failures: deque[PastFailure] = field(default_factory=lambda: deque[PastFailure](maxlen=KEPT))


def _utc_now() -> datetime:
    return datetime.now(UTC)


class History:
    """Thread-safe. With a `file` the failures outlive a restart; a file that cannot be read or written is no fault."""

    def __init__(self, file: Path | None = None, now: Callable[[], datetime] = _utc_now) -> None:
        self._file = file
        self._now = now
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}
        self._read()

    def turned(self, device: str, *, lost: bool) -> None:
        """The device's state changed just now."""
        with self._lock:
            kept = self._of(device)
            kept.since = self._now()
            kept.changes += 1
            kept.losses += lost

    def failed(self, device: str, code: str) -> None:
        """A failure code was shown or reported for it."""
        with self._lock:
            self._of(device).failures.append(PastFailure(code, self._now()))
            self._write()

    def of(self, device: str) -> Record:
        """What is known of a device."""
        with self._lock:
            kept = self._kept.get(device, _Kept())
            return Record(kept.since, kept.changes, kept.losses, tuple(reversed(kept.failures)))

    @property
    def devices(self) -> tuple[str, ...]:
        """All that anything is known of."""
        with self._lock:
            return tuple(sorted(self._kept))

    def _of(self, device: str) -> _Kept:
        return self._kept.setdefault(device, _Kept())

    def _read(self) -> None:
        if self._file is None:
            return
        try:
            table: dict[str, list[list[str]]] = json.loads(self._file.read_text("utf-8"))
            for device, rows in table.items():
                self._of(device).failures.extend(PastFailure(code, datetime.fromisoformat(at)) for code, at in rows)
        except FileNotFoundError:
            pass
        except (OSError, ValueError, TypeError, AttributeError):
            log.warning("%s: the history of failures cannot be read, a new one begins", self._file.name)

    def _write(self) -> None:
        if self._file is None:
            return
        table = {
            device: [[failure.code, failure.at.isoformat(timespec="seconds")] for failure in kept.failures]
            for device, kept in self._kept.items()
        }
        new = self._file.with_suffix(".new")
        try:
            new.write_text(json.dumps(table), "utf-8")
            new.replace(self._file)
        except OSError as error:
            log.warning("%s: the history of failures is not kept: %s", self._file.name, error.strerror)
