"""Whether a check-in record may be sent: each field by the dated table, then what fields say together.

A fault names the field and what is wrong with it, never the value.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from gateway.insurance.rules import Rules
from gateway.xml0.record import TAGS, CheckInRecord

TABLE = Path(__file__).resolve().parents[2] / "assets" / "data" / "xml0" / "fields.toml"


class Wrong(Enum):
    """What can be wrong with a field."""

    MISSING = "missing"
    TOO_LONG = "too-long"
    FORM = "form"
    LETTERS = "letters"
    """Characters no XML may hold, or letters that are not composed (NFC)."""
    UNKNOWN = "unknown"
    """Not a value of its list."""
    ORDER = "order"
    """Before a time it must follow."""
    NOT_SENT = "not-sent"
    """Records of emergencies are not sent (QĐ 4750/QĐ-BYT article 2)."""
    NEEDLESS = "needless"
    """Filled in although another field says that it is empty."""


@dataclass(frozen=True)
class Fault:
    """One field that keeps a record from being sent."""

    tag: str
    wrong: Wrong

    def __str__(self) -> str:
        return f"{self.tag}: {self.wrong.value}"


@dataclass(frozen=True)
class FieldRule:
    """A row of the table. `longest` None: no limit is given."""

    tag: str
    longest: int | None
    required: bool
    form: str
    values: frozenset[str]


@cache
def load_fields(file: Path = TABLE) -> tuple[FieldRule, ...]:
    """The table in the law's order. ValueError when it does not name the record's 26 fields."""
    rows: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["field"]
    rules = tuple(
        FieldRule(row["tag"], row.get("max"), row.get("required", False), row["form"], frozenset(row.get("values", ())))
        for row in rows
    )
    if tuple(rule.tag for rule in rules) != TAGS or any(rule.form not in _FORMS for rule in rules):
        raise ValueError(f"{file}: not the fields of the check-in record")
    return rules


def faults(record: CheckInRecord, rules: Rules) -> tuple[Fault, ...]:
    """Everything that keeps the record from being sent; empty: it is complete."""
    values = record.values()
    found = [fault for rule in load_fields() for fault in _field(rule, values[rule.tag])]
    return (*found, *_together(record, rules, {fault.tag for fault in found}))


def _field(rule: FieldRule, value: str) -> Iterator[Fault]:
    if not value:
        if rule.required:
            yield Fault(rule.tag, Wrong.MISSING)
        return
    if rule.longest is not None and len(value) > rule.longest:
        yield Fault(rule.tag, Wrong.TOO_LONG)
    if _ILLEGAL.search(value) or not unicodedata.is_normalized("NFC", value):
        yield Fault(rule.tag, Wrong.LETTERS)
    elif value != value.strip() or not _FORMS[rule.form](value):
        yield Fault(rule.tag, Wrong.FORM)
    elif rule.values and value not in rule.values:
        yield Fault(rule.tag, Wrong.UNKNOWN)


def _together(record: CheckInRecord, rules: Rules, wrong: set[str]) -> Iterator[Fault]:
    """What fields say together; a field that is wrong by itself is not judged again."""
    if "SO_CCCD" not in wrong and record.so_cccd and not _IDENTITY.fullmatch(record.so_cccd):
        yield Fault("SO_CCCD", Wrong.FORM)
    if "MA_CSKCB" not in wrong and len(record.ma_cskcb) != 5:
        yield Fault("MA_CSKCB", Wrong.FORM)
    yield from _insurance(record, rules, wrong)
    yield from _service(record)
    if record.ngay_vao_noi_tru:
        if not record.ly_do_vnt:
            yield Fault("LY_DO_VNT", Wrong.MISSING)
        if {"NGAY_VAO", "NGAY_VAO_NOI_TRU"}.isdisjoint(wrong) and record.ngay_vao_noi_tru < record.ngay_vao:
            yield Fault("NGAY_VAO_NOI_TRU", Wrong.ORDER)
    if {"NGAY_VAO", "NGAY_YL"}.isdisjoint(wrong) and record.ngay_yl < record.ngay_vao:
        yield Fault("NGAY_YL", Wrong.ORDER)


def _insurance(record: CheckInRecord, rules: Rules, wrong: set[str]) -> Iterator[Fault]:
    """Card and route: code 9 is a patient without insurance, everybody else has a card."""
    route = record.ma_doituong_kcb
    if {"MA_DOITUONG_KCB", "NGAY_VAO"}.isdisjoint(wrong):
        day = datetime.strptime(record.ngay_vao, "%Y%m%d%H%M").date()
        if route == EMERGENCY:
            yield Fault("MA_DOITUONG_KCB", Wrong.NOT_SENT)
        elif not rules.is_route(route, day):
            yield Fault("MA_DOITUONG_KCB", Wrong.UNKNOWN)
    card = {
        "MA_THE_BHYT": record.ma_the_bhyt,
        "MA_DKBD": record.ma_dkbd,
        "GT_THE_TU": record.gt_the_tu,
        "GT_THE_DEN": record.gt_the_den,
    }
    if route == WITHOUT_INSURANCE:
        yield from (Fault(tag, Wrong.NEEDLESS) for tag, value in card.items() if value)
        return
    if not record.ma_the_bhyt:
        yield Fault("MA_THE_BHYT", Wrong.MISSING)
    elif "MA_THE_BHYT" not in wrong and not _CARD.fullmatch(record.ma_the_bhyt):
        yield Fault("MA_THE_BHYT", Wrong.FORM)
    days = {"GT_THE_TU", "GT_THE_DEN"}.isdisjoint(wrong) and record.gt_the_tu and record.gt_the_den
    if days and record.gt_the_den < record.gt_the_tu:
        yield Fault("GT_THE_DEN", Wrong.ORDER)


def _service(record: CheckInRecord) -> Iterator[Fault]:
    """A service, a drug or a supply, each with its name."""
    pairs = (
        ("DICH_VU", record.ma_dich_vu, record.ten_dich_vu),
        ("THUOC", record.ma_thuoc, record.ten_thuoc),
        ("VAT_TU", record.ma_vat_tu, record.ten_vat_tu),
    )
    if not any(code for _, code, _ in pairs):
        yield Fault("MA_DICH_VU", Wrong.MISSING)
    for kind, code, name in pairs:
        if code and not name:
            yield Fault(f"TEN_{kind}", Wrong.MISSING)
        if name and not code and any(other for _, other, _ in pairs):
            yield Fault(f"MA_{kind}", Wrong.MISSING)


EMERGENCY = "2"
WITHOUT_INSURANCE = "9"
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters outside of XML 1.0 section 2.2."""
_IDENTITY = re.compile(r"[0-9]{9}|[0-9]{12}|[A-Z][0-9]{7}", re.ASCII)
"""Old and new identity number, passport."""
_CARD = re.compile(r"[A-Z]{2}[1-5][0-9]{12}|[0-9]{10}|[0-9]{12}", re.ASCII)


def _is_time(layout: str, digits: int) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        if not re.fullmatch(rf"[0-9]{{{digits}}}", value, re.ASCII):
            return False
        try:
            datetime.strptime(value, layout)
        except ValueError:
            return False
        return True

    return fits


def _is_birth(value: str) -> bool:
    """yyyyMMddHHmm; month, day and time may be zeros, but no known part follows an unknown one."""
    match = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})", value, re.ASCII)
    if match is None or match[1] == "0000":
        return False
    _, month, day, hour, minute = match.groups()
    if month == "00":
        return day == hour == minute == "00"
    if day == "00":
        return hour == minute == "00" and 1 <= int(month) <= 12
    return _is_time("%Y%m%d%H%M", 12)(value)


_FORMS: dict[str, Callable[[str], bool]] = {
    "text": lambda _value: True,
    "digits": lambda value: re.fullmatch(r"[0-9]+", value, re.ASCII) is not None,
    "code": lambda value: re.fullmatch(r"[0-9A-Z.]+", value, re.ASCII) is not None,
    "day": _is_time("%Y%m%d", 8),
    "minute": _is_time("%Y%m%d%H%M", 12),
    "birth": _is_birth,
}
