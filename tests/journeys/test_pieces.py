"""The small parts: races, claims, ages, priorities, numbers, threads."""

from __future__ import annotations

import threading
from datetime import date

import pytest
import trio

from services.contract import models as wire
from services.identity.citizen import BirthDate, ChipEvidence, Citizen, Evidence, EvidenceLevel, Sex
from services.journeys.ages import highest_age, lowest_age
from services.journeys.check_in import CHECK_IN, CHECK_IN_WITHOUT_CARD
from services.journeys.claims import Claims
from services.journeys.offload import InlineOffload, ThreadOffload
from services.journeys.prompts import Priority, Relation
from services.journeys.racing import beside, first
from services.journeys.registration import companion_of, person_of
from services.journeys.steps.check_insurance import paid_percent
from services.journeys.steps.declare_priority import declarable, proven_priority
from services.journeys.steps.id_numbers import birth_year_of_number, is_id_number, sex_of_number
from services.journeys.steps.read_chip import seconds_left

TODAY = date(2026, 11, 23)
AGES = (12, 55)


def _person(birth: BirthDate | None, sex: Sex = Sex.FEMALE, level: EvidenceLevel = EvidenceLevel.CHIP_READ) -> Citizen:
    return Citizen(evidence=Evidence(level), birth=birth, sex=sex)


@pytest.mark.parametrize(
    ("birth", "lowest", "highest"),
    [
        (BirthDate(1951, 11, 23), 75, 75),
        (BirthDate(1951, 11, 24), 74, 74),
        (BirthDate(1951), 74, 75),
        (BirthDate(1951, 11), 74, 75),
        (BirthDate(1951, 10), 75, 75),
        (BirthDate(2021, 2, 28), 5, 5),
    ],
)
def test_unknown_parts_of_a_birth_date_leave_a_range_of_ages(birth: BirthDate, lowest: int, highest: int) -> None:
    assert (lowest_age(birth, TODAY), highest_age(birth, TODAY)) == (lowest, highest)


@pytest.mark.parametrize(
    ("birth", "level", "proven"),
    [
        (BirthDate(1951, 11, 23), EvidenceLevel.CHIP_GENUINE, Priority.ELDERLY_75),
        (BirthDate(1951, 11, 24), EvidenceLevel.CHIP_GENUINE, None),
        (BirthDate(1950), EvidenceLevel.CHIP_READ, None),
        (BirthDate(1940, 5), EvidenceLevel.CHIP_GENUINE, None),
        (BirthDate(1951), EvidenceLevel.CHIP_READ, None),
        (BirthDate(1940), EvidenceLevel.TYPED, None),
        (BirthDate(1940), EvidenceLevel.CHIP_FAILED, None),
        (BirthDate(2020, 11, 24), EvidenceLevel.CHIP_READ, Priority.CHILD_UNDER_6),
        (BirthDate(2020, 11, 23), EvidenceLevel.CHIP_READ, None),
        (BirthDate(2020), EvidenceLevel.CHIP_READ, None),
        (None, EvidenceLevel.CHIP_READ, None),
    ],
)
def test_only_a_verified_chip_proves_an_age(
    birth: BirthDate | None, level: EvidenceLevel, proven: Priority | None
) -> None:
    assert proven_priority(_person(birth, level=level), TODAY) is proven


def test_nobody_without_a_card_is_given_priority_unasked() -> None:
    assert proven_priority(None, TODAY) is None


@pytest.mark.parametrize(
    ("citizen", "pregnant"),
    [
        (_person(BirthDate(1996, 1, 1)), True),
        (_person(BirthDate(2014, 11, 23)), True),
        (_person(BirthDate(2014, 11, 24)), False),
        (_person(BirthDate(1971, 11, 23)), True),
        (_person(BirthDate(1970, 11, 22)), False),
        (_person(BirthDate(1970)), True),
        (_person(BirthDate(1996, 1, 1), Sex.MALE), False),
        (_person(None), False),
        (None, False),
    ],
)
def test_pregnancy_is_a_choice_of_women_of_the_sites_ages_alone(citizen: Citizen | None, pregnant: bool) -> None:
    choices = declarable(citizen, TODAY, AGES)
    assert (Priority.PREGNANT in choices) is pregnant
    assert choices[-1] is Priority.NONE
    assert Priority.DISABLED in choices
    assert Priority.MERIT in choices


def test_an_age_is_a_choice_only_where_it_is_possible_and_not_proven() -> None:
    assert Priority.ELDERLY_75 in declarable(_person(BirthDate(1951)), TODAY, AGES)
    assert Priority.ELDERLY_75 not in declarable(_person(BirthDate(1952)), TODAY, AGES)
    assert Priority.CHILD_UNDER_6 in declarable(_person(BirthDate(2020)), TODAY, AGES)
    assert Priority.CHILD_UNDER_6 not in declarable(_person(BirthDate(2019)), TODAY, AGES)


@pytest.mark.parametrize(
    ("elapsed", "percent", "left"), [(0.3, 5, None), (1.0, 20, 4), (1.0, 50, 1), (2.0, 99, 1), (3.0, 100, 1)]
)
def test_the_time_left_of_a_reading_follows_its_pace(elapsed: float, percent: int, left: int | None) -> None:
    assert seconds_left(elapsed, percent) == left


@pytest.mark.parametrize("digits", ["001090012829", "096322009911"])
def test_twelve_digits_of_a_province_can_be_a_number(digits: str) -> None:
    assert is_id_number(digits)


@pytest.mark.parametrize("digits", ["000090012829", "097090012829", "00109001282", "0010900128290", "00109001282a", ""])
def test_other_digits_cannot(digits: str) -> None:
    assert not is_id_number(digits)


def test_an_invented_number_is_one_in_the_demo_only() -> None:
    assert is_id_number("099194000514", demo=True)
    assert not is_id_number("099194000514")
    assert not is_id_number("098194000514", demo=True)


@pytest.mark.parametrize(
    ("number", "year", "sex"),
    [("001090012829", 1990, Sex.MALE), ("001188004471", 1988, Sex.FEMALE), ("001322009911", 2022, Sex.FEMALE)],
)
def test_a_number_tells_year_and_sex(number: str, year: int, sex: Sex) -> None:
    assert (birth_year_of_number(number), sex_of_number(number)) == (year, sex)


def test_a_nonce_drawn_by_the_kiosk_goes_along_and_one_of_the_gateway_by_its_id() -> None:
    drawn = ChipEvidence(sod=b"s", groups={1: b"1"}, aa_nonce=b"12345678", aa_response=b"r")
    issued = ChipEvidence(sod=b"s", groups={1: b"1"}, aa_nonce_id="n1", aa_nonce=b"12345678", aa_response=b"r")
    levels = Evidence(EvidenceLevel.CHIP_GENUINE, chip=drawn), Evidence(EvidenceLevel.CHIP_GENUINE, chip=issued)
    own, theirs = (person_of(Citizen(evidence)).evidence for evidence in levels)
    assert own is not None
    assert own.aa_nonce == "3132333435363738"
    assert theirs is not None
    assert (theirs.aa_nonce_id, theirs.aa_nonce) == ("n1", None)


def test_a_birth_year_alone_is_told_as_a_year_and_a_picture_never_leaves() -> None:
    person = person_of(Citizen(Evidence(EvidenceLevel.CHIP_READ), birth=BirthDate(1951), photo=b"secret picture"))
    assert person.birth == "1951"
    assert "secret" not in person.model_dump_json()


def test_who_acts_for_themselves_has_no_companion() -> None:
    assert companion_of(None, None) is None
    companion = companion_of(None, Relation.MOTHER)
    assert companion == wire.Companion(person=None, relation=wire.Relation.MOTHER)


def test_what_the_fund_pays_is_benefit_times_route() -> None:
    base = {"id": "e", "result": "partly", "asked_at": "2026-11-23T00:00:00Z"}
    assert paid_percent(wire.Eligibility.model_validate({**base, "benefit_percent": 80, "route_percent": 50})) == 40
    assert paid_percent(wire.Eligibility.model_validate({**base, "benefit_percent": 95})) == 95
    assert paid_percent(wire.Eligibility.model_validate(base)) is None


def test_both_check_ins_have_the_same_seven_labels() -> None:
    assert len(CHECK_IN.labels) == 7
    assert CHECK_IN.labels == CHECK_IN_WITHOUT_CARD.labels
    assert [step.name for step in CHECK_IN.steps][1] != [step.name for step in CHECK_IN_WITHOUT_CARD.steps][1]


def test_every_turn_leads_to_a_step_of_its_journey() -> None:
    for journey in (CHECK_IN, CHECK_IN_WITHOUT_CARD):
        for turn in journey.turns:
            assert 0 <= journey.after(turn) < len(journey.steps)


@pytest.mark.trio
async def test_the_first_to_end_wins_and_its_error_comes_as_it_is() -> None:
    async def fails() -> int:
        await trio.sleep(0)
        raise KeyError("x")

    async def never() -> int:
        await trio.sleep_forever()
        return 0

    with pytest.raises(KeyError):
        await first(fails, never)


@pytest.mark.trio
async def test_a_race_that_is_cancelled_from_outside_gives_nothing() -> None:
    with trio.move_on_after(0.01) as scope:
        await first(trio.sleep_forever, trio.sleep_forever)
    assert scope.cancelled_caught


@pytest.mark.trio
async def test_beside_waits_for_both_and_an_error_ends_the_other() -> None:
    done: list[str] = []

    async def other() -> None:
        await trio.sleep(0.01)
        done.append("other")

    async def work() -> str:
        return "work"

    async def fails() -> str:
        raise KeyError("x")

    assert await beside(work, other) == "work"
    assert done == ["other"]
    with pytest.raises(KeyError):
        await beside(fails, trio.sleep_forever)


@pytest.mark.trio
async def test_claims_know_their_level() -> None:
    claims = Claims()
    with claims.held() as outer:
        await claims.taken()
        with claims.held() as inner:
            assert (outer, inner) == (1, 2)
            await claims.taken(outer)
            with trio.move_on_after(0.01) as scope:
                await claims.free(outer)
            assert scope.cancelled_caught
        await claims.free(outer)
    await claims.free()
    assert not claims.any


@pytest.mark.trio
async def test_blocking_work_of_one_device_runs_one_after_the_other_and_a_cancelled_caller_goes_on() -> None:
    offload = ThreadOffload()
    gate = threading.Event()
    order: list[str] = []

    def slow() -> None:
        gate.wait(5)
        order.append("slow")

    with trio.move_on_after(0.05) as scope:
        await offload("printer", slow)
    assert scope.cancelled_caught
    assert await offload("reader", lambda: "other device") == "other device"

    async with trio.open_nursery() as nursery:

        async def quick() -> None:
            await offload("printer", lambda: order.append("quick"))

        nursery.start_soon(quick)
        await trio.sleep(0.02)
        assert order == [], "the place is taken until the abandoned thread ends"
        gate.set()
    assert order == ["slow", "quick"]


@pytest.mark.trio
async def test_the_inline_double_runs_here_and_now() -> None:
    here = threading.get_ident()
    assert await InlineOffload()("printer", threading.get_ident) == here
