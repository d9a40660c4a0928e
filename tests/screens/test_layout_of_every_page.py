"""Every page in every mode: nothing outside its box, nothing cut off, nothing too small or too near to touch."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

pytestmark = pytest.mark.screen

MODES = ["".join(letters) or "n" for letters in itertools.product(("", "e"), ("", "l"), ("", "c"), ("", "r"))]
GROUPS = 12
"""The samples are walked in groups, so that no single test lasts long."""
SMALLEST_TARGET = 56
SMALLEST_GAP = 21
SMALLEST_TEXT = 28
SMALLEST_TECHNICAL = 26
"""On the technician's pages only, which also know no low reach (LOOK.md section 3)."""
HIGHEST_WITH_LOW_REACH = 860
SLACK = 2


def rectangle(box: Any) -> tuple[float, float, float, float]:
    from screens.layout import window_box

    return window_box(box)


def inside(box: Any, room: tuple[float, float, float, float]) -> bool:
    x, y, width, height = rectangle(box)
    left, bottom, wide, tall = room
    return (
        x >= left - SLACK and y >= bottom - SLACK and x + width <= left + wide + SLACK
        and y + height <= bottom + tall + SLACK
    )  # fmt: skip


def faults(frame: Any, low: bool) -> list[str]:
    from screens.layout import Box
    from screens.parts.touch import Touch
    from screens.words import Words

    page = frame.page
    found = list[str]()
    boxes = [box for part in frame.children if isinstance(part, Box) for box in part.each()]
    boxes += page.each()
    for box in boxes:
        what = f"{type(box).__name__} {box.name} {rectangle(box)}"
        if not inside(box, (0, 0, *frame.size)):
            found.append(f"outside the window: {what}")
        parent = box.parent
        if isinstance(parent, Box) and parent not in (page, frame) and not inside(box, rectangle(parent)):
            found.append(f"outside its box: {what}")
        if isinstance(box, Words) and box.said():
            if not box.complete:
                found.append(f"text cut off: {box.said()!r}")
            if box.letter_size < (SMALLEST_TECHNICAL if page.bare else SMALLEST_TEXT):
                found.append(f"text of {box.letter_size} px: {box.said()!r}")
        if isinstance(box, Touch) and not box.closed and min(box.width, box.height) < SMALLEST_TARGET:
            found.append(f"target too small: {what}")
    targets = [box for box in boxes if isinstance(box, Touch)]
    for one, other in itertools.combinations(targets, 2):
        x, y, width, height = rectangle(one)
        left, bottom, wide, tall = rectangle(other)
        gap = max(left - x - width, x - left - wide, bottom - y - height, y - bottom - tall)
        if gap < SMALLEST_GAP:
            found.append(f"gap of {gap:.0f} px between {one.name} and {other.name}")
    if low and not page.bare:
        for box in targets:
            _, y, _, height = rectangle(box)
            if y + height > frame.height - HIGHEST_WITH_LOW_REACH + SLACK and not box.closed:
                found.append(f"out of reach: {box.name}")
    return found


@pytest.mark.parametrize("group", range(GROUPS))
def test_every_page_keeps_the_measures_of_the_look(show: Any, group: int) -> None:
    from screens.gallery import switch
    from screens.samples import SAMPLES, SITE

    found = list[str]()
    for sample in SAMPLES[group::GROUPS]:
        frame = show(SITE, sample)
        for mode in MODES:
            switch(mode)
            frame.lay_out()
            found += [f"{sample.name} {mode}: {fault}" for fault in faults(frame, "r" in mode)]
    assert found == []


@pytest.mark.parametrize("mode", ["n", "e", "r", "elr"])
def test_a_place_with_long_names_keeps_the_measures(show: Any, mode: str) -> None:
    from screens.gallery import switch
    from screens.samples import LONG_SITE, SAMPLES

    frame = show(LONG_SITE, SAMPLES[0])
    switch(mode)
    frame.lay_out()
    assert faults(frame, "r" in mode) == []


@pytest.mark.parametrize("width", [720, 1080, 1440])
def test_other_panels_scale_every_token(show: Any, width: int) -> None:
    from screens.layout import Box
    from screens.parts.touch import Touch
    from screens.samples import SAMPLES, SITE

    for sample in SAMPLES[:8]:
        frame = show(SITE, sample)
        frame.resize((width, width * 16 // 9))
        boxes = [box for part in frame.children if isinstance(part, Box) for box in part.each()]
        for box in [*boxes, *frame.page.each()]:
            assert inside(box, (0, 0, *frame.size)), (sample.name, type(box).__name__)
            if isinstance(box, Touch):
                assert min(box.width, box.height) >= SMALLEST_TARGET * width / 1080 - 1


@pytest.mark.parametrize("mode", ["n", "e", "l", "c", "r", "elr"])
@pytest.mark.parametrize("long", [False, True])
def test_who_helps_here_stands_in_the_bar_of_every_page(show: Any, mode: str, long: bool) -> None:
    from screens.gallery import switch
    from screens.samples import LONG_SITE, SAMPLES, SITE

    frame = show(LONG_SITE if long else SITE, next(sample for sample in SAMPLES if sample.name == "guides"))
    switch(mode)
    frame.assisted("nguyen-lan-phuong", "10:45")
    frame.lay_out()
    pill = frame._place._helper
    assert pill.shown and "nguyen-lan-phuong" in pill._words.said()
    _x, y, _width, _height = rectangle(pill)
    assert y >= rectangle(frame.tools)[1] + rectangle(frame.tools)[3] or "r" in mode, "the tools cover it"
    assert faults(frame, "r" in mode) == []
    frame.assisted("", "")
    frame.lay_out()
    assert not pill.shown
