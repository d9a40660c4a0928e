"""Picture 09: paying by VietQR."""

from __future__ import annotations

import time
from typing import Any

from kivy.clock import Clock
from kivy.properties import DictProperty, ObjectProperty, StringProperty

from screens.shell.page import Page
from services.journeys.prompts import PayByVietQR, PayState
from services.messages import money

STRIPS = {
    PayState.WAITING: ("pay.wait", "pay.once"),
    PayState.ASKING: ("pay.asking", "pay.asking.once"),
    PayState.UNDERPAID: ("pay.underpaid", "pay.underpaid.once"),
    PayState.REST: ("pay.rest", "pay.rest.once"),
    PayState.NO_NEWS: ("pay.no-news", "pay.no-news.once"),
}
MINUTE = 60
PART_CAME = frozenset({PayState.UNDERPAID, PayState.REST})


class PayByVietQRPage(Page):
    """The code, whom it pays, how long it can be used, and what the bank says."""

    slides = False
    """A phone is held up to it: the code stands where it stays from its first picture on."""
    dots = ObjectProperty(None)
    code = ObjectProperty(None)
    until = StringProperty("pay.until.minutes")
    until_args = DictProperty({"time": "", "minutes": 0, "seconds": 0})
    _ends = 0.0
    _tick: Any = None

    def money(self, amount: int) -> str:
        """ "122.500 đ"."""
        return money(amount)

    def due(self, prompt: PayByVietQR) -> int:
        """What the code on the screen asks for."""
        rest = prompt.state is PayState.REST and prompt.missing
        return rest or prompt.amount

    def part(self, prompt: PayByVietQR) -> str:
        """Which of several transfers this is."""
        if prompt.parts == 1:
            return ""
        return "pay.part" if prompt.beneficiary else "pay.part.plain"

    def part_args(self, prompt: PayByVietQR) -> dict[str, str | int]:
        """Its arguments."""
        if prompt.parts == 1:
            return {}
        args: dict[str, str | int] = {"part": prompt.part, "parts": prompt.parts}
        return {**args, "owner": prompt.beneficiary} if prompt.beneficiary else args

    def sums(self, prompt: PayByVietQR) -> str:
        """How the amount came about; the price alone says nothing new."""
        return "pay.sums" if prompt.sums is not None and prompt.sums.fund is not None else ""

    def sums_args(self, prompt: PayByVietQR) -> dict[str, str]:
        """Its arguments."""
        if prompt.sums is None or prompt.sums.fund is None:
            return {}
        return {"price": money(prompt.sums.price), "fund": money(prompt.sums.fund)}

    def waits(self, prompt: PayByVietQR) -> bool:
        """Whether the bank is still waited for."""
        return prompt.state not in PART_CAME

    def tells(self, prompt: PayByVietQR, line: int) -> str:
        """What the strip under the code says."""
        return STRIPS[prompt.state][line]

    def missing(self, prompt: PayByVietQR) -> dict[str, str | int]:
        """Arguments of the strip."""
        return {"amount": money(prompt.missing or 0)} if prompt.state in PART_CAME else {}

    def on_prompt(self, _page: object, prompt: PayByVietQR) -> None:
        """Underpaid: nobody is waited for any more. The time left comes by the gateway's clock."""
        self._ends = time.monotonic() + prompt.seconds_left
        self.count()
        if self.dots is not None:
            self.dots.breathing = self.waits(prompt)

    def count(self, *_: object) -> None:
        """Minutes, in the last one seconds; calm, once a second."""
        left = max(0, round(self._ends - time.monotonic()))
        # Whichever sentence stands there now finds its own words among these.
        self.until_args = {"time": self.prompt.usable_until, "minutes": left // MINUTE, "seconds": left}
        if not left:
            self.until = "pay.until.over"
        else:
            self.until = "pay.until.seconds" if left < MINUTE else "pay.until.minutes"

    def appeared(self) -> None:
        """Now the dots breathe and the time runs."""
        self.on_prompt(self, self.prompt)
        self._tick = Clock.schedule_interval(self.count, 1)

    def leave(self) -> None:
        """The code goes with the page."""
        if self._tick is not None:
            self._tick.cancel()
        if self.dots is not None:
            self.dots.breathing = False
        self.code.text = ""
