"""The rule of calling: priority first, two to one, and nobody waits for ever."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from gateway.queue.fairness import Heads, Lane, Turn, ahead, choose


def called(priority: int, ordinary: int, ratio: int, count: int, returning: int = 0) -> str:
    """The lanes of the next calls, by their first letters, when nobody comes."""
    left = {Lane.PRIORITY: priority, Lane.ORDINARY: ordinary, Lane.RETURNING: returning}
    turn, text = Turn(), ""
    for _ in range(count):
        choice = choose(Heads(*(left[lane] > 0 for lane in Lane), due=True), turn, ratio)
        if choice is None:
            break
        lane, turn = choice
        left[lane] -= 1
        text += lane.value[0]
    return text


def test_two_priority_numbers_are_called_before_one_ordinary_number() -> None:
    assert called(5, 4, 2, 9) == "ppoppopoo"


def test_the_ratio_is_a_setting() -> None:
    assert called(6, 3, 1, 9) == "popopoppp"
    assert called(6, 3, 3, 9) == "pppopppoo"


def test_whoever_comes_back_never_goes_twice_in_a_row_before_others() -> None:
    assert called(2, 2, 2, 8, returning=4) == "rprproro"


def test_nobody_waits_nobody_is_called() -> None:
    assert choose(Heads(False, False, False, False), Turn(), 2) is None


def test_somebody_who_comes_back_and_is_not_due_yet_is_called_when_nobody_else_waits() -> None:
    assert choose(Heads(False, False, True, False), Turn(returned=True), 2) == (Lane.RETURNING, Turn(returned=True))
    assert choose(Heads(False, True, True, False), Turn(), 2) == (Lane.ORDINARY, Turn())


def test_priority_alone_is_nobodys_turn_taken_away() -> None:
    choice = choose(Heads(True, False, False, False), Turn(overtaken=2), 2)
    assert choice == (Lane.PRIORITY, Turn(overtaken=0))


@given(
    st.integers(1, 5),
    st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=80, max_size=80),
)
def test_whatever_comes_an_ordinary_and_a_priority_number_wait_a_bounded_number_of_calls(
    ratio: int, steps: list[tuple[bool, bool, bool]]
) -> None:
    turn, waits = Turn(), {Lane.ORDINARY: 0, Lane.PRIORITY: 0}
    for priority, returning, due in steps:
        choice = choose(Heads(priority, True, returning, due), turn, ratio)
        assert choice is not None
        lane, turn = choice
        waits[Lane.ORDINARY] = 0 if lane is Lane.ORDINARY else waits[Lane.ORDINARY] + 1
        waits[Lane.PRIORITY] = 0 if lane is Lane.PRIORITY or not priority else waits[Lane.PRIORITY] + 1
        assert waits[Lane.ORDINARY] < 2 * (ratio + 1)
        assert waits[Lane.PRIORITY] < 4


def test_the_people_ahead_that_a_slip_tells_are_those_the_rule_calls_before() -> None:
    for priority, ordinary, ratio in product(range(6), range(6), (1, 2, 3)):
        with_one_more = called(priority + 1, ordinary, ratio, 99)
        nth = [place for place, lane in enumerate(with_one_more) if lane == "p"][priority]
        assert ahead(True, priority, ordinary, 0, ratio) == nth, (priority, ordinary, ratio)
        with_one_more = called(priority, ordinary + 1, ratio, 99)
        nth = [place for place, lane in enumerate(with_one_more) if lane == "o"][ordinary]
        assert ahead(False, priority, ordinary, 0, ratio) == nth, (priority, ordinary, ratio)
