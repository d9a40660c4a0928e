"""A dossier that is finished another time: kept at the gateway, found again by code and card, never twice."""

from __future__ import annotations

from typing import Any

from services.contract.one_stop import DocumentRef, FiledDocument
from services.gateway_client import GatewayError
from services.journeys.ports import Printed
from services.journeys.prompts import (
    ConfirmIdentity,
    DraftKept,
    FieldChosen,
    FillForm,
    FormAnswer,
    HomeChoice,
    IdentityAnswer,
    NothingAnswer,
    NothingFound,
    NothingKind,
    OneStopHome,
    PlaceCard,
    Problem,
    ProblemChoice,
    ScanCode,
    TypedLetters,
    TypeLetters,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent
from services.receipts.slips import DraftSlip
from tests.journeys.test_filing import AGREE, NEXT, NUMBER, SEND, card, centre, play, prepares, shelf, types

__all__ = ["centre", "shelf"]

LATER, RESUME = on(FillForm, FormAnswer.LATER), on(FillForm, FormAnswer.RESUME)
REASON = (on(FillForm, FieldChosen("hon-nhan.muc-dich")), types("hon-nhan.muc-dich", "Vay vốn"))
REST = (
    NEXT,
    types("nguoi-nop.xa", "Phường Hòa Giang, Tỉnh Hòa Giang"),
    types("hon-nhan.tinh-trang", "chua"),
    NEXT,
)


def test_what_was_typed_is_kept_and_what_the_chip_gave_is_not(centre: Any):
    play(centre, *prepares(centre), *REASON, LATER, on(DraftKept, None, code="7Q4K-92HM", printed=True), card(centre))
    (draft,) = centre.gateway.drafts.saved
    assert draft.answers == {"hon-nhan.muc-dich": "Vay vốn"}
    assert (draft.procedure, draft.case) == ("1.004873", ("chua-tung",))
    (slip,) = centre.printer.slips
    assert isinstance(slip, DraftSlip)
    assert (slip.code, slip.number_masked) == ("7Q4K-92HM", "•••• •••• •829")
    assert not centre.gateway.filings


def test_it_goes_on_by_code_and_card_and_is_gone_with_the_filing(centre: Any):
    play(
        centre,
        *prepares(centre),
        *REASON,
        LATER,
        on(DraftKept, None),
        card(centre),
        *prepares(centre),
        RESUME,
        on(TypeLetters, TypedLetters("7Q4K92HM")),
        *REST,
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
    )
    (filing,) = centre.gateway.filings
    assert filing.draft_code == "7Q4K-92HM"
    assert filing.answers["hon-nhan.muc-dich"] == "Vay vốn"
    assert filing.answers["nguoi-nop.ho-ten"] == "Trần Minh Khang"


def test_its_papers_come_back_as_kept_ones(centre: Any):
    def with_papers() -> None:
        paper = FiledDocument(component="tk-hon-nhan", name="x", files=(DocumentRef(id="k1"),))
        saved = centre.gateway.drafts.saved
        saved[-1] = saved[-1].model_copy(update={"documents": (paper,)})

    play(
        centre,
        *prepares(centre),
        *REASON,
        LATER,
        on(DraftKept, None),
        card(centre),
        *prepares(centre),
        RESUME,
        on(TypeLetters, TypedLetters("7Q4K92HM"), does=with_papers),
        *REST,
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
    )
    assert [one.files for one in centre.gateway.filings[0].documents] == [(DocumentRef(id="k1"),)]


def test_a_wrong_code_is_told_at_once_and_five_lock_it(centre: Any):
    wrong = tuple(on(TypeLetters, TypedLetters("0000000A")) for _ in range(5))
    play(
        centre,
        *prepares(centre),
        *REASON,
        LATER,
        on(DraftKept, None),
        card(centre),
        *prepares(centre),
        RESUME,
        *wrong,
        on(TypeLetters, TypedLetters("7Q4K92HM"), error="draft.error.locked"),
        on(TypeLetters, touches=StageEvent.BACK, error="draft.error.locked"),
        on(FillForm, touches=StageEvent.HOME),
        card(centre),
    )


def test_without_network_the_form_stays_and_nothing_is_lost(centre: Any, offline_error: GatewayError):
    centre.gateway.faults["save-draft"] = [offline_error]
    play(
        centre,
        *prepares(centre),
        *REASON,
        LATER,
        on(Problem, ProblemChoice.GO_ON),
        on(FillForm, touches=StageEvent.HOME),
        card(centre),
    )
    rows = {row.id: row.value for row in centre.stage.last(FillForm).rows}
    assert rows["hon-nhan.muc-dich"] == "Vay vốn"


def test_without_paper_the_code_stands_on_the_screen(centre: Any):
    centre.printer.answers = [Printed(False, "PR-02")]
    play(centre, *prepares(centre), LATER, on(DraftKept, None, code="7Q4K-92HM", printed=False), card(centre))


def keeps(centre: Any) -> tuple[Line, ...]:
    return (*prepares(centre), *REASON, LATER, on(DraftKept, None), card(centre))


def from_the_start_page(centre: Any, who: str = "khang") -> tuple[Line, ...]:
    return (
        on(OneStopHome, HomeChoice.CONTINUE_DRAFT),
        on(ScanCode, does=centre.scans(who)),
        on(PlaceCard, does=centre.lays(who)),
        on(ConfirmIdentity, IdentityAnswer.YES),
    )


def test_it_goes_on_from_the_start_page_by_card_and_code(centre: Any):
    play(
        centre,
        *keeps(centre),
        *from_the_start_page(centre),
        on(TypeLetters, TypedLetters("7Q4K92HM")),
        *REST,
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
    )
    (filing,) = centre.gateway.filings
    assert (filing.procedure, filing.case, filing.draft_code) == ("1.004873", ("chua-tung",), "7Q4K-92HM")
    assert filing.answers["hon-nhan.muc-dich"] == "Vay vốn"


def test_another_persons_card_is_told_how_many_tries_the_code_has_left(centre: Any):
    play(
        centre,
        *keeps(centre),
        *from_the_start_page(centre, "hoa"),
        on(TypeLetters, TypedLetters("7Q4K92HM")),
        on(TypeLetters, TypedLetters("7Q4K92HM"), error="draft.error.left", error_args=(("number", 4),)),
        on(TypeLetters, touches=StageEvent.BACK, error_args=(("number", 3),)),
        on(ConfirmIdentity, touches=StageEvent.HOME),
        card(centre),
    )
    assert not centre.gateway.filings


def test_a_procedure_that_is_gone_from_the_catalogue_is_said_kindly(centre: Any):
    def replaced() -> None:
        saved = centre.gateway.drafts.saved
        saved[-1] = saved[-1].model_copy(update={"procedure": "9.999999"})

    play(
        centre,
        *keeps(centre),
        *from_the_start_page(centre),
        on(TypeLetters, TypedLetters("7Q4K92HM"), does=replaced),
        on(NothingFound, NothingAnswer.END, what=NothingKind.DRAFT_OLD),
        card(centre),
    )


def another_person(centre: Any, who: str = "hoa") -> tuple[Line, ...]:
    """Back to "Đây có đúng là ông/bà?": no; the next one lays a card."""
    return (
        on(FillForm, touches=StageEvent.BACK),
        on(ConfirmIdentity, IdentityAnswer.NO, does=centre.cards.lift),
        on(ScanCode, does=centre.scans(who)),
        on(PlaceCard, does=centre.lays(who)),
        on(ConfirmIdentity, IdentityAnswer.YES),
    )


def test_the_next_person_finds_no_answer_of_the_last_in_the_form(centre: Any):
    play(
        centre, *prepares(centre), *REASON, *another_person(centre), on(FillForm, touches=StageEvent.HOME), card(centre)
    )
    rows = {row.id: row.value for row in centre.stage.last(FillForm).rows}
    assert rows["nguoi-nop.ho-ten"] == "Lê Thị Hoa" and rows["hon-nhan.muc-dich"] == ""
    assert centre.visits[-1].empty


def test_a_draft_of_the_last_person_is_not_the_next_ones(centre: Any):
    """Opened in the form: what was chosen before it stands again, and nothing of the draft goes with the dossier."""

    def with_papers() -> None:
        paper = FiledDocument(component="tk-hon-nhan", name="x", files=(DocumentRef(id="k1"),))
        saved = centre.gateway.drafts.saved
        saved[-1] = saved[-1].model_copy(update={"documents": (paper,), "case": ("da-ly-hon",)})

    play(
        centre,
        *keeps(centre),
        *prepares(centre),
        RESUME,
        on(TypeLetters, TypedLetters("7Q4K92HM"), does=with_papers),
        *another_person(centre),
        LATER,
        on(DraftKept, None),
        card(centre),
    )
    kept = centre.gateway.drafts.saved[-1]
    assert (kept.number, kept.replaces) == (centre.people["hoa"].citizen.number, None)
    assert "hon-nhan.muc-dich" not in kept.answers and kept.documents == ()
    assert (kept.procedure, kept.case) == ("1.004873", ("chua-tung",))


def test_from_the_start_page_the_next_person_types_a_code_of_their_own(centre: Any):
    play(
        centre,
        *keeps(centre),
        *from_the_start_page(centre),
        on(TypeLetters, TypedLetters("7Q4K92HM")),
        *another_person(centre),
        on(TypeLetters, touches=StageEvent.HOME),
        card(centre),
    )
