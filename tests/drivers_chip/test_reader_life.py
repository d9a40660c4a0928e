"""The card reader's supervisor, with a reader that appears in the worst moment."""

from __future__ import annotations

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from drivers.device import DeviceState, Gone
from drivers.smartcard import life
from drivers.smartcard.connection import CardError, CardErrorReason
from drivers.smartcard.life import PATIENCE_SECONDS, ReaderLife
from drivers.smartcard.remote import RemoteCardReader
from drivers.smartcard.watcher_state import ReaderState
from drivers.supervisor import Supervisor

pytestmark = pytest.mark.trio
NO_READER, ONE_READER = ReaderState(True), ReaderState(True, ("Reader 00",))


class PlayedReader(RemoteCardReader):
    """Says what a worker would say, without one."""

    def says(self, state: ReaderState) -> None:
        self._set_state(state)


class LateReader(PlayedReader):
    """A reader that is there in the moment in which the waiting for it ends."""

    async def found(self) -> None:
        try:
            await super().found()
        finally:
            self.says(ONE_READER)


async def opened(reader: PlayedReader, nursery: trio.Nursery) -> Supervisor:
    supervisor = Supervisor("reader under test", ReaderLife(reader))
    nursery.start_soon(supervisor.run)
    await wait_all_tasks_blocked()
    return supervisor


async def test_a_reader_that_comes_as_the_patience_ends_is_open(mock_clock: MockClock, nursery: trio.Nursery) -> None:
    reader = LateReader()
    reader.says(NO_READER)
    supervisor = await opened(reader, nursery)
    mock_clock.jump(PATIENCE_SECONDS)
    await wait_all_tasks_blocked()
    assert supervisor.available


async def test_a_worker_that_starts_slowly_is_waited_for(mock_clock: MockClock, nursery: trio.Nursery) -> None:
    reader = PlayedReader()
    supervisor = await opened(reader, nursery)
    mock_clock.jump(5 * PATIENCE_SECONDS)
    await wait_all_tasks_blocked()
    assert supervisor.state is DeviceState.UNKNOWN
    reader.says(ONE_READER)
    await wait_all_tasks_blocked()
    assert supervisor.available
    reader.says(ReaderState(False))
    await wait_all_tasks_blocked()
    assert supervisor.state is DeviceState.OFFLINE


async def test_what_is_missing_is_said(autojump_clock: MockClock) -> None:
    reader = PlayedReader()
    assert reader.missing is None
    reader.says(NO_READER)
    assert reader.missing is not None and reader.missing.reason is CardErrorReason.NO_READER
    with pytest.raises(Gone) as gone:
        await life.ReaderLife(reader).open()
    assert gone.value.state is DeviceState.NO_DEVICE
    reader.says(ReaderState(False))
    assert life.state_of(reader.missing or CardError(CardErrorReason.MUTE)) is DeviceState.OFFLINE
