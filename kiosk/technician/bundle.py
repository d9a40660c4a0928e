"""The diagnostics bundle: what a developer needs to see, redacted twice.

Nothing that goes in holds personal data by design (settings, states, codes, the log). The second net takes out what
looks like it all the same: long digits, reprint codes, addresses. Secrets and books (keys, outbox) never go in.
"""

from __future__ import annotations

import io
import json
import logging
import os
import re
import zipfile
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

KEPT_LINES = 2000
_HIDDEN = "•••"
_NETS = (
    re.compile(r"\d(?:[ .-]?\d){7,}"),
    re.compile(r"\b[A-Z]{2}\d{13}\b"),
    re.compile(r"\b[0-9A-HJ-NP-Z]{4}-[0-9A-HJ-NP-Z]{4}\b"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
    re.compile(r"[A-Z0-9<]{20,}"),
)
"""Numbers of cards and phones, insurance cards, reprint codes, mail addresses, lines of a machine-readable zone."""


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


def redacted(text: str) -> str:
    """Without what looks like a person's. Times and versions stay."""
    lines = [_redacted(line) for line in text.split("\n")]
    return "\n".join(lines)


_STAMP = re.compile(r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[,.]\d+")


def _redacted(line: str) -> str:
    stamp = _STAMP.match(line)
    head, rest = (stamp[0], line[stamp.end() :]) if stamp else ("", line)
    for net in _NETS:
        rest = net.sub(_HIDDEN, rest)
    return head + rest


def pack(parts: Mapping[str, str | object]) -> bytes:
    """A ZIP of redacted texts; what is no text is written as JSON."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            text = part if isinstance(part, str) else json.dumps(part, ensure_ascii=False, indent=1, default=str)
            archive.writestr(name, redacted(text))
    return target.getvalue()


def write(data: bytes, folder: Path, kiosk: str, at: datetime) -> Path:
    """Write it whole to the stick and have it there. Raises OSError."""
    safe = re.sub(r"[^A-Za-z0-9-]", "_", kiosk) or "kiosk"
    path = folder / f"tram-{safe}-{at:%Y%m%d-%H%M%S}.zip"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return path
