"""Picture 19: the devices, worst first, with what to test and what to do."""

from __future__ import annotations

from typing import Any

from screens.layout import Row
from screens.parts.cards import Card, Note
from screens.parts.technical import DeviceLine, Leaf, TechButton, TechPage, tell
from screens.theme import theme
from screens.words import Words
from services.journeys.prompts import BoardChoice, Prompt, TechnicianBoard, Told

MOST_ROWS = 8


class Count(Card):
    """A figure and what it counts."""

    def __init__(self, number: int, message: str, kind: str = "") -> None:
        ink = {"bad": "bad", "warn": "nghe_ink"}.get(kind, "ink")
        fill = {"bad": "bad_soft", "warn": "nghe_soft"}.get(kind, "surface")
        super().__init__(fill=fill, edge=ink if kind else "line", pad_x="gap", pad_y="inner", radius="radius_m", flex=1)
        self.add_widget(Words(text=str(number), role="clock", ink=ink, lines=1))
        self.add_widget(Words(message=message, role="tech", ink=ink, lines=1))


class TechnicianBoardPage(TechPage):
    """Built anew for each state: it changes once a second at most, and only here."""

    def __init__(self, *args: object, **values: object) -> None:
        self._leaf = Leaf(MOST_ROWS)
        super().__init__(*args, **values)
        for choice, icon, style in (
            (BoardChoice.RESTART, "arrow-clockwise", "plain"),
            (BoardChoice.SETTINGS, "gear", "plain"),
            (BoardChoice.LEAVE, "sign-out", "primary"),
        ):
            self.way(choice.value, f"tech.{choice.value}", icon, choice, style)
        self._build()

    def replace(self, prompt: Prompt[Any]) -> None:
        """The same board in a new state."""
        old: TechnicianBoard = self.prompt
        self.prompt = prompt
        new: TechnicianBoard = self.prompt
        self.top_bar.clock.text = new.clock
        tell(self.top_bar.under, self._running(new))
        if (old.rows, old.note, old.waiting, old.served) != (new.rows, new.note, new.waiting, new.served):
            self._build()
            self.changed()

    def _turn(self, *_: object) -> None:
        self._leaf.turn()
        self._build()
        self.changed()

    def _running(self, prompt: TechnicianBoard) -> Told:
        running = (("kiosk", prompt.kiosk), ("version", prompt.version), *prompt.running.args)
        return Told(prompt.running.message, running)

    def _build(self) -> None:
        prompt: TechnicianBoard = self.prompt
        self.body.clear_widgets()
        self.top_bar.clock.text = prompt.clock
        tell(self.top_bar.under, self._running(prompt))
        counts = Row(gap="inner", even=True)
        for number, message, kind in (
            (prompt.faults, "tech.count.faults", "bad" if prompt.faults else ""),
            (prompt.notices, "tech.count.notices", "warn" if prompt.notices else ""),
            (prompt.waiting, "tech.count.waiting", ""),
            (prompt.served, "tech.count.served", ""),
        ):
            counts.add_widget(Count(number, message, kind))
        self.body.add_widget(counts)
        if prompt.note is not None:
            self.body.add_widget(
                Note(kind="info", icon="info", message=prompt.note.message, args=dict(prompt.note.args), role="tech",
                     pad_y="hair")
            )  # fmt: skip
        # What is wrong takes two lines; a note takes a row's place.
        wrong = prompt.faults + prompt.notices
        self._leaf.size = MOST_ROWS - (prompt.note is not None) - (wrong > 2) - (wrong > 5)
        for row in self._leaf.of(prompt.rows):
            self.body.add_widget(DeviceLine(row, self.answer))
        both = Row(gap="gap", even=True)
        if self._leaf.pages > 1:
            more = TechButton(
                name="more", message="tech.more", args=self._leaf.args, icon="caret-right", role="slim",
                tall="tech_big", flex=1, two_lines=True,
            )  # fmt: skip
            more.bind(on_act=self._turn)
            both.add_widget(more)
        for choice, icon, style in (
            (BoardChoice.TEST_ALL, "pulse", "primary"),
            (BoardChoice.EXPORT, "export", "secondary"),
        ):
            button = TechButton(
                name=choice.value, message=f"tech.{choice.value}", icon=icon, style=style, role="slim", tall="tech_big",
                flex=1,
            )  # fmt: skip
            button.bind(on_act=self.answers(choice))
            both.add_widget(button)
        self.body.add_widget(both)
        if theme.contrast:
            self.restyle()
