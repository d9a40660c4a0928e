"""What a card signed to prove which one it is."""

from __future__ import annotations

from dataclasses import dataclass

LABEL = b"tram technician card\0"
"""Goes before every challenge: what is signed here can be nothing else anywhere."""


@dataclass(frozen=True)
class CardProof:
    """The card's public key (SubjectPublicKeyInfo, DER) and its ECDSA signature (DER) over `signed(challenge)`."""

    key: bytes
    signature: bytes


def signed(challenge: bytes) -> bytes:
    """What a card signs for this challenge, before its digest."""
    return LABEL + challenge
