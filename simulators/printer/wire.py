"""The wires: one TCP connection at a time, or a pseudo-terminal; real-time commands are obeyed on arrival."""

from __future__ import annotations

import contextlib
import os
import re
import select
import socket
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

from simulators.printer.interpreter import Interpreter, ReceiveBuffer
from simulators.printer.paper import Paper

_REALTIME = re.compile(rb"\x10\x04([\x01-\x04])|\x10\x05([\x01\x02])|(\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08)")


class Device:
    """Buffer, interpreter and paper behind whatever wire there is."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.buffer = ReceiveBuffer()
        self.mute = False
        self.received = 0
        self.unknown_questions: set[int] = set()
        """Numbers of DLE EOT this model does not know."""
        self._reply: Callable[[bytes], None] | None = None
        self._tail = b""
        self.interpreter = Interpreter(self.buffer, paper, self.say)
        threading.Thread(target=self.interpreter.run, name="interpreter", daemon=True).start()

    def connected(self, reply: Callable[[bytes], None] | None) -> None:
        """Who hears the answers now."""
        self._reply, self._tail = reply, b""

    def say(self, data: bytes) -> None:
        """Answer, unless mute or nobody listens."""
        if self._reply is not None and not self.mute:
            with contextlib.suppress(OSError):
                self._reply(data)

    def hear(self, data: bytes) -> None:
        """Bytes from the wire: real-time commands first (also inside picture data), then the buffer."""
        self.received += len(data)
        seen = self._tail + data
        end = 0
        for match in _REALTIME.finditer(seen):
            end = match.end()
            if match[1]:
                self._question(match[1][0])
            elif match[2]:
                if match[2] == b"\x02":
                    self._drop()
                self.paper.recover()
            else:
                self._drop()
                # What follows the command is new data.
                data = seen[end:]
        self._tail = seen[max(end, len(seen) - 9) :]
        if data:
            self.buffer.put(data)

    def _question(self, number: int) -> None:
        answer = self.paper.answer(number)
        if answer is not None and number not in self.unknown_questions:
            self.say(bytes((answer,)))

    def _drop(self) -> None:
        self.buffer.clear()
        self.paper.clear()


class TcpWire:
    """Raw TCP on loopback."""

    def __init__(self, device: Device, port: int = 0) -> None:
        self._device = device
        self._connection: socket.socket | None = None
        self.connections = 0
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self.port = port
        self.online()

    def online(self) -> None:
        """Listen (again) on the same port."""
        with self._lock:
            if self._listener is not None:
                return
            listener = socket.create_server(("127.0.0.1", self.port))
            self.port = listener.getsockname()[1]
            self._listener = listener
        threading.Thread(target=self._serve, args=(listener,), name="tcp", daemon=True).start()

    def offline(self) -> None:
        """Pull the network cable: nothing listens, open connections end."""
        with self._lock:
            listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.drop()

    def drop(self) -> None:
        """End the open connection only."""
        connection = self._connection
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self._connection = connection
            self.connections += 1
            self._device.connected(connection.sendall)
            with connection, contextlib.suppress(OSError):
                while data := connection.recv(4096):
                    self._device.hear(data)
            self._device.connected(None)
            self._connection = None


class PtyWire:
    """A pseudo-terminal as serial line or as the kernel's usblp file; `link` is a name that stays."""

    def __init__(self, device: Device, link: str | None = None, baud: int = 0) -> None:
        self._device = device
        self._byte_seconds = 10 / baud if baud else 0.0
        self._link = Path(link) if link else None
        self._ends: tuple[int, int] | None = None
        self.path = ""
        self.online()

    def online(self) -> None:
        """Plug in."""
        if self._ends is not None:
            return
        ours, theirs = os.openpty()
        tty.setraw(theirs)
        self._ends = (ours, theirs)
        self.path = os.ttyname(theirs)
        if self._link is not None:
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(self.path)
            self.path = str(self._link)
        self._device.connected(lambda data: _write(ours, data))
        self._wake = os.pipe()
        self._thread = threading.Thread(target=self._serve, args=(ours, self._wake[0]), name="pty", daemon=True)
        self._thread.start()

    def offline(self) -> None:
        """Pull the cable."""
        if self._ends is None:
            return
        ends, self._ends = self._ends, None
        if self._link is not None:
            self._link.unlink(missing_ok=True)
        self._device.connected(None)
        # A read that waits on it would hold the line open after the close: the thread leaves it first.
        os.write(self._wake[1], b"!")
        self._thread.join(1)
        for end in (*reversed(ends), *self._wake):
            os.close(end)

    def drop(self) -> None:
        """Out and in again."""
        self.offline()
        self.online()

    def _serve(self, ours: int, wake: int) -> None:
        with contextlib.suppress(OSError):
            while wake not in select.select([ours, wake], [], [])[0]:
                data = os.read(ours, 64 if self._byte_seconds else 4096)
                time.sleep(len(data) * self._byte_seconds)
                self._device.hear(data)


def _write(descriptor: int, data: bytes) -> None:
    os.write(descriptor, data)
