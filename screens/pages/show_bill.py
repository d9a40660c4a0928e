"""One bill with what it is for: shown because it was touched."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.parts.cards import Fact
from screens.shell.page import Page
from services.journeys.prompts import BillLine, PayFor, ShowBill
from services.messages import money

MOST = 4
"""Lines that are shown; one more holds the others."""


class ShowBillPage(Page):
    """Lines, insurance, what is left to pay."""

    lines = ObjectProperty(None)

    def on_lines(self, _page: object, lines: object) -> None:
        """Lines come with the prompt; where there is no room the sums below say it all."""
        shown: tuple[BillLine, ...] = self.prompt.lines
        for line in shown[:MOST]:
            name = f"{line.name} ({line.beneficiary})" if line.beneficiary else line.name
            self.lines.add_widget(Fact(label_text=name, value=money(line.amount), pad_y="hair"))
        rest = shown[MOST:]
        if rest:
            more = Fact(value=money(sum(line.amount for line in rest)), pad_y="hair")
            more.label, more.label_args = "bill.more", {"count": len(rest)}
            self.lines.add_widget(more)

    def money(self, amount: int) -> str:
        """ "122.500 đ"."""
        return money(amount)

    def note(self, prompt: ShowBill) -> str:
        """What has to be known before paying."""
        if prompt.parts > 1:
            return "bill.parts"
        if prompt.pays_for is PayFor.ADVANCE:
            return "bill.advance"
        return "" if prompt.title or prompt.lines else "bill.hidden"

    def note_args(self, prompt: ShowBill) -> dict[str, str | int]:
        """Its arguments."""
        return {"count": prompt.parts} if prompt.parts > 1 else {}
