"""How a card behaves on the wire: limits, speed, habits met in the field, and faults. All are knobs of `insert`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any


class OverLimit(Enum):
    """What a card does when more is asked for than it can send in one answer."""

    CUT = "cut"
    """Sends what fits."""
    WRONG_LENGTH = "6700"
    CORRECT_LENGTH = "6Cxx"
    """Names the right Le (short APDUs)."""
    MORE = "61xx"
    """Sends the rest through GET RESPONSE (short APDUs, outside secure messaging)."""


@dataclass(frozen=True)
class Behaviour:
    """Limits, speed and habits. The default card is fast, takes extended length and sends answers of any length."""

    extended: bool = True
    """False: every APDU of extended length is answered 6700."""
    max_response: int | None = None
    """Longest response data field in bytes, secure messaging included; None: what the wire allows."""
    delay_ms: float = 0.0
    """Time of each APDU, whatever the card computes meanwhile."""
    kbit_s: float = 0.0
    """Speed of the radio link, counted over command and response; 0: without limit. The radio model is 10 and 212."""
    over_limit: OverLimit = OverLimit.CUT
    warn_at_end: bool = False
    """6282 instead of 9000 when a read meets the end of the file."""
    short_file_ids: bool = True
    """False: READ BINARY with a short file id is answered 6A82."""
    select_mf: int = 0x9000
    """Status word of SELECT MF; 6D00 was seen on Vietnamese cards."""
    refuse_le_in_select: bool = False
    """SELECT and MSE with an Le field are answered 6700 (German cards)."""
    card_access: bool = True
    """False: EF.CardAccess cannot be selected although the card does PACE."""
    strict_parameter_id: bool = False
    """MSE:Set AT without tag 84 is answered 6A88 when there are several PACEInfos."""
    pace_status: int = 0x9000
    """Status word of MSE:Set AT for PACE; 6982 was seen on a Vietnamese card that went on with BAC."""
    pace_nonce_bytes: int | None = None
    """Length of the encrypted nonce, where the standard leaves it to the chip (not in the integrated mapping)."""
    active_le: str = "any"
    """INTERNAL AUTHENTICATE in which form: any, short or extended; the other one is answered 6700."""
    wrong_password_delay_ms: float = 0.0
    """Added before the answer to a wrong BAC key or PACE token."""


@dataclass(frozen=True)
class Faults:
    """What goes wrong while the card is read. APDUs are counted from 1 at each power-on."""

    tear_at: int | None = None
    """The card is pulled away instead of answering APDU n."""
    remove_at_percent: int | None = None
    """It is pulled away when this part of all its files has been sent."""
    mute_at: int | None = None
    """APDU n is never answered; the card still counts as present."""
    wrong_mac_at: int | None = None
    """The checksum of the first secured answer from APDU n on is altered."""
    status_at: Mapping[int, int] = field(default_factory=dict[int, int])
    """APDU n is answered with this status word alone."""
    absurd_length_at: int | None = None
    """The answer to APDU n claims data objects of four gigabytes."""
    rubbish_at: int | None = None
    """The answer to APDU n is bytes without meaning."""
    not_emrtd: bool = False
    """The card has no eMRTD application."""


ACTIVE_LE = ("any", "short", "extended")
"""Values of `Behaviour.active_le`."""


def from_options(kind: type[Behaviour] | type[Faults], options: dict[str, Any]) -> dict[str, Any]:
    """Take the fields of `kind` out of `options`, converted from JSON. ValueError for a wrong value."""
    names = [one.name for one in fields(kind)]
    return {name: _converted(name, options.pop(name)) for name in names if name in options}


def _converted(name: str, value: Any) -> Any:
    if name == "over_limit":
        return OverLimit(value)
    if name in ("select_mf", "pace_status"):
        return _status(value)
    if name == "status_at":
        return {int(number): _status(status) for number, status in value.items()}
    if name == "active_le" and value not in ACTIVE_LE:
        raise ValueError(f"active_le is one of {', '.join(ACTIVE_LE)}")
    return value


def _status(value: int | str) -> int:
    return int(value, 16) if isinstance(value, str) else value
