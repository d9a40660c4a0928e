"""A terminal does one thing at a time: nothing is asked in between, and who waits can stop waiting."""

from __future__ import annotations

import pytest
import trio
import trio.testing

from drivers.card_terminal import Answer, Attempt, Outcome, Patience, Stage, TerminalDesk, TerminalError, Totals
from drivers.card_terminal.terminal import Told

pytestmark = pytest.mark.trio
BOUGHT, NEXT = Attempt("A1", "intent-1", 122_500), Attempt("A2", "intent-2", 45_000)
ASK = 15.0


class Line:
    """Implements CardTerminal: a reversal and a closing last until they are let go."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go = trio.Event()

    async def purchase(self, attempt: Attempt, told: Told) -> Answer:
        self.asked.append(f"purchase {attempt.service_id}")
        await trio.lowlevel.checkpoint()
        return Answer(Outcome.APPROVED, attempt.amount)

    async def status(self, attempt: Attempt) -> Answer:
        await trio.lowlevel.checkpoint()
        return Answer(Outcome.APPROVED, attempt.amount)

    async def abort(self, attempt: Attempt) -> None:
        self.asked.append(f"abort {attempt.service_id}")
        await trio.lowlevel.checkpoint()

    async def reverse(self, attempt: Attempt, answer: Answer, service_id: str) -> Answer:
        self.asked.append("reverse")
        await self.go.wait()
        self.asked.append("reversed")
        return Answer(Outcome.REVERSED)

    async def reversal_status(self, service_id: str) -> Answer:
        await trio.lowlevel.checkpoint()
        return Answer(Outcome.REVERSED)

    async def close_batch(self, service_id: str) -> Totals:
        self.asked.append("close")
        await self.go.wait()
        self.asked.append("closed")
        return Totals(0, 0, 0, 0)

    async def diagnose(self, service_id: str) -> bool:
        self.asked.append("diagnose")
        await trio.lowlevel.checkpoint()
        return True


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def desk(line: Line) -> TerminalDesk:
    return TerminalDesk(line, "made up", patience=Patience(20, 1, 1), seconds=ASK)


@pytest.mark.parametrize("closing", [False, True])
async def test_no_diagnosis_goes_out_in_the_middle_of_a_reversal_or_a_closing(
    line: Line, desk: TerminalDesk, closing: bool, autojump_clock: trio.testing.MockClock
) -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(desk.supervisor.run)
        await desk.supervisor.found()
        line.asked.clear()
        nursery.start_soon(lambda: desk.close_batch("C1") if closing else desk.take_back(BOUGHT, "R1", begun=False))
        await trio.sleep(1)
        nursery.start_soon(desk.look)
        await trio.sleep(4 * ASK)
        assert line.asked == ["close" if closing else "reverse"]
        line.go.set()
        await trio.sleep(1)
        assert line.asked[1:] == ["closed" if closing else "reversed", "diagnose"], "the technician's came after it"
        await trio.sleep(ASK)
        assert line.asked[3:] == ["diagnose"] and desk.available
        nursery.cancel_scope.cancel()


def unseen(_stage: Stage) -> None:
    """Nobody looks at the stages."""


async def test_a_purchase_that_is_stopped_behind_a_reversal_never_begins(
    line: Line, desk: TerminalDesk, autojump_clock: trio.testing.MockClock
) -> None:
    stopped = trio.Event()

    async def pay() -> None:
        with pytest.raises(TerminalError) as caught:
            await desk.charge(NEXT, unseen)
        assert not caught.value.sent
        stopped.set()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(lambda: desk.take_back(BOUGHT, "R1", begun=False))
        await trio.sleep(1)
        nursery.start_soon(pay)
        await trio.sleep(1)
        await desk.abort(NEXT)
        with trio.fail_after(60):
            await stopped.wait()
        line.go.set()
    assert line.asked == ["reverse", "reversed"]
    assert (await desk.charge(NEXT, unseen)).outcome is Outcome.APPROVED, "an attempt of its own is free to go"
    await desk.abort(NEXT)
    assert line.asked[2:] == ["purchase A2", "abort A2"]
