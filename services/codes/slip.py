"""The QR code of our own slips: the opaque token that the gateway gave (`services.contract.ticket_codes`).

It says nothing about the person: the gateway keeps what it stands for. The printed text carries a prefix, so that a
scanner's reading is told from other codes, and a check character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from services.codes.check_character import check_character, holds
from services.codes.errors import CodeError, CodeErrorReason, CodeKind

SLIP_PREFIX = "TRAM:P1:"
"""Capitals, digits and colons only: the QR code stays in its small alphanumeric mode."""
TOKEN = 26
CHECK_OFFSET = 4
"""A slip's code never checks as a purpose of a transfer, nor the other way round."""
_BARE = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}", re.ASCII)


@dataclass(frozen=True)
class SlipQr:
    """The QR code of a slip: its token, 26 characters, without prefix and check character."""

    kind: ClassVar[CodeKind] = CodeKind.SLIP
    token: str


def slip_text(token: str) -> str:
    """What the QR code of a slip holds. ValueError when `token` is not 26 characters of Crockford's alphabet."""
    if not _BARE.fullmatch(token):
        raise ValueError(f"a token has {TOKEN} characters")
    return SLIP_PREFIX + token + check_character(token, CHECK_OFFSET)


def looks_like_slip(text: str) -> bool:
    """Whether a scanned text claims to be a slip of ours, or is a bare token."""
    plain = text.strip().upper()
    return plain.startswith(SLIP_PREFIX) or _BARE.fullmatch(plain) is not None


def read_slip(text: str) -> SlipQr:
    """Read the text of a slip's QR code, or a bare token. Raises CodeError STRUCTURE or CHECK."""
    plain = text.strip().upper()
    if _BARE.fullmatch(plain):
        return SlipQr(plain)
    if not plain.startswith(SLIP_PREFIX):
        raise CodeError(CodeErrorReason.STRUCTURE, CodeKind.SLIP, "prefix", f"does not begin with {SLIP_PREFIX}")
    token = plain.removeprefix(SLIP_PREFIX)
    if len(token) != TOKEN + 1:
        raise CodeError(CodeErrorReason.STRUCTURE, CodeKind.SLIP, "token", f"must have {TOKEN + 1} characters")
    if not holds(token, CHECK_OFFSET):
        raise CodeError(CodeErrorReason.CHECK, CodeKind.SLIP, "token", "the check character does not fit")
    return SlipQr(token[:-1])
