"""A supervisor opens, notices, backs off and recovers; every change is told once."""

from __future__ import annotations

import logging

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from drivers.device import BackOff, DeviceState, Gone, Supervised
from drivers.supervisor import Supervisor

pytestmark = pytest.mark.trio


class Scales(Supervised):
    """A device a test takes away and brings back."""

    def __init__(self) -> None:
        self.there = True
        self.tries: list[float] = []
        self.restarts = 0
        self.open_now = 0
        self._pulled = trio.Event()
        self.how: OSError = OSError("unplugged")

    async def open(self) -> None:
        await trio.lowlevel.checkpoint()
        self.tries.append(trio.current_time())
        if not self.there:
            raise self.how
        self.open_now += 1
        self._pulled = trio.Event()

    async def watch(self) -> None:
        await self._pulled.wait()
        raise self.how

    async def close(self) -> None:
        await trio.lowlevel.checkpoint()
        self.open_now = 0

    async def restart(self) -> None:
        await trio.lowlevel.checkpoint()
        self.restarts += 1

    def pull(self, how: OSError | None = None) -> None:
        self.there = False
        self.how = how or self.how
        self._pulled.set()


@pytest.fixture
async def scales(mock_clock: MockClock, nursery: trio.Nursery) -> Scales:
    return Scales()


async def test_a_change_is_told_and_logged_once(
    scales: Scales, mock_clock: MockClock, nursery: trio.Nursery, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[DeviceState] = []
    caplog.set_level(logging.INFO)
    supervisor = Supervisor("scales", scales, heard.append)
    assert supervisor.state is DeviceState.UNKNOWN
    nursery.start_soon(supervisor.run)
    await wait_all_tasks_blocked()
    scales.pull()
    for _ in range(20):
        await wait_all_tasks_blocked()
        mock_clock.jump(2)
    assert scales.open_now == 0
    scales.there = True
    mock_clock.jump(2)
    await wait_all_tasks_blocked()
    assert heard == [DeviceState.ONLINE, DeviceState.NO_DEVICE, DeviceState.ONLINE]
    assert [record.getMessage() for record in caplog.records] == [
        "scales: online",
        "scales: noDevice (unplugged)",
        "scales: online",
    ]
    assert (supervisor.openings, supervisor.losses) == (2, 1)


async def test_tries_grow_apart_and_never_over_the_longest(
    scales: Scales, mock_clock: MockClock, nursery: trio.Nursery
) -> None:
    scales.there = False
    nursery.start_soon(Supervisor("scales", scales, back_off=BackOff(first=0.25, longest=2.0)).run)
    for _ in range(60):
        await wait_all_tasks_blocked()
        mock_clock.jump(0.25)
    apart = [round(later - earlier, 2) for earlier, later in zip(scales.tries, scales.tries[1:], strict=False)]
    assert apart[:4] == [0.25, 0.5, 1.0, 2.0] and max(apart) == 2.0


async def test_a_device_that_answers_no_more_is_told_apart_from_one_that_is_gone(
    scales: Scales, nursery: trio.Nursery
) -> None:
    supervisor = Supervisor("scales", scales)
    nursery.start_soon(supervisor.run)
    await supervisor.found()
    scales.pull(Gone(DeviceState.OFFLINE, "silent"))
    await supervisor.lost()
    assert supervisor.state is DeviceState.OFFLINE


async def test_a_reset_opens_anew_without_waiting_and_is_no_loss(
    scales: Scales, mock_clock: MockClock, nursery: trio.Nursery
) -> None:
    heard: list[DeviceState] = []
    supervisor = Supervisor("scales", scales, heard.append)
    nursery.start_soon(supervisor.run)
    await supervisor.found()
    await supervisor.reset()
    await wait_all_tasks_blocked()
    assert (supervisor.openings, supervisor.losses, scales.restarts) == (2, 0, 1)
    assert heard == [DeviceState.ONLINE]
    scales.pull()
    await wait_all_tasks_blocked()
    for _ in range(3):
        mock_clock.jump(2)
        await wait_all_tasks_blocked()
    scales.there = True
    began = trio.current_time()
    await supervisor.reset()
    await wait_all_tasks_blocked()
    assert supervisor.available and trio.current_time() == began


async def test_a_cancelled_supervisor_lets_go_of_its_device(scales: Scales) -> None:
    async with trio.open_nursery() as nursery:
        supervisor = Supervisor("scales", scales)
        nursery.start_soon(supervisor.run)
        await supervisor.found()
        nursery.cancel_scope.cancel()
    assert scales.open_now == 0
