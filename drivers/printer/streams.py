"""The wires of a printer: network, serial line, the kernel's usblp file. Each is a byte stream on a file descriptor."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class ByteStream(Protocol):
    """Bytes out, bytes in, both with a time limit. Raises OSError when the other end is gone."""

    def write(self, data: bytes, seconds: float) -> int:
        """Hand over as much as the wire takes within `seconds`; returns how many bytes were taken."""
        ...

    def read(self, seconds: float) -> bytes:
        """Wait for bytes; empty when none came in time."""
        ...

    def backlog(self) -> float:
        """Seconds the wire may still need for what it took: a band takes five of them at 9600 baud."""
        ...

    def close(self) -> None:
        """Close; closing twice is allowed."""
        ...

    def abort(self) -> None:
        """Close and drop what the wire still holds: nothing of it may be printed later."""
        ...


@dataclass(frozen=True)
class NetworkAddress:
    """Raw TCP ("JetDirect"), port 9100 by habit."""

    host: str
    port: int = 9100
    connect_seconds: float = 2.0

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class SerialLine:
    """RS-232 or USB CDC; most printers are set to 9600, 19200 or 115200 baud with RTS/CTS or DTR/DSR."""

    path: str
    baud: int = 115200
    rtscts: bool = False
    dsrdtr: bool = False
    xonxoff: bool = False

    def __str__(self) -> str:
        return f"{self.path} at {self.baud} baud"


@dataclass(frozen=True)
class UsbFile:
    """The kernel's usblp character device, for example /dev/usb/lp0."""

    path: str

    def __str__(self) -> str:
        return self.path


Where = NetworkAddress | SerialLine | UsbFile


_GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL


class DescriptorStream:
    """A ByteStream on a non-blocking file descriptor."""

    def __init__(
        self,
        descriptor: int,
        close: Callable[[], None],
        drop: Callable[[], None],
        *,
        empty_is_end: bool,
        seconds_a_byte: float = 0.0,
    ) -> None:
        self._descriptor = descriptor
        self._close: Callable[[], None] | None = close
        self._drop = drop
        self._empty_is_end = empty_is_end
        self._seconds_a_byte = seconds_a_byte
        self._busy_until = 0.0
        os.set_blocking(descriptor, False)

    def write(self, data: bytes, seconds: float) -> int:
        """See ByteStream."""
        until, view, sent = time.monotonic() + seconds, memoryview(data), 0
        while sent < len(data):
            happened = self._wait(select.POLLOUT, until)
            if happened & _GONE:
                raise ConnectionResetError("the printer is gone")
            if not happened:
                break
            with contextlib.suppress(BlockingIOError):
                taken = os.write(self._descriptor, view[sent : sent + 4096])
                sent += taken
                self._busy_until = max(self._busy_until, time.monotonic()) + taken * self._seconds_a_byte
        return sent

    def read(self, seconds: float) -> bytes:
        """See ByteStream."""
        happened = self._wait(select.POLLIN, time.monotonic() + seconds)
        if not happened:
            return b""
        try:
            data = os.read(self._descriptor, 4096)
        except BlockingIOError:
            data = b""
        if not data:
            if self._empty_is_end or happened & _GONE:
                raise ConnectionResetError("the printer is gone")
            time.sleep(0.01)
        return data

    def backlog(self) -> float:
        """See ByteStream."""
        return max(0.0, self._busy_until - time.monotonic())

    def abort(self) -> None:
        """See ByteStream."""
        if self._close is not None:
            with contextlib.suppress(OSError, termios.error):
                self._drop()
        self.close()

    def close(self) -> None:
        """See ByteStream."""
        if self._close is not None:
            close, self._close = self._close, None
            with contextlib.suppress(OSError):
                close()

    def _wait(self, event: int, until: float) -> int:
        """What happened on the wire; 0 when nothing did in time."""
        if self._close is None:
            raise ConnectionResetError("the stream is closed")
        poll = select.poll()
        poll.register(self._descriptor, event)
        happened = poll.poll(max(0.0, until - time.monotonic()) * 1000)
        return happened[0][1] if happened else 0


def open_stream(where: Where) -> ByteStream:
    """Open the wire. Raises OSError when nothing is there."""
    match where:
        case NetworkAddress():
            return _open_network(where)
        case SerialLine():
            return _open_serial(where)
        case UsbFile():
            descriptor = os.open(where.path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
            # usblp answers an empty read when the printer has nothing to say.
            return DescriptorStream(descriptor, lambda: os.close(descriptor), lambda: None, empty_is_end=False)


def _open_network(where: NetworkAddress) -> ByteStream:
    connection = socket.create_connection((where.host, where.port), timeout=where.connect_seconds)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def drop() -> None:
        # Closing resets the connection instead of sending what is still queued.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return DescriptorStream(connection.fileno(), connection.close, drop, empty_is_end=True)


def _open_serial(where: SerialLine) -> ByteStream:
    import serial  # only kiosks with a serial printer pay for it

    # SerialException is an OSError.
    port = serial.Serial(
        where.path, where.baud, timeout=0, rtscts=where.rtscts, dsrdtr=where.dsrdtr, xonxoff=where.xonxoff,
        exclusive=True,
    )  # fmt: skip
    # Ten bits a byte with start and stop; a USB line is faster than it says, which only makes us patient.
    return DescriptorStream(
        port.fileno(), port.close, port.reset_output_buffer, empty_is_end=True, seconds_a_byte=10 / where.baud
    )
