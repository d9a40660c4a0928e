"""The serial line of a module: a byte stream with time limits. DTR and RTS are left as they are.

Some boards have reset wired to one of them, and a pseudo-terminal answers ENOTTY: this class never touches either.
"""

from __future__ import annotations

import contextlib
import os
import select
import time

import serial

from drivers.fingerprint.errors import FingerError, FingerErrorReason

WRITE_SECONDS = 1.0
"""Without a limit a write to a line that nobody reads blocks for ever."""
_CHUNK = 4096


class _Port(serial.Serial):
    """pyserial's port without the two lines that it raises on opening."""

    def _update_dtr_state(self) -> None:
        """Left as it is."""

    def _update_rts_state(self) -> None:
        """Left as it is."""


class SerialLine:
    """Raises FingerError: ABSENT when it cannot be opened, LOST when it breaks."""

    def __init__(self, path: str, baud: int) -> None:
        self.path = path
        try:
            self._port = _Port(path, baud, timeout=0, write_timeout=WRITE_SECONDS, exclusive=True)
        except (OSError, ValueError) as error:
            raise FingerError(FingerErrorReason.ABSENT, str(error)) from error
        os.set_blocking(self._port.fileno(), False)

    @property
    def baud(self) -> int:
        """The speed of this end."""
        return int(self._port.baudrate)

    @baud.setter
    def baud(self, baud: int) -> None:
        try:
            self._port.baudrate = baud
        except (OSError, ValueError) as error:
            raise FingerError(FingerErrorReason.LOST, str(error)) from error

    def write(self, data: bytes) -> None:
        """Send all of it, within the limit."""
        try:
            self._port.write(data)
        except serial.SerialTimeoutException:
            raise FingerError(FingerErrorReason.SILENT, "the line takes no bytes") from None
        except OSError as error:
            raise FingerError(FingerErrorReason.LOST, str(error)) from error

    def read(self, seconds: float) -> bytes:
        """What comes within `seconds`, as soon as something does; empty when nothing came."""
        try:
            descriptor = self._port.fileno()
            if not select.select([descriptor], [], [], max(0.0, seconds))[0]:
                return b""
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise FingerError(FingerErrorReason.LOST, str(error)) from error
        if not data:
            raise FingerError(FingerErrorReason.LOST, "the line was hung up")
        return data

    def drain(self, quiet: float = 0.05, longest: float = 5.0) -> int:
        """Throw away what still comes until the line was quiet for so long; how many bytes it was."""
        thrown, until = 0, time.monotonic() + longest
        while time.monotonic() < until and (data := self.read(quiet)):
            thrown += len(data)
        return thrown

    def close(self) -> None:
        """Never raises."""
        with contextlib.suppress(OSError):
            self._port.close()
