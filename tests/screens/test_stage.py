"""The stage: prompts on a stack, states in place, time left, switches live, and nothing left after a session."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
import trio

from services.journeys import prompts as ask
from services.journeys.prompts import Progress
from services.journeys.stage import TimeLeft

pytestmark = [pytest.mark.screen, pytest.mark.trio]


def texts(hall: Any) -> list[str]:
    from screens.words import Words

    return [box.said() for box in hall.boxes() if isinstance(box, Words) and box.said()]


def touchables(hall: Any) -> set[str]:
    from screens.parts.touch import Touch

    return {box.name for box in hall.boxes() if isinstance(box, Touch)}


async def test_the_prompt_below_comes_back_when_the_one_above_is_answered(hall: Any) -> None:
    question, warning = ask.ChoosePatient(), ask.IdleWarning()
    await hall.ask_shown(question)
    await hall.ask_shown(warning)
    await hall.touch("stay")
    await hall.shown(question)
    assert hall.answers == [ask.IdleAnswer.STAY]
    await hall.touch("self")
    await hall.until(lambda: len(hall.answers) == 2)


async def test_a_cancelled_prompt_goes_from_anywhere_in_the_pile(hall: Any) -> None:
    below, above = ask.ChoosePatient(), ask.IdleWarning()
    scope = await hall.ask_shown(below)
    await hall.ask_shown(above)
    scope.cancel()
    await trio.sleep(0.1)
    assert hall.stage.current is above and hall.stage.accepting


async def test_with_nothing_left_the_last_picture_stays_and_takes_no_touch(hall: Any) -> None:
    scope = await hall.ask_shown(ask.ChoosePatient())
    scope.cancel()
    await hall.until(lambda: not hall.stage.accepting)
    await hall.touch("self")
    assert hall.answers == []
    assert hall.stage.frame.page is not None


def places(hall: Any) -> dict[str, tuple[float, ...]]:
    from screens.parts.touch import Touch

    return {box.name: (*box.pos, *box.size) for box in hall.boxes() if isinstance(box, Touch) and box.shown}


@pytest.mark.parametrize(("larger", "low"), [(False, False), (True, False), (False, True), (True, True)])
async def test_the_offline_strip_comes_and_goes_and_moves_nothing_under_a_finger(
    hall: Any, larger: bool, low: bool
) -> None:
    from screens.theme import theme

    choices = ask.HOSPITAL
    await hall.ask_shown(ask.Home(choices=choices))
    theme.larger, theme.low = larger, low
    await trio.sleep(0.2)
    before = places(hall)
    hall.stage.show(ask.Home(choices=choices, offline_since="07:10"))
    await hall.until(lambda: any("07:10" in text for text in texts(hall)))
    assert places(hall) == before
    hall.stage.show(ask.Home(choices=choices))
    await hall.until(lambda: not any("07:10" in text for text in texts(hall)))
    assert places(hall) == before


async def test_the_first_picture_is_there_before_anybody_asks_and_takes_no_touch(hall: Any) -> None:
    picture = ask.Home(choices=ask.HOSPITAL)
    hall.stage.begin(picture)
    await hall.until(lambda: any(box.name == "check-in" for box in hall.boxes()))
    assert hall.stage.current is picture and not hall.stage.asked and not hall.stage.accepting
    await hall.touch("check-in")
    asked = ask.Home(choices=ask.HOSPITAL)
    await hall.ask_shown(asked)
    assert hall.answers == []
    hall.stage.begin(picture)
    assert hall.stage.current is asked
    await hall.touch("check-in")
    await hall.until(lambda: hall.answers == [ask.HomeChoice.CHECK_IN])


async def test_a_newer_state_replaces_the_prompt_in_place(hall: Any) -> None:
    await hall.ask_shown(ask.ReadingCard())
    page = hall.stage.frame.page
    hall.stage.show(ask.ReadingCard(stage=ask.ReadStage.DATA, percent=80))
    await hall.until(lambda: "80 %" in texts(hall))
    assert hall.stage.frame.page is page
    await hall.touch("stop")
    await hall.until(lambda: hall.answers == [None])


async def test_the_photo_comes_in_where_its_place_was_and_nothing_moves(hall: Any) -> None:
    from screens.layout import window_box
    from screens.parts.pictures import Photo
    from screens.samples import SAMPLES

    samples = {sample.name: sample.prompt for sample in SAMPLES}
    whole = samples["me"]
    await hall.ask_shown(samples["me-photo-coming"])
    page = hall.stage.frame.page
    assert "Đang lấy ảnh" in texts(hall)
    before = {name: window_box(hall.find(name)) for name in ("yes", "no")}
    hall.stage.show(whole)
    await hall.until(lambda: page.photo.loaded and "Đang lấy ảnh" not in texts(hall))
    assert isinstance(page.photo, Photo) and page.photo.data == whole.photo
    await hall.until(lambda: page.photo.width > 0 and page.photo.height > 0)
    assert {name: window_box(hall.find(name)) for name in ("yes", "no")} == before
    assert hall.stage.frame.page is page


async def test_the_tick_fills_the_picture_that_is_there_and_nothing_can_be_touched(hall: Any) -> None:
    await hall.ask_shown(ask.ReadingCard(stage=ask.ReadStage.DATA, percent=99))
    page = hall.stage.frame.page
    assert "stop" in touchables(hall)
    hall.stage.show(ask.ReadingCard(stage=ask.ReadStage.DATA, percent=100, done=True))
    await hall.until(lambda: "stop" not in touchables(hall))
    assert "Đọc xong thẻ rồi" in texts(hall)
    assert hall.stage.frame.page is page


async def test_a_state_of_a_prompt_under_another_waits_for_its_return(hall: Any) -> None:
    await hall.ask_shown(ask.ReadingCard())
    warning = ask.IdleWarning()
    scope = await hall.ask_shown(warning)
    newer = ask.ReadingCard(percent=60)
    hall.stage.show(newer)
    scope.cancel()
    await hall.shown(newer)
    assert "60 %" in texts(hall)


async def test_a_state_of_something_that_is_not_asked_does_nothing(hall: Any) -> None:
    question = ask.ChoosePatient()
    await hall.ask_shown(question)
    hall.stage.show(ask.ReadingCard())
    await trio.sleep(0.1)
    assert hall.stage.current is question


async def test_the_language_is_switched_live_and_the_question_stays_open(hall: Any) -> None:
    await hall.ask_shown(ask.ChoosePatient(progress=Progress(1, 7, "step.who")))
    assert "Hôm nay khám cho ai?" in texts(hall)
    await hall.touch("language")
    await hall.until(lambda: "Who is seeing the doctor today?" in texts(hall))
    assert hall.stage.language == "en"
    assert "Hoa Giang General Hospital" in texts(hall)
    assert not any("Hôm nay" in text for text in texts(hall))
    await hall.touch("child")
    await hall.until(lambda: hall.answers == [ask.PatientChoice.CHILD])


async def test_what_was_typed_survives_every_switch(hall: Any) -> None:
    await hall.ask_shown(ask.TypeDigits(what=ask.AskedNumber.BIRTH_YEAR, length=4))
    for digit in "195":
        await hall.touch(digit)
    for switch in ("text", "contrast", "low", "language"):
        await hall.touch(switch)
    await hall.touch("8")
    await hall.touch("go")
    await hall.until(lambda: hall.answers == [ask.TypedDigits("1958")])


async def test_a_switch_that_is_on_carries_a_tick(hall: Any) -> None:
    await hall.ask_shown(ask.ChoosePatient())
    await hall.touch("contrast")
    tool = hall.find("contrast")
    assert tool.on and any(getattr(box, "icon", "") == "check" and box.shown for box in tool.kids())


async def test_the_volume_goes_round_and_says_where_it_is(hall: Any) -> None:
    await hall.ask_shown(ask.ChoosePatient())
    await hall.touch("volume")
    await hall.until(lambda: "Tiếng 100 %" in texts(hall))
    await hall.touch("volume")
    await hall.until(lambda: "Tắt tiếng" in texts(hall))
    assert hall.ears.volumes == [100, 0]


async def test_the_ring_counts_down_by_itself(hall: Any) -> None:
    await hall.ask_shown(ask.ChoosePatient())
    hall.stage.time_left(TimeLeft(98, 120))
    await hall.until(lambda: "1:38" in texts(hall))
    assert "Còn lại" in texts(hall)
    await hall.until(lambda: "1:37" in texts(hall))
    hall.stage.time_left(TimeLeft(25, 30, result=True))
    await hall.until(lambda: "Tự về trang đầu" in texts(hall))
    hall.stage.time_left(TimeLeft(282, 300, hold=True))
    await hall.until(lambda: "Giữ chỗ còn" in texts(hall))
    hall.stage.time_left(None)
    await hall.until(lambda: "Giữ chỗ còn" not in texts(hall))


async def test_the_idle_warning_shows_the_runners_clock(hall: Any) -> None:
    await hall.ask_shown(ask.IdleWarning())
    hall.stage.time_left(TimeLeft(14, 20))
    await hall.until(lambda: "14" in texts(hall))


async def test_the_idle_warning_and_the_staff_call_cover_everything_personal(hall: Any) -> None:
    from screens.samples import call, me

    for cover in (ask.IdleWarning(), call(ask.StaffCallState.HEARD), ask.DifferentCard()):
        below = await hall.ask_shown(me(name="Trần Bí Mật"))
        above = await hall.ask_shown(cover)
        shown = " ".join(texts(hall))
        assert "Bí Mật" not in shown and "829" not in shown
        above.cancel()
        below.cancel()
        await hall.until(lambda: not hall.stage.accepting)


async def test_nothing_of_a_person_stays_after_a_reset(hall: Any) -> None:
    from screens.samples import me
    from screens.theme import theme

    prompt = me(name="Trần Bí Mật", number_masked="•••• •••• •829")
    scope = await hall.ask_shown(prompt)
    for switch in ("text", "contrast", "low", "language", "volume"):
        await hall.touch(switch)
    page = weakref.ref(hall.stage.frame.page)
    photo = weakref.ref(next(box for box in hall.boxes() if type(box).__name__ == "Photo"))
    face = weakref.ref(photo()._texture)
    scope.cancel()
    await hall.until(lambda: not hall.stage.accepting)
    hall.stage.reset()
    await hall.ask_shown(ask.Home(choices=ask.HOSPITAL))
    await trio.sleep(0.3)
    gc.collect()
    assert (page(), photo(), face()) == (None, None, None)
    assert (theme.larger, theme.contrast, theme.low, theme.language) == (False, False, False, "vi")
    assert "Âm lượng" in texts(hall)
    assert hall.ears.volumes[-1] == 60
    assert not any("Bí Mật" in text for text in texts(hall))


async def test_pages_are_let_go_when_they_leave(hall: Any) -> None:
    from screens.samples import SAMPLES

    pages = list[Any]()
    for sample in SAMPLES:
        scope = await hall.ask_shown(sample.prompt)
        pages.append(weakref.ref(hall.stage.frame.page))
        scope.cancel()
        await hall.until(lambda: not hall.stage.accepting)
    hall.stage.reset()
    await hall.ask_shown(ask.Home(choices=()))
    await trio.sleep(0.3)
    gc.collect()
    alive = [type(page()).__name__ for page in pages if page() is not None]
    assert alive == []


async def test_pages_slide_and_take_touches_only_when_they_stand_still(nursery: Any, opening: Any) -> None:
    async with opening(nursery) as hall:
        await hall.ask_shown(ask.ChoosePatient())
        second = ask.WithoutCard()
        hall.ask(second)
        await hall.until(lambda: hall.stage.current is second)
        assert not hall.stage.accepting and hall.stage.frame.page.slide > 0
        await hall.shown(second)
        assert hall.stage.frame.page.slide == 0
        third = ask.ChoosePatient(back=False)
        hall.ask(third, backwards=True)
        await hall.until(lambda: hall.stage.current is third)
        assert hall.stage.frame.page.slide < 0
        await hall.shown(third)


async def test_watchers_hear_of_each_page_that_takes_touches(hall: Any) -> None:
    heard = list[object]()
    hall.stage.watchers.append(heard.append)
    first, second = ask.ChoosePatient(), ask.WithoutCard()
    scope = await hall.ask_shown(first)
    scope.cancel()
    await hall.ask_shown(second)
    assert heard == [first, second]
