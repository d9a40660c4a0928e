"""Text mode on the wire: the printer's own letters, folded or in its Vietnamese page, and a QR code it draws itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.printer import (
    CodePage,
    EscPosPrinter,
    NetworkAddress,
    PrinterProfile,
    PrintMode,
    TextAlign,
    TextLine,
)
from drivers.printer.decode import decode
from drivers.printer.text import encode, letters

SLIP = (
    TextLine("Bệnh viện Đa khoa Hòa Giang", align=TextAlign.CENTRE, bold=True),
    TextLine(rule=True),
    TextLine("U047", align=TextAlign.CENTRE, bold=True, times=6),
    TextLine("Giờ lấy số", right="07:16, 23/11/2026"),
    TextLine("Chụp màn hình này, hoặc quét mã bằng điện thoại, hoặc nhớ số để gọi."),
    TextLine(code="opaque-token"),
)


def test_letters_are_folded_where_the_model_has_no_vietnamese() -> None:
    assert letters("Phòng khám Đường “ỗ” 122.500 ₫ •••• 829", CodePage.FOLDED) == (
        b'Phong kham Duong "o" 122.500 d **** 829'
    )


def test_the_vietnamese_page_carries_every_letter() -> None:
    # Independent: Windows-1258 by hand, ế is ê (EA) and the acute tone (EC), ộ is ô (F4) and the dot (F2).
    assert letters("ế", CodePage.WPC1258) == b"\xea\xec"
    assert letters("bộ đ", CodePage.WPC1258) == b"b\xf4\xf2 \xf0"
    every = "aăâeêioôơuưy"
    for letter in every + every.upper():
        for tone in "\u0300\u0301\u0303\u0309\u0323":
            assert len(letters(letter + tone, CodePage.WPC1258)) in {1, 2}


@given(st.text(max_size=80))
@settings(max_examples=80)
def test_no_text_smuggles_a_command(text: str) -> None:
    for page in CodePage:
        assert not set(letters(text, page)) & set(range(0x20))


def test_lines_are_wrapped_at_words_and_values_stand_at_the_right_edge() -> None:
    slip = decode(b"".join(encode(SLIP, 384, CodePage.FOLDED)) + b"\x1dV\x00", 384)[0]
    assert slip.cut and all(len(line) <= 32 for line in slip.text)
    assert b"Gio lay so     07:16, 23/11/2026" in slip.text
    assert b"-" * 32 in slip.text


@pytest.mark.wire
@pytest.mark.parametrize("page", CodePage)
def test_a_text_slip_comes_out_whole_with_a_code_that_can_be_read(
    simulated_printer: Callable[..., Any], page: CodePage
) -> None:
    simulator = simulated_printer()
    profile = PrinterProfile(mode=PrintMode.TEXT, code_page=page)
    printer = EscPosPrinter(NetworkAddress(simulator.facts["host"], simulator.facts["port"]), profile)
    assert printer.print_text(SLIP).can_print
    assert simulator.state()["slips"] == 1 and simulator.state()["unknown_commands"] == 0
    assert [code.text for code in zxingcpp.read_barcodes(simulator.picture().convert("L"))] == ["opaque-token"]
    assert printer.capabilities.mode is PrintMode.TEXT
