"""Appointments of the hospital's system: found by the chip, picked up by the arrival, given back by who leaves."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from gateway.clock import day_of
from gateway.store.tables import tickets
from services.contract.models import Appointment, EvidenceLevel, Person
from simulators import citizens

HOA = citizens.load("hoa")
PROVEN = {"number": HOA.number, "name": HOA.name, "birth": HOA.birth, "sex": HOA.sex}


def asked(site: Any, **changes: Any) -> tuple[Appointment, ...]:
    person = Person.model_validate({**PROVEN, "level": EvidenceLevel.CHIP_GENUINE, **changes})
    (bookings,) = site.house.bookings
    return asyncio.run(bookings.of(person, day_of(site.clock.now())))


def unused(site: Any) -> int:
    return len(asked(site))


def test_a_person_is_told_of_their_appointment_of_today(site: Any) -> None:
    site.book("hoa", "tim-mach", "13:30")
    (found,) = asked(site)
    assert (found.clinic_id, found.start.astimezone(site.clock.now().tzinfo).hour) == ("tim-mach", 6)
    assert found.id.startswith("hospital:")


def test_somebody_else_is_not_told(site: Any) -> None:
    site.book("hoa", "tim-mach", "13:30")
    khang = citizens.load("khang")
    assert asked(site, number=khang.number, name=khang.name, birth=khang.birth) == ()


def test_who_comes_uses_it_once(site: Any) -> None:
    site.book("hoa", "tim-mach", "13:30")
    (found,) = asked(site)
    site.check_in(patient=PROVEN, kind="booked", appointment_id=found.id)
    site.deliver()
    assert unused(site) == 0
    assert (site.side.patients(), site.side.visits()) == (1, ["arrived"])


def turn(site: Any, check_in_id: str) -> datetime:
    with site.house.store.read() as transaction:
        row = transaction.one(select(tickets.c.turn_at).where(tickets.c.check_in_id == check_in_id))
    assert row is not None
    return row["turn_at"]


def test_the_hospitals_time_orders_the_queue(site: Any) -> None:
    site.book("hoa", "tim-mach", "13:30")
    (found,) = asked(site)
    start = found.start.isoformat()
    ticket = site.ticket(patient=PROVEN, kind="booked", appointment_id=found.id, appointment_start=start)
    assert turn(site, ticket.check_in_id) == found.start


@pytest.mark.parametrize("days", [0, 1, -1])
def test_a_time_that_is_over_or_of_another_day_orders_nothing(site: Any, days: int) -> None:
    """It is noon."""
    site.book("hoa", "tim-mach", "09:00")
    (found,) = asked(site)
    start = (found.start + timedelta(days=days)).isoformat()
    ticket = site.ticket(patient=PROVEN, kind="booked", appointment_id=found.id, appointment_start=start)
    assert turn(site, ticket.check_in_id) == site.clock.now()


def test_a_time_somebody_claims_without_the_chip_orders_nothing(site: Any) -> None:
    later = (site.clock.now() + timedelta(hours=1)).isoformat()
    told = PROVEN | {"level": "typed"}
    ticket = site.ticket(patient=told, kind="booked", appointment_id="hospital:7", appointment_start=later)
    assert turn(site, ticket.check_in_id) == site.clock.now()


def test_the_one_that_was_picked_is_used(site: Any) -> None:
    site.book("hoa", "tim-mach", "09:00")
    site.book("hoa", "tim-mach", "15:00")
    later = asked(site)[1]
    site.check_in(patient=PROVEN, kind="booked", appointment_id=later.id)
    site.deliver()
    assert [one.start.hour for one in asked(site)] == [9]


def test_who_comes_as_a_new_visit_for_the_same_examination_uses_it_too(site: Any) -> None:
    site.book("hoa", "tim-mach", "13:30")
    site.check_in(patient=PROVEN)
    site.deliver()
    assert unused(site) == 0


def test_another_examination_does_not_use_it(site: Any) -> None:
    site.book("hoa", "tim-mach", "13:30")
    site.check_in(patient=PROVEN, clinic_id="mat")
    site.deliver()
    assert unused(site) == 1


def test_who_only_typed_a_number_does_not_use_it(site: Any) -> None:
    site.book("hoa", "tim-mach", "13:30")
    site.check_in(patient=PROVEN | {"level": "typed"})
    site.deliver()
    assert unused(site) == 1


def test_who_leaves_gives_it_back(site: Any) -> None:
    site.book("hoa", "tim-mach", "13:30")
    check_in = site.check_in(patient=PROVEN)
    site.deliver()
    site.leave(check_in)
    site.deliver()
    assert unused(site) == 1


@pytest.mark.parametrize("carried_out", [False, True], ids=["before commit", "after commit"])
def test_it_is_used_once_whatever_answer_is_lost(site: Any, carried_out: bool) -> None:
    site.book("hoa", "tim-mach", "13:30")
    site.check_in(patient=PROVEN)
    site.deliver()
    people = [one for one in citizens.load_all() if one.id != "hoa"]
    for step, one in enumerate(people):
        lost = len(site.line.calls) + 2 * step
        site.book(one.id, "mat", "13:30")
        site.line.losing = [(lost, carried_out)]
        site.check_in(
            patient={"number": one.number, "name": one.name, "birth": one.birth, "sex": one.sex}, clinic_id="mat"
        )
        site.deliver_until_told()
        assert asked(site, number=one.number, name=one.name, birth=one.birth) == ()
    assert site.side.visits() == ["arrived"] * (len(people) + 1)


def test_a_hospital_that_does_not_answer_is_an_empty_list(site: Any) -> None:
    site.book("hoa", "tim-mach", "13:30")
    site.line.cut = True
    assert asked(site) == ()
