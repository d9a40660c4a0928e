"""A short guide: numbered steps with their pictures, turned over where there are many."""

from __future__ import annotations

from kivy.properties import NumericProperty, ObjectProperty

from screens.layout import Row
from screens.parts.cards import Ground
from screens.parts.lists import NumberDisc
from screens.parts.pictures import Photo
from screens.shell.page import Page
from screens.theme import theme
from screens.words import Words
from services.journeys.prompts import GuideLine, ShowGuide


class GuideStepRow(Ground):
    """One step."""

    number = NumericProperty(1)

    def __init__(self, number: int, line: GuideLine) -> None:
        super().__init__(
            fill="surface", edge="line", border="border_card", radius="radius_m", pad_x="block", pad_y="gap"
        )
        self._photo = Photo(data=line.picture, wide="guide_w", tall="guide_h", hidden=line.picture is None)
        row = Row(gap="gap")
        for part in (NumberDisc(number=number), Words(text=line.text, role="body", flex=1), self._photo):
            row.add_widget(part)
        self.add_widget(row)
        self._pictured = line.picture is not None

    def fit(self, width: float) -> float:
        """With larger text and low reach the words need the room."""
        hidden = not self._pictured or theme.larger or theme.low
        if self._photo.hidden != hidden:
            self._photo.hidden = hidden
        return super().fit(width)

    def wipe(self) -> None:
        """Let the picture go."""
        self._photo.wipe()


class ShowGuidePage(Page):
    """Steps, where they were read, ways on."""

    rows = ObjectProperty(None)

    def on_rows(self, _page: object, rows: object) -> None:
        """Steps come with the prompt."""
        self._fill()

    def replace(self, prompt: object) -> None:
        """Words follow the language."""
        super().replace(prompt)  # type: ignore[arg-type]
        self._fill()

    def _fill(self) -> None:
        prompt: ShowGuide = self.prompt
        self._let_go()
        self.rows.fill([GuideStepRow(number, line) for number, line in enumerate(prompt.steps, 1)])

    def _let_go(self) -> None:
        for item in self.rows.items:
            item.wipe()
        self.rows.empty()

    def leave(self) -> None:
        """Pictures go with the page."""
        for item in self.rows.items:
            item.wipe()
