"""What a FHIR server and the REST profile are told of a visit, field by field."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from gateway.fleet.evidence import EvidenceVerdict
from gateway.hospital.fhir.visits import with_inputs
from gateway.hospital.system import HospitalCover, PersonFacts
from gateway.hospital.visit import visit_of
from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.insurance.look_up import KeptJudgement, subject_of
from gateway.insurance.vss import CardAnswer, CardFacts
from gateway.staff import presenting
from gateway.store.tables import look_ups
from services.contract.models import Eligibility, EligibilityResult, EvidenceLevel, TicketStatus

THUY = {"number": "099190000777", "name": "Lê Thị Thủy", "birth": "1990-02-03", "sex": "F", "address": "Hòa Giang"}
CARD = "DN4999912345678"


def looked_up(
    site: Any,
    number: str,
    result: EligibilityResult = EligibilityResult.VALID,
    code: str = "000",
    card: str | None = CARD,
) -> str:
    """A kept look-up of kiosk B; its id. `card`: the one the answer names, if any."""
    named = card is not None
    eligibility = Eligibility(
        id=f"{len(site.rows()):032}",
        result=result,
        card_number=card,
        valid_from=date(2026, 1, 1) if named else None,
        valid_to=date(2026, 12, 31) if named else None,
        benefit_percent=80 if named else None,
        route_percent=100 if named else None,
        registered_at="99001" if named else None,
        result_code=code,
        asked_at=site.clock.now(),
    )
    kept = KeptJudgement(eligibility=eligibility, route_code="1.1", staff_check=False)
    with site.house.store.write() as transaction:
        transaction.execute(
            insert(look_ups).values(
                id=eligibility.id,
                kiosk_id="kiosk-B",
                asked_at=site.clock.now(),
                subject=subject_of(site.house, number),
                result=result.value,
                result_code=code,
                sealed_judgement=site.house.vault.seal(kept.model_dump_json().encode()),
                sealed_raw=b"",
            )
        )
    return eligibility.id


def test_a_patient_as_the_chip_says(fhir: Any) -> None:
    fhir.check_in(patient=THUY)
    fhir.deliver()
    (patient,) = fhir.side.all("Patient")
    own = {row["system"]: row["value"] for row in patient["identifier"]}
    assert own["http://fhir.hl7.org.vn/core/sid/cccd"] == THUY["number"]
    assert patient["name"] == [
        {"use": "official", "text": "Lê Thị Thủy", "family": "Lê", "given": ["Thị", "Thủy"]},
    ]
    assert (patient["gender"], patient["birthDate"]) == ("female", "1990-02-03")


@pytest.mark.parametrize("birth", ["1947", "1947-10"])
def test_an_incomplete_birth_stays_incomplete(fhir: Any, birth: str) -> None:
    fhir.check_in(patient=THUY | {"birth": birth})
    fhir.deliver()
    assert fhir.side.all("Patient")[0]["birthDate"] == birth


def test_a_number_that_nobody_proved_never_stands_under_the_system_of_proven_ones(fhir: Any) -> None:
    fhir.check_in(patient=THUY | {"level": "typed"})
    fhir.deliver()
    systems = {row["system"]: row["value"] for row in fhir.side.all("Patient")[0]["identifier"]}
    assert systems["urn:tram:sid:claimed-number"] == THUY["number"]
    assert "http://fhir.hl7.org.vn/core/sid/cccd" not in systems
    assert THUY["number"] not in systems["urn:tram:sid:claimed"]


def test_a_claim_the_gateway_could_not_verify_is_no_proof(fhir: Any) -> None:
    fhir.check_in(verdict=EvidenceVerdict(EvidenceLevel.CHIP_FAILED, "signature"), patient=THUY)
    fhir.deliver()
    assert all("core/sid/cccd" not in row["system"] for row in fhir.side.all("Patient")[0]["identifier"])


def test_a_passport_has_its_own_system(fhir: Any) -> None:
    fhir.check_in(patient={"number": None, "document": "C1234567", "name": "ANNA TEST", "birth": "1980-01-01"})
    fhir.deliver()
    systems = {row["system"]: row["value"] for row in fhir.side.all("Patient")[0]["identifier"]}
    assert systems["http://fhir.hl7.org.vn/core/sid/passport"] == "C1234567"


def test_the_encounter_has_arrived_with_its_order_ticket_and_bill(fhir: Any) -> None:
    ticket = fhir.ticket(patient=THUY)
    fhir.deliver()
    encounter = fhir.side.of("Encounter", ticket.check_in_id)
    order = fhir.side.of("ServiceRequest", ticket.check_in_id)
    task = fhir.side.of("Task", ticket.check_in_id)
    invoice = fhir.side.of("Invoice", ticket.check_in_id)
    place = f"Encounter/{encounter['id']}"
    assert (encounter["status"], encounter["class"]["code"]) == ("arrived", "AMB")
    assert encounter["period"]["start"] == "2026-11-23T12:00:00+07:00"
    assert order["code"]["coding"] == [{"system": "urn:tram:sid:service", "code": "tim-mach"}]
    assert (order["encounter"]["reference"], task["encounter"]["reference"]) == (place, place)
    assert task["focus"]["reference"] == f"ServiceRequest/{order['id']}"
    assert (task["description"], task["status"], task["priority"]) == (ticket.number, "requested", "routine")
    assert (invoice["status"], invoice["totalGross"]) == ("issued", {"value": 122_500, "currency": "VND"})


def test_priority_is_urgent_and_says_whether_it_is_proven(fhir: Any) -> None:
    check_in = fhir.check_in(patient=THUY, priority="pregnant")
    fhir.deliver()
    task = fhir.side.of("Task", check_in)
    assert (task["priority"], task["reasonCode"]["text"]) == ("urgent", "pregnant (declared)")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (TicketStatus.WAITING, "received"),
        (TicketStatus.CALLED, "in-progress"),
        (TicketStatus.AWAY, "on-hold"),
        (TicketStatus.MISSED, "on-hold"),
        (TicketStatus.DONE, "completed"),
    ],
)
def test_the_task_follows_the_calling(fhir: Any, status: TicketStatus, told: str) -> None:
    check_in = fhir.check_in()
    fhir.deliver()
    fhir.become(check_in, status)
    fhir.deliver()
    assert fhir.side.of("Task", check_in)["status"] == told


def test_what_the_hospital_added_to_a_ticket_stays(fhir: Any) -> None:
    check_in = fhir.check_in()
    fhir.deliver()
    task = fhir.side.of("Task", check_in)
    note = [{"text": "Mang theo phim cũ"}]
    theirs = {"system": "urn:hoa-giang:phieu", "value": "7"}
    fhir.side.store.update({**task, "note": note, "identifier": [*task["identifier"], theirs]}, None)
    fhir.become(check_in, TicketStatus.CALLED)
    fhir.deliver()
    after = fhir.side.of("Task", check_in)
    assert (after["note"], after["status"]) == (note, "in-progress")
    assert theirs in after["identifier"]


def test_insurance_is_told_with_question_answer_and_card(fhir: Any) -> None:
    looked = looked_up(fhir, THUY["number"])
    fhir.check_in(patient=THUY, use_insurance=True, eligibility_id=looked)
    fhir.deliver()
    (card,), (question,), (answer,) = (
        fhir.side.all(kind) for kind in ("Coverage", "CoverageEligibilityRequest", "CoverageEligibilityResponse")
    )
    assert card["identifier"] == [{"system": "http://fhir.hl7.org.vn/core/sid/bhyt", "value": CARD}]
    assert card["period"] == {"start": "2026-01-01", "end": "2026-12-31"}
    assert question["purpose"] == ["validation", "benefits"]
    assert answer["request"]["reference"] == f"CoverageEligibilityRequest/{question['id']}"
    assert (answer["outcome"], answer["disposition"]) == ("complete", "maKetQua 000")
    assert answer["insurance"][0]["inforce"] is True
    assert answer["insurance"][0]["item"][0]["benefit"][0]["allowedUnsignedInt"] == 80
    assert "error" not in answer
    (task,) = fhir.side.all("Task")
    shown = {row["type"]["text"]: row.get("valueDateTime") for row in task["input"]}
    assert shown["insurance-presented-at"] == "2026-11-23T12:00:00+07:00"


def test_without_insurance_no_card_was_presented(site: Any) -> None:
    ticket = site.ticket(patient=THUY)
    site.deliver()
    with site.house.store.read() as transaction:
        visit = visit_of(site.house, transaction, ticket.check_in_id, 1)
    assert visit is not None and visit.insurance_presented_at is None


class WillingInsurer:
    """Knows everybody's card."""

    operator_number = "099180999901"

    async def card(self, number: str, name: str, birth: str) -> CardAnswer:
        return CardAnswer("000", "", (CardFacts(CARD, date(2026, 1, 1), date(2026, 12, 31), "99001", None),))


def test_a_card_that_is_shown_after_the_visit_was_told_is_told_too(site: Any) -> None:
    check_in = site.check_in(patient=THUY)
    site.deliver()
    site.clock.turn(minutes=9)
    house = replace(site.house, insurer=WillingInsurer())
    asyncio.run(presenting.present(house, "tim-mach", site.ticket(patient=THUY).number, presenting.Told(), "lan"))
    site.deliver()
    if site.side.kind == "rest":
        row = site.side.of(check_in)
        assert (row["SU_DUNG_BHYT"], row["THOI_DIEM_XUAT_TRINH_THE"]) == (1, "202611231209")
        assert row["MA_THE_BHYT"] == CARD
        return
    shown = {one["type"]["text"]: one.get("valueDateTime") for one in site.side.of("Task", check_in)["input"]}
    assert shown == {"evidence-level": None, "insurance-presented-at": "2026-11-23T12:09:00+07:00"}


def test_a_server_that_adds_codes_to_our_inputs_keeps_each_once() -> None:
    ours = [{"type": {"text": "evidence-level"}, "valueString": "chip-genuine"}]
    coded = {"type": {"text": "evidence-level", "coding": [{"code": "x"}]}, "valueString": "typed"}
    theirs = {"type": {"coding": [{"code": "bed"}]}, "valueString": "4"}
    assert with_inputs([coded, theirs], ours) == [*ours, theirs]


def test_a_card_that_does_not_pay_carries_its_code(fhir: Any) -> None:
    looked = looked_up(fhir, THUY["number"], EligibilityResult.EXPIRED, "010")
    fhir.check_in(patient=THUY, use_insurance=True, eligibility_id=looked)
    fhir.deliver()
    (answer,) = fhir.side.all("CoverageEligibilityResponse")
    assert answer["insurance"][0]["inforce"] is False
    assert answer["error"][0]["code"]["coding"][0]["code"] == "010"


WITHOUT_CARD = [
    ("050", EligibilityResult.NOT_FOUND, False),
    ("060", EligibilityResult.MISMATCH, None),
    ("061", EligibilityResult.MISMATCH, None),
    ("070", EligibilityResult.MISMATCH, None),
    ("001", EligibilityResult.PAPER_CARD, None),
    ("130", EligibilityResult.CHILD, None),
    ("110", EligibilityResult.STOPPED, False),
    ("9401", EligibilityResult.UNCLEAR, None),
]
"""Codes whose answer names no card of this person, and whether the fund pays: no, or a person finds out."""


@pytest.mark.parametrize(("code", "result", "pays"), WITHOUT_CARD, ids=[one[0] for one in WITHOUT_CARD])
def test_a_look_up_that_names_no_card_is_told_to_a_fhir_server(
    fhir: Any, code: str, result: EligibilityResult, pays: bool | None
) -> None:
    looked = looked_up(fhir, THUY["number"], result, code, card=None)
    fhir.check_in(patient=THUY, use_insurance=True, eligibility_id=looked)
    fhir.deliver()
    assert fhir.side.all("Coverage") == []
    (question,), (answer,) = (
        fhir.side.all(kind) for kind in ("CoverageEligibilityRequest", "CoverageEligibilityResponse")
    )
    assert "insurance" not in question and "insurance" not in answer
    assert (answer["disposition"], answer["error"][0]["code"]["coding"][0]["code"]) == (f"maKetQua {code}", code)
    assert answer["patient"] == question["patient"]


@pytest.mark.parametrize(("code", "result", "pays"), WITHOUT_CARD, ids=[one[0] for one in WITHOUT_CARD])
def test_a_look_up_that_names_no_card_is_told_to_the_profile(
    rest: Any, code: str, result: EligibilityResult, pays: bool | None
) -> None:
    looked = looked_up(rest, THUY["number"], result, code, card=None)
    check_in = rest.check_in(patient=THUY, use_insurance=True, eligibility_id=looked)
    rest.deliver()
    row = rest.side.of(check_in)
    assert (row["SU_DUNG_BHYT"], row["MA_KQ"], row["THOI_GIAN_TRA_CUU"]) == (1, code, "202611231200")
    assert "MA_THE_BHYT" not in row
    assert row.get("TIEP_NHAN_BHYT") == (None if pays is None else int(pays))


def test_who_goes_on_without_insurance_is_not_told_as_insured(site: Any) -> None:
    looked = looked_up(site, THUY["number"], EligibilityResult.NOT_FOUND, "050", card=None)
    check_in = site.check_in(patient=THUY, use_insurance=False, eligibility_id=looked)
    site.deliver()
    if site.side.kind == "fhir":
        assert site.side.all("CoverageEligibilityResponse") == []
    else:
        assert "MA_KQ" not in site.side.of(check_in)


def test_the_card_the_hospital_knows_is_found_by_its_number_and_by_the_person(site: Any) -> None:
    looked = looked_up(site, THUY["number"])
    person = PersonFacts(
        key="k", number=THUY["number"], document=None, name=THUY["name"], birth=THUY["birth"], sex="F", address=None,
        insurance_number=None, level=EvidenceLevel.CHIP_READ,
    )  # fmt: skip
    system = site.house.hospital.system
    assert asyncio.run(system.cover(person)) is None
    site.check_in(patient=THUY, use_insurance=True, eligibility_id=looked)
    site.deliver()
    for asked in (person, replace(person, insurance_number=CARD)):
        known = asyncio.run(system.cover(asked))
        assert known == HospitalCover(CARD, "99001", date(2026, 1, 1), date(2026, 12, 31), accepted=True)


def test_a_look_up_about_somebody_else_is_not_told(fhir: Any) -> None:
    looked = looked_up(fhir, "099190000999")
    fhir.check_in(patient=THUY, use_insurance=True, eligibility_id=looked)
    fhir.deliver()
    assert fhir.side.all("Coverage") == []


def test_a_guardian_stands_apart_from_the_child(fhir: Any) -> None:
    child = {"number": None, "name": "Lê Bé Na", "birth": "2022-05-06", "sex": "F", "level": "paper"}
    fhir.check_in(patient=child, companion={"relation": "mother", "person": THUY | {"level": "chip-genuine"}})
    fhir.deliver()
    (patient,), (mother,) = fhir.side.all("Patient"), fhir.side.all("RelatedPerson")
    assert patient["name"][0]["text"] == "Lê Bé Na"
    assert THUY["number"] not in str(patient)
    assert mother["patient"]["reference"] == f"Patient/{patient['id']}"
    assert mother["relationship"][0]["coding"][0]["code"] == "MTH"
    assert mother["name"][0]["text"] == "Lê Thị Thủy"


def test_a_merged_record_leads_to_the_one_that_lives(fhir: Any) -> None:
    fhir.check_in(patient=THUY)
    fhir.deliver()
    (old,) = fhir.side.all("Patient")
    heir = fhir.side.store.create({"resourceType": "Patient", "active": True, "name": [{"text": "Lê Thị Thủy"}]})
    link = [{"other": {"reference": f"Patient/{heir['id']}"}, "type": "replaced-by"}]
    fhir.side.store.update({**old, "active": False, "link": link}, None)
    check_in = fhir.check_in(patient=THUY, clinic_id="mat")
    fhir.deliver()
    assert fhir.side.of("Encounter", check_in)["subject"]["reference"] == f"Patient/{heir['id']}"


def test_two_records_of_one_number_are_for_a_person_to_merge(fhir: Any) -> None:
    number = {"system": "http://fhir.hl7.org.vn/core/sid/cccd", "value": THUY["number"]}
    for _record in range(2):
        fhir.side.store.create({"resourceType": "Patient", "active": True, "identifier": [number]})
    check_in = fhir.check_in(patient=THUY)
    fhir.deliver()
    assert (fhir.row(check_in)["state"], fhir.row(check_in)["failure"]) == ("refused", "ambiguous")
    assert fhir.side.patients() == 2


def test_a_server_that_answers_without_bodies_is_understood(fhir: Any) -> None:
    fhir.side.manners.bare = True
    fhir.check_in()
    fhir.deliver()
    assert (fhir.side.patients(), fhir.side.visits()) == (1, ["arrived"])


def test_the_profiles_registration(rest: Any) -> None:
    looked = looked_up(rest, THUY["number"])
    ticket = rest.ticket(patient=THUY, use_insurance=True, eligibility_id=looked, exam_type=None)
    rest.deliver()
    row = rest.side.of(ticket.check_in_id)
    told = {
        "XAC_THUC": 1,
        "SO_GTTT": THUY["number"],
        "LOAI_GTTT": 1,
        "HO_TEN": "Lê Thị Thủy",
        "NGAY_SINH": "19900203",
        "GIOI_TINH": 2,
        "MA_DICH_VU": "tim-mach",
        "THOI_GIAN_DEN": "202611231200",
        "SO_THU_TU": ticket.number,
        "MA_THE_BHYT": CARD,
        "GT_THE_TU": "20260101",
        "GT_THE_DEN": "20261231",
        "MA_KQ": "000",
        "MUC_HUONG": 80,
        "MA_DOITUONG_KCB": "1.1",
        "TIEP_NHAN_BHYT": 1,
        "THOI_DIEM_XUAT_TRINH_THE": "202611231200",
    }
    assert {name: row[name] for name in told} == told


def test_the_profile_follows_number_and_bill(rest: Any) -> None:
    check_in = rest.check_in(patient=THUY)
    rest.deliver()
    assert rest.side.of(check_in)["HOA_DON"] == {
        "SO_HOA_DON": "VT-0001",
        "SO_TIEN": 122_500,
        "DA_THU": 0,
        "THOI_GIAN_THU": None,
    }
    rest.become(check_in, TicketStatus.CALLED)
    rest.deliver()
    assert rest.side.of(check_in)["TRANG_THAI_PHIEU"] == "called"


class SilentInsurer:
    """Nobody answers."""

    operator_number = "099180999901"

    async def card(self, number: str, name: str, birth: str) -> None:
        raise InsurerUnavailable(InsurerFault.NO_NETWORK, "test")


def test_when_the_insurer_is_silent_the_desk_is_told_what_the_hospital_knows_of_the_card(site: Any) -> None:
    site.check_in(patient=THUY, use_insurance=True, eligibility_id=looked_up(site, THUY["number"]))
    site.deliver()
    ticket = site.ticket(patient=THUY, clinic_id="mat")
    house = replace(site.house, insurer=SilentInsurer())
    shown = asyncio.run(presenting.present(house, "mat", ticket.number, presenting.Told(), "lan"))
    assert (shown.insured, shown.result) == (True, "")
    assert shown.hospital == HospitalCover(CARD, "99001", date(2026, 1, 1), date(2026, 12, 31), accepted=True)
    site.deliver()
    if site.side.kind == "fhir":
        assert site.side.of("Invoice", ticket.check_in_id)["status"] == "cancelled"
    else:
        assert site.side.of(ticket.check_in_id)["HOA_DON"]["DA_THU"] == 2
