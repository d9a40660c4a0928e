"""The focus order of what stands on the screen: question, content in reading order, ways on, bottom bar, tools.

It is read off the page itself, so nothing that is seen can be left out; a prompt's own words (`Prompt.spoken`,
`Prompt.focus`) go before the labels wherever it has some.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from screens.layout import Box, Grid, Row
from screens.parts.keyboard import Keyboard
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
_SPOKEN, _BY_KEYS = "spoken.", "spoken.keys."
LONG_ROW = 5
"""Keys in a row that are walked by the row; shorter ones are walked key by key."""
HOME = "home"
"""The bar's way to the start page: it wipes what was begun."""


class Own(Enum):
    """Stops of the listening mode itself, behind the last tool."""

    DARK = "dark"
    LIGHT = "light"
    END = "end"
    LEAVE = "row.leave"
    """Out of a row of keys."""


@dataclass(frozen=True)
class Stop:
    """One place of the focus: what is said, what is framed, and what "Chọn" does there."""

    says: tuple[Say, ...]
    box: Box | None = None
    touch: Touch | None = None
    own: Own | None = None
    choosable: bool = True
    weighty: bool = False
    row: tuple[Box, ...] = ()
    """A row of keys that is one stop until it is entered."""

    @property
    def public(self) -> bool:
        """Whether something of it may come out of the loudspeaker."""
        return any(not say.private for say in self.says)


def stops(frame: Frame, prompt: Prompt[object], *, dark: bool, inside: tuple[Box, ...] = ()) -> tuple[Stop, ...]:
    """The whole order of this moment. The first stop is the question. `inside` a row of keys there is nothing else."""
    elements = {element.name: element for element in prompt.focus()}
    if inside:
        return (*(stop for key in inside for stop in _content(key, elements)), _own(Own.LEAVE))
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
        step = (Say(error, getattr(prompt, "error_args", ())), *step)
    spoken = by_keys(prompt.spoken()) or (_labels(box) if box is not None else ())
    return Stop((*step, *spoken) or (Say("spoken.listen.wait"),), box)


def by_keys(says: Iterable[Say]) -> tuple[Say, ...]:
    """The same for who has keys: a sentence that tells to touch has another one that tells the key."""
    return tuple(_by_keys(say) for say in says)


def _by_keys(say: Say) -> Say:
    other = say.message.replace(_SPOKEN, _BY_KEYS, 1)
    return replace(say, message=other) if say.message.startswith(_SPOKEN) and known(other) else say


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
    for row in _rows(box):
        if len(row) >= LONG_ROW and _are_keys(row):
            yield _row(row, elements)
        else:
            for kid in row:
                yield from _content(kid, elements)


def _rows(box: Box) -> list[list[Box]]:
    """What is walked row by row: a row of a keyboard, a row of a grid of keys; else everything in it."""
    kids = [kid for kid in box.kids() if kid.shown]
    if isinstance(box, Grid) and _are_keys(kids):
        return box.rows()
    return [[kid for kid in kids if isinstance(kid, Touch)]] if isinstance(box.parent, Keyboard) else [kids]


def _are_keys(row: list[Box]) -> bool:
    """Letters and digits, and the words among them."""
    named = [kid.name for kid in row if isinstance(kid, Touch)]
    return len(named) == len(row) and sum(len(name) == 1 for name in named) > len(row) / 2


def _row(row: list[Box], elements: dict[str, Element]) -> Stop:
    """One stop for many keys: four keys would have to be pressed thirty times for one letter."""
    first, last = (next(_content(key, elements)).says for key in (row[0], row[-1]))
    args = tuple((name, _sign(says)) for name, says in (("first", first), ("last", last)))
    return Stop((Say("spoken.listen.row", args),), row[0], row=tuple(row))


def _sign(says: tuple[Say, ...]) -> str:
    """A key's own words."""
    say = says[0]
    return tr(say.message, theme.language, **dict(say.args)).rstrip(".")


def _read(box: Box) -> Iterator[Stop]:
    says = _labels(box)
    if says:
        yield Stop(says, box, choosable=False)


def _touchable(touch: Touch, element: Element | None) -> Stop:
    says = _labels(touch) if element is None else by_keys((element.say,))
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
        other = f"{_BY_KEYS}screen.{each.message}"
        if each.message and known(other):
            says.append(Say(other, tuple(each.args.items()), private=bool(each.args)))
            continue
        said = each.said().replace("\u00a0", " ").replace(_BOLD, "").strip()
        if _READABLE.search(said):
            says.append(Say("spoken.screen", (("words", said),), private=not each.message or bool(each.args)))
    return tuple(says)
