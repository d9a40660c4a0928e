"""The way to one chip: counts what goes over the wire, protects it, joins answers that come in pieces."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum

from drivers.emrtd.apdu import SHORT_MAX, Command, Response
from drivers.emrtd.atr import extended_length
from drivers.emrtd.reading import Figures
from drivers.emrtd.secure_messaging import SecureMessaging
from drivers.smartcard.connection import CardConnection, CardError, CardErrorReason

_CHAINING = 0x10
_MAX_JOINED = 1 << 17
_MORE_DATA = 0x61
_WRONG_LE = 0x6C


class Extended(Enum):
    """Whether chip and reader carry extended length: from the ATR, else by trial."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"


_KNOWN_BY_ATR = {True: Extended.YES, False: Extended.NO, None: Extended.UNKNOWN}


class Channel:
    """Commands to one chip, plain until `secure` is set. `before_each` may raise to stop a reading."""

    def __init__(self, connection: CardConnection, before_each: Callable[[], None] = lambda: None) -> None:
        self._connection = connection
        self._before_each = before_each
        self._started = time.monotonic()
        self._apdus = self._sent = self._received = 0
        self.secure: SecureMessaging | None = None
        self.extended = {True: Extended.YES, False: Extended.NO, None: Extended.UNKNOWN}[
            extended_length(connection.atr)
        ]
        self.doubtful = False
        """A bare error came back under secure messaging: the chip may have closed the session."""
        self.named: int | None = None
        """Plain bytes that the chip named (6Cxx) instead of those the last command asked for; None: it named none."""

    def figures(self, to_dg1: float | None) -> Figures:
        """What went over the wire so far; milliseconds since the channel was made."""
        return Figures(self._apdus, self._sent, self._received, to_dg1, self.milliseconds)

    @property
    def milliseconds(self) -> float:
        """Since the channel was made."""
        return (time.monotonic() - self._started) * 1000

    def transmit(self, command: Command) -> Response:
        """Send one command. Status words are answers, not errors. Raises CardError."""
        self.named = None
        if self.secure is None:
            data, status = self._exchange(command)
            return Response(data, status)
        response = self._protected(self.secure, command)
        if response.protected and response.status >> 8 == _WRONG_LE and command.le and not response.data:
            self.named = response.status & 0xFF or SHORT_MAX
            response = self._protected(self.secure, command.with_le(self.named))
        return response

    def _protected(self, secure: SecureMessaging, command: Command) -> Response:
        """One command under secure messaging: each has its own numbers of the send sequence counter."""
        data, status = self._exchange(secure.wrap(command))
        response = secure.unwrap(data, status)
        self.doubtful = not response.protected
        return response

    def _exchange(self, command: Command) -> tuple[bytes, int]:
        """One command with everything ISO/IEC 7816-4 lets a transport do to it: chaining, 61xx, 6Cxx."""
        if len(command.data) > 255 and self.extended is Extended.NO:
            return self._chained(command)
        data, status = self._raw(command.encode())
        if status >> 8 == _WRONG_LE and command.le and not data:
            # Without data objects it is the transport's word: the very same command goes again, its counter too.
            longest = status & 0xFF or SHORT_MAX
            self.named = longest if self.secure is None else self.secure.largest_plain(longest)
            data, status = self._raw(command.with_le(longest).encode())
        while status >> 8 == _MORE_DATA:
            if len(data) > _MAX_JOINED:
                raise CardError(CardErrorReason.PROTOCOL, "an answer without end")
            get_response = Command(0xC0, 0, 0, le=status & 0xFF or SHORT_MAX, cla=command.cla & 0x03)
            more, status = self._raw(get_response.encode())
            if not more and status >> 8 == _MORE_DATA:
                raise CardError(CardErrorReason.PROTOCOL, "promised data did not come")
            data += more
        return data, status

    def _chained(self, command: Command) -> tuple[bytes, int]:
        """Long data in pieces of 255 bytes (command chaining, ISO/IEC 7816-4 section 5.3.3)."""
        le = min(command.le, SHORT_MAX)
        pieces = [command.data[start : start + 255] for start in range(0, len(command.data), 255)]
        for piece in pieces[:-1]:
            part = Command(command.ins, command.p1, command.p2, piece, 0, command.cla | _CHAINING)
            data, status = self._raw(part.encode())
            if status != 0x9000:
                return data, status
        return self._exchange(Command(command.ins, command.p1, command.p2, pieces[-1], le, command.cla))

    def _raw(self, apdu: bytes) -> tuple[bytes, int]:
        self._before_each()
        self._apdus += 1
        self._sent += len(apdu)
        data, status = self._connection.transmit(apdu)
        self._received += len(data) + 2
        return data, status
