"""What became of the technician's tests, one by one."""

from __future__ import annotations

from typing import Any

from screens.parts.technical import Leaf, ResultLine, TechPage, tell
from screens.words import Words
from services.journeys.prompts import CheckResults, Prompt, ResultChoice

MOST_ROWS = 7


class CheckResultsPage(TechPage):
    """Built anew as each test ends; of many tests the page with the running one, of a single one every line."""

    def __init__(self, *args: object, **values: object) -> None:
        self._leaf = Leaf(MOST_ROWS)
        super().__init__(*args, **values)
        self._more = self.turner(self._turn)
        self._lines = self.way(ResultChoice.LINES.value, "tech.lines", "list-numbers", ResultChoice.LINES)
        self.way(ResultChoice.AGAIN.value, "tech.again", "arrow-clockwise", ResultChoice.AGAIN)
        self.way(ResultChoice.BACK.value, "tech.back", "check", ResultChoice.BACK, "primary")
        self.top_bar.title.message = "tech.results"
        self._build()

    def replace(self, prompt: Prompt[Any]) -> None:
        """One more test has ended."""
        if prompt != self.prompt:
            self.prompt = prompt
            self._build()
            self.changed()

    def _turn(self, *_: object) -> None:
        self._leaf.turn()
        self._fill()
        self.changed()

    def _build(self) -> None:
        prompt: CheckResults = self.prompt
        names = [row.name for row in prompt.rows]
        if prompt.running in names:
            self._leaf.show(names.index(prompt.running))
        self._fill()

    def _fill(self) -> None:
        prompt: CheckResults = self.prompt
        self.body.clear_widgets()
        for row in self._leaf.of(prompt.rows):
            self.body.add_widget(ResultLine(row, running=row.name == prompt.running, whole=len(prompt.rows) == 1))
        if prompt.history is not None:
            self.body.add_widget(Words(message="tech.history", role="step", weight="bold", lines=1))
            self.body.add_widget(tell(Words(role="tech", ink="ink2"), prompt.history.counts))
            for row in prompt.history.failures:
                self.body.add_widget(ResultLine(row, running=False))
        self._more.hidden, self._more.args = self._leaf.pages == 1, self._leaf.args
        self._lines.hidden = prompt.running is not None or not any(row.table for row in prompt.rows)

    def arrange(self) -> None:
        """Cards stand near to each other: none of them is touched."""
        super().arrange()
        self.body.gap = "radius_s"
        self.body.arrange()
