"""Slips as pictures: what stands where, how large, how long; and that a scanner reads the code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import product
from typing import Any

import cv2
import numpy
import pytest
from PIL import Image, ImageFont

from drivers.printer.decode import decode
from drivers.printer.raster import bands
from services.messages import LANGUAGES, table
from services.receipts import parts
from services.receipts.drawing import draw, lay_out
from services.receipts.paper import INNER, LONGEST, WIDTH, Paper, Style, Weight, qr_picture
from services.receipts.slips import NumberSlip, PaymentSlip

Number = Callable[..., NumberSlip]
Payment = Callable[..., PaymentSlip]
MARKS = ("prio.slip", "slip.insurance_pending", "slip.unpaid", "slip.unverified", "slip.offline")
COPY = datetime(2026, 11, 23, 0, 16, tzinfo=timezone(timedelta(0)))
LONG = {
    "place": "Bệnh viện Phụ sản và Nhi khoa Trung ương cơ sở hai Hòa Giang Thượng",
    "kiosk": "Trạm tự phục vụ số 13 · Sảnh đón tiếp khu khám bệnh theo yêu cầu",
    "clinic": "Răng Hàm Mặt và phẫu thuật tạo hình",
    "room": "Phòng 1205B, tầng 12, nhà điều trị kỹ thuật cao",
    "way": "Thang máy số 4 cạnh quầy thuốc, lên tầng 12, ra cửa rẽ trái rồi đi hết hành lang",
}


def ink(picture: Image.Image) -> Any:
    return numpy.asarray(picture.convert("L")) == 0


def read_code(picture: Image.Image) -> str:
    paper = Image.new("L", (picture.width + 80, picture.height + 80), 255)
    paper.paste(picture.convert("L"), (40, 40))
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(numpy.asarray(paper))
    return text


def every_slip(number_slip: Number, payment_slip: Payment) -> list[NumberSlip | PaymentSlip]:
    slips: list[NumberSlip | PaymentSlip] = []
    for language, demo in product(LANGUAGES, (True, False)):
        slips += [
            number_slip(language=language, demo=demo),
            number_slip(language=language, demo=demo, marks=MARKS, first_printed_at=COPY),
            number_slip(language=language, demo=demo, marks=(), waiting=None, expected_at=None, number_masked=None),
            number_slip(language=language, demo=demo, marks=MARKS, first_printed_at=COPY, **LONG),
            payment_slip(language=language, demo=demo),
            payment_slip(language=language, demo=demo, paid_at=None, invoice_code=None),
            payment_slip(
                language=language,
                demo=demo,
                amount=1_987_654_321,
                invoice_code=None,
                account_name="BENH VIEN PHU SAN VA NHI KHOA TRUNG UONG CO SO HAI HOA GIANG",
                place=LONG["place"],
                kiosk=LONG["kiosk"],
            ),
        ]
    return slips


def test_every_slip_fits_on_the_paper(number_slip: Number, payment_slip: Payment) -> None:
    for slip in every_slip(number_slip, payment_slip):
        picture = draw(slip)
        assert picture.mode == "1" and picture.width == WIDTH
        assert picture.height <= LONGEST, slip
        black = ink(picture)
        assert not black[:, :8].any() and not black[:, -8:].any(), slip
        assert not black[-4:].any() and not black[:20].any(), slip


def test_no_text_is_under_three_millimetres_or_thinner_than_medium() -> None:
    styles = [value for value in vars(parts).values() if isinstance(value, Style)]
    assert len(styles) >= 10
    assert min(style.size for style in styles) >= 24
    assert all(style.weight in set(Weight) for style in styles)
    assert parts.BODY.size >= 28


def test_lines_are_never_wider_than_the_paper(
    number_slip: Number, payment_slip: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[tuple[str, float, float]] = []
    put = Paper.put

    def noted(paper: Paper, text: str, style: Style, x: float) -> None:
        lines.append((text, x, x + style.width(text)))
        put(paper, text, style, x)

    monkeypatch.setattr(Paper, "put", noted)
    for slip in every_slip(number_slip, payment_slip):
        draw(slip)
    assert lines
    for text, left, right in lines:
        assert left >= 11.5 and right <= WIDTH - 11.5, text


@pytest.mark.parametrize("number", ["7", "U047", "B07", "H08", "U1047"])
def test_the_number_is_at_least_20_mm_high_whatever_its_length(number_slip: Number, number: str) -> None:
    picture = draw(number_slip(number=number, demo=False))
    rows = ink(picture)[150:420].any(axis=1)
    longest = run = 0
    for row in rows:
        run = run + 1 if row else 0
        longest = max(longest, run)
    assert longest >= 160
    columns = ink(picture)[230:320].any(axis=0).nonzero()[0]
    assert columns.min() >= 8 and columns.max() <= WIDTH - 8


def test_four_characters_are_narrowed_and_not_shrunk(number_slip: Number) -> None:
    def extent(number: str) -> tuple[int, int]:
        part = ink(draw(number_slip(number=number, demo=False)))[190:390]
        rows, columns = part.any(axis=1).nonzero()[0], part.any(axis=0).nonzero()[0]
        return int(rows.max() - rows.min()), int(columns.max() - columns.min())

    three, four = extent("047"), extent("0470")
    assert abs(three[0] - four[0]) <= 1
    assert four[1] < three[1] * 4 / 3 * 0.92


def test_the_code_of_each_slip_is_read_by_another_decoder(number_slip: Number, payment_slip: Payment) -> None:
    for code in ("TRM1-8F2K7Q", "3f8a2c1d-9b", "https://x.example/t/8F2K7QZX"):
        for slip in (
            number_slip(code=code),
            number_slip(code=code, marks=MARKS, language="en"),
            payment_slip(code=code),
        ):
            picture = draw(slip)
            assert read_code(picture.crop((0, picture.height - 420, 300, picture.height))) == code


def test_modules_are_six_or_seven_whole_dots_with_four_modules_of_white() -> None:
    for content, dots in (("TRM1-8F2K7Q", 7), ("X" * 60, 6)):
        code = ink(qr_picture(content))
        first = code.any(axis=0).argmax()
        assert first == 4 * dots
        finder = code[4 * dots, 4 * dots :]
        assert finder[: 7 * dots].all() and not finder[7 * dots]
        assert not code[: 4 * dots].any() and not code[:, -4 * dots :].any()


def test_a_slip_survives_the_printers_bytes_dot_by_dot(number_slip: Number, payment_slip: Payment) -> None:
    for slip in (number_slip(), payment_slip(), payment_slip(paid_at=None, language="en")):
        picture = draw(slip)
        printed = decode(b"\x1b@" + b"".join(bands(picture, 64)) + b"\x1dV\x42\x18")
        assert len(printed) == 1 and printed[0].cut
        assert printed[0].picture.crop((0, 0, WIDTH, picture.height)).tobytes() == picture.tobytes()


def said(slip: NumberSlip | PaymentSlip, monkeypatch: pytest.MonkeyPatch) -> str:
    words: list[str] = []
    put = Paper.put

    def noted(paper: Paper, text: str, style: Style, x: float) -> None:
        words.append(text)
        put(paper, text, style, x)

    monkeypatch.setattr(Paper, "put", noted)
    draw(slip)
    monkeypatch.setattr(Paper, "put", put)
    return " ".join(words)


def test_the_number_slip_says_what_the_look_says(number_slip: Number, monkeypatch: pytest.MonkeyPatch) -> None:
    text = said(number_slip(), monkeypatch)
    for words in (
        "BẢN THỬ, không có giá trị",
        "Bệnh viện Đa khoa Hòa Giang",
        "07:16, 23/11/2026",
        "6 người",
        "khoảng 07:40",
        "Ưu tiên, quầy xem giấy tờ",
        "Bảo hiểm y tế: chờ xác minh, quầy số 2 xem",
        "Chưa đóng tiền",
        "Thẻ căn cước, giấy tờ ưu tiên, kết quả khám lần trước nếu có.",
        "K7M4-2Q9D",
        "Căn cước •••• •••• •829",
        "Mất phiếu: tới trạm bất kỳ hoặc quầy số 2.",
        "Phiếu không ghi tên. Giữ phiếu đến khi khám xong.",
    ):
        assert words in text


def test_a_copy_says_so_with_the_first_time_in_local_time(number_slip: Number, monkeypatch: pytest.MonkeyPatch) -> None:
    text = said(number_slip(first_printed_at=COPY), monkeypatch)
    assert "BẢN IN LẠI In lần đầu lúc 07:16, 23/11/2026" in text
    assert "BẢN IN LẠI" not in said(number_slip(), monkeypatch)


def test_marks_stand_only_when_true(number_slip: Number, monkeypatch: pytest.MonkeyPatch) -> None:
    text = said(number_slip(marks=(), demo=False), monkeypatch)
    for words in ("Ưu tiên", "giấy tờ ưu tiên", "chờ xác minh", "Chưa đóng tiền", "BẢN THỬ"):
        assert words not in text


def test_an_english_slip_keeps_the_words_for_the_desk_in_vietnamese(
    number_slip: Number, payment_slip: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = said(number_slip(language="en", desk="desk 2"), monkeypatch)
    assert "Your number" in text and "Before you" in text and "about 07:40" in text
    assert "Ưu tiên, quầy xem giấy tờ" in text and "Chưa đóng tiền" in text
    paid = said(payment_slip(language="en"), monkeypatch)
    assert "PAYMENT CONFIRMATION PHIẾU XÁC NHẬN THANH TOÁN" in paid


def test_a_payment_slip_says_what_was_received(payment_slip: Payment, monkeypatch: pytest.MonkeyPatch) -> None:
    text = said(payment_slip(), monkeypatch)
    for words in (
        "PHIẾU XÁC NHẬN THANH TOÁN không thay hóa đơn, biên lai",
        "Số tiền đã nhận 122.500 đ Một trăm hai mươi hai nghìn năm trăm đồng",
        "VT-0358",
        "TRM4K82QX",
        "10:42:17, 23/11/2026",
        "•••• 4471",
        "BENH VIEN DA KHOA HOA GIANG",
        "7F3K9Q2XB",
    ):
        assert words in text


def test_an_unclear_payment_confirms_no_amount(payment_slip: Payment, monkeypatch: pytest.MonkeyPatch) -> None:
    text = said(payment_slip(paid_at=None), monkeypatch)
    assert "PHIẾU CHỜ ĐỐI CHIẾU" in text and "Đừng trả lần hai" in text
    for words in ("đã nhận", "XÁC NHẬN", "Tiền tới lúc", "trăm hai mươi"):
        assert words not in text


def test_an_unknown_invoice_code_sends_to_the_cashier(payment_slip: Payment, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Mã tra cứu hóa đơn chưa có, hỏi quầy thu" in said(payment_slip(invoice_code=None), monkeypatch)


def test_the_prepared_fonts_have_every_letter_of_the_slips() -> None:
    letters = {letter for language in LANGUAGES for text in table(language).values() for letter in text} - {"\n"}
    for weight in Weight:
        path = parts.Style(28, 38, weight).font.path
        font = ImageFont.truetype(path, 28)
        missing = bytes(font.getmask("\U0010ffff"))
        wanted = letters if weight is not Weight.FIGURES else set("0123456789.đABCDEFGHIJKLMNOPQRSTUVWXYZ-")
        assert not {letter for letter in wanted if letter.strip() and bytes(font.getmask(letter)) == missing}


def test_both_languages_have_the_same_ids_and_arguments() -> None:
    import string

    ids = {key for key in table("vi") if key.startswith("slip.")}
    assert ids == {key for key in table("en") if key.startswith("slip.")}
    for key in ids:
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(table(language)[key]) if name} for language in LANGUAGES
        ]
        assert fields[0] == fields[1], key


def test_a_slip_is_mostly_white(number_slip: Number) -> None:
    """Black areas cost heat and battery. The look's own picture has 15 % of ink."""
    assert ink(draw(number_slip())).mean() < 0.16
    assert INNER == WIDTH - 24


def test_the_time_that_was_agreed_on_stands_on_the_number(number_slip: Number) -> None:
    eight = datetime(2026, 11, 23, 8, 30, tzinfo=timezone(timedelta(hours=7)))
    without = {line.text: line.right for line in lay_out(number_slip()).lines}
    assert "Giờ hẹn" not in without
    booked = {line.text: line.right for line in lay_out(number_slip(appointed_at=eight)).lines}
    assert booked["Giờ hẹn"] == "08:30"
    slot = number_slip(appointed_at=eight, appointed_until=eight + timedelta(minutes=30))
    assert {line.text: line.right for line in lay_out(slot).lines}["Giờ hẹn"] == "08:30 đến 09:00"
