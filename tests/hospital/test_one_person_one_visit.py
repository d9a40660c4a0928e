"""Never two patients for one person, never two visits for one check-in: whatever is lost, repeated or at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gateway.hospital import outbox
from services.contract.models import TicketStatus

THUY = {"number": "099190000777", "name": "Lê Thị Thủy", "birth": "1990-02-03", "sex": "F"}


def test_a_check_in_becomes_one_patient_and_one_visit(site: Any) -> None:
    check_in = site.check_in()
    site.deliver()
    assert (site.side.patients(), site.side.visits()) == (1, ["arrived"])
    row = site.row(check_in)
    assert (row["state"], row["next_at"], row["told_version"]) == ("arrived", None, row["version"])


def test_telling_again_makes_nothing_new(site: Any) -> None:
    check_in = site.check_in()
    site.deliver()
    for _time in range(3):
        with site.house.store.write() as transaction:
            outbox.changed(transaction, check_in, site.clock.now())
        site.deliver()
    assert (site.side.patients(), site.side.visits()) == (1, ["arrived"])


@pytest.mark.parametrize("carried_out", [False, True], ids=["before commit", "after commit"])
def test_a_lost_answer_of_any_request_makes_nothing_twice(site: Any, carried_out: bool) -> None:
    site.check_in(patient=THUY)
    site.deliver()
    requests = len(site.line.calls)
    assert requests >= 2
    for step in range(requests):
        person = {"number": f"0990880{step:05}", "name": f"Người thứ {step}", "birth": "1970-01-01"}
        site.line.losing = [(len(site.line.calls) + step, carried_out)]
        site.check_in(patient=person)
        site.deliver()
        assert site.due() == 1, "the answer was lost"
        site.clock.turn(hours=2)
        site.deliver()
        assert site.due() == 0
    assert site.side.patients() == requests + 1
    assert site.side.visits() == ["arrived"] * (requests + 1)


@pytest.mark.parametrize("carried_out", [False, True], ids=["before commit", "after commit"])
def test_every_answer_lost_in_turn_makes_nothing_twice(site: Any, carried_out: bool) -> None:
    site.check_in()
    lost = 0
    for _round in range(60):
        site.line.losing = [(number, carried_out) for number in range(lost, lost + 1)]
        site.deliver()
        if not site.due():
            break
        lost = len(site.line.calls) + _round % 9
        site.clock.turn(hours=2)
    site.line.losing = []
    site.deliver_until_told()
    assert (site.side.patients(), site.side.visits()) == (1, ["arrived"])


def test_one_person_at_two_kiosks_at_once_is_one_patient(open_site: Callable[..., Any]) -> None:
    site = open_site("fhir", at_once="8")
    site.side.manners.hasty = True
    clinics = ["tim-mach", "mat", "rang-ham-mat", "tai-mui-hong"]
    for kiosk, clinic in zip("BCDE", clinics, strict=True):
        site.check_in(kiosk, clinic_id=clinic)
    site.deliver_until_told()
    assert (site.side.patients(), site.side.visits()) == (1, ["arrived"] * 4)


def test_many_people_at_once_are_told_beside_each_other(site: Any) -> None:
    for person in range(12):
        patient = {"number": f"0990880{person:05}", "name": f"Người {person}", "birth": "1970-01-01"}
        site.check_in("BCDE"[person % 4], patient=patient)
    site.deliver_until_told()
    assert site.side.patients() == 12
    assert site.side.visits() == ["arrived"] * 12


def test_the_same_person_again_at_the_same_clinic_is_no_second_visit(site: Any) -> None:
    first = site.check_in("B")
    assert site.check_in("C") == first
    site.deliver()
    assert (site.side.patients(), site.side.visits()) == (1, ["arrived"])


def test_who_typed_a_number_and_later_shows_the_chip_is_one_patient(site: Any) -> None:
    site.check_in(patient=THUY | {"level": "typed"})
    site.deliver()
    site.check_in(patient=THUY, clinic_id="mat")
    site.deliver()
    assert site.side.patients() == 1
    site.check_in(patient=THUY | {"level": "typed"}, clinic_id="rang-ham-mat")
    site.deliver()
    assert (site.side.patients(), len(site.side.visits())) == (1, 3)


def test_who_typed_the_same_twice_is_one_patient(site: Any) -> None:
    for clinic in ("tim-mach", "mat"):
        site.check_in(patient=THUY | {"level": "typed"}, clinic_id=clinic)
        site.deliver()
    assert (site.side.patients(), len(site.side.visits())) == (1, 2)


def test_a_stranger_who_types_somebodys_number_is_not_taken_for_them(site: Any) -> None:
    site.check_in(patient=THUY)
    site.deliver()
    site.check_in(patient=THUY | {"name": "Trần Văn Lạ", "birth": "1961-01-01", "level": "typed"}, clinic_id="mat")
    site.deliver()
    assert site.side.patients() == 2
    site.check_in(patient=THUY, clinic_id="rang-ham-mat")
    site.deliver()
    assert site.side.patients() == 2, "the chip finds the person it proves, not the stranger"


def test_a_child_without_number_is_told_apart_by_its_guardian(site: Any) -> None:
    child = {"number": None, "name": "Lê Bé Na", "birth": "2022-05-06", "sex": "F", "level": "paper"}
    mother = {"relation": "mother", "person": THUY | {"level": "chip-genuine"}}
    for clinic in ("tim-mach", "mat"):
        site.check_in(patient=child, companion=mother, clinic_id=clinic)
    site.check_in(patient=child | {"name": "Lê Bé Su"}, companion=mother)
    site.deliver_until_told()
    assert (site.side.patients(), len(site.side.visits())) == (2, 3)


def test_people_who_told_nothing_are_themselves(site: Any) -> None:
    nobody = {"number": None, "name": None, "birth": None, "sex": None, "level": "none"}
    for _person in range(2):
        site.check_in(patient=nobody)
    site.deliver_until_told()
    assert (site.side.patients(), len(site.side.visits())) == (2, 2)


def test_a_chip_finds_the_record_the_hospital_has_and_says_what_differs(site: Any, caplog: Any) -> None:
    site.check_in(patient=THUY)
    site.deliver()
    caplog.clear()
    site.check_in(patient=THUY | {"name": "Lê Thị Thúy"}, clinic_id="mat")
    site.deliver()
    assert site.side.patients() == 1
    assert "differs in: name" in caplog.text
    assert "Thúy" not in caplog.text and "Thủy" not in caplog.text


def test_a_number_that_is_called_and_done_stays_one_visit(site: Any) -> None:
    check_in = site.check_in()
    for status in (TicketStatus.CALLED, TicketStatus.DONE):
        site.become(check_in, status)
        site.deliver()
    assert (site.side.patients(), site.side.visits()) == (1, ["arrived"])
