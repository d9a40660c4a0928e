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
from collections.abc import Callable, Mapping
from typing import cast

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
    re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]+"),
    re.compile(r"[A-Z0-9<]{20,}"),
    re.compile(
        r"(?<![0-9A-Za-z+/])(?=[0-9a-z+/]*[A-Z])(?=[0-9A-Z+/]*[a-z])(?=[A-Za-z+/]*\d)[0-9A-Za-z+/]{40,}={0,2}"
        r"|[0-9A-Fa-f]{40,}|[0-9A-Za-z_-]{100,}"
    ),
    re.compile(r"(?:[0-9A-Fa-f]{2}[ :]){15,}[0-9A-Fa-f]{2}"),
    re.compile(r"""b(['"])(?:(?!\1).)*\\x[0-9a-f]{2}.*"""),
)
"""Numbers of cards and phones, insurance cards, reprint codes, mail addresses, lines of a machine-readable zone; bytes
in base64 (a long path seldom has both cases and a digit), in hexadecimal and as Python writes them (a picture, a
template, a file of a chip)."""
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_HARMLESS = re.compile(
    r"(?<![\d-])20[2-9]\d-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?(?:[+-]\d\d:\d\d|Z)?(?!\d)"
    rf"|(?<![\d.])(?:{_OCTET}\.){{3}}{_OCTET}(?![\d.])"
)
"""A moment of this kiosk's life to the minute or closer, and an address of a network: technicians need both. An earlier
year may be of a date of birth, which some systems write with a midnight."""
_LONG_NUMBER = 10_000_000
"""Eight digits: whatever it counts, it may be somebody's."""
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
    said, begun = list[str](), 0
    for harmless in _HARMLESS.finditer(line):
        said += [_netted(line[begun : harmless.start()]), harmless[0]]
        begun = harmless.end()
    return "".join([*said, _netted(line[begun:])])


def _netted(text: str) -> str:
    for net in _NETS:
        text = net.sub(_HIDDEN, text)
    return text


def _all(value: object, hide: Callable[[str], str]) -> object:
    """The same JSON with each of its texts hidden, and with no long number: it stays JSON."""
    match value:
        case dict():
            return {
                hide(str(key)): _member(str(key), each, hide)
                for key, each in cast("dict[object, object]", value).items()
            }
        case list() | tuple():
            return [_all(each, hide) for each in cast("list[object]", value)]
        case str():
            return hide(value)
        case bool() | None:
            return value
        case int() | float():
            return value if abs(value) < _LONG_NUMBER else _HIDDEN
        case _:
            return hide(str(value))


def _member(key: str, value: object, hide: Callable[[str], str]) -> object:
    """Of an object: what is called a secret is one."""
    return _HIDDEN if _SECRET.search(f"{key}: x") else _all(value, hide)


def pack(parts: Mapping[str, object]) -> bytes:
    """A ZIP of redacted texts; what is no text is written as JSON."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            text = (
                redacted(part)
                if isinstance(part, str)
                else json.dumps(_all(part, redacted), ensure_ascii=False, indent=1)
            )
            archive.writestr(name, text.encode("utf-8", "replace"))  # JSON can hold halves of characters
    return target.getvalue()


def repacked(data: bytes) -> bytes:
    """The same bundle, read within its bounds and redacted again. Raises BadBundle."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if not names or len(names) > len(PARTS) or not PARTS.issuperset(names):
                raise BadBundle("a part that no bundle has")
            return pack({name: _part(archive, name) for name in names})
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError, NotImplementedError, RuntimeError) as error:
        raise BadBundle(type(error).__name__) from None


def _part(archive: zipfile.ZipFile, name: str) -> object:
    """JSON where it is JSON; a text otherwise (what an older kiosk hid could break its JSON)."""
    text = _text(archive, name)
    if not name.endswith(".json"):
        return text
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError):
        return text


def _text(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as part:
        text = part.read(LARGEST_PART + 1)
    if len(text) > LARGEST_PART:
        raise BadBundle("a part is too large")
    return text.decode()
