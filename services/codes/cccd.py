"""The QR code of the Vietnamese chip ID card, printings of 2021 and 2024 (chip.md section 1.2).

`number|old number|name|birth|sex|address|issued`, and from 2024 on further fields whose order no public text gives:
they are kept as they are. Nothing in the code is signed: it is a search key and opens the chip, it proves nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import ClassVar

from services.codes.emv import MAX_TEXT
from services.codes.errors import CodeError, CodeErrorReason, CodeKind
from services.codes.person import BirthDate, Sex, read_birth, read_date
from services.codes.plain import as_read

_NUMBER = re.compile(r"[0-9]{12}", re.ASCII)
MAX_FIELDS = 40
"""Fifteen are reported; a code with many more is none of these cards."""


class CardLayout(Enum):
    """The printing of the card."""

    CCCD_2021 = "2021"
    CAN_CUOC_2024 = "2024"


@dataclass(frozen=True)
class CccdQr:
    """Fields of the code. Texts are NFC; None where a field is empty, missing or no date."""

    kind: ClassVar[CodeKind] = CodeKind.CCCD
    layout: CardLayout
    number: str
    """12 digits."""
    old_number: str | None
    name: str
    birth: BirthDate | None
    sex: Sex
    address: str | None
    issued: date | None
    extra: tuple[str, ...] = ()
    """Fields 8 and up of a 2024 card, meaning unconfirmed."""


def looks_like_cccd(text: str) -> bool:
    """Whether the first of several fields is a 12-digit number."""
    number, bar, _ = as_read(text).partition("|")
    return bool(bar) and _NUMBER.fullmatch(number.strip()) is not None


def read_cccd(text: str) -> CccdQr:
    """Read the code; 6 fields (without old number), 7, or more.

    Raises CodeError STRUCTURE: `where` is "fields", "1" (number) or "3" (name). A damaged date or sex is no error:
    the number alone already opens the chip.
    """
    if len(text) > MAX_TEXT:
        raise _broken("fields", f"{len(text)} characters, no QR code holds more than {MAX_TEXT}")
    fields = [unicodedata.normalize("NFC", field).strip() for field in as_read(text).split("|")]
    if not _NUMBER.fullmatch(fields[0]):
        raise _broken("1", "must be 12 digits")
    if not 6 <= len(fields) <= MAX_FIELDS:
        raise _broken("fields", f"{len(fields)} fields, 6 to {MAX_FIELDS} are expected")
    if _lacks_old_number(fields):
        fields.insert(1, "")
    number, old, name, birth, sex, address, issued, *extra = fields
    if not name:
        raise _broken("3", "the name is empty")
    return CccdQr(
        layout=CardLayout.CAN_CUOC_2024 if extra else CardLayout.CCCD_2021,
        number=number,
        old_number=old or None,
        name=name,
        birth=read_birth(birth),
        sex=read_sex(sex),
        address=address or None,
        issued=read_date(issued),
        extra=tuple(extra),
    )


def read_sex(text: str) -> Sex:
    """ "Nam", "Nữ" (also as damaged scanners give it), "M", "F"; anything else is unspecified."""
    word = text.strip().casefold()
    if word in {"nam", "m"}:
        return Sex.MALE
    return Sex.FEMALE if word == "f" or word.startswith("n") else Sex.UNSPECIFIED


def _lacks_old_number(fields: list[str]) -> bool:
    """Where the date of birth stands tells: in the third field when the old number was left out."""
    return len(fields) == 6 or (read_birth(fields[2]) is not None and read_birth(fields[3]) is None)


def _broken(where: str, detail: str) -> CodeError:
    return CodeError(CodeErrorReason.STRUCTURE, CodeKind.CCCD, where, detail)
