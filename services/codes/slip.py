"""Codes on our own slips: the opaque token in the QR code, and the short code a person types ("K7M4-2Q9D").

Neither says anything about the person: the gateway keeps what they stand for.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from services.codes.check_character import ALPHABET, check_character, holds, read_alike
from services.codes.errors import CodeError, CodeErrorReason, CodeKind

SLIP_PREFIX = "TRAM:P1:"
"""Capitals, digits and colons only: the QR code stays in its small alphanumeric mode."""
TOKEN_BODY = 26
"""130 bits: cannot be guessed."""
REPRINT_BODY = 7
CHECK_OFFSET = 4
"""A slip's code never checks as a purpose of a transfer, nor the other way round."""


@dataclass(frozen=True)
class SlipQr:
    """The QR code of a slip: its token, without prefix."""

    kind: ClassVar[CodeKind] = CodeKind.SLIP
    token: str


def draw_slip_token(below: Callable[[int], int] = secrets.randbelow) -> str:
    """A new token of 26 random characters and a check character."""
    return _draw(TOKEN_BODY, below)


def draw_reprint_code(below: Callable[[int], int] = secrets.randbelow) -> str:
    """A new code to type, e.g. "K7M4-2Q9D": 7 random characters and a check character."""
    code = _draw(REPRINT_BODY, below)
    return f"{code[:4]}-{code[4:]}"


def slip_text(token: str) -> str:
    """What the QR code of a slip holds."""
    return SLIP_PREFIX + token


def looks_like_slip(text: str) -> bool:
    """Whether a scanned text claims to be a slip of ours."""
    return text.strip().upper().startswith(SLIP_PREFIX)


def read_slip(text: str) -> SlipQr:
    """Read the text of a slip's QR code. Raises CodeError STRUCTURE or CHECK."""
    stripped = text.strip().upper()
    if not stripped.startswith(SLIP_PREFIX):
        raise CodeError(CodeErrorReason.STRUCTURE, CodeKind.SLIP, "prefix", f"does not begin with {SLIP_PREFIX}")
    token = stripped.removeprefix(SLIP_PREFIX)
    if len(token) != TOKEN_BODY + 1:
        raise CodeError(CodeErrorReason.STRUCTURE, CodeKind.SLIP, "token", f"must have {TOKEN_BODY + 1} characters")
    if not holds(token, CHECK_OFFSET):
        raise CodeError(CodeErrorReason.CHECK, CodeKind.SLIP, "token", "the check character does not fit")
    return SlipQr(token)


def read_reprint_code(text: str) -> str:
    """A typed code as it was printed ("k7m4 2q9d" gives "K7M4-2Q9D"). Raises CodeError STRUCTURE or CHECK."""
    plain = read_alike("".join(c for c in text if c.isascii() and c.isalnum()))
    if len(plain) != REPRINT_BODY + 1:
        raise CodeError(CodeErrorReason.STRUCTURE, CodeKind.SLIP, "code", f"must have {REPRINT_BODY + 1} characters")
    if not holds(plain, CHECK_OFFSET):
        raise CodeError(CodeErrorReason.CHECK, CodeKind.SLIP, "code", "the check character does not fit")
    return f"{plain[:4]}-{plain[4:]}"


def _draw(length: int, below: Callable[[int], int]) -> str:
    body = "".join(ALPHABET[below(len(ALPHABET))] for _ in range(length))
    return body + check_character(body, CHECK_OFFSET)
