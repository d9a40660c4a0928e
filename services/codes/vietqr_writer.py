"""Writes VietQR texts, strictly: only what a kiosk may show and every bank app reads."""

from __future__ import annotations

import re
from dataclasses import replace

from services.codes.emv import CRC_HEADER, checksum, is_digits, write_object, write_objects
from services.codes.errors import CodeError, CodeErrorReason, CodeKind
from services.codes.payment_code import (
    ACCOUNT,
    ADDITIONAL,
    ADDITIONAL_FIELDS,
    BENEFICIARY,
    DONG,
    DYNAMIC,
    EXACT_LENGTHS,
    LIMIT,
    NAPAS,
    STATIC,
    TO_ACCOUNT,
    TOP_FIELDS,
    TYPED_BY_PAYER,
    VietQr,
)

_TEXT = re.compile(r"[ -~]+", re.ASCII)


def encode(code: VietQr) -> str:
    """Write a code in the order of NAPAS' own examples.

    Raises CodeError VALUE: amounts that are no whole đồng from 1 to below 500 million, texts outside the printable
    ASCII set or too long, `***`, fees and tips, another currency or country.
    """
    _check_writable(code)
    amount = None if code.amount is None else str(code.dong)
    account = write_objects((("00", code.bin), ("01", code.account)))
    beneficiary = write_objects((("00", NAPAS), ("01", account), ("02", code.service)))
    extra = write_objects((key, getattr(code, name)) for key, name in ADDITIONAL_FIELDS.items())
    body = write_objects(
        (
            ("00", "01"),
            ("01", code.initiation or (STATIC if amount is None else DYNAMIC)),
            (BENEFICIARY, beneficiary),
            ("52", code.mcc),
            ("53", DONG),
            ("54", amount),
            ("58", "VN"),
            ("59", code.merchant_name),
            ("60", code.merchant_city),
            ("61", code.postal_code),
            (ADDITIONAL, extra or None),
        )
    )
    body += "".join(write_object(key, value) for key, value in sorted(code.other_tags.items())) + CRC_HEADER
    return body + checksum(body)


def transfer(*, bin: str, account: str, amount: int | None, purpose: str | None, bill: str | None = None) -> str:
    """The text of a VietQR that transfers `amount` đồng (None: the payer types it) to an account."""
    return encode(
        VietQr(
            bin=bin,
            account=account,
            service=TO_ACCOUNT,
            amount=None if amount is None else str(amount),
            purpose=purpose,
            bill=bill,
        )
    )


def with_amount(code: VietQr, amount: int) -> VietQr:
    """The same beneficiary with an amount: a static code made payable once."""
    return replace(code, amount=str(amount), initiation=DYNAMIC)


def _refuse(where: str, detail: str) -> CodeError:
    return CodeError(CodeErrorReason.VALUE, CodeKind.VIETQR, where, detail)


def _check_writable(code: VietQr) -> None:
    if code.currency != DONG or code.country != "VN":
        raise _refuse("53", "only đồng in Vietnam can be written")
    if code.tip or code.fee_fixed or code.fee_percent:
        raise _refuse("55", "tips and fees are never written")
    if code.initiation not in {None, STATIC, DYNAMIC}:
        raise _refuse("01", "must be 11 or 12")
    if len(code.bin) != 6 or not is_digits(code.bin):
        raise _refuse("38.01.00", "must be the 6 digits of a bank")
    if not ACCOUNT.fullmatch(code.account):
        raise _refuse("38.01.01", "must be 1 to 19 letters and digits")
    if code.service is not None and not re.fullmatch("[A-Z]{1,10}", code.service):
        raise _refuse("38.02", "must be a service code of NAPAS")
    _check_amount(code.amount)
    if code.data_request is not None:
        raise _refuse("62.09", "a payer's data is never asked for")
    if code.language or code.local_name or code.local_city:
        raise _refuse("64", "texts in another language are never written")
    for key, (name, longest) in TOP_FIELDS.items():
        value: str | None = getattr(code, name)
        _check_text(key, value, longest)
        if value is not None and key in EXACT_LENGTHS and len(value) != longest:
            raise _refuse(key, f"must be {longest} characters")
    for key, name in ADDITIONAL_FIELDS.items():
        _check_text(f"{ADDITIONAL}.{key}", getattr(code, name), 25)
    if unknown := {key for key in code.other_tags if not re.fullmatch("[89][0-9]", key)}:
        raise _refuse(min(unknown), "only private objects 80 to 99 may be added")


def _check_amount(amount: str | None) -> None:
    if amount is None:
        return
    if not is_digits(amount) or len(amount) > 13:
        raise _refuse("54", "must be a whole number of đồng")
    if not 0 < int(amount) < LIMIT:
        raise _refuse("54", f"must be from 1 to {LIMIT - 1} đồng")


def _check_text(where: str, text: str | None, longest: int) -> None:
    if text is None:
        return
    if not 1 <= len(text) <= longest or not _TEXT.fullmatch(text):
        raise _refuse(where, f"must be 1 to {longest} printable ASCII characters")
    if text == TYPED_BY_PAYER:
        raise _refuse(where, "*** asks the payer to type: never written")
