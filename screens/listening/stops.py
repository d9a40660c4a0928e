"""The focus order of what stands on the screen: question, content in reading order, ways on, bottom bar, tools.

It is read off the page itself, so nothing that is seen can be left out; a prompt's own words (`Prompt.spoken`,
`Prompt.focus`) go before the labels wherever it has some.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from screens.layout import Box, Row
from screens.parts.steps import Steps
from screens.parts.touch import Touch
from screens.shell.bars import Timer, Tool
from screens.shell.frame import Frame
from screens.shell.page import Head
from screens.theme import theme
from screens.words import Icon, Words
from services.journeys.prompts import Element, Prompt, Say
from services.messages import known, tr

_READABLE = re.compile(r"[^\W_]")
_BOLD = "**"
_NAMELESS = {'"': "quote"}
"""Keys whose sign cannot stand in a message id."""
HOME = "home"
"""The bar's way to the start page: it wipes what was begun."""


class Own(Enum):
    """Stops of the listening mode itself, behind the last tool."""

    DARK = "dark"
    LIGHT = "light"
    END = "end"


@dataclass(frozen=True)
class Stop:
    """One place of the focus: what is said, what is framed, and what "Chọn" does there."""

    says: tuple[Say, ...]
    box: Box | None = None
    touch: Touch | None = None
    own: Own | None = None
    choosable: bool = True
    weighty: bool = False

    @property
    def public(self) -> bool:
        """Whether something of it may come out of the loudspeaker."""
        return any(not say.private for say in self.says)


def stops(frame: Frame, prompt: Prompt[object], *, dark: bool) -> tuple[Stop, ...]:
    """The whole order of this moment. The first stop is the question."""
    elements = {element.name: element for element in prompt.focus()}
    found: list[Stop] = [_question(frame, prompt)]
    page = frame.page
    if page is not None:
        for part in page.kids():
            if not isinstance(part, Head):
                found += _content(part, elements)
        if page.head.shown and page.has_head and not theme.low:
            found += _content(page.head.listen, elements)
    for bar in (frame.bottom, frame.tools):
        found += _content(bar, elements)
    if page is None or not page.bare:
        found += [
            _own(Own.LIGHT if dark else Own.DARK),
            _own(Own.END),
        ]
    return tuple(found)


def texts(found: Iterable[Stop]) -> tuple[tuple[Say, ...], ...]:
    """What can only be read, in order: to tell what a choice changed."""
    return tuple(stop.says for stop in found if stop.touch is None and stop.own is None)


def _question(frame: Frame, prompt: Prompt[object]) -> Stop:
    """Step label and question; what is spoken is the prompt's."""
    page, step = frame.page, tuple[Say, ...]()
    if prompt.progress is not None:
        progress = prompt.progress
        name = tr(progress.label, theme.language)
        step = (Say("spoken.step", (("number", progress.number), ("total", progress.total), ("name", name))),)
    box = page.head if page is not None and page.has_head and page.head.shown else None
    error: str | None = getattr(prompt, "error", None)
    if error:
        step = (Say(error), *step)
    spoken = prompt.spoken() or (_labels(box) if box is not None else ())
    return Stop((*step, *spoken) or (Say("spoken.listen.wait"),), box)


def _own(own: Own) -> Stop:
    return Stop((Say(f"spoken.listen.{own.value}"),), own=own)


def _content(box: Box, elements: dict[str, Element]) -> Iterator[Stop]:
    """Touchables one by one; a row that is only read is one stop, and so is a text by itself."""
    if not box.shown or isinstance(box, Timer | Steps | Icon):
        return
    if isinstance(box, Touch):
        yield _touchable(box, elements.get(box.name))
        return
    if isinstance(box, Words):
        yield from _read(box)
        return
    if isinstance(box, Row) and not box.touchable:
        yield from _read(box)
        return
    for kid in box.kids():
        yield from _content(kid, elements)


def _read(box: Box) -> Iterator[Stop]:
    says = _labels(box)
    if says:
        yield Stop(says, box, choosable=False)


def _touchable(touch: Touch, element: Element | None) -> Stop:
    says = _labels(touch) if element is None else (element.say,)
    key = f"spoken.key.{_NAMELESS.get(touch.name, touch.name)}"
    if not says and known(key):
        says = (Say(key),)
    if touch.style == "selected" and not touch.closed:
        says = (*says, Say("spoken.listen.selected", private=all(say.private for say in says)))
    if isinstance(touch, Tool) and touch.on:
        says = (*says, Say("spoken.listen.on"))
    closed = touch.closed or (element is not None and not element.choosable)
    weighty = touch.name == HOME if element is None else element.weighty
    return Stop(says, touch, touch, choosable=not closed, weighty=weighty)


def _labels(box: Box) -> tuple[Say, ...]:
    """The labels in it as sentences; what may say something about a person (a value, not a fixed text) is private."""
    says: list[Say] = []
    for each in box.each():
        if not isinstance(each, Words):
            continue
        said = each.said().replace("\u00a0", " ").replace(_BOLD, "").strip()
        if _READABLE.search(said):
            says.append(Say("spoken.screen", (("words", said),), private=not each.message or bool(each.args)))
    return tuple(says)
