"""What the insurer knows of a card and how it compares a question with it: computed here, from the citizens alone."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
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
    "060": "Thẻ sai họ tên",
    "061": "Thẻ sai họ tên (đúng ký tự đầu)",
    "070": "Thẻ sai ngày sinh",
    "205": "Lỗi sai định dạng tham số",
}


def look_up(question: dict[str, Any], forced: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The answer body to a card question. `forced`: number to fields that go over the answer."""
    number = str(question.get("maThe") or "").strip().upper()
    name = str(question.get("hoTen") or "")
    birth = str(question.get("ngaySinh") or "").strip()
    if not re.fullmatch(r"[0-9A-Z]{10}|[0-9A-Z]{12}|[0-9A-Z]{15}", number) or not birth:
        return _bare("205")
    found = _holder(number)
    if number in forced:
        return (_full(*found) if found else _bare("000")) | forced[number]
    if found is None:
        return _bare("050")
    holder, card = found
    if (code := _compare(holder, name, birth)) is not None:
        return _bare(code)
    if card.result_code not in {"000", "001", "002", "004"}:
        return _bare(card.result_code)
    if card.valid_to is not None and card.valid_to < date.today():
        return _full(holder, card) | {"maKetQua": "010", "ghiChu": REMARKS["010"]}
    return _full(holder, card)


def _holder(number: str) -> tuple[Citizen, Insurance] | None:
    for citizen in citizens.load_all():
        card = citizen.insurance
        if card is not None and number in {card.card_number, card.bhxh, citizen.number}:
            return citizen, card
    return None


def _compare(holder: Citizen, name: str, birth: str) -> str | None:
    asked, known = _plain(name), _plain(holder.name)
    if asked != known:
        initials = [word[0] for word in asked.split()] == [word[0] for word in known.split()]
        return "061" if initials else "060"
    known_birth = "/".join(reversed(holder.birth.split("-")))
    year_only = re.fullmatch(r"[0-9]{4}", birth) and known_birth.endswith(birth) and len(known_birth) == 4
    if re.fullmatch(r"[0-9]{8}", birth):
        birth = f"{birth[:2]}/{birth[2:4]}/{birth[4:]}"
    return None if birth == known_birth or year_only else "070"


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).upper().split())


def _bare(code: str) -> dict[str, Any]:
    return {"maKetQua": code, "ghiChu": REMARKS.get(code, ""), "dsLichSuKCB2018": None, "dsLichSuKT2018": None}


def _full(holder: Citizen, card: Insurance) -> dict[str, Any]:
    return _bare(card.result_code) | {
        "maThe": card.card_number,
        "hoTen": holder.name,
        "ngaySinh": "/".join(reversed(holder.birth.split("-"))),
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
