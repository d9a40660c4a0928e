"""Chip authentication version 1 from the card's side (ICAO 9303-11 section 6.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from simulators.chip import der
from simulators.chip.apdu import Refusal, Status
from simulators.chip.domain import EcGroup, Group
from simulators.chip.secure import SecureChannel
from simulators.chip.suites import AES128, AES192, AES256, TDES, Suite

CHIP_AUTHENTICATION = "0.4.0.127.0.7.2.2.3"
_SUITES = {1: TDES, 2: AES128, 3: AES192, 4: AES256}


@dataclass(frozen=True)
class ChipKey:
    """A static key pair and the protocols it may be used in."""

    group: Group
    private: int
    suites: tuple[Suite, ...]
    key_id: int | None = None

    @property
    def agreement(self) -> str:
        """DH or ECDH."""
        return "ECDH" if isinstance(self.group, EcGroup) else "DH"

    @property
    def public(self) -> bytes:
        """The public key as it stands in DG14."""
        return self.group.public(self.private)

    def protocol_oid(self, suite: Suite) -> str:
        """id-CA-DH-… or id-CA-ECDH-… of that suite."""
        arc = next(number for number, one in _SUITES.items() if one is suite)
        return f"{CHIP_AUTHENTICATION}.{2 if self.agreement == 'ECDH' else 1}.{arc}"


def find_key(keys: Sequence[ChipKey], key_id: bytes | None) -> ChipKey:
    """The key of that identifier, or the only one. Refusal 6A88."""
    if key_id is None:
        if len(keys) == 1:
            return keys[0]
        raise Refusal(Status.REFERENCE_NOT_FOUND)
    wanted = int.from_bytes(key_id, "big")
    for key in keys:
        if key.key_id == wanted or (key.key_id is None and len(keys) == 1):
            return key
    raise Refusal(Status.REFERENCE_NOT_FOUND)


def find_suite(key: ChipKey, oid: bytes) -> Suite:
    """The suite of a protocol's object identifier (value bytes). Refusal 6A80 when the key has not that protocol."""
    for suite in key.suites:
        if der.oid_value(key.protocol_oid(suite)) == oid:
            return suite
    raise Refusal(Status.WRONG_DATA)


def agree(key: ChipKey, suite: Suite, terminal_public: bytes) -> SecureChannel:
    """New session keys; the counter starts at zero. ValueError for a bad public key."""
    return SecureChannel.from_secret(suite, key.group.agree(key.private, terminal_public))


def compressed(group: Group, public: bytes) -> bytes:
    """Comp(PK): the x-coordinate of a point, SHA-1 of an integer (TR-03110-3 appendix A.2.2)."""
    if isinstance(group, EcGroup):
        return public[1 : 1 + group.curve.size]
    return hashlib.sha1(public).digest()  # noqa: S324  the standard's choice
