"""Amounts in words; the table is what people at a cashier's desk write by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from services.receipts.words_of_amount import amount_in_words, in_lines, vietnamese

WRITTEN = {
    0: "không",
    1: "một",
    10: "mười",
    11: "mười một",
    15: "mười lăm",
    20: "hai mươi",
    21: "hai mươi mốt",
    24: "hai mươi bốn",
    25: "hai mươi lăm",
    100: "một trăm",
    101: "một trăm linh một",
    105: "một trăm linh năm",
    115: "một trăm mười lăm",
    1000: "một nghìn",
    1005: "một nghìn không trăm linh năm",
    1050: "một nghìn không trăm năm mươi",
    21000: "hai mươi mốt nghìn",
    39100: "ba mươi chín nghìn một trăm",
    122500: "một trăm hai mươi hai nghìn năm trăm",
    379500: "ba trăm bảy mươi chín nghìn năm trăm",
    1000000: "một triệu",
    2500000: "hai triệu năm trăm nghìn",
    15055055: "mười lăm triệu không trăm năm mươi lăm nghìn không trăm năm mươi lăm",
    1000000000: "một tỷ",
    3000000000000: "ba nghìn tỷ",
}


@pytest.mark.parametrize(("number", "words"), WRITTEN.items())
def test_numbers_read_as_people_write_them(number: int, words: str) -> None:
    assert vietnamese(number) == words


def test_two_million_five_hundred_cannot_be_taken_for_two_and_a_half_million() -> None:
    assert vietnamese(2000500) == "hai triệu không nghìn năm trăm"
    assert vietnamese(2500000) == "hai triệu năm trăm nghìn"


def test_an_amount_begins_large_and_ends_with_its_currency() -> None:
    assert amount_in_words(122500, "vi") == "Một trăm hai mươi hai nghìn năm trăm đồng"
    assert amount_in_words(122500, "en") == "One hundred and twenty-two thousand, five hundred đồng"
    with pytest.raises(ValueError, match="0 or more"):
        amount_in_words(-1, "vi")


def test_lines_break_after_the_scale() -> None:
    assert in_lines("Một trăm hai mươi hai nghìn năm trăm đồng") == ["Một trăm hai mươi hai nghìn", "năm trăm đồng"]


@given(st.integers(1, 999), st.integers(100, 999), st.integers(100, 999))
def test_the_library_agrees_where_nothing_is_left_out(millions: int, thousands: int, units: int) -> None:
    """num2words leaves out "không trăm" and says lẻ for linh; elsewhere it is the second opinion."""
    number = millions * 1_000_000 + thousands * 1000 + units
    assert vietnamese(number) == num2words(number, lang="vi").replace("lẻ", "linh")


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_two_amounts_never_read_the_same(one: int, other: int) -> None:
    assert (vietnamese(one) == vietnamese(other)) == (one == other)
