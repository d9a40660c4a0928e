"""The confirmation on the screen: the same facts as slip s2."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.shell.page import Page
from services.journeys.prompts import PaymentDone
from services.messages import known, money


class PaymentDonePage(Page):
    """What came, what it was for, where the invoice is, what to take along."""

    slides = False
    """People look at the code while they pay: what came of it takes its place at once."""
    code = ObjectProperty(None)

    def money(self, amount: int) -> str:
        """ "122.500 đ"."""
        return money(amount)

    def says(self, prompt: PaymentDone) -> str:
        """What is known of the money."""
        return "paid.ask.unclear" if prompt.unclear else "paid.ask"

    def why(self, prompt: PaymentDone) -> str:
        """Why nothing was printed, in the words of the failure code."""
        what = f"{prompt.problem}.what"
        return what if prompt.problem and known(what) else "ticket.noprint"

    def mark(self, prompt: PaymentDone) -> str:
        """What is not finished yet."""
        if prompt.for_cashier:
            return "paid.for_cashier"
        return "paid.pending" if prompt.pending else ""

    def invoice(self, prompt: PaymentDone) -> str:
        """Invoice or state receipt; the place's own words say it themselves."""
        if prompt.invoice is not None and prompt.invoice.later:
            return ""
        return "paid.receipt" if prompt.invoice is not None and prompt.invoice.receipt else "paid.invoice"

    def invoice_line(self, prompt: PaymentDone) -> str:
        """Its number; where there is none yet, where and when it will be."""
        invoice = prompt.invoice
        if invoice is None or invoice.later:
            return ""
        return "paid.invoice.number" if invoice.number else "paid.invoice.none"

    def invoice_args(self, prompt: PaymentDone) -> dict[str, str]:
        """Arguments of the line."""
        number = "" if prompt.invoice is None else prompt.invoice.number
        return {"number": number} if number else {}

    def invoice_later(self, prompt: PaymentDone) -> str:
        """The place's own words."""
        return "" if prompt.invoice is None else prompt.invoice.later

    def invoice_hint(self, prompt: PaymentDone) -> str:
        """By which code it is looked up."""
        return "paid.invoice.code" if prompt.invoice is not None and prompt.invoice.lookup_code else ""

    def invoice_hint_args(self, prompt: PaymentDone) -> dict[str, str]:
        """Its argument."""
        code = "" if prompt.invoice is None else prompt.invoice.lookup_code
        return {"code": code} if code else {}

    def leave(self) -> None:
        """The code goes with the page."""
        self.code.text = ""
