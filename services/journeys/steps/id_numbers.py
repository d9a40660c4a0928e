"""What the twelve digits of an ID number tell by themselves (Decree 70/2024/NĐ-CP: province, century and sex, year)."""

from __future__ import annotations

from services.identity.citizen import Sex

PROVINCES = range(1, 97)
"""First three digits: where the birth was registered, 001 to 096."""


INVENTED = 99
"""No province: the demo's invented people have it, so that no real number is ever theirs."""


def is_id_number(digits: str, *, demo: bool = False) -> bool:
    """Whether twelve digits can be an ID number: province, then century and sex, year, six more digits.

    In the demo the number of an invented person is one, too.
    """
    if len(digits) != 12 or not digits.isascii() or not digits.isdecimal():
        return False
    province = int(digits[:3])
    return province in PROVINCES or (demo and province == INVENTED)


def birth_year_of_number(number: str) -> int:
    """Digit 4 counts the century from the 20th by twos (man, woman), digits 5 and 6 are the year."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def sex_of_number(number: str) -> Sex:
    """Digit 4: even for men, odd for women."""
    return Sex.FEMALE if int(number[3]) % 2 else Sex.MALE
