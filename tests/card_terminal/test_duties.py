"""What the gateway asks of a terminal, done on its wire: taken back once whatever is lost, a batch closed once."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
import trio

from drivers.card_terminal import NexoTerminal, Parties, Patience, TerminalAddress, TerminalDesk
from drivers.card_terminal.terminal import Attempt, Stage
from kiosk.card_duties import do
from services.contract.models import (
    CardAttempt,
    CardDuty,
    CardDutyKind,
    CardDutyOutcome,
    CardDutyResult,
    CardOutcome,
)
from services.gateway_client import GatewayError
from services.gateway_client.errors import GatewayReason
from tests.card_terminal.conftest import SimulatedTerminal

pytestmark = pytest.mark.wire
NUMBERS = itertools.count(1)
BEGUN, DONE, REFUSED = CardDutyOutcome.BEGUN, CardDutyOutcome.DONE, CardDutyOutcome.REFUSED


class Book:
    """The gateway as the duties see it; `silent`, `deaf`: so many answers are lost, to what was done, to what begins.
    `never`: how it refuses what begins."""

    def __init__(self, silent: int = 0, deaf: int = 0, never: GatewayError | None = None) -> None:
        self.said: list[CardDutyResult] = []
        self._silent = silent
        self._deaf = deaf
        self._never = never

    async def card_duties(self) -> tuple[CardDuty, ...]:
        return ()

    async def card_duty(self, duty: CardDuty, result: CardDutyResult) -> None:
        self.said.append(result)
        if result.outcome is BEGUN and self._never is not None:
            raise self._never
        if result.outcome is BEGUN and self._deaf:
            self._deaf -= 1
            raise GatewayError(GatewayReason.TIMEOUT, "lost", sent=True)
        if result.outcome is not BEGUN and self._silent:
            self._silent -= 1
            raise GatewayError(GatewayReason.TIMEOUT, "lost", sent=True)

    @property
    def outcomes(self) -> list[CardDutyOutcome]:
        return [each.outcome for each in self.said]


def desk_of(terminal: SimulatedTerminal) -> TerminalDesk:
    address = TerminalAddress("127.0.0.1", terminal.facts["port"], answer_seconds=20.0, payment_seconds=30.0)
    line = NexoTerminal(address, Parties("TRAM-B", terminal.facts["poi_id"]))
    return TerminalDesk(line, "simulated", patience=Patience(20.0, 0.05, 0.05))


def bought(terminal: SimulatedTerminal, amount: int = 122_500) -> CardAttempt:
    number = next(NUMBERS)
    attempt = Attempt(f"D{number:07}", f"duty-{number}", amount)

    async def play() -> None:
        desk = desk_of(terminal)

        def unseen(_stage: Stage) -> None:
            """Nobody looks."""

        await desk.charge(attempt, unseen)

    trio.run(play)
    return CardAttempt(
        id=str(number), service_id=attempt.service_id, intent_id=attempt.transaction_id, amount=amount,
        outcome=CardOutcome.APPROVED, started_at=datetime.now(UTC),
    )  # fmt: skip


def reversal(attempt: CardAttempt, *, begun: bool = False) -> CardDuty:
    number = f"R{next(NUMBERS):07}"
    return CardDuty(id=number, kind=CardDutyKind.REVERSE, service_id=number, attempt=attempt, begun=begun)


def closing(*, begun: bool = False) -> CardDuty:
    number = f"C{next(NUMBERS):07}"
    return CardDuty(id=number, kind=CardDutyKind.CLOSE_BATCH, service_id=number, begun=begun)


def done(terminal: SimulatedTerminal, duties: Iterable[CardDuty], book: Book | None = None) -> Book:
    book = book or Book()

    async def play() -> None:
        for duty in duties:
            await do(desk_of(terminal), book, duty)

    trio.run(play)
    return book


def standing(terminal: SimulatedTerminal, attempt: CardAttempt) -> tuple[bool, bool]:
    rows = [row for row in terminal.state()["attempts"] if row["service_id"] == attempt.service_id]
    return rows[0]["charged"], rows[0]["reversed"]


def test_a_purchase_is_taken_back_written_down_before(terminal: SimulatedTerminal) -> None:
    one = bought(terminal)
    book = done(terminal, [reversal(one)])
    assert book.outcomes == [BEGUN, DONE] and book.said[-1].reference
    assert standing(terminal, one) == (True, True)


def test_a_lost_answer_is_resolved_by_the_reversals_status_and_never_by_a_second_reversal(
    terminal: SimulatedTerminal,
) -> None:
    one = bought(terminal)
    before = terminal.state()["requests"].count("Reversal")
    terminal.do("play", lost_reversals=1)
    assert done(terminal, [reversal(one)]).outcomes == [BEGUN, DONE]
    assert terminal.state()["requests"].count("Reversal") == before + 1


def test_a_reversal_that_a_restart_interrupted_is_asked_for_first(terminal: SimulatedTerminal) -> None:
    one = bought(terminal)
    duty = reversal(one)
    done(terminal, [duty])
    before = terminal.state()["requests"].count("Reversal")
    again = duty.model_copy(update={"begun": True})
    assert done(terminal, [again]).outcomes == [DONE]
    assert terminal.state()["requests"].count("Reversal") == before
    never_told = reversal(bought(terminal), begun=True)
    assert done(terminal, [never_told]).outcomes == [DONE], "it had not begun at the terminal"


def test_a_closed_batch_tells_its_sums_and_takes_nothing_back_any_more(terminal: SimulatedTerminal) -> None:
    done(terminal, [closing()])
    one, two = bought(terminal), bought(terminal, 45_000)
    book = done(terminal, [reversal(one), closing()])
    assert (book.said[-1].purchased, book.said[-1].reversed) == (167_500, 122_500)
    assert done(terminal, [reversal(two)]).outcomes == [BEGUN, REFUSED]
    assert standing(terminal, two) == (True, False)


def test_a_closing_that_may_have_been_told_is_not_told_again(terminal: SimulatedTerminal) -> None:
    before = terminal.state()["requests"].count("Reconciliation")
    assert done(terminal, [closing(begun=True)]).outcomes == [CardDutyOutcome.UNKNOWN]
    assert terminal.state()["requests"].count("Reconciliation") == before


def test_a_terminal_without_power_refuses_and_nothing_moved(terminal: SimulatedTerminal) -> None:
    one = bought(terminal)
    terminal.do("power", on=False)
    assert done(terminal, [closing()]).outcomes == [BEGUN, REFUSED]
    terminal.do("power", on=True)
    assert standing(terminal, one) == (True, False)


def test_the_gateway_is_told_until_it_has_it(terminal: SimulatedTerminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.card_duties.TELL_SECONDS", 0.01)
    book = done(terminal, [reversal(bought(terminal))], Book(silent=2))
    assert book.outcomes == [BEGUN, DONE, DONE, DONE]


def test_a_duty_whose_beginning_was_not_answered_is_begun_again_and_a_batch_is_closed(
    terminal: SimulatedTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.card_duties.TELL_SECONDS", 0.01)
    before = terminal.state()["requests"].count("Reconciliation")
    assert done(terminal, [closing()], Book(deaf=2)).outcomes == [BEGUN, BEGUN, BEGUN, DONE]
    assert terminal.state()["requests"].count("Reconciliation") == before + 1


@pytest.mark.parametrize("reason", [GatewayReason.REFUSED, GatewayReason.SERVER])
def test_a_gateway_that_does_not_know_this_kiosk_just_now_is_told_all_the_same(
    terminal: SimulatedTerminal, monkeypatch: pytest.MonkeyPatch, reason: GatewayReason
) -> None:
    monkeypatch.setattr("kiosk.card_duties.TELL_SECONDS", 0.01)

    class Away(Book):
        async def card_duty(self, duty: CardDuty, result: CardDutyResult) -> None:
            await super().card_duty(duty, result)
            if self.outcomes.count(result.outcome) < 3:
                raise GatewayError(reason)

    book = done(terminal, [reversal(bought(terminal))], Away())
    assert book.outcomes == [BEGUN, BEGUN, BEGUN, DONE, DONE, DONE]


def test_the_terminal_is_never_told_of_a_duty_that_the_gateway_does_not_know(terminal: SimulatedTerminal) -> None:
    before = len(terminal.state()["requests"])
    book = done(terminal, [closing()], Book(never=GatewayError(GatewayReason.CONFLICT, status=404)))
    assert book.outcomes == [BEGUN] and len(terminal.state()["requests"]) == before
