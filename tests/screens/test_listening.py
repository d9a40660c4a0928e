"""Listening mode on the real window: every page is walked by four keys, and every stop says something."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any, cast

import pytest

from screens.samples import SAMPLES, Sample
from services.announcements.wording import spoken_text
from services.journeys import prompts as ask
from services.journeys.stage import PadKey, StageEvent
from services.messages import LANGUAGES

pytestmark = [pytest.mark.screen]

TOUCH = {"vi": re.compile(r"\bchạm\b", re.IGNORECASE), "en": re.compile(r"\b(touch|tap)\b", re.IGNORECASE)}
CITIZENS = [sample for sample in SAMPLES if not type(sample.prompt).__module__.endswith("technician")]


@pytest.mark.parametrize("sample", CITIZENS, ids=lambda sample: sample.name)
def test_every_touchable_of_a_page_is_a_stop_and_every_stop_says_something(sample: Sample, show: Any) -> None:
    from screens.layout import Box
    from screens.listening.stops import by_keys, stops
    from screens.parts.touch import Touch
    from screens.samples import SITE
    from screens.theme import theme

    theme.listening = True
    try:
        frame = show(SITE, sample)
        for language in LANGUAGES:
            theme.language = language
            frame.lay_out()
            order = stops(frame, sample.prompt, dark=False)
            rows = [stops(frame, sample.prompt, dark=False, inside=stop.row)[:-1] for stop in order if stop.row]
            order = (*order, *(stop for row in rows for stop in row))
            bars = [box for part in frame.children if isinstance(part, Box) for box in part.each()]
            touchables = [box for box in [*bars, *frame.page.each()] if isinstance(box, Touch)]
            assert touchables
            missing = [box.name or box for box in touchables if box not in [stop.touch for stop in order]]
            assert not missing
            for stop in order:
                said = " ".join(spoken_text(say, language) for say in stop.says)
                assert any(letter.isalnum() for letter in said), (language, stop.box and stop.box.name)
                assert not TOUCH[language].search(said), "who listens has keys"
            asked = by_keys(sample.prompt.spoken())
            assert order[0].says[len(order[0].says) - len(asked) :] == asked
            covered = [box for box in frame.page.head.strip.each() if getattr(box, "complete", True) is False]
            assert not covered
    finally:
        theme.listening = False


@pytest.mark.trio
async def test_next_goes_through_the_whole_page_and_says_where_it_begins_again(hall: Any) -> None:
    await hall.ask_shown(clinics())
    hall.stage.pad(PadKey.NEXT)
    assert hall.ears.said[-1][0][0].message == "spoken.listen.welcome"
    hall.stage.pad(PadKey.CHOOSE)
    order = hall.stage.listening.order
    for stop in order[1:]:
        hall.stage.pad(PadKey.NEXT)
        heard = hall.ears.said[-1][0]
        assert heard == tuple(say for say in stop.says if not say.private) or heard[0].message.endswith("private")
    hall.stage.pad(PadKey.NEXT)
    assert hall.ears.said[-1][0][0].message == "spoken.listen.end_of_list"
    hall.stage.pad(PadKey.BACK)
    assert hall.ears.said[-1][0] == order[-1].says


@pytest.mark.trio
async def test_a_clinic_is_chosen_by_the_keys_and_a_closed_one_says_why_it_is_not(hall: Any) -> None:
    await hall.ask_shown(clinics())
    begin(hall)
    to(hall, "c2")
    hall.stage.pad(PadKey.CHOOSE)
    heard = hall.ears.said[-1][0]
    assert [say.message for say in heard] == ["spoken.clinic.closed", "spoken.listen.closed"] and not hall.answers
    to(hall, "c1")
    hall.stage.pad(PadKey.CHOOSE)
    await hall.until(lambda: hall.answers)
    assert hall.answers == [ask.ClinicChosen("c1")]


@pytest.mark.trio
async def test_what_sends_or_wipes_is_asked_once_more(hall: Any) -> None:
    hall.listen()
    await hall.ask_shown(clinics())
    begin(hall)
    to(hall, "home")
    hall.stage.pad(PadKey.CHOOSE)
    assert hall.ears.said[-1][0][-1].message == "spoken.listen.again"
    hall.stage.pad(PadKey.BACK)
    hall.stage.pad(PadKey.NEXT)
    hall.stage.pad(PadKey.CHOOSE)
    await hall.until(lambda: hall.events.count(StageEvent.TOUCHED) >= 4)
    assert StageEvent.HOME not in hall.events
    hall.stage.pad(PadKey.CHOOSE)
    await hall.until(lambda: StageEvent.HOME in hall.events)


@pytest.mark.trio
async def test_names_and_numbers_are_heard_only_in_headphones(hall: Any) -> None:
    from screens.samples import ticket

    await hall.ask_shown(ticket())
    begin(hall)
    assert not any(say.private for say in hall.ears.said[-1][0])
    hall.ears.headphones = True
    hall.stage.pad(PadKey.REPEAT)
    assert any(say.message == "spoken.ticket.number" for say in hall.ears.said[-1][0])


@pytest.mark.trio
async def test_headphones_begin_it_and_pulling_them_out_ends_it_unless_a_key_is_pressed(
    hall: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screens.listening.mode.UNPLUGGED_SECONDS", 0.2)
    told: list[bool] = []
    hall.stage.listening.watchers.append(told.append)
    await hall.ask_shown(clinics())
    hall.stage.headphones(plugged=True)
    hall.stage.headphones(plugged=False)
    assert hall.ears.said[-1][0][0].message == "spoken.listen.unplugged"
    hall.stage.pad(PadKey.REPEAT)
    assert told == [True]
    hall.stage.headphones(plugged=False)
    await hall.until(lambda: told == [True, False])
    assert not hall.stage.listening.on


@pytest.mark.trio
async def test_any_key_answers_the_idle_warning_and_the_end_of_the_session_ends_the_mode(hall: Any) -> None:
    warning = ask.IdleWarning()
    hall.stage.pad(PadKey.LISTEN)
    await hall.ask_shown(warning)
    hall.stage.pad(PadKey.NEXT)
    await hall.until(lambda: hall.answers)
    assert hall.answers == [ask.IdleAnswer.STAY]
    hall.stage.reset()
    assert not hall.stage.listening.on


@pytest.mark.trio
async def test_the_ring_is_drawn_around_the_focus_and_a_dark_screen_shows_nothing_of_the_page(hall: Any) -> None:
    from screens.layout import window_box
    from screens.theme import theme

    await hall.ask_shown(clinics())
    begin(hall)
    to(hall, "c3")
    await hall.frames(3)
    x, y, width, height = window_box(hall.find("c3"))
    assert near(pixel(x + width / 2, y - 4), theme.colour("nghe"))
    assert near(pixel(x + width / 2, y - 12), theme.colour("ink"))
    hall.stage.pad(PadKey.NEXT)
    await hall.frames(3)
    assert not near(pixel(x + width / 2, y - 4), theme.colour("nghe"))
    own(hall, "dark")
    hall.stage.pad(PadKey.CHOOSE)
    await hall.frames(3)
    assert hall.ears.said[-1][0][0].message == "spoken.listen.dark.done"
    assert near(pixel(x + width / 2, y + height / 2), (0, 0, 0, 1)) and near(pixel(60, 1860), (0, 0, 0, 1))


@pytest.mark.trio
async def test_a_typed_digit_is_said_back_in_the_headphones(hall: Any) -> None:
    hall.ears.headphones = True
    await hall.ask_shown(ask.TypeDigits(what=ask.AskedNumber.BIRTH_YEAR, length=4))
    begin(hall)
    to(hall, "7")
    before = len(hall.ears.said)
    hall.stage.pad(PadKey.CHOOSE)
    await hall.until(lambda: len(hall.ears.said) > before)
    assert any("7" in str(dict(say.args).get("words", "")) and say.private for say in hall.ears.said[-1][0])


def begin(hall: Any) -> None:
    """Any key, and the volume is right."""
    hall.stage.pad(PadKey.REPEAT)
    hall.stage.pad(PadKey.CHOOSE)


@pytest.mark.trio
async def test_the_volume_is_asked_for_first_and_is_the_sites_own_again_after_the_session(hall: Any) -> None:
    await hall.ask_shown(clinics())
    hall.stage.pad(PadKey.LISTEN)
    assert [say.message for say in hall.ears.said[-1][0]] == ["spoken.listen.welcome", "spoken.listen.volume"]
    for key, percent in ((PadKey.NEXT, 70), (PadKey.BACK, 60), (PadKey.BACK, 50)):
        hall.stage.pad(key)
        assert hall.ears.said[-1][0] == (ask.Say("spoken.listen.volume", (("percent", percent),)),)
        assert hall.ears.volumes[-1] == percent
        assert f"{percent}" in hall.stage.frame.page.head.strip.text, "who reads along sees it too"
    for _ in range(12):
        hall.stage.pad(PadKey.NEXT)
    assert hall.ears.volumes[-1] == 100
    hall.stage.pad(PadKey.CHOOSE)
    assert hall.ears.said[-1][0][0].message == "spoken.listen.begin"
    assert hall.ears.said[-1][0][1].message == "spoken.keys.clinic"
    hall.stage.pad(PadKey.NEXT)
    assert hall.ears.volumes[-1] == 100, "from then on the keys move the focus"
    hall.stage.reset()
    assert hall.ears.volumes[-1] == 60


@pytest.mark.trio
async def test_a_keyboard_is_walked_by_its_rows_and_a_chosen_key_is_said_back(hall: Any) -> None:
    hall.ears.headphones = True
    await hall.ask_shown(ask.TypeLetters(what=ask.AskedText.PASSPORT, least=1, most=9))
    begin(hall)
    for _ in range(30):
        hall.stage.pad(PadKey.NEXT)
        if hall.stage.listening.here.row:
            break
    row = hall.stage.listening.here.row
    assert hall.ears.said[-1][0][0].message == "spoken.listen.row"
    hall.stage.pad(PadKey.CHOOSE)
    assert hall.stage.listening.here.box is row[0] and len(hall.stage.listening.order) == len(row) + 1
    hall.stage.pad(PadKey.NEXT)
    before = len(hall.ears.said)
    hall.stage.pad(PadKey.CHOOSE)
    await hall.until(lambda: len(hall.ears.said) > before)
    assert any(row[1].name in str(dict(say.args).get("words", "")) for say in hall.ears.said[-1][0])
    assert hall.stage.listening.here.row == row, "the next letter mostly stands in another row"
    hall.stage.pad(PadKey.CHOOSE)
    hall.stage.pad(PadKey.BACK)
    assert hall.ears.said[-1][0][0].message == "spoken.listen.row.left"
    hall.stage.pad(PadKey.NEXT)
    assert hall.stage.listening.here.row not in ((), row)


def clinics() -> ask.ChooseClinic:
    return ask.ChooseClinic(
        clinics=(
            ask.ClinicRow("c1", "Nội tim mạch", "heartbeat", 6, 25),
            ask.ClinicRow("c2", "Phụ sản", "heartbeat", None, None, opens_at="13:00"),
            ask.ClinicRow("c3", "Tai mũi họng", "ear", 3, 15),
        )
    )


def to(hall: Any, name: str) -> None:
    """Press "Tiếp" until the focus stands on what has this name."""
    for _ in range(80):
        here = hall.stage.listening.here
        if here.box is not None and here.box.name == name:
            return
        hall.stage.pad(PadKey.NEXT)
    raise AssertionError(name)


def own(hall: Any, name: str) -> None:
    for _ in range(80):
        here = hall.stage.listening.here
        if here.own is not None and here.own.value == name:
            return
        hall.stage.pad(PadKey.NEXT)
    raise AssertionError(name)


def pixel(x: float, y: float) -> tuple[float, ...]:
    """A pixel of what was drawn, y from the bottom."""
    gl = cast("Any", import_module("kivy.graphics.opengl"))
    seen: bytes = gl.glReadPixels(round(x), round(y), 1, 1, gl.GL_RGBA, gl.GL_UNSIGNED_BYTE)
    return tuple(value / 255 for value in seen)


def near(seen: tuple[float, ...], wanted: tuple[float, ...]) -> bool:
    return all(abs(one - other) < 0.03 for one, other in zip(seen[:3], wanted[:3], strict=True))
