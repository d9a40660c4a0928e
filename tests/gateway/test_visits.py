"""The visit as people live it: time slots, appointments picked up, numbers found again, rooms."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from gateway.app import build
from gateway.settings import Settings
from gateway.staff.desk import desk
from gateway.store.tables import tickets
from gateway.visits.appointments import AppointmentsError, keep, read_lines

KHANG = {"number": "099088000145", "name": "Nguyễn Minh Khang", "birth": "1988-07-04", "level": "chip-genuine"}
TYPED = {"number": "099088000145", "birth": "1988", "level": "typed"}


def changed(gateway: Any, clinics: dict[str, dict[str, Any]], **more: Any) -> None:
    """Serve with other settings of some clinics."""
    plain = gateway.house.settings.model_dump(by_alias=True)
    plain["clinics"] = [clinic | clinics.get(clinic["id"], {}) for clinic in plain["clinics"]]
    settings = Settings.model_validate(plain | more)
    house = replace(gateway.house, settings=settings, clinics={one.id: one for one in settings.clinics})
    gateway.house = house
    gateway.client.serve(build(house, with_background=False))


def with_slots(gateway: Any, people: int = 2) -> None:
    changed(gateway, {"mat": {"slots": [{"from": "13:00", "to": "14:30", "minutes": 30, "people": people}]}})


def clinic(kiosk: Any, id: str) -> dict[str, Any]:
    return next(one for one in kiosk.get("/v1/clinics").json()["clinics"] if one["id"] == id)


def someone(number: int) -> dict[str, str]:
    return {"number": f"0990880{number:05}", "name": f"Người {number}"}


# --- a flat list stays flat


def test_a_site_without_groups_has_one_flat_list(kiosk: Any) -> None:
    answer = kiosk.get("/v1/clinics").json()
    assert answer["exam_types"] == answer["departments"] == []
    assert all(one["slots"] is None and one["department"] is None for one in answer["clinics"])


def test_exam_types_and_departments_are_told_with_the_clinics(gateway: Any, kiosk: Any) -> None:
    changed(
        gateway,
        {"mat": {"department": "noi", "exam_types": ["yeu-cau"]}},
        exam_types=[{"id": "yeu-cau", "name": "Khám theo yêu cầu", "name_en": "By request"}],
        departments=[{"id": "noi", "name": "Khoa Nội", "name_en": "Internal medicine"}],
    )
    answer = kiosk.get("/v1/clinics").json()
    assert [one["name"] for one in answer["exam_types"]] == ["Khám theo yêu cầu"]
    assert [one["id"] for one in answer["departments"]] == ["noi"]
    assert (clinic(kiosk, "mat")["department"], clinic(kiosk, "mat")["exam_types"]) == ("noi", ["yeu-cau"])


@pytest.mark.parametrize("wrong", [{"department": "nowhere"}, {"exam_types": ["nothing"]}])
def test_a_clinic_of_an_unknown_group_is_a_fault_of_the_settings(gateway: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="clinics: mat: there is no"):
        changed(gateway, {"mat": wrong})


# --- slots


def test_slots_that_have_ended_are_gone_and_the_others_count_their_places(gateway: Any, kiosk: Any) -> None:
    with_slots(gateway)
    kiosk.check_in(patient=someone(1), clinic_id="mat", slot_id="1330")
    assert [(slot["id"], slot["left"]) for slot in clinic(kiosk, "mat")["slots"]] == [
        ("1300", 2),
        ("1330", 1),
        ("1400", 2),
    ]
    gateway.clock.turn(minutes=95)
    kiosk.token = kiosk.fetch_token()
    assert [slot["id"] for slot in clinic(kiosk, "mat")["slots"]] == ["1330", "1400"]


def test_a_number_for_a_time_is_expected_at_that_time(gateway: Any, kiosk: Any) -> None:
    with_slots(gateway)
    ticket = kiosk.check_in(clinic_id="mat", slot_id="1330").json()
    assert ticket["slot"]["id"] == "1330"
    assert ticket["expected_at"] == "2026-11-23T06:30:00Z"


def test_a_slot_that_filled_meanwhile_gives_the_next_one_and_nobody_is_sent_away(gateway: Any, kiosk: Any) -> None:
    with_slots(gateway, people=1)
    given = [kiosk.check_in(patient=someone(n), clinic_id="mat", slot_id="1330").json() for n in range(3)]
    assert [ticket["slot"] and ticket["slot"]["id"] for ticket in given] == ["1330", "1400", None]
    assert [ticket["number"] for ticket in given] == ["T001", "T002", "T003"]


def test_who_leaves_gives_the_time_back(gateway: Any, kiosk: Any) -> None:
    with_slots(gateway, people=1)
    key = "11111111-1111-4111-8111-111111111111"
    kiosk.check_in(key, clinic_id="mat", slot_id="1330")
    left = {"registration_key": key, "reason": "left", "at": gateway.house.now().isoformat()}
    assert kiosk.post("/v1/check-ins/abandon", left).status_code == 200
    assert next(slot["left"] for slot in clinic(kiosk, "mat")["slots"] if slot["id"] == "1330") == 1


# --- appointments


def booked(gateway: Any, *rows: tuple[str, ...]) -> int:
    """Read appointments as the command does."""
    file = io.StringIO()
    csv.writer(file).writerows([("number", "clinic", "day", "start", "end", "kind"), *rows])
    file.seek(0)
    lines = list(read_lines(gateway.house, file))
    with gateway.house.store.write() as transaction:
        return keep(gateway.house, transaction, lines)


TODAY = (KHANG["number"], "mat", "2026-11-23", "13:30", "14:00", "revisit")


def test_a_person_whom_the_chip_proved_is_told_of_todays_appointments(gateway: Any, kiosk: Any) -> None:
    tomorrow = (*TODAY[:2], "2026-11-24", *TODAY[3:])
    earlier = (TODAY[0], "tim-mach", TODAY[2], "12:30", "", "booked")
    assert booked(gateway, TODAY, tomorrow, earlier, ("099088000146", *TODAY[1:])) == 4
    found = kiosk.post("/v1/appointments", {"person": KHANG}).json()["appointments"]
    assert [(one["clinic_id"], one["kind"], one["start"]) for one in found] == [
        ("tim-mach", "booked", "2026-11-23T05:30:00Z"),
        ("mat", "revisit", "2026-11-23T06:30:00Z"),
    ]


def test_a_typed_number_is_told_of_no_appointment(gateway: Any, kiosk: Any) -> None:
    booked(gateway, TODAY)
    assert kiosk.post("/v1/appointments", {"person": TYPED}).status_code == 403


def test_an_appointment_is_picked_up_once_and_given_back_by_who_leaves(gateway: Any, kiosk: Any) -> None:
    booked(gateway, TODAY)
    id = kiosk.post("/v1/appointments", {"person": KHANG}).json()["appointments"][0]["id"]
    key = "22222222-2222-4222-8222-222222222222"
    kiosk.check_in(key, patient=KHANG, clinic_id="mat", appointment_id=id, kind="revisit")
    assert kiosk.post("/v1/appointments", {"person": KHANG}).json()["appointments"] == []
    kiosk.post(
        "/v1/check-ins/abandon", {"registration_key": key, "reason": "left", "at": gateway.house.now().isoformat()}
    )
    assert len(kiosk.post("/v1/appointments", {"person": KHANG}).json()["appointments"]) == 1


def test_a_booked_time_orders_the_queue(gateway: Any, kiosk: Any) -> None:
    """Who comes early waits for the time that was promised; whoever walks in before it goes first."""
    booked(gateway, TODAY)
    found = kiosk.post("/v1/appointments", {"person": KHANG}).json()["appointments"][0]
    mine = kiosk.check_in(patient=KHANG, clinic_id="mat", appointment_id=found["id"], kind="revisit").json()
    with gateway.house.store.read() as transaction:
        row = transaction.one(select(tickets.c.turn_at).where(tickets.c.number == mine["number"]))
    assert row is not None and row["turn_at"] == datetime.fromisoformat(found["start"]) > gateway.clock.now()


def test_somebody_elses_appointment_is_never_picked_up(gateway: Any, kiosk: Any) -> None:
    booked(gateway, TODAY)
    id = kiosk.post("/v1/appointments", {"person": KHANG}).json()["appointments"][0]["id"]
    kiosk.check_in(patient=someone(7), clinic_id="mat", appointment_id=id)
    assert len(kiosk.post("/v1/appointments", {"person": KHANG}).json()["appointments"]) == 1


def test_the_same_file_read_twice_adds_nothing(gateway: Any) -> None:
    assert booked(gateway, TODAY) == 1
    assert booked(gateway, TODAY) == 0


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (("123", *TODAY[1:]), "line 2: number"),
        ((TODAY[0], "nowhere", *TODAY[2:]), "line 2: clinic"),
        ((*TODAY[:2], "23/11/2026", *TODAY[3:]), "line 2: day"),
        ((*TODAY[:5], "later"), "line 2: day, start, end or kind"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_without_the_number(gateway: Any, row: tuple[str, ...], what: str) -> None:
    with pytest.raises(AppointmentsError, match=what) as caught:
        booked(gateway, row)
    assert TODAY[0] not in str(caught.value)


# --- a number found again


def test_the_slips_code_finds_its_number(kiosk: Any) -> None:
    given = kiosk.check_in().json()
    found = kiosk.post("/v1/tickets/find", {"slip": given["code"]}).json()["tickets"]
    assert [(one["number"], one["code"], one["held"]) for one in found] == [(given["number"], given["code"], True)]


def test_a_proven_person_finds_every_number_of_today_the_newest_first(gateway: Any, kiosk: Any) -> None:
    kiosk.check_in(patient=KHANG)
    gateway.clock.turn(minutes=10)
    kiosk.check_in(patient=KHANG, clinic_id="mat", priority="merit")
    kiosk.check_in(patient=someone(3))
    found = kiosk.post("/v1/tickets/find", {"person": KHANG}).json()["tickets"]
    assert [(one["number"], one["clinic"]["id"]) for one in found] == [("U001", "mat"), ("T001", "tim-mach")]


def test_a_typed_number_finds_nothing(kiosk: Any) -> None:
    kiosk.check_in(patient=KHANG)
    assert kiosk.post("/v1/tickets/find", {"person": TYPED}).status_code == 403
    assert kiosk.post("/v1/tickets/find", {}).status_code == 422


def test_yesterdays_slip_finds_nothing(gateway: Any, kiosk: Any) -> None:
    given = kiosk.check_in().json()
    gateway.clock.turn(days=1)
    kiosk.token = kiosk.fetch_token()
    assert kiosk.post("/v1/tickets/find", {"slip": given["code"]}).json()["tickets"] == []


def test_an_unknown_slip_finds_nothing(kiosk: Any) -> None:
    assert kiosk.post("/v1/tickets/find", {"slip": "0" * 26}).json()["tickets"] == []


def test_who_comes_again_gets_the_number_they_hold_and_is_told_so(kiosk: Any) -> None:
    first, second = kiosk.check_in().json(), kiosk.check_in().json()
    assert (first["held"], second["held"]) == (False, True)
    assert (second["number"], second["code"]) == (first["number"], first["code"])


# --- rooms


def test_rooms_are_clinics_and_other_places_with_building_floor_and_way(kiosk: Any) -> None:
    rooms = {room["id"]: room for room in kiosk.get("/v1/rooms").json()["rooms"]}
    assert (rooms["tim-mach"]["building"], rooms["tim-mach"]["floor"]) == ("Nhà B", "Tầng 2")
    assert rooms["tim-mach"]["way"] == "Thang máy B, ra cửa rẽ trái"
    assert rooms["nha-thuoc"]["way_en"] == "Right side of hall A, beside the cashier"


def test_the_site_says_who_looks_whether_the_card_is_the_patients_own(gateway: Any, kiosk: Any) -> None:
    assert kiosk.get("/v1/site").json()["holder_check"] == "none"
    place = gateway.house.settings.place.model_dump() | {"holder_check": "staff"}
    changed(gateway, {}, place=place)
    assert kiosk.get("/v1/site").json()["holder_check"] == "staff"


@pytest.mark.parametrize("holder", [None, "finger", "staff", "finger-differs"])
def test_the_desk_is_told_what_became_of_the_holder_check(gateway: Any, kiosk: Any, holder: str | None) -> None:
    number = kiosk.check_in(holder=holder).json()["number"]
    with gateway.house.store.read() as transaction:
        shown = {ticket.number: ticket.holder for ticket in desk(gateway.house, transaction).today}
    assert shown[number] == (holder or "")
