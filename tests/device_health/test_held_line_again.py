"""A line is given up only when nobody takes the next one either, and two owners' turns leave no gap for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
import trio
import trio.testing

from drivers.device import DeviceState, Gone
from drivers.held_line import HeldLine

pytestmark = pytest.mark.trio


class Line:
    """One connection as HeldLine uses it."""

    def __init__(self) -> None:
        self.open = True
        self._end: Exception | None = None
        self._ended = trio.Event()

    def end(self, error: Exception | None = None) -> None:
        self._end = error
        self._ended.set()

    def setsockopt(self, *_what: int) -> None: ...

    async def receive_some(self) -> bytes:
        await self._ended.wait()
        if self._end is not None:
            raise trio.BrokenResourceError from self._end
        return b""

    async def __aenter__(self) -> Line:
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.open = False


class Machine:
    """Takes lines, or refuses the next `refuses` of them."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.refuses = 0

    async def connect(self, _host: str, _port: int) -> Line:
        await trio.lowlevel.checkpoint()
        if self.refuses:
            self.refuses -= 1
            raise ConnectionRefusedError
        self.lines.append(Line())
        return self.lines[-1]


@asynccontextmanager
async def held(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[tuple[Machine, HeldLine, list[Gone]]]:
    machine, heard = Machine(), list[Gone]()
    monkeypatch.setattr(trio, "open_tcp_stream", machine.connect)
    line = HeldLine("terminal", 1)

    async def watch() -> None:
        try:
            await line.watch()
        except Gone as gone:
            heard.append(gone)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(watch)
        await trio.testing.wait_all_tasks_blocked()
        assert [one.open for one in machine.lines] == [True]
        yield machine, line, heard
        nursery.cancel_scope.cancel()


async def test_no_line_is_held_while_the_next_one_talks_whose_turn_came_at_once(
    autojump_clock: trio.testing.MockClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with held(monkeypatch) as (machine, line, heard):
        async with line.talks():
            await trio.testing.wait_all_tasks_blocked()
        async with line.talks():
            await trio.testing.wait_all_tasks_blocked()
            assert [one.open for one in machine.lines] == [False]
        await trio.testing.wait_all_tasks_blocked()
        assert [one.open for one in machine.lines] == [False, True] and not heard


async def test_a_terminal_that_is_still_putting_the_last_line_away_is_not_gone(
    autojump_clock: trio.testing.MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with held(monkeypatch) as (machine, line, heard):
        machine.refuses = 2
        async with line.talks():
            await trio.testing.wait_all_tasks_blocked()
        await trio.sleep(60)
        assert not heard and machine.refuses == 0 and machine.lines[-1].open
        machine.refuses = 2
        machine.lines[-1].end()
        await trio.sleep(60)
        assert not heard and machine.refuses == 0 and machine.lines[-1].open


async def test_one_that_refuses_three_times_is_gone(
    autojump_clock: trio.testing.MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with held(monkeypatch) as (machine, _line, heard):
        machine.refuses = 3
        machine.lines[-1].end()
        await trio.sleep(60)
        assert [gone.state for gone in heard] == [DeviceState.NO_DEVICE] and len(machine.lines) == 1


@pytest.mark.parametrize("error", [TimeoutError(110, "timed out"), OSError(113, "no route to host")])
async def test_a_machine_that_was_away_for_a_moment_is_asked_once_more(
    autojump_clock: trio.testing.MockClock, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    async with held(monkeypatch) as (machine, _line, heard):
        machine.lines[-1].end(error)
        await trio.sleep(60)
        assert not heard and [one.open for one in machine.lines] == [False, True]
