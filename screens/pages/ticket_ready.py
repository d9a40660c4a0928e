"""Pictures 10 and 11: the number, with paper and without."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.layout import Box
from screens.parts.cards import Ground, Pill
from screens.parts.pictures import Pattern
from screens.shell.page import Page
from screens.theme import theme
from screens.words import Icon, MessageId, Words
from services.journeys.prompts import TicketAnswer, TicketReady
from services.messages import known

LETTERS = "abcd"
PRIORITY = "prio.slip"
NARROW = 108


class NumberPanel(Ground):
    """The number on the deep colour; the breeze block at the right, never under it."""

    number = StringProperty("")
    role = StringProperty("number")
    mark = StringProperty("")
    mourning = BooleanProperty(False)
    """No turmeric star then."""
    place_line = StringProperty("")
    fill = StringProperty("primary")
    corners = StringProperty("above")
    pad_x = StringProperty("pad")
    pad_y = StringProperty("block")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self._pattern = Pattern(side=NARROW)
        self._label = Words(message="ticket.number", role="h3", weight="semibold", ink="on_primary")
        self._number = Words(ink="on_primary", lines=1)
        self._pill = Pill(kind="act", icon="star", message=PRIORITY, role="note", weight="bold", hidden=True)
        self._pin = Icon(icon="map-pin", filled=True, across="icon_note", ink="on_primary", hidden=True)
        self._line = Words(role="h3", weight="semibold", ink="on_primary", hidden=True)
        for part in (self._pattern, self._label, self._number, self._pill, self._pin, self._line):
            self.add_widget(part)
        for kind in ("number", "role", "mark", "mourning", "place_line"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        self._number.text, self._number.role = self.number, self.role
        self._pill.hidden = not self.mark
        self._pill.kind, self._pill.icon = ("plain", "") if self.mourning else ("act", "star")
        self._line.text, self._line.hidden = self.place_line, not self.place_line
        self._pin.hidden = not self.place_line
        self.changed()

    def restyle(self) -> None:
        """High contrast: a yellow fill would look like a button."""
        ink = "ink" if theme.contrast else "on_primary"
        self.fill = "surface" if theme.contrast else "primary"
        for part in (self._label, self._number, self._pin, self._line):
            part.ink = ink
        super().restyle()

    def _column(self) -> list[Box]:
        return [part for part in (self._label, self._number, self._pill, self._line) if part.shown]

    def fit(self, width: float) -> float:
        """Label, number, and one line below it."""
        inner = width - 2 * theme.size("pad") - NARROW * theme.scale
        return sum(part.fit(inner) for part in self._column()) + 2 * theme.size("block") + theme.size("hair")

    def arrange(self) -> None:
        """From the top; the pattern keeps to its column."""
        pad, narrow = theme.size("pad"), NARROW * theme.scale
        inner = self.width - 2 * pad - narrow
        border = theme.size("border_card")
        self._pattern.dropped = theme.contrast
        if not theme.contrast:
            # Inside the round corner of the card: the pattern starts below it.
            corner = theme.size("radius_l")
            self._pattern.place(self.right - narrow - border, self.y, narrow, self.height - corner)
        y = self.top - theme.size("block")
        for part in self._column():
            x, room = self.x + pad, inner
            tall = part.fit(room)
            if part is self._line:
                side = theme.size("icon_note")
                self._pin.place(x, y - tall + (tall - side) / 2, side, side)
                x, room = x + side + theme.size("inner"), room - side - theme.size("inner")
                tall = part.fit(room)
            if part is self._pill:
                room = part.natural(room)
            y -= tall
            part.place(x, y, room, tall)


class TicketReadyPage(Page):
    """What to remember, where to go, what to take along."""

    code = ObjectProperty(None)
    panel = ObjectProperty(None)

    def on_prompt(self, _page: object, prompt: TicketReady) -> None:
        """Only a printed slip can be printed again."""
        again = prompt.printed and not prompt.printing and not prompt.copy
        self.extra_message = "ticket.reprint" if again else ""
        self.extra_icon = "printer"
        self.extra_answer = TicketAnswer.REPRINT

    def asks(self, prompt: TicketReady) -> str:
        """What was done."""
        if prompt.copy:
            return "ticket.copied"
        return "ticket.held" if prompt.held else "ticket.done"

    def old(self, prompt: TicketReady) -> bool:
        """A number the person held before, whose slip is out: there is none to take."""
        return prompt.held and prompt.printed and not prompt.copy

    def notes(self, prompt: TicketReady) -> tuple[str, ...]:
        """True marks but the priority, which stands at the number."""
        return tuple(note for note in prompt.notes if note != PRIORITY and known(note))

    def lines(self, prompt: TicketReady) -> str:
        """The marks below each other."""
        count = min(len(self.notes(prompt)), len(LETTERS))
        return f"lines.{count}" if count else ""

    def marks(self, prompt: TicketReady) -> dict[str, str]:
        """Their words."""
        return {letter: MessageId(note) for letter, note in zip(LETTERS, self.notes(prompt), strict=False)}

    def ahead(self, prompt: TicketReady) -> str:
        """How many stand before."""
        if prompt.waiting is None:
            return "ticket.unknown"
        return "ticket.ahead" if prompt.waiting else "ticket.ahead.none"

    def expected(self, prompt: TicketReady) -> str:
        """When about."""
        return "ticket.expected" if prompt.expected_at else ""

    def why(self, prompt: TicketReady) -> str:
        """Why nothing was printed, in the words of the failure code."""
        what = f"{prompt.problem}.what"
        return what if prompt.problem and known(what) else "ticket.noprint"

    def leave(self) -> None:
        """Number and code go with the page."""
        self.code.text = ""
        self.panel.number = ""
