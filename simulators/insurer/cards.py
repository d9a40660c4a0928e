"""What the insurer knows of a card and how it compares a question with it: computed here, from the citizens alone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from simulators import citizens
from simulators.citizens import Citizen, Insurance

REMARKS = {
    "000": "Thông tin thẻ chính xác",
    "001": "Thẻ do BHXH Bộ Quốc phòng quản lý, đề nghị kiểm tra thẻ và giấy tờ tùy thân",
    "002": "Thẻ do BHXH Bộ Công an quản lý, đề nghị kiểm tra thẻ và giấy tờ tùy thân",
    "003": "Thẻ cũ hết giá trị sử dụng, đã được cấp thẻ mới",
    "004": "Thẻ cũ còn giá trị sử dụng, đã được cấp thẻ mới",
    "010": "Thẻ hết giá trị sử dụng",
    "050": "Không thấy thông tin thẻ bảo hiểm y tế",
    "051": "Mã thẻ không đúng",
    "052": "Mã tỉnh cấp thẻ không đúng",
    "053": "Mã quyền lợi thẻ không đúng",
    "054": "Số CCCD của cán bộ không có trong danh sách của cơ sở",
    "055": "Họ tên cán bộ không khớp số CCCD",
    "060": "Thẻ sai họ tên",
    "061": "Thẻ sai họ tên (đúng ký tự đầu)",
    "070": "Thẻ sai ngày sinh",
    "090": "",
    "100": "Lỗi khi lấy dữ liệu thẻ",
    "101": "Lỗi máy chủ",
    "110": "Thẻ đã thu hồi",
    "120": "Thẻ đã báo giảm",
    "121": "Thẻ đã báo giảm chuyển ngoại tỉnh",
    "122": "Thẻ đã báo giảm chuyển nội tỉnh",
    "123": "Thẻ đã báo giảm do tăng lại tại cùng đơn vị",
    "124": "Thẻ đã báo giảm ngừng tham gia",
    "130": "Trẻ em không xuất trình thẻ",
    "205": "Lỗi sai định dạng tham số",
    "401": "Lỗi xác thực",
    "501": "Token không đúng",
}
_WITH_CARD = {"000", "001", "002", "004", "010"}
"""Codes whose answers carry the card."""


@dataclass
class Played:
    """What the world was told to answer, over what is known of the citizens."""

    forced: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """By number: fields that go over the answer."""
    coming: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """For the next questions, whoever is asked about; first in, first out."""
    tells: bool = False
    """Whether a mismatch carries the insurer's own name and birth."""
    five_years: dict[str, str] = field(default_factory=dict[str, str])
    copayments: dict[str, int] = field(default_factory=dict[str, int])


def look_up(question: dict[str, Any], played: Played) -> dict[str, Any]:
    """The answer body to a card question."""
    number = str(question.get("maThe") or "").strip().upper()
    name = str(question.get("hoTen") or "")
    birth = str(question.get("ngaySinh") or "").strip()
    found = _holder(number)
    if played.coming:
        return _as_told(found, played.coming.pop(0))
    if number in played.forced:
        return _as_told(found, played.forced[number])
    if not re.fullmatch(r"[0-9A-Z]{10}|[0-9A-Z]{12}|[0-9A-Z]{15}", number) or not birth:
        return _bare("205")
    if found is None:
        return _bare("050")
    holder, card = found
    if (code := _compare(holder, name, birth)) is not None:
        own = {"hoTen": holder.name, "ngaySinh": _wire_birth(holder)} if played.tells else {}
        return _bare(code) | own
    if number == new_number(card):
        return by_code(holder, card, "000") | _new_card_alone(card)
    answer = by_code(holder, card, card.result_code)
    if card.result_code == "000" and card.valid_to is not None and card.valid_to < date.today():
        answer = by_code(holder, card, "010")
    return answer | {"ngayDu5Nam": played.five_years.get(number, "")} if "maThe" in answer else answer


def _as_told(found: tuple[Citizen, Insurance] | None, told: dict[str, Any]) -> dict[str, Any]:
    code = str(told["maKetQua"])
    return (by_code(*found, code) if found else _bare(code)) | told


def by_code(holder: Citizen, card: Insurance, code: str) -> dict[str, Any]:
    """A plausible answer with a code: with the card where such answers carry it, with a new one for 003 and 004."""
    today = date.today()
    if code == "003":
        return _full(holder, card, code) | {"gtTheDen": f"{today - timedelta(days=30):%d/%m/%Y}"} | _new_card(card)
    if code == "004":
        return _full(holder, card, code) | _new_card(card)
    if code == "010":
        ended = card.valid_to if card.valid_to is not None and card.valid_to < today else today - timedelta(days=30)
        return _full(holder, card, code) | {"gtTheDen": f"{ended:%d/%m/%Y}"}
    return _full(holder, card, code) if code in _WITH_CARD else _bare(code)


def new_number(card: Insurance) -> str:
    """The number of the card that follows this one: the same person, of the group of pensioners."""
    return f"HT3{card.card_number[3:]}"


def _new_card(card: Insurance) -> dict[str, Any]:
    today = date.today()
    return {
        "maTheCu": card.card_number,
        "maTheMoi": new_number(card),
        "gtTheTuMoi": f"{today - timedelta(days=29):%d/%m/%Y}",
        "gtTheDenMoi": f"31/12/{today.year + 1}",
        "maDKBDMoi": card.facility,
        "tenDKBDMoi": "Bệnh viện Đa khoa Hòa Giang" if card.facility == "99001" else "",
    }


def _new_card_alone(card: Insurance) -> dict[str, Any]:
    new = _new_card(card)
    return {"maThe": new["maTheMoi"], "gtTheTu": new["gtTheTuMoi"], "gtTheDen": new["gtTheDenMoi"]}


def copayment(question: dict[str, Any], played: Played) -> dict[str, Any]:
    """The answer body of TraCuuTienMCCT."""
    number = str(question.get("maThe") or "").strip().upper()
    if not number or not question.get("username"):
        return {"MaKetQua": 400, "GhiChu": "Thiếu tham số", "DataCCT": None}
    if _holder(number) is None or number not in played.copayments:
        return {"MaKetQua": 204, "GhiChu": "Không có dữ liệu", "DataCCT": None}
    return {"MaKetQua": 200, "GhiChu": "", "DataCCT": [{"tBNCCTLuyKe": played.copayments[number]}]}


def _holder(number: str) -> tuple[Citizen, Insurance] | None:
    for citizen in citizens.load_all():
        card = citizen.insurance
        if card is not None and number in {card.card_number, card.bhxh, citizen.number, new_number(card)}:
            return citizen, card
    return None


def _compare(holder: Citizen, name: str, birth: str) -> str | None:
    asked, known = _plain(name), _plain(holder.name)
    if asked != known:
        initials = [word[0] for word in asked.split()] == [word[0] for word in known.split()]
        return "061" if initials else "060"
    known_birth = _wire_birth(holder)
    # Whose day is not on record is asked by the year alone.
    year_only = re.fullmatch(r"[0-9]{4}", birth) and known_birth.endswith(birth) and len(known_birth) < 10
    if re.fullmatch(r"[0-9]{8}", birth):
        birth = f"{birth[:2]}/{birth[2:4]}/{birth[4:]}"
    return None if birth == known_birth or year_only else "070"


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).upper().split())


def _bare(code: str) -> dict[str, Any]:
    return {"maKetQua": code, "ghiChu": REMARKS.get(code, ""), "dsLichSuKCB2018": None, "dsLichSuKT2018": None}


def _wire_birth(holder: Citizen) -> str:
    return "/".join(reversed(holder.birth.split("-")))


def _full(holder: Citizen, card: Insurance, code: str) -> dict[str, Any]:
    return _bare(code) | {
        "maThe": card.card_number,
        "hoTen": holder.name,
        "ngaySinh": _wire_birth(holder),
        "gioiTinh": "Nam" if holder.sex == "M" else "Nữ",
        "diaChi": holder.address,
        "maDKBD": card.facility,
        "cqBHXH": "Bảo hiểm xã hội tỉnh Hòa Giang",
        "gtTheTu": f"{card.valid_from:%d/%m/%Y}",
        "gtTheDen": "" if card.valid_to is None else f"{card.valid_to:%d/%m/%Y}",
        "maKV": "",
        "ngayDu5Nam": "",
        "maSoBHXH": card.bhxh,
        "maTheCu": "",
        "maTheMoi": "",
        "gtTheTuMoi": "",
        "gtTheDenMoi": "",
        "maDKBDMoi": "",
        "tenDKBDMoi": "",
    }
