"""A connection that is held for nothing but its end: how a device on the network that says nothing is missed at once.

A program that ends, or a machine that shuts down, closes the line: noticed at once. A cable that is pulled behind a
switch, or power that goes, closes nothing: then the kernel's keep-alive probes stay without an answer (3 s), and so
does the connection that is tried before it is given up (2 s). No byte is ever sent, and the line is let go of while its
owner talks to the device: many serve one connection.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import trio

from drivers.device import DeviceState, Gone

log = logging.getLogger(__name__)

KEEP_ALIVE = {socket.TCP_KEEPIDLE: 1, socket.TCP_KEEPINTVL: 1, socket.TCP_KEEPCNT: 2}
"""Seconds until the first probe, between probes, and how many may stay unanswered; the kernel counts whole seconds."""
LEAST_SECONDS = 0.5
"""A device that closes lines nobody uses is connected to so often at most."""
CONNECT_SECONDS = 2.0
AGAIN_SECONDS = 0.3
TRIES = 3
"""A held line that is refused is tried again: a device that serves one may still be putting the last one away."""


class HeldLine:
    """One device's line. All methods belong to the trio thread."""

    def __init__(self, host: str, port: int, *, connect_seconds: float = CONNECT_SECONDS) -> None:
        self.host, self.port = host, port
        self._connect_seconds = connect_seconds
        self._talking = 0
        self._free = trio.Event()
        self._free.set()
        self._holding: trio.CancelScope | None = None
        self._let_go = trio.Event()

    @asynccontextmanager
    async def talks(self) -> AsyncGenerator[None]:
        """Its owner talks to the device: no line is held meanwhile."""
        self._talking += 1
        if self._talking == 1:
            self._free = trio.Event()
        try:
            if self._holding is not None:
                self._holding.cancel()
                await self._let_go.wait()
            yield
        finally:
            self._talking -= 1
            if not self._talking:
                self._free.set()

    async def watch(self) -> None:
        """Until nobody is there any more. Raises Gone then, never returns."""
        while True:
            while self._talking:  # whoever waited for its turn may talk already
                await self._free.wait()
            began = trio.current_time()
            self._let_go = trio.Event()
            with trio.CancelScope() as self._holding:
                try:
                    await self._hold()
                finally:
                    self._holding = None
                    self._let_go.set()
            if not self._talking:
                await trio.sleep(max(0.0, began + LEAST_SECONDS - trio.current_time()))

    async def there(self) -> None:
        """Whether anybody listens. Raises Gone."""
        await (await self._connected()).aclose()

    async def _connected(self, tries: int = 1) -> trio.SocketStream:
        try:
            with trio.fail_after(self._connect_seconds):
                for _ in range(tries - 1):
                    with suppress(OSError):
                        return await trio.open_tcp_stream(self.host, self.port)
                    await trio.sleep(AGAIN_SECONDS)
                return await trio.open_tcp_stream(self.host, self.port)
        except (OSError, trio.TooSlowError) as error:
            raise Gone(DeviceState.NO_DEVICE, f"{self.host}:{self.port}: {error}") from None

    async def _hold(self) -> None:
        """One line, until it ends or the scope is cancelled. Raises Gone when there is none to be had.

        Whatever it ends with, the device is asked again: it may have closed the line, or have been away for a moment.
        """
        async with await self._connected(TRIES) as stream:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in KEEP_ALIVE.items():
                stream.setsockopt(socket.IPPROTO_TCP, option, value)
            with suppress(trio.BrokenResourceError):
                while await stream.receive_some():
                    pass  # what it tells unasked is told again when it is asked
        log.debug("%s:%s: a line that was held ended", self.host, self.port)
