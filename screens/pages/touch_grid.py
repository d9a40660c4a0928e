"""The touch test: fields over the whole glass, each goes dark when it is touched."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.properties import BooleanProperty, StringProperty

from screens.layout import Box
from screens.parts.touch import Touch
from screens.shell.page import Page
from screens.theme import theme
from services.journeys.prompts import TouchGrid


class GridField(Touch):
    """One field."""

    radius = StringProperty("radius_s")
    border = StringProperty("border_small")
    ledge = StringProperty("ledge_small")
    lasting = BooleanProperty(True)


class TouchGridPage(Page):
    """Ends when all were touched, or when the time is over; the answer is how many were not."""

    bare = BooleanProperty(True)
    has_head = BooleanProperty(False)
    slides = False

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)  # type: ignore[arg-type]
        prompt: TouchGrid = self.prompt
        self._left = prompt.columns * prompt.lines
        self._fields: list[GridField] = []
        for number in range(self._left):
            field = GridField(name=f"field-{number}")
            field.bind(on_act=self._touched)
            self._fields.append(field)
            Box.add_widget(self, field)
        self._end = Clock.schedule_once(lambda _seconds: self.answer(self._left), prompt.patience)

    def _touched(self, field: GridField, *_: object) -> None:
        if field.style == "on":
            return
        field.style = "on"
        self._left -= 1
        if not self._left:
            self.answer(0)

    def fits(self, *, whole: bool = False) -> bool:
        """The glass is all there is."""
        return True

    def arrange(self) -> None:
        """Edge to edge."""
        prompt: TouchGrid = self.prompt
        gap = theme.size("gap")
        wide = (self.width - gap * (prompt.columns + 1)) / prompt.columns
        tall = (self.height - gap * (prompt.lines + 1)) / prompt.lines
        for number, field in enumerate(self._fields):
            line, column = divmod(number, prompt.columns)
            field.place(gap + column * (wide + gap), self.height - (line + 1) * (tall + gap), wide, tall)

    def leave(self) -> None:
        """The time stops."""
        self._end.cancel()
