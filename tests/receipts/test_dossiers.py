"""Slips of a dossier's later life: how it stands, and a draft that is gone on with; their codes can be scanned."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import zxingcpp

from services.codes.slip import slip_text
from services.receipts.drawing import draw
from services.receipts.paper import LONGEST
from services.receipts.slips import DraftSlip, StatusLine, StatusSlip

AT = datetime(2026, 11, 23, 7, 20, tzinfo=UTC)
TOKEN = slip_text("0123456789ABCDEFGHJKMNPQRS")


def status(lines: int = 5, language: str = "vi", **more: str) -> StatusSlip:
    return StatusSlip(
        place="Trung tâm Phục vụ hành chính công phường Hòa Giang",
        kiosk="Trạm số 3 · Sảnh A",
        procedure="Đăng ký lại khai sinh",
        headline="Hồ sơ cần bổ sung",
        dossier_code=more.get("code", "G09.20-20261119-0000217"),
        code_label="Mã hồ sơ",
        due="Thứ Năm 26/11/2026",
        asked=("Cần bổ sung: Giấy chứng sinh, bản chính", "Hạn bổ sung: hết Thứ Hai 30/11/2026"),
        lines=tuple(
            StatusLine("Được tiếp nhận", "Thứ Năm 19/11/2026, 09:20 · Tổ Tư pháp, Hộ tịch", number < 3)
            for number in range(lines)
        ),
        printed_at=AT,
        code=TOKEN,
        demo=True,
        language=language,
    )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_code_of_a_status_slip_leads_back_to_the_dossier(language: str) -> None:
    picture = draw(status(language=language))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [TOKEN]
    assert picture.height <= LONGEST


def test_a_group_of_four_parts_stays_on_one_hand_of_paper() -> None:
    names = ("Khai sinh", "Cư trú", "Thẻ bảo hiểm y tế", "Thẻ căn cước")
    parts = tuple(StatusLine(name, "Đang xử lý · hẹn Thứ Sáu 27/11/2026", True) for name in names)
    picture = draw(replace(status(lines=2), parts=parts))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [TOKEN]
    assert picture.height <= LONGEST
    assert picture.height > draw(status(lines=2)).height


def test_a_draft_slip_stays_on_one_hand_of_paper() -> None:
    slip = DraftSlip("Trung tâm", "Trạm", "Đăng ký khai sinh", "7Q4K-92HM", AT, "•••• •••• •829", True)
    assert draw(slip).height <= LONGEST
