"""What the twelve digits of an ID number tell by themselves (Decree 70/2024/NĐ-CP: province, century and sex, year)."""

from __future__ import annotations

from services.identity.citizen import Sex

PROVINCES = range(1, 97)
"""First three digits: where the birth was registered, 001 to 096."""


def is_id_number(digits: str) -> bool:
    """Whether twelve digits can be an ID number: province, then century and sex, year, six more digits."""
    return len(digits) == 12 and digits.isascii() and digits.isdecimal() and int(digits[:3]) in PROVINCES


def birth_year_of_number(number: str) -> int:
    """Digit 4 counts the century from the 20th by twos (man, woman), digits 5 and 6 are the year."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def sex_of_number(number: str) -> Sex:
    """Digit 4: even for men, odd for women."""
    return Sex.FEMALE if int(number[3]) % 2 else Sex.MALE
