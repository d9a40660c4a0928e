"""A scanner's bytes and the codes in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner import CodeFramer, Framing

CARD = "001085012345|012345678|Nguyễn Thị Hòa|01011985|Nữ|Số 5, Hòa Giang|10052021"


@pytest.mark.parametrize(
    ("sent", "codes"),
    [
        (f"{CARD}\r\n", [CARD]),
        (f"{CARD}\r", [CARD]),
        (f"{CARD}\n", [CARD]),
        ("A1\r\nB2\r\n", ["A1", "B2"]),
        ("\r\n\r\n", []),
        ("no end yet", []),
        ("Nguyễn\r", ["Nguyễn"]),  # NFD becomes NFC
        ("0100123456789012\x1d21ABC\r", ["0100123456789012\x1d21ABC"]),
    ],
)
def test_carriage_return_and_line_feed_end_a_code(sent: str, codes: list[str]) -> None:
    assert CodeFramer().feed(sent.encode()) == codes


def test_a_code_in_pieces_is_one_code() -> None:
    framer = CodeFramer()
    data = f"{CARD}\r\n".encode()
    codes = [code for byte in data for code in framer.feed(bytes((byte,)))]
    assert codes == [CARD] and not framer.waiting


def test_a_pause_ends_a_code_of_a_scanner_without_terminator() -> None:
    framer = CodeFramer()
    assert framer.feed(CARD.encode()) == [] and framer.waiting
    assert framer.end() == [CARD]
    assert framer.end() == []


def test_prefix_and_suffix_are_taken_off_and_a_code_without_them_is_refused() -> None:
    framer = CodeFramer(Framing(prefix=b"]Q1", suffix=b"\x03"))
    assert framer.feed(b"]Q1ABC\x03\r\nABC\r\n]Q1DEF\r\n") == ["ABC"]
    assert framer.refused == 2


@pytest.mark.parametrize(
    "garbage", [b"\x00\x01\x02\x03", b"\xff\xfe\xfd", bytes(range(128, 200)), b"a\x00\x00\x00", b"   "]
)
def test_garbage_is_refused(garbage: bytes) -> None:
    framer = CodeFramer()
    assert framer.feed(garbage + b"\r") == []
    assert framer.refused == 1
    assert framer.feed(b"001\r") == ["001"]


def test_a_scanner_set_to_another_encoding_still_gives_number_and_dates() -> None:
    framer = CodeFramer()
    sent = "001085012345|012345678|Trân Vân Thành|01011985|Nam||10052021\r".encode("cp1252")
    (code,) = framer.feed(sent)
    assert code.startswith("001085012345|012345678|") and code.endswith("|01011985|Nam||10052021")
    assert "\ufffd" in code and framer.not_utf8 == 1


def test_a_flood_without_end_holds_no_memory_and_the_next_code_is_read() -> None:
    framer = CodeFramer(Framing(longest=100))
    for _ in range(1000):
        assert framer.feed(b"0123456789" * 50) == []
    assert len(framer._held) == 0  # pyright: ignore[reportPrivateUsage]
    assert framer.feed(b"\rAFTER\r") == ["AFTER"]
    assert framer.refused == 1


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_no_bytes_break_the_framer(pieces: list[bytes]) -> None:
    framer = CodeFramer(Framing(longest=256))
    for piece in pieces:
        for code in framer.feed(piece):
            assert 0 < len(code) <= 256 and "\r" not in code and "\n" not in code
        assert len(framer._held) <= 256  # pyright: ignore[reportPrivateUsage]
    framer.end()
    assert framer.feed(b"CODE\r") == ["CODE"]
