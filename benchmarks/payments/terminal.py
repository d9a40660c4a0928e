"""The card terminal beside a life's kiosk: its journal, a line that loses what it carries, and the programme of the
kiosk that does what the gateway asks of it (`kiosk.card_duties`)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

import httpx
import sniffio
import trio
from trio.testing import MockClock

from benchmarks.payments.faults import Faults, Killed
from drivers.card_terminal import NexoTerminal, Parties, TerminalAddress, TerminalDesk, TerminalError
from drivers.card_terminal.errors import TerminalErrorReason
from drivers.card_terminal.nexo import Json, Message
from drivers.card_terminal.terminal import Stage, Told
from kiosk.card_duties import do
from services.contract import routes
from services.contract.models import CardDuties, CardDuty, CardDutyResult
from services.gateway_client import GatewayError, GatewayReason
from simulators.card_terminal.acquirer import Acquirer, approval, failure

SALE = "TRAM-B"


def _unseen(_stage: Stage) -> None:
    """Nobody looks."""


class Terminal(NexoTerminal):
    """Speaks nexo with an acquirer of its own. Requests and answers get lost where the process does not die there."""

    def __init__(self, faults: Faults, now: Callable[[], datetime]) -> None:
        super().__init__(TerminalAddress("127.0.0.1"), Parties(SALE, "POS-1"), now)
        self.acquirer = Acquirer(None)
        self.off = False
        self.pulled: set[str] = set()
        """Purchases that were taken back before their answer, by ServiceID: nothing of them is ever counted."""
        self.closed: list[tuple[str, int]] = []
        """Each closing it was told of, with what that batch left."""
        self._faults = faults

    def play(self, service_id: str, intent_id: str, amount: int, outcome: str) -> None:
        """What the payer does with the card: approved, declined, or reversed (pulled before the answer)."""
        purchase = self.acquirer.begin(SALE, service_id, intent_id, amount)
        assert purchase is not None, "a purchase was begun twice"
        if outcome == "declined":
            self.acquirer.end(purchase, failure("Refusal", "refused"))
            return
        self.acquirer.charge(purchase)
        if outcome == "reversed":
            self.pulled.add(service_id)
            self.acquirer.reverse(purchase.reference)
            self.acquirer.end(purchase, failure("InsertedCard", "card-pulled"))
            return
        self.acquirer.end(purchase, approval(purchase))

    def journal(self, service_id: str) -> dict[str, Any]:
        """What a person or a status finds there: outcome, and for an approval its amount and reference."""
        purchase = self.acquirer.find(SALE, service_id)
        if purchase is None:
            return {"outcome": "not-found"}
        if service_id in self.pulled:
            return {"outcome": "reversed"}
        if not purchase.charged:
            return {"outcome": "declined"}
        return {"outcome": "approved", "amount": purchase.amount, "reference": f"RRN{purchase.reference[1:]}"}

    @property
    def charged(self) -> int:
        """Everything cards were charged, what the terminal took back by a duty too."""
        some = self.acquirer.purchases
        return sum(each.amount for each in some if each.charged and each.service_id not in self.pulled)

    def taken_back(self, service_id: str) -> bool:
        """Whether a purchase was reversed there."""
        purchase = self.acquirer.find(SALE, service_id)
        return purchase is not None and purchase.reversed

    async def _exchange(self, request: Json, seconds: float, told: Told = _unseen) -> Message:
        """Carried out between two steps at which it may be lost, or the kiosk may die."""
        envelope = request["SaleToPOIRequest"]
        header = envelope["MessageHeader"]
        category, service_id = header["MessageCategory"], header["ServiceID"]
        if self.off:
            raise TerminalError(TerminalErrorReason.ABSENT, "it has no power")
        self._step(f"before terminal {category}")
        answer = self._carried_out(category, service_id, envelope[f"{category}Request"])
        self._step(f"after terminal {category}")
        return Message(category, "Response", service_id, answer, False)

    def _step(self, label: str) -> None:
        try:
            self._faults.hit(label)
        except Killed:
            if self._faults.dead:
                raise
            raise TerminalError(TerminalErrorReason.LOST, label, sent=True) from None

    def _carried_out(self, category: str, service_id: str, body: Json) -> Json:
        match category:
            case "TransactionStatus":
                return self.acquirer.status(body["MessageReference"])
            case "Reversal":
                return self.acquirer.reverse(
                    body["OriginalPOITransaction"]["POITransactionID"]["TransactionID"], service_id
                )
            case "Reconciliation":
                batch = [each for each in self.acquirer.purchases if each.charged and not each.closed]
                self.closed.append((service_id, sum(each.amount for each in batch if not each.reversed)))
                return self.acquirer.close()
            case _:
                raise AssertionError(f"a life asks nothing of the kind: {category}")


class Kiosk(Protocol):
    """Who posts for the kiosk's programme (benchmarks.payments.life.Life)."""

    def post(self, path: str, body: object = None) -> httpx.Response:
        """A write, answered."""
        ...


class _Client:
    """Implements kiosk.card_duties.Gateway: each answer that is none is an error, as the kiosk's client has it."""

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk

    async def card_duties(self) -> tuple[CardDuty, ...]:
        raise NotImplementedError  # a life fetches its duties itself and hands each to `kiosk.card_duties.do`

    async def card_duty(self, duty: CardDuty, result: CardDutyResult) -> None:
        with _outside_of_trio():
            path = routes.CARD_DUTY.format(id=duty.id)
            status = self._kiosk.post(path, result.model_dump(mode="json")).status_code
        if status != 200:
            reason = GatewayReason.SERVER if status >= 500 else GatewayReason.CONFLICT
            raise GatewayError(reason, status=status, sent=True)


def serve(terminal: Terminal, kiosk: Kiosk, waiting: CardDuties) -> None:
    """One round of what `kiosk.card_duties.serve` does for ever. Raises Killed."""

    async def play() -> None:
        for duty in waiting.duties:
            # A kiosk that starts again has another desk, and nothing in its hands.
            await do(TerminalDesk(terminal, "of a life"), _Client(kiosk), duty)

    trio.run(play, clock=MockClock(autojump_threshold=0))


@contextmanager
def _outside_of_trio() -> Generator[None]:
    """The gateway runs on asyncio, in the middle of a step of the kiosk's programme: which of them runs is marked."""
    before, sniffio.thread_local.name = sniffio.thread_local.name, None
    try:
        yield
    finally:
        sniffio.thread_local.name = before
