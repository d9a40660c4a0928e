"""What `qr decode` tells of a code: plain values for JSON and for the eye."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from enum import Enum

from services.codes.banks import bank_table
from services.codes.bhyt import BhytQr
from services.codes.cccd import CccdQr
from services.codes.detect import Code
from services.codes.errors import CodeError
from services.codes.payment_code import PaymentFields
from services.codes.person import BirthDate
from services.codes.vietqr import VietQr


def describe(code: Code) -> dict[str, object]:
    """Kind, layout where a kind has several, and the fields that are there."""
    report: dict[str, object] = {"kind": code.kind.value}
    if isinstance(code, CccdQr | BhytQr):
        report["layout"] = code.layout.value
    if isinstance(code, PaymentFields):
        report["conforming"] = code.conforming
        report["dong"] = code.dong
    if isinstance(code, VietQr):
        bank = bank_table().by_bin(code.bin)
        report["bank"] = None if bank is None else bank.short_name
    left_out = {"layout", "conforming"}
    values = {field.name: _plain(getattr(code, field.name)) for field in fields(code) if field.name not in left_out}
    report["fields"] = {name: value for name, value in values.items() if value not in (None, [], {})}
    return report


def refusal(error: CodeError) -> dict[str, object]:
    """What it seemed to be and why it is none; `error`, `where`, `crc_ok` and `right_crc` as in the test vectors."""
    found: dict[str, object] = {"error": error.reason.value, "where": error.where, "detail": error.detail}
    if error.position is not None:
        found["position"] = error.position
    if error.crc_ok is not None:
        found["crc_ok"] = error.crc_ok
    if error.right_crc is not None:
        found["right_crc"] = error.right_crc
    return {"kind": error.kind.value, "error": found}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, BirthDate):
        return str(value)
    if isinstance(value, tuple):
        return list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - texts
    return value
