"""Picture 09: paying by VietQR."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.shell.page import Page
from services.journeys.prompts import PayByVietQR, PayState
from services.messages import money

STRIPS = {
    PayState.WAITING: ("pay.wait", "pay.once"),
    PayState.ASKING: ("pay.asking", "pay.asking.once"),
    PayState.UNDERPAID: ("pay.underpaid", "pay.underpaid.once"),
}


class PayByVietQRPage(Page):
    """The code, whom it pays, and what the bank says."""

    dots = ObjectProperty(None)
    code = ObjectProperty(None)

    def money(self, amount: int) -> str:
        """ "122.500 đ"."""
        return money(amount)

    def strip(self, prompt: PayByVietQR, line: int) -> str:
        """What the strip under the code says."""
        return STRIPS[prompt.state][line]

    def missing(self, prompt: PayByVietQR) -> dict[str, str | int]:
        """Arguments of the strip."""
        return {"amount": money(prompt.missing or 0)} if prompt.state is PayState.UNDERPAID else {}

    def on_prompt(self, _page: object, prompt: PayByVietQR) -> None:
        """Underpaid: nobody is waited for any more."""
        if self.dots is not None:
            self.dots.breathing = prompt.state is not PayState.UNDERPAID

    def appeared(self) -> None:
        """Now the dots breathe."""
        self.on_prompt(self, self.prompt)

    def leave(self) -> None:
        """The code goes with the page."""
        if self.dots is not None:
            self.dots.breathing = False
        self.code.text = ""
