"""A one-stop centre: find a procedure, know its case and papers, take a counter's number. Nobody is identified."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from services.contract import models as wire
from services.journeys.books import Shelf, read_shelf
from services.journeys.checklist import Asker, Place
from services.journeys.details import details
from services.journeys.ports import Printed
from services.journeys.prompts import (
    CaseAnswer,
    CaseChosen,
    ChecklistAnswer,
    ChooseCase,
    ChooseClinic,
    ChooseGroup,
    ClinicChosen,
    DeclarePriority,
    DetailsAnswer,
    FindAnswer,
    FindProcedure,
    GroupChosen,
    HomeChoice,
    OneStopHome,
    OnPhone,
    Phrase,
    Priority,
    ProcedureChosen,
    ShowChecklist,
    ShowDetails,
    TicketAnswer,
    TicketReady,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent
from services.journeys.steps.choose_counter import receiving
from services.journeys.steps.find_procedure import marks_in
from services.messages import tr
from services.procedures.files import SAMPLE, SAMPLE_CALENDAR
from services.procedures.records import Channel, Procedure
from services.receipts.slips import ChecklistSlip, NumberSlip

BACK = StageEvent.BACK
BIRTH = "3.000722"
FILE = wire.GroupPurpose.FILE
TAKE = on(ShowChecklist, ChecklistAnswer.TAKE_NUMBER)
MARRIED = on(ChooseCase, CaseChosen("co-ket-hon"))
NONE = on(DeclarePriority, Priority.NONE)
DONE = on(TicketReady, TicketAnswer.DONE)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return read_shelf(SAMPLE, SAMPLE_CALENDAR, "0" * 64)


@pytest.fixture
def centre(world: Any, shelf: Shelf, clinic: Callable[..., wire.Clinic]) -> Any:
    """The headless kiosk stands in a commune's one-stop centre."""
    gateway = world.gateway
    gateway.site = gateway.site.model_copy(
        update={
            "one_stop": wire.OneStopSite(
                agency="Trung tâm Phục vụ hành chính công phường Hòa Giang",
                agency_en="One-stop centre of Hoa Giang ward",
                commune="26740",
                province="79",
                files=False,
                uploads=False,
                favourites=("2.000815", BIRTH, "9.999999"),
                procedure_page="https://one-stop.example/p/{code}",
            )
        }
    )
    gateway.clinics_now = (
        clinic("civil", "Hộ tịch, chứng thực", "Civil status", price=0, group=_group("ho-tich", "lien-thong")),
        clinic("residence", "Cư trú", "Residence", price=0, group=_group("cu-tru")),
        clinic("other", "Lĩnh vực khác", "Other fields", price=0, group=_group()),
        clinic("guide", "Bàn hướng dẫn", "Guide desk", guide_desk=True, price=0),
    )
    world.library = shelf
    return world


def _group(*sectors: str) -> wire.ServiceGroup:
    return wire.ServiceGroup(purpose=FILE, sectors=sectors)


def home(choice: object) -> Line:
    return on(OneStopHome, choice)


def play(centre: Any, *lines: Line) -> None:
    """Until the start page stands again."""
    centre.play(*lines, on(OneStopHome), ends=False)


def to_the_list(code: str = BIRTH, answer: str = "co-ket-hon") -> tuple[Line, ...]:
    return (
        home(HomeChoice.TAKE_NUMBER),
        on(FindProcedure, ProcedureChosen(code)),
        on(ChooseCase, CaseChosen(answer)),
    )


def test_from_the_start_page_to_the_number(centre: Any):
    play(centre, *to_the_list(), TAKE, NONE, DONE)
    shown = centre.stage.last(ShowChecklist)
    assert [row.name for row in shown.bring] == ["Giấy chứng sinh", "Tờ khai liên thông cho trẻ dưới 6 tuổi"]
    assert "Giấy chứng nhận kết hôn" in [row.name for row in shown.held]
    assert [(row.name, row.due) for row in shown.due][:2] == [
        ("Khai sinh", Phrase("due.today")),
        ("Cư trú", Phrase("due.on", (("date", "25/11"),))),
    ]
    assert (shown.before, shown.fee, shown.sample) == ("15:00", Phrase("fee.free"), True)
    (registration,) = centre.gateway.registrations
    assert registration.clinic_id == "civil"
    assert registration.errand == wire.Errand(procedure=BIRTH)
    assert registration.patient.name is None and registration.patient.number is None
    (slip,) = centre.printer.slips
    assert isinstance(slip, NumberSlip)


def test_the_list_is_printed_and_says_so(centre: Any):
    play(centre, *to_the_list(), on(ShowChecklist, ChecklistAnswer.PRINT), TAKE, NONE, DONE)
    slip = centre.printer.slips[0]
    assert isinstance(slip, ChecklistSlip)
    assert slip.case == "Cha mẹ có giấy kết hôn"
    assert slip.bring[0].name == "Giấy chứng sinh"
    assert slip.times[1] == ("Cư trú", "2 ngày làm việc")
    assert slip.halves == (("07:30", "11:30"), ("13:30", "17:00"))
    assert centre.stage.last(ShowChecklist).printed is True


def test_the_printed_list_names_who_pays_nothing_and_who_less(centre: Any):
    play(
        centre,
        *to_the_list("1.004222", "nha-minh"),
        on(ShowChecklist, ChecklistAnswer.PRINT),
        on(ShowChecklist, touches=StageEvent.HOME),
    )
    slip = centre.printer.slips[0]
    assert "Hộ nghèo" in slip.free and "Trẻ em" in slip.free and slip.less == ""


def test_what_else_the_catalogue_says_is_one_touch_away(centre: Any):
    play(
        centre,
        *to_the_list("1.004222", "nha-thue"),
        on(ShowChecklist, ChecklistAnswer.DETAILS),
        on(ShowDetails, touches=BACK),
        on(ShowChecklist, ChecklistAnswer.DETAILS),
        on(ShowDetails, DetailsAnswer.DONE),
        on(ShowChecklist, touches=StageEvent.HOME),
    )
    told = [
        (tr(row.label.message, "vi", **dict(row.label.args)), tr(row.value.message, "vi", **dict(row.value.args)))
        for row in centre.stage.last(ShowDetails).rows
    ]
    assert told[0] == ("Bước 1", "Lấy số, nộp hồ sơ ở quầy hoặc nộp trực tuyến")
    assert ("Phí, lệ phí khi nộp tại quầy", "20.000 đ") in told
    assert ("Phí, lệ phí khi gửi từ trạm hoặc trực tuyến", "10.000 đ") in told
    assert ("Thời hạn", "7 ngày làm việc") in told
    assert ("Cơ quan giải quyết", "Công an cấp xã") in told
    assert ("Căn cứ", "Luật Cư trú 68/2020/QH14") in told
    assert any(label == "Không phải trả" and "Hộ nghèo" in names for label, names in told)


def test_a_delegation_and_the_longer_time_of_a_verification_are_told(centre: Any):
    at = on(ShowDetails, touches=StageEvent.HOME)
    vessel = (
        home(HomeChoice.FIND_PROCEDURE),
        on(FindProcedure, ProcedureChosen("MAU.TS-01")),
        on(ChooseCase, CaseChosen("dong-moi")),
        on(ChooseCase, CaseChosen("tau-nho")),
    )
    play(centre, *vessel, on(ShowChecklist, ChecklistAnswer.DETAILS), at)
    rows = {row.label.message: dict(row.value.args) for row in centre.stage.last(ShowDetails).rows}
    assert rows["details.delegated"] == {"text": "Sở Nông nghiệp và Môi trường"}
    play(centre, *to_the_list(), on(ShowChecklist, ChecklistAnswer.DETAILS), at)
    rows = {row.label.message: dict(row.value.args) for row in centre.stage.last(ShowDetails).rows}
    assert rows["details.time.verified"] == {"number": 5}


def test_fees_by_pieces_are_told_as_the_channel_reduces_them_and_no_ceiling_that_does_not_hold(shelf: Shelf):
    """Half when sent online; the ceiling of a fee that only others pay is nobody's here."""
    day = date(2026, 11, 30)
    books = shelf.books(day)
    copies, extract = books.catalogue.at("2.000815", day), books.catalogue.at("2.000635", day)
    assert copies is not None and extract is not None

    def fees(procedure: Procedure) -> list[tuple[str, dict[str, object]]]:
        rows = details(books, procedure, Asker(), Place("", ""), day, english=False)
        return [
            (row.label.message, dict(row.value.args)) for row in rows if row.label.message.startswith("details.fee")
        ]

    assert [args["amount"] for _, args in fees(extract)] == ["8.000", "4.000", "8.000"]
    (fee,) = copies.fees
    theirs = fee.model_copy(update={"beneficiary": "ho-ngheo"})
    assert [label for label, _ in fees(copies.model_copy(update={"fees": (fee, theirs)}))] == [
        "details.fee.truc-tiep",
        "details.fee.most",
    ]
    both = {"sector": "ho-tich", "channels": (Channel.COUNTER, Channel.ONLINE)}
    assert fees(copies.model_copy(update=both)) == [
        ("details.fee.truc-tiep", {"first": "2.000", "number": 3, "next": "1.000"}),
        ("details.fee.most", {"amount": "200.000"}),
        ("details.fee.truc-tuyen", {"first": "1.000", "number": 3, "next": "500"}),
        ("details.fee.most", {"amount": "100.000"}),
    ]


def test_without_paper_the_list_stays_on_the_screen(centre: Any):
    centre.printer.answers = [Printed(False, "PR-02")]
    play(centre, *to_the_list(), on(ShowChecklist, ChecklistAnswer.PRINT), on(ShowChecklist, touches=StageEvent.HOME))
    assert centre.stage.last(ShowChecklist).printed is False


def test_offline_the_list_is_shown_and_printed_and_the_number_is_a_leased_one(centre: Any):
    centre.gateway.online = False
    centre.gateway.accept_offline = True
    play(centre, *to_the_list(), on(ShowChecklist, ChecklistAnswer.PRINT), TAKE, NONE, DONE)
    assert centre.stage.last(ShowChecklist).offline
    assert [type(slip) for slip in centre.printer.slips] == [ChecklistSlip, NumberSlip]


def test_none_of_the_cases_takes_a_number_for_the_right_counter(centre: Any):
    play(
        centre,
        home(HomeChoice.TAKE_NUMBER),
        on(FindProcedure, ProcedureChosen(BIRTH)),
        on(ChooseCase, CaseAnswer.ASK_DESK),
        NONE,
        DONE,
    )
    assert centre.gateway.registrations[0].clinic_id == "civil"


def test_two_questions_and_back_between_them(centre: Any):
    play(
        centre,
        home(HomeChoice.FIND_PROCEDURE),
        on(FindProcedure, ProcedureChosen("MAU.TS-01")),
        on(ChooseCase, CaseChosen("dong-moi"), question="Đăng ký vì việc gì?"),
        on(ChooseCase, touches=BACK, question="Tàu dài bao nhiêu?"),
        on(ChooseCase, CaseChosen("cap-lai-tau"), question="Đăng ký vì việc gì?"),
        on(ChooseCase, CaseChosen("tau-nho"), question="Tàu dài bao nhiêu?"),
        on(ShowChecklist, touches=BACK),
        on(ChooseCase, CaseChosen("tau-lon"), question="Tàu dài bao nhiêu?"),
        on(ShowChecklist, touches=StageEvent.HOME),
    )
    assert centre.stage.last(ShowChecklist).case == "Cấp lại; Từ 12 m trở lên"


def test_another_case_is_one_touch_away(centre: Any):
    play(
        centre,
        *to_the_list(),
        on(ShowChecklist, ChecklistAnswer.CHANGE_CASE),
        on(ChooseCase, CaseChosen("mat-chung-sinh")),
        on(ShowChecklist, touches=StageEvent.HOME),
    )
    assert "Giấy cam đoan về việc sinh" in [row.name for row in centre.stage.last(ShowChecklist).bring]


def test_by_life_event_without_typing(centre: Any):
    play(
        centre,
        home(HomeChoice.FIND_PROCEDURE),
        on(FindProcedure, FindAnswer.BY_EVENT),
        on(ChooseGroup, GroupChosen("sinh-con")),
        on(ChooseGroup, touches=BACK),
        on(ChooseGroup, GroupChosen("ket-hon")),
        on(ChooseGroup, GroupChosen("1.004873")),
        on(ChooseCase, CaseChosen("chua-tung")),
        on(ShowChecklist, touches=StageEvent.HOME),
    )
    assert centre.stage.last(ShowChecklist).procedure == "Xác nhận tình trạng hôn nhân"


def test_by_sector_and_back_to_the_search(centre: Any):
    play(
        centre,
        home(HomeChoice.FIND_PROCEDURE),
        on(FindProcedure, FindAnswer.BY_SECTOR),
        on(ChooseGroup, touches=BACK),
        on(FindProcedure, FindAnswer.BY_SECTOR),
        on(ChooseGroup, GroupChosen("chung-thuc")),
        on(ChooseGroup, GroupChosen("2.000815")),
        on(ShowChecklist, touches=StageEvent.HOME),
    )
    shown = centre.stage.last(ShowChecklist)
    assert shown.fee == Phrase("fee.pages", (("first", "2.000"), ("number", 3), ("next", "1.000")))


def test_a_tile_of_the_start_page_leads_to_its_procedure_and_back_home(centre: Any):
    play(
        centre,
        home(ProcedureChosen(BIRTH)),
        on(ChooseCase, touches=BACK),
        home(ProcedureChosen("2.000815")),
        on(ShowChecklist, touches=StageEvent.HOME),
    )
    shown = centre.stage.last(OneStopHome)
    assert [one.code for one in shown.favourites] == ["2.000815", BIRTH]


def test_on_the_own_phone(centre: Any):
    play(
        centre,
        *to_the_list(),
        on(ShowChecklist, ChecklistAnswer.PHONE),
        on(OnPhone, None),
        on(ShowChecklist, touches=StageEvent.HOME),
    )
    assert centre.stage.last(OnPhone).url == f"https://one-stop.example/p/{BIRTH}"


def test_a_condition_of_the_province_stands_on_the_list(centre: Any):
    play(
        centre,
        *to_the_list("1.004222", "nha-thue"),
        on(ShowChecklist, touches=StageEvent.HOME),
    )
    shown = centre.stage.last(ShowChecklist)
    assert shown.conditions == (("Diện tích nhà thuê tối thiểu mỗi người ở nơi này", "20 m²"),)
    assert shown.fee == Phrase("fee.amount", (("amount", "20.000"),))


def test_without_a_catalogue_nothing_that_needs_one_is_offered(centre: Any):
    from services.journeys.books import NoBooks

    centre.library = NoBooks()
    play(centre)
    assert HomeChoice.FIND_PROCEDURE not in centre.stage.last(OneStopHome).choices


def test_what_was_typed_stands_there_again(centre: Any):
    seen: list[str] = []

    def types(prompt: FindProcedure) -> None:
        assert prompt.note is not None
        seen.append(prompt.typed)
        prompt.note("khai sinh")

    play(
        centre,
        home(HomeChoice.FIND_PROCEDURE),
        on(FindProcedure, ProcedureChosen(BIRTH), does=lambda: types(centre.stage.on_top)),
        on(ChooseCase, touches=BACK),
        on(FindProcedure, touches=StageEvent.HOME, does=lambda: seen.append(centre.stage.on_top.typed)),
    )
    assert seen == ["", "khai sinh"]


def test_counters_that_name_the_sector_go_before_those_that_take_everything(
    centre: Any, clinic: Callable[..., wire.Clinic]
):
    clinics = wire.Clinics(clinics=centre.gateway.clinics_now)
    assert [one.id for one in receiving(clinics, "cu-tru")] == ["residence"]
    assert [one.id for one in receiving(clinics, "dat-dai")] == ["other"]
    assert [one.id for one in receiving(clinics, None)] == ["civil", "residence", "other"]
    police = wire.ServiceGroup(purpose=wire.GroupPurpose.POLICE, sectors=("can-cuoc", "cu-tru"))
    more = wire.Clinics(clinics=(*clinics.clinics, clinic("police", "Công an", "Police", price=0, group=police)))
    assert [one.id for one in receiving(more, "can-cuoc")] == ["police"]
    assert [one.id for one in receiving(more, "dat-dai")] == ["other"]
    assert [one.id for one in receiving(more, None)] == ["civil", "residence", "other"]


def test_several_counters_are_asked_for(centre: Any, clinic: Callable[..., wire.Clinic]):
    more = clinic("civil-2", "Hộ tịch, quầy 4", "Civil status 2", price=0, group=_group("lien-thong"))
    centre.gateway.clinics_now = (*centre.gateway.clinics_now, more)
    play(centre, *to_the_list(), TAKE, on(ChooseClinic, ClinicChosen("civil-2")), NONE, DONE)
    assert centre.gateway.registrations[0].clinic_id == "civil-2"


@pytest.mark.parametrize(
    ("name", "typed", "marked"),
    [
        ("Đăng ký khai sinh", "khai sinh", ["khai", "sinh"]),
        ("Đăng ký khai sinh", "dang k", ["Đăng", "k", "k"]),
        ("Đăng ký khai sinh", "x", []),
        ("Đăng ký khai sinh", "", []),
    ],
)
def test_the_words_that_were_typed_are_marked(name: str, typed: str, marked: list[str]):
    assert [name[start:end] for start, end in marks_in(name, typed)] == marked
