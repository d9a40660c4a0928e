"""Keys for the chip from QR code, typed fields, MRZ and CAN."""

import json
from datetime import date
from pathlib import Path

import pytest

from drivers.emrtd.lds.tlv import LdsError
from services.codes.cccd import read_cccd
from services.codes.person import BirthDate
from services.identity.expiry import FOR_LIFE, expiry_candidates
from services.identity.keys import (
    MAX_TRIES,
    birth_texts,
    keys_from_can,
    keys_from_code,
    keys_from_mrz,
    keys_from_typed,
)

TODAY = date(2026, 11, 21)
CASES = json.loads((Path(__file__).parents[1] / "vectors" / "emrtd.json").read_text("utf-8"))


def code(birth: str, issued: str, number: str = "001099000017"):
    return read_cccd(f"{number}||Nguyễn Văn An|{birth}|Nam|Bến Trúc|{issued}")


@pytest.mark.parametrize(
    ("birth", "issued", "first"),
    [
        # law of 2014: 25, 40, 60; within two years before an age the next one
        (BirthDate(1999, 1, 15), date(2021, 5, 1), "240115"),
        (BirthDate(1999, 1, 15), date(2022, 1, 14), "240115"),
        (BirthDate(1999, 1, 15), date(2022, 1, 15), "390115"),
        (BirthDate(1988, 4, 30), date(2021, 5, 1), "280430"),
        (BirthDate(1982, 4, 30), date(2021, 5, 1), "420430"),
        (BirthDate(1964, 4, 30), date(2021, 5, 1), "240430"),
        (BirthDate(1963, 5, 1), date(2021, 5, 1), FOR_LIFE),
        (BirthDate(1950, 5, 1), date(2021, 5, 1), FOR_LIFE),
        # law of 2023: also 14
        (BirthDate(2020, 3, 2), date(2024, 8, 1), "340302"),
        (BirthDate(2012, 3, 2), date(2024, 8, 1), "370302"),
        (BirthDate(2001, 3, 2), date(2024, 8, 1), "410302"),
        (BirthDate(1986, 3, 2), date(2024, 8, 1), "460302"),
        (BirthDate(1966, 9, 1), date(2024, 8, 1), "260901"),
        (BirthDate(1966, 8, 1), date(2024, 8, 1), FOR_LIFE),
    ],
)
def test_the_first_guess_follows_the_law_of_the_day_of_issue(birth, issued, first):
    assert expiry_candidates(birth, issued, TODAY)[0] == first


def test_the_next_age_and_for_life_follow():
    assert expiry_candidates(BirthDate(1999, 1, 15), date(2021, 5, 1), TODAY) == ("240115", "390115", FOR_LIFE)


def test_a_card_for_life_issued_shortly_before_sixty_may_still_end_at_sixty():
    assert expiry_candidates(BirthDate(1962, 5, 1), date(2021, 5, 1), TODAY) == (FOR_LIFE, "220501")


def test_a_birthday_on_29_february_is_tried_on_both_neighbours_in_a_common_year():
    assert expiry_candidates(BirthDate(2004, 2, 29), date(2021, 5, 1), TODAY) == (
        "290228",
        "290301",
        "440229",
        FOR_LIFE,
    )


def test_without_a_date_of_issue_the_ages_still_ahead_come_first():
    assert expiry_candidates(BirthDate(1988, 7, 4), None, TODAY) == ("280704", "480704", FOR_LIFE)
    assert expiry_candidates(BirthDate(1983, 7, 4), None, TODAY) == ("430704", FOR_LIFE, "230704")


def test_an_unknown_day_or_month_is_tried_as_the_first_and_the_last():
    assert expiry_candidates(BirthDate(1988, 2), date(2021, 5, 1), TODAY)[:2] == ("280201", "280229")
    assert expiry_candidates(BirthDate(1988), date(2021, 5, 1), TODAY)[:2] == ("280101", "281231")


@pytest.mark.parametrize(
    ("birth", "texts"),
    [
        (BirthDate(1988, 7, 4), ("880704",)),
        (BirthDate(1952, 7), ("5207<<", "520700", "520701")),
        (BirthDate(2005), ("05<<<<", "050000", "050101")),
    ],
)
def test_an_unknown_birth_part_is_spelt_in_every_way_an_issuer_may(birth, texts):
    assert birth_texts(birth) == texts


@pytest.mark.parametrize("case", CASES["synthetic_vn_td1"]["values"]["cases"], ids=lambda c: c["number12"])
def test_the_keys_of_a_printed_zone_are_its_mrz_information(case):
    for zone in (case["mrz"], "".join(case["mrz"]), "\n".join(case["mrz"])):
        keys = keys_from_mrz(zone)
        assert keys.mrz_information == (case["mrz_information"],)
        assert keys.can == case["number12"][-6:]


@pytest.mark.parametrize("case", CASES["icao_9303_11_D2_mrz_information"]["values"]["cases"], ids=lambda c: c["fmt"])
def test_foreign_zones_give_their_information_and_no_can(case):
    keys = keys_from_mrz(case["mrz"])
    assert (keys.can, keys.mrz_information) == (None, (case["mrz_information"],))


@pytest.mark.parametrize("case", CASES["synthetic_vn_td1"]["values"]["cases"], ids=lambda c: c["number12"])
def test_a_qr_code_holds_the_right_key_among_its_first(case):
    birth, issued = {
        "001099000017": ("15011999", "01052021"),
        "079188000023": ("30041988", "01052021"),
        "092055000031": ("01091955", "01052021"),
    }[case["number12"]]
    keys = keys_from_code(code(birth, issued, case["number12"]), TODAY)
    assert keys.mrz_information[0] == case["mrz_information"]
    assert keys.can == case["number12"][-6:]


def test_a_person_with_only_a_year_gets_a_short_list_without_duplicates():
    keys = keys_from_code(code("1988", "01052021"), TODAY)
    assert len(keys.mrz_information) <= MAX_TRIES
    assert len(set(keys.mrz_information)) == len(keys.mrz_information)
    assert keys.mrz_information[0][10:16] == "88<<<<"


def test_an_old_person_with_only_a_year_needs_three_tries_at_most():
    keys = keys_from_code(code("00001952", "21112022"), TODAY)
    assert [text[10:16] for text in keys.mrz_information] == ["52<<<<", "520000", "520101"]
    assert {text[17:23] for text in keys.mrz_information} == {FOR_LIFE}


def test_a_code_with_a_damaged_birth_still_gives_the_can():
    keys = keys_from_code(code("?", "01052021"), TODAY)
    assert (keys.can, keys.mrz_information) == ("000017", ())


def test_typed_fields_give_one_key():
    keys = keys_from_typed("001099000017", BirthDate(1999, 1, 15), date(2024, 1, 15))
    assert keys.mrz_information == ("099000017699011552401151",)
    assert keys_from_typed("001099000017", BirthDate(1999, 1, 15), None).mrz_information[0][17:23] == FOR_LIFE


@pytest.mark.parametrize("number", ["", "00109900001", "00109900001x"])
def test_a_typed_number_must_have_twelve_digits(number):
    with pytest.raises(ValueError):
        keys_from_typed(number, BirthDate(1999, 1, 15), None)


def test_a_can_must_have_six_digits():
    assert keys_from_can("123456").can == "123456"
    with pytest.raises(ValueError):
        keys_from_can("12345")


def test_what_is_no_zone_is_refused():
    with pytest.raises(LdsError):
        keys_from_mrz("IDVNM")
