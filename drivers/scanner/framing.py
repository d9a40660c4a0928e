"""From a scanner's bytes to codes: prefix, suffix, terminator or pause; garbage and floods cost nothing."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_ENDS = b"\r\n"
_INSIDE = {"\t", "\x1d", "\x1e", "\x1f"}
"""Control characters that codes may contain (tabulator, GS1 separators)."""


@dataclass(frozen=True)
class Framing:
    """How the scanner is set up. CR, LF or a pause end a code."""

    prefix: bytes = b""
    """Bytes the scanner puts before each code (its AIM identifier, STX); a code without it is not ours."""
    suffix: bytes = b""
    """Bytes after each code, before CR or LF."""
    idle_gap: float = 0.15
    """Seconds without a byte that end a code. USB CDC pauses up to 16 ms inside one."""
    longest: int = 4096
    """Bytes; a QR code holds 2,953 at most."""


class CodeFramer:
    """Pure: bytes in, texts out. Never holds more than `longest` bytes."""

    def __init__(self, framing: Framing | None = None) -> None:
        self.framing = framing or Framing()
        self._held = bytearray()
        self._overlong = False
        self.refused = 0
        """Codes that were garbage, too long, or without the prefix."""
        self.not_utf8 = 0
        """Codes that were let through with unreadable characters: the scanner is set to another encoding."""

    @property
    def waiting(self) -> bool:
        """Whether a code has begun and has not ended."""
        return bool(self._held) or self._overlong

    def feed(self, data: bytes) -> list[str]:
        """The codes that end in `data`."""
        codes: list[str] = []
        pieces = data.replace(b"\n", b"\r").split(b"\r")
        for piece in pieces[:-1]:
            self._hold(piece)
            codes += self.end()
        self._hold(pieces[-1])
        return codes

    def end(self) -> list[str]:
        """A terminator or a pause: what was held is a code, or nothing."""
        held, overlong = bytes(self._held), self._overlong
        self._held.clear()
        self._overlong = False
        if overlong:
            self.refused += 1
            return []
        if not held:
            return []
        text = self._text(held)
        if text is None:
            self.refused += 1
            return []
        return [text]

    def spoil(self) -> None:
        """Something of the code that has begun is missing: it is refused when it ends."""
        self._held.clear()
        self._overlong = True

    def _hold(self, piece: bytes) -> None:
        if self._overlong or len(self._held) + len(piece) > self.framing.longest:
            self._held.clear()
            self._overlong = True
            return
        self._held += piece

    def _text(self, held: bytes) -> str | None:
        framing = self.framing
        if not held.startswith(framing.prefix) or not held.endswith(framing.suffix):
            return None
        body = held[len(framing.prefix) : len(held) - len(framing.suffix)]
        text = body.decode("utf-8", "replace")
        lost = text.count("\ufffd")
        bad = lost + sum(unicodedata.category(letter) == "Cc" and letter not in _INSIDE for letter in text)
        if not text.strip() or bad * 4 > len(text):
            return None
        # A few unreadable letters are a scanner set to another encoding: number and dates are still good.
        self.not_utf8 += bool(lost)
        return unicodedata.normalize("NFC", text)
