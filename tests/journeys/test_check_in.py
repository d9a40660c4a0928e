"""The walk of a check-in, as the people at the kiosk see it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.contract import models as wire
from services.identity.citizen import EvidenceLevel
from services.journeys.prompts import (
    CardHolder,
    CardWording,
    ChooseClinic,
    ChoosePatient,
    ChooseRelation,
    ClinicAnswer,
    ClinicChosen,
    ConfirmIdentity,
    DeclarePriority,
    Home,
    HomeChoice,
    IdentityAnswer,
    InsuranceAnswer,
    InsuranceUnhappy,
    InsuranceValid,
    PatientChoice,
    PayByVietQR,
    PlaceCard,
    Priority,
    Problem,
    ProblemChoice,
    Relation,
    Review,
    ReviewAnswer,
    ScanAnswer,
    ScanCode,
    TicketAnswer,
    TicketReady,
    TypedDigits,
    TypeDigits,
    UnhappyInsurance,
    WithoutCard,
    WithoutCardAnswer,
)
from services.journeys.scripted import on
from services.journeys.stage import StageEvent
from services.receipts.slips import NumberSlip, PaymentSlip

DONE = on(TicketReady, TicketAnswer.DONE)


def test_a_self_paying_adult_pays_by_vietqr_and_takes_a_number(world: Any) -> None:
    world.uninsured()
    world.play(
        *world.pays(),
        on(PayByVietQR, does=lambda: world.gateway.bank(wire.PaymentStatus.PAID), demo=True),
        on(TicketReady, TicketAnswer.DONE, printed=True, number="U047", notes=("slip.paid",), demo=True),
        world.takes_card(),
    )
    number, payment = world.printer.slips
    assert isinstance(number, NumberSlip)
    assert (number.number, number.marks, number.number_masked) == ("U047", (), "•••• •••• •829")
    assert isinstance(payment, PaymentSlip)
    assert payment.amount == 45_000
    assert payment.paid_at is not None
    assert world.gateway.slips == [(True, None)]
    assert world.gateway.abandoned == []


def test_an_insured_adult_sees_provisional_amounts_and_pays_nothing_now(world: Any) -> None:
    world.insured()
    stage = world.play(*world.reviews("hoa"), on(Review, ReviewAnswer.TAKE_NUMBER), DONE, world.takes_card())
    review = stage.last(Review)
    assert isinstance(review, Review)
    assert review.amounts is not None
    assert (review.amounts.price, review.amounts.fund) == (45_000, 45_000)
    assert review.amounts.patient is None, "never a promise of 0 đ"
    assert (review.amounts.limit, review.amounts.limit_percent) == (379_500, 20)
    assert not review.pays_now
    registration = world.gateway.registrations[0]
    assert registration.use_insurance
    assert registration.eligibility_id == "e1"
    assert "pay" not in world.gateway.calls


def test_the_evidence_of_the_chip_goes_to_the_gateway_and_no_picture(world: Any) -> None:
    world.insured()
    world.play(*world.reviews("hoa"), on(Review, ReviewAnswer.TAKE_NUMBER), DONE, world.takes_card())
    person = world.gateway.registrations[0].patient
    assert person.level is wire.EvidenceLevel.CHIP_GENUINE
    assert person.evidence is not None
    assert set(person.evidence.groups) == {"1", "13"}
    assert person.evidence.aa_nonce_id == "n1"
    assert person.evidence.aa_nonce is None, "the gateway knows the nonce it issued"
    assert "photo" not in person.model_dump_json()


def test_someone_of_78_gets_priority_from_the_chip_without_being_asked(world: Any) -> None:
    world.insured()
    world.play(
        *world.known("tam"),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(Review, ReviewAnswer.TAKE_NUMBER, priority=True),
        on(TicketReady, TicketAnswer.DONE, notes=("prio.slip",)),
        world.takes_card(),
    )
    registration = world.gateway.registrations[0]
    assert registration.priority is wire.Priority.ELDERLY_75
    assert registration.priority_proven
    assert "prio.slip" in world.printer.slips[0].marks


def test_the_number_of_steps_never_changes_on_the_way(world: Any) -> None:
    world.insured()
    stage = world.play(
        *world.known("tam"),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        DONE,
        world.takes_card(),
    )
    places = [(p.progress.number, p.progress.label) for p in stage.seen if p.progress is not None]
    assert all(p.progress.total == 7 for p in stage.seen if p.progress is not None)
    assert places == sorted(places, key=lambda place: place[0])
    assert dict(places)[5] == "step.clinic"
    assert dict(places)[7] == "step.review"
    assert places[-1][0] == 7, "nothing is counted past the last step"


def test_someone_with_only_a_birth_year_who_may_be_75_declares_it(world: Any) -> None:
    world.insured()
    stage = world.play(
        *world.known("sau"),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.ELDERLY_75),
        on(Review, ReviewAnswer.TAKE_NUMBER, priority=True),
        DONE,
        world.takes_card(),
    )
    asked = stage.last(DeclarePriority)
    assert isinstance(asked, DeclarePriority)
    assert asked.choices[0] is Priority.ELDERLY_75
    assert Priority.PREGNANT not in asked.choices
    assert not world.gateway.registrations[0].priority_proven
    assert world.gateway.insurance_requests[0].birth == "1951"


def test_a_child_comes_with_a_guardian_who_is_kept_apart(world: Any) -> None:
    world.insured(benefit_percent=100)
    stage = world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.CHILD),
        on(ScanCode, does=world.scans("na"), holder=CardHolder.CHILD),
        on(PlaceCard, does=world.lays("na"), holder=CardHolder.CHILD),
        on(ConfirmIdentity, IdentityAnswer.YES, holder=CardHolder.CHILD, under_six=True, photo=None),
        on(ScanCode, does=world.scans("hoa"), holder=CardHolder.COMPANION),
        on(PlaceCard, does=world.lays("hoa"), holder=CardHolder.COMPANION, hint="reader.swap"),
        on(ChooseRelation, Relation.MOTHER),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("ent")),
        on(Review, ReviewAnswer.TAKE_NUMBER, priority=True),
        DONE,
        world.takes_card(),
    )
    registration = world.gateway.registrations[0]
    child, mother = world.people["na"].citizen, world.people["hoa"].citizen
    assert registration.patient.number == child.number
    assert registration.patient.name == child.name
    assert registration.companion is not None
    assert registration.companion.person.number == mother.number
    assert registration.companion.relation is wire.Relation.MOTHER
    assert registration.priority is wire.Priority.CHILD_UNDER_6
    assert world.gateway.insurance_requests[0].number == child.number
    assert (stage.last(ChooseRelation)).choices[0] is Relation.FATHER


def test_a_companion_without_a_card_is_known_by_the_relation_alone(world: Any) -> None:
    world.insured()
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.OTHER),
        on(ScanCode, does=world.scans("tam"), holder=CardHolder.OTHER),
        on(PlaceCard, does=world.lays("tam"), holder=CardHolder.OTHER),
        on(ConfirmIdentity, IdentityAnswer.YES, holder=CardHolder.OTHER),
        on(ScanCode, ScanAnswer.NO_COMPANION_CARD, holder=CardHolder.COMPANION),
        on(ChooseRelation, Relation.RELATIVE),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        DONE,
        world.takes_card(),
    )
    companion = world.gateway.registrations[0].companion
    assert companion == wire.Companion(person=None, relation=wire.Relation.RELATIVE)


def test_the_patients_own_card_is_not_taken_for_the_companions(world: Any) -> None:
    world.insured()
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.OTHER),
        on(ScanCode, does=world.scans("tam")),
        on(PlaceCard, does=world.lays("tam")),
        on(ConfirmIdentity, IdentityAnswer.YES),
        on(ScanCode, does=world.scans("tam"), holder=CardHolder.COMPANION),
        on(ScanCode, ScanAnswer.NO_COMPANION_CARD, hint="scan.patients_card"),
        on(ChooseRelation, Relation.COMPANION),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        DONE,
        world.takes_card(),
    )


def test_without_a_card_number_and_birth_year_are_typed_and_nothing_is_looked_up(world: Any) -> None:
    world.insured()
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, ScanAnswer.NO_CARD),
        on(WithoutCard, WithoutCardAnswer.TYPE_NUMBER),
        on(TypeDigits, TypedDigits("001188004471"), hidden=True, error=None),
        on(TypeDigits, TypedDigits("1988")),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.PREGNANT),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE, notes=("prio.slip", "slip.insurance_pending", "slip.unverified")),
    )
    person = world.gateway.registrations[0].patient
    assert (person.number, person.birth, person.name, person.level) == (
        "001188004471",
        "1988",
        None,
        wire.EvidenceLevel.TYPED,
    )
    assert world.gateway.insurance_requests == [], "no result of an unproven person is asked for or shown"


def test_a_number_that_cannot_be_and_a_year_that_does_not_fit_are_typed_again(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN_WITHOUT_CARD),
        on(ChoosePatient, PatientChoice.SELF),
        on(WithoutCard, WithoutCardAnswer.TYPE_NUMBER),
        on(TypeDigits, TypedDigits("999188004471")),
        on(TypeDigits, TypedDigits("001188004471"), error="type.error.number"),
        on(TypeDigits, TypedDigits("1700")),
        on(TypeDigits, TypedDigits("1989"), error="type.error.year"),
        on(TypeDigits, TypedDigits("1988"), error="type.error.mismatch"),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        DONE,
    )


def test_a_paper_insurance_card_is_scanned_and_checked_at_the_desk(world: Any) -> None:
    name = "Phạm Thị Tâm".encode().hex()
    code = f"GD4010112345678|{name}|05/05/1948|2|-|01 - 001|01/01/2026|-|01/01/2026|-|-|4|01/01/2020|-|-|-|$"
    world.play(
        on(Home, HomeChoice.CHECK_IN_WITHOUT_CARD),
        on(ChoosePatient, PatientChoice.SELF),
        on(WithoutCard, WithoutCardAnswer.INSURANCE_CODE),
        on(ScanCode, does=world.scans("tam"), insurance_code=True),
        on(ScanCode, does=lambda: world.scanner.show(code), insurance_code=True, hint="scan.insurance_only"),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.ELDERLY_75),
        on(Review, ReviewAnswer.TAKE_NUMBER, insured=True, amounts=None),
        on(TicketReady, TicketAnswer.DONE, notes=("prio.slip", "slip.insurance_pending", "slip.unverified.insurance")),
    )
    person = world.gateway.registrations[0].patient
    assert (person.insurance_number, person.level) == ("GD4010112345678", wire.EvidenceLevel.PAPER)
    assert world.gateway.registrations[0].use_insurance


def test_with_no_paper_at_all_there_is_still_a_number(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN_WITHOUT_CARD),
        on(ChoosePatient, PatientChoice.SELF),
        on(WithoutCard, WithoutCardAnswer.NO_PAPER),
        on(ChooseClinic, ClinicAnswer.GUIDE_DESK),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER, clinic="Bàn hướng dẫn"),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.unverified.nothing",)),
    )
    assert world.gateway.registrations[0].patient.level is wire.EvidenceLevel.NONE


def test_a_card_without_a_proof_of_its_chip_is_called_read_not_genuine(world: Any) -> None:
    world.insured()
    world.trust.levels["hoa"] = EvidenceLevel.CHIP_READ
    world.play(
        *world.meets("hoa"),
        on(ConfirmIdentity, IdentityAnswer.YES, wording=CardWording.READ, name="Lê Thị Hoa"),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        DONE,
        world.takes_card(),
    )


def test_a_failed_check_shows_no_name_and_goes_on_as_without_a_card(world: Any) -> None:
    world.insured()
    world.trust.levels["hoa"] = EvidenceLevel.CHIP_FAILED
    stage = world.play(
        *world.meets("hoa"),
        on(Problem, ProblemChoice.WITHOUT_CARD, code="CR-06"),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE, notes=("slip.insurance_pending", "slip.unverified")),
        world.takes_card(),
    )
    assert not [p for p in stage.shown if isinstance(p, ConfirmIdentity)]
    person = world.gateway.registrations[0].patient
    assert person.level is wire.EvidenceLevel.CHIP_FAILED
    assert person.evidence is not None, "the evidence is kept for staff"
    assert person.number == world.people["hoa"].citizen.number, "what the person showed by their code"
    assert world.gateway.insurance_requests == []


def test_not_me_wipes_the_card_that_was_read_and_asks_for_another(world: Any) -> None:
    world.insured()
    world.play(
        *world.meets("khang"),
        on(ConfirmIdentity, IdentityAnswer.NO),
        on(ScanCode, does=world.scans("hoa")),
        on(PlaceCard, does=world.lays("hoa"), hint="reader.swap"),
        on(ConfirmIdentity, IdentityAnswer.YES, name="Lê Thị Hoa"),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        DONE,
        world.takes_card(),
    )
    assert world.gateway.registrations[0].patient.number == world.people["hoa"].citizen.number


@pytest.mark.parametrize(
    ("result", "date_shown", "percent", "usable"),
    [
        (wire.EligibilityResult.NOT_COVERED_HERE, "31/12/2026", 80, False),
        (wire.EligibilityResult.PARTLY, "31/12/2026", 40, True),
        (wire.EligibilityResult.EXPIRED, "31/12/2026", 80, False),
        (wire.EligibilityResult.NOT_YET, "01/01/2026", 80, False),
        (wire.EligibilityResult.NOT_FOUND, "31/12/2026", 80, False),
        (wire.EligibilityResult.STOPPED, "31/12/2026", 80, False),
        (wire.EligibilityResult.MOVED, "31/12/2026", 80, False),
        (wire.EligibilityResult.CHILD, "31/12/2026", 80, True),
        (wire.EligibilityResult.MISMATCH, "31/12/2026", 80, True),
        (wire.EligibilityResult.PAPER_CARD, "31/12/2026", 80, True),
        (wire.EligibilityResult.UNCLEAR, "31/12/2026", 80, True),
    ],
)
def test_every_unhappy_insurance_result_has_its_own_words_and_a_way_on(
    world: Any, result: wire.EligibilityResult, date_shown: str, percent: int, usable: bool
) -> None:
    world.insured(result=result, route_percent=50 if result is wire.EligibilityResult.PARTLY else 100)
    stage = world.play(
        *world.known("hoa"),
        on(InsuranceUnhappy, InsuranceAnswer.USE if usable else InsuranceAnswer.SKIP, usable=usable),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER, insured=usable),
        *(() if usable else (on(PayByVietQR, does=lambda: world.gateway.bank(wire.PaymentStatus.PAID)),)),
        DONE,
        world.takes_card(),
    )
    shown = stage.last(InsuranceUnhappy)
    assert isinstance(shown, InsuranceUnhappy)
    assert shown.result is UnhappyInsurance(result.value)
    assert (shown.date, shown.percent) == (date_shown, percent)
    in_order = result in {wire.EligibilityResult.NOT_COVERED_HERE, wire.EligibilityResult.PARTLY}
    assert (shown.valid_to, bool(shown.route)) == (("31/12/2026", True) if in_order else (None, False))
    assert shown.benefit_percent == (80 if result is wire.EligibilityResult.PARTLY else None)


def test_asking_the_desk_gives_a_number_for_the_guide_desk(world: Any) -> None:
    world.insured(result=wire.EligibilityResult.EXPIRED, valid_to=date(2025, 12, 31))
    world.play(
        *world.known("hoa"),
        on(InsuranceUnhappy, InsuranceAnswer.ASK_DESK, date="31/12/2025"),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER, clinic="Bàn hướng dẫn", pays_now=False),
        DONE,
        world.takes_card(),
    )
    assert world.gateway.registrations[0].clinic_id == "guide"


@pytest.mark.parametrize(
    ("here", "registered_at", "shown"),
    [
        (True, "99001", "Bệnh viện Đa khoa Hòa Giang"),
        (False, "Trạm Y tế xã Hòa Giang", "Trạm Y tế xã Hòa Giang"),
        (False, "99017", ""),
        (False, None, ""),
    ],
)
def test_where_somebody_is_registered_is_a_name_and_never_a_code(
    world: Any, here: bool, registered_at: str | None, shown: str
) -> None:
    world.insured(registered_here=here, registered_at=registered_at)
    world.play(
        *world.known("hoa"),
        on(InsuranceValid, touches=StageEvent.HOME, registered_at=shown),
        world.takes_card(),
    )


def test_a_clinic_without_numbers_cannot_be_taken(world: Any) -> None:
    world.insured()
    stage = world.play(
        *world.known("hoa"),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("eye")),
        on(ChooseClinic, ClinicChosen("ent")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        DONE,
        world.takes_card(),
    )
    rows = {row.id: row for row in (stage.last(ChooseClinic)).clinics}
    assert not rows["eye"].open
    assert rows["eye"].opens_at == "13:00"
    assert "guide" not in rows


def test_changing_the_clinic_at_the_review_keeps_the_declared_priority(world: Any) -> None:
    world.insured()
    world.play(
        *world.known("hoa"),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.PREGNANT),
        on(Review, ReviewAnswer.CHANGE_CLINIC),
        on(ChooseClinic, ClinicChosen("ent")),
        on(Review, ReviewAnswer.TAKE_NUMBER, clinic="Tai mũi họng", priority=True),
        DONE,
        world.takes_card(),
    )
    assert world.gateway.registrations[0].priority is wire.Priority.PREGNANT


def test_a_reprint_is_a_marked_copy_and_is_not_reported_as_a_new_slip(world: Any) -> None:
    world.insured()
    world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.REPRINT),
        DONE,
        world.takes_card(),
    )
    first, copy = world.printer.slips
    assert first.first_printed_at is None
    assert copy.first_printed_at is not None
    assert copy.number == first.number
    assert world.gateway.slips == [(True, None)]
    assert len(world.gateway.registrations) == 1


def test_in_english_names_of_the_place_are_english_on_screen_and_slip(world: Any) -> None:
    world.insured()
    world.play(
        *world.known("hoa"),
        on(InsuranceValid, InsuranceAnswer.USE, desk="desk 2"),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER, clinic="Cardiology"),
        on(TicketReady, TicketAnswer.DONE, clinic="Cardiology", way="Lift B, then left"),
        world.takes_card(),
        language="en",
    )
    assert world.printer.slips[0].clinic == "Cardiology"
    assert world.printer.slips[0].language == "en"


def test_switching_the_language_changes_the_words_of_the_place_at_once(world: Any) -> None:
    world.insured()
    world.play(
        *world.known("hoa"),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseClinic, does=lambda: world.stage.switch("en")),
        seconds=1,
        ends=False,
    )
    shown = world.stage.last(ChooseClinic)
    assert shown.clinics[0].name == "Cardiology"
