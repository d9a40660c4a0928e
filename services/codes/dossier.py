"""Dossier codes on receipts of the one-stop (onestop.md section 3.1): issued by the authority's server, never by us.

The exact rule is not public: the two known shapes tell a dossier code from other texts, they never refuse one that a
person typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.codes.errors import CodeError, CodeErrorReason, CodeKind

MAX_LENGTH = 40
_SHAPES = (
    re.compile(r"(?P<agency>[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2})-(?P<day>[0-9]{6})-(?P<serial>[0-9]{4,})"),
    re.compile(
        r"(?P<agency>[A-Z][0-9]{2}(?:\.[0-9]{1,3})*)-(?P<day>(?:[0-9]{2}){3}(?:[0-9]{2})?)-(?P<serial>[0-9]{4,7})"
    ),
)


@dataclass(frozen=True)
class DossierCode:
    """A dossier code: `code` is what is looked up, the parts are for people."""

    kind: ClassVar[CodeKind] = CodeKind.DOSSIER
    code: str
    agency: str
    received: date | None
    serial: str


def normalise_dossier_code(text: str) -> str:
    """A code as it is stored and looked up: capitals, no blanks. Raises CodeError when empty or too long."""
    code = "".join(text.split()).upper()
    if not 1 <= len(code) <= MAX_LENGTH:
        raise _broken("code", f"must have 1 to {MAX_LENGTH} characters")
    return code


def looks_like_dossier(text: str) -> bool:
    """Whether a text has one of the known shapes."""
    return len(text) <= 2 * MAX_LENGTH and _match("".join(text.split()).upper()) is not None


def read_dossier(text: str) -> DossierCode:
    """Read a code of a known shape. Raises CodeError STRUCTURE."""
    code = normalise_dossier_code(text)
    match = _match(code)
    if match is None:
        raise _broken("code", "has none of the known shapes")
    return DossierCode(code, match["agency"], _day(match["day"]), match["serial"])


def _match(code: str) -> re.Match[str] | None:
    return next((match for shape in _SHAPES if (match := shape.fullmatch(code))), None)


def _day(digits: str) -> date | None:
    """yymmdd or yyyymmdd."""
    year = int(digits[:-4]) + (2000 if len(digits) == 6 else 0)
    try:
        return date(year, int(digits[-4:-2]), int(digits[-2:]))
    except ValueError:
        return None


def _broken(where: str, detail: str) -> CodeError:
    return CodeError(CodeErrorReason.STRUCTURE, CodeKind.DOSSIER, where, detail)
