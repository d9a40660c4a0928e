"""Paying by VietQR (picture 09)."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from services.journeys.prompts.base import Element, Prompt, Say


class PayState(Enum):
    """What the strip under the code says."""

    WAITING = "wait"
    ASKING = "asking"
    """"Tôi đã chuyển tiền" was touched: the bank is asked."""
    UNDERPAID = "underpaid"


class PayAnswer(Enum):
    """What can be touched on picture 09."""

    CASHIER = "cashier"
    I_HAVE_PAID = "paid"


@dataclass(frozen=True, kw_only=True)
class PayByVietQR(Prompt[PayAnswer]):
    """Picture 09. `payload` is the VietQR text to draw; `usable_until` a time of day ("10:45")."""

    amount: int
    payload: str
    account_name: str
    account_last4: str
    bill_number: str
    purpose: str
    usable_until: str
    state: PayState = PayState.WAITING
    missing: int | None = None

    def spoken(self) -> tuple[Say, ...]:
        return (
            Say("spoken.pay"),
            Say("spoken.pay.amount", (("amount", self.amount), ("payee", self.account_name)), private=True),
        )

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(answer.value, Say(f"spoken.pay.{answer.value}")) for answer in PayAnswer)


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
        return tuple(Element(answer.value, Say(f"spoken.pay.leave.{answer.value}")) for answer in LeavePaymentAnswer)
