"""A line that is held tells at once when a device on the network is gone, and is let go of while it is talked to."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from drivers.card_terminal import NexoTerminal, Parties, TerminalAddress, TerminalDesk, TerminalError
from drivers.device import DeviceState, Gone
from drivers.document_scanner.network import listens_at
from drivers.held_line import KEEP_ALIVE, LEAST_SECONDS, HeldLine

pytestmark = pytest.mark.trio


class Place:
    """A port of this test's own: kept also while nobody listens there, so that no other process can take it."""

    def __init__(self) -> None:
        self._kept = self._bound(0)
        self.port: int = self._kept.getsockname()[1]

    def listener(self) -> trio.SocketListener:
        """Somebody who listens there; closed, whoever connects is refused."""
        bound = self._bound(self.port)
        bound.listen()
        return trio.SocketListener(trio.socket.from_stdlib_socket(bound))

    def close(self) -> None:
        """Let others have it."""
        self._kept.close()

    def _bound(self, port: int) -> socket.socket:
        bound = socket.socket()
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind(("127.0.0.1", port))
        return bound


@pytest.fixture
def place() -> Iterator[Place]:
    with closing(Place()) as place:
        yield place


class Machine:
    """Something on the network that only listens."""

    def __init__(self, place: Place) -> None:
        self.lines: list[trio.SocketStream] = []
        self.accepted = 0
        self.closed = 0
        self.port = place.port
        self._place = place
        self._power = trio.CancelScope()

    def on(self, nursery: trio.Nursery) -> None:
        """Listen."""
        nursery.start_soon(self._serve, self._place.listener())

    async def off(self) -> None:
        """The program ends."""
        self._power.cancel()
        await self.hang_up()

    async def hang_up(self) -> None:
        """Close what is open."""
        lines, self.lines = self.lines, []
        for line in lines:
            await line.aclose()

    async def connected(self, times: int) -> None:
        """Until so many lines were opened."""
        await until(lambda: self.accepted >= times)

    async def _serve(self, listener: trio.SocketListener) -> None:
        with self._power:
            async with listener, trio.open_nursery() as nursery:
                while True:
                    line = await listener.accept()
                    self.lines.append(line)
                    self.accepted += 1
                    nursery.start_soon(self._until_closed, line)

    async def _until_closed(self, line: trio.SocketStream) -> None:
        async with line:
            with suppress(trio.BrokenResourceError, trio.ClosedResourceError):
                await line.receive_some()
            self.closed += 1


@asynccontextmanager
async def held(place: Place) -> AsyncGenerator[tuple[Machine, HeldLine, list[Gone]]]:
    """A machine, the line to it that is held, and what its owner hears."""
    machine, heard = Machine(place), list[Gone]()

    async def watch() -> None:
        try:
            await line.watch()
        except Gone as gone:
            heard.append(gone)

    async with trio.open_nursery() as nursery:
        machine.on(nursery)
        line = HeldLine("127.0.0.1", machine.port)
        nursery.start_soon(watch)
        await machine.connected(1)
        yield machine, line, heard
        nursery.cancel_scope.cancel()


async def until(true: Callable[[], object]) -> None:
    with trio.fail_after(60):
        while not true():
            await trio.sleep(0.01)


async def test_a_program_that_ends_is_missed_by_its_end_and_not_by_probes(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, that is: the first probe would go out in an hour."""
    monkeypatch.setitem(KEEP_ALIVE, socket.TCP_KEEPIDLE, 3600)
    async with held(place) as (machine, _, heard):
        await machine.off()
        await until(lambda: heard)
        assert heard[0].state is DeviceState.NO_DEVICE and "no answer" not in str(heard[0])


async def test_a_machine_that_closes_lines_nobody_uses_is_there_and_is_asked_at_intervals(place: Place) -> None:
    began = trio.current_time()
    async with held(place) as (machine, _, heard):
        for times in (2, 3, 4):
            await machine.hang_up()
            await machine.connected(times)
        assert trio.current_time() - began >= 3 * LEAST_SECONDS
        assert not heard and machine.accepted == 4


async def test_nothing_is_held_while_its_owner_talks_and_no_byte_was_ever_sent(place: Place) -> None:
    """Lines are accepted in the order in which they were opened: one that was held meanwhile would come before ours."""
    async with held(place) as (machine, line, heard):
        async with line.talks(), line.talks():
            await until(lambda: machine.closed == 1)
            await machine.hang_up()
            await wait_all_tasks_blocked()
            async with await trio.open_tcp_stream("127.0.0.1", place.port) as ours:
                await machine.connected(2)
                assert machine.lines[0].socket.getpeername() == ours.socket.getsockname()
        await machine.connected(3)
        assert machine.accepted == 3 and not heard


async def test_a_pulled_cable_is_missed_by_probes_that_nobody_answers(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds, probes = KEEP_ALIVE[socket.TCP_KEEPIDLE], KEEP_ALIVE[socket.TCP_KEEPCNT]
    assert seconds + KEEP_ALIVE[socket.TCP_KEEPINTVL] * probes <= 3
    opened: list[trio.SocketStream] = []
    connect = trio.open_tcp_stream

    async def noted(*place: object, **how: object) -> trio.SocketStream:
        opened.append(await connect(*place, **how))  # type: ignore[arg-type] - handed on as they come
        return opened[-1]

    monkeypatch.setattr(trio, "open_tcp_stream", noted)
    async with held(place) as (machine, _, heard):
        await until(lambda: opened and opened[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == 2)
        assert opened[0].getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert all(opened[0].getsockopt(socket.IPPROTO_TCP, what) == value for what, value in KEEP_ALIVE.items())

        async def dead(_self: object, _most: object = None) -> bytes:
            await machine.off()
            raise trio.BrokenResourceError from TimeoutError(110, "timed out")

        monkeypatch.setattr(trio.SocketStream, "receive_some", dead)
        await machine.hang_up()
        await until(lambda: heard)
        assert heard[0].state is DeviceState.NO_DEVICE


async def test_a_card_terminal_that_serves_one_connection_is_asked_although_its_line_is_held(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It closes the port while it puts the held line away: who asks is refused once."""
    served, holding, refused, connect = list[bytes](), trio.Event(), trio.Event(), trio.open_tcp_stream

    async def noted(*where: object, **how: object) -> trio.SocketStream:
        try:
            return await connect(*where, **how)  # type: ignore[arg-type] - handed on as they come
        except OSError:
            refused.set()
            raise

    async def serve(listener: trio.SocketListener) -> None:
        line = await listener.accept()
        await listener.aclose()
        holding.set()
        async with line:
            served.append(await line.receive_some())
        await refused.wait()
        async with place.listener() as again, await again.accept() as second:
            served.append(await second.receive_some())

    monkeypatch.setattr(trio, "open_tcp_stream", noted)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(serve, place.listener())
        line = HeldLine("127.0.0.1", place.port)
        nursery.start_soon(line.watch)
        address = TerminalAddress("127.0.0.1", place.port, connect_seconds=60, answer_seconds=60)
        desk = TerminalDesk(NexoTerminal(address, Parties("TRAM-A", "SimPOS-1")), "one at a time", line=line)
        with trio.fail_after(60):
            await holding.wait()
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
