"""Paying: by VietQR (picture 09), by card, and what is asked before one leaves."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from services.journeys.prompts.base import Element, Prompt, Say


class PayFor(Enum):
    """What is paid; the headings are `pay.scan.<value>`."""

    CHARGE = "charge"
    ADVANCE = "advance"
    FEE = "fee"


class PayState(Enum):
    """What the strip under the code says."""

    WAITING = "wait"
    ASKING = "asking"
    """"Tôi đã chuyển tiền" was touched: the bank is asked."""
    UNDERPAID = "underpaid"
    """Part of it came: the rest goes to the cashier."""
    REST = "rest"
    """Part of it came: the code on the screen now asks for the rest."""
    NO_NEWS = "no-news"
    """The gateway does not answer: nobody knows whether the money came, and it is asked again."""


class PayAnswer(Enum):
    """What can be touched on picture 09."""

    CASHIER = "cashier"
    CARD = "card"
    I_HAVE_PAID = "paid"


@dataclass(frozen=True)
class PaySums:
    """How the amount came about, in đồng; `fund` None where no insurance takes part."""

    price: int
    fund: int | None = None
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class PayByVietQR(Prompt[PayAnswer]):
    """Picture 09. `payload` is the VietQR text to draw, empty while it may not be seen.

    `usable_until` is a time of day ("10:45"), `seconds_left` the same by the gateway's clock, counted down by the
    screen.
    """

    amount: int
    payload: str
    account_name: str
    account_last4: str
    bill_number: str
    purpose: str
    usable_until: str
    seconds_left: int = 900
    pays_for: PayFor = PayFor.CHARGE
    sums: PaySums | None = None
    beneficiary: str = ""
    """Whose account this part is for, where a bill has several."""
    part: int = 1
    parts: int = 1
    state: PayState = PayState.WAITING
    missing: int | None = None
    by_card: bool = False
    """A card terminal stands beside the kiosk."""

    def spoken(self) -> tuple[Say, ...]:
        return (
            Say(f"spoken.pay.{self.pays_for.value}"),
            Say("spoken.pay.amount", (("amount", self.amount), ("payee", self.account_name)), private=True),
        )

    def focus(self) -> tuple[Element, ...]:
        offered = (answer for answer in PayAnswer if answer is not PayAnswer.CARD or self.by_card)
        return tuple(
            Element(answer.value, Say(f"spoken.pay.{answer.value}"), weighty=answer is PayAnswer.I_HAVE_PAID)
            for answer in offered
        )


class LeavePaymentAnswer(Enum):
    """ "Đã chuyển tiền chưa?"."""

    PAID = "paid"
    NOT_PAID = "not-paid"
    BACK_TO_CODE = "back-to-code"


@dataclass(frozen=True, kw_only=True)
class LeavePayment(Prompt[LeavePaymentAnswer]):
    """Asked when Back or Home is touched while a code is live."""

    back: bool = False
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.pay.leave"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(
            Element(
                answer.value,
                Say(f"spoken.pay.leave.{answer.value}"),
                weighty=answer is not LeavePaymentAnswer.BACK_TO_CODE,
            )
            for answer in LeavePaymentAnswer
        )


class CardStep(Enum):
    """What happens at the terminal; the message ids are `card.pay.<value>`."""

    STARTING = "starting"
    SHOW = "show"
    """A card is waited for."""
    READING = "reading"
    PIN = "pin"
    WRONG_PIN = "wrong-pin"
    BANK = "bank"
    TAKE = "take"
    """The card may be taken."""
    RESOLVING = "resolving"
    """The answer was lost; the terminal is asked."""
    STOPPING = "stopping"


class PayByCardAnswer(Enum):
    """The one thing to touch while the terminal works."""

    STOP = "stop"


@dataclass(frozen=True, kw_only=True)
class PayByCard(Prompt[PayByCardAnswer]):
    """The terminal works: it has its own clock and its own keys. `can_stop` until the bank is asked."""

    amount: int
    bill_number: str
    step: CardStep = CardStep.STARTING
    can_stop: bool = True
    back: bool = False
    seconds: ClassVar[float | None] = None
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say(f"spoken.card.pay.{self.step.value}"),)

    def focus(self) -> tuple[Element, ...]:
        return (Element(PayByCardAnswer.STOP.value, Say("spoken.card.pay.stop")),) if self.can_stop else ()


class CardRefusal(Enum):
    """Why nothing was taken from a card; the message ids are `card.no.<value>`."""

    REFUSED = "refused"
    WRONG_PIN = "wrong-pin"
    PULLED = "pulled"
    STOPPED = "stopped"
    TIME_OVER = "time-over"
    INVALID = "invalid"
    NOT_BEGUN = "not-begun"
    """The terminal never began: it was not reached, or works for somebody else."""


class CardRefusedAnswer(Enum):
    """Ways on; nothing was charged."""

    BY_CODE = "by-code"
    AGAIN = "again"
    CASHIER = "cashier"


@dataclass(frozen=True, kw_only=True)
class CardRefused(Prompt[CardRefusedAnswer]):
    """Nothing was charged, and why; the bill is still to be paid."""

    why: CardRefusal
    amount: int
    back: bool = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say(f"spoken.card.no.{self.why.value}"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(answer.value, Say(f"spoken.card.no.way.{answer.value}")) for answer in CardRefusedAnswer)
