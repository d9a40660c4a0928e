"""Slip s5: which field differs, who corrects it, and nothing of the values."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import cv2
import numpy
import pytest
from PIL import Image

from services.messages import LANGUAGES, table
from services.receipts.drawing import draw
from services.receipts.paper import LONGEST, WIDTH, Paper
from services.receipts.slips import MismatchSlip

Mismatch = Callable[..., MismatchSlip]
DETAILS = sorted(
    key for key in table("vi") if key.startswith("mismatch.") and key not in {"mismatch.name", "mismatch.birth"}
)
LONG: dict[str, Any] = {
    "place": "Bệnh viện Phụ sản và Nhi khoa Trung ương cơ sở hai Hòa Giang Thượng",
    "kiosk": "Trạm tự phục vụ số 13 · Sảnh đón tiếp khu khám bệnh theo yêu cầu",
    "desk": "quầy tiếp nhận bảo hiểm y tế số 12",
}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that was drawn."""
    texts: list[str] = []
    text, put = Paper.text, Paper.put

    def remembered(paper: Paper, content: str, *args: Any, **more: Any) -> None:
        texts.append(content)
        text(paper, content, *args, **more)

    def remembered_put(paper: Paper, content: str, *args: Any, **more: Any) -> None:
        texts.append(content)
        put(paper, content, *args, **more)

    monkeypatch.setattr(Paper, "text", remembered)
    monkeypatch.setattr(Paper, "put", remembered_put)
    return texts


def test_it_says_what_the_look_says_word_for_word(mismatch_slip: Mismatch, said: list[str]) -> None:
    draw(mismatch_slip())
    for words in (
        "BẢN THỬ, không có giá trị",
        "PHIẾU BÁO SAI LỆCH",
        "Hôm nay vẫn khám được.",
        "Quầy số 2 xem giúp.",
        "Mục không khớp",
        "Họ và tên",
        "Khác dấu ở chữ đệm",
        "Thẻ căn cước",
        "đọc lúc 07:14",
        "Thẻ bảo hiểm y tế",
        "tra lúc 07:14",
        "23/11/2026",
        "•••• •••• •829",
        "Ai sửa",
        "Thẻ bảo hiểm sai",
        "Bảo hiểm xã hội quản lý thẻ.",
        "Mang thẻ căn cước và phiếu này.",
        "Thẻ căn cước sai",
        "Công an nơi cư trú.",
        "Mang giấy khai sinh và phiếu này.",
        "Quầy đánh dấu một ô sau khi xem giấy tờ.",
        "Trạm không tự sửa và không từ chối ai. Nhân viên quầy quyết định.",
    ):
        assert words in said, words


def test_it_fits_on_the_paper_whatever_differs(mismatch_slip: Mismatch) -> None:
    assert len(DETAILS) == 19
    for language, (number, detail) in product(LANGUAGES, enumerate(DETAILS)):
        long = LONG if number % 5 == 0 else {}
        field = ".".join(detail.split(".")[:2])
        picture = draw(mismatch_slip(language=language, field=field, detail=detail, **long))
        assert (picture.mode, picture.width) == ("1", WIDTH)
        assert picture.height <= LONGEST, (language, detail)


def test_a_foreign_readers_slip_names_the_field_in_vietnamese_too(mismatch_slip: Mismatch, said: list[str]) -> None:
    draw(mismatch_slip(language="en", field="mismatch.birth", detail="mismatch.birth.swapped"))
    assert {"Date of birth", "Ngày sinh", "Ngày và tháng đổi chỗ", "PHIẾU BÁO SAI LỆCH"} <= set(said)


def test_a_difference_this_kiosk_has_no_words_for_leaves_the_field(mismatch_slip: Mismatch, said: list[str]) -> None:
    draw(mismatch_slip(detail="mismatch.name.of_a_newer_gateway"))
    assert "Họ và tên" in said
    assert not any("newer" in words for words in said)


def test_its_code_leads_to_the_check_in(mismatch_slip: Mismatch) -> None:
    picture = draw(mismatch_slip(code="TRAM:P1:0123456789ABCDEFGHJKMNPQRST"))
    paper = Image.new("L", (picture.width + 80, picture.height + 80), 255)
    paper.paste(picture.convert("L"), (40, 40))
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(numpy.asarray(paper))
    assert text == "TRAM:P1:0123456789ABCDEFGHJKMNPQRST"
