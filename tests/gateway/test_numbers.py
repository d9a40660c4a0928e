"""One person, one number: numbers, sending twice, leased numbers, leaving."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from typing import Any

from services.contract.sealed import MEDIA_TYPE, seal
from services.contract.ticket_codes import reprint_code, ticket_code


def person(number: int, **changes: str) -> dict[str, str]:
    return {"number": f"0990880{number:05}", "name": f"Người {number}", **changes}


def waiting(kiosk: Any, clinic: str = "tim-mach") -> int:
    clinics = kiosk.get("/v1/clinics").json()["clinics"]
    return next(one["waiting"] for one in clinics if one["id"] == clinic)


def test_numbers_count_per_clinic_with_a_prefix_for_priority(kiosk: Any) -> None:
    numbers = [
        kiosk.check_in(patient=person(1)).json()["number"],
        kiosk.check_in(patient=person(2)).json()["number"],
        kiosk.check_in(patient=person(3), priority="merit").json()["number"],
        kiosk.check_in(patient=person(4), clinic_id="mat").json()["number"],
    ]
    assert numbers == ["T001", "T002", "U001", "T001"]


def test_numbers_begin_anew_each_day(gateway: Any, kiosk: Any) -> None:
    kiosk.check_in(patient=person(1))
    gateway.clock.turn(days=1)
    kiosk.token = kiosk.fetch_token()
    assert kiosk.check_in(patient=person(2)).json()["number"] == "T001"


def test_the_ticket_tells_how_many_wait_and_about_when(gateway: Any, kiosk: Any) -> None:
    for number in range(6):
        kiosk.check_in(patient=person(number))
    ticket = kiosk.check_in(patient=person(9)).json()
    assert ticket["waiting"] == 6
    assert ticket["expected_at"] == "2026-11-23T05:20:00Z", "6 people of 213 s each, to 5 minutes of the clock"
    assert ticket["clinic"]["minutes"] == 25
    assert ticket["clinic"]["room"] == "Phòng 205, tầng 2, nhà B"


def test_nobody_is_expected_at_a_time_that_is_over(gateway: Any, kiosk: Any) -> None:
    gateway.clock.turn(minutes=1)
    ticket = kiosk.check_in(patient=person(1)).json()
    assert (ticket["waiting"], ticket["expected_at"]) == (0, "2026-11-23T05:05:00Z")


def test_priority_is_interleaved_with_those_who_wait(kiosk: Any) -> None:
    for number in range(6):
        kiosk.check_in(patient=person(number))
    ahead = [kiosk.check_in(patient=person(20 + n), priority="merit").json()["waiting"] for n in range(3)]
    assert ahead == [0, 1, 3], "two priority numbers are called before one ordinary number"


def test_the_same_send_gets_the_same_number(kiosk: Any) -> None:
    key = str(uuid.uuid4())
    first = kiosk.check_in(key)
    second = kiosk.check_in(key)
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    assert waiting(kiosk) == 1


def test_the_same_key_for_another_person_is_refused(kiosk: Any) -> None:
    key = str(uuid.uuid4())
    assert kiosk.check_in(key, patient=person(1)).status_code == 200
    assert kiosk.check_in(key, patient=person(2)).status_code == 422
    assert waiting(kiosk) == 1


def test_the_same_key_of_another_kiosk_is_another_write(gateway: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    assert kiosk.check_in(key, patient=person(1)).json()["number"] == "T001"
    assert gateway.kiosk("C").check_in(str(uuid.uuid4()), patient=person(2)).json()["number"] == "T002"


def test_a_key_tells_what_became_of_it(kiosk: Any) -> None:
    key = str(uuid.uuid4())
    assert kiosk.get(f"/v1/operations/check-in/{key}").json()["state"] == "unknown"
    ticket = kiosk.check_in(key).json()
    answer = kiosk.get(f"/v1/operations/check-in/{key}").json()
    assert answer == {"state": "done", "status": 200, "body": ticket}


def test_another_kiosk_cannot_read_the_key(gateway: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    kiosk.check_in(key)
    assert gateway.kiosk("C").get(f"/v1/operations/check-in/{key}").json()["state"] == "unknown"


def test_the_same_person_gets_the_same_number_back_from_any_kiosk(gateway: Any, kiosk: Any) -> None:
    first = kiosk.check_in().json()
    second = gateway.kiosk("C").check_in().json()
    assert second["number"] == first["number"]
    assert waiting(kiosk) == 1


def test_after_the_configured_time_the_same_person_gets_a_new_number(gateway: Any, kiosk: Any) -> None:
    first = kiosk.check_in().json()
    gateway.clock.turn(minutes=241)
    kiosk.token = kiosk.fetch_token()
    assert kiosk.check_in().json()["number"] != first["number"]


def test_somebody_who_types_a_number_is_never_given_its_owners_ticket(kiosk: Any) -> None:
    owner = kiosk.check_in().json()
    typed = kiosk.check_in(patient={"level": "typed", "name": None, "birth": None}).json()
    assert typed["number"] != owner["number"]
    assert typed["unverified"] is True
    assert owner["unverified"] is False


def test_a_slip_carries_codes_both_sides_draw_from_the_key(kiosk: Any) -> None:
    key = str(uuid.uuid4())
    ticket = kiosk.check_in(key).json()
    assert (ticket["code"], ticket["reprint_code"]) == (ticket_code(key), reprint_code(key))


def test_concurrent_kiosks_never_give_one_number_twice(gateway: Any) -> None:
    kiosks = [gateway.kiosk(letter) for letter in "BCDE"]
    numbers: list[str] = []

    def many(kiosk: Any, start: int) -> None:
        for number in range(start, start + 10):
            numbers.append(kiosk.check_in(patient=person(number)).json()["number"])

    threads = [threading.Thread(target=many, args=(kiosk, 100 * place)) for place, kiosk in enumerate(kiosks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [f"T{number:03}" for number in range(1, 41)]
    assert waiting(kiosks[0]) == 40


def test_one_key_sent_many_times_at_once_takes_one_number(gateway: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    body = kiosk.check_in  # the same registration each time
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(body(key).content)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert waiting(kiosk) == 1


def test_a_person_at_two_kiosks_at_once_takes_one_number(gateway: Any) -> None:
    kiosks = [gateway.kiosk(letter) for letter in "BCDE"]
    numbers: list[str] = []
    threads = [
        threading.Thread(target=lambda kiosk=kiosk: numbers.append(kiosk.check_in().json()["number"]))
        for kiosk in kiosks
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == ["T001"] * 4


def test_a_sealed_registration_is_the_same_write_as_its_plain_form(gateway: Any, kiosk: Any) -> None:
    import json

    key = str(uuid.uuid4())
    plain = kiosk.check_in(key)
    body = json.dumps(
        {
            "arrived_at": gateway.house.now().isoformat(),
            "clinic_id": "tim-mach",
            "use_insurance": False,
            "patient": {
                "level": "chip-genuine",
                "number": "099088000145",
                "name": "Nguyễn Minh Khang",
                "birth": "1988-07-04",
                "sex": "M",
            },
        }
    ).encode()
    box = seal(body, kiosk.enrolled["sealing_key"], path="/v1/check-ins", key=key)
    headers = {"Authorization": f"Bearer {kiosk.token}", "Idempotency-Key": key, "Content-Type": MEDIA_TYPE}
    assert gateway.client.post("/v1/check-ins", content=box, headers=headers).content == plain.content
    moved = headers | {"Idempotency-Key": str(uuid.uuid4())}
    assert gateway.client.post("/v1/check-ins", content=box, headers=moved).status_code == 422
    assert gateway.client.post("/v1/check-ins", content=b"TS1" + bytes(80), headers=headers).status_code == 422


# --- leased numbers


def lease(kiosk: Any, clinic: str = "tim-mach", day: str = "2026-11-23") -> dict[str, Any]:
    leases = kiosk.post("/v1/leases").json()["leases"]
    return next(one for one in leases if one["clinic_id"] == clinic and one["day"] == day)


def fallback_use(key: str, held: dict[str, Any], number: str, at: str) -> dict[str, Any]:
    return {
        "registration_key": key,
        "fallback": {"lease_id": held["id"], "number": number},
        "printed_at": at,
    }


def test_a_kiosk_holds_numbers_with_its_letter_three_days_ahead(kiosk: Any) -> None:
    leases = kiosk.post("/v1/leases").json()["leases"]
    days = {one["day"] for one in leases}
    assert days == {"2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"}
    assert len(leases) == 4 * 9
    assert lease(kiosk)["numbers"] == [f"B{number:02}" for number in range(1, 11)]
    assert lease(gateway_other := kiosk)["id"] == lease(gateway_other)["id"], "asking again leases nothing more"


def test_a_printed_fallback_is_the_ticket_and_the_given_number_is_void(gateway: Any, kiosk: Any) -> None:
    held = lease(kiosk)
    key = str(uuid.uuid4())
    given = kiosk.check_in(key, fallback={"lease_id": held["id"], "number": "B01"}).json()
    at = gateway.house.now().isoformat()
    ticket = kiosk.post("/v1/check-ins/fallback", fallback_use(key, held, "B01", at)).json()
    assert (given["number"], ticket["number"]) == ("T001", "B01")
    assert waiting(kiosk) == 1
    assert kiosk.check_in(patient=person(2)).json()["number"] == "T002", "a void number is never given again"
    assert "B01" not in lease(kiosk)["numbers"]
    assert len(lease(kiosk)["numbers"]) == 10, "topped up"


def test_a_fallback_that_arrives_before_its_registration_waits_for_it(gateway: Any, kiosk: Any) -> None:
    held = lease(kiosk)
    key = str(uuid.uuid4())
    use = fallback_use(key, held, "B01", gateway.house.now().isoformat())
    assert kiosk.post("/v1/check-ins/fallback", use).status_code == 202
    assert kiosk.check_in(key).json()["number"] == "B01"
    assert waiting(kiosk) == 1


def test_yesterdays_late_registration_joins_yesterdays_queue(gateway: Any, kiosk: Any) -> None:
    held = lease(kiosk)
    key = str(uuid.uuid4())
    arrived = gateway.house.now()
    gateway.clock.turn(days=1)
    kiosk.token = kiosk.fetch_token()
    late = kiosk.check_in(key, arrived_at=arrived.isoformat()).json()
    assert late["issued_at"] == "2026-11-23T05:00:00Z"
    assert (
        kiosk.post("/v1/check-ins/fallback", fallback_use(key, held, "B01", arrived.isoformat())).json()["number"]
        == "B01"
    )
    assert waiting(kiosk) == 0
    assert kiosk.check_in(patient=person(2)).json()["number"] == "T001"


def test_a_registration_from_long_ago_goes_to_a_person(gateway: Any, kiosk: Any) -> None:
    arrived = gateway.house.now() - timedelta(days=31)
    assert kiosk.check_in(arrived_at=arrived.isoformat()).status_code == 202
    assert waiting(kiosk) == 0


def test_two_slips_with_one_leased_number_stay_two_tickets(gateway: Any, kiosk: Any) -> None:
    held = lease(kiosk)
    at = gateway.house.now().isoformat()
    numbers: list[str] = []
    for number in (1, 2):
        key = str(uuid.uuid4())
        kiosk.check_in(key, patient=person(number))
        numbers.append(kiosk.post("/v1/check-ins/fallback", fallback_use(key, held, "B01", at)).json()["number"])
    assert numbers == ["B01", "B01/2"]


# --- leaving


def left(key: str, at: str) -> dict[str, str]:
    return {"registration_key": key, "reason": "left", "at": at}


def test_leaving_undoes_the_number_and_the_bill(gateway: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    bill = kiosk.check_in(key).json()["bill_id"]
    ticket = kiosk.post("/v1/check-ins/abandon", left(key, gateway.house.now().isoformat())).json()
    assert ticket["status"] == "abandoned"
    assert waiting(kiosk) == 0
    assert kiosk.post("/v1/payment-intents", {"bill_id": bill}).status_code == 422


def test_leaving_before_the_registration_arrives_undoes_it_when_it_does(gateway: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    assert kiosk.post("/v1/check-ins/abandon", left(key, gateway.house.now().isoformat())).status_code == 202
    assert kiosk.check_in(key).json()["status"] == "abandoned"
    assert waiting(kiosk) == 0


def test_whoever_came_again_and_leaves_keeps_the_first_number(gateway: Any, kiosk: Any) -> None:
    kiosk.check_in()
    again = str(uuid.uuid4())
    kiosk.check_in(again)
    ticket = kiosk.post("/v1/check-ins/abandon", left(again, gateway.house.now().isoformat())).json()
    assert ticket["status"] == "unpaid"
    assert waiting(kiosk) == 1


def test_after_leaving_the_person_may_come_again(gateway: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    kiosk.check_in(key)
    kiosk.post("/v1/check-ins/abandon", left(key, gateway.house.now().isoformat()))
    assert kiosk.check_in().json()["number"] == "T002"


def test_a_slip_that_did_not_come_out_is_known(gateway: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    check_in = kiosk.check_in(key).json()["check_in_id"]
    report = {"printed": False, "failure_code": "PR-02", "at": gateway.house.now().isoformat()}
    for id in (check_in, key):
        assert kiosk.post(f"/v1/check-ins/{id}/slip", report).json()["number"] == "T001"


# --- clinics


def test_a_clinic_outside_its_hours_says_when_it_opens(gateway: Any, kiosk: Any) -> None:
    def opens() -> str | None:
        clinics = kiosk.get("/v1/clinics").json()["clinics"]
        return next(one["opens_at"] for one in clinics if one["id"] == "phu-san")

    assert opens() == "13:00"
    gateway.clock.turn(hours=1)
    kiosk.token = kiosk.fetch_token()
    assert opens() is None


def test_the_guide_desk_gives_numbers_without_a_bill(kiosk: Any) -> None:
    ticket = kiosk.check_in(clinic_id="ban-huong-dan").json()
    assert (ticket["number"], ticket["bill_id"], ticket["status"]) == ("T001", None, "waiting")


def test_an_unknown_clinic_is_refused(kiosk: Any) -> None:
    assert kiosk.check_in(clinic_id="nowhere").status_code == 422


def test_a_kiosk_of_a_large_fleet_has_two_letters(gateway: Any) -> None:
    kiosk = gateway.kiosk("BC")
    held = lease(kiosk)
    key = str(uuid.uuid4())
    kiosk.check_in(key, patient=person(1))
    printed = kiosk.post(
        "/v1/check-ins/fallback", fallback_use(key, held, "BC01", gateway.house.now().isoformat())
    ).json()
    assert (printed["number"], kiosk.get("/v1/site").json()["kiosk_letter"]) == ("BC01", "BC")
