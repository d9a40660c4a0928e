"""Messages on a byte stream: a length of four bytes, big-endian, then so many bytes of JSON (nexo over TCP)."""

from __future__ import annotations

HEADER = 4
LONGEST = 65_536
"""No message of a terminal is longer; what claims to be is no terminal."""


class TooLong(ValueError):
    """The length makes no sense: whatever is at the other end does not speak this protocol."""


def framed(text: bytes) -> bytes:
    """The message with its length."""
    return len(text).to_bytes(HEADER, "big") + text


class Unframer:
    """Collects bytes and gives whole messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Messages that are complete now. Raises TooLong."""
        self._buffer += data
        found: list[bytes] = []
        while len(self._buffer) >= HEADER:
            length = int.from_bytes(self._buffer[:HEADER], "big")
            if length > LONGEST:
                raise TooLong(f"{length} bytes")
            if len(self._buffer) < HEADER + length:
                break
            found.append(bytes(self._buffer[HEADER : HEADER + length]))
            del self._buffer[: HEADER + length]
        return found
