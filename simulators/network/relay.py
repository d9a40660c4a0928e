"""Relays bytes between a listening port and one upstream; the faults are those a hospital's network has."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass


@dataclass
class Faults:
    """What is wrong with the cable now."""

    cut: bool = False
    """Connections are refused and open ones are dropped."""
    silent: bool = False
    """Connections are accepted, nothing passes: the other side seems to be slow for ever."""
    delay: float = 0.0
    """Seconds added to each chunk, either way."""
    lose_answers: int = 0
    """So many connections still deliver the request, then drop where its answer would come back."""
    lose_path: str = ""
    """Only requests whose first line holds this text lose their answer; empty means any."""
    lose_requests: int = 0
    """So many connections drop before a matching request reaches the other side."""


class Relay:
    """One listening port on 127.0.0.1, relayed to `upstream`."""

    def __init__(self, upstream_host: str, upstream_port: int) -> None:
        self.upstream = (upstream_host, upstream_port)
        self.faults = Faults()
        self.port = 0
        self.lost = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._deaf: set[asyncio.StreamWriter] = set()
        """Clients whose answer is being lost."""

    async def start(self, port: int = 0) -> None:
        """Listen; `port` 0 takes a free one."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Drop every open connection now and refuse new ones."""
        self.faults.cut = True
        for writer in list(self._open):
            writer.transport.abort()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Known from its first moment, so that a cut drops it whatever it waits for."""
        if self.faults.cut:
            writer.transport.abort()
            return
        self._open.add(writer)
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection(*self.upstream)
        except OSError:
            self._open.discard(writer)
            writer.transport.abort()
            return
        both = {writer, upstream_writer}
        self._open |= both
        if writer.transport.is_closing():
            upstream_writer.transport.abort()
        try:
            # FIRST_COMPLETED: when one side ends, the other is closed as a cable would.
            ways = [
                asyncio.create_task(self._requests(reader, writer, upstream_writer)),
                asyncio.create_task(self._answers(upstream_reader, writer)),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
        finally:
            self._open -= both
            for side in both:
                with contextlib.suppress(OSError):
                    side.transport.abort() if self.faults.cut else side.close()

    def _matches(self, chunk: bytes) -> bool:
        line = chunk.split(b"\r\n", 1)[0]
        return line.startswith((b"POST", b"GET", b"PUT", b"DELETE")) and self.faults.lose_path.encode() in line

    async def _requests(
        self, reader: asyncio.StreamReader, client: asyncio.StreamWriter, writer: asyncio.StreamWriter
    ) -> None:
        while chunk := await reader.read(65536):
            await self._pause()
            if self.faults.lose_requests and self._matches(chunk):
                self.faults.lose_requests -= 1
                self.lost += 1
                client.transport.abort()
                writer.transport.abort()
                return
            if self.faults.lose_answers and self._matches(chunk):
                # The rest of the request may come in more chunks: the line breaks where the answer would begin.
                self.faults.lose_answers -= 1
                self.lost += 1
                self._deaf.add(client)
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            await self._pause()
            if writer in self._deaf:
                # It was carried out, its sender never learns it.
                self._deaf.discard(writer)
                writer.transport.abort()
                return
            writer.write(chunk)
            await writer.drain()

    async def _pause(self) -> None:
        if self.faults.delay:
            await asyncio.sleep(self.faults.delay)
        while self.faults.silent:
            await asyncio.sleep(0.05)

    async def close(self) -> None:
        """Stop listening and drop everything."""
        self.cut()
        if self._server is not None:
            self._server.close()
        for _ in range(4):  # who was accepted a moment ago is met, and dropped too
            await asyncio.sleep(0)
