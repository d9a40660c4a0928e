"""A slot of the virtual reader: the TCP side of vpcd, the speed of the link, and the card that lies there or not.

Messages are a two-byte length and a body (pcsc.md). One thread serves one card; removing it closes the connection,
which pcscd notices at its next poll, within 400 ms.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time

from simulators.chip.injection import Injector, Mute, Plastic, Torn

_OFF, _ON, _RESET, _ATR = b"\x00", b"\x01", b"\x02", b"\x04"
_RETRY_SECONDS = 0.05
_WAKING_SECONDS = 0.0003


class Slot:
    """One slot. All methods may be called from any thread."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._address = host, port
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._connection: socket.socket | None = None
        self.card: Plastic | None = None
        """The card that lies there now."""
        self.apdus = 0
        """Commands answered since the card was laid down."""
        self.torn = False
        """Whether a fault pulled the last card away."""

    def insert(self, card: Plastic) -> None:
        """Lay a card down; one that lies there is taken away first."""
        self.remove()
        with self._lock:
            self._ended = threading.Event()
            self.card, self.apdus, self.torn = card, 0, False
            self._thread = threading.Thread(target=self._serve, args=(card, self._ended), name="card", daemon=True)
            self._thread.start()

    def remove(self) -> None:
        """Take the card away, in mid-command if there is one. Nothing happens without a card."""
        with self._lock:
            self._ended.set()
            self._close()
            thread, self._thread, self.card = self._thread, None, None
        if thread is not None:
            thread.join()

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _serve(self, card: Plastic, ended: threading.Event) -> None:
        """Stay connected until the card is taken away; a restarted pcscd finds it again."""
        injector = Injector(card)
        while not ended.is_set():
            try:
                with socket.create_connection(self._address, timeout=5) as connection:
                    connection.settimeout(None)
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self._connection = connection
                    if not ended.is_set():
                        self._answer(connection, card, injector, ended)
            except Torn:
                self.torn, self.card = True, None
                return
            except OSError:
                ended.wait(_RETRY_SECONDS)

    def _answer(self, connection: socket.socket, card: Plastic, injector: Injector, ended: threading.Event) -> None:
        while True:
            message = _receive(connection)
            if message == _ATR:
                _send(connection, card.atr)
            elif message in (_ON, _RESET):
                card.power_on()
                injector.power_on()
            elif message != _OFF and message:
                started = time.perf_counter()
                try:
                    answer = injector.process(message)
                except Mute:
                    ended.wait()
                    return
                _keep_pace(card, started, len(message) + len(answer))
                self.apdus += 1
                _send(connection, answer)


def _keep_pace(card: Plastic, started: float, count: int) -> None:
    """Wait as long as the link and the card would have taken."""
    wanted = card.behaviour.delay_ms / 1000
    if card.behaviour.kbit_s:
        wanted += count * 8 / (card.behaviour.kbit_s * 1000)
    if card.wrong_password:
        wanted += card.behaviour.wrong_password_delay_ms / 1000
    until = started + wanted
    if (left := until - time.perf_counter() - _WAKING_SECONDS) > 0:
        time.sleep(left)
    while time.perf_counter() < until:  # a sleep wakes late; the model is exact
        pass


def _receive(connection: socket.socket) -> bytes:
    (count,) = struct.unpack("!H", _exactly(connection, 2))
    return _exactly(connection, count)


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        # vpcd sends length and body apart: without this each command waits 40 ms for an acknowledgement.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = connection.recv(count - len(data))
        if not part:
            raise ConnectionError("pcscd has gone")
        data += part
    return bytes(data)


def _send(connection: socket.socket, message: bytes) -> None:
    connection.sendall(struct.pack("!H", len(message)) + message)
