"""A card's dialogue for technicians: what was asked, how long each answer took, never what it said.

A line holds the command's four header bytes, the lengths, the status word and the time. Data is not even kept, so
there is nothing to leak into a screen, a log or a bundle.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from drivers.smartcard.connection import CardConnection, CardError

_SELECT_EMRTD = bytes.fromhex("00A4040C07A000000247100100")[:-1]
_CARD_ACCESS = bytes.fromhex("00B09C0000")
"""READ BINARY with the short identifier 1C of EF.CardAccess (ICAO 9303-10 §3.11.3); no key is needed for it."""
_UID = bytes.fromhex("FFCA000000")
"""Answered by the reader, not by the card (PC/SC part 3): how long the reader itself takes."""


@dataclass(frozen=True)
class ApduLine:
    """One exchange without its content."""

    header: str
    sent: int
    received: int
    status_word: int
    milliseconds: int

    def __str__(self) -> str:
        return (
            f"{self.header} · {self.sent} byte: {self.status_word:04X} · {self.received} byte · {self.milliseconds} ms"
        )


@dataclass(frozen=True)
class CardTrace:
    """A whole reading without its content: every command, and why it broke off, if it did."""

    lines: tuple[ApduLine, ...]
    error: CardError | None = None

    @property
    def milliseconds(self) -> int:
        """Of all answers together."""
        return sum(line.milliseconds for line in self.lines)


class Traced:
    """A connection that notes each exchange."""

    def __init__(self, connection: CardConnection) -> None:
        self._connection = connection
        self.lines: list[ApduLine] = []

    @property
    def atr(self) -> bytes:
        """The card's."""
        return self._connection.atr

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        """Hand on, and note."""
        begun = time.monotonic()
        data, status_word = b"", 0
        try:
            data, status_word = self._connection.transmit(apdu)
        finally:
            # A command without an answer (the card was lifted) stands there with status 0000.
            took = round((time.monotonic() - begun) * 1000)
            self.lines.append(ApduLine(apdu[:4].hex(" ").upper(), len(apdu), len(data), status_word, took))
        return data, status_word


def probe(connection: CardConnection) -> tuple[ApduLine, ...]:
    """Ask the reader and the chip what needs no key. Raises CardError."""
    traced = Traced(connection)
    for apdu in (_UID, _CARD_ACCESS, _SELECT_EMRTD):
        traced.transmit(apdu)
    return tuple(traced.lines)


def is_emrtd(lines: tuple[ApduLine, ...]) -> bool:
    """Whether the eMRTD application was there."""
    return lines[-1].status_word == 0x9000
