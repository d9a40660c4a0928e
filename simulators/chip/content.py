"""What one personalised chip holds: its files, passwords and private keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.chip.active import ActiveAuthentication
from simulators.chip.chipauth import ChipKey
from simulators.chip.pace import Offer

APPLICATION = bytes.fromhex("A0000002471001")
"""Application identifier of the eMRTD application (ICAO 9303-10 section 4.1)."""

COM, SOD, CARD_ACCESS, CARD_SECURITY, ATR_INFO, DIR, CVCA = 0x011E, 0x011D, 0x011C, 0x011D, 0x2F01, 0x2F00, 0x011C
"""File identifiers; EF.CardAccess, EF.CardSecurity, EF.ATR/INFO and EF.DIR lie in the master file."""


def group_id(number: int) -> int:
    """File identifier of a data group."""
    return 0x0100 | number


@dataclass(frozen=True)
class ChipContent:
    """Everything written at personalisation."""

    atr: bytes
    application: Mapping[int, bytes]
    """Files of the eMRTD application by file identifier."""
    master: Mapping[int, bytes]
    """Files of the master file."""
    mrz_information: str
    can: str
    basic_access: bool = True
    """Whether BAC opens the chip."""
    active: ActiveAuthentication | None = None
    pace: tuple[Offer, ...] = ()
    pace_chip_key: int | None = None
    """Static private key of the chip authentication mapping."""
    chip_keys: tuple[ChipKey, ...] = ()
    anchor: bytes | None = None
    """Certificate of the CVCA terminal authentication starts from."""
    authorities: tuple[bytes, ...] = ()
    """CVCA references the card names (EF.CVCA, and PACE with a certificate holder template)."""
    protected_groups: frozenset[int] = field(default_factory=lambda: frozenset({3, 4}))
    """Groups that only terminal authentication opens."""
