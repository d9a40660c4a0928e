"""What a page says: once after it appears, again on "Nghe", never over a touch, private words only with headphones."""

from __future__ import annotations

from typing import Any

import pytest

from services.journeys import prompts as ask

pytestmark = [pytest.mark.screen, pytest.mark.trio]


async def test_a_page_speaks_once_after_it_appeared(hall: Any) -> None:
    prompt = ask.ChoosePatient()
    await hall.ask_shown(prompt)
    await hall.until(lambda: hall.ears.said)
    assert hall.ears.said == [(prompt.spoken(), "vi")]
    assert not hall.stage._voice.is_triggered


async def test_a_touch_silences_it_and_nghe_says_it_again(
    nursery: Any, opening: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screens.stage.DELAY_SECONDS", 3600.0)
    async with opening(nursery, reduced_motion=True) as hall:
        prompt = ask.ChoosePatient()
        await hall.ask_shown(prompt)
        assert hall.stage._voice.is_triggered
        before = hall.ears.stops
        await hall.press(20, 1500)
        await hall.until(lambda: hall.ears.ticks == 1)
        assert hall.ears.stops > before and not hall.stage._voice.is_triggered
        assert hall.ears.said == []
        listen = next(box for box in hall.boxes() if type(box).__name__ == "Listen")
        listen.dispatch("on_act")
        assert hall.ears.said == [(prompt.spoken(), "vi")]


async def test_names_are_spoken_only_with_headphones(hall: Any) -> None:
    from screens.samples import me

    prompt = me()
    await hall.ask_shown(prompt)
    await hall.until(lambda: hall.ears.said)
    assert not any(sentence.private for sentence in hall.ears.said[0][0])
    hall.ears.headphones = True
    next(box for box in hall.boxes() if type(box).__name__ == "Listen").dispatch("on_act")
    assert any(sentence.private for sentence in hall.ears.said[-1][0])


async def test_the_other_language_is_spoken_after_a_switch(hall: Any) -> None:
    prompt = ask.ChoosePatient()
    await hall.ask_shown(prompt)
    await hall.touch("language")
    await hall.until(lambda: hall.ears.said and hall.ears.said[-1][1] == "en")
    assert hall.ears.said[-1] == (prompt.spoken(), "en")


async def test_a_reset_ends_what_is_said(hall: Any) -> None:
    scope = await hall.ask_shown(ask.ChoosePatient())
    scope.cancel()
    before = hall.ears.stops
    hall.stage.reset()
    assert hall.ears.stops > before
    assert not hall.stage._voice.is_triggered
