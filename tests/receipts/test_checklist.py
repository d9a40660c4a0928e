"""Slip s4 fits on the paper, says what the look says, and nothing of a person."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from services.receipts.drawing import draw
from services.receipts.paper import LONGEST, WIDTH, Paper
from services.receipts.slips import ChecklistSlip, PaperLine

SLIP = ChecklistSlip(
    place="Trung tâm Phục vụ hành chính công",
    kiosk="Phường Hòa Giang, trạm số 1",
    procedure="Khai sinh liên thông cho trẻ dưới 6 tuổi",
    case="Cha mẹ có giấy kết hôn",
    bring=(
        PaperLine("Giấy chứng sinh", "1 bản chính, bệnh viện nơi sinh cấp"),
        PaperLine("Tờ khai đăng ký khai sinh", "1 bản chính, quầy in sẵn, chỉ cần ký"),
    ),
    held=(PaperLine("Căn cước của cha và mẹ", "1 bản chính"), PaperLine("Giấy chứng nhận kết hôn", "1 bản chính")),
    times=(
        ("Khai sinh", "trong ngày"), ("Cư trú", "2 ngày làm việc"), ("Thẻ bảo hiểm y tế", "2 ngày làm việc"),
        ("Thẻ căn cước", "7 ngày làm việc"),
    ),
    before="15:00",
    fee="không mất phí",
    where="quầy 3, 4 hoặc 5",
    halves=(("07:30", "11:30"), ("13:30", "17:00")),
    conditions=(),
    code="3.000722",
    updated=date(2026, 11, 1),
    sample=True,
    printed_at=datetime(2026, 11, 23, 8, 12, tzinfo=timezone(timedelta(hours=7))),
    demo=True,
)  # fmt: skip


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    put, text = Paper.put, Paper.line

    def noted_put(paper: Paper, words: str, *args: object) -> None:
        lines.append(words)
        put(paper, words, *args)  # type: ignore[arg-type]

    def noted(paper: Paper, words: str, *args: object) -> None:
        lines.append(words)
        text(paper, words, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Paper, "put", noted_put)
    monkeypatch.setattr(Paper, "line", noted)
    return lines


def test_it_says_what_the_look_says(said: list[str]):
    picture = draw(SLIP)
    assert picture.width == WIDTH
    assert picture.height <= LONGEST
    text = " ".join(said)
    for words in (
        "GIẤY TỜ CẦN MANG", "Trường hợp: Cha mẹ có giấy kết hôn", "Phải nộp 2 giấy tờ", "Giấy chứng sinh",
        "Không phải nộp nếu quầy tra được.", "Nên mang theo để phòng.", "4 việc, nộp trước 15:00", "7 ngày làm việc",
        "không mất phí", "quầy 3, 4 hoặc 5", "07:30 đến 11:30", "Mã thủ tục 3.000722.", "Phiếu không ghi tên.",
    ):  # fmt: skip
        assert words in text, words


def test_a_long_list_still_fits():
    many = replace(
        SLIP,
        bring=tuple(PaperLine(f"Giấy tờ nhà đất, tờ {n}", "1 bản chính") for n in range(7)),
    )
    assert draw(many).height <= LONGEST


def test_in_english(said: list[str]):
    draw(replace(SLIP, language="en", before="", times=(("", "2 working days"),)))
    assert "PAPERS TO BRING" in " ".join(said)
