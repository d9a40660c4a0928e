"""Picture 18: what happened, what to do, who helps; the primary button is the way on."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.layout import Column, Row
from screens.parts.touch import Primary, Secondary
from screens.shell.page import Page
from screens.theme import theme
from services.journeys.prompts import Problem, ProblemChoice
from services.messages import known

ICONS = {
    "BH": "cloud-slash",
    "GW": "cloud-slash",
    "QR": "qr-code",
    "CR": "identification-card",
    "PR": "printer",
    "TT": "coins",
    "MC": "bank",
    "FP": "fingerprint",
}
CHOICE_ICONS = {
    ProblemChoice.RETRY: "arrow-clockwise",
    ProblemChoice.WITHOUT_CARD: "identification-card",
    ProblemChoice.ASK_DESK: "map-pin",
    ProblemChoice.BY_HAND: "keyboard",
}


class ProblemPage(Page):
    """The sentences come from the registry of failure codes."""

    ways = ObjectProperty(None)

    def family(self, prompt: Problem) -> str:
        """Letters of the code."""
        return prompt.code.split("-")[0]

    def heading(self, prompt: Problem) -> str:
        """No code in the heading, no blame."""
        own = f"err.head.{self.family(prompt)}"
        return own if known(own) else "err.head"

    def picture(self, prompt: Problem) -> str:
        """An icon for what is the case."""
        return ICONS.get(self.family(prompt), "info")

    def sentence(self, prompt: Problem, part: str) -> str:
        """What, next or who."""
        return f"{prompt.code}.{part}"

    def words(self, prompt: Problem) -> dict[str, str | int]:
        """Arguments of the sentences."""
        return dict(prompt.args)

    def choice(self, choice: ProblemChoice) -> str:
        """The words of a way on: some kinds of failure have their own."""
        own = f"problem.{choice.value}.{self.family(self.prompt)}"
        return own if known(own) else f"problem.{choice.value}"

    def on_ways(self, _page: object, ways: Column) -> None:
        """The first choice is the way on; others stand two in a row, where the text size lets them."""
        prompt: Problem = self.prompt
        first, *others = prompt.choices
        primary = Primary(name=first.value, message=self.choice(first))
        primary.bind(on_act=lambda *_: self.answer(first))
        ways.add_widget(primary)
        width = 1 if theme.larger or len(others) == 1 else 2
        for place in range(0, len(others), width):
            row = Row(gap="gap", even=True)
            for choice in others[place : place + width]:
                row.add_widget(self.way(choice))
            ways.add_widget(row)

    def way(self, choice: ProblemChoice) -> Secondary:
        """One of the others."""
        way = Secondary(
            name=choice.value,
            message=self.choice(choice),
            icon=CHOICE_ICONS.get(choice, ""),
            flex=1,
            two_lines=True,
        )
        way.bind(on_act=self.answers(choice))
        return way
