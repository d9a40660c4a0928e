"""What the place tells on its start page, guides with a number for the police, and the community digital team."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from services.contract import models as wire
from services.contract import one_stop as told
from services.gateway_client import GatewayError, GatewayReason
from services.journeys.books import Shelf
from services.journeys.prompts import (
    ChooseGuide,
    ChooseHelp,
    DeclarePriority,
    GuideAnswer,
    GuideChosen,
    GuidesAnswer,
    HelperSignIn,
    HelperWay,
    HelpTopic,
    HomeChoice,
    OneStopHome,
    PlaceCard,
    Priority,
    Problem,
    ProblemChoice,
    ScanCode,
    ShowGuide,
    ShowNotice,
    TicketAnswer,
    TicketReady,
    TypedDigits,
    TypeDigits,
    TypedLetters,
    TypeLetters,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent
from tests.journeys.test_filing import AGREE, FILLS, NUMBER, SEND, card, prepares, shelf
from tests.journeys.test_filing import NOTICE as DATA_NOTICE

__all__ = ["shelf"]

BACK, HOME = StageEvent.BACK, StageEvent.HOME
NO_PRIORITY = on(DeclarePriority, Priority.NONE)
NOTICE = told.PlaceNotice(
    id="hai-cap", title="Nộp ở đâu cũng được", title_en="File anywhere", text="Từ 1/7/2025.", text_en="Since 2025.",
    picture="map.png", first=date(2025, 7, 1), last=date(2027, 6, 30),
)  # fmt: skip
GUIDE = told.Guide(
    id="muc-2", icon="identification-card", title="Tài khoản mức 2", title_en="Level 2 account", group="police",
    steps=(told.GuideStep(text="Mang thẻ tới quầy.", text_en="Bring your card.", picture="map.png"),),
    topic=told.HelpTopic.LEVEL_2, source="Nghị định 69/2024/NĐ-CP", accessed=date(2026, 11, 30),
)  # fmt: skip


class Book:
    """A guidebook in memory."""

    def __init__(self, notices: tuple[told.PlaceNotice, ...] = (NOTICE,)) -> None:
        self.notices = notices

    def guidance(self, day: date) -> told.Guidance:
        return told.Guidance(notices=self.notices, guides=(GUIDE,))

    def picture(self, name: str | None) -> bytes | None:
        return b"picture" if name == "map.png" else None

    def on_change(self, listener: Callable[[], None]) -> None:
        """Never."""


@pytest.fixture
def centre(world: Any, shelf: Shelf, clinic: Callable[..., wire.Clinic]) -> Any:
    gateway = world.gateway
    site = wire.OneStopSite(agency="x", agency_en="x", commune="99001", province="99", files=True, uploads=False)
    gateway.site = gateway.site.model_copy(update={"one_stop": site})
    groups = ((wire.GroupPurpose.FILE, "reception"), (wire.GroupPurpose.POLICE, "police"))
    gateway.clinics_now = tuple(
        clinic(name, name, name, price=0, group=wire.ServiceGroup(purpose=purpose), waiting=6)
        for purpose, name in groups
    )
    gateway.notice = DATA_NOTICE
    world.library, world.guides = shelf, Book()
    return world


def play(centre: Any, *lines: Line, **more: Any) -> Any:
    return centre.play(*lines, on(OneStopHome), ends=False, **more)


GUIDES = on(OneStopHome, HomeChoice.GUIDES)
READS = on(ChooseGuide, GuideChosen("muc-2"))
TEAM = on(ChooseGuide, GuidesAnswer.HELPER)
BY_PIN = (
    on(HelperSignIn, HelperWay.PIN),
    on(TypeLetters, TypedLetters("LAN")),
    on(TypeDigits, TypedDigits("246810"), secret=True, least=6),
)
SIGNS_IN = (GUIDES, TEAM, *BY_PIN)


def test_the_start_page_tells_notices_and_how_many_wait_for_the_reception(centre: Any) -> None:
    home = play(centre).last(OneStopHome)
    assert home.notices == ("Nộp ở đâu cũng được",) and home.waiting == 6
    assert {HomeChoice.GUIDES, HomeChoice.NOTICES} <= set(home.choices)


def test_a_place_that_tells_nothing_shows_no_tiles_for_it(centre: Any) -> None:
    centre.guides = Book(notices=())
    assert HomeChoice.NOTICES not in play(centre).last(OneStopHome).choices


def test_one_notice_is_shown_at_once_with_its_picture(centre: Any) -> None:
    stage = play(centre, on(OneStopHome, HomeChoice.NOTICES), on(ShowNotice, GuideAnswer.DONE))
    shown = stage.last(ShowNotice)
    assert (shown.picture, shown.until) == (b"picture", "30/06/2027")


def test_of_several_notices_one_is_chosen(centre: Any) -> None:
    centre.guides = Book((NOTICE, NOTICE.model_copy(update={"id": "tet"})))
    play(
        centre,
        on(OneStopHome, HomeChoice.NOTICES),
        on(ChooseGuide, GuideChosen("tet"), only_notices=True),
        on(ShowNotice, GuideAnswer.DONE),
        on(ChooseGuide, touches=HOME),
    )


def test_a_guide_read_alone_is_counted_once_and_without_a_person(centre: Any) -> None:
    stage = play(centre, GUIDES, READS, on(ShowGuide, GuideAnswer.DONE), on(ChooseGuide, touches=HOME))
    (help,) = centre.gateway.helpers.told
    assert (help.assist_id, help.topic) == (None, told.HelpTopic.LEVEL_2)
    shown = stage.last(ShowGuide)
    assert shown.steps[0].picture == b"picture" and shown.day == "30/11/2026"


def test_a_guide_that_is_left_is_not_counted(centre: Any) -> None:
    play(centre, GUIDES, READS, on(ShowGuide, touches=BACK), on(ChooseGuide, touches=HOME))
    assert centre.gateway.helpers.told == []


def test_a_guide_leads_to_a_number_for_the_police(centre: Any) -> None:
    play(centre, GUIDES, READS, on(ShowGuide, GuideAnswer.TAKE_NUMBER), NO_PRIORITY, on(TicketReady, TicketAnswer.DONE))
    (registration,) = centre.gateway.registrations
    assert registration.clinic_id == "police" and registration.patient.number is None


def test_a_helper_signs_in_by_pin_and_every_screen_says_so(centre: Any) -> None:
    stage = play(centre, *SIGNS_IN)
    assert stage.helper == "lan"


def test_a_helper_signs_in_by_card(centre: Any) -> None:
    stage = play(
        centre,
        GUIDES,
        TEAM,
        on(HelperSignIn, HelperWay.CARD),
        on(ScanCode, does=centre.scans("hoa")),
        on(PlaceCard, does=centre.lays("hoa")),
        centre.takes_card(),
    )
    assert stage.helper == "lan"
    assert all(visit.empty for visit in centre.visits)


def test_a_wrong_pin_says_nothing_of_which_was_wrong(centre: Any) -> None:
    stage = play(
        centre,
        GUIDES,
        TEAM,
        on(HelperSignIn, HelperWay.PIN),
        on(TypeLetters, TypedLetters("LAN")),
        on(TypeDigits, TypedDigits("999999")),
        on(HelperSignIn, touches=HOME, error="helper.wrong"),
    )
    assert stage.helper == ""


def test_many_wrong_pins_are_slowed(centre: Any) -> None:
    centre.gateway.faults["sign-in"] = [GatewayError(GatewayReason.REFUSED, status=429)]
    play(centre, *SIGNS_IN, on(HelperSignIn, touches=HOME, error="helper.paused"))


def test_without_network_nobody_signs_in(centre: Any, offline_error: GatewayError) -> None:
    centre.gateway.faults["sign-in"] = [offline_error]
    play(centre, *SIGNS_IN, on(Problem, ProblemChoice.GO_ON), on(HelperSignIn, touches=HOME))


def test_what_is_filed_while_somebody_helps_is_logged_as_assisted(centre: Any) -> None:
    play(centre, *SIGNS_IN, *prepares(centre), *FILLS, SEND, AGREE, *NUMBER, card(centre))
    assert centre.gateway.filings[0].assist_id == "as1"


def test_a_helper_counts_whom_they_helped_and_leaves(centre: Any) -> None:
    stage = play(
        centre,
        *SIGNS_IN,
        GUIDES,
        READS,
        on(ShowGuide, GuideAnswer.DONE),
        on(ChooseGuide, GuidesAnswer.HELPED, helper="lan"),
        on(ChooseHelp, HelpTopic.LEVEL_1),
        on(ChooseGuide, GuidesAnswer.LEAVE),
        on(ChooseGuide, touches=HOME, helper=""),
    )
    (help,) = centre.gateway.helpers.told
    assert (help.assist_id, help.topic) == ("as1", told.HelpTopic.LEVEL_1)
    assert centre.gateway.helpers.left == ["as1"] and stage.helper == ""


def test_it_ends_when_nobody_touches_the_start_page(centre: Any) -> None:
    stage = play(centre, *SIGNS_IN, seconds=121.0)
    assert stage.helper == "" and centre.gateway.helpers.left == ["as1"]


def test_it_ends_by_its_time_in_the_middle_of_a_session(centre: Any) -> None:
    centre.gateway.helpers.minutes = 1
    notice = (on(OneStopHome, HomeChoice.NOTICES), on(ShowNotice))
    stage = centre.play(*SIGNS_IN, *notice, ends=False, seconds=50.0)
    assert stage.helper == "lan"
    stage = centre.play(*SIGNS_IN, *notice, ends=False, seconds=70.0)
    assert stage.helper == "" and isinstance(centre.ended_on, ShowNotice)
    assert centre.gateway.helpers.left == [], "the gateway's own time ends it there"
