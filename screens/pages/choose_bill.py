"""The bills that were found: number, kind, day and sum; what they are for stays hidden until one is touched."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.named import NamedRow
from screens.shell.page import Page
from screens.words import MessageId
from services.journeys.prompts import BillChosen, BillRow, BillState, ChooseBill, PayFor
from services.messages import money

ICONS = {PayFor.CHARGE: "receipt", PayFor.ADVANCE: "wallet", PayFor.FEE: "file-text"}
HINTS = {
    BillState.OPEN: "bills.row",
    BillState.PAID: "bills.row.paid",
    BillState.CASHIER: "bills.row.cashier",
    BillState.UNCLEAR: "bills.row.unclear",
}


class ChooseBillPage(Page):
    """A row for each bill; those that cannot be paid here say why and stay closed."""

    rows = ObjectProperty(None)

    def on_rows(self, _page: object, rows: object) -> None:
        """Rows come with the prompt."""
        prompt: ChooseBill = self.prompt
        made = list[NamedRow]()
        for bill in prompt.bills:
            row = NamedRow(
                name=bill.id,
                icon="check" if bill.state is BillState.PAID else ICONS[bill.pays_for],
                text=bill.number,
                hint=HINTS[bill.state],
                hint_args=arguments(bill),
                closed=bill.state is not BillState.OPEN,
            )
            row.bind(on_act=self.answers(BillChosen(bill.id)))
            made.append(row)
        self.rows.fill(made)


def arguments(bill: BillRow) -> dict[str, str]:
    """Of the second line."""
    if bill.state is BillState.UNCLEAR:
        return {}
    words = {"kind": MessageId(f"bills.kind.{bill.pays_for.value}"), "day": bill.day}
    return {**words, "amount": money(bill.left)} if bill.state is BillState.OPEN else words
