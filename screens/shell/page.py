"""A page: question above, one decision below. It renders one prompt and hands its answer to whoever asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.graphics import PopMatrix, PushMatrix, Translate
from kivy.properties import BooleanProperty, DictProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from screens.layout import Box, Column, Row
from screens.parts.cards import Badge, Ground, Note
from screens.parts.listen_strip import ListenStrip
from screens.parts.pictures import Pattern
from screens.parts.steps import Steps
from screens.parts.touch import WayButton
from screens.site import SiteFacts
from screens.theme import DESIGN_HEIGHT, TIGHTEST, theme
from screens.words import Icon, MessageId, Words
from services.journeys.prompts import Progress, Prompt

REACH = DESIGN_HEIGHT - 860
"""With low reach nothing that can be touched is higher: 1,091 mm above the floor."""


class Listen(WayButton):
    """ "Nghe": says the page again."""

    message = StringProperty("bar.listen")
    icon = StringProperty("speaker-high")
    role = StringProperty("tool")
    tall = StringProperty("tool")
    wide = StringProperty("listen")
    style = StringProperty("listen")
    ledge = StringProperty("ledge_small")
    border = StringProperty("border_small")
    radius = StringProperty("radius_m")

    def fit(self, width: float) -> float:
        """A tool's height."""
        return theme.size(self.tall) + theme.size(self.ledge)

    def arrange(self) -> None:
        """Icon above, word below."""
        ledge, small = theme.size(self.ledge), theme.size("bar")
        words = self.words.fit(self.width)
        y = self.y + ledge + (self.height - ledge - small - words) / 2
        self.words.align = "center"
        self.words.place(self.x, y, self.width, words)
        for icon in self.kids():
            if isinstance(icon, Icon):
                icon.place(self.center_x - small / 2, y + words, small if icon.shown else 0, small)


class Head(Column):
    """Step, question, one sentence, "Nghe". With low reach: a deep panel on the pattern, and the step below it."""

    ask = StringProperty("")
    ask_args = DictProperty({})
    ask_text = StringProperty("")
    sub = StringProperty("")
    sub_args = DictProperty({})
    icon = StringProperty("")
    disc = BooleanProperty(False)
    """The icon stands on a turmeric disc: look here now."""
    low_sub = StringProperty("ask.low")

    def __init__(self, listen: Callable[[], None], **values: object) -> None:
        super().__init__(**values)
        self.steps = Steps()
        self._icon, self._disc = (
            Icon(across="icon_status", filled=True, ink="ok"),
            Badge(across="call", icon_size="icon_status", fill="nghe", ink="on_nghe", round=True),
        )
        self._ask, self._sub = Words(role="h1", balance=True), Words(role="body", ink="ink2")
        self.listen = Listen()
        self.listen.bind(on_act=lambda *_: listen())
        words = Column(flex=1, gap="hair")
        words.add_widget(self._ask)
        words.add_widget(self._sub)
        self._row = Row(gap="gap", top_aligned=True)
        for part in (self._icon, self._disc, words, self.listen):
            self._row.add_widget(part)
        self._pattern = Pattern(side=100, strength=0.55)
        self._panel = Ground(fill="press", pad_x="pad", pad_y="pad", radius="radius_l", gap="hair")
        self._low_ask = Words(role="hero", ink="on_press", balance=True)
        self._low_sub = Words(role="body", ink="on_press")
        self._panel.add_widget(self._low_ask)
        self._panel.add_widget(self._low_sub)
        self.strip = ListenStrip(hidden=True)
        for part in (self._pattern, self._panel, self.steps, self._row, self.strip):
            self.add_widget(part)
        for kind in ("ask", "ask_args", "ask_text", "sub", "sub_args", "icon", "disc"):
            self.fbind(kind, self._fill)
        self._fill()

    def _fill(self, *_: object) -> None:
        for words in (self._ask, self._low_ask):
            words.message, words.args, words.text = self.ask, self.ask_args, self.ask_text
        for words in (self._sub, self._low_sub):
            words.message, words.args = self.sub, self.sub_args
        self._sentence()
        self._icon.icon = self._disc.icon = self.icon
        self._icon.hidden, self._disc.hidden = not self.icon or self.disc, not self.disc
        self.changed()

    def _sentence(self) -> None:
        """In listening mode the strip stands where the sentence stood."""
        self._sub.hidden = not self.sub or self._striped
        self._low_sub.hidden = not self.sub
        self.strip.hidden = not self._striped

    @property
    def _striped(self) -> bool:
        # With low reach the deep half has the place of the strip: the ring alone shows the focus.
        return bool(theme.listening and not theme.low)

    def restyle(self) -> None:
        """High contrast has no deep half: white words on black."""
        self._sentence()
        self._pattern.fill = "paper" if theme.contrast else "primary"
        self._panel.fill = "surface" if theme.contrast else "press"
        for words in (self._low_ask, self._low_sub):
            words.ink = "ink" if theme.contrast else "on_press"
        super().restyle()

    def _low_parts(self) -> tuple[float, float]:
        """Heights of the panel and of the step below the deep half."""
        margin = theme.size("margin")
        panel = self._panel.fit(self.width - 2 * margin)
        steps = self.steps.fit(self.width - 2 * margin) + theme.size("block") if self.steps.shown else 0.0
        return panel, steps

    def fit(self, width: float) -> float:
        """At its least."""
        margin = theme.size("margin")
        inner = width - 2 * margin
        if theme.low:
            self.width = width
            panel, steps = self._low_parts()
            return panel + margin + steps
        steps = self.steps.fit(inner) + theme.size("block") if self.steps.shown else 0.0
        strip = self.strip.fit(inner) + theme.size("inner") if self.strip.shown else 0.0
        return steps + theme.size("block") + self._row.fit(inner) + strip

    def arrange(self) -> None:
        """Steps and question, or the deep half."""
        margin, block = theme.size("margin"), theme.size("block")
        x, inner = self.x + margin, self.width - 2 * margin
        low = theme.low
        self._pattern.dropped = self._panel.dropped = not low
        self._row.dropped = low
        y = self.top
        if low:
            panel, steps = self._low_parts()
            deep = self.height - steps
            self._pattern.place(self.x, self.top - deep, self.width, deep)
            self._panel.place(x, self.top - deep + margin / 2, inner, panel)
            if self.steps.shown:
                tall = self.steps.fit(inner)
                self.steps.place(x, self.top - deep - theme.size("pad_row") - tall, inner, tall)
            return
        if self.steps.shown:
            tall = self.steps.fit(inner)
            y -= block + tall
            self.steps.place(x, y, inner, tall)
        tall = self._row.fit(inner)
        y -= block + tall
        self._row.place(x, y, inner, tall)
        if self.strip.shown:
            tall = self.strip.fit(inner)
            self.strip.place(x, y - theme.size("inner") - tall, inner, tall)


class Page(Box):
    """What a prompt looks like. Children of its kv rule go into the body below the question."""

    # rebind: what kv reads of a prompt is read again when a newer state takes its place.
    prompt: Any = ObjectProperty(None, rebind=True)
    site = ObjectProperty(None)
    ask = StringProperty("")
    ask_args = DictProperty({})
    ask_text = StringProperty("")
    sub = StringProperty("")
    sub_args = DictProperty({})
    ask_icon = StringProperty("")
    ask_disc = BooleanProperty(False)
    has_head = BooleanProperty(True)
    covers = BooleanProperty(False)
    """It hides the bottom bar too: the idle warning."""
    bare = BooleanProperty(False)
    """It has bars of its own and the whole window: the technician's pages."""
    stop_message = StringProperty("")
    """A machine works: Back and Home give way to this one button."""
    extra_message = StringProperty("")
    extra_icon = StringProperty("")
    """One more way in the bottom bar of a result."""
    stop_answer = ObjectProperty(None, allownone=True)
    extra_answer = ObjectProperty(None, allownone=True)
    strip = NumericProperty(0.0)
    """Height at the top that the offline strip lies over."""
    slide = NumericProperty(0.0)
    body_end = StringProperty("pad")
    demo_message = StringProperty("pay.demo.mark")
    slides = True
    """Whether it comes by a slide; a new state of the picture before it does not."""
    finished = BooleanProperty(False)
    """A result: every step is done, none is named."""

    def __init__(
        self,
        prompt: Prompt[Any],
        site: SiteFacts,
        answer: Callable[[object], None],
        listen: Callable[[], None],
        relay: Callable[[], None],
    ) -> None:
        self._answer, self._relay = answer, relay
        self._body: Column | None = None
        self.body = Column(squeezes=True, pad_x="margin", gap="block", pad_bottom=self.body_end)
        self.head = Head(listen)
        self._demo = Note(kind="demo", icon="info", role="demo", pad_y="hair", icon_size="bar", radius="radius_s")
        self.body.add_widget(self._demo)
        super().__init__(prompt=prompt, site=site)
        self._shift = Translate(0, 0)
        self.canvas.before.add(PushMatrix())
        self.canvas.before.add(self._shift)
        self.canvas.after.add(PopMatrix())
        self.fbind("slide", self._slid)
        for kind in (
            "ask", "ask_args", "ask_text", "sub", "sub_args", "ask_icon", "ask_disc", "has_head", "prompt", "finished",
            "demo_message",
        ):  # fmt: skip
            self.fbind(kind, self._heading)
        self._heading()

    def add_widget(self, widget: Widget, *args: Any, **kwargs: Any) -> None:
        """Children of the kv rule stand in the body."""
        if widget is not self.body and widget is not self.head and self.body.parent is None:
            super().add_widget(self.head)
            super().add_widget(self.body)
        if widget is self.body or widget is self.head:
            super().add_widget(widget)
        else:
            self.body.add_widget(widget, *args, **kwargs)

    def _heading(self, *_: object) -> None:
        head = self.head
        head.ask, head.ask_args, head.ask_text = self.ask, self.ask_args, self.ask_text
        head.sub, head.sub_args, head.icon, head.disc = self.sub, self.sub_args, self.ask_icon, self.ask_disc
        head.hidden = not self.has_head
        self._demo.hidden, self._demo.message = not self.prompt.demo, self.demo_message
        progress: Progress | None = self.prompt.progress
        head.steps.hidden = progress is None
        if progress is not None:
            head.steps.number, head.steps.total = progress.number, progress.total
            head.steps.label = "" if self.finished else progress.label

    def answers(self, value: object) -> Callable[..., None]:
        """What a touchable of this page does when it stands for one answer."""
        return lambda *_: self.answer(value)

    def replace(self, prompt: Prompt[Any]) -> None:
        """The same question in a new state."""
        self.prompt = prompt

    reusable = False
    """Whether the next prompt of the same type is shown in place: progress of a machine's work."""

    def rebind(self, prompt: Prompt[Any], answer: Callable[[object], None]) -> None:
        """The same page for a new question of its type."""
        self._answer = answer
        self.replace(prompt)

    def answer(self, value: object) -> None:
        """Hand over the answer."""
        self._answer(value)

    def time_left(self, seconds: float, total: float) -> None:
        """The clock of the bottom bar stepped; only the idle warning shows it itself."""

    def changed(self, *_: object) -> None:
        """Lay out again before the next frame; a page that is not shown yet is laid out when it comes."""
        if self.parent is not None:
            self._relay()

    def _slid(self, *_: object) -> None:
        self._shift.x = self.slide

    def place(self, x: float, y: float, width: float, height: float) -> None:
        """Take a rectangle; a page with too much for it is laid out tighter."""
        self.pos, self.size = (x, y), (width, height)
        try:
            for theme.tight in (0, 1):
                if self.fits(whole=True):
                    break
            else:
                for theme.tight in range(TIGHTEST + 1):
                    if self.fits():
                        break
            super().place(x, y, width, height)
        finally:
            theme.tight = 0

    def fits(self, *, whole: bool = False) -> bool:
        """Whether all (`whole`), or what must be shown, has room, and hands reach it with low reach."""
        head = self.head.fit(self.width) if self.has_head else 0.0
        need = self.body.fit(self.width) if whole else self.body.least(self.width)
        if need > self.height - head - self.above():
            return False
        reach = REACH * theme.scale - self.y
        return not theme.low or self.body.reach(self.width) <= reach

    def above(self) -> float:
        """The gap between question and body."""
        return (
            max(theme.size("inner" if theme.low else "block"), 0.0 if theme.low else theme.size("gap"))
            if self.has_head
            else 0.0
        )

    def arrange(self) -> None:
        """Question above, the rest for the body; with low reach the deep half takes what the body leaves."""
        self.body.pad_bottom = self.body_end
        head = self.head.fit(self.width) if self.has_head else 0.0
        above = self.above()
        if theme.low and self.has_head:
            need = self.body.fit(self.width)
            head = max(head, self.height - need - above)
        if self.has_head:
            head = min(head, self.height)
            self.head.place(self.x, self.top - head, self.width, head)
        self.body.place(self.x, self.y, self.width, self.height - head - above)

    def appeared(self) -> None:
        """The page stands still and takes touches."""

    def leave(self) -> None:
        """The page goes: let go of pictures and clocks."""


def nested(message: str) -> MessageId:
    """A message as the argument of another (for kv rules)."""
    return MessageId(message)
