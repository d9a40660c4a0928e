"""Reads a VietQR as a bank's app does. Written for the bank alone: a mistake in ours must show here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Transfer:
    """What the app would fill in."""

    bin: str
    account: str
    amount: int | None
    purpose: str


def read(payload: str) -> Transfer:
    """Read a code. ValueError says what is wrong."""
    raw = payload.encode("utf-8")
    if len(raw) < 8 or raw[-8:-4] != b"6304":
        raise ValueError("không có mã kiểm tra ở cuối")
    if raw[-4:].upper() != f"{_crc(raw[:-4]):04X}".encode():
        raise ValueError("mã kiểm tra sai")
    fields = _fields(payload)
    if fields.get("00") != "01":
        raise ValueError("không phải mã QR thanh toán")
    merchant = _fields(fields.get("38", ""))
    if merchant.get("00") != "A000000727" or merchant.get("02", "QRIBFTTA") != "QRIBFTTA":
        raise ValueError("không phải VietQR tới tài khoản")
    beneficiary = _fields(merchant.get("01", ""))
    if set(beneficiary) != {"00", "01"}:
        raise ValueError("thiếu ngân hàng hoặc tài khoản")
    if fields.get("53") != "704" or fields.get("58") != "VN":
        raise ValueError("không phải đồng Việt Nam")
    amount = fields.get("54")
    if amount is not None and not amount.isdigit():
        raise ValueError("số tiền không đọc được")
    purpose = _fields(fields.get("62", "")).get("08", "")
    return Transfer(beneficiary["00"], beneficiary["01"], None if amount is None else int(amount), purpose)


def _fields(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    rest = text
    while rest:
        if len(rest) < 4 or not rest[:4].isdigit():
            raise ValueError("trường không đọc được")
        length = int(rest[2:4])
        value = rest[4 : 4 + length]
        if len(value) != length or rest[:2] in fields:
            raise ValueError("độ dài trường sai")
        fields[rest[:2]] = value
        rest = rest[4 + length :]
    return fields


def _crc(data: bytes) -> int:
    register = 0xFFFF
    for byte in data:
        for bit in range(8):
            top = (register >> 15) ^ (byte >> (7 - bit) & 1)
            register = (register << 1 & 0xFFFF) ^ (0x1021 if top else 0)
    return register
