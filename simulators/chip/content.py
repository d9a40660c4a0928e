"""What one personalised chip holds: its files, passwords and private keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.chip.active import ActiveAuthentication

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
    protected_groups: frozenset[int] = field(default_factory=lambda: frozenset({3, 4}))
    """Groups that only terminal authentication opens."""
