""" "Thanh toán viện phí": what was found, chosen, paid and confirmed, and who sees what of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.codes.slip import slip_text
from services.contract import models as wire
from services.contract.problem_codes import BILL_SETTLED, PAYMENT_UNCLEAR, TOO_MANY_NUMBERS
from services.gateway_client import GatewayError, GatewayReason
from services.journeys.ports import Printed
from services.journeys.prompts import (
    AskedText,
    BillChosen,
    ChooseBill,
    Home,
    HomeChoice,
    LeavePayment,
    LeavePaymentAnswer,
    NothingAnswer,
    NothingFound,
    NothingKind,
    OneStopHome,
    PaidAnswer,
    PayAnswer,
    PayByVietQR,
    PaymentDone,
    PayState,
    PlaceCard,
    PlaceCardAnswer,
    Problem,
    ProblemChoice,
    ScanForPay,
    ScanForPayAnswer,
    ShowBill,
    ShowBillAnswer,
    TypedLetters,
    TypeLetters,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent
from services.receipts.slips import PaymentSlip
from tests.journeys.conftest import NOW

PAID = wire.PaymentStatus.PAID
TOKEN = "0123456789ABCDEFGHJKMNPQRS"


def bill(number: int, **more: object) -> wire.Bill:
    facts: dict[str, object] = {
        "id": f"b{number}",
        "number": f"VT-{number:04}",
        "kind": wire.BillKind.CHARGE,
        "status": wire.BillStatus.OPEN,
        "title": "Nội tim mạch",
        "amount": 100_000 * number,
        "left": 100_000 * number,
        "lines": (wire.FeeLine(name="Siêu âm tim", amount=100_000 * number),),
        "breakdown": wire.Breakdown(price=200_000 * number, fund=100_000 * number, patient=100_000 * number),
        "issued_at": NOW,
        "payable": True,
    }
    return wire.Bill.model_validate({**facts, **more})


@pytest.fixture
def paying(world: Any) -> Any:
    world.gateway.bills = (bill(1), bill(2, kind=wire.BillKind.ADVANCE, lines=(), breakdown=None))
    return world


def finds(world: Any, code: str = "VT-0001") -> tuple[Line, ...]:
    return (on(Home, HomeChoice.PAY), on(ScanForPay, does=lambda: world.scanner.show(code)))


def chooses(world: Any, number: int = 1) -> tuple[Line, ...]:
    return (on(ChooseBill, BillChosen(f"b{number}")), on(ShowBill, ShowBillAnswer.PAY))


def pays(world: Any) -> Line:
    return on(PayByVietQR, does=lambda: world.after(5, lambda: world.gateway.bank(PAID)))


def test_a_bill_is_found_by_its_code_paid_and_confirmed_on_paper(paying: Any) -> None:
    stage = paying.play(*finds(paying), *chooses(paying), pays(paying), on(PaymentDone, PaidAnswer.DONE))
    assert paying.gateway.bill_requests == [wire.BillsRequest(code="VT-0001")]
    (slip,) = paying.printer.slips
    assert isinstance(slip, PaymentSlip)
    assert (slip.amount, slip.bill_number, slip.paid_at, slip.ticket_number) == (100_000, "VT-0001", NOW, "")
    assert slip.code == "TRM4K82QX", "by it the cashier finds the payment"
    done = stage.last(PaymentDone)
    assert (done.amount, done.printed, done.unclear, done.others_left) == (100_000, True, False, True)
    assert all(visit.empty for visit in paying.visits)


@pytest.mark.parametrize(
    ("shown", "asked"),
    [
        (slip_text(TOKEN), wire.BillsRequest(slip=TOKEN)),
        ("VT-0358", wire.BillsRequest(code="VT-0358")),
        ("000.00.00.H26-260101-0001", wire.BillsRequest(code="000.00.00.H26-260101-0001")),
        (
            "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN"
            "62340107NPS68690819thanh toan don hang63042E2E",
            wire.BillsRequest(code="NPS6869"),
        ),
    ],
    ids=["slip", "bill", "dossier", "the bill's own payment code"],
)
def test_slip_bill_and_dossier_are_told_apart_by_their_code(paying: Any, shown: str, asked: wire.BillsRequest) -> None:
    paying.play(*finds(paying, shown), on(ChooseBill, touches=StageEvent.HOME))
    assert paying.gateway.bill_requests == [asked]


def test_at_a_one_stop_centre_the_code_of_a_dossier_asks_for_the_four_characters_beside_it(paying: Any) -> None:
    code, site = "H99.01-20261123-0000001", paying.gateway.site
    centre = wire.OneStopSite(agency="x", agency_en="x", commune="99001", province="99", files=True, uploads=False)
    paying.gateway.site = site.model_copy(update={"one_stop": centre})
    paying.play(
        on(OneStopHome, HomeChoice.PAY),
        on(ScanForPay, does=lambda: paying.scanner.show(code)),
        on(TypeLetters, touches=StageEvent.BACK, what=AskedText.LOOK_UP),
        on(ScanForPay, does=lambda: paying.scanner.show(code)),
        on(TypeLetters, TypedLetters("K7M4"), what=AskedText.LOOK_UP),
        on(ChooseBill, touches=StageEvent.HOME),
        on(OneStopHome),
        ends=False,
    )
    assert paying.gateway.bill_requests == [wire.BillsRequest(code=code, look_up_code="K7M4")]


def test_what_is_no_bill_is_corrected_kindly(paying: Any) -> None:
    paying.play(
        *finds(paying, "https://example.org/?x=1"),
        on(ScanForPay, touches=StageEvent.HOME, hint="scan.no_bill"),
    )
    assert paying.gateway.bill_requests == []


def test_the_chip_opens_all_bills_of_its_holder(paying: Any) -> None:
    paying.play(
        on(Home, HomeChoice.PAY),
        on(ScanForPay, does=paying.scans("khang")),
        on(PlaceCard, does=paying.lays("khang")),
        *chooses(paying),
        pays(paying),
        on(PaymentDone, PaidAnswer.DONE),
        paying.takes_card(),
    )
    (request,) = paying.gateway.bill_requests
    assert request.person is not None and request.person.level is wire.EvidenceLevel.CHIP_GENUINE
    (slip,) = paying.printer.slips
    assert slip.number_masked == "•••• •••• •829"


def test_a_shown_card_without_its_chip_opens_nothing(paying: Any) -> None:
    paying.play(
        on(Home, HomeChoice.PAY),
        on(ScanForPay, does=paying.scans("khang")),
        on(PlaceCard, PlaceCardAnswer.NO_CARD),
        on(NothingFound, NothingAnswer.GO_ON, what=NothingKind.BILL_UNPROVEN),
        on(ScanForPay, touches=StageEvent.HOME),
    )
    assert paying.gateway.bill_requests == []


def test_the_code_can_be_typed(paying: Any) -> None:
    paying.play(
        on(Home, HomeChoice.PAY),
        on(ScanForPay, ScanForPayAnswer.TYPE_CODE),
        on(TypeLetters, TypedLetters("VT-0001")),
        on(ChooseBill, touches=StageEvent.BACK),
        on(ScanForPay, touches=StageEvent.HOME),
    )
    assert paying.gateway.bill_requests == [wire.BillsRequest(code="VT-0001")]


def test_details_stay_hidden_until_a_bill_is_touched(paying: Any) -> None:
    stage = paying.play(
        *finds(paying),
        on(ChooseBill, BillChosen("b1")),
        on(ShowBill, touches=StageEvent.BACK, title="Nội tim mạch"),
        on(ChooseBill, touches=StageEvent.HOME),
    )
    assert "tim" not in repr(stage.last(ChooseBill)).lower()


def test_nothing_found_says_where_to_ask(paying: Any) -> None:
    paying.gateway.bills = ()
    stage = paying.play(*finds(paying), on(NothingFound, NothingAnswer.END, what=NothingKind.BILL))
    assert stage.last(NothingFound).desk


def test_paid_unclear_and_cashier_only_bills_are_seen_and_not_chosen(paying: Any) -> None:
    paying.gateway.bills = (
        bill(1, status=wire.BillStatus.PAID, left=0),
        bill(2, unclear=True, payable=False),
        bill(3, payable=False),
        bill(4),
        bill(5, status=wire.BillStatus.CANCELLED),
    )
    stage = paying.play(
        *finds(paying),
        *(on(ChooseBill, BillChosen(f"b{number}")) for number in (1, 2, 3)),
        on(ChooseBill, BillChosen("b4")),
        on(ShowBill, touches=StageEvent.HOME),
    )
    rows = stage.last(ChooseBill).bills
    assert [(row.id, row.state.value) for row in rows] == [
        ("b4", "open"),
        ("b1", "paid"),
        ("b2", "unclear"),
        ("b3", "cashier"),
    ]


def test_another_bill_of_the_same_person_follows_with_a_fresh_list(paying: Any) -> None:
    paying.play(
        *finds(paying),
        *chooses(paying, 1),
        pays(paying),
        on(PaymentDone, PaidAnswer.OTHER_BILL),
        *chooses(paying, 2),
        pays(paying),
        on(PaymentDone, PaidAnswer.DONE),
    )
    assert [slip.bill_number for slip in paying.printer.slips] == ["VT-0001", "VT-0002"]
    assert [slip.kind for slip in paying.printer.slips] == ["charge", "advance"]
    assert len(paying.gateway.bill_requests) == 2


def test_without_network_paying_is_refused_kindly(paying: Any, offline_error: GatewayError) -> None:
    paying.gateway.faults["find-bills"] = [offline_error]
    paying.play(*finds(paying), on(Problem, ProblemChoice.ASK_DESK, code="GW-201"))


def test_going_home_unpaid_cancels_the_code_and_prints_nothing(paying: Any) -> None:
    paying.play(
        *finds(paying),
        *chooses(paying),
        on(PayByVietQR, touches=StageEvent.HOME),
        on(LeavePayment, LeavePaymentAnswer.NOT_PAID),
    )
    assert paying.gateway.calls.count("cancel-payment") == 1
    assert paying.printer.slips == []


def test_walking_away_warns_then_cancels(paying: Any) -> None:
    from services.journeys.prompts import IdleWarning

    stage = paying.play(*finds(paying), *chooses(paying), on(PayByVietQR), on(IdleWarning, code_live=True))
    assert paying.gateway.calls.count("cancel-payment") == 1
    assert paying.printer.slips == []
    assert stage.resets >= 1


def test_walking_away_after_saying_i_have_paid_leaves_a_slip_for_the_cashier(paying: Any) -> None:
    paying.gateway.on_cancel = wire.PaymentStatus.UNKNOWN
    paying.play(
        *finds(paying),
        *chooses(paying),
        on(PayByVietQR, PayAnswer.I_HAVE_PAID),
        on(PayByVietQR, state=PayState.ASKING),
        on(Problem, ProblemChoice.GO_ON, code=PAYMENT_UNCLEAR),
        on(PaymentDone, PaidAnswer.DONE, unclear=True),
    )
    (slip,) = paying.printer.slips
    assert slip.paid_at is None


def test_money_that_came_before_the_cancel_is_confirmed_on_the_way_out(paying: Any) -> None:
    paying.gateway.on_cancel = PAID
    paying.play(
        *finds(paying),
        *chooses(paying),
        on(PayByVietQR, touches=StageEvent.HOME),
        on(LeavePayment, LeavePaymentAnswer.NOT_PAID),
        on(PaymentDone, PaidAnswer.DONE, unclear=False),
    )
    assert len(paying.printer.slips) == 1


def test_the_cashier_is_another_way_and_leads_back_to_the_list(paying: Any) -> None:
    paying.play(
        *finds(paying),
        *chooses(paying),
        on(PayByVietQR, PayAnswer.CASHIER),
        on(ChooseBill, touches=StageEvent.HOME),
    )
    assert paying.gateway.calls.count("cancel-payment") == 1


@pytest.mark.parametrize("reason", [wire.EndReason.PAID_ELSEWHERE, wire.EndReason.BILL_CANCELLED])
def test_a_bill_paid_elsewhere_meanwhile_is_said_and_not_paid_again(paying: Any, reason: wire.EndReason) -> None:
    def elsewhere() -> None:
        paying.gateway.intent = paying.gateway.intent.model_copy(update={"ended": reason})
        paying.gateway.bank(wire.PaymentStatus.CANCELLED)

    paying.play(
        *finds(paying),
        *chooses(paying),
        on(PayByVietQR, does=lambda: paying.after(5, elsewhere)),
        on(Problem, ProblemChoice.GO_ON, code=BILL_SETTLED),
        on(ChooseBill, touches=StageEvent.HOME),
    )
    assert paying.gateway.made == 1


def test_a_bill_that_changed_meanwhile_is_paid_by_a_new_code_only_when_wished(paying: Any) -> None:
    def changed() -> None:
        paying.gateway.bills = (bill(1, amount=150_000, left=150_000),)
        paying.gateway.intent = paying.gateway.intent.model_copy(update={"ended": wire.EndReason.BILL_CHANGED})
        paying.gateway.bank(wire.PaymentStatus.CANCELLED)

    stage = paying.play(
        *finds(paying),
        *chooses(paying),
        on(PayByVietQR, does=lambda: paying.after(5, changed)),
        on(Problem, ProblemChoice.RETRY, code="TT-307"),
        pays(paying),
        on(PaymentDone, PaidAnswer.DONE),
    )
    assert stage.last(PayByVietQR).amount == 150_000


def test_where_too_many_numbers_were_asked_for_nothing_is_asked_again_and_the_cashier_is_the_way(paying: Any) -> None:
    refused = GatewayError(GatewayReason.REFUSED, status=429, code=TOO_MANY_NUMBERS, sent=True)
    paying.gateway.faults["find-bills"] = [refused]
    paying.play(*finds(paying), on(Problem, ProblemChoice.ASK_DESK, code=TOO_MANY_NUMBERS))
    assert paying.gateway.bill_requests == []


def test_back_from_there_leads_to_the_page_before_where_the_card_may_be_shown(paying: Any) -> None:
    refused = GatewayError(GatewayReason.REFUSED, status=429, code=TOO_MANY_NUMBERS, sent=True)
    paying.gateway.faults["find-bills"] = [refused]
    paying.play(
        *finds(paying),
        on(Problem, touches=StageEvent.BACK, code=TOO_MANY_NUMBERS),
        on(ScanForPay, does=lambda: paying.scanner.show("VT-0001")),
        on(ChooseBill, touches=StageEvent.HOME),
    )


def test_a_bill_that_was_settled_before_its_code_was_made_says_so(paying: Any) -> None:
    refused = GatewayError(GatewayReason.REFUSED, status=422, code=BILL_SETTLED, sent=True)
    paying.gateway.faults["pay"] = [refused]
    paying.play(
        *finds(paying),
        *chooses(paying),
        on(Problem, ProblemChoice.GO_ON, code=BILL_SETTLED),
        on(ChooseBill, touches=StageEvent.HOME),
    )


def test_several_accounts_are_paid_one_after_the_other_and_stand_on_one_slip(paying: Any) -> None:
    owners = [wire.Beneficiary(id=f"o{n}", name=f"Kho bạc {n}", name_en="") for n in (1, 2)]
    paying.gateway.intent_facts = [
        {"amount": 70_000, "part": 1, "parts": 2, "bill_left": 30_000, "beneficiary": owners[0]},
        {"amount": 30_000, "part": 2, "parts": 2, "bill_left": 0, "beneficiary": owners[1], "purpose": "TRM000011"},
    ]
    stage = paying.play(*finds(paying), *chooses(paying), pays(paying), pays(paying), on(PaymentDone, PaidAnswer.DONE))
    seen = [prompt for prompt in stage.seen if isinstance(prompt, PayByVietQR)]
    assert [(prompt.part, prompt.parts, prompt.beneficiary) for prompt in seen] == [
        (1, 2, "Kho bạc 1"),
        (2, 2, "Kho bạc 2"),
    ]
    (slip,) = paying.printer.slips
    assert (slip.amount, slip.left) == (100_000, 0)
    assert [(part.amount, part.beneficiary) for part in slip.parts] == [(70_000, "Kho bạc 1"), (30_000, "Kho bạc 2")]


def test_one_part_paid_and_the_other_not_gives_a_slip_that_says_what_is_left(paying: Any) -> None:
    paying.gateway.intent_facts = [
        {"amount": 70_000, "part": 1, "parts": 2, "bill_left": 30_000},
        {"amount": 30_000, "part": 2, "parts": 2, "bill_left": 0},
    ]
    paying.play(
        *finds(paying),
        *chooses(paying),
        pays(paying),
        on(PayByVietQR, PayAnswer.CASHIER, part=2),
        on(PaymentDone, PaidAnswer.DONE),
    )
    (slip,) = paying.printer.slips
    assert (slip.amount, slip.left, slip.paid_at) == (70_000, 30_000, NOW)


def test_the_invoice_that_comes_a_moment_later_is_on_the_slip(paying: Any) -> None:
    invoice = wire.EInvoice(
        kind=wire.EInvoiceKind.INVOICE, number="1C26TVT 00000123", lookup_code="7F3K9Q2XB", lookup_url="hoadon.example"
    )
    later = wire.InvoiceLater(kind=wire.EInvoiceKind.INVOICE, text="Quầy thu, trong ngày", text_en="Cashier, today")
    paying.gateway.intent_facts = [{"invoice_later": later, "hand_over_pending": True}]

    def issued() -> None:
        paying.gateway.intent = paying.gateway.intent.model_copy(
            update={"invoice": invoice, "invoice_later": None, "hand_over_pending": False}
        )
        paying.gateway.bank(PAID)

    paying.play(
        *finds(paying),
        *chooses(paying),
        pays(paying),
        on(PaymentDone, does=lambda: paying.after(1, issued), printing=True),
    )
    (slip,) = paying.printer.slips
    assert (slip.invoice_number, slip.invoice_code, slip.invoice_site) == (
        "1C26TVT 00000123",
        "7F3K9Q2XB",
        "hoadon.example",
    )
    assert (slip.pending, slip.invoice_later) == (False, "")


def test_an_invoice_that_does_not_come_in_time_is_told_where_and_when(paying: Any) -> None:
    later = wire.InvoiceLater(kind=wire.EInvoiceKind.RECEIPT, text="Quầy số 4, trong ngày", text_en="Desk 4, today")
    paying.gateway.intent_facts = [{"invoice_later": later, "hand_over_pending": True}]
    stage = paying.play(*finds(paying), *chooses(paying), pays(paying), on(PaymentDone, printing=True))
    (slip,) = paying.printer.slips
    assert (slip.invoice_later, slip.receipt, slip.pending) == ("Quầy số 4, trong ngày", True, True)
    done = stage.last(PaymentDone)
    assert done.pending and done.invoice is not None and done.invoice.later == "Quầy số 4, trong ngày"


def test_a_slip_that_does_not_come_out_leaves_the_code_on_the_screen_for_a_minute(paying: Any) -> None:
    paying.printer.answers = [Printed(False, "PR-02")]
    stage = paying.play(*finds(paying), *chooses(paying), pays(paying), on(PaymentDone, printing=True))
    done = stage.last(PaymentDone)
    assert (done.printed, done.problem, done.code) == (False, "PR-02", "TRM4K82QX")
    assert any(ring is not None and ring.result and ring.total == 60 for ring in stage.rings)


def test_a_rest_that_the_gateways_new_code_asks_for_is_shown(paying: Any) -> None:
    from services.codes.vietqr import transfer

    def part_came() -> None:
        rest = transfer(bin="970436", account="0011", amount=60_000, purpose="TRM4K82QX")
        paying.gateway.intent = paying.gateway.intent.model_copy(update={"payload": rest})
        paying.gateway.bank(wire.PaymentStatus.UNDERPAID, 40_000)

    stage = paying.play(
        *finds(paying),
        *chooses(paying),
        on(PayByVietQR, does=lambda: paying.after(5, part_came)),
        ends=False,
        seconds=10,
    )
    shown = stage.last(PayByVietQR)
    assert (shown.state, shown.missing, bool(shown.payload)) == (PayState.REST, 60_000, True)


def test_the_old_code_is_hidden_when_a_part_came_and_it_would_take_all_again(paying: Any) -> None:
    stage = paying.play(
        *finds(paying),
        *chooses(paying),
        on(
            PayByVietQR, does=lambda: paying.after(5, lambda: paying.gateway.bank(wire.PaymentStatus.UNDERPAID, 40_000))
        ),
        ends=False,
        seconds=10,
    )
    shown = stage.last(PayByVietQR)
    assert (shown.state, shown.missing, shown.payload) == (PayState.UNDERPAID, 60_000, "")


def test_a_code_whose_time_is_over_by_the_gateways_clock_is_hidden_without_any_news(paying: Any) -> None:
    paying.gateway.clock_ahead = 3600.0
    paying.gateway.intent_facts = [{"expires_at": NOW - timedelta(seconds=3600 - 60)}]
    stage = paying.play(
        *finds(paying),
        *chooses(paying),
        on(PayByVietQR),
        on(Problem, ProblemChoice.GO_ON, code="TT-303"),
        on(ChooseBill, touches=StageEvent.HOME),
    )
    shown = stage.last(PayByVietQR)
    assert 55 <= shown.seconds_left <= 60, "a kiosk whose clock is an hour ahead still counts the gateway's minute"
    assert paying.gateway.calls.count("cancel-payment") == 1


def test_a_gateway_that_is_not_heard_is_said_under_the_code(paying: Any) -> None:
    def lost() -> None:
        paying.gateway.online = False

    stage = paying.play(
        *finds(paying),
        *chooses(paying),
        on(PayByVietQR, does=lambda: paying.after(3, lost)),
        ends=False,
        seconds=10,
    )
    assert stage.last(PayByVietQR).state is PayState.NO_NEWS
