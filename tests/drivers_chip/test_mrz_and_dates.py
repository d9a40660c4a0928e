"""Machine readable zones of three formats, with unknown birth parts, long numbers and wrong check digits."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from drivers.emrtd.lds.dates import PartialDate, parse_compact_date, parse_mrz_date, parse_text_date
from drivers.emrtd.lds.dg1 import parse_dg1
from drivers.emrtd.lds.mrz import MrzCheck, MrzFormat, check_digit, mrz_information, parse_mrz
from drivers.emrtd.lds.tlv import LdsError, encode

TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"


@pytest.mark.parametrize(
    ("zone", "kind", "number"),
    [(TD3, MrzFormat.TD3, "L898902C3"), (TD2, MrzFormat.TD2, "D23145890"), (TD1, MrzFormat.TD1, "D23145890")],
)
def test_the_examples_of_icao_9303_are_read_and_their_check_digits_hold(
    zone: str, kind: MrzFormat, number: str
) -> None:
    mrz = parse_mrz(zone)
    assert (mrz.format, mrz.document_number, mrz.issuing_state, mrz.nationality) == (kind, number, "UTO", "UTO")
    assert (mrz.surname, mrz.given_names, mrz.sex) == ("ERIKSSON", "ANNA MARIA", "F")
    assert (mrz.birth.text, mrz.expiry.text) == ("740812", "120415")
    assert mrz.failed_checks == frozenset()


def test_lines_line_ends_and_small_letters_make_no_difference() -> None:
    assert (
        parse_mrz(TD1) == parse_mrz([TD1[:30], TD1[30:60], TD1[60:]]) == parse_mrz(f"{TD1[:30]}\r\n{TD1[30:].lower()}")
    )


def test_keys_input_follows_appendix_d2_also_for_long_numbers(vectors: dict[str, Any]) -> None:
    for case in vectors["icao_9303_11_D2_mrz_information"]["cases"]:
        assert parse_mrz(case["mrz"]).information == case["mrz_information"]


def test_the_vietnamese_layout_holds_the_whole_number(vectors: dict[str, Any]) -> None:
    for case in vectors["synthetic_vn_td1"]["cases"]:
        mrz = parse_mrz(case["mrz"])
        assert mrz.vietnamese_number == case["number12"]
        assert mrz.information == case["mrz_information"]
        assert mrz_information(case["number12"][3:], mrz.birth.text, mrz.expiry.text) == case["mrz_information"]


@pytest.mark.parametrize(
    ("position", "failed"),
    [
        (44 + 9, {MrzCheck.DOCUMENT_NUMBER, MrzCheck.COMPOSITE}),
        (44 + 19, {MrzCheck.BIRTH, MrzCheck.COMPOSITE}),
        (44 + 27, {MrzCheck.EXPIRY, MrzCheck.COMPOSITE}),
        (44 + 42, {MrzCheck.PERSONAL_NUMBER, MrzCheck.COMPOSITE}),
        (44 + 43, {MrzCheck.COMPOSITE}),
    ],
)
def test_a_wrong_check_digit_is_named(position: int, failed: set[MrzCheck]) -> None:
    other = "5" if TD3[position] != "5" else "4"
    assert parse_mrz(TD3[:position] + other + TD3[position + 1 :]).failed_checks == failed


@pytest.mark.parametrize(
    "zone", ["", TD3[:-1], TD3 + "<", TD3.replace("UTO", "UT0#"), "É" * 90, TD3.replace("740812", "741312")]
)
def test_what_is_no_zone_is_refused(zone: str) -> None:
    with pytest.raises(LdsError):
        parse_mrz(zone)


def test_dg1_is_unwrapped() -> None:
    assert parse_dg1(encode(0x61, encode(0x5F1F, TD1.encode()))).surname == "ERIKSSON"
    for broken in (encode(0x61, b""), encode(0x61, encode(0x5F1F, b"\xff" * 90)), encode(0x75, b""), b""):
        with pytest.raises(LdsError):
            parse_dg1(broken)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("52<<<<", (52, None, None)),
        ("5207<<", (52, 7, None)),
        ("520700", (52, 7, None)),
        ("<<<<<<", (None, None, None)),
    ],
)
def test_unknown_parts_of_a_birth_date_stay_unknown(text: str, parts: tuple[int | None, ...]) -> None:
    born = parse_mrz_date(text)
    assert (born.year, born.month, born.day) == parts


@pytest.mark.parametrize("text", ["", "74081", "7408122", "74081x", "741312", "740832", "7<0812"])
def test_what_is_no_mrz_date_is_refused(text: str) -> None:
    with pytest.raises(LdsError):
        parse_mrz_date(text)


@pytest.mark.parametrize(
    ("text", "today", "born"),
    [
        ("480217", date(2026, 11, 21), PartialDate(1948, 2, 17)),
        ("230520", date(2026, 11, 21), PartialDate(2023, 5, 20)),
        ("261121", date(2026, 11, 21), PartialDate(2026, 11, 21)),
        ("261122", date(2026, 11, 21), PartialDate(1926, 11, 22)),
        ("26<<<<", date(2026, 11, 21), PartialDate(2026)),
        ("27<<<<", date(2026, 11, 21), PartialDate(1927)),
    ],
)
def test_a_birth_is_the_latest_date_that_is_not_in_the_future(text: str, today: date, born: PartialDate) -> None:
    assert parse_mrz_date(text).of_birth(today) == born


def test_an_expiry_lies_in_this_century() -> None:
    assert parse_mrz_date("991231").in_century(2000) == PartialDate(2099, 12, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("04/07/1988", PartialDate(1988, 7, 4)),
        ("4-7-1988", PartialDate(1988, 7, 4)),
        ("07/1988", PartialDate(1988, 7)),
        ("1952", PartialDate(1952)),
        ("00/00/1952", PartialDate(1952)),
    ],
)
def test_vietnamese_dates_are_read_in_every_spelling(text: str, expected: PartialDate) -> None:
    assert parse_text_date(text) == expected


@pytest.mark.parametrize("text", ["", "31/02/2000", "Không thời hạn", "1/2/3/2000", "00000000", "４/7/1988"])
def test_what_is_no_vietnamese_date_is_refused(text: str) -> None:
    with pytest.raises(LdsError):
        parse_text_date(text)


@pytest.mark.parametrize("value", [b"19520700", bytes.fromhex("19520700"), b"195207<<"])
def test_compact_dates_come_as_digits_or_bcd(value: bytes) -> None:
    assert parse_compact_date(value) == PartialDate(1952, 7)


def test_the_check_digit_of_the_standards_example() -> None:
    assert check_digit("520727") == "3"
    assert check_digit("AB2134<<<") == "5"
    with pytest.raises(LdsError):
        check_digit("ab")
