"""What became of the technician's tests, one by one."""

from __future__ import annotations

from typing import Any

from screens.parts.technical import ResultLine, TechPage
from services.journeys.prompts import CheckResults, Prompt, ResultChoice


class CheckResultsPage(TechPage):
    """Built anew as each test ends."""

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)
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

    def _build(self) -> None:
        prompt: CheckResults = self.prompt
        self.body.clear_widgets()
        for row in prompt.rows:
            self.body.add_widget(ResultLine(row, running=row.name == prompt.running))

    def arrange(self) -> None:
        """Cards stand near to each other: none of them is touched."""
        super().arrange()
        self.body.gap = "radius_s"
        self.body.arrange()
