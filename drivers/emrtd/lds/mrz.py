"""Machine readable zones TD1, TD2 and TD3 (ICAO 9303-4, -5, -6) and the keys' input made from them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from drivers.emrtd.lds.dates import MrzDate, parse_mrz_date
from drivers.emrtd.lds.tlv import LdsError

_VALUES = {"<": 0} | {str(digit): digit for digit in range(10)} | {chr(65 + i): 10 + i for i in range(26)}


class MrzFormat(Enum):
    """Lines and characters of a line."""

    TD1 = (3, 30)
    TD2 = (2, 36)
    TD3 = (2, 44)


class MrzCheck(Enum):
    """Fields that carry a check digit."""

    DOCUMENT_NUMBER = "document-number"
    BIRTH = "birth"
    EXPIRY = "expiry"
    PERSONAL_NUMBER = "personal-number"
    COMPOSITE = "composite"


@dataclass(frozen=True)
class Mrz:
    """What a machine readable zone says. Fillers are removed; unknown parts of dates stay visible in the dates."""

    format: MrzFormat
    lines: tuple[str, ...]
    document_code: str
    issuing_state: str
    document_number: str
    """Whole, also when it is longer than nine characters."""
    nationality: str
    birth: MrzDate
    sex: str
    """`M`, `F` or `<`."""
    expiry: MrzDate
    surname: str
    given_names: str
    optional_data: tuple[str, ...]
    failed_checks: frozenset[MrzCheck]

    @property
    def information(self) -> str:
        """MRZ_information, the input of the access keys (ICAO 9303-11 section 4.3.2)."""
        return mrz_information(self.document_number, self.birth.text, self.expiry.text)

    @property
    def vietnamese_number(self) -> str | None:
        """The 12 digits of a Vietnamese ID card: optional data of line 1, else None (unconfirmed layout)."""
        if self.format is MrzFormat.TD1 and self.issuing_state == "VNM" and self.optional_data:
            match = re.match(r"[0-9]{12}", self.optional_data[0])
            return match.group() if match else None
        return None


def check_digit(text: str) -> str:
    """Check digit of ICAO 9303-3 section 4.9 (weights 7, 3, 1). Raises LdsError for other characters."""
    try:
        return str(sum(_VALUES[char] * (7, 3, 1)[index % 3] for index, char in enumerate(text)) % 10)
    except KeyError:
        raise LdsError("a character does not belong into a machine readable zone") from None


def mrz_information(document_number: str, birth: str, expiry: str) -> str:
    """Document number (at least nine characters), YYMMDD and YYMMDD, each with its check digit."""
    fields = (document_number.ljust(9, "<"), birth, expiry)
    return "".join(field + check_digit(field) for field in fields)


def parse_mrz(text: str | Iterable[str]) -> Mrz:
    """Read lines, or one text with or without line ends. Raises LdsError if it is no machine readable zone.

    Wrong check digits do not raise: they are reported in `failed_checks`.
    """
    joined = "".join((text if isinstance(text, str) else "".join(text)).split()).upper()
    if not re.fullmatch(r"[A-Z0-9<]+", joined):
        raise LdsError("a character does not belong into a machine readable zone")
    for kind in MrzFormat:
        count, width = kind.value
        if len(joined) == count * width:
            lines = tuple(joined[start : start + width] for start in range(0, len(joined), width))
            return _parse_td1(lines) if kind is MrzFormat.TD1 else _parse_td2_or_td3(kind, lines)
    raise LdsError("a machine readable zone has 90, 72 or 88 characters")


def _parse_td1(lines: tuple[str, ...]) -> Mrz:
    first, second, third = lines
    number, number_digit, rest = _document_number(first[5:14], first[14], first[15:30])
    composite = first[5:30] + second[0:7] + second[8:15] + second[18:29]
    checks = {
        MrzCheck.DOCUMENT_NUMBER: (number, number_digit),
        MrzCheck.BIRTH: (second[0:6], second[6]),
        MrzCheck.EXPIRY: (second[8:14], second[14]),
        MrzCheck.COMPOSITE: (composite, second[29]),
    }
    surname, given = _names(third)
    return Mrz(
        MrzFormat.TD1,
        lines,
        first[0:2].rstrip("<"),
        first[2:5].rstrip("<"),
        number.rstrip("<"),
        second[15:18].rstrip("<"),
        parse_mrz_date(second[0:6]),
        _sex(second[7]),
        parse_mrz_date(second[8:14]),
        surname,
        given,
        (rest.rstrip("<"), second[18:29].rstrip("<")),
        _failed(checks),
    )


def _parse_td2_or_td3(kind: MrzFormat, lines: tuple[str, ...]) -> Mrz:
    first, second = lines
    optional = second[28:35] if kind is MrzFormat.TD2 else second[28:42]
    if kind is MrzFormat.TD2:
        number, number_digit, optional_rest = _document_number(second[0:9], second[9], optional)
    else:
        number, number_digit, optional_rest = second[0:9], second[9], optional
    checks = {
        MrzCheck.DOCUMENT_NUMBER: (number, number_digit),
        MrzCheck.BIRTH: (second[13:19], second[19]),
        MrzCheck.EXPIRY: (second[21:27], second[27]),
        MrzCheck.COMPOSITE: (second[0:10] + second[13:20] + second[21:-1], second[-1]),
    }
    if kind is MrzFormat.TD3 and not (optional.strip("<") == "" and second[42] == "<"):
        checks[MrzCheck.PERSONAL_NUMBER] = (optional, second[42])
    surname, given = _names(first[5:])
    return Mrz(
        kind,
        lines,
        first[0:2].rstrip("<"),
        first[2:5].rstrip("<"),
        number.rstrip("<"),
        second[10:13].rstrip("<"),
        parse_mrz_date(second[13:19]),
        _sex(second[20]),
        parse_mrz_date(second[21:27]),
        surname,
        given,
        (optional_rest.rstrip("<"),),
        _failed(checks),
    )


def _document_number(head: str, digit: str, optional: str) -> tuple[str, str, str]:
    """Number, its check digit, the rest of the optional data: long numbers go on there (9303-5 section 4.2.2)."""
    tail = optional.split("<", 1)[0]
    if digit != "<" or len(tail) < 2:
        return head, digit, optional
    return head + tail[:-1], tail[-1], optional[len(tail) + 1 :]


def _names(field: str) -> tuple[str, str]:
    surname, _, given = field.partition("<<")
    return surname.replace("<", " ").strip(), " ".join(given.replace("<", " ").split())


def _sex(char: str) -> str:
    return char if char in "MF" else "<"


def _failed(checks: dict[MrzCheck, tuple[str, str]]) -> frozenset[MrzCheck]:
    return frozenset(name for name, (field, digit) in checks.items() if check_digit(field) != digit)
