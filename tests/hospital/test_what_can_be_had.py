"""Exam types, departments, prices, times and records, as both kinds of hospital tell them."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest

from gateway.hospital.failures import HospitalFault, HospitalRefused
from gateway.hospital.matching import same_birth, same_name
from gateway.hospital.rest.client import sign
from gateway.hospital.rest.fields import patient
from gateway.hospital.system import PersonFacts
from services.contract.models import EvidenceLevel
from simulators.hospital.catalogue import load

DAY = date(2026, 11, 23)


def person(**changes: Any) -> PersonFacts:
    usual: dict[str, Any] = {
        "key": "k",
        "number": "099190000777",
        "document": None,
        "name": "Lê Thị Thủy",
        "birth": "1990-02-03",
        "sex": "F",
        "address": None,
        "insurance_number": None,
        "level": EvidenceLevel.CHIP_READ,
    }
    return PersonFacts(**usual | changes)


def asked(site: Any, question: str, *values: Any) -> Any:
    return asyncio.run(getattr(site.house.hospital.system, question)(*values))


def test_departments_and_exam_types_are_those_of_the_hospital(site: Any) -> None:
    known = load()
    assert {one.name for one in asked(site, "departments")} == set(known.departments.values())
    assert {one.code for one in asked(site, "exam_types")} == set(known.exam_types)


def test_every_examination_has_its_prices(site: Any) -> None:
    found = {one.code: one for place in asked(site, "departments") for one in asked(site, "services", place.code)}
    assert set(found) == {one.code for one in load().examinations}
    heart = found["tim-mach"]
    assert (heart.price, heart.insured_price, heart.surcharge) == (122_500, 45_000, 0)
    assert heart.available


def test_times_tell_how_many_places_are_left(site: Any) -> None:
    found = asked(site, "slots", "tim-mach", DAY)
    assert [(one.start.hour, one.start.minute, one.free) for one in found] == [
        (7, 30, 1), (8, 0, 2), (8, 30, 2), (13, 30, 2), (14, 0, 2),
    ]  # fmt: skip
    assert asked(site, "slots", "no-such-examination", DAY) == ()


def test_a_known_person_is_found_by_the_chip(site: Any) -> None:
    assert asked(site, "patient", person()) is None
    site.check_in(patient={"number": "099190000777", "name": "Lê Thị Thủy", "birth": "1990-02-03", "sex": "F"})
    site.deliver()
    record = asked(site, "patient", person())
    assert (record.name, record.birth.replace("-", ""), record.sex) == ("Lê Thị Thủy", "19900203", "F")
    assert record.code.startswith("BN")
    typed = EvidenceLevel.TYPED
    assert asked(site, "patient", person(level=typed)) == record
    assert asked(site, "patient", person(level=typed, birth="1990-02-04")) is None
    assert asked(site, "patient", person(level=typed, name="Lê Thị Thu")) is None


def test_a_page_of_another_server_never_gets_the_token(fhir: Any) -> None:
    link = [{"relation": "next", "url": "http://elsewhere/fhir/HealthcareService?page=2"}]
    bundle = {"resourceType": "Bundle", "type": "searchset", "link": link}
    fhir.line.answer = lambda _request: httpx.Response(200, json=bundle)
    with pytest.raises(HospitalRefused) as refused:
        asked(fhir, "exam_types")
    assert refused.value.fault is HospitalFault.INVALID
    assert len(fhir.line.calls) == 1


def test_the_signature_is_that_of_the_document() -> None:
    # printf 'tram|1700000000000|099190000777|1|' | openssl dgst -sha256 -hmac khoa
    assert (
        sign(b"khoa", "tram", "1700000000000", ["099190000777", 1, None])
        == "4db44a6da05f5cbe010891b9d6ee405ae6c6daec6c3cdabdb1a47feaba8d53c5"
    )


@pytest.mark.parametrize(
    ("told", "birth"), [("19900203", "1990-02-03"), ("19900200", "1990-02"), ("1990", "1990"), ("", "")]
)
def test_a_birth_of_the_profile_keeps_what_is_known(told: str, birth: str) -> None:
    assert patient({"ID_BN": 1, "NGAY_SINH": told}).birth == birth


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Lê Thị Thủy", "LÊ THỊ THỦY", True),
        ("Lê Thị Thủy", "LE THI THUY", True),
        ("Lê Thị Thủy", "Lê Thị Thúy", False),
        ("Đỗ Văn An", "DO VAN AN", True),
        ("Lê Thị Thủy", "Lê Thủy", False),
    ],
)
def test_names_are_compared_by_their_marks_where_both_have_some(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


def test_births_agree_as_far_as_both_are_known() -> None:
    assert same_birth("1990", "1990-02-03")
    assert not same_birth("1990-03", "1990-02-03")
    assert not same_birth("", "1990")
