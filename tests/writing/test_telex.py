"""Telex writes what people mean, wherever in the word they type its marks."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.writing.letters import Tone
from services.writing.telex import Typed

TEXT = """
khai sinh đăng ký thường trú chứng thực bản sao từ bản chính giấy phép lái xe người được ủy quyền hộ kinh doanh
nguyễn thị thùy dương trần quốc tuấn phạm hoàng yến lê thúy quỳnh đặng khuê huỳnh khuyên vũ trường giang đỗ uyên
hòa bình xóa khỏe hoẵng khuỷu tay khuya thuở huơ quở quýt quạt quê quốc quăng quân giếng giỏ giữa gì gìn nghiêng
nghĩa yêu yếu chiều hươu rượu hưu trí cứu mưa mua múa chìa khóa thuế tuần xuân luật oẳn tù tì cần cẩu mười lăm
bảy mươi tám chín tuổi đẻ đường phường xã thị trấn tỉnh thành phố ấp thôn bản buôn làng xoáy ngoáy ngoao ngoẹo khoeo
thửa đất số tờ bản đồ ảnh hưởng ưu đãi ô tô y tế ý kiến ở đâu ăn uống ân cần êm ấm ông bà ổn định ướt át uống
"""
WORDS = TEXT.split()
_KEYS = {"\u0302": "{0}", "\u0306": "w", "\u031b": "w"}
_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}


def keys(word: str, *, late_marks: bool) -> str:
    """How somebody types a word: marks at once or after the last letter; the tone at the end."""
    typed, marks, tone = "", "", ""
    for letter in word:
        base, *signs = unicodedata.normalize("NFD", letter)
        if base in "đĐ":
            typed += "d" if base == "đ" else "D"
            marks += "d" if base == "đ" else "D"
            if not late_marks:
                typed, marks = typed + marks[-1], marks[:-1]
            continue
        typed += base
        for sign in signs:
            if sign in _TONES:
                tone = _TONES[sign]
            elif late_marks:
                mark = _KEYS[sign].format(base)
                # One w does for both letters of "ươ".
                marks += "" if mark == "w" and "w" in marks else mark
            else:
                typed += _KEYS[sign].format(base)
    return typed + marks + tone


def write(typed: str, start: str = "") -> str:
    state = Typed(start)
    for key in typed:
        state = state.press(key)
    return state.text


@pytest.mark.parametrize("word", sorted(set(WORDS)))
def test_every_word_as_it_is_taught(word: str):
    assert write(keys(word, late_marks=False)) == word
    assert write(keys(word, late_marks=False).upper()) == word.upper()


@pytest.mark.parametrize("word", sorted(set(WORDS) - {"huơ"}))
def test_every_word_with_all_marks_at_its_end(word: str):
    assert write(keys(word, late_marks=True)) == word


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("hoaf", "hòa"), ("hoafn", "hoàn"), ("hofan", "hoàn"), ("tieengs", "tiếng"), ("tieesng", "tiếng"),
        ("duongwf", "dường"), ("dduwowngf", "đường"), ("dduwongf", "đường"), ("dangd", "đang"), ("w", "ư"),
        ("hw", "hư"), ("tuw", "tư"), ("quaws", "quắ"), ("quas", "quá"), ("gias", "giá"), ("giif", "giì"), ("gif", "gì"),
        ("thuowr", "thuở"), ("nguoiwf", "người"),
        ("hoawcj", "hoặc"), ("cuar", "của"), ("cuawr", "cửa"), ("DDawks", "Đắk"),
        ("Nguyeenx Thij AAnh", "Nguyễn Thị Ânh"), ("azs", "azs"), ("asz", "a"), ("toansf", "toàn"),
    ],
)  # fmt: skip
def test_marks_wherever_they_are_typed(typed: str, text: str):
    assert write(typed) == text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("ass", "as"), ("asss", "ass"), ("aaa", "aa"), ("ddd", "dd"), ("www", "ww"), ("aww", "aw"), ("oww", "ow"),
        ("eee", "ee"), ("Boss", "Bos"), ("tesst", "test"), ("uoww", "uow"), ("ass as", "as á"), ("xooong", "xoong"),
    ],
)  # fmt: skip
def test_the_same_key_again_takes_its_mark_back(typed: str, text: str):
    assert write(typed) == text


@pytest.mark.parametrize("typed", ["khoeo", "ngoeo", "kg", "TK1", "12a", "mp"])
def test_what_is_no_vietnamese_vowel_group_stays_as_typed(typed: str):
    assert write(typed) == typed


def test_tone_keys_act_on_the_last_vowels_and_take_themselves_back():
    typed = Typed("khoan")
    assert typed.tone(Tone.ACUTE).text == "khoán"
    assert typed.tone(Tone.ACUTE).tone(Tone.GRAVE).text == "khoàn"
    assert typed.tone(Tone.ACUTE).tone(Tone.ACUTE).text == "khoan"
    assert Typed("so 5 ").tone(Tone.DOT).text == "so 5 "


def test_letter_keys_write_their_letter_and_the_tone_moves():
    assert Typed("ti").tone(Tone.ACUTE).letter("ê").letter("n").text == "tiến"
    assert Typed("").letter("đ").letter("ư").letter("ơ").text == "đươ"


def test_erasing_moves_the_tone_back():
    typed = Typed("hoàn").erase()
    assert typed.text == "hòa"
    assert typed.erase().text == "hò"
    assert Typed("").erase().text == ""


@given(st.text(alphabet="abcdeghiklmnopqrstuvxywzfj AĐEÔ1", max_size=24))
def test_nothing_typed_is_ever_lost_or_an_error(typed: str):
    state = Typed()
    for key in typed:
        longer = state.press(key)
        assert len(longer.text) >= len(state.text)
        assert len(longer.text) <= len(state.text) + 1
        state = longer
    while state.text:
        state = state.erase()
