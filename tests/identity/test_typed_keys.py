"""What is typed from a card or a passport opens its chip."""

from __future__ import annotations

from datetime import date

from services.identity.citizen import BirthDate
from services.identity.keys import keys_from_code, typed_card, typed_passport

TODAY = date(2026, 11, 23)


def test_number_birth_and_expiry_of_a_card_are_its_keys() -> None:
    keys = keys_from_code(typed_card("001090012829", BirthDate(1990, 3, 2), date(2030, 3, 2)), TODAY)
    # Check digits by hand, weights 7, 3, 1 (ICAO 9303-3 section 4.9): 103, 86 and 44 modulo 10.
    assert keys.mrz_information == ("090012829" + "3" + "900302" + "6" + "300302" + "4",)
    assert keys.can == "012829"


def test_a_card_without_an_end_is_tried_as_one_for_life() -> None:
    keys = keys_from_code(typed_card("001090012829", BirthDate(1990, 3, 2), None), TODAY)
    assert [text[17:23] for text in keys.mrz_information] == ["991231"]


def test_the_passport_of_icaos_example_is_opened_by_what_is_printed_on_it() -> None:
    keys = keys_from_code(typed_passport("L898902C", BirthDate(1969, 8, 6), date(1994, 6, 23)), TODAY)
    assert keys.mrz_information == ("L898902C<369080619406236",), "ICAO 9303-11, appendix D.2"
    assert keys.can is None
