"""A dossier is prepared and sent from here: for whom, by the chip, field by field, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.contract import models as wire
from services.contract import one_stop as filed
from services.gateway_client import GatewayError
from services.journeys.books import Shelf, read_shelf
from services.journeys.prompts import (
    Capacity,
    CaseChosen,
    ChecklistAnswer,
    ChooseCapacity,
    ChooseCase,
    ConfirmIdentity,
    DeclareAnswer,
    DeclareFiling,
    DeclarePriority,
    FieldChosen,
    FieldKeys,
    FieldTyped,
    FilingAnswer,
    FillForm,
    FindProcedure,
    FormAnswer,
    HomeChoice,
    IdentityAnswer,
    OneStopHome,
    Phrase,
    PlaceCard,
    Priority,
    Problem,
    ProblemChoice,
    ProcedureChosen,
    ReviewFiling,
    ScanCode,
    ShowChecklist,
    TicketAnswer,
    TicketReady,
    TypeField,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent
from services.procedures.files import SAMPLE, SAMPLE_CALENDAR
from services.receipts.slips import ChecklistSlip, FilingSlip, NumberSlip

BACK, HOME = StageEvent.BACK, StageEvent.HOME
NEXT = on(FillForm, FormAnswer.NEXT)
SEND = on(ReviewFiling, FilingAnswer.SEND)
AGREE = on(DeclareFiling, DeclareAnswer.AGREE)
NUMBER = (on(DeclarePriority, Priority.NONE), on(TicketReady, TicketAnswer.DONE))
HELD = on(TicketReady, TicketAnswer.DONE, held=True, printed=True)
COMMUNE = "Phường Sài Gòn, Thành phố Hồ Chí Minh"


NOTICE = wire.Notice(
    version="2026-11",
    digest="c" * 64,
    vi=wire.NoticeText(who="a", what="b", long="c", rights="d", contact="e", spoken="f"),
    en=wire.NoticeText(who="a", what="b", long="c", rights="d", contact="e", spoken="f"),
    consents=(
        wire.ConsentText(id="dossier", name="Gửi", name_en="Send", text="Trạm gửi tờ khai.", text_en="It is sent."),
    ),
)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return read_shelf(SAMPLE, SAMPLE_CALENDAR, "a" * 64)


@pytest.fixture
def centre(world: Any, shelf: Shelf, clinic: Callable[..., wire.Clinic]) -> Any:
    gateway = world.gateway
    site = wire.OneStopSite(agency="x", agency_en="x", commune="99001", province="99", files=True, uploads=False)
    gateway.site = gateway.site.model_copy(update={"one_stop": site})
    group = wire.ServiceGroup(purpose=wire.GroupPurpose.FILE)
    gateway.notice = NOTICE
    gateway.clinics_now = (clinic("reception", "Tiếp nhận hồ sơ", "Reception", price=0, group=group),)
    world.library = shelf
    return world


def play(centre: Any, *lines: Line) -> None:
    centre.play(*lines, on(OneStopHome), ends=False)


def prepares(centre: Any, capacity: Capacity = Capacity.MYSELF) -> tuple[Line, ...]:
    """To the form of a marital status certificate, with khang's card."""
    return (
        on(OneStopHome, HomeChoice.TAKE_NUMBER),
        on(FindProcedure, ProcedureChosen("1.004873")),
        on(ChooseCase, CaseChosen("chua-tung")),
        on(ShowChecklist, ChecklistAnswer.PREPARE),
        on(ChooseCapacity, capacity),
        on(ScanCode, does=centre.scans("khang")),
        on(PlaceCard, does=centre.lays("khang")),
        on(ConfirmIdentity, IdentityAnswer.YES),
    )


def types(name: str, typed: str, **more: Any) -> Line:
    return on(TypeField, FieldTyped(typed), field=name, **more)


FILLS = (
    NEXT,
    types("nguoi-nop.xa", "Phường Hòa Giang, Tỉnh Hòa Giang"),
    types("hon-nhan.tinh-trang", "chua"),
    types("hon-nhan.muc-dich", "Đăng ký kết hôn"),
    NEXT,
)


def test_from_the_start_page_to_the_sending_slip(centre: Any):
    play(centre, *prepares(centre), *FILLS, SEND, AGREE, *NUMBER, card(centre))
    (filing,) = centre.gateway.filings
    assert filing.procedure == "1.004873"
    assert filing.case == ("chua-tung",)
    assert filing.catalogue_digest == "a" * 64
    assert filing.answers["nguoi-nop.ho-ten"] == "Trần Minh Khang"
    assert filing.answers["hon-nhan.tinh-trang"] == "chua"
    assert "nguoi-nop.so" in filing.from_chip and "nguoi-nop.xa" not in filing.from_chip
    assert filing.applicant.level is wire.EvidenceLevel.CHIP_GENUINE
    assert [one.component for one in filing.documents] == ["tk-hon-nhan"]
    assert filing.signature is filed.Signature.HAND
    (registration,) = centre.gateway.registrations
    assert registration.errand == wire.Errand(sending_code="7Q4K-92HM", procedure="1.004873")
    (slip,) = centre.printer.slips
    assert isinstance(slip, FilingSlip)
    assert (slip.sending_code, slip.number_masked) == ("7Q4K-92HM", "•••• •••• •829")


def card(centre: Any) -> Line:
    """The card still lies there."""
    return centre.takes_card()


def test_what_the_chip_gave_is_locked_and_numbers_are_masked(centre: Any):
    play(
        centre,
        *prepares(centre),
        on(FillForm, FieldChosen("nguoi-nop.ho-ten")),
        on(FillForm, touches=HOME),
        card(centre),
    )
    rows = {row.id: row for row in centre.stage.last(FillForm).rows}
    assert rows["nguoi-nop.ho-ten"].locked and rows["nguoi-nop.ho-ten"].value == "Trần Minh Khang"
    assert rows["nguoi-nop.so"].value == "•••• •••• •829"
    assert not rows["hon-nhan.muc-dich"].locked
    assert centre.stage.last(FillForm).left == 3


def test_an_error_stands_at_its_field_until_it_is_right(centre: Any):
    play(
        centre,
        *prepares(centre),
        on(FillForm, FieldChosen("nguoi-nop.dien-thoai")),
        types("nguoi-nop.dien-thoai", "12", error=None),
        types("nguoi-nop.dien-thoai", "", error="field.error.shape", value="12"),
        on(FillForm, touches=HOME),
        card(centre),
    )


def test_back_in_the_form_keeps_every_answer(centre: Any):
    play(
        centre,
        *prepares(centre),
        NEXT,
        types("nguoi-nop.xa", "Phường Hòa Giang, Tỉnh Hòa Giang"),
        on(TypeField, touches=BACK, field="hon-nhan.tinh-trang"),
        on(TypeField, touches=BACK, field="nguoi-nop.xa", value="Phường Hòa Giang, Tỉnh Hòa Giang"),
        on(FillForm, touches=BACK),
        on(ConfirmIdentity, IdentityAnswer.YES),
        on(FillForm, touches=HOME),
        card(centre),
    )
    rows = {row.id: row.value for row in centre.stage.last(FillForm).rows}
    assert rows["nguoi-nop.xa"] == "Phường Hòa Giang, Tỉnh Hòa Giang"


def test_for_somebody_else_more_is_asked(centre: Any):
    play(centre, *prepares(centre, Capacity.GUARDIAN), on(FillForm, touches=HOME), card(centre))
    labels = [row.id for row in centre.stage.last(FillForm).rows]
    assert "nguoi-duoc-thay.ho-ten" in labels
    assert not centre.gateway.filings


def test_who_is_authorised_files_for_the_other_with_that_paper(centre: Any):
    play(
        centre,
        *prepares(centre, Capacity.AUTHORISED),
        NEXT,
        types("nguoi-nop.xa", "Phường Hòa Giang, Tỉnh Hòa Giang"),
        types("nguoi-duoc-thay.ho-ten", "Lê Thị Sen"),
        types("nguoi-duoc-thay.so", "099160000007"),
        types("nguoi-duoc-thay.ngay-sinh", "05/06/1960"),
        types("hon-nhan.tinh-trang", "goa"),
        types("hon-nhan.muc-dich", "Bán nhà"),
        NEXT,
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
    )
    (filing,) = centre.gateway.filings
    assert filing.represented == wire.Person(
        number="099160000007", name="Lê Thị Sen", birth="1960-06-05", level=wire.EvidenceLevel.TYPED
    )
    assert [one.component for one in filing.documents] == ["tk-hon-nhan", "giay-uy-quyen-ho-so"]
    assert "Văn bản ủy quyền" in centre.stage.last(ReviewFiling).papers
    assert "Văn bản ủy quyền" in [one.name for one in centre.printer.slips[0].papers]


def test_answers_for_somebody_else_are_not_sent_once_it_is_for_oneself(centre: Any):
    play(
        centre,
        *prepares(centre, Capacity.AUTHORISED),
        on(FillForm, FieldChosen("nguoi-duoc-thay.ho-ten")),
        types("nguoi-duoc-thay.ho-ten", "Lê Thị Sen"),
        on(FillForm, touches=BACK),
        on(ConfirmIdentity, touches=BACK),
        on(ChooseCapacity, Capacity.MYSELF),
        on(ConfirmIdentity, IdentityAnswer.YES),
        *FILLS,
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
    )
    (filing,) = centre.gateway.filings
    assert filing.represented is None
    assert not [name for name in filing.answers if name.startswith("nguoi-duoc-thay")]
    assert [one.component for one in filing.documents] == ["tk-hon-nhan"]


def test_what_is_declared_and_agreed_to_is_shown_whole_read_aloud_and_sent_with_its_version(centre: Any):
    play(centre, *prepares(centre), *FILLS, SEND, AGREE, *NUMBER, card(centre))
    shown = centre.stage.last(DeclareFiling)
    assert (shown.consent, shown.form_version, shown.notice_version) == ("Trạm gửi tờ khai.", "mẫu 2026-11", "2026-11")
    (said,) = shown.spoken()
    assert dict(said.args)["words"] == f"{shown.declaration} {shown.consent}" and not said.private
    (filing,) = centre.gateway.filings
    assert filing.declared == filed.Declared(
        form="to-khai-tinh-trang-hon-nhan",
        form_version="mẫu 2026-11",
        notice_version="2026-11",
        notice_digest="c" * 64,
        at=filing.declared.at,
    )
    assert not centre.gateway.consents, "asked once, where the dossier is sent"


def test_what_goes_as_evidence_is_what_stood_on_the_page(centre: Any):
    def newer() -> None:
        centre.gateway.notice = NOTICE.model_copy(update={"version": "2026-12", "digest": "d" * 64})

    agrees = on(DeclareFiling, DeclareAnswer.AGREE, does=newer, notice_version="2026-11")
    play(centre, *prepares(centre), *FILLS, SEND, agrees, *NUMBER, card(centre))
    (filing,) = centre.gateway.filings
    assert (filing.declared.notice_version, filing.declared.notice_digest) == ("2026-11", "c" * 64)


def test_while_the_words_have_not_come_nobody_is_asked_to_agree(centre: Any):
    def comes() -> None:
        centre.gateway.notice = NOTICE

    centre.gateway.notice = NOTICE.model_copy(update={"consents": ()})
    waits = on(Problem, ProblemChoice.RETRY, code="MC-106")
    play(
        centre,
        *prepares(centre),
        *FILLS,
        SEND,
        waits,
        on(Problem, ProblemChoice.RETRY, code="MC-106", does=comes),
        AGREE,
        *NUMBER,
        card(centre),
    )
    assert centre.gateway.filings[0].declared.notice_version == "2026-11"


def test_who_does_not_wait_for_the_words_takes_a_number(centre: Any):
    centre.gateway.notice = None
    desk = on(Problem, ProblemChoice.ASK_DESK, code="MC-106")
    play(centre, *prepares(centre), *FILLS, SEND, desk, *NUMBER, card(centre))
    assert not centre.gateway.filings
    assert [type(slip) for slip in centre.printer.slips] == [NumberSlip]


def test_who_does_not_agree_takes_a_number_and_nothing_is_sent(centre: Any):
    play(centre, *prepares(centre), *FILLS, SEND, on(DeclareFiling, DeclareAnswer.REFUSE), *NUMBER, card(centre))
    assert not centre.gateway.filings
    assert [type(slip) for slip in centre.printer.slips] == [NumberSlip]


def test_the_summary_is_read_aloud_into_headphones(centre: Any):
    play(centre, *prepares(centre), *FILLS, on(ReviewFiling, touches=HOME), card(centre))
    aloud, private = centre.stage.last(ReviewFiling).spoken()
    assert not aloud.private and private.private
    assert "Đăng ký kết hôn" in dict(private.args)["rows"]


def test_nobody_is_asked_for_whom_they_marry(centre: Any):
    play(
        centre,
        on(OneStopHome, HomeChoice.TAKE_NUMBER),
        on(FindProcedure, ProcedureChosen("1.000894")),
        on(ChooseCase, CaseChosen("lan-dau")),
        on(ShowChecklist, ChecklistAnswer.PREPARE),
        on(ScanCode, touches=BACK),
        on(ShowChecklist, ChecklistAnswer.PREPARE),
        on(ScanCode, touches=HOME),
    )
    assert not [one for one in centre.stage.seen if isinstance(one, ChooseCapacity)]


def test_what_is_sent_from_here_costs_what_filing_online_costs(centre: Any):
    """As the authority is told (HinhThuc 2); the checklist's number leads to the counter, where it is twice that."""
    play(centre, *prepares(centre), *FILLS, on(ReviewFiling, touches=HOME), card(centre))
    assert centre.stage.last(ShowChecklist).fee == Phrase("fee.amount", (("amount", "15.000"),))
    assert centre.stage.last(ReviewFiling).fee == Phrase("fee.amount", (("amount", "7.500"),))


def test_what_has_no_form_here_says_so(centre: Any):
    play(
        centre,
        on(OneStopHome, HomeChoice.TAKE_NUMBER),
        on(FindProcedure, ProcedureChosen("MAU.CC-04")),
        on(ShowChecklist, touches=HOME),
    )
    shown = centre.stage.last(ShowChecklist)
    assert ChecklistAnswer.PREPARE not in shown.offers and shown.form_note == "list.form.none"


def test_places_are_suggested_and_options_listed(centre: Any):
    seen: dict[str, list[str]] = {}

    def look() -> None:
        prompt = centre.stage.on_top
        typed = "da kao" if prompt.keys is FieldKeys.PLACES else ""
        seen[prompt.field] = [one.value for one in prompt.suggest(typed)]

    play(
        centre,
        *prepares(centre),
        NEXT,
        on(TypeField, FieldTyped(COMMUNE), field="nguoi-nop.xa", does=look),
        on(TypeField, FieldTyped("chua"), field="hon-nhan.tinh-trang", does=look),
        on(TypeField, touches=HOME),
        card(centre),
    )
    assert COMMUNE in seen["nguoi-nop.xa"][:2]
    assert seen["hon-nhan.tinh-trang"] == ["chua", "ly-hon", "goa", "co"]


def test_what_the_chip_says_is_never_too_long_for_a_form(centre: Any):
    written = "Căn hộ 1203, " + "tòa B, khu đô thị Vịnh Xanh, " * 8 + "phường Bến Trúc, tỉnh Hòa Giang"
    assert len(written) > 200
    centre.trust.addresses["khang"] = written
    play(centre, *prepares(centre), NEXT, *FILLS[2:], SEND, AGREE, *NUMBER, card(centre))
    (filing,) = centre.gateway.filings
    assert filing.answers["nguoi-nop.dia-chi"] == written and "nguoi-nop.dia-chi" in filing.from_chip
    assert filing.answers["nguoi-nop.xa"] == "Phường Bến Trúc, Tỉnh Hòa Giang"


def test_a_province_that_is_no_more_is_found_by_its_name(centre: Any):
    seen: list[list[str]] = []

    def look() -> None:
        prompt = centre.stage.on_top
        seen.extend([one.value for one in prompt.suggest(typed)] for typed in ("", "binh duong", "hồ chí", "zz"))

    play(
        centre,
        on(OneStopHome, HomeChoice.TAKE_NUMBER),
        on(FindProcedure, ProcedureChosen("1.001456")),
        on(ChooseCase, CaseChosen("lan-dau-ho-chieu")),
        on(ShowChecklist, ChecklistAnswer.PREPARE),
        on(ChooseCapacity, Capacity.MYSELF),
        on(ScanCode, does=centre.scans("khang")),
        on(PlaceCard, does=centre.lays("khang")),
        on(ConfirmIdentity, IdentityAnswer.YES),
        on(FillForm, FieldChosen("ho-chieu.noi-sinh")),
        on(TypeField, touches=BACK, keys=FieldKeys.PLACES, does=look),
        on(FillForm, touches=HOME),
        card(centre),
    )
    assert seen == [[], ["Tỉnh Bình Dương, nay là Thành phố Hồ Chí Minh"], ["Thành phố Hồ Chí Minh"], []]


def test_an_address_whose_ward_is_not_in_the_table_is_asked_for_and_never_refused(centre: Any):
    """Merged before the table begins: the chip's words stay, and what the district became is proposed."""
    written = "Thôn 2, Xã Đã Mất, Huyện Sóc Sơn, Hà Nội"
    centre.trust.addresses["khang"] = written
    seen: list[tuple[str, list[str]]] = []

    def look() -> None:
        prompt = centre.stage.on_top
        seen.append((prompt.value, [one.value for one in (*prompt.suggest(""), *prompt.suggest("da ph"))]))

    play(
        centre,
        *prepares(centre),
        NEXT,
        on(TypeField, FieldTyped("Xã Đa Phúc, Thành phố Hà Nội"), field="nguoi-nop.xa", does=look),
        *FILLS[2:],
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
    )
    ((value, shown),) = seen
    assert value == ""
    assert shown[0] == "Xã Sóc Sơn, Thành phố Hà Nội" and len(shown) > 4
    assert shown[4] == "Xã Đa Phúc, Thành phố Hà Nội"
    (filing,) = centre.gateway.filings
    assert filing.answers["nguoi-nop.dia-chi"] == written
    assert filing.answers["nguoi-nop.xa"] == "Xã Đa Phúc, Thành phố Hà Nội"


def test_an_answer_lost_on_the_way_is_asked_again_and_sent_once(centre: Any, offline_error: GatewayError):
    centre.gateway.faults["file-dossier"] = [offline_error]
    play(centre, *prepares(centre), *FILLS, SEND, AGREE, on(Problem, ProblemChoice.RETRY), *NUMBER, card(centre))
    assert len(centre.gateway.filings) == 1


def test_without_network_the_person_takes_a_number_and_nothing_is_sent(centre: Any, offline_error: GatewayError):
    centre.gateway.faults["file-dossier"] = [offline_error]
    play(centre, *prepares(centre), *FILLS, SEND, AGREE, on(Problem, ProblemChoice.ASK_DESK), *NUMBER, card(centre))
    assert not centre.gateway.filings
    assert [type(slip) for slip in centre.printer.slips] == [NumberSlip]
    assert centre.gateway.registrations[0].errand == wire.Errand(procedure="1.004873")


def test_once_sent_there_is_no_way_back_and_who_leaves_gets_the_code(centre: Any):
    play(
        centre,
        *prepares(centre),
        *FILLS,
        SEND,
        AGREE,
        on(DeclarePriority, touches=BACK),
        on(DeclarePriority, touches=HOME),
        card(centre),
    )
    (slip,) = centre.printer.slips
    assert isinstance(slip, FilingSlip)
    assert slip.number is None
    assert len(centre.gateway.filings) == 1


def test_who_holds_a_number_already_gets_the_sending_slip_of_what_they_send_now(centre: Any):
    centre.gateway.held = True
    play(centre, *prepares(centre), *FILLS, SEND, AGREE, on(DeclarePriority, Priority.NONE), HELD, card(centre))
    (slip,) = centre.printer.slips
    assert isinstance(slip, FilingSlip)
    assert slip.number == "U047" and slip.sending_code == "7Q4K-92HM"


def test_what_is_reviewed_can_be_changed(centre: Any):
    play(
        centre,
        *prepares(centre),
        *FILLS,
        on(ReviewFiling, FilingAnswer.CHANGE),
        on(FillForm, FieldChosen("hon-nhan.muc-dich")),
        types("hon-nhan.muc-dich", "Vay vốn", value="Đăng ký kết hôn"),
        NEXT,
        SEND,
        AGREE,
        *NUMBER,
        card(centre),
    )
    assert centre.gateway.filings[0].answers["hon-nhan.muc-dich"] == "Vay vốn"


def test_who_comes_back_from_preparing_is_told_the_counters_fee_again(centre: Any):
    fee = Phrase("fee.amount", (("amount", "15.000"),))
    play(
        centre,
        *prepares(centre)[:4],
        on(ChooseCapacity, touches=BACK),
        on(ShowChecklist, ChecklistAnswer.PRINT, fee=fee),
        on(ShowChecklist, touches=HOME, fee=fee),
    )
    (slip,) = centre.printer.slips
    assert isinstance(slip, ChecklistSlip)
    assert "15.000" in slip.fee


def test_where_nothing_is_filed_from_here_preparing_is_not_offered(centre: Any):
    site = centre.gateway.site
    centre.gateway.site = site.model_copy(update={"one_stop": site.one_stop.model_copy(update={"files": False})})
    play(
        centre,
        on(OneStopHome, HomeChoice.TAKE_NUMBER),
        on(FindProcedure, ProcedureChosen("1.004873")),
        on(ChooseCase, CaseChosen("chua-tung")),
        on(ShowChecklist, touches=HOME),
    )
    assert ChecklistAnswer.PREPARE not in centre.stage.last(ShowChecklist).offers
