"""The diagnostics bundle on this kiosk: the log's tail that goes in, and a stick it is written to.

What may be in it and how it is redacted: services.contract.diagnostics. Secrets and books (keys, outbox) never go in.
"""

from __future__ import annotations

import logging
import os
import re
from collections import deque
from datetime import datetime
from pathlib import Path

KEPT_LINES = 2000


class LogTail(logging.Handler):
    """The last lines of the log, in memory only."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self._lines.append(self.format(record))

    @property
    def text(self) -> str:
        """All of them."""
        return "\n".join([*self._lines, ""])


def write(data: bytes, folder: Path, kiosk: str, at: datetime) -> Path:
    """Write it whole to the stick and have it there. Raises OSError."""
    safe = re.sub(r"[^A-Za-z0-9-]", "_", kiosk) or "kiosk"
    path = folder / f"tram-{safe}-{at:%Y%m%d-%H%M%S}.zip"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return path
