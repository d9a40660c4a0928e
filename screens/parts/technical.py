"""Parts of the technician's pages: the dark head, the bar below, rows of devices, tests and settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from kivy.properties import BooleanProperty, StringProperty

from screens.layout import Box, Column, Row
from screens.parts.cards import Badge, Card, Ground, Pill
from screens.parts.touch import Touch, WayButton
from screens.shell.page import Page
from screens.theme import theme
from screens.words import Words
from services.journeys.prompts import ActOnDevice, CheckDevice, DeviceRow, Lamp, ResultRow, SettingRow, Told
from services.messages import known

T = TypeVar("T")
LAMPS = {Lamp.FAULT: "bad", Lamp.NOTICE: "warn", Lamp.GOOD: "ok"}
INKS = {Lamp.FAULT: "bad", Lamp.NOTICE: "nghe_ink", Lamp.GOOD: "ink2"}


def tell(words: Words, told: Told) -> Words:
    """Put what is told into words."""
    text = told.text or ("" if not told.message or known(told.message) else told.message)
    words.message, words.args, words.text = ("" if text else told.message), dict(told.args), text
    words.hidden = not (told.message or told.text)
    return words


def named(device: str) -> Words:
    """What a device is called; one that has no word yet stands with its own name."""
    words = Words(role="step", weight="bold", lines=1)
    message = f"tech.device.{device}"
    return tell(words, Told(message) if known(message) else Told(text=device))


def _answered(answer: Callable[[object], None], value: object, *_: object) -> None:
    answer(value)


class TechButton(WayButton):
    """A small button of this mode: 84 px high and never smaller than a finger."""

    style = StringProperty("plain")
    role = StringProperty("tool")
    tall = StringProperty("tech_button")
    radius = StringProperty("radius_m")
    border = StringProperty("border_small")
    ledge = StringProperty("ledge_small")
    pad_x = StringProperty("hair")
    icon_size = StringProperty("bar")
    gap = StringProperty("hair")


class TechHead(Ground):
    """Wrench, name of the mode, which kiosk and how long it runs; clock and "Không có phiên nào mở"."""

    fill = StringProperty("demo")
    corners = StringProperty("none")
    pad_x = StringProperty("margin")
    pad_y = StringProperty("gap")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.title = Words(message="tech.title", role="place", ink="on_demo", lines=1)
        self.under = Words(role="tech", ink="on_demo", lines=1)
        self.clock = Words(role="clock", ink="on_demo", align="right", lines=1)
        self.beside = Words(message="tech.nosession", role="tech", ink="on_demo", align="right", lines=1)
        left, right = Column(flex=1), Column()
        for column, parts in ((left, (self.title, self.under)), (right, (self.clock, self.beside))):
            for part in parts:
                column.add_widget(part)
        row = Row(gap="gap")
        badge = Badge(icon="wrench", filled=True, across="icon_status", fill="nghe", ink="on_nghe")
        for part in (badge, left, right):
            row.add_widget(part)
        self.add_widget(row)


class TechPage(Page):
    """A page with bars of its own; larger text and low reach are for people, not for technicians."""

    bare = BooleanProperty(True)
    has_head = BooleanProperty(False)
    slides = False

    def __init__(self, *args: object, **values: object) -> None:
        self.top_bar, self.foot = TechHead(), Ground(corners="none", pad_x="margin", pad_y="gap")
        self._ways = Row(gap="gap", even=True)
        self.foot.add_widget(self._ways)
        super().__init__(*args, **values)  # type: ignore[arg-type]
        self.body.squeezes = False
        for part in (self.body, self.top_bar, self.foot):
            Box.add_widget(self, part, index=len(self.children))

    def way(self, name: str, message: str, icon: str, answer: object, style: str = "plain") -> TechButton:
        """A button in the bar below."""
        button = TechButton(
            name=name, message=message, icon=icon, style=style, role="nav", tall="nav", flex=1, two_lines=True
        )
        button.bind(on_act=self.answers(answer))
        self._ways.add_widget(button)
        return button

    def turner(self, turn: Callable[..., None]) -> TechButton:
        """A button in the bar below that turns a page and answers nothing."""
        button = TechButton(
            name="more", message="tech.more", icon="caret-right", role="nav", tall="nav", flex=1, two_lines=True
        )
        button.bind(on_act=turn)
        self._ways.add_widget(button)
        return button

    def fits(self, *, whole: bool = False) -> bool:
        """It is laid out to fit."""
        return True

    def arrange(self) -> None:
        """Head, body, bar."""
        head, foot = theme.size("tech_head"), theme.size("bottom")
        self.top_bar.place(self.x, self.top - head, self.width, head)
        self.foot.place(self.x, self.y, self.width, foot)
        self.body.pad_y, self.body.pad_bottom, self.body.gap = "gap", "gap", "gap"
        self.body.place(self.x, self.y + foot, self.width, self.height - head - foot)


class Leaf:
    """Which part of a long list is on the screen; a touch turns to the next, the last to the first."""

    def __init__(self, size: int) -> None:
        self.size, self._page, self._count = size, 0, 0

    def of(self, rows: Sequence[T]) -> Sequence[T]:
        """The rows to show now."""
        self._count = len(rows)
        self._page = min(self._page, self.pages - 1)
        return rows[self._page * self.size : (self._page + 1) * self.size]

    @property
    def pages(self) -> int:
        """How many there are."""
        return max(1, -(-self._count // self.size))

    @property
    def args(self) -> dict[str, object]:
        """For "1 / 2"."""
        return {"page": self._page + 1, "pages": self.pages}

    def turn(self) -> None:
        """To the next."""
        self._page = (self._page + 1) % self.pages

    def show(self, row: int) -> None:
        """To the page with this row."""
        self._page = row // self.size


class DeviceLine(Card):
    """One device: what it is, its state, its last failure, two buttons."""

    pad_x = StringProperty("pad_row")
    pad_y = StringProperty("hair")
    radius = StringProperty("radius_m")
    tall = StringProperty("tech_row")

    def __init__(self, row: DeviceRow, answer: Callable[[object], None]) -> None:
        super().__init__()
        name = Row(gap="inner")
        name.add_widget(named(row.device))
        state = row.state if known(row.state) else f"tech.lamp.{row.lamp.value}"
        name.add_widget(Pill(kind=LAMPS[row.lamp], message=state, role="tech", pad_x="inner", pad_y="zero"))
        words = Column(flex=1)
        words.add_widget(name)
        words.add_widget(tell(Words(role="tech", ink="ink2", lines=1), row.detail))
        weight = "" if row.lamp is Lamp.GOOD else "semibold"
        words.add_widget(tell(Words(role="tech", ink=INKS[row.lamp], weight=weight, lines=1), row.last))
        line = Row(gap="gap")
        line.add_widget(Badge(icon=row.icon, across="check", icon_size="bar", fill="sunken", ink="ink"))
        line.add_widget(words)
        for button, value in (
            (TechButton(name=f"test-{row.device}", message="tech.test"), CheckDevice(row.device)),
            (
                TechButton(name=f"act-{row.device}", message=f"tech.act.{row.action.value}"),
                ActOnDevice(row.device, row.action),
            ),
        ):
            button.wide = "tech_wide"
            button.bind(on_act=partial(_answered, answer, value))
            line.add_widget(button)
        self.add_widget(line)


class ResultLine(Card):
    """One test and what became of it, with what to do and the machine's own lines; not `whole`: a fault's first."""

    pad_x = StringProperty("pad_row")
    pad_y = StringProperty("hair")
    radius = StringProperty("radius_m")

    def __init__(self, row: ResultRow, *, running: bool, whole: bool = True) -> None:
        super().__init__()
        head = Row(gap="inner")
        head.add_widget(named(row.name))
        if running:
            head.add_widget(Pill(kind="act", message="tech.running", role="tech", pad_x="inner", pad_y="zero"))
        elif row.lamp is not None:
            state = f"tech.lamp.{row.lamp.value}"
            head.add_widget(Pill(kind=LAMPS[row.lamp], message=state, role="tech", pad_x="inner", pad_y="zero"))
        self.add_widget(head)
        self.add_widget(tell(Words(role="tech"), row.told))
        if row.cure:
            self.add_widget(Words(text=row.cure, role="tech", ink="ink2"))
        for line in row.lines if whole else row.lines[:1] if row.lamp is Lamp.FAULT else ():
            self.add_widget(Words(text=line, role="tech", ink="ink2"))


class SettingLine(Touch):
    """One setting and its value; a touch takes the next one."""

    radius = StringProperty("radius_m")
    pad_x = StringProperty("pad")
    tall = StringProperty("slim")
    gap = StringProperty("gap")

    def __init__(self, row: SettingRow) -> None:
        super().__init__()
        self.name = f"set-{row.name}"
        self.add_widget(Words(message=f"tech.set.{row.name}", role="step", flex=1, lines=1))
        self.add_widget(tell(Words(role="step", weight="bold", align="right", lines=1), row.value))
