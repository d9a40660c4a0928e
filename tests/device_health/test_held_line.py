"""A line that is held tells at once when a device on the network is gone, and is let go of while it is talked to."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import trio

from drivers.card_terminal import NexoTerminal, Parties, TerminalAddress, TerminalDesk, TerminalError
from drivers.device import DeviceState, Gone
from drivers.document_scanner.network import listens_at
from drivers.held_line import KEEP_ALIVE, LEAST_SECONDS, HeldLine

pytestmark = pytest.mark.trio


class Machine:
    """Something on the network that only listens."""

    def __init__(self) -> None:
        self.lines: list[trio.SocketStream] = []
        self.came = trio.Event()
        self.closed = 0
        self.port = 0
        self._power: trio.CancelScope | None = None

    async def on(self, nursery: trio.Nursery) -> None:
        """Listen, at the same port as before."""
        (listener,) = await trio.open_tcp_listeners(self.port, host="127.0.0.1")
        self.port = listener.socket.getsockname()[1]
        self._power = trio.CancelScope()
        nursery.start_soon(self._serve, listener, self._power)

    async def off(self) -> None:
        """The program ends."""
        assert self._power is not None
        self._power.cancel()
        await self.hang_up()

    async def hang_up(self) -> None:
        """Close what is open."""
        lines, self.lines = self.lines, []
        for line in lines:
            await line.aclose()

    async def connected(self) -> None:
        """Until the next line is open."""
        self.came = trio.Event()
        with trio.fail_after(60):
            await self.came.wait()

    async def _serve(self, listener: trio.SocketListener, power: trio.CancelScope) -> None:
        with power:
            async with listener, trio.open_nursery() as nursery:
                while True:
                    line = await listener.accept()
                    self.lines.append(line)
                    self.came.set()
                    nursery.start_soon(self._until_closed, line)

    async def _until_closed(self, line: trio.SocketStream) -> None:
        async with line:
            with suppress(trio.BrokenResourceError, trio.ClosedResourceError):
                await line.receive_some()
            self.closed += 1


@asynccontextmanager
async def held() -> AsyncGenerator[tuple[Machine, HeldLine, list[Gone], Callable[[], float]]]:
    """A machine, the line to it that is held, and what its owner hears."""
    machine, heard, at = Machine(), list[Gone](), list[float]()

    async def watch() -> None:
        try:
            await line.watch()
        except Gone as gone:
            heard.append(gone)
            at.append(trio.current_time())

    async with trio.open_nursery() as nursery:
        await machine.on(nursery)
        line = HeldLine("127.0.0.1", machine.port)
        nursery.start_soon(watch)
        await machine.connected()
        yield machine, line, heard, lambda: at[0]
        nursery.cancel_scope.cancel()


async def until(true: Callable[[], object]) -> None:
    with trio.fail_after(60):
        while not true():
            await trio.sleep(0.01)


async def test_a_program_that_ends_is_missed_within_the_second() -> None:
    async with held() as (machine, _, heard, at):
        await trio.sleep(1.1)
        began = trio.current_time()
        await machine.off()
        await until(lambda: heard)
        assert heard[0].state is DeviceState.NO_DEVICE
        assert at() - began < 1


async def test_a_machine_that_closes_lines_nobody_uses_is_there_and_is_asked_at_intervals() -> None:
    async with held() as (machine, _, heard, _at):
        began, times = trio.current_time(), 0
        while times < 3:
            await machine.hang_up()
            await machine.connected()
            times += 1
        assert trio.current_time() - began > 2 * LEAST_SECONDS
        assert not heard


async def test_nothing_is_held_while_its_owner_talks_and_no_byte_was_ever_sent() -> None:
    async with held() as (machine, line, heard, _at):
        async with line.talks(), line.talks():
            await until(lambda: machine.closed == 1)
            await machine.hang_up()
            machine.came = trio.Event()
            await trio.sleep(0.2)
            assert not machine.came.is_set()
        await machine.connected()
        assert not heard


async def test_a_pulled_cable_is_missed_by_probes_that_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds, probes = KEEP_ALIVE[socket.TCP_KEEPIDLE], KEEP_ALIVE[socket.TCP_KEEPCNT]
    assert seconds + KEEP_ALIVE[socket.TCP_KEEPINTVL] * probes <= 3
    opened: list[trio.SocketStream] = []
    connect = trio.open_tcp_stream

    async def noted(*place: object, **how: object) -> trio.SocketStream:
        opened.append(await connect(*place, **how))  # type: ignore[arg-type]
        return opened[-1]

    monkeypatch.setattr(trio, "open_tcp_stream", noted)
    async with held() as (machine, _, heard, _at):
        await until(lambda: opened and opened[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == 2)
        assert opened[0].getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert all(opened[0].getsockopt(socket.IPPROTO_TCP, what) == value for what, value in KEEP_ALIVE.items())

        async def dead(_self: object, _most: object = None) -> bytes:
            raise trio.BrokenResourceError from TimeoutError(110, "timed out")

        monkeypatch.setattr(trio.SocketStream, "receive_some", dead)
        await machine.hang_up()
        await until(lambda: heard)
        assert "no answer" in str(heard[0])


async def test_a_card_terminal_that_serves_one_connection_is_asked_although_its_line_is_held() -> None:
    """It closes the port while it puts the held line away."""
    served: list[bytes] = []

    async def serve(listener: trio.SocketListener) -> None:
        line = await listener.accept()
        await listener.aclose()
        async with line:
            served.append(await line.receive_some())
        await trio.sleep(0.1)
        (again,) = await trio.open_tcp_listeners(port, host="127.0.0.1")
        async with again, await again.accept() as second:
            served.append(await second.receive_some())

    async with trio.open_nursery() as nursery:
        (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
        port = listener.socket.getsockname()[1]
        nursery.start_soon(serve, listener)
        line = HeldLine("127.0.0.1", port)
        nursery.start_soon(line.watch)
        terminal = NexoTerminal(TerminalAddress("127.0.0.1", port, answer_seconds=60), Parties("TRAM-A", "SimPOS-1"))
        desk = TerminalDesk(terminal, "one at a time", line=line)
        await trio.sleep(0.2)
        with pytest.raises(TerminalError) as caught, trio.fail_after(60):
            await desk.look()
        assert caught.value.sent, "it was told; this machine only does not know what to answer"
        nursery.cancel_scope.cancel()
    assert served[0] == b"" and b"Diagnosis" in served[1]


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("net:10.1.2.4:fujitsu:fi-7160:12345", ("10.1.2.4", 6566)),
        ("net:[fd00::4]:test:0", ("fd00::4", 6566)),
        ("escl:http://10.1.2.4:8080", ("10.1.2.4", 8080)),
        ("airscan:escl:Tầng 2:https://may-quet.local/eSCL", ("may-quet.local", 443)),
        ("fujitsu:fi-7160:12345", None),
        ("epsonds:net:10.1.2.4", None),
        ("airscan:e0:Kyocera", None),
    ],
)
async def test_where_a_network_scanner_listens_is_in_its_name(name: str, where: tuple[str, int] | None) -> None:
    assert listens_at(name) == where
