"""Bills of a person or of a slip: found, chosen, looked at, paid, confirmed."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from services.journeys.prompts.base import Element, Prompt, Say
from services.journeys.prompts.pay import PayFor, PaySums


class ScanForPayAnswer(Enum):
    """Other ways than the scanner."""

    TYPE_CODE = "type-code"


@dataclass(frozen=True, kw_only=True)
class ScanForPay(Prompt[ScanForPayAnswer]):
    """ "Thanh toán": the code of a slip or bill, or that of the ID card, to the scanner. `hint` as in ScanCode."""

    fees: bool = False
    """At a one-stop centre: the receipt of a dossier instead of a hospital's slip."""
    hint: str | None = None

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.scan_pay.fees" if self.fees else "spoken.scan_pay"),)

    def focus(self) -> tuple[Element, ...]:
        return (Element(ScanForPayAnswer.TYPE_CODE.value, Say("spoken.scan_pay.type-code")),)


class BillState(Enum):
    """How a bill stands; the message ids are `bill.state.<value>`."""

    OPEN = "open"
    PAID = "paid"
    CASHIER = "cashier"
    """Can be paid at the cashier only."""
    UNCLEAR = "unclear"
    """Money may be on its way: never pay again."""


@dataclass(frozen=True)
class BillRow:
    """One bill in the list: what stands on paper, and nothing of what it is for."""

    id: str
    number: str
    pays_for: PayFor
    day: str
    """ "23/11/2026"."""
    left: int
    state: BillState = BillState.OPEN


@dataclass(frozen=True)
class BillChosen:
    """A bill by its id."""

    bill_id: str


@dataclass(frozen=True, kw_only=True)
class ChooseBill(Prompt[BillChosen]):
    """The bills that were found; details stay hidden until one is touched.

    `incomplete`: the hospital's own system could not be asked, there may be more.
    """

    bills: tuple[BillRow, ...]
    incomplete: bool = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.bills"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(
            Element(
                row.id,
                Say("spoken.bills.row", (("number", row.number), ("amount", row.left)), private=True),
                choosable=row.state is BillState.OPEN,
            )
            for row in self.bills
        )


@dataclass(frozen=True)
class BillLine:
    """A line of a bill, and whose account it is paid into where there are several."""

    name: str
    amount: int
    beneficiary: str = ""


class ShowBillAnswer(Enum):
    """What can be done with a bill."""

    PAY = "pay"


@dataclass(frozen=True, kw_only=True)
class ShowBill(Prompt[ShowBillAnswer]):
    """One bill with what it is for: shown because it was touched. Back leads to the list, with all of it hidden."""

    number: str
    pays_for: PayFor
    day: str
    title: str
    """Empty where only the code of the bill is known: what it is for stays unsaid."""
    amount: int
    left: int
    lines: tuple[BillLine, ...] = ()
    sums: PaySums | None = None
    parts: int = 1
    """How many accounts it goes to, one after the other."""
    cashier: str = ""
    """ "quầy thu số 5, cạnh nhà thuốc": the other way to pay."""

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.bill"), Say("spoken.bill.amount", (("amount", self.left),), private=True))

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(answer.value, Say(f"spoken.bill.{answer.value}")) for answer in ShowBillAnswer)


@dataclass(frozen=True, kw_only=True)
class InvoiceWords:
    """The electronic invoice or receipt: its number and look-up code, or where and when it will be."""

    receipt: bool = False
    """A state fee's biên lai instead of a hóa đơn."""
    number: str = ""
    lookup_code: str = ""
    lookup_site: str = ""
    later: str = ""


class PaidAnswer(Enum):
    """What can be touched when the money is there."""

    DONE = "done"
    OTHER_BILL = "other-bill"
    PRINT = "print"


@dataclass(frozen=True, kw_only=True)
class PaymentDone(Prompt[PaidAnswer]):
    """The confirmation on the screen: what the slip says (slip s2), or what happens next where money is unclear.

    `code` is drawn where no slip came out.
    """

    amount: int
    bill_number: str
    pays_for: PayFor
    paid_at: str
    """ "10:42:17, 23/11/2026"; empty where the money is unclear."""
    by_card: bool = False
    unclear: bool = False
    pending: bool = False
    """Paid, and the hospital's own system does not know yet."""
    for_cashier: bool = False
    """Too much or too little came: the cashier looks."""
    invoice: InvoiceWords | None = None
    printed: bool = True
    printing: bool = False
    problem: str | None = None
    code: str = ""
    others_left: bool = False
    can_print: bool = False
    """A payment found again after a restart: its slip is printed when wished."""
    card_on_reader: bool = False
    back: bool = False
    seconds: ClassVar[float | None] = 30.0
    seconds_without_paper: ClassVar[float] = 60.0
    is_result: ClassVar[bool] = True
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        if self.unclear:
            return (Say("spoken.paid.unclear"),)
        return (Say("spoken.paid" if self.printed else "spoken.paid.nopaper"),)

    def focus(self) -> tuple[Element, ...]:
        offered = {
            PaidAnswer.DONE: True,
            PaidAnswer.OTHER_BILL: self.others_left,
            PaidAnswer.PRINT: self.can_print,
        }
        return tuple(Element(each.value, Say(f"spoken.paid.{each.value}")) for each, here in offered.items() if here)
