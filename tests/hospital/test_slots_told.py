"""The time taken with a number is taken in the hospital's own time table too: once, given back, and never twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from gateway.api.deps import Sent
from gateway.api.queue import check_in
from gateway.hospital import outbox
from gateway.hospital.offer import HospitalOffer
from gateway.insurance.amounts import Payer
from gateway.queue.clinics import all_clinics
from gateway.settings import SlotHours
from services.contract.models import Registration, Ticket


def with_times(site: Any) -> Any:
    """The hospital's times are offered at the kiosks."""
    house = site.house
    settings = house.settings.hospital.model_copy(update={"times": True})
    offer = HospitalOffer(house.hospital.system, settings, house.clinics, site.clock)
    site.house = replace(house, offer=offer)
    asyncio.run(offer.refresh())
    return site


def somebody(number: int) -> dict[str, str]:
    return {"number": f"0990880{number:05}", "name": f"Người {number}", "birth": "1970-01-01"}


def left(site: Any) -> list[tuple[str, int]]:
    """What a kiosk offers: times and places."""
    asyncio.run(site.house.offer.refresh())
    with site.house.store.read() as transaction:
        clinics = all_clinics(site.house, transaction, Payer.SELF).clinics
    return [(one.id, one.left) for one in next(one for one in clinics if one.id == "tim-mach").slots or ()]


@pytest.mark.parametrize("slot", ["1330", None])
def test_a_fhir_server_is_told_from_when_the_number_counts(fhir: Any, slot: str | None) -> None:
    with_times(fhir)
    ticket = fhir.ticket(slot_id=slot)
    fhir.deliver()
    task = fhir.side.of("Task", ticket.check_in_id)
    told = task.get("restriction", {}).get("period", {}).get("start")
    assert told == (None if slot is None else "2026-11-23T13:30:00+07:00")


@pytest.mark.parametrize(("slot", "told"), [("1330", "202611231330"), (None, None)])
def test_the_profile_is_told_from_when_the_number_counts(rest: Any, slot: str | None, told: str | None) -> None:
    with_times(rest)
    ticket = rest.ticket(slot_id=slot)
    rest.deliver()
    assert rest.side.of(ticket.check_in_id).get("KHUNG_GIO_TU") == told


def test_the_place_is_taken_at_the_hospital_and_counted_once(site: Any) -> None:
    with_times(site)
    assert left(site) == [("1330", 2), ("1400", 2)]
    check_in = site.check_in(slot_id="1330")
    assert left(site) == [("1330", 1), ("1400", 2)]
    site.deliver()
    assert site.side.places("tim-mach", site.today("13:30")) == (1, 1)
    # Told or not, it is one place.
    assert left(site) == [("1330", 1), ("1400", 2)]
    for _time in range(2):
        with site.house.store.write() as transaction:
            outbox.changed(transaction, check_in, site.clock.now())
        site.deliver()
    assert site.side.places("tim-mach", site.today("13:30")) == (1, 1)


def test_an_appointment_of_a_fhir_server_names_the_slot_the_patient_and_the_encounter(fhir: Any) -> None:
    with_times(fhir)
    check_in = fhir.check_in(slot_id="1330")
    fhir.deliver()
    (appointment,) = fhir.side.all("Appointment")
    (patient,) = fhir.side.all("Patient")
    assert (appointment["status"], appointment["start"]) == ("arrived", "2026-11-23T13:30:00+07:00")
    assert appointment["participant"][0]["actor"] == {"reference": f"Patient/{patient['id']}"}
    encounter = fhir.side.of("Encounter", check_in)
    assert encounter["appointment"] == [{"reference": f"Appointment/{appointment['id']}"}]


def test_who_leaves_gives_the_place_back_at_the_hospital_too(site: Any) -> None:
    with_times(site)
    check_in = site.check_in(slot_id="1330")
    site.deliver()
    site.leave(check_in)
    site.deliver()
    assert site.side.places("tim-mach", site.today("13:30")) == (0, 0)
    assert left(site) == [("1330", 2), ("1400", 2)]
    if site.side.kind == "fhir":
        assert [one["status"] for one in site.side.all("Appointment")] == ["cancelled"]
        assert not any("identifier" in one for one in site.side.all("Slot"))


@pytest.mark.parametrize("carried_out", [False, True], ids=["before commit", "after commit"])
def test_a_lost_answer_of_any_request_takes_one_place(site: Any, carried_out: bool) -> None:
    with_times(site)
    noon = site.clock.moment
    first = site.check_in(slot_id="1330", patient=somebody(0))
    before = len(site.line.calls)
    site.deliver()
    requests = len(site.line.calls) - before
    site.leave(first)
    site.deliver()
    for step in range(requests):
        site.clock.moment = noon
        check_in = site.check_in(slot_id="1330", patient=somebody(step + 1))
        site.line.losing = [(len(site.line.calls) + step, carried_out)]
        site.deliver()
        assert site.due() == 1, "the answer was lost"
        site.line.losing = []
        site.deliver_until_told()
        assert site.side.places("tim-mach", site.today("13:30")) == (1, 1)
        site.leave(check_in)
        site.deliver_until_told()
        assert site.side.places("tim-mach", site.today("13:30")) == (0, 0)


@pytest.mark.parametrize("carried_out", [False, True], ids=["before commit", "after commit"])
def test_a_lost_answer_while_it_is_undone_leaves_no_place_taken(site: Any, carried_out: bool) -> None:
    with_times(site)

    noon = site.clock.moment

    def leave_one(number: int) -> int:
        site.clock.moment = noon
        check_in = site.check_in(slot_id="1330", patient=somebody(number))
        site.deliver_until_told()
        before = len(site.line.calls)
        site.leave(check_in)
        return before

    before = leave_one(0)
    site.deliver()
    requests = len(site.line.calls) - before
    for step in range(requests):
        site.line.losing = [(leave_one(step + 1) + step, carried_out)]
        site.deliver()
        site.deliver_until_told()
        assert site.side.places("tim-mach", site.today("13:30")) == (0, 0)


def test_a_place_that_is_taken_late_after_its_person_left_is_not_taken(fhir: Any) -> None:
    with_times(fhir)
    check_in = fhir.check_in(slot_id="1330")
    fhir.line.hold = "PUT /fhir/Slot"
    fhir.deliver()
    assert len(fhir.line.held) == 1
    late, fhir.line.held, fhir.line.hold = list(fhir.line.held), [], None
    fhir.leave(check_in)
    fhir.deliver_until_told()
    fhir.line.held = late
    asyncio.run(fhir.line.release())
    assert fhir.side.places("tim-mach", fhir.today("13:30")) == (0, 0)


def test_people_of_several_kiosks_at_once_never_share_a_place(open_site: Callable[..., Any]) -> None:
    site = with_times(open_site("fhir", at_once="8"))
    tickets = [site.ticket("BCDEF"[one], slot_id="1330", patient=somebody(one)) for one in range(5)]
    given = [None if one.slot is None else one.slot.id for one in tickets]
    assert given == ["1330", "1330", "1400", "1400", None]
    site.deliver_until_told()
    assert site.side.places("tim-mach", site.today("13:30")) == (2, 2)
    assert site.side.places("tim-mach", site.today("14:00")) == (2, 2)


def test_a_place_that_somebody_takes_at_the_same_moment_is_theirs_and_the_next_one_ours(fhir: Any) -> None:
    with_times(fhir)
    fhir.check_in(slot_id="1330")

    def at_the_same_moment(request: httpx.Request) -> None:
        if request.method == "PUT" and "/Slot/" in request.url.path:
            fhir.line.answer = lambda _request: None
            fhir.side.take("tim-mach", fhir.today("13:30"))

    fhir.line.answer = at_the_same_moment
    fhir.deliver()
    assert fhir.side.places("tim-mach", fhir.today("13:30")) == (2, 1)
    assert fhir.due() == 0


def test_times_given_at_the_hospitals_counter_meanwhile_are_seen_before_the_number_is_given(site: Any) -> None:
    with_times(site)
    for _place in range(2):
        site.side.take("tim-mach", site.today("13:30"))
    # The kiosk's page is older than that: it still offers 13:30.
    patient = somebody(1) | {"level": "typed"}
    wanted = {"patient": patient, "clinic_id": "tim-mach", "arrived_at": site.clock.now(), "slot_id": "1330"}
    sent = Sent("key-of-the-registration", "hash")
    answer = asyncio.run(check_in(site.house, site.kiosk("B"), sent, None, Registration.model_validate(wanted)))
    slot = Ticket.model_validate_json(bytes(answer.body)).slot
    assert slot is not None and slot.id == "1400"


def test_a_number_whose_time_was_taken_away_meanwhile_stays(site: Any, caplog: pytest.LogCaptureFixture) -> None:
    with_times(site)
    site.check_in(slot_id="1330")
    for _place in range(2):
        site.side.take("tim-mach", site.today("13:30"))
    site.deliver()
    assert site.side.visits() == ["arrived"]
    assert site.side.places("tim-mach", site.today("13:30")) == (2, 0)
    assert "has no place at the hospital" in caplog.text
    assert left(site) == [("1400", 2)]


def test_a_hospital_without_such_a_time_is_told_the_visit_and_nothing_is_missing(
    site: Any, caplog: pytest.LogCaptureFixture
) -> None:
    hours = SlotHours.model_validate({"from": "15:00", "to": "15:30", "minutes": 30, "people": 2})
    clinics = dict(site.house.clinics)
    clinics["tim-mach"] = clinics["tim-mach"].model_copy(update={"slots": (hours,)})
    site.house = replace(site.house, clinics=clinics)
    assert site.ticket(slot_id="1500").slot is not None
    site.deliver()
    assert site.side.visits() == ["arrived"]
    assert "has no place" not in caplog.text
