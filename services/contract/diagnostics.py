"""A kiosk's diagnostics bundle: what may be in it, how large it may be, and the net that takes out what looks personal.

Nothing that goes in holds personal data by design (settings, states, codes, the log). The net is cast all the same, by
the kiosk before anything leaves it and by the gateway once more over what arrived.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping

from pydantic import AwareDatetime

from services.contract.models import Wire

MEDIA_TYPE = "application/zip"
PARTS = frozenset({"about.json", "doctor.json", "devices.json", "settings.toml", "trace.txt", "log.txt"})
LARGEST = 1024 * 1024
"""Bytes of a bundle."""
LARGEST_PART = 8 * 1024 * 1024
"""Bytes of one unpacked text."""
_HIDDEN = "•••"
_NETS = (
    re.compile(r"\d(?:[ .-]?\d){7,}"),
    re.compile(r"\b[A-Z]{2}\d{13}\b"),
    re.compile(r"\b[0-9A-HJ-NP-Z]{4}-[0-9A-HJ-NP-Z]{4}\b"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
    re.compile(r"[A-Z0-9<]{20,}"),
)
"""Numbers of cards and phones, insurance cards, reprint codes, mail addresses, lines of a machine-readable zone."""
_STAMP = re.compile(r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[,.]\d+")
_SECRET = re.compile(r"""((?:\b|_)(?:password|secret|token|pin)\b["']?\s*[=:]\s*)\S.*$""", re.I)
"""With all that follows on its line, wherever it stands: after a dotted key, in an inline table, in JSON."""


class BadBundle(ValueError):
    """No ZIP of these parts, or larger than it says."""


class DiagnosticsKept(Wire):
    """POST /v1/diagnostics (the body is the ZIP itself; ask again, never later): kept for technicians."""

    id: str
    bytes: int
    received_at: AwareDatetime


def redacted(text: str) -> str:
    """Without what looks like a person's or a secret. Times and versions stay."""
    return "\n".join(_redacted(line) for line in text.split("\n"))


def _redacted(line: str) -> str:
    line = _SECRET.sub(rf"\g<1>{_HIDDEN}", line)
    stamp = _STAMP.match(line)
    head, rest = (stamp[0], line[stamp.end() :]) if stamp else ("", line)
    for net in _NETS:
        rest = net.sub(_HIDDEN, rest)
    return head + rest


def pack(parts: Mapping[str, object]) -> bytes:
    """A ZIP of redacted texts; what is no text is written as JSON."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            text = part if isinstance(part, str) else json.dumps(part, ensure_ascii=False, indent=1, default=str)
            archive.writestr(name, redacted(text))
    return target.getvalue()


def repacked(data: bytes) -> bytes:
    """The same bundle, read within its bounds and redacted again. Raises BadBundle."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if not names or len(names) > len(PARTS) or not PARTS.issuperset(names):
                raise BadBundle("a part that no bundle has")
            return pack({name: _text(archive, name) for name in names})
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError, NotImplementedError, RuntimeError) as error:
        raise BadBundle(type(error).__name__) from None


def _text(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as part:
        text = part.read(LARGEST_PART + 1)
    if len(text) > LARGEST_PART:
        raise BadBundle("a part is too large")
    return text.decode()
