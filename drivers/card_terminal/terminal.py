"""The seam: what every card terminal can do, and the values it speaks in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Stage(Enum):
    """What happens at the terminal just now, for the screen beside it."""

    STARTED = "started"
    """It took the request: a card is waited for."""
    CARD_PRESENTED = "card-presented"
    PIN_WANTED = "pin-wanted"
    WRONG_PIN = "wrong-pin"
    ASKING_BANK = "asking-bank"
    CARD_REMOVED = "card-removed"
    RESOLVING = "resolving"
    """The answer was lost; the terminal is asked what became of the attempt."""


class Outcome(Enum):
    """What became of one attempt."""

    APPROVED = "approved"
    DECLINED = "declined"
    ABORTED = "aborted"
    """Nothing was charged: the person, the kiosk or the time broke it off."""
    NOT_FOUND = "not-found"
    """The terminal knows no such attempt: it never began there."""
    REVERSED = "reversed"
    IN_PROGRESS = "in-progress"
    UNKNOWN = "unknown"
    """Nobody can tell. A person looks at the terminal's journal; nothing is tried again."""

    @property
    def final(self) -> bool:
        """Whether asking again can change nothing."""
        return self not in {Outcome.IN_PROGRESS, Outcome.UNKNOWN}


class Decline(Enum):
    """Why nothing was charged (nexo ErrorCondition); others stay UNSPECIFIED."""

    REFUSED = "refused"
    """By the bank."""
    WRONG_PIN = "wrong-pin"
    CARD_PULLED = "card-pulled"
    """The card left the slot before the bank had answered: what was approved was taken back."""
    CANCELLED = "cancelled"
    """The person pressed the red key."""
    TIME_OVER = "time-over"
    """No card was shown."""
    INVALID_CARD = "invalid-card"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True)
class Attempt:
    """One purchase. `service_id` is new for each (1 to 10 of A-Z 0-9) and persisted before it is used; `amount` đồng.

    `transaction_id` names the payment intent for the terminal's journal; no personal data.
    """

    service_id: str
    transaction_id: str
    amount: int


@dataclass(frozen=True)
class Answer:
    """What the terminal says about an attempt. `reference` is the terminal's own transaction id, for a reversal."""

    outcome: Outcome
    amount: int | None = None
    reference: str = ""
    acquirer_reference: str = ""
    """The acquirer's transaction id, by which a report is reconciled."""
    approval_code: str = ""
    decline: Decline | None = None


@dataclass(frozen=True)
class Totals:
    """What a closed batch held: number and sum of purchases and of reversals, in đồng."""

    purchases: int
    purchased: int
    reversals: int
    reversed: int


Told = Callable[[Stage], None]
"""Called with each live stage."""


class CardTerminal(Protocol):
    """A terminal that stands beside the kiosk. Every method is a trio checkpoint and raises TerminalError."""

    async def purchase(self, attempt: Attempt, told: Told) -> Answer:
        """Charge a card. A final answer, or TerminalError: with `sent` the outcome is open and only `status` tells."""
        ...

    async def status(self, attempt: Attempt) -> Answer:
        """What became of an attempt; IN_PROGRESS while it still runs. Never UNKNOWN."""
        ...

    async def abort(self, attempt: Attempt) -> None:
        """Ask to break off. The attempt's own answer says whether that was in time."""
        ...

    async def reverse(self, attempt: Attempt, answer: Answer, service_id: str) -> Answer:
        """Take back an approved attempt of this batch; `service_id` is of this message. REVERSED, or DECLINED."""
        ...

    async def reversal_status(self, service_id: str) -> Answer:
        """What became of a reversal whose answer was lost: REVERSED, DECLINED, or NOT_FOUND: it never began there."""
        ...

    async def close_batch(self, service_id: str) -> Totals:
        """End of the day: settle with the acquirer."""
        ...

    async def diagnose(self, service_id: str) -> bool:
        """Whether it can take cards now, and reaches its host."""
        ...
