"""A page of rows that come with the prompt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.properties import ObjectProperty

from screens.layout import Box
from screens.shell.page import Page
from services.journeys.prompts import Prompt


class ListPage(Page):
    """Its rule names where the rows stand (`rows`); made again when the language or the prompt changes."""

    rows = ObjectProperty(None)

    def made(self) -> Sequence[Box]:
        """The rows of the prompt."""
        raise NotImplementedError  # each kind of list makes its own

    def on_rows(self, _page: object, rows: object) -> None:
        """Rows come with the prompt."""
        self.rows.fill(self.made())

    def replace(self, prompt: Prompt[Any]) -> None:
        """Names follow the language."""
        super().replace(prompt)
        self.rows.empty()
        self.rows.fill(self.made())
