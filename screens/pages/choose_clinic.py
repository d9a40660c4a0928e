"""Picture 07 (20 with larger text, 21 with low reach): which clinic."""

from __future__ import annotations

from kivy.properties import ObjectProperty, StringProperty

from screens.icons import FALLBACK, known
from screens.layout import Column, Row, Space
from screens.parts.cards import Badge
from screens.parts.rings import Meter
from screens.parts.touch import Touch
from screens.shell.page import Page
from screens.theme import theme
from screens.words import Icon, Words
from services.journeys.prompts import ChooseClinic, ClinicChosen, ClinicRow
from services.messages import money

HOUR = 60
NOON = "12:00"
FEW_MINUTES, MANY_MINUTES = 25, 60


class ClinicTile(Touch):
    """Name, how many wait, about how long; closed ones stay visible with the time they open."""

    tall = StringProperty("tile_clinic")
    pad_x = StringProperty("pad_note")
    pad_y = StringProperty("inner")
    row = ObjectProperty(None)

    def __init__(self, row: ClinicRow, **values: object) -> None:
        super().__init__(row=row, name=row.id, closed=not row.open, **values)
        self._badge = Badge(icon=row.icon if known(row.icon) else FALLBACK, across="tile_icon_small")
        self._badge.icon_size = "icon_note"
        self._name = Words(text=row.name, role="h3", lines=2)
        self._who, self._when = Words(role="note", weight="semibold"), Words(role="tiny", ink="ink2")
        self._both = Words(role="tiny", ink="ink2")
        self._price = Words(role="tiny", ink="ink2", hidden=row.price is None or not row.open)
        if row.price is not None:
            self._price.message, self._price.args = "clinic.price", {"price": money(row.price)}
        self._meter = Meter(level=level(row))
        self._arrow = Icon(icon="caret-right")
        self._head = Row(gap="inner")
        self._head.add_widget(self._badge)
        self._names = Column(flex=1)
        self._names.add_widget(self._name)
        self._names.add_widget(self._both)
        self._head.add_widget(self._names)
        self._head.add_widget(self._arrow)
        self._foot = Row(gap="inner")
        lines = Column(flex=1)
        lines.add_widget(self._who)
        lines.add_widget(self._when)
        lines.add_widget(self._price)
        self._foot.add_widget(lines)
        self._foot.add_widget(self._meter)
        whole = Column(flex=1, gap="inner")
        whole.add_widget(self._head)
        whole.add_widget(self._foot)
        whole.add_widget(Space())
        self.add_widget(whole)
        self._tell(row)

    def _tell(self, row: ClinicRow) -> None:
        """Waiting in full words."""
        waiting = {"count": row.waiting or 0, "minutes": row.minutes or 0}
        long = row.minutes is not None and row.minutes > HOUR
        if not row.open:
            if row.opens_at is None:
                self._who.message = self._both.message = "clinic.away"
            else:
                self._who.message = "clinic.full" if row.opens_at >= NOON else "clinic.full.now"
                self._when.message, self._when.args = "clinic.full.until", {"time": row.opens_at}
                self._both.message, self._both.args = "clinic.full.until", self._when.args
            self._badge.fill, self._badge.ink = "line", "ink2"
        elif row.waiting is None:
            self._who.message = self._both.message = "clinic.wait.unknown"
        else:
            self._who.message = "clinic.wait.people" if row.waiting else "clinic.wait.nobody"
            self._who.args = {"count": row.waiting} if row.waiting else {}
            if row.minutes is not None and row.waiting:
                self._when.message = "clinic.hour" if long else "clinic.minutes"
                self._when.args = {} if long else {"minutes": row.minutes}
                self._both.message = "clinic.wait.hour.short" if long else "clinic.wait.short"
                self._both.args = {"count": row.waiting} if long else waiting
            else:
                self._both.message, self._both.args = self._who.message, self._who.args
        self._when.hidden = not self._when.message
        self._meter.hidden = not row.open or row.waiting is None

    def fit(self, width: float) -> float:
        """Larger text and low reach: one line about waiting, beside the name; no meter."""
        short = theme.low or theme.larger
        for part, hidden in (
            (self._foot, short),
            (self._both, not short),
            (self._arrow, self.closed or not theme.larger),
        ):
            if part.hidden != hidden:
                part.hidden = hidden
        return super().fit(width)

    def restyle(self) -> None:
        """The icon tile of high contrast has no ground of its own."""
        super().restyle()
        if self.closed and theme.contrast:
            self._badge.fill, self._badge.ink = "sunken", "ink2"
        elif self.closed:
            self._badge.fill, self._badge.ink = "line", "ink2"


def level(row: ClinicRow) -> int:
    """Bars of the meter: 1 few, 2 some, 3 many."""
    minutes = row.minutes or 0
    return 1 if minutes <= FEW_MINUTES else 2 if minutes <= MANY_MINUTES else 3


class ChooseClinicPage(Page):
    """Never more than eight at a time; the guide desk is always there for who does not know."""

    tiles = ObjectProperty(None)

    def on_tiles(self, _page: object, tiles: object) -> None:
        """Tiles come with the prompt."""
        prompt: ChooseClinic = self.prompt
        made = list[ClinicTile]()
        for row in prompt.clinics:
            tile = ClinicTile(row)
            tile.bind(on_act=self.answers(ClinicChosen(row.id)))
            made.append(tile)
        self.tiles.fill(made)
