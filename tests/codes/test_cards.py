"""QR codes people carry: ID cards of 2021 and 2024, paper insurance cards, receipts; and what a text is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.codes.bhyt import BhytLayout, read_bhyt
from services.codes.cccd import CardLayout, read_cccd, read_sex
from services.codes.detect import detect, read_code
from services.codes.dossier import normalise_dossier_code, read_dossier
from services.codes.errors import CodeError, CodeErrorReason, CodeKind
from services.codes.person import BirthDate, Sex, read_birth, read_date

CARD_2021 = "099088000145|990145826|Nguyễn Minh Khang|04071988|Nam|27 đường Hoa Gạo, phường Bến Trúc|15032022"
BHYT_NEW = (
    "0123456789|4e677579e1bb856e2056c4836e2041|01/01/1980|1|-|01 - 001|01/01/2026|-|01/01/2026|00000123456789|-|4|"
    " 01/01/2030|abc-0000|4|5068c6b0e1bb9d6e672056c3ad2044e1bba5|$"
)


def test_a_card_of_2021_has_seven_fields():
    code = read_cccd(CARD_2021 + "\r\n")
    assert code.layout is CardLayout.CCCD_2021
    assert (code.number, code.old_number, code.name) == ("099088000145", "990145826", "Nguyễn Minh Khang")
    assert (code.birth, code.sex, code.issued) == (BirthDate(1988, 7, 4), Sex.MALE, date(2022, 3, 15))
    assert code.address == "27 đường Hoa Gạo, phường Bến Trúc"
    assert code.extra == ()


def test_six_fields_lack_the_old_number():
    code = read_cccd("099088000145|Nguyễn Minh Khang|04/07/1988|Nam|Bến Trúc|15/03/2022")
    assert (code.old_number, code.name, code.birth) == (None, "Nguyễn Minh Khang", BirthDate(1988, 7, 4))
    assert code.issued == date(2022, 3, 15)


def test_an_empty_old_number_is_none():
    assert read_cccd(CARD_2021.replace("990145826", "")).old_number is None


def test_further_fields_of_a_2024_card_are_kept_as_they_are():
    code = read_cccd(CARD_2021 + "|Nguyễn Văn Lâm|Đỗ Thị Nhàn||")
    assert code.layout is CardLayout.CAN_CUOC_2024
    assert code.extra == ("Nguyễn Văn Lâm", "Đỗ Thị Nhàn", "", "")
    assert code.issued == date(2022, 3, 15)


@pytest.mark.parametrize("count", range(7, 16))
def test_seven_to_fifteen_fields_never_fail(count):
    assert read_cccd("|".join([*CARD_2021.split("|"), *["x"] * (count - 7)])).number == "099088000145"


def test_a_2024_card_without_old_number_is_told_by_its_date():
    code = read_cccd("099088000145|Nguyễn Minh Khang|04071988|Nam|Bến Trúc|15032022|Nguyễn Văn Lâm|Đỗ Thị Nhàn")
    assert (code.name, code.issued, code.extra) == (
        "Nguyễn Minh Khang",
        date(2022, 3, 15),
        ("Nguyễn Văn Lâm", "Đỗ Thị Nhàn"),
    )


def test_decomposed_letters_are_composed():
    assert read_cccd(CARD_2021.replace("ễ", "ê\u0303")).name == "Nguyễn Minh Khang"


def test_a_damaged_date_leaves_the_number_usable():
    code = read_cccd(CARD_2021.replace("04071988", "31021988").replace("15032022", "?"))
    assert (code.birth, code.issued, code.number) == (None, None, "099088000145")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "1"),
        ("099088000145", "fields"),
        ("09908800014|a|b|c|d|e|f", "1"),
        ("09908800014５|a|b|c|d|e|f", "1"),
        ("099088000145|990145826||04071988|Nam|x|15032022", "3"),
        ("099088000145|" + "|" * 60, "fields"),
        ("099088000145|" + "x" * 5000, "fields"),
    ],
)
def test_what_is_no_card_is_refused(text, where):
    with pytest.raises(CodeError) as caught:
        read_cccd(text)
    assert (caught.value.reason, caught.value.where) == (CodeErrorReason.STRUCTURE, where)


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("04071988", BirthDate(1988, 7, 4)),
        ("04/07/1988", BirthDate(1988, 7, 4)),
        ("4-7-1988", BirthDate(1988, 7, 4)),
        ("1952", BirthDate(1952)),
        ("00001952", BirthDate(1952)),
        ("00/00/1952", BirthDate(1952)),
        ("//1952", BirthDate(1952)),
        ("071952", BirthDate(1952, 7)),
        ("07/1952", BirthDate(1952, 7)),
        ("00071952", BirthDate(1952, 7)),
        ("04001952", BirthDate(1952)),
        ("29021952", BirthDate(1952, 2, 29)),
        ("29021953", None),
        ("00000000", None),
        ("04079988", None),
        ("04070988", None),
        ("19880704", None),
        ("", None),
        ("٠٤٠٧١٩٨٨", None),
    ],
)
def test_births_are_read_with_the_parts_that_are_known(text, birth):
    assert read_birth(text) == birth


def test_a_date_of_issue_needs_all_its_parts():
    assert read_date("1952") is None
    assert read_date("15/03/2022") == date(2022, 3, 15)


@pytest.mark.parametrize(
    ("text", "sex"),
    [("Nam", Sex.MALE), ("Nữ", Sex.FEMALE), ("N?", Sex.FEMALE), ("M", Sex.MALE), ("F", Sex.FEMALE), ("", Sex("<"))],
)
def test_sex_is_read_in_words_and_letters(text, sex):
    assert read_sex(text) is sex


def test_a_new_insurance_card_has_seventeen_fields():
    code = read_bhyt(BHYT_NEW)
    assert code.layout is BhytLayout.NEW
    assert (code.number, code.name, code.birth) == ("0123456789", "Nguyễn Văn A", BirthDate(1980, 1, 1))
    assert (code.sex, code.address, code.facility) == (Sex.MALE, None, "01001")
    assert (code.valid_from, code.valid_to, code.five_years_from) == (date(2026, 1, 1), None, date(2030, 1, 1))
    assert (code.place_of_issue, code.parent) == ("Phường Ví Dụ", None)
    assert code.bhxh_number == "0123456789"


def test_an_old_insurance_card_has_nine_fields_and_an_end():
    text = (
        "HT3010123456789|4e677579e1bb856e2056c4836e2041|1948|2|5068c6b0e1bb9d6e672056c3ad2044e1bba5|"
        "01 - 001|01/01/2015|31/12/2019|05/01/2015|$"
    )
    code = read_bhyt(text)
    assert code.layout is BhytLayout.OLD
    assert (code.number, code.bhxh_number) == ("HT3010123456789", "0123456789")
    assert (code.birth, code.sex, code.address) == (BirthDate(1948), Sex.FEMALE, "Phường Ví Dụ")
    assert code.valid_to == date(2019, 12, 31)


@pytest.mark.parametrize("name", ["4e6", "Nguyễn", "zz", "ff", "-", ""])
def test_a_name_that_is_no_hex_of_utf8_is_ignored(name):
    assert read_bhyt(BHYT_NEW.replace("4e677579e1bb856e2056c4836e2041", name)).name is None


@pytest.mark.parametrize("text", ["", "0123456789", "012345678|a|b|c|d|e|f|g|h", "0123456789|a|$"])
def test_what_is_no_insurance_card_is_refused(text):
    with pytest.raises(CodeError):
        read_bhyt(text)


@pytest.mark.parametrize(
    ("text", "code", "agency", "received"),
    [
        ("000.00.00.h26-260101-0001", "000.00.00.H26-260101-0001", "000.00.00.H26", date(2026, 1, 1)),
        (" G09.20-20260101-0000001\n", "G09.20-20260101-0000001", "G09.20", date(2026, 1, 1)),
        ("H55-269901-00001", "H55-269901-00001", "H55", None),
    ],
)
def test_dossier_codes_of_both_shapes_are_read(text, code, agency, received):
    found = read_dossier(text)
    assert (found.code, found.agency, found.received) == (code, agency, received)


def test_a_dossier_code_of_another_shape_is_still_stored_as_typed():
    assert normalise_dossier_code(" c08_xphcdb 12 ") == "C08_XPHCDB12"


@pytest.mark.parametrize("text", ["", "A" * 41])
def test_an_empty_or_endless_dossier_code_is_refused(text):
    with pytest.raises(CodeError):
        normalise_dossier_code(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (CARD_2021, CodeKind.CCCD),
        (BHYT_NEW, CodeKind.BHYT),
        ("000201010211", CodeKind.EMV),
        ("TRAM:P1:X", CodeKind.SLIP),
        ("000.00.00.H26-260101-0001", CodeKind.DOSSIER),
        ("https://example.org", CodeKind.UNKNOWN),
        ("", CodeKind.UNKNOWN),
    ],
)
def test_a_text_is_told_by_how_it_opens(text, kind):
    assert detect(text) is kind


def test_any_known_code_is_read():
    assert read_code(CARD_2021) == read_cccd(CARD_2021)
    assert read_code(BHYT_NEW) == read_bhyt(BHYT_NEW)
    assert read_code("G09.20-20260101-0000001") == read_dossier("G09.20-20260101-0000001")


def test_an_unknown_code_says_so_without_repeating_it():
    with pytest.raises(CodeError) as caught:
        read_code("https://example.org/nguyen-minh-khang")
    assert caught.value.reason is CodeErrorReason.UNKNOWN
    assert "khang" not in str(caught.value)


@given(st.text(alphabet="|0123456789abcé$-/ \n", max_size=120))
def test_any_text_gives_a_code_or_the_rooms_own_error(text):
    try:
        read_code(text)
    except CodeError:
        return


@given(st.text(max_size=40), st.sampled_from(["099088000145|", "0123456789|", "TRAM:P1:", "000201", "G09-260101-"]))
def test_any_ending_behind_a_known_opening_is_read_or_refused(text, opening):
    try:
        read_code(opening + text)
    except CodeError:
        return
