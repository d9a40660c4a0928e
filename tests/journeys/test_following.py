"""A dossier is followed, its result fetched, what was done rated: who sees what, and nothing without proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from services.codes.slip import slip_text
from services.contract import models as wire
from services.contract import one_stop as told
from services.contract.one_stop import DossierStatus as Status
from services.gateway_client import GatewayError, GatewayReason
from services.journeys.books import Shelf, read_shelf
from services.journeys.ports import Printed
from services.journeys.prompts import (
    ChooseDossier,
    DeclarePriority,
    DossierAnswer,
    DossierChosen,
    DossierPace,
    HomeChoice,
    Mark,
    Moment,
    NothingAnswer,
    NothingFound,
    NothingKind,
    OneStopHome,
    PaidAnswer,
    PayAnswer,
    PayByVietQR,
    PaymentDone,
    PlaceCard,
    PlaceCardAnswer,
    Priority,
    Problem,
    ProblemChoice,
    RateAnswer,
    RateReasons,
    RateService,
    RatingLevel,
    RatingReason,
    RatingReasons,
    RatingTaken,
    ScanForDossier,
    ScanForRating,
    ShowBill,
    ShowBillAnswer,
    ShowDossier,
    ShowSlipAnswer,
    TicketAnswer,
    TicketReady,
    TypedLetters,
    TypeLetters,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent
from services.procedures.files import SAMPLE, SAMPLE_CALENDAR
from services.receipts.slips import StatusSlip

BACK, HOME = StageEvent.BACK, StageEvent.HOME
TOKEN = "0123456789ABCDEFGHJKMNPQRS"
CODE = "H99.01-20261119-0000217"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 at the place (UTC+7), as the wire has it."""
    return datetime(2026, 11, day, hour - 7, minute, tzinfo=UTC)


def event(status: Status, day: int, hour: int, unit: str = "") -> told.StatusEvent:
    return told.StatusEvent(status=status, at=at(day, hour), unit=unit)


def dossier(status: Status = Status.PROCESSING, **more: Any) -> told.Dossier:
    """Filed on the 19th, due on the 26th."""
    came = [Status.NEW, Status.ACCEPTED, Status.PROCESSING, Status.DONE, Status.RETURNED]
    way = came[: came.index(status) + 1] if status in came else [*came[:3], status]
    facts: dict[str, Any] = {
        "sending_code": "7Q4K-92HM",
        "token": TOKEN,
        "state": told.DossierState.FILED,
        "code": CODE,
        "procedure": "1.004884",
        "name": "Đăng ký lại khai sinh",
        "name_en": "Registering a birth again",
        "status": status,
        "filed_at": at(19, 9),
        "accepted_at": at(19, 10),
        "due_at": at(26, 17),
        "events": tuple(event(each, 19 + number, 9, f"Tổ {number}") for number, each in enumerate(way)),
        **more,
    }
    return told.Dossier.model_validate(facts)


READY = told.ResultReady(
    group="results", room="Quầy 6", room_en="Counter 6", way="Cuối sảnh, bên trái", way_en="End of the hall"
)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return read_shelf(SAMPLE, SAMPLE_CALENDAR, "a" * 64)


@pytest.fixture
def centre(world: Any, shelf: Shelf, clinic: Callable[..., wire.Clinic]) -> Any:
    gateway = world.gateway
    site = wire.OneStopSite(agency="x", agency_en="x", commune="99001", province="99", files=True, uploads=False)
    gateway.site = gateway.site.model_copy(update={"one_stop": site})
    groups = ((wire.GroupPurpose.FILE, "reception"), (wire.GroupPurpose.RESULT, "results"))
    gateway.clinics_now = tuple(
        clinic(name, name, name, price=0, group=wire.ServiceGroup(purpose=purpose)) for purpose, name in groups
    )
    gateway.dossiers = (dossier(),)
    world.library = shelf
    return world


def play(centre: Any, *lines: Line) -> Any:
    return centre.play(*lines, on(OneStopHome), ends=False)


def shows(centre: Any, text: str = slip_text(TOKEN)) -> tuple[Line, ...]:
    return (on(OneStopHome, HomeChoice.TRACK), on(ScanForDossier, does=lambda: centre.scanner.show(text)))


def rates(centre: Any, text: str = slip_text(TOKEN)) -> tuple[Line, ...]:
    return (on(OneStopHome, HomeChoice.RATE), on(ScanForRating, does=lambda: centre.scanner.show(text)))


DONE = on(ShowDossier, DossierAnswer.DONE)
TYPES = on(ScanForDossier, ShowSlipAnswer.TYPE_CODE)


def test_a_slip_opens_its_dossier_with_every_date(centre: Any) -> None:
    stage = play(centre, *shows(centre), DONE)
    assert centre.gateway.dossier_requests == [told.DossiersRequest(token=TOKEN)]
    shown = stage.last(ShowDossier)
    assert (shown.headline, shown.code, shown.sending) == ("dossier.status.4", CODE, False)
    assert [(step.status, step.mark) for step in shown.steps] == [
        (1, Mark.DONE),
        (2, Mark.DONE),
        (4, Mark.NOW),
        (9, Mark.NEXT),
        (10, Mark.NEXT),
    ]
    assert shown.steps[2].at == Moment(6, "21/11/2026", "09:00") and shown.steps[2].unit == "Tổ 2"
    assert shown.due == shown.steps[3].at == Moment(4, "26/11/2026")
    assert shown.pace is DossierPace.PENDING
    assert len(shown.hours) == 2, "both half days of the return desk"
    assert all(visit.empty for visit in centre.visits)


def test_a_scanned_dossier_code_asks_for_the_characters_beside_it(centre: Any) -> None:
    play(centre, *shows(centre, CODE), on(TypeLetters, TypedLetters("K7M4")), DONE)
    assert centre.gateway.dossier_requests == [told.DossiersRequest(code=CODE, look_up_code="K7M4")]


def test_a_typed_sending_code_stands_alone(centre: Any) -> None:
    play(centre, on(OneStopHome, HomeChoice.TRACK), TYPES, on(TypeLetters, TypedLetters("7Q4K-92HM")), DONE)
    assert centre.gateway.dossier_requests == [told.DossiersRequest(code="7Q4K-92HM")]


def test_a_typed_dossier_code_needs_the_look_up_code_and_back_mends_it(centre: Any) -> None:
    play(
        centre,
        on(OneStopHome, HomeChoice.TRACK),
        TYPES,
        on(TypeLetters, TypedLetters("H99.01-20261119-0000218")),
        on(TypeLetters, touches=BACK),
        on(TypeLetters, TypedLetters(CODE)),
        on(TypeLetters, TypedLetters("K7M4")),
        DONE,
    )
    assert centre.gateway.dossier_requests == [told.DossiersRequest(code=CODE, look_up_code="K7M4")]


def test_the_chip_opens_all_dossiers_of_its_holder(centre: Any) -> None:
    centre.gateway.dossiers = (dossier(), dossier(Status.DONE, sending_code="4N8T-63WC", result=READY))
    stage = play(
        centre,
        on(OneStopHome, HomeChoice.TRACK),
        on(ScanForDossier, does=centre.scans("khang")),
        on(PlaceCard, does=centre.lays("khang")),
        on(ChooseDossier, DossierChosen("4N8T-63WC")),
        on(ShowDossier, touches=BACK, headline="dossier.status.9"),
        on(ChooseDossier, DossierChosen("7Q4K-92HM")),
        DONE,
        centre.takes_card(),
    )
    (request,) = centre.gateway.dossier_requests
    assert request.person is not None and request.person.level is wire.EvidenceLevel.CHIP_GENUINE
    assert [row.headline for row in stage.last(ChooseDossier).dossiers] == ["dossier.status.4", "dossier.status.9"]


def test_a_shown_card_without_its_chip_opens_nothing(centre: Any) -> None:
    play(
        centre,
        on(OneStopHome, HomeChoice.TRACK),
        on(ScanForDossier, does=centre.scans("khang")),
        on(PlaceCard, PlaceCardAnswer.NO_CARD),
        on(NothingFound, NothingAnswer.END, what=NothingKind.DOSSIER_UNPROVEN),
    )
    assert centre.gateway.dossier_requests == []


def test_another_code_is_corrected_kindly(centre: Any) -> None:
    play(
        centre,
        *shows(centre, "https://example.org"),
        on(ScanForDossier, touches=HOME, hint="scan.no_dossier"),
    )
    assert centre.gateway.dossier_requests == []


@pytest.mark.parametrize(("status", "kind"), [(404, NothingKind.DOSSIER), (429, NothingKind.DOSSIER_PAUSED)])
def test_a_wrong_code_never_says_what_was_wrong_and_many_are_slowed(
    centre: Any, status: int, kind: NothingKind
) -> None:
    centre.gateway.faults["find-dossiers"] = [GatewayError(GatewayReason.REFUSED, status=status)]
    play(centre, *shows(centre), on(NothingFound, NothingAnswer.END, what=kind))


def test_without_network_it_can_be_tried_again(centre: Any, offline_error: GatewayError) -> None:
    centre.gateway.faults["find-dossiers"] = [offline_error]
    play(
        centre,
        *shows(centre),
        on(Problem, ProblemChoice.RETRY),
        on(ScanForDossier, does=lambda: centre.scanner.show(slip_text(TOKEN))),
        DONE,
    )
    assert len(centre.gateway.dossier_requests) == 2


def test_what_is_missing_and_what_is_due_stand_with_their_last_day(centre: Any) -> None:
    missing = told.Missing(items=("Giấy chứng sinh", "Giấy kết hôn"), until=at(30, 17))
    centre.gateway.dossiers = (dossier(Status.SUPPLEMENT, missing=missing),)
    shown = play(centre, *shows(centre), DONE).last(ShowDossier)
    assert (shown.missing, shown.missing_until) == (("Giấy chứng sinh", "Giấy kết hôn"), Moment(1, "30/11/2026"))
    line = wire.FeeLine(name="Lệ phí", amount=8_000)
    centre.gateway.dossiers = (dossier(Status.PAYMENT, money=told.MoneyDue(lines=(line,), total=8_000)),)
    shown = play(centre, *shows(centre), DONE).last(ShowDossier)
    assert (shown.money, shown.headline) == (8_000, "dossier.status.6")
    assert len(shown.steps) <= 5 and shown.steps[-1].status == 10


@pytest.mark.parametrize(
    ("status", "late", "pace"),
    [
        (Status.PROCESSING, False, DossierPace.PENDING),
        (Status.PROCESSING, True, DossierPace.LATE),
        (Status.DONE, False, DossierPace.KEPT),
        (Status.DONE, True, DossierPace.LATE),
        (Status.STOPPED, False, None),
    ],
)
def test_kept_is_said_only_of_what_was_finished_in_time(
    centre: Any, status: Status, late: bool, pace: DossierPace | None
) -> None:
    centre.gateway.dossiers = (dossier(status, late=late),)
    assert play(centre, *shows(centre), DONE).last(ShowDossier).pace is pace


def test_a_new_day_is_told_and_not_called_overdue_before_it_has_passed(centre: Any) -> None:
    """Judged it is by the day that was promised (late); told is the day it will be."""
    centre.gateway.dossiers = (dossier(late=True, extended=True),)
    shown = play(centre, *shows(centre), on(ShowDossier, DossierAnswer.PRINT), DONE).last(ShowDossier)
    assert (shown.pace, shown.extended, shown.due) == (None, True, Moment(4, "26/11/2026"))
    assert "spoken.dossier.extended" in [say.message for say in shown.spoken()]
    (slip,) = centre.printer.slips
    assert isinstance(slip, StatusSlip)
    assert slip.asked == ("Đã gia hạn, hẹn lại Thứ Năm ngày 26/11/2026.",)
    centre.gateway.dossiers = (dossier(late=True, extended=True, due_at=at(20, 17)),)
    shown = play(centre, *shows(centre), DONE).last(ShowDossier)
    assert (shown.pace, shown.extended) == (DossierPace.LATE, False)


def test_a_day_that_passed_while_papers_were_waited_for_is_expected_no_more(centre: Any) -> None:
    parts = (part("một", Status.PROCESSING), part("hai", Status.PROCESSING))
    centre.gateway.dossiers = (dossier(due_at=at(20, 17), parts=parts),)
    shown = play(centre, *shows(centre), on(ShowDossier, DossierAnswer.PRINT), DONE).last(ShowDossier)
    assert (shown.counted_on, shown.pace) == (True, DossierPace.PENDING)
    assert [step.at for step in shown.steps if step.mark is Mark.NEXT] == [None, None]
    assert [one.due for one in shown.parts] == [None, None]
    assert "spoken.dossier.counted" in [say.message for say in shown.spoken()]
    assert centre.printer.slips[0].asked == ("Thời hạn được cộng thêm thời gian chờ bổ sung giấy tờ.",)


def test_nobody_is_sent_to_a_counter_for_what_the_post_brings(centre: Any) -> None:
    posted = dossier(Status.DONE, posted=True)
    centre.gateway.dossiers = (posted,)
    shown = play(centre, *shows(centre), on(ShowDossier, DossierAnswer.PRINT), DONE).last(ShowDossier)
    assert shown.posted and shown.hours == () and DossierAnswer.TAKE_NUMBER not in shown.offers
    assert "spoken.dossier.posted" in [say.message for say in shown.spoken()]
    assert centre.printer.slips[0].asked == ("Kết quả được gửi qua bưu chính.",)
    centre.gateway.dossiers = (posted, dossier(sending_code="8Q4K-92HM"))
    play(
        centre,
        on(OneStopHome, HomeChoice.COLLECT),
        on(ScanForDossier, does=lambda: centre.scanner.show(slip_text(TOKEN))),
        on(NothingFound, NothingAnswer.END, what=NothingKind.RESULT_POSTED),
    )


def test_what_ended_without_a_result_promises_nothing(centre: Any) -> None:
    centre.gateway.dossiers = (dossier(Status.WITHDRAWN),)
    shown = play(centre, *shows(centre), DONE).last(ShowDossier)
    assert shown.due is None and all(step.mark is Mark.DONE for step in shown.steps)


def test_a_number_for_the_result_counter(centre: Any) -> None:
    centre.gateway.dossiers = (dossier(Status.DONE, result=READY),)
    stage = play(
        centre,
        *shows(centre),
        on(ShowDossier, DossierAnswer.TAKE_NUMBER),
        on(DeclarePriority, Priority.ELDERLY_75),
        on(TicketReady, TicketAnswer.DONE),
    )
    assert stage.last(ShowDossier).ready_at == "Quầy 6"
    (registration,) = centre.gateway.registrations
    assert registration.clinic_id == "results"
    assert registration.errand == wire.Errand(sending_code="7Q4K-92HM")
    assert registration.patient.number is None, "a number for a result needs no name"
    assert (registration.priority, registration.priority_proven) == (wire.Priority.ELDERLY_75, False)
    assert Priority.PREGNANT in stage.last(DeclarePriority).choices, "nobody knows who comes"


def test_fetching_a_result_takes_the_number_at_once(centre: Any) -> None:
    centre.gateway.dossiers = (dossier(Status.DONE, result=READY),)
    play(
        centre,
        on(OneStopHome, HomeChoice.COLLECT),
        on(ScanForDossier, does=lambda: centre.scanner.show(slip_text(TOKEN))),
        on(DeclarePriority, Priority.NONE),
        on(TicketReady, TicketAnswer.DONE),
    )
    assert centre.gateway.registrations[0].clinic_id == "results"


def test_fetching_what_is_not_ready_shows_how_it_stands(centre: Any) -> None:
    play(
        centre,
        on(OneStopHome, HomeChoice.COLLECT),
        on(ScanForDossier, does=lambda: centre.scanner.show(slip_text(TOKEN))),
        DONE,
    )
    assert centre.gateway.registrations == []


def test_a_dossier_is_rated_with_level_and_reasons(centre: Any) -> None:
    centre.gateway.rateable = told.Rateable(token=TOKEN, name="Khai sinh")
    reasons = RatingReasons((RatingReason.TIME, RatingReason.GUIDANCE))
    play(
        centre,
        *rates(centre),
        on(RateService, RatingLevel.NEUTRAL),
        on(RateReasons, touches=BACK),
        on(RateService, RatingLevel.SATISFIED, chosen=RatingLevel.NEUTRAL),
        on(RateReasons, reasons),
        on(RatingTaken, None),
    )
    chosen = (told.RatingReason.TIME, told.RatingReason.GUIDANCE)
    assert centre.gateway.ratings == [told.Rating(token=TOKEN, level=4, reasons=chosen)]
    assert all(visit.empty for visit in centre.visits)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("unknown", NothingKind.RATE_UNKNOWN),
        ("not-yet", NothingKind.RATE_NOT_YET),
        ("rated", NothingKind.RATE_RATED),
    ],
)
def test_what_may_not_be_rated_says_why(centre: Any, reason: str, kind: NothingKind) -> None:
    centre.gateway.rateable = told.Rateable(token=None, reason=reason)
    play(centre, *rates(centre), on(NothingFound, NothingAnswer.END, what=kind))
    assert centre.gateway.ratings == []


def test_without_network_a_slip_is_rated_and_delivered_later(centre: Any, offline_error: GatewayError) -> None:
    centre.gateway.faults["may-rate"] = [offline_error]
    play(
        centre,
        *rates(centre),
        on(RateService, RatingLevel.VERY_DISSATISFIED, name=""),
        on(RateReasons, RatingReasons()),
        on(RatingTaken, None),
    )
    assert centre.gateway.ratings == [told.Rating(token=TOKEN, level=1)]


def test_who_skips_sends_nothing(centre: Any) -> None:
    centre.gateway.rateable = told.Rateable(token=TOKEN)
    play(centre, *rates(centre), on(RateService, RateAnswer.SKIP))
    assert centre.gateway.ratings == []


def test_a_followed_dossier_is_rated_where_it_may_be(centre: Any) -> None:
    centre.gateway.dossiers = (dossier(Status.RETURNED, may_be_rated=True, mourning=True),)
    play(
        centre,
        *shows(centre),
        on(ShowDossier, DossierAnswer.RATE),
        on(RateService, RatingLevel.SATISFIED, mourning=True),
        on(RateReasons, RatingReasons()),
        on(RatingTaken, None),
    )
    assert centre.gateway.ratings[0].token == TOKEN


BILL = wire.Bill(
    id="b7",
    number=CODE,
    kind=wire.BillKind.FEE,
    status=wire.BillStatus.OPEN,
    amount=8_000,
    left=8_000,
    payable=True,
    issued_at=at(23, 8),
    title="Khai sinh",
    lines=(wire.FeeLine(name="Lệ phí", amount=8_000),),
)


def asks_money(**more: Any) -> told.Dossier:
    money = told.MoneyDue(lines=BILL.lines, total=8_000, bill_id="b7").model_copy(update=more)
    return dossier(Status.PAYMENT, money=money)


def test_what_a_dossier_asks_for_is_paid_where_it_is_followed(centre: Any) -> None:
    centre.gateway.dossiers, centre.gateway.bills = (asks_money(),), (BILL,)
    stage = play(
        centre,
        *shows(centre),
        on(ShowDossier, DossierAnswer.PAY),
        on(ShowBill, ShowBillAnswer.PAY),
        on(PayByVietQR, does=lambda: centre.gateway.bank(wire.PaymentStatus.PAID)),
        on(PaymentDone, PaidAnswer.DONE, amount=8_000, bill_number=CODE),
    )
    assert stage.last(ShowBill).lines[0].name == "Lệ phí"
    assert centre.gateway.made == 1 and len(centre.printer.slips) == 1
    assert all(visit.empty for visit in centre.visits)


def test_who_leaves_the_code_unpaid_sees_the_dossier_as_it_is_now(centre: Any) -> None:
    centre.gateway.dossiers, centre.gateway.bills = (asks_money(),), (BILL,)

    def paid_at_the_counter() -> None:
        centre.gateway.dossiers = (dossier(),)

    play(
        centre,
        *shows(centre),
        on(ShowDossier, DossierAnswer.PAY),
        on(ShowBill, touches=BACK),
        on(ShowDossier, DossierAnswer.PAY),
        on(ShowBill, ShowBillAnswer.PAY, does=paid_at_the_counter),
        on(PayByVietQR, PayAnswer.CASHIER),
        on(ShowDossier, DossierAnswer.DONE, headline="dossier.status.4"),
    )
    assert "cancel-payment" in centre.gateway.calls and len(centre.gateway.dossier_requests) == 2


def test_money_that_came_here_and_is_not_noted_there_is_not_asked_for_again(centre: Any) -> None:
    centre.gateway.dossiers = (asks_money(bill_id=None, paid=True),)
    shown = play(centre, *shows(centre), DONE).last(ShowDossier)
    assert (shown.money, shown.money_paid, shown.headline) == (0, True, "dossier.status.6.paid")
    assert DossierAnswer.PAY not in shown.offers


def test_a_fee_that_only_the_counter_takes_is_not_offered_here(centre: Any) -> None:
    centre.gateway.dossiers = (asks_money(bill_id=None),)
    assert DossierAnswer.PAY not in play(centre, *shows(centre), DONE).last(ShowDossier).offers


def test_a_bill_that_cannot_be_read_leads_back_to_the_dossier(centre: Any, offline_error: GatewayError) -> None:
    centre.gateway.dossiers, centre.gateway.bills = (asks_money(),), (BILL,)
    centre.gateway.faults["bill"] = [offline_error]
    play(
        centre,
        *shows(centre),
        on(ShowDossier, DossierAnswer.PAY),
        on(Problem, ProblemChoice.ASK_DESK),
        DONE,
    )
    assert centre.gateway.made == 0


def test_a_handed_over_dossier_is_rated_from_fetching_too(centre: Any) -> None:
    centre.gateway.dossiers = (dossier(Status.RETURNED, may_be_rated=True),)
    play(
        centre,
        on(OneStopHome, HomeChoice.COLLECT),
        on(ScanForDossier, does=lambda: centre.scanner.show(slip_text(TOKEN))),
        on(ShowDossier, DossierAnswer.RATE),
        on(RateService, RatingLevel.SATISFIED),
        on(RateReasons, RatingReasons()),
        on(RatingTaken, None),
    )
    assert centre.gateway.ratings[0].token == TOKEN


def test_how_it_stands_is_printed_without_a_name(centre: Any) -> None:
    missing = told.Missing(items=("Giấy chứng sinh",), until=at(30, 17))
    centre.gateway.dossiers = (dossier(Status.SUPPLEMENT, missing=missing),)
    stage = play(
        centre,
        *shows(centre),
        on(ShowDossier, DossierAnswer.PRINT, printed=None),
        on(ShowDossier, DossierAnswer.DONE, printed=True),
    )
    (slip,) = centre.printer.slips
    assert isinstance(slip, StatusSlip)
    assert (slip.dossier_code, slip.due, slip.code) == (CODE, "Thứ Năm 26/11/2026", slip_text(TOKEN))
    assert slip.asked == ("Cần bổ sung: Giấy chứng sinh", "Hạn bổ sung: hết Thứ Hai 30/11/2026")
    shown = stage.last(ShowDossier)
    assert [line.came for line in slip.lines] == [step.mark is not Mark.NEXT for step in shown.steps]


def test_without_paper_the_page_says_so_and_stays(centre: Any, no_paper: Printed) -> None:
    centre.printer.answers = [no_paper]
    play(
        centre,
        *shows(centre),
        on(ShowDossier, DossierAnswer.PRINT),
        on(ShowDossier, DossierAnswer.DONE, printed=False),
    )


def part(id: str, status: Status, outcome: str = "") -> told.DossierPart:
    return told.DossierPart(id=id, name=f"Phần {id}", status=status, due_at=at(27, 17), outcome=outcome)


def test_what_came_of_each_part_stands_on_page_and_slip_and_is_said(centre: Any) -> None:
    parts = (part("một", Status.DONE, "Giấy khai sinh"), part("hai", Status.PROCESSING))
    centre.gateway.dossiers = (dossier(parts=parts),)
    play(
        centre, *shows(centre), on(ShowDossier, DossierAnswer.PRINT), on(ShowDossier, DossierAnswer.DONE, printed=True)
    )
    page = centre.stage.last(ShowDossier)
    assert [(one.status, one.outcome) for one in page.parts] == [(9, "Giấy khai sinh"), (4, "")]
    said = [(one.message, dict(one.args)) for one in page.spoken()]
    assert ("spoken.dossier.outcome", {"outcome": "Giấy khai sinh"}) in said and ("status.4", {}) in said
    (slip,) = centre.printer.slips
    assert isinstance(slip, StatusSlip)
    assert [(one.name, one.detail) for one in slip.parts] == [
        ("Phần một", "Đã xử lý xong · Giấy khai sinh"),
        ("Phần hai", "Đang xử lý · hẹn Thứ Sáu 27/11/2026"),
    ]
    assert [one.name for one in slip.lines] == ["Được tiếp nhận", "Đang xử lý"], "what came last: it stays short"


def test_nothing_chimes_where_a_death_is_followed(centre: Any) -> None:
    centre.gateway.dossiers = (dossier(Status.DONE, result=READY, mourning=True),)
    play(
        centre,
        *shows(centre),
        on(ShowDossier, DossierAnswer.TAKE_NUMBER, mourning=True),
        on(DeclarePriority, Priority.NONE, mourning=True),
        on(TicketReady, TicketAnswer.DONE, mourning=True),
    )
    assert "ticket-ready" not in centre.sounds.heard
