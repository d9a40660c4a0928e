"""Our own codes: purposes of transfers, tokens and short codes of slips."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.codes.check_character import ALPHABET, check_character, holds
from services.codes.errors import CodeError, CodeErrorReason
from services.codes.purpose import COUNT, draw_purpose, find_purpose, find_purposes, is_purpose, purpose_of
from services.codes.slip import read_slip, slip_text

bodies = st.text(alphabet=ALPHABET, min_size=1, max_size=30)


@given(body=bodies, data=st.data())
def test_every_single_wrong_character_is_found(body, data):
    text = body + check_character(body)
    at = data.draw(st.integers(0, len(text) - 1))
    wrong = data.draw(st.sampled_from([c for c in ALPHABET if c != text[at]]))
    assert not holds(text[:at] + wrong + text[at + 1 :])


@given(body=bodies)
def test_every_swap_of_neighbours_is_found(body):
    text = body + check_character(body)
    for at, (left, right) in enumerate(pairwise(text)):
        if left != right:
            assert not holds(text[:at] + right + left + text[at + 2 :])


@pytest.mark.parametrize("body", ["", "A" * 31, "abc", "O", "é"])
def test_what_is_no_body_gets_no_check_character(body):
    with pytest.raises(ValueError):
        check_character(body)


def test_a_purpose_has_nine_capitals_and_digits():
    assert is_purpose("TRM4K82QX")
    assert purpose_of(0) != purpose_of(1)
    for number in (0, 1, COUNT - 1):
        assert is_purpose(purpose_of(number))
        assert len(purpose_of(number)) == 9


@pytest.mark.parametrize("number", [-1, COUNT])
def test_a_number_out_of_range_has_no_purpose(number):
    with pytest.raises(ValueError):
        purpose_of(number)


def test_purposes_drawn_are_spread():
    draw = random.Random(1)
    assert len({draw_purpose(draw.randrange) for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    "text",
    [
        "TRM4K82QX",
        "trm4k82qx",
        "MBVCB.8412345678.TRM4K82QX.CT tu 0011 toi 0022",
        "TRM 4K8-2QX chuyen tien",
        "NGUYEN TRM4K82QX TRM4K82QX",
        "TRMTRM4K82QX",
    ],
)
def test_a_purpose_is_found_whatever_the_bank_writes_around_it(text):
    assert find_purpose(text) == "TRM4K82QX"


def test_letters_a_payer_mixes_up_are_read_as_meant():
    zeros = purpose_of(1)
    assert find_purpose(zeros.replace("0", "O")) == zeros


def test_a_wrong_check_character_is_no_purpose():
    assert find_purpose("TRM4K82QY") is None


def test_two_purposes_in_one_transfer_are_for_a_person_to_decide():
    text = f"TRM4K82QX {purpose_of(7)}"
    assert find_purpose(text) is None
    assert find_purposes(text) == ("TRM4K82QX", purpose_of(7))


@given(st.text(max_size=60))
def test_any_text_can_be_searched(text):
    assert all(is_purpose(found) for found in find_purposes(text))


TOKEN = "K7M42Q9DK7M42Q9DK7M42Q9DK7"


def test_a_slip_token_reads_back_from_its_qr_text():
    assert read_slip(slip_text(TOKEN)).token == TOKEN
    assert read_slip(f" {slip_text(TOKEN).lower()}\n").token == TOKEN


def test_a_bare_token_is_read_as_well():
    assert read_slip(TOKEN).token == TOKEN


def test_a_slip_with_one_wrong_character_is_refused():
    with pytest.raises(CodeError) as caught:
        read_slip(slip_text(TOKEN).replace("K7M4", "K7N4", 1))
    assert caught.value.reason is CodeErrorReason.CHECK


@pytest.mark.parametrize("text", ["", "TRAM:P1:", "TRAM:P1:ABC", "K7M4-2Q9D"])
def test_what_is_no_slip_is_refused(text):
    with pytest.raises(CodeError) as caught:
        read_slip(text)
    assert caught.value.reason is CodeErrorReason.STRUCTURE


@pytest.mark.parametrize("token", ["", "ABC", "I" * 26])
def test_what_is_no_token_is_not_printed(token):
    with pytest.raises(ValueError):
        slip_text(token)
