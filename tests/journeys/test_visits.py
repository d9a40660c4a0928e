"""The visit as people live it: exam types, times, appointments, numbers held and printed again, rooms, papers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.contract import models as wire
from services.identity.citizen import EvidenceLevel
from services.identity.papers import mark_of
from services.journeys.prompts import (
    AppointmentChosen,
    AskConsent,
    AskedNumber,
    AskedText,
    BookedAnswer,
    CardHolder,
    ChooseAppointment,
    ChooseClinic,
    ChooseGroup,
    ChoosePatient,
    ChooseSlot,
    ChooseTicket,
    ClinicAnswer,
    ClinicChosen,
    ConfirmIdentity,
    ConsentChoice,
    DeclarePriority,
    FindRoom,
    GroupChosen,
    GroupKind,
    Home,
    HomeChoice,
    IdentityAnswer,
    InsuranceAnswer,
    InsuranceUnhappy,
    InsuranceValid,
    NothingAnswer,
    NothingFound,
    NothingKind,
    PatientChoice,
    PayByVietQR,
    PlaceCard,
    Priority,
    Problem,
    ProblemChoice,
    ReprintAnswer,
    Review,
    ReviewAnswer,
    RoomChosen,
    ScanAnswer,
    ScanCode,
    ScanForReprint,
    ShowRoom,
    ShowRoomAnswer,
    SlotChosen,
    TicketAnswer,
    TicketChosen,
    TicketReady,
    TypeAnswer,
    TypedDigits,
    TypeDigits,
    TypedLetters,
    TypeLetters,
    WithoutCard,
    WithoutCardAnswer,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent
from services.receipts.slips import NumberSlip, PaymentSlip

SEVEN = datetime.fromisoformat("2026-11-23T07:30:00+07:00")
BACK = StageEvent.BACK
DONE = on(TicketReady, TicketAnswer.DONE)
TAKE = on(Review, ReviewAnswer.TAKE_NUMBER)
NONE = on(DeclarePriority, Priority.NONE)
TYPES = tuple(
    wire.ExamType(id=id, name=name, name_en=id) for id, name in (("bhyt", "Khám bảo hiểm"), ("yc", "Khám yêu cầu"))
)
DEPARTMENTS = tuple(
    wire.Department(id=id, name=f"Khoa {id}", name_en=id, icon="stethoscope") for id in ("noi", "lien-khoa")
)


def of(world: Any, **changes: dict[str, Any]) -> None:
    """Change clinics by their id."""
    world.gateway.clinics_now = tuple(
        clinic.model_copy(update=changes.get(clinic.id, {})) for clinic in world.gateway.clinics_now
    )


def insured(world: Any) -> tuple[Line, ...]:
    """From the start page to the clinics, insured."""
    world.insured()
    return (*world.known("hoa"), on(InsuranceValid, InsuranceAnswer.USE))


# --- exam type, department, clinic


def test_a_site_with_a_flat_list_sees_no_extra_page(world: Any) -> None:
    stage = world.play(*insured(world), on(ChooseClinic, ClinicChosen("ent")), NONE, TAKE, DONE, world.takes_card())
    assert not {ChooseGroup, ChooseSlot} & {type(prompt) for prompt in stage.seen}
    registration = world.gateway.registrations[0]
    assert (registration.kind, registration.slot_id, registration.exam_type) == (wire.VisitKind.NEW, None, None)


def test_exam_type_then_department_then_clinic_and_back_the_same_way(world: Any) -> None:
    world.gateway.exam_types, world.gateway.departments = TYPES, DEPARTMENTS
    of(world, cardio={"department": "noi"}, ent={"department": "lien-khoa"}, eye={"department": "lien-khoa"})
    stage = world.play(
        *insured(world),
        on(ChooseGroup, GroupChosen("yc"), kind=GroupKind.EXAM_TYPE),
        on(ChooseGroup, touches=BACK, kind=GroupKind.DEPARTMENT),
        on(ChooseGroup, GroupChosen("bhyt"), kind=GroupKind.EXAM_TYPE),
        on(ChooseGroup, GroupChosen("lien-khoa"), kind=GroupKind.DEPARTMENT),
        on(ChooseClinic, touches=BACK),
        on(ChooseGroup, GroupChosen("lien-khoa"), kind=GroupKind.DEPARTMENT),
        on(ChooseClinic, ClinicChosen("ent")),
        NONE,
        TAKE,
        DONE,
        world.takes_card(),
    )
    assert [row.id for row in stage.last(ChooseClinic).clinics] == ["ent", "eye"]
    assert world.gateway.registrations[0].exam_type == "bhyt"
    assert world.gateway.registrations[0].clinic_id == "ent"


def test_a_department_of_one_open_clinic_is_that_clinic(world: Any) -> None:
    world.gateway.departments = DEPARTMENTS
    of(world, cardio={"department": "noi"}, ent={"department": "lien-khoa"}, eye={"department": "lien-khoa"})
    world.play(*insured(world), on(ChooseGroup, GroupChosen("noi")), NONE, TAKE, DONE, world.takes_card())
    assert world.gateway.registrations[0].clinic_id == "cardio"


def test_only_the_clinics_of_the_exam_type_are_shown(world: Any) -> None:
    world.gateway.exam_types = TYPES
    of(world, cardio={"exam_types": ("yc",)}, ent={"exam_types": ("bhyt",)})
    stage = world.play(
        *insured(world),
        on(ChooseGroup, GroupChosen("yc")),
        on(ChooseClinic, ClinicChosen("cardio")),
        NONE,
        TAKE,
        DONE,
        world.takes_card(),
    )
    assert [row.id for row in stage.last(ChooseClinic).clinics] == ["cardio", "eye"], "no type named: every type"


def test_who_does_not_know_the_exam_type_takes_the_guide_desk(world: Any) -> None:
    world.gateway.exam_types = TYPES
    world.play(*insured(world), on(ChooseGroup, ClinicAnswer.GUIDE_DESK), NONE, TAKE, DONE, world.takes_card())
    assert world.gateway.registrations[0].clinic_id == "guide"


def test_prices_stand_on_the_tiles_only_where_they_differ(world: Any) -> None:
    of(world, ent={"amounts": wire.Amounts(price=122_500, fund=0, patient=122_500)})
    world.uninsured()
    stage = world.play(
        *world.known("khang"), on(InsuranceUnhappy, InsuranceAnswer.SKIP), on(ChooseClinic, touches=StageEvent.HOME),
        world.takes_card(),
    )  # fmt: skip
    assert [row.price for row in stage.last(ChooseClinic).clinics] == [45_000, 122_500, 45_000]


# --- times


def slots(*left: int) -> tuple[wire.Slot, ...]:
    half = timedelta(minutes=30)
    return tuple(
        wire.Slot(id=f"{SEVEN + half * n:%H%M}", start=SEVEN + half * n, end=SEVEN + half * (n + 1), left=count)
        for n, count in enumerate(left)
    )


def test_a_clinic_with_times_asks_for_one_and_the_review_tells_it(world: Any) -> None:
    of(world, cardio={"slots": slots(0, 3)})
    stage = world.play(
        *insured(world),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(ChooseSlot, touches=BACK),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(ChooseSlot, SlotChosen("0800"), clinic="Nội tim mạch"),
        NONE,
        on(Review, ReviewAnswer.TAKE_NUMBER, time="08:00"),
        DONE,
        world.takes_card(),
    )
    assert world.gateway.registrations[0].slot_id == "0800"
    assert [(row.start, row.left) for row in stage.last(ChooseSlot).slots] == [("07:30", 0), ("08:00", 3)]


def test_without_any_time_left_people_are_received_in_their_order(world: Any) -> None:
    of(world, cardio={"slots": slots(0, 0)})
    world.play(*insured(world), on(ChooseClinic, ClinicChosen("cardio")), NONE, TAKE, DONE, world.takes_card())
    assert world.gateway.registrations[0].slot_id is None


@pytest.mark.parametrize(
    ("left", "mark", "expected"),
    [((2, 2), None, "07:30"), ((2, 1), "slip.slot.moved", "08:00"), ((2, 0), "slip.slot.gone", None)],
)
def test_who_gets_another_time_than_the_chosen_one_is_told(
    world: Any, left: tuple[int, int], mark: str | None, expected: str | None
) -> None:
    of(world, cardio={"slots": slots(*left)})
    world.gateway.full_meanwhile = set() if mark is None else {"0730"}
    stage = world.play(
        *insured(world),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(ChooseSlot, SlotChosen("0730")),
        NONE,
        TAKE,
        DONE,
        world.takes_card(),
    )
    slip = world.printer.slips[0]
    moved = [one for one in slip.marks if one.startswith("slip.slot")]
    assert moved == ([] if mark is None else [mark])
    assert moved == [one for one in stage.last(TicketReady).notes if one.startswith("slip.slot")]
    assert expected == (None if slip.appointed_at is None else f"{slip.appointed_at.astimezone(SEVEN.tzinfo):%H:%M}")


def test_a_slip_printed_again_says_that_its_time_was_lost(world: Any) -> None:
    of(world, cardio={"slots": slots(2)})
    world.gateway.slot_lost = True
    world.play(
        *insured(world),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(ChooseSlot, SlotChosen("0730")),
        NONE,
        TAKE,
        DONE,
        world.takes_card(),
    )
    assert "slip.slot.lost" in world.printer.slips[0].marks


def test_another_clinic_takes_the_time_away(world: Any) -> None:
    of(world, cardio={"slots": slots(2)})
    world.play(
        *insured(world),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(ChooseSlot, SlotChosen("0730")),
        NONE,
        on(Review, ReviewAnswer.CHANGE_CLINIC),
        on(ChooseClinic, ClinicChosen("ent")),
        on(Review, ReviewAnswer.TAKE_NUMBER, time=None),
        DONE,
        world.takes_card(),
    )
    assert world.gateway.registrations[0].slot_id is None


# --- one number per person and clinic


def test_who_holds_a_number_sees_it_and_nothing_is_printed_unasked(world: Any) -> None:
    world.gateway.held = True
    world.play(
        *insured(world),
        on(ChooseClinic, ClinicChosen("cardio")),
        NONE,
        TAKE,
        on(TicketReady, TicketAnswer.DONE, held=True, printed=True, printing=False, number="U047"),
        world.takes_card(),
    )
    assert world.printer.slips == []
    assert world.gateway.abandoned == []


def test_a_held_number_is_printed_again_as_a_copy_when_wished(world: Any) -> None:
    world.gateway.held = True
    world.play(
        *insured(world),
        on(ChooseClinic, ClinicChosen("cardio")),
        NONE,
        TAKE,
        on(TicketReady, TicketAnswer.REPRINT, held=True),
        DONE,
        world.takes_card(),
    )
    (slip,) = world.printer.slips
    assert isinstance(slip, NumberSlip)
    assert slip.first_printed_at is not None, "BẢN IN LẠI"
    assert world.gateway.slips == [], "a copy tells nothing of the first slip"


def test_who_pays_for_a_held_number_gets_the_payments_slip_alone(world: Any) -> None:
    world.gateway.held = True
    world.uninsured()
    world.play(
        *world.pays(),
        on(PayByVietQR, does=lambda: world.gateway.bank(wire.PaymentStatus.PAID)),
        on(TicketReady, TicketAnswer.DONE, held=True),
        world.takes_card(),
    )
    assert [type(slip) for slip in world.printer.slips] == [PaymentSlip]


# --- a booked visit


def agreed(world: Any, *clinics: str, kind: wire.VisitKind = wire.VisitKind.REVISIT) -> None:
    world.gateway.agreed = tuple(
        wire.Appointment(id=f"a-{clinic}", clinic_id=clinic, kind=kind, start=SEVEN + timedelta(hours=n))
        for n, clinic in enumerate(clinics)
    )


def booked(world: Any, name: str = "hoa") -> tuple[Line, ...]:
    """From the start page to the insurance."""
    world.insured()
    return (
        on(Home, HomeChoice.BOOKED),
        on(ScanCode, does=world.scans(name)),
        on(PlaceCard, does=world.lays(name)),
        on(ConfirmIdentity, IdentityAnswer.YES),
        on(InsuranceValid, InsuranceAnswer.USE),
    )


def test_an_appointment_is_picked_up_with_its_clinic_time_and_kind(world: Any) -> None:
    agreed(world, "ent", "cardio")
    stage = world.play(
        *booked(world),
        on(ChooseAppointment, AppointmentChosen("a-cardio")),
        NONE,
        on(Review, ReviewAnswer.TAKE_NUMBER, clinic="Nội tim mạch", time="08:30"),
        DONE,
        world.takes_card(),
    )
    registration = world.gateway.registrations[0]
    slip = world.printer.slips[0]
    assert slip.appointed_at == SEVEN + timedelta(hours=1)
    assert slip.expected_at is None or slip.expected_at >= slip.appointed_at, "nobody is told an earlier time"
    assert registration.appointment_id == "a-cardio"
    assert registration.clinic_id == "cardio"
    assert registration.kind is wire.VisitKind.REVISIT
    assert [(row.time, row.revisit) for row in stage.last(ChooseAppointment).appointments] == [
        ("07:30", True),
        ("08:30", True),
    ]


def test_instead_of_the_appointment_a_new_visit_can_be_begun(world: Any) -> None:
    agreed(world, "ent")
    world.play(
        *booked(world),
        on(ChooseAppointment, BookedAnswer.NEW_VISIT),
        on(ChooseClinic, ClinicChosen("cardio")),
        NONE,
        TAKE,
        DONE,
        world.takes_card(),
    )
    registration = world.gateway.registrations[0]
    assert (registration.appointment_id, registration.kind) == (None, wire.VisitKind.NEW)


def test_another_clinic_at_the_review_gives_the_appointment_up(world: Any) -> None:
    agreed(world, "ent")
    world.play(
        *booked(world),
        on(ChooseAppointment, AppointmentChosen("a-ent")),
        NONE,
        on(Review, ReviewAnswer.CHANGE_CLINIC),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(Review, ReviewAnswer.TAKE_NUMBER, time=None),
        DONE,
        world.takes_card(),
    )
    assert world.gateway.registrations[0].appointment_id is None


def test_no_appointment_today_is_no_dead_end(world: Any) -> None:
    world.play(
        *booked(world),
        on(NothingFound, NothingAnswer.GO_ON, what=NothingKind.APPOINTMENT, desk="quầy số 1"),
        on(ChooseClinic, ClinicChosen("cardio")),
        NONE,
        TAKE,
        DONE,
        world.takes_card(),
    )
    assert world.gateway.registrations[0].kind is wire.VisitKind.NEW


def test_who_is_not_proven_is_told_of_no_appointment_and_still_received(world: Any) -> None:
    agreed(world, "cardio")
    world.play(
        on(Home, HomeChoice.BOOKED),
        on(ScanCode, ScanAnswer.NO_CARD),
        on(WithoutCard, WithoutCardAnswer.TYPE_NUMBER),
        on(TypeDigits, TypedDigits("001188004471")),
        on(TypeDigits, TypedDigits("1988")),
        on(NothingFound, NothingAnswer.GO_ON, what=NothingKind.UNPROVEN),
        on(ChooseClinic, ClinicChosen("cardio")),
        NONE,
        TAKE,
        DONE,
    )
    assert world.gateway.asked_for == []
    assert world.gateway.registrations[0].kind is wire.VisitKind.BOOKED, "as they say: the desk looks"


def test_a_gateway_that_does_not_answer_leaves_the_way_to_a_new_visit(world: Any, offline_error: Exception) -> None:
    agreed(world, "cardio")
    world.gateway.faults["appointments"] = [offline_error]
    world.play(
        *booked(world),
        on(Problem, ProblemChoice.GO_ON, code="GW-201"),
        on(NothingFound, NothingAnswer.GO_ON),
        on(ChooseClinic, ClinicChosen("cardio")),
        NONE,
        TAKE,
        DONE,
        world.takes_card(),
    )


# --- a number printed again


def kept(world: Any, *numbers: str) -> None:
    clinic = world.gateway.clinics_now[0]
    world.gateway.kept = tuple(
        wire.Ticket(
            check_in_id=f"c-{number}",
            number=number,
            clinic=clinic,
            status=wire.TicketStatus.WAITING,
            issued_at=SEVEN,
            code="opaque",
            reprint_code="K7M4-2Q9D",
            held=True,
        )
        for number in numbers
    )


def slip_code() -> str:
    from services.codes.slip import slip_text

    return slip_text("0123456789ABCDEFGHJKMNPQRS")


def test_the_slips_code_prints_a_marked_copy_and_no_new_number(world: Any) -> None:
    kept(world, "T012")
    world.play(
        on(Home, HomeChoice.REPRINT),
        on(ScanForReprint, does=lambda: world.scanner.show(slip_code())),
        on(TicketReady, TicketAnswer.DONE, copy=True, number="T012", printed=True),
    )
    (slip,) = world.printer.slips
    assert (slip.number, slip.first_printed_at) == ("T012", SEVEN)
    assert world.gateway.searches == [wire.TicketsRequest(slip="0123456789ABCDEFGHJKMNPQRS")]
    assert world.gateway.registrations == []
    assert world.gateway.abandoned == []


def test_the_chip_finds_the_persons_numbers_and_one_is_chosen(world: Any) -> None:
    kept(world, "U001", "T012")
    world.play(
        on(Home, HomeChoice.REPRINT),
        on(ScanForReprint, does=world.scans("hoa")),
        on(PlaceCard, does=world.lays("hoa")),
        on(ChooseTicket, TicketChosen("c-T012")),
        on(TicketReady, TicketAnswer.DONE, copy=True, number="T012"),
        world.takes_card(),
    )
    (search,) = world.gateway.searches
    assert search.person is not None
    assert (search.person.number, search.person.level) == ("001188004471", wire.EvidenceLevel.CHIP_GENUINE)


def test_a_card_whose_check_failed_finds_nothing(world: Any) -> None:
    kept(world, "T012")
    world.trust.levels["hoa"] = EvidenceLevel.CHIP_FAILED
    world.play(
        on(Home, HomeChoice.REPRINT),
        on(ScanForReprint, does=world.scans("hoa")),
        on(PlaceCard, does=world.lays("hoa")),
        on(NothingFound, NothingAnswer.END, what=NothingKind.NO_PROOF, desk="quầy số 2"),
        world.takes_card(),
    )
    assert world.gateway.searches == []
    assert world.printer.slips == []


def test_without_slip_and_card_the_desk_prints(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.REPRINT),
        on(ScanForReprint, ReprintAnswer.NOTHING),
        on(NothingFound, touches=BACK, what=NothingKind.NO_PROOF),
        on(ScanForReprint, ReprintAnswer.NOTHING),
        on(NothingFound, NothingAnswer.END),
    )
    assert world.gateway.searches == []


def test_an_old_slip_is_told_kindly_and_tried_again(world: Any) -> None:
    world.play(
        on(Home, HomeChoice.REPRINT),
        on(ScanForReprint, does=lambda: world.scanner.show("WIFI:S:khach;;")),
        on(ScanForReprint, does=lambda: world.scanner.show(slip_code()), hint="scan.unreadable"),
        on(NothingFound, NothingAnswer.GO_ON, what=NothingKind.TICKET),
        on(ScanForReprint, touches=StageEvent.HOME),
    )


def test_a_copy_that_cannot_be_printed_stands_on_the_screen(world: Any, no_paper: Any) -> None:
    kept(world, "T012")
    world.printer.answers = [no_paper]
    world.play(
        on(Home, HomeChoice.REPRINT),
        on(ScanForReprint, does=lambda: world.scanner.show(slip_code())),
        on(TicketReady, TicketAnswer.DONE, copy=True, printed=False, problem="PR-02"),
    )


# --- rooms


def test_a_room_is_found_with_its_way_in_words(world: Any) -> None:
    stage = world.play(
        on(Home, HomeChoice.FIND_ROOM),
        on(FindRoom, RoomChosen("xray")),
        on(ShowRoom, ShowRoomAnswer.OTHER, room="Phòng 112", floor="Tầng 1", way="Cuối hành lang bên phải"),
        on(FindRoom, RoomChosen("wc")),
        on(ShowRoom, ShowRoomAnswer.DONE, name="Nhà vệ sinh", room="", way="Sau cầu thang bộ"),
    )
    assert [(row.name, row.place) for row in stage.last(FindRoom).rooms] == [
        ("Chụp X-quang", "Tầng 1, Nhà B"),
        ("Nhà vệ sinh", ""),
    ]
    assert all(prompt.progress is None for prompt in stage.seen)


def test_the_way_goes_home_by_itself(world: Any) -> None:
    world.play(on(Home, HomeChoice.FIND_ROOM), on(FindRoom, RoomChosen("wc")), on(ShowRoom))


# --- papers


def test_numbers_typed_from_the_card_open_the_chip(world: Any) -> None:
    world.insured()
    stage = world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=lambda: world.scanner.show("001090012829|")),
        on(ScanCode, does=lambda: world.scanner.show("001090012829|"), hint="scan.unreadable"),
        on(Problem, ProblemChoice.BY_HAND, code="QR-11"),
        on(TypeDigits, TypedDigits("001090012829"), what=AskedNumber.ID_NUMBER, hidden=True),
        on(TypeDigits, TypedDigits("02031991"), what=AskedNumber.BIRTH_DATE),
        on(TypeDigits, TypedDigits("02031990"), what=AskedNumber.BIRTH_DATE, error="type.error.mismatch"),
        on(TypeDigits, TypedDigits("31022030"), what=AskedNumber.EXPIRY, can_skip=True),
        on(TypeDigits, TypedDigits("02032030"), what=AskedNumber.EXPIRY, error="type.error.date"),
        on(PlaceCard, does=world.lays("khang"), typed=True, passport=False),
        on(ConfirmIdentity, IdentityAnswer.YES, name="Trần Minh Khang"),
        on(InsuranceValid, touches=StageEvent.HOME),
        world.takes_card(),
    )
    assert world.cards.reads == 1
    assert stage.last(ConfirmIdentity).number_masked == "•••• •••• •829"


def test_numbers_that_do_not_open_the_chip_are_asked_for_again(world: Any) -> None:
    world.insured()
    wrong = (
        on(TypeDigits, TypeAnswer.SKIP, what=AskedNumber.EXPIRY),
        on(PlaceCard, does=world.lays("khang")),
    )
    typed = (
        on(TypeDigits, TypedDigits("001090012829"), what=AskedNumber.ID_NUMBER),
        on(TypeDigits, TypedDigits("02031990"), what=AskedNumber.BIRTH_DATE),
    )
    world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, ScanAnswer.NO_CARD),
        on(WithoutCard, WithoutCardAnswer.BY_HAND),
        *typed,
        *wrong,
        on(TypeDigits, TypedDigits("001090012829"), error="type.error.not-opened"),
        typed[1],
        on(TypeDigits, touches=BACK, what=AskedNumber.EXPIRY),
        on(TypeDigits, touches=BACK, what=AskedNumber.BIRTH_DATE),
        *typed,
        on(TypeDigits, TypedDigits("02032030"), what=AskedNumber.EXPIRY),
        on(ConfirmIdentity, touches=StageEvent.HOME),
        world.takes_card(),
    )


WAYS = [
    (WithoutCardAnswer.VNEID, PatientChoice.SELF, wire.Paper.VNEID, "slip.unverified.vneid"),
    (WithoutCardAnswer.NO_PAPER, PatientChoice.SELF, wire.Paper.NOTHING, "slip.unverified.nothing"),
    (WithoutCardAnswer.BIRTH_PAPER, PatientChoice.CHILD, wire.Paper.BIRTH_PAPER, "slip.unverified.birth"),
]


@pytest.mark.parametrize(("way", "whom", "paper", "mark"), WAYS)
def test_papers_shown_at_the_desk_are_never_taken_for_proof(
    world: Any, way: WithoutCardAnswer, whom: PatientChoice, paper: wire.Paper, mark: str
) -> None:
    companion = (on(ScanCode, ScanAnswer.NO_COMPANION_CARD), world.relation()) if whom is PatientChoice.CHILD else ()
    stage = world.play(
        on(Home, HomeChoice.CHECK_IN_WITHOUT_CARD),
        on(ChoosePatient, whom),
        on(WithoutCard, way),
        *companion,
        on(ChooseClinic, ClinicChosen("cardio")),
        NONE,
        TAKE,
        on(PayByVietQR, does=lambda: world.gateway.bank(wire.PaymentStatus.PAID)),
        DONE,
    )
    person = world.gateway.registrations[0].patient
    assert (person.level, person.paper, person.name, person.number) == (wire.EvidenceLevel.NONE, paper, None, None)
    assert mark in world.printer.slips[0].marks
    assert world.gateway.insurance_requests == [], "nothing is looked up of somebody unproven"
    assert WithoutCardAnswer.BY_HAND not in stage.last(WithoutCard).choices, "the tile says: no card"


def test_a_birth_paper_is_offered_for_a_child_alone(world: Any) -> None:
    stage = world.play(
        on(Home, HomeChoice.CHECK_IN_WITHOUT_CARD),
        on(ChoosePatient, PatientChoice.SELF),
        on(WithoutCard, touches=StageEvent.HOME),
    )
    assert WithoutCardAnswer.BIRTH_PAPER not in stage.last(WithoutCard).choices


def test_a_chip_without_full_proof_asks_the_desk_to_look_at_the_card(world: Any) -> None:
    world.trust.levels["hoa"] = EvidenceLevel.CHIP_READ
    world.play(*insured(world), on(ChooseClinic, ClinicChosen("ent")), NONE, TAKE, DONE, world.takes_card())
    assert "slip.see_card" in world.printer.slips[0].marks
    assert mark_of(world.people["hoa"].citizen) is None


# --- what the hospital's own system takes now


def test_a_clinic_the_hospital_takes_nobody_at_stays_visible_and_cannot_be_chosen(world: Any) -> None:
    world.gateway.clinics_now = tuple(
        one.model_copy(update={"available": one.id != "cardio"}) for one in world.gateway.clinics_now
    )
    world.play(
        *insured(world),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(ChooseClinic, ClinicChosen("ent")),
        NONE,
        TAKE,
        DONE,
        world.takes_card(),
    )
    row = next(row for row in world.stage.last(ChooseClinic).clinics if row.id == "cardio")
    assert (row.open, row.opens_at) == (False, None)
    assert world.gateway.registrations[0].clinic_id == "ent"


def test_a_booked_child_comes_with_somebody_who_acts_for_them(world: Any) -> None:
    agreed(world, "cardio")
    world.insured()
    world.play(
        on(Home, HomeChoice.BOOKED),
        on(ScanCode, does=world.scans("na")),
        on(PlaceCard, does=world.lays("na")),
        on(ConfirmIdentity, IdentityAnswer.YES, holder=CardHolder.CHILD),
        on(ScanCode, does=world.scans("hoa"), holder=CardHolder.COMPANION),
        on(PlaceCard, does=world.lays("hoa")),
        world.relation(),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(ChooseAppointment, AppointmentChosen("a-cardio")),
        TAKE,
        DONE,
        world.takes_card(),
    )
    companion = world.gateway.registrations[0].companion
    assert companion is not None and companion.person is not None
    assert companion.person.name == "Lê Thị Hoa"


def test_consents_are_asked_at_a_booked_visit_too(world: Any) -> None:
    agreed(world, "cardio")
    asked = wire.ConsentText(id="survey", name="Hỏi ý kiến", name_en="Survey", text="…", text_en="…")
    words = wire.NoticeText(who="A", what="B", long="C", rights="D", contact="E", spoken="F")
    world.gateway.notice = wire.Notice(version="1", digest="a" * 64, vi=words, en=words, consents=(asked,))
    world.play(
        *booked(world),
        on(ChooseAppointment, AppointmentChosen("a-cardio")),
        NONE,
        TAKE,
        on(AskConsent, ConsentChoice.REFUSE),
        DONE,
        world.takes_card(),
    )


@pytest.mark.parametrize("number", ["9912345678", "DN4999912345678"])
def test_the_number_of_an_insurance_card_is_typed_where_its_code_cannot_be_scanned(world: Any, number: str) -> None:
    world.play(
        on(Home, HomeChoice.CHECK_IN_WITHOUT_CARD),
        on(ChoosePatient, PatientChoice.SELF),
        on(WithoutCard, WithoutCardAnswer.INSURANCE_CODE),
        on(ScanCode, ScanAnswer.TYPE_NUMBER, insurance_code=True),
        on(TypeLetters, TypedLetters("DN9999912345678"), what=AskedText.INSURANCE, error=None),
        on(TypeLetters, TypedLetters(number), error="type.error.insurance"),
        on(ChooseClinic, ClinicChosen("ent")),
        NONE,
        TAKE,
        DONE,
    )
    patient = world.gateway.registrations[0].patient
    assert (patient.insurance_number, patient.number, patient.name) == (number, None, None)
    assert world.printer.slips[0].marks[-1] == "slip.unverified.insurance"
