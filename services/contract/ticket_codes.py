"""The codes on a number slip, drawn from the registration's idempotency key by both sides.

So a slip that was printed without the gateway (a leased number) carries the codes the gateway will know it by as
soon as the registration arrives. The key is a random UUID that is never printed itself.
"""

from __future__ import annotations

import re
from hashlib import sha256

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""


def ticket_code(registration_key: str) -> str:
    """The opaque token of the slip's QR: 26 letters and digits (130 bits)."""
    return _letters("ticket", registration_key, 26)


def reprint_code(registration_key: str) -> str:
    """The code people type, e.g. "K7M4-2Q9D" (40 bits; the gateway limits guesses)."""
    return _pair("reprint", registration_key)


def mismatch_code(look_up_id: str) -> str:
    """The code on a mismatch slip, e.g. "4N8T-63WC": by it the desk finds what the insurer answered."""
    return _pair("mismatch", look_up_id)


def dossier_token(filing_key: str) -> str:
    """The opaque token of a filing slip's QR, like a ticket's."""
    return _letters("dossier", filing_key, 26)


def sending_code(filing_key: str) -> str:
    """The code of what was sent, before any dossier code exists: "7Q4K-92HM" (40 bits)."""
    return _pair("sending", filing_key)


def draft_code(save_key: str) -> str:
    """The code by which a draft is opened again, with the person's number (40 bits)."""
    return _pair("draft", save_key)


def clean_reprint_code(typed: str) -> str:
    """What somebody typed in its printed form: small letters, spaces, and O, I, L for 0, 1 are understood."""
    text = re.sub(r"[^0-9A-Z]", "", typed.upper().translate(str.maketrans("OIL", "011")))
    return f"{text[:4]}-{text[4:8]}" if len(text) == 8 else text


def _pair(purpose: str, key: str) -> str:
    text = _letters(purpose, key, 8)
    return f"{text[:4]}-{text[4:]}"


def _letters(purpose: str, key: str, count: int) -> str:
    number = int.from_bytes(sha256(f"{purpose}:{key}".encode()).digest(), "big")
    letters = [_ALPHABET[number >> 5 * place & 31] for place in range(count)]
    return "".join(letters)
