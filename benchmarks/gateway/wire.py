"""The leanest HTTP/1.1 there is: one kept-alive line per kiosk, event streams, and a server for small stand-ins.

It reads only what this gateway writes. The load program shares two cores with what it measures, so it must cost little.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

_END = b"\r\n\r\n"
_LENGTH = b"content-length: "


class Line(asyncio.Protocol):
    """One connection, one question at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(_END)
        if head < 0 or self._answer is None:
            return
        at = self._buffer.find(_LENGTH, 0, head)
        length = 0 if at < 0 else int(self._buffer[at + len(_LENGTH) : self._buffer.find(b"\r\n", at)])
        start = head + len(_END)
        if len(self._buffer) < start + length:
            return
        answer, self._answer = self._answer, None
        status, body = int(self._buffer[9:12]), self._buffer[start : start + length]
        self._buffer = b""
        if not answer.done():
            answer.set_result((status, body))

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the gateway closed the line"))
        self._answer = None

    @property
    def open(self) -> bool:
        """Whether a question can be asked."""
        return self._transport is not None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body. Raises ConnectionError when the line breaks."""
        if self._transport is None:
            raise ConnectionError("no line")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()


class Stream(asyncio.Protocol):
    """An event stream: `done` becomes true at the first event that holds `wanted`."""

    def __init__(self, request: bytes, wanted: bytes) -> None:
        self._request = request
        self._wanted = wanted
        self._tail = b""
        self._transport: asyncio.Transport | None = None
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[int] = loop.create_future()
        self.done: asyncio.Future[float] = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if not self.opened.done():
            self.opened.set_result(int(data[9:12]))
        self._tail = self._tail[-200:] + data
        if self._wanted in self._tail and not self.done.done():
            self.done.set_result(asyncio.get_running_loop().time())

    def connection_lost(self, exc: Exception | None) -> None:
        for future in (self.opened, self.done):
            if not future.done():
                future.set_exception(ConnectionError("the gateway closed the stream"))
                future.exception()

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()


class StandIn(asyncio.Protocol):
    """Serves one connection of a stand-in: `answer(head, body)` after `delay(head)` seconds."""

    def __init__(self, answer: Callable[[bytes, bytes], bytes], delay: Callable[[bytes], float]) -> None:
        self._answer = answer
        self._delay = delay
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(_END)
        if end < 0:
            return
        head = self._buffer[:end]
        at = head.lower().find(_LENGTH)
        length = 0 if at < 0 else int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0])
        if len(self._buffer) < end + 4 + length:
            return
        body, self._buffer = self._buffer[end + 4 : end + 4 + length], b""
        wait = self._delay(head)
        asyncio.get_running_loop().call_later(wait, self._send, head, body)

    def _send(self, head: bytes, body: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        content = self._answer(head, body)
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(content) + content
        )


def request(method: str, path: str, headers: bytes = b"", body: bytes = b"") -> bytes:
    """The bytes of a request; `headers` are whole lines."""
    return b"%s %s HTTP/1.1\r\nHost: gateway\r\n%sContent-Length: %d\r\n\r\n%s" % (
        method.encode(), path.encode(), headers, len(body), body,
    )  # fmt: skip
