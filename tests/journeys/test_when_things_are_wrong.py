"""Every row of "when things are wrong": a sentence, a way on, and the start page by itself (DESIGN section 7)."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import trio

from services.contract import models as wire
from services.failures import REGISTRY
from services.gateway_client import GatewayError, GatewayReason
from services.journeys.ports import Printed
from services.journeys.prompts import (
    CardLeftBehind,
    ChooseClinic,
    ChoosePatient,
    ClinicChosen,
    ConfirmIdentity,
    DeclarePriority,
    Home,
    HomeChoice,
    IdentityAnswer,
    IdleWarning,
    InsuranceAnswer,
    InsuranceValid,
    PatientChoice,
    PayByVietQR,
    PlaceCard,
    Priority,
    Problem,
    ProblemChoice,
    Review,
    ReviewAnswer,
    ScanCode,
    StaffCall,
    StaffCallAnswer,
    TicketAnswer,
    TicketReady,
    WithoutCard,
    WithoutCardAnswer,
)
from services.journeys.scripted import on
from services.journeys.stage import StageEvent, TimeLeft
from services.messages import tr

REPRINT, DONE = TicketAnswer.REPRINT, TicketAnswer.DONE
VIETQR = "00020101021238560010A0000007270126000697041501121133666688880208QRIBFTTA53037045802VN63044F52"


def test_a_wrong_code_is_told_and_the_second_time_another_way_is_offered_first(world: Any) -> None:
    stage = world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=lambda: world.scanner.show("https://example.vn/menu")),
        on(ScanCode, does=lambda: world.scanner.show("WIFI:S:khach;;"), hint="scan.other_code"),
        on(Problem, ProblemChoice.WITHOUT_CARD, code="QR-12"),
        on(WithoutCard, touches=StageEvent.HOME),
    )
    assert stage.last(Problem).choices[:2] == (ProblemChoice.CALL_STAFF, ProblemChoice.WITHOUT_CARD)
    assert world.sounds.heard.count("error") == 3


def test_an_unreadable_code_twice_offers_staff_first_and_every_other_way_beside(world: Any) -> None:
    """LOOK.md section 8: the same mistake twice → offer staff first."""
    stage = world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=lambda: world.scanner.show("001090012829|Trần")),
        on(ScanCode, does=lambda: world.scanner.show("001090012829||"), hint="scan.unreadable"),
        on(Problem, ProblemChoice.CALL_STAFF, code="QR-11"),
        on(StaffCall, StaffCallAnswer.CONTINUE),
        on(Problem, ProblemChoice.WITHOUT_CARD, code="QR-11"),
        on(WithoutCard, touches=StageEvent.HOME),
    )
    assert stage.last(Problem).choices == (
        ProblemChoice.CALL_STAFF,
        ProblemChoice.BY_HAND,
        ProblemChoice.RETRY,
        ProblemChoice.WITHOUT_CARD,
    )
    assert world.gateway.calls.count("call-staff") == 1


def test_an_unreadable_code_twice_can_be_tried_again(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=lambda: world.scanner.show("001090012829|Trần")),
        on(ScanCode, does=lambda: world.scanner.show("001090012829||"), hint="scan.unreadable"),
        on(Problem, ProblemChoice.RETRY, code="QR-11"),
        on(ScanCode, touches=StageEvent.HOME, hint=None),
    )


def test_a_lost_scanner_is_told_and_a_number_can_still_be_had(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=world.scanner.lose),
        on(Problem, ProblemChoice.WITHOUT_CARD, code="QR-10"),
        on(WithoutCard, WithoutCardAnswer.NO_PAPER),
        on(ChooseClinic, ClinicChosen("ent")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER, pays_now=True),
        on(PayByVietQR, does=lambda: world.gateway.bank(wire.PaymentStatus.PAID)),
        on(TicketReady, TicketAnswer.DONE),
    )


@pytest.mark.parametrize("code", ["BH-101", "BH-102", "BH-103", "BH-104"])
def test_with_the_insurer_down_the_patient_is_received_and_the_evidence_kept(world: Any, code: str) -> None:
    world.gateway.insurance = GatewayError(GatewayReason.SERVER, status=502, code=code)
    world.play(
        *world.known("hoa"),
        on(Problem, ProblemChoice.GO_ON, code=code),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER, insured=True, amounts=None, pays_now=False),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.insurance_pending",)),
        world.takes_card(),
    )
    registration = world.gateway.registrations[0]
    assert registration.insurance_unreachable
    assert registration.insurance_failure == code
    assert registration.insurance_failure_at is not None
    assert registration.use_insurance
    assert world.printer.slips[0].marks == ("slip.insurance_pending",)


def test_trying_the_insurer_again_may_work(world: Any) -> None:
    world.insured()
    world.gateway.faults["insurance"] = [GatewayError(GatewayReason.SERVER, code="BH-103")]
    world.play(
        *world.known("hoa"),
        on(Problem, ProblemChoice.RETRY, code="BH-103"),
        on(InsuranceValid, touches=StageEvent.HOME),
        world.takes_card(),
    )


def test_the_insurer_is_asked_again_once_and_then_the_way_on_is_left(world: Any) -> None:
    slow = GatewayError(GatewayReason.SERVER, code="BH-103")
    world.gateway.faults["insurance"] = [slow, slow]
    world.play(
        *world.known("hoa"),
        on(Problem, ProblemChoice.RETRY, choices=(ProblemChoice.GO_ON, ProblemChoice.RETRY)),
        on(Problem, ProblemChoice.GO_ON, choices=(ProblemChoice.GO_ON,)),
        on(ChooseClinic, touches=StageEvent.HOME),
        world.takes_card(),
    )


def test_failures_name_the_desks_of_this_place_in_the_language_of_the_moment(world: Any) -> None:
    desk = wire.Desk(name="quầy tiếp đón số 7", name_en="reception desk 7")
    world.gateway.site = world.gateway.site.model_copy(update={"insurance_desk": desk})
    world.gateway.insurance = GatewayError(GatewayReason.SERVER, status=502, code="BH-101")
    stage = world.play(*world.known("hoa"), on(Problem, touches=StageEvent.HOME, code="BH-101"), world.takes_card())
    shown = stage.last(Problem)
    said = [tr(one.message, "vi", **dict(one.args)) for one in shown.spoken()]
    assert said[2] == "Quầy tiếp đón số 7 kiểm tra thẻ bảo hiểm sau."


def test_with_the_gateway_down_in_mid_journey_a_leased_number_is_printed(world: Any) -> None:
    def cut() -> None:
        world.gateway.insurance = GatewayError(GatewayReason.NO_NETWORK)
        world.gateway.accept_offline, world.gateway.online = True, False

    world.play(
        *world.meets("hoa"),
        on(ConfirmIdentity, IdentityAnswer.YES, does=cut),
        on(Problem, ProblemChoice.GO_ON, code="GW-201"),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE, number="B07", notes=("slip.insurance_pending", "slip.offline")),
        world.takes_card(),
    )
    assert len(world.gateway.registrations) == 1


def test_a_kiosk_that_never_heard_of_clinics_says_so_and_tries_again(world: Any) -> None:
    world.insured()
    world.gateway.faults["clinics"] = [GatewayError(GatewayReason.NO_NETWORK)] * 2
    world.play(
        *world.known("hoa"),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(Problem, ProblemChoice.RETRY, code="GW-201"),
        on(Problem, ProblemChoice.END, code="GW-201"),
        world.takes_card(),
    )


def test_a_refused_registration_is_told_and_another_clinic_may_be_chosen(world: Any) -> None:
    world.insured()
    world.gateway.faults["register"] = [GatewayError(GatewayReason.CONFLICT, status=409)]
    world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(Problem, touches=StageEvent.BACK, code="GW-205"),
        on(Review, ReviewAnswer.CHANGE_CLINIC),
        on(ChooseClinic, ClinicChosen("ent")),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE),
        world.takes_card(),
    )
    assert [r.clinic_id for r in world.gateway.registrations] == ["ent"]


@pytest.mark.parametrize("code", ["PR-01", "PR-02", "PR-03"])
def test_without_paper_the_number_stays_on_the_screen_for_a_minute(world: Any, code: str) -> None:
    world.insured()
    world.printer.answers = [Printed(False, code)]
    stage = world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, printing=True, number="U047"),
        world.takes_card(),
    )
    shown = stage.last(TicketReady)
    assert (shown.printed, shown.printing, shown.problem) == (False, False, code)
    assert (shown.number, shown.code, shown.reprint_code) == ("U047", "opaque", "K7M4-2Q9D")
    assert TimeLeft(60, 60, result=True) in stage.rings
    assert world.gateway.slips == [(False, code)]
    assert world.gateway.abandoned == []


def test_with_new_paper_the_slip_is_printed_at_the_persons_wish_and_is_no_copy(world: Any) -> None:
    world.insured()
    world.printer.answers = [Printed(False, "PR-02")]
    world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, does=lambda: world.after(3, lambda: world.stage.answer_on_top(TicketReady, REPRINT))),
        on(TicketReady, TicketAnswer.DONE, printed=True, printing=False, problem=None),
        world.takes_card(),
    )
    assert world.gateway.slips == [(False, "PR-02"), (True, None)]
    assert world.printer.slips[0].first_printed_at is None


def test_a_slip_cut_short_by_the_paper_is_printed_again_whole_while_its_person_is_there(world: Any) -> None:
    world.insured()
    world.printer.answers = [Printed(False, "PR-02")]
    stage = world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, printing=True, does=lambda: world.after(5, world.printer.repaired.set)),
        world.takes_card(),
    )
    assert (stage.last(TicketReady).printed, stage.last(TicketReady).problem) == (True, None)
    assert world.gateway.slips == [(False, "PR-02"), (True, None)]
    assert len(world.printer.slips) == 1 and world.printer.again == 1
    assert world.printer.slips[0].first_printed_at is None


def test_paper_that_comes_after_the_person_went_prints_nothing_of_theirs(world: Any) -> None:
    world.insured()
    world.printer.answers = [Printed(False, "PR-02")]

    def goes_and_then_paper_comes() -> None:
        world.after(4, lambda: world.stage.answer_on_top(TicketReady, DONE))
        world.after(4.5, world.printer.repaired.set)

    world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, does=goes_and_then_paper_comes),
        on(CardLeftBehind, does=lambda: world.after(3, world.cards.lift)),
    )
    assert world.printer.repaired.is_set()
    assert world.printer.awaited == 1
    assert world.printer.slips == [] and world.gateway.slips == [(False, "PR-02")]


def test_a_printer_that_fails_again_and_again_is_left_to_the_counter(world: Any) -> None:
    world.insured()
    world.printer.answers = [Printed(False, "PR-03")] * 9
    world.printer.repaired.set()
    world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, printing=True),
        world.takes_card(),
    )
    assert len(world.printer.answers) == 9 - 4
    assert world.gateway.slips == [(False, "PR-03")]


def test_who_leaves_while_the_slip_comes_out_still_gets_it(world: Any) -> None:
    world.insured()
    world.printer.seconds = 4
    world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE, printing=True),
        world.takes_card(),
    )
    assert len(world.printer.slips) == 1
    assert world.gateway.slips == [(True, None)]


def test_taking_the_card_at_the_ticket_ends_the_reminder_there(world: Any) -> None:
    world.insured()
    stage = world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, does=lambda: world.after(5, world.cards.lift), card_on_reader=True),
    )
    assert stage.last(TicketReady).card_on_reader is False
    assert "card-forgotten" not in world.sounds.heard


@pytest.mark.parametrize("where", ["insurance", "clinics", "register"])
def test_a_crash_before_the_number_is_told_wiped_and_over(
    world: Any, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    world.insured()
    name = world.people["hoa"].citizen.name
    world.gateway.faults[where] = [ValueError(f"{name} 001188004471")]
    lines = {
        "insurance": world.known("hoa"),
        "clinics": (*world.known("hoa"), on(InsuranceValid, InsuranceAnswer.USE)),
        "register": (*world.reviews("hoa"), on(Review, ReviewAnswer.TAKE_NUMBER)),
    }[where]
    wiped: list[bool] = []
    with caplog.at_level(logging.DEBUG):
        world.play(
            *lines,
            on(Problem, ProblemChoice.END, code="KI-901", does=lambda: wiped.append(world.visits[0].empty)),
            world.takes_card(),
        )
    assert wiped == [True], "it is said only once it is true"
    assert "ValueError" in caplog.text
    assert name not in caplog.text
    assert "001188004471" not in caplog.text


def test_a_crash_is_over_by_itself_when_nobody_reads_it(world: Any) -> None:
    world.trust.crash = RuntimeError("a bug")
    world.play(
        *world.meets("hoa"),
        on(Problem, code="KI-901"),
        on(IdleWarning),
        world.takes_card(),
    )


def test_a_crash_while_paying_still_hands_over_the_number(world: Any) -> None:
    world.uninsured()
    world.gateway.faults["payment-changed"] = [RuntimeError("a bug")]
    world.play(
        *world.pays(),
        on(PayByVietQR),
        on(TicketReady, TicketAnswer.DONE, printed=True, notes=("slip.unpaid", "pay.hidden")),
        world.takes_card(),
    )
    assert "cancel-payment" in world.gateway.calls
    assert world.gateway.abandoned == []


def test_a_crash_while_printing_shows_the_number_on_the_screen(world: Any) -> None:
    world.insured()
    world.printer.answers = [OSError("a bug"), OSError("a bug")]
    world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, printing=True),
        on(TicketReady, printing=True),
        on(TicketReady, TicketAnswer.DONE, printed=False, problem="KI-901", number="U047"),
        world.takes_card(),
    )
    assert world.gateway.abandoned == []


def test_a_number_that_reached_nobody_is_given_back(world: Any) -> None:
    world.insured()
    world.gateway.delays["register"] = 3
    world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER, does=lambda: world.after(1, world.lays("tam"))),
        on_different_card(),
        on(ChoosePatient, touches=StageEvent.HOME),
        world.takes_card(),
    )
    # The gateway's double is cut off while it works, so nothing was accepted and nothing has to be given back.
    assert world.gateway.abandoned == []


def test_a_number_accepted_in_the_very_moment_the_session_ends_is_given_back(world: Any) -> None:
    world.insured()
    answer = world.gateway.register

    async def shielded(registration: wire.Registration) -> Any:
        with trio.CancelScope(shield=True):
            await trio.sleep(3)
            return await answer(registration)

    world.gateway.register = shielded
    world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER, does=lambda: world.after(1, world.lays("tam"))),
        on_different_card(),
        on(ChoosePatient, touches=StageEvent.HOME),
        world.takes_card(),
    )
    assert len(world.gateway.registrations) == 1
    assert world.gateway.abandoned == [wire.AbandonReason.OTHER_CARD]


def test_a_number_whose_slip_is_coming_out_is_not_given_back(world: Any) -> None:
    world.insured()
    world.printer.seconds = 5
    world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, does=world.lays("tam"), printing=True),
        on_different_card(),
        on(ChoosePatient, touches=StageEvent.HOME),
        world.takes_card(),
    )
    assert world.gateway.abandoned == []


def test_giving_back_that_fails_is_noted_and_holds_nobody_up(world: Any) -> None:
    world.uninsured()
    world.gateway.faults["abandon"] = [GatewayError(GatewayReason.NO_NETWORK)]
    world.gateway.delays["abandon"] = 500
    from services.journeys.prompts import LeavePayment, LeavePaymentAnswer

    world.play(
        *world.pays(),
        on(PayByVietQR, touches=StageEvent.HOME),
        on(LeavePayment, LeavePaymentAnswer.NOT_PAID),
        world.takes_card(),
    )
    assert "abandon" in world.gateway.calls


def test_every_code_the_journeys_name_is_registered() -> None:
    for code in ("CR-05", "CR-06", "QR-10", "QR-11", "QR-12", "TT-301", "TT-302", "TT-303", "KI-901"):
        assert code in REGISTRY


def test_the_gateway_lost_on_the_start_page_is_shown_there_at_once(world: Any) -> None:
    def lose() -> None:
        world.gateway.offline_since = world.gateway.site.server_time
        for listener in world.gateway.listeners:
            listener(False)

    stage = world.play(on(Home, does=lose, offline_since=None), ends=False, seconds=1)
    assert stage.last(Home).offline_since == "07:15"


def on_different_card() -> Any:
    from services.journeys.prompts import DifferentCard, YesNo

    return on(DifferentCard, YesNo.YES)


def test_a_payment_code_shown_to_the_scanner_is_no_id_card(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=lambda: world.scanner.show(VIETQR)),
        on(ScanCode, does=world.scans("hoa")),
        on(PlaceCard, touches=StageEvent.HOME),
    )
