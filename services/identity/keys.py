"""Keys that may open a chip, from what a person shows or types: QR code, number with dates, MRZ or CAN.

CAN = last six digits of the 12-digit number (unconfirmed), document number of the MRZ = its last nine digits
(chip.md sections 1.1 and 1.4). The list is short and ordered: a wrong key may slow the chip down.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from drivers.emrtd.lds.mrz import mrz_information, parse_mrz
from drivers.emrtd.reading import AccessKeys
from services.codes.cccd import CardLayout, CccdQr
from services.codes.person import BirthDate, Sex
from services.identity.expiry import FOR_LIFE, expiry_candidates


@dataclass(frozen=True)
class TypedCard(CccdQr):
    """What was typed from the face of a card, in the place of its QR code, which cannot be scanned."""

    expiry: date | None = None
    """None for a card without an end."""


@dataclass(frozen=True)
class TypedPassport(CccdQr):
    """What was typed from a passport. `number` is that of the passport, capitals and digits."""

    expiry: date | None = None


def typed_card(number: str, birth: BirthDate, expiry: date | None) -> TypedCard:
    """A card by what stands on it: nothing else of the person is known yet."""
    return TypedCard(**_typed(number, birth), expiry=expiry)


def typed_passport(number: str, birth: BirthDate, expiry: date) -> TypedPassport:
    """A passport by what stands on it."""
    return TypedPassport(**_typed(number, birth), expiry=expiry)


def _typed(number: str, birth: BirthDate) -> dict[str, Any]:
    return {
        "layout": CardLayout.CCCD_2021,
        "number": number,
        "old_number": None,
        "name": "",
        "birth": birth,
        "sex": Sex.UNSPECIFIED,
        "address": None,
        "issued": None,
    }


MAX_TRIES = 8
"""MRZ keys in one list."""
_NUMBER = re.compile(r"[0-9]{12}", re.ASCII)
_CAN = re.compile(r"[0-9]{6}", re.ASCII)


def keys_from_code(code: CccdQr, today: date) -> AccessKeys:
    """Keys from the QR code of an ID card, or from what was typed. Without a readable birth only the CAN is left."""
    if isinstance(code, TypedCard) and code.birth is not None:
        return keys_from_typed(code.number, code.birth, code.expiry)
    if isinstance(code, TypedPassport) and code.birth is not None and code.expiry is not None:
        text = code.expiry.strftime("%y%m%d")
        spelt = birth_texts(code.birth)
        return AccessKeys(mrz_information=tuple(mrz_information(code.number, birth, text) for birth in spelt))
    if code.birth is None:
        return AccessKeys(can=can_of(code.number))
    return _keys(code.number, code.birth, expiry_candidates(code.birth, code.issued, today))


def keys_from_typed(number: str, birth: BirthDate, expiry: date | None) -> AccessKeys:
    """Keys from what is printed on a card; `expiry` None for a card for life. ValueError when `number` is not 12
    digits."""
    if not _NUMBER.fullmatch(number):
        raise ValueError("the number must be 12 digits")
    return _keys(number, birth, (FOR_LIFE if expiry is None else expiry.strftime("%y%m%d"),))


def keys_from_mrz(lines: str | Iterable[str]) -> AccessKeys:
    """Keys from a machine readable zone: TD1, TD2 or TD3, as lines or joined. Raises LdsError."""
    mrz = parse_mrz(lines)
    number = mrz.vietnamese_number
    return AccessKeys(can=None if number is None else can_of(number), mrz_information=(mrz.information,))


def keys_from_can(digits: str) -> AccessKeys:
    """Keys from a card access number. ValueError when it is not 6 digits."""
    if not _CAN.fullmatch(digits):
        raise ValueError("the card access number must be 6 digits")
    return AccessKeys(can=digits)


def can_of(number: str) -> str:
    """The card access number of a Vietnamese card."""
    return number[-6:]


def birth_texts(birth: BirthDate) -> tuple[str, ...]:
    """YYMMDD as the MRZ may spell it: unknown parts as fillers (ICAO 9303-3 section 4.8), zeros, or the first."""
    year = f"{birth.year % 100:02d}"
    if birth.month is None:
        return (f"{year}<<<<", f"{year}0000", f"{year}0101")
    month = f"{birth.month:02d}"
    if birth.day is None:
        return (f"{year}{month}<<", f"{year}{month}00", f"{year}{month}01")
    return (f"{year}{month}{birth.day:02d}",)


def _keys(number: str, birth: BirthDate, expiries: tuple[str, ...]) -> AccessKeys:
    """Pairs of birth and expiry, those first whose both parts stand early in their lists."""
    pairs = sorted(
        ((i + j, i, spelt, expiry) for i, spelt in enumerate(birth_texts(birth)) for j, expiry in enumerate(expiries)),
    )
    texts = dict.fromkeys(mrz_information(number[3:12], spelt, expiry) for _, _, spelt, expiry in pairs)
    return AccessKeys(can=can_of(number), mrz_information=tuple(texts)[:MAX_TRIES])
