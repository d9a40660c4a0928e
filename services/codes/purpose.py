"""Purpose text of a transfer (VietQR 62.08): ours, checkable, without personal data (payment.md section 1.4).

"TRM" + 5 characters + check character, 9 in all: TRM4K82QX. Banks put words of their own around it, drop blanks and
dashes and change case, so it is looked for inside the text, never compared with it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from services.codes.check_character import ALPHABET, check_character, holds, is_body, read_alike

PREFIX = "TRM"
BODY = 5
LENGTH = len(PREFIX) + BODY + 1
_OTHERS = re.compile("[^A-Z0-9]+", re.ASCII)
COUNT = len(ALPHABET) ** BODY
"""How many purposes there are: 33,554,432."""


def purpose_of(number: int) -> str:
    """The purpose with this number (0 to COUNT - 1, else ValueError). Distinct numbers give distinct purposes."""
    if not 0 <= number < COUNT:
        raise ValueError(f"not from 0 to {COUNT - 1}")
    body = ""
    for _ in range(BODY):
        number, digit = divmod(number, len(ALPHABET))
        body = ALPHABET[digit] + body
    return PREFIX + body + check_character(body)


def draw_purpose(below: Callable[[int], int] = secrets.randbelow) -> str:
    """A random purpose; who stores it holds uniqueness. `below(n)` gives a number from 0 to n - 1."""
    return purpose_of(below(COUNT))


def is_purpose(text: str) -> bool:
    """Whether the text is exactly one of our purposes."""
    return len(text) == LENGTH and text.startswith(PREFIX) and is_body(text[len(PREFIX) :]) and holds(text[3:])


def find_purposes(text: str) -> tuple[str, ...]:
    """All different purposes of ours inside a bank's text, in order; letters that people mix up are read as meant."""
    plain = _OTHERS.sub("", text.upper())
    found: dict[str, None] = {}
    at = plain.find(PREFIX)
    while at >= 0:
        candidate = PREFIX + read_alike(plain[at + len(PREFIX) : at + LENGTH])
        if is_purpose(candidate):
            found[candidate] = None
        at = plain.find(PREFIX, at + 1)
    return tuple(found)


def find_purpose(text: str) -> str | None:
    """The one purpose inside a bank's text; None when there is none, or more than one (a person must decide)."""
    found = find_purposes(text)
    return found[0] if len(found) == 1 else None
