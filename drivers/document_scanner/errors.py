"""Why no page came: what to fix. Codes of the registry are mapped from (ScanError, reason)."""

from __future__ import annotations

from enum import Enum


class ScanErrorReason(Enum):
    """What to fix."""

    ABSENT = "absent"
    """No such device: unplugged, switched off, another name."""
    ACCESS = "access"
    """This user may not open it."""
    LOST = "lost"
    """The wire broke while it worked."""
    SILENT = "silent"
    """It did not answer in time; its worker was ended."""
    BUSY = "busy"
    """Another program scans, or the lamp warms up."""
    JAMMED = "jammed"
    NO_DOCUMENTS = "no-documents"
    """The feeder is empty."""
    COVER_OPEN = "cover-open"
    LOCKED = "locked"
    """The mechanism is locked for transport."""
    CANCELLED = "cancelled"
    """Somebody pressed cancel at the device itself."""
    UNSUPPORTED = "unsupported"
    """It refuses what is asked (source, mode), or SANE is not installed."""
    TOO_LARGE = "too-large"
    """More pixels or bytes than a page may have, or no memory for it."""
    WORKER = "worker"
    """The child process that works the scanner ended."""
    UNKNOWN = "unknown"
    """A status that no source names."""


_RETRY = frozenset(
    {
        ScanErrorReason.LOST,
        ScanErrorReason.SILENT,
        ScanErrorReason.BUSY,
        ScanErrorReason.CANCELLED,
        ScanErrorReason.WORKER,
    }
)


class ScanError(Exception):
    """The one error of document scanners. `retry`: the same call can succeed without anybody's hands."""

    def __init__(self, reason: ScanErrorReason, detail: str = "", *, status: int | None = None) -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
        self.status = status
        """The SANE_Status, where the library gave one; values that no source names are kept as they are."""

    @property
    def retry(self) -> bool:
        """Whether trying again can help by itself."""
        return self.reason in _RETRY
