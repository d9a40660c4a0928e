"""What the hospital's system answers that a person must see to: a task at the desk, a mark on the number, once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from gateway.hospital import delivery, outbox
from gateway.hospital.offer import HospitalOffer
from gateway.problems import Refused
from gateway.queue import tickets
from gateway.queue.board import Board, board
from gateway.queue.counters import Clerk
from gateway.staff import times
from gateway.staff.console import console
from gateway.staff.desk import Desk, desk
from services.contract.models import TicketStatus

THUY = {"number": "099190000777", "name": "Lê Thị Thủy", "birth": "1990-02-03", "sex": "F"}


@pytest.fixture
def timed(site: Any) -> Any:
    """The hospital's times are offered: two places at 13:30, two at 14:00."""
    house = site.house
    settings = house.settings.hospital.model_copy(update={"times": True})
    site.house = replace(house, offer=HospitalOffer(house.hospital.system, settings, house.clinics, site.clock))
    asyncio.run(site.house.offer.refresh())
    return site


def lose(site: Any, at: str = "13:30") -> str:
    """Somebody has a number for a time whose last place the hospital's own counter gave away; their check-in."""
    check_in = site.check_in(slot_id=at.replace(":", ""))
    for _place in range(2):
        site.side.take("tim-mach", site.today(at))
    site.deliver()
    return str(check_in)


def seen(site: Any) -> Desk:
    with site.house.store.read() as transaction:
        return desk(site.house, transaction)


def shown(site: Any) -> Board:
    with site.house.store.read() as transaction:
        return board(site.house, transaction, "Sảnh", list(site.house.clinics))


def printed_again(site: Any, check_in: str) -> Any:
    """The number as a kiosk gets it for a slip that is printed again."""
    with site.house.store.read() as transaction:
        return tickets.as_answer(site.house, transaction, tickets.check_in_of(transaction, check_in))


def tell_again(site: Any, check_in: str) -> None:
    with site.house.store.write() as transaction:
        outbox.changed(transaction, check_in, site.clock.now())
    site.deliver()


def act(site: Any, what: Any, *args: Any) -> None:
    with site.house.store.write() as transaction:
        what(site.house, transaction, *args, "lan")


# --- a time that was lost after its number was given


def test_who_lost_their_time_is_asked_to_the_desk_and_every_counter_sees_it(timed: Any) -> None:
    check_in = lose(timed)
    (task,) = seen(timed).tasks
    assert (task.kind, task.about, task.number) == ("time-full", "13:30", "T001")
    assert [one.id for one in task.times] == ["1400"]
    assert [one.time_lost for one in seen(timed).today] == ["13:30"]
    counter = next(one.id for one in timed.house.settings.all_counters.values() if "tim-mach" in one.clinics)
    with timed.house.store.read() as transaction:
        at_counter = console(timed.house, transaction, counter, "tim-mach", Clerk("lan", ""))
    assert [one.time_lost for one in (*at_counter.next, *at_counter.unpaid)] == ["13:30"]
    assert (shown(timed).asked, shown(timed).desk) == (("T001",), timed.house.settings.place.insurance_desk.name)
    assert printed_again(timed, check_in).slot_lost


def test_what_was_seen_to_is_not_asked_again_however_often_the_visit_is_told(timed: Any) -> None:
    check_in = lose(timed)
    act(timed, times.see, seen(timed).tasks[0].id)
    tell_again(timed, check_in)
    assert (seen(timed).tasks, shown(timed).asked) == ((), ())
    assert [one.time_lost for one in seen(timed).today] == [""]
    assert not printed_again(timed, check_in).slot_lost


def test_another_time_is_given_at_the_desk_and_taken_at_the_hospital(timed: Any) -> None:
    check_in = lose(timed)
    act(timed, times.give_time, seen(timed).tasks[0].id, "1400")
    timed.deliver()
    again = printed_again(timed, check_in)
    assert (again.slot.id, again.slot_lost, again.number) == ("1400", False, "T001")
    assert timed.side.places("tim-mach", timed.today("14:00")) == (1, 1)
    assert timed.side.places("tim-mach", timed.today("13:30")) == (2, 0)
    told = timed.side.of("Task", check_in) if timed.side.kind == "fhir" else timed.side.of(check_in)
    start = told["restriction"]["period"]["start"] if timed.side.kind == "fhir" else told["KHUNG_GIO_TU"]
    assert start in {"2026-11-23T14:00:00+07:00", "202611231400"}
    assert seen(timed).tasks == ()
    with timed.house.store.read() as transaction:
        ticket = tickets.live_ticket(transaction, check_in)
    assert ticket is not None and ticket["turn_at"] == timed.today("14:00")
    # Whoever leaves gives that place back, and only that one.
    timed.leave(check_in)
    timed.deliver()
    assert timed.side.places("tim-mach", timed.today("14:00")) == (0, 0)


def test_a_time_that_filled_meanwhile_is_refused_and_the_question_stays(timed: Any) -> None:
    lose(timed)
    for _place in range(2):
        timed.side.take("tim-mach", timed.today("14:00"))
    asyncio.run(timed.house.offer.refresh())
    with pytest.raises(Refused, match="no place"):
        act(timed, times.give_time, seen(timed).tasks[0].id, "1400")
    assert [one.times for one in seen(timed).tasks] == [()]


def test_a_time_that_is_lost_too_is_asked_about_anew(timed: Any) -> None:
    check_in = lose(timed)
    act(timed, times.give_time, seen(timed).tasks[0].id, "1400")
    for _place in range(2):
        timed.side.take("tim-mach", timed.today("14:00"))
    timed.deliver()
    assert [one.about for one in seen(timed).tasks] == ["14:00"]
    assert printed_again(timed, check_in).slot_lost


def test_a_place_that_came_free_at_the_hospital_answers_the_question_by_itself(fhir: Any) -> None:
    settings = fhir.house.settings.hospital.model_copy(update={"times": True})
    offer = HospitalOffer(fhir.house.hospital.system, settings, fhir.house.clinics, fhir.clock)
    fhir.house = replace(fhir.house, offer=offer)
    asyncio.run(offer.refresh())
    check_in = lose(fhir)
    slot = next(one for one in fhir.side.all("Slot") if one["status"] == "busy" and "T13:30" in one["start"])
    fhir.side.store.update({**slot, "status": "free"}, None)
    tell_again(fhir, check_in)
    assert seen(fhir).tasks == ()
    assert fhir.side.places("tim-mach", fhir.today("13:30")) == (2, 1)


def test_a_number_that_is_over_asks_nobody(timed: Any) -> None:
    check_in = lose(timed)
    timed.become(check_in, TicketStatus.DONE)
    assert (seen(timed).tasks, shown(timed).asked) == ((), ())


def test_of_two_desks_at_once_one_sees_to_it(timed: Any) -> None:
    lose(timed)
    task = seen(timed).tasks[0].id
    act(timed, times.see, task)
    for what in ((times.see, task), (times.give_time, task, "1400")):
        with pytest.raises(Refused) as refused:
            act(timed, *what)
        assert refused.value.status == 409
    assert timed.side.places("tim-mach", timed.today("14:00")) == (0, 0)


# --- everything else that only a person can put right


def test_what_the_system_refuses_is_a_task_until_it_is_taken(site: Any) -> None:
    check_in = site.check_in(patient=THUY)
    site.line.answer = lambda _request: httpx.Response(422, json={"resourceType": "OperationOutcome", "issue": []})
    site.deliver()
    (task,) = seen(site).tasks
    assert (task.kind, task.about, task.number) == ("refused", "invalid", "T001")
    site.line.answer = lambda _request: None
    tell_again(site, check_in)
    assert seen(site).tasks == ()


def refuse(site: Any) -> None:
    site.line.answer = lambda _request: httpx.Response(422, json={"resourceType": "OperationOutcome", "issue": []})


def test_a_refused_visit_that_was_entered_by_hand_is_told_no_more(site: Any) -> None:
    check_in = site.check_in(patient=THUY)
    refuse(site)
    site.deliver()
    act(site, times.see, seen(site).tasks[0].id)
    site.line.answer = lambda _request: None
    site.become(check_in, TicketStatus.CALLED)
    tell_again(site, check_in)
    site.clock.turn(hours=3)
    site.deliver()
    assert (site.side.visits(), seen(site).tasks, site.row(check_in)["state"]) == ([], (), "by-hand")


def test_who_was_taken_meanwhile_was_not_entered_by_hand(site: Any) -> None:
    check_in = site.check_in(patient=THUY)
    refuse(site)
    site.deliver()
    (task,) = seen(site).tasks
    site.line.answer = lambda _request: None
    tell_again(site, check_in)
    with pytest.raises(Refused, match="saw to it"):
        act(site, times.see, task.id)
    assert site.row(check_in)["state"] == "arrived"


def test_nobody_is_told_to_enter_by_hand_what_is_being_told_at_this_moment(site: Any) -> None:
    check_in = site.check_in(patient=THUY)
    refuse(site)
    site.deliver()
    (task,) = seen(site).tasks
    site.clock.turn(hours=2)
    assert delivery.take(site.house) is not None
    with pytest.raises(Refused) as refused:
        act(site, times.see, task.id)
    assert (refused.value.status, refused.value.problem.detail) == (409, times.TOLD_NOW)
    assert [one.kind for one in seen(site).tasks] == ["refused"] and site.row(check_in)["state"] == "refused"


def test_what_answered_itself_is_asked_anew_when_it_comes_back(site: Any) -> None:
    check_in = site.check_in(patient=THUY)
    refuse(site)
    site.deliver()
    site.line.answer = lambda _request: None
    tell_again(site, check_in)
    assert seen(site).tasks == ()
    refuse(site)
    tell_again(site, check_in)
    assert [one.about for one in seen(site).tasks] == ["invalid"]


def test_numbers_that_are_over_crowd_nobody_out(timed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(times, "MOST", 1)
    timed.become(lose(timed), TicketStatus.DONE)
    timed.clock.turn(minutes=1)
    timed.check_in(patient=THUY, slot_id="1400")
    for _place in range(2):
        timed.side.take("tim-mach", timed.today("14:00"))
    timed.deliver()
    assert [one.about for one in seen(timed).tasks] == ["14:00"]


def test_a_record_that_differs_from_the_chip_is_a_task_that_names_the_field_alone(site: Any) -> None:
    site.check_in(patient=THUY)
    site.deliver()
    site.check_in(patient=THUY | {"name": "Lê Thị Thúy"}, clinic_id="mat")
    site.deliver()
    (task,) = seen(site).tasks
    assert (task.kind, task.about) == ("differs", "name")


def test_a_visit_the_hospital_undid_is_a_task_while_its_number_waits(fhir: Any) -> None:
    check_in = fhir.check_in()
    fhir.deliver()
    fhir.side.store.update({**fhir.side.of("Encounter", check_in), "status": "cancelled"}, None)
    tell_again(fhir, check_in)
    assert [one.kind for one in seen(fhir).tasks] == ["undone"]
    fhir.become(check_in, TicketStatus.DONE)
    assert seen(fhir).tasks == ()


@pytest.mark.parametrize("kept_by", ["settle", "examine"])
def test_who_left_and_was_kept_by_the_hospital_is_a_task(site: Any, kept_by: str) -> None:
    check_in = site.check_in()
    site.deliver()
    getattr(site.side, kept_by)(check_in)
    site.leave(check_in)
    site.deliver()
    assert [one.kind for one in seen(site).tasks] == ["kept"]
