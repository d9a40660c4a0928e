"""Picture 13: what is typed, what it finds, and the keyboard; other ways while nothing is typed."""

from __future__ import annotations

from kivy.properties import NumericProperty, ObjectProperty, StringProperty

from screens.shell.page import Page
from services.journeys.prompts import FindAnswer, FindProcedure, ProcedureChosen


class FindProcedurePage(Page):
    """Every key asks the prompt's own search and fills the rows that are there."""

    typed = StringProperty("")
    total = NumericProperty(0)
    keyboard = ObjectProperty(None)
    hits = ObjectProperty(None)

    def on_keyboard(self, _page: object, keyboard: object) -> None:
        """What was typed before stands there again."""
        prompt: FindProcedure = self.prompt
        self.keyboard.bind(text=self._searched, on_go=self._go_touched)
        if prompt.typed:
            self.keyboard.put(prompt.typed)
        else:
            self._searched(keyboard, "")

    def on_hits(self, _page: object, hits: object) -> None:
        """A touched row is the answer."""
        self.hits.bind(on_choose=self._chosen)
        self._search()

    def _chosen(self, _hits: object, code: str) -> None:
        self.answer(ProcedureChosen(code))

    def _searched(self, _keyboard: object, text: str) -> None:
        prompt: FindProcedure = self.prompt
        self.typed = text
        if prompt.note is not None:
            prompt.note(text)
        self._search()

    def _search(self) -> None:
        prompt: FindProcedure = self.prompt
        if self.hits is None:
            return
        found = prompt.find(self.typed)
        self.total = found.total
        self.hits.show(found.rows, pages=bool(self.typed))

    def replace(self, prompt: object) -> None:
        """The language was switched: the hits have other names."""
        super().replace(prompt)  # type: ignore[arg-type]
        self._search()

    def _go_touched(self, *_: object) -> None:
        self.go()

    def go(self) -> None:
        """ "Tìm": the best hit where all are seen, else the next of them; without any, by what happened."""
        if not self.typed or not self.total:
            self.by_event()
        elif not self.hits.turn():
            self.answer(ProcedureChosen(self.hits.rows[0].code))

    def by_event(self) -> None:
        """The answer."""
        self.answer(FindAnswer.BY_EVENT)

    def by_sector(self) -> None:
        """The answer."""
        self.answer(FindAnswer.BY_SECTOR)

    def leave(self) -> None:
        """Nothing typed stays."""
        self.typed = ""
