"""The QR code of the paper health insurance card (health.md section 2.3): a search key, never proof.

Fields are separated by `|`, texts are hex of UTF-8, `-` is empty, `$` ends the code. The present layout has 17 fields,
the old one 9 and the end mark.
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

_NUMBER = re.compile(r"[0-9]{10}|[A-Za-z]{2}[0-9]{13}", re.ASCII)
_END = "$"
_OLD_FIELDS = 9
_MAX_FIELDS = 40
_SEXES = {"1": Sex.MALE, "2": Sex.FEMALE}


class BhytLayout(Enum):
    """How many fields a card has."""

    OLD = "old"
    NEW = "new"


@dataclass(frozen=True)
class BhytQr:
    """Fields of the code; None where a field is empty, missing or unreadable."""

    kind: ClassVar[CodeKind] = CodeKind.BHYT
    layout: BhytLayout
    number: str
    """10 digits (BHXH number), or 15 characters (card number)."""
    name: str | None
    birth: BirthDate | None
    sex: Sex
    address: str | None
    facility: str | None
    """Of first registration, probably: 5 digits, province and facility ("01 - 001" gives "01001")."""
    valid_from: date | None
    valid_to: date | None
    issued: date | None
    management_number: str | None = None
    parent: str | None = None
    five_years_from: date | None = None
    place_of_issue: str | None = None

    @property
    def bhxh_number(self) -> str:
        """The social insurance number: the last ten digits of either form."""
        return self.number[-10:]


def is_insurance_number(text: str) -> bool:
    """Whether it has the form of a BHXH number or of a card's (health.md section 2.1): benefit digit 1 to 5."""
    return _NUMBER.fullmatch(text) is not None and (len(text) == 10 or text[2] in "12345")


def looks_like_bhyt(text: str) -> bool:
    """Whether the first of several fields is an insurance number."""
    number, bar, _ = as_read(text).partition("|")
    return bool(bar) and _NUMBER.fullmatch(number.strip()) is not None


def read_bhyt(text: str) -> BhytQr:
    """Read either layout. Raises CodeError STRUCTURE: `where` is "0" (number) or "fields".

    A name that is no hex is ignored: the number is what is looked up.
    """
    if len(text) > MAX_TEXT:
        raise _broken("fields", f"{len(text)} characters, no QR code holds more than {MAX_TEXT}")
    fields = [field.strip() for field in as_read(text).split("|")]
    if not _NUMBER.fullmatch(fields[0]):
        raise _broken("0", "must be 10 digits, or 2 letters and 13 digits")
    if fields[-1] == _END:
        fields.pop()
    if not _OLD_FIELDS <= len(fields) <= _MAX_FIELDS:
        raise _broken("fields", f"{len(fields)} fields, {_OLD_FIELDS} to {_MAX_FIELDS} are expected")
    new = len(fields) > _OLD_FIELDS
    fields += [""] * (16 - len(fields))
    return BhytQr(
        layout=BhytLayout.NEW if new else BhytLayout.OLD,
        number=fields[0].upper(),
        name=_hex_text(fields[1]),
        birth=read_birth(fields[2]),
        sex=_SEXES.get(fields[3], Sex.UNSPECIFIED),
        address=_hex_text(fields[4]),
        facility=_facility(fields[5]),
        valid_from=read_date(fields[6]),
        valid_to=read_date(fields[7]),
        issued=read_date(fields[8]),
        management_number=_plain(fields[9]),
        parent=_hex_text(fields[10]),
        five_years_from=read_date(fields[12]),
        place_of_issue=_hex_text(fields[15]),
    )


def _plain(field: str) -> str | None:
    return None if field in {"", "-"} else field


def _hex_text(field: str) -> str | None:
    """Text from hex of UTF-8; None for an empty field, an odd length, anything that is no hex or no UTF-8."""
    if _plain(field) is None or not field.isascii():
        return None
    try:
        return unicodedata.normalize("NFC", bytes.fromhex(field).decode("utf-8")).strip() or None
    except ValueError:
        return None


def _facility(field: str) -> str | None:
    digits = "".join(c for c in field if c.isascii() and c.isdigit())
    return digits if len(digits) == 5 else None


def _broken(where: str, detail: str) -> CodeError:
    return CodeError(CodeErrorReason.STRUCTURE, CodeKind.BHYT, where, detail)
