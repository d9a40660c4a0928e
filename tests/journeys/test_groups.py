"""Interlinked groups: optional parts are asked for once; a death in its own manner."""

from __future__ import annotations

from typing import Any

import pytest
import trio

from services.journeys.prompts import (
    AskPart,
    CaseChosen,
    ChecklistAnswer,
    ChooseCapacity,
    ChooseCase,
    ConfirmIdentity,
    DeclarePriority,
    FillForm,
    FindProcedure,
    HomeChoice,
    IdentityAnswer,
    OneStopHome,
    PartAnswer,
    PlaceCard,
    Priority,
    ProcedureChosen,
    ReviewFiling,
    ScanCode,
    ShowChecklist,
    TicketAnswer,
    TicketReady,
)
from services.journeys.prompts import Capacity as For
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent
from services.receipts.slips import FilingSlip
from tests.journeys.test_filing import AGREE, NEXT, SEND, card, centre, play, shelf, types

__all__ = ["centre", "shelf"]

BACK, HOME = StageEvent.BACK, StageEvent.HOME
BIRTH, DEATH = "3.000722", "2.002622"


def prepares(code: str, *cases: str) -> tuple[Line, ...]:
    return (
        on(OneStopHome, HomeChoice.TAKE_NUMBER),
        on(FindProcedure, ProcedureChosen(code)),
        *(on(ChooseCase, CaseChosen(case)) for case in cases),
        on(ShowChecklist, ChecklistAnswer.PREPARE),
    )


def identified(centre: Any) -> tuple[Line, ...]:
    return (
        on(ChooseCapacity, For.MYSELF),
        on(ScanCode, does=centre.scans("khang")),
        on(PlaceCard, does=centre.lays("khang")),
        on(ConfirmIdentity, IdentityAnswer.YES),
    )


def types_all(*answers: tuple[str, str]) -> tuple[Line, ...]:
    return (NEXT, *(types(name, answer) for name, answer in answers), NEXT)


BORN = types_all(
    ("nguoi-nop.xa", "Phường Hòa Giang, Tỉnh Hòa Giang"),
    ("nguoi-nop.quan-he", "cha"),
    ("tre.ho-ten", "Trần An Na"),
    ("tre.ngay-sinh", "20/11/2026"),
    ("tre.gioi-tinh", "nu"),
    ("tre.noi-sinh", "Bệnh viện Hòa Giang"),
    ("tre.dan-toc", "Kinh"),
    ("tre.que-quan", "Phường Hòa Giang"),
    ("me.ho-ten", "Lê Thị Hoa"),
    ("cu-tru.chu-ho", "Trần Minh Khang"),
    ("cu-tru.xa", "Phường Hòa Giang"),
    ("cu-tru.dia-chi", "12 Hoa Gạo"),
)
DIED = (
    ("nguoi-nop.xa", "Phường Hòa Giang, Tỉnh Hòa Giang"),
    ("nguoi-nop.quan-he", "con"),
    ("nguoi-mat.ho-ten", "Trần Văn Đông"),
    ("nguoi-mat.gioi-tinh", "nam"),
    ("nguoi-mat.noi-cu-tru", "Phường Hòa Giang"),
    ("nguoi-mat.ngay", "20/11/2026"),
    ("nguoi-mat.noi", "Bệnh viện Hòa Giang"),
)
FUNERAL = (("mai-tang.nguoi-lo", "Trần Minh Khang"), ("mai-tang.nhan-tien", "tien-mat"))


async def stands() -> None:
    """Long enough to hear what there is to hear."""
    await trio.sleep(5)


NUMBER = (on(DeclarePriority, Priority.NONE), on(TicketReady, TicketAnswer.DONE, does=stands))


@pytest.mark.parametrize(("answer", "filed"), [(PartAnswer.YES, ("can-cuoc",)), (PartAnswer.NO, ())])
def test_the_childs_id_card_is_made_with_the_rest_only_where_it_is_wanted(
    centre: Any, answer: PartAnswer, filed: tuple[str, ...]
):
    play(
        centre,
        *prepares(BIRTH, "co-ket-hon"),
        on(AskPart, answer, part="Thẻ căn cước"),
        *identified(centre),
        *BORN,
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
    )
    assert centre.gateway.filings[0].parts == filed
    assert "ticket-ready" in centre.sounds.heard


def test_back_from_the_capacity_asks_for_the_part_again(centre: Any):
    play(
        centre,
        *prepares(BIRTH, "co-ket-hon"),
        on(AskPart, PartAnswer.YES),
        on(ChooseCapacity, touches=BACK),
        on(AskPart, PartAnswer.NO),
        on(ChooseCapacity, touches=HOME),
    )


@pytest.mark.parametrize(
    ("case", "more", "parts"), [("xin-mai-tang", FUNERAL, ("mai-tang",)), ("khong-mai-tang", (), ())]
)
def test_what_the_case_says_of_the_funeral_is_not_asked_again(
    centre: Any, case: str, more: tuple[tuple[str, str], ...], parts: tuple[str, ...]
):
    play(
        centre,
        *prepares(DEATH, "co-bao-tu", case),
        *identified(centre),
        *types_all(*DIED, *more),
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
    )
    (filing,) = centre.gateway.filings
    assert (filing.parts, filing.answers["nguoi-mat.ho-ten"]) == (parts, "Trần Văn Đông")
    due = [row.name for row in centre.stage.last(ShowChecklist).due]
    assert due == ["Khai tử", "Xóa đăng ký thường trú", *(["Hỗ trợ mai táng"] if parts else [])]
    (slip,) = centre.printer.slips
    assert isinstance(slip, FilingSlip)


def test_a_death_is_filed_without_a_chime_and_every_page_knows(centre: Any):
    play(
        centre,
        *prepares(DEATH, "co-bao-tu", "khong-mai-tang"),
        *identified(centre),
        *types_all(*DIED),
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
    )
    assert "ticket-ready" not in centre.sounds.heard
    assert all(centre.stage.last(page).mourning for page in (ShowChecklist, FillForm, ReviewFiling, TicketReady))


def test_the_next_person_is_not_in_mourning(centre: Any):
    play(
        centre,
        *prepares(DEATH, "co-bao-tu", "khong-mai-tang"),
        on(ChooseCapacity, touches=HOME),
        *prepares(BIRTH, "co-ket-hon"),
        on(AskPart, touches=HOME),
    )
    assert not centre.stage.last(AskPart).mourning
