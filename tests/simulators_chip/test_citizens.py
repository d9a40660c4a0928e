"""The invented citizens hold together: numbers, machine-readable zones, codes and dates."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from simulators import citizens
from simulators.citizens import mrz
from simulators.citizens.expiry import expiry_of

PEOPLE = citizens.load_all()


def test_the_six_people_of_the_demo_are_there() -> None:
    assert {person.id for person in PEOPLE} == {"dai", "hoa", "khang", "na", "sau", "tam"}
    with pytest.raises(KeyError):
        citizens.load("nobody")
    with pytest.raises(KeyError):
        citizens.load("../people/khang")


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.id)
def test_a_number_is_twelve_digits_of_a_province_that_does_not_exist(person: citizens.Citizen) -> None:
    assert len(person.number) == 12 and person.number.isdecimal() and person.number.startswith("099")
    century = person.birth_year // 100 - 19
    assert person.number[3] == str(2 * century + (person.sex == "F"))
    assert person.number[4:6] == person.birth[2:4]


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.id)
def test_texts_are_in_normal_form_c(person: citizens.Citizen) -> None:
    assert unicodedata.is_normalized("NFC", person.qr_text() + person.hometown + person.marks)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.id)
def test_the_code_has_seven_fields_in_2021_and_eleven_in_2024(person: citizens.Citizen) -> None:
    fields = person.qr_text().split("|")
    assert len(fields) == {2021: 7, 2024: 11}[person.card_year]
    assert (fields[0], fields[2], fields[4]) == (person.number, person.name, person.sex_text)


@pytest.mark.parametrize("person", [p for p in PEOPLE if p.insurance], ids=lambda person: person.id)
def test_the_paper_insurance_code_has_seventeen_fields_and_a_hex_name(person: citizens.Citizen) -> None:
    fields = person.bhyt_qr_text().split("|")
    assert len(fields) == 17 and fields[-1] == "$"
    assert bytes.fromhex(fields[1]).decode() == person.name
    assert person.insurance is not None
    assert person.insurance.card_number.endswith(person.insurance.bhxh) and len(person.insurance.card_number) == 15


def test_a_person_without_insurance_has_no_insurance_code() -> None:
    with pytest.raises(ValueError, match="no insurance"):
        citizens.load("khang").bhyt_qr_text()


def test_a_year_alone_stands_as_a_year_alone_everywhere() -> None:
    person = citizens.load("sau")
    assert person.qr_text().split("|")[3] == "1952"
    assert person.mrz()[1].startswith("52<<<<")


def test_a_child_comes_without_a_photo_and_with_a_guardian() -> None:
    child = citizens.load("na")
    assert child.portrait is None and child.guardian is not None
    assert citizens.load(child.guardian).name == child.mother


def test_zones_agree_with_the_project_vectors(emrtd_vectors: dict[str, dict[str, object]]) -> None:
    names = {"001099000017": "Nguyễn Văn An", "079188000023": "Trần Thị Bích", "092055000031": "Lê Văn Cường"}
    cases = json.loads(json.dumps(emrtd_vectors["synthetic_vn_td1"]["values"]))["cases"]
    for case in cases:
        second = case["mrz"][1]
        made = mrz.vietnamese_td1(case["number12"], second[:6], second[7], second[8:14], names[case["number12"]])
        assert list(made) == case["mrz"]


def test_the_passport_zone_is_the_specimen_of_icao_9303_4() -> None:
    assert mrz.td3("UTO", "L898902C3", "740812", "F", "120415", "ERIKSSON ANNA MARIA", "ZE184226B") == (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    )


def test_the_td1_zone_is_the_specimen_of_icao_9303_5() -> None:
    assert mrz.td1("UTO", "D23145890", "740812", "F", "120415", "ERIKSSON ANNA MARIA") == (
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    )


def test_the_td2_zone_is_the_specimen_of_icao_9303_6() -> None:
    assert mrz.td2("UTO", "D23145890", "740812", "F", "120415", "ERIKSSON ANNA MARIA") == (
        "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
        "D231458907UTO7408122F1204159<<<<<<<6",
    )


def test_other_zones_are_the_examples_of_icao_9303_11(emrtd_vectors: dict[str, Any]) -> None:
    for case in emrtd_vectors["icao_9303_11_D2_mrz_information"]["values"]["cases"]:
        make = {"TD1": mrz.td1, "TD2": mrz.td2}[case["fmt"]]
        lines = case["mrz"]
        dates = lines[1][:15] if case["fmt"] == "TD1" else lines[1][13:28]
        birth, sex, expiry = dates[:6], dates[7], dates[8:14]
        number = case["mrz_information"][:-15].rstrip("<")
        issuer, name = lines[0][2:5], (lines[2] if case["fmt"] == "TD1" else lines[0][5:]).replace("<", " ")
        made = list(make(issuer, number, birth, sex, expiry, name))
        # The composite digits of the L898902C examples are misprinted (1 and 8; computed, both are 2).
        assert [line[:-1] for line in made] == [line[:-1] for line in lines]
        assert made == lines or number == "L898902C"
        assert mrz.information(number, birth, expiry) == case["mrz_information"]


@pytest.mark.parametrize(
    ("birth", "issued", "expiry"),
    [
        ("1988-07-04", date(2022, 3, 15), date(2028, 7, 4)),
        ("1988-07-04", date(2026, 7, 3), date(2028, 7, 4)),
        ("1988-07-04", date(2026, 7, 4), date(2048, 7, 4)),
        ("2023-05-20", date(2024, 10, 22), date(2037, 5, 20)),
        ("1948-02-17", date(2021, 6, 2), None),
        ("1966-11-01", date(2024, 11, 1), None),
        ("1966-11-01", date(2024, 10, 31), date(2026, 11, 1)),
        ("1952", date(2022, 11, 21), None),
        ("2000-02-29", date(2021, 5, 1), date(2025, 2, 28)),
    ],
)
def test_a_card_expires_at_the_next_renewal_age(birth: str, issued: date, expiry: date | None) -> None:
    assert expiry_of(birth, issued) == expiry


def test_people_of_the_folder_are_plain_yaml() -> None:
    folder = Path(citizens.__file__).parent / "people"
    assert {path.suffix for path in folder.iterdir()} == {".yaml"}
