"""Machine-readable zones of the invented documents (ICAO 9303-3, -4, -5), written by the simulators' own code."""

from __future__ import annotations

import unicodedata
from datetime import date

_WEIGHTS = (7, 3, 1)
_FOR_LIFE = "991231"


def check_digit(text: str) -> str:
    """Sum over values weighted 7, 3, 1, modulo 10 (ICAO 9303-3 section 4.9)."""
    total = 0
    for place, char in enumerate(text):
        value = 0 if char == "<" else int(char, 36)
        total += value * _WEIGHTS[place % 3]
    return str(total % 10)


def birth_field(birth: str) -> str:
    """yymmdd of `yyyy[-mm[-dd]]`; unknown parts are `<` (ICAO 9303-3 section 4.8)."""
    parts = birth.split("-")
    return (parts[0][2:] + "".join(parts[1:])).ljust(6, "<")


def expiry_field(expiry: date | None) -> str:
    """yymmdd; 991231 for a card without expiry."""
    return _FOR_LIFE if expiry is None else expiry.strftime("%y%m%d")


def fold(name: str) -> str:
    """Latin capitals without marks; everything else becomes `<`."""
    bare = unicodedata.normalize("NFD", name.upper().replace("Đ", "D"))
    return "".join(c if "A" <= c <= "Z" else "<" for c in bare if not unicodedata.combining(c))


def name_field(name: str, width: int) -> str:
    """SURNAME<<MIDDLE<GIVEN, cut or filled to `width`."""
    words = [word for word in fold(name).split("<") if word]
    return (words[0] + "<<" + "<".join(words[1:])).ljust(width, "<")[:width]


def vietnamese_td1(number: str, birth: str, sex: str, expiry: str, name: str) -> tuple[str, str, str]:
    """Three lines of 30: document number = last 9 digits, the whole 12 in the optional data (chip.md section 1.1)."""
    short = number[3:12]
    optional = number + "<<"
    first = "IDVNM" + short + check_digit(short) + optional + check_digit(optional)
    middle = birth + check_digit(birth) + sex + expiry + check_digit(expiry) + "VNM" + "<" * 11
    composite = first[5:30] + middle[:7] + middle[8:15] + middle[18:29]
    return first, middle + check_digit(composite), name_field(name, 30)


def information(number: str, birth: str, expiry: str) -> str:
    """MRZ_information (ICAO 9303-11 section 4.3.2): a number longer than nine characters stands in it whole."""
    document = number.ljust(9, "<")
    return document + check_digit(document) + birth + check_digit(birth) + expiry + check_digit(expiry)


def _split_number(number: str, room: int, optional: str) -> tuple[str, str]:
    """(number field with check digit, optional data): long numbers run over (ICAO 9303-5 section 4.2.2 note j)."""
    if len(number) <= 9:
        document = number.ljust(9, "<")
        return document + check_digit(document), optional.ljust(room, "<")
    rest = number[9:] + check_digit(number) + "<" + optional
    return number[:9] + "<", rest.ljust(room, "<")[:room]


def td1(
    issuer: str, number: str, birth: str, sex: str, expiry: str, name: str, optional: str = ""
) -> tuple[str, str, str]:
    """Three lines of 30 of an identity card (ICAO 9303-5 section 4.2.2)."""
    field, extra = _split_number(number, 15, optional)
    first = "I<" + issuer.ljust(3, "<") + field + extra
    middle = birth + check_digit(birth) + sex + expiry + check_digit(expiry) + issuer.ljust(3, "<") + "<" * 11
    composite = first[5:30] + middle[:7] + middle[8:15] + middle[18:29]
    return first, middle + check_digit(composite), name_field(name, 30)


def td2(issuer: str, number: str, birth: str, sex: str, expiry: str, name: str, optional: str = "") -> tuple[str, str]:
    """Two lines of 36 (ICAO 9303-6 section 4.2.2)."""
    field, extra = _split_number(number, 7, optional)
    second = field + issuer.ljust(3, "<") + birth + check_digit(birth) + sex + expiry + check_digit(expiry) + extra
    composite = second[:10] + second[13:20] + second[21:35]
    return "I<" + issuer.ljust(3, "<") + name_field(name, 31), second + check_digit(composite)


def td3(issuer: str, number: str, birth: str, sex: str, expiry: str, name: str, optional: str = "") -> tuple[str, str]:
    """Two lines of 44 of a passport (ICAO 9303-4 section 4.2.2); `number` of at most 9 characters."""
    first = "P<" + issuer.ljust(3, "<") + name_field(name, 39)
    document = number.ljust(9, "<")
    extra = optional.ljust(14, "<")
    second = document + check_digit(document) + issuer.ljust(3, "<") + birth + check_digit(birth) + sex
    second += expiry + check_digit(expiry) + extra + ("<" if extra == "<" * 14 else check_digit(extra))
    composite = second[:10] + second[13:20] + second[21:43]
    return first, second + check_digit(composite)
