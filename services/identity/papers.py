"""Papers that people carry: what each is worth at most, and what the slip tells the desk (DESIGN section 5).

| paper | the kiosk reads | level at most | slip |
|---|---|---|---|
| chip card | the chip, opened by its QR code or by what is printed on it | chip-genuine | nothing to add |
| e-passport | the chip, opened by number, birth and expiry | chip-genuine | nothing to add |
| 12 digits of a card with a bar code | what is typed | typed | quầy xem thẻ |
| insurance card | its QR code, which nobody signed, or its number typed | paper | quầy xem thẻ bảo hiểm |
| VNeID | nothing: its code has no published form | none | quầy xem VNeID |
| birth paper of a child | nothing | none | quầy xem giấy khai sinh |
| nothing | nothing | none | quầy ghi tên |

Who comes back by an enrolled finger shows no paper: level finger, and the desk looks.

Below chip level only what the person typed or showed is ever shown to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.identity.citizen import Citizen, EvidenceLevel, Paper

SEE_CARD = "slip.see_card"
"""The chip was read, but one of trust root and own proof is missing: "quầy xem thẻ"."""
UNVERIFIED = "slip.unverified"


@dataclass(frozen=True)
class Worth:
    """The best level a paper can give, and the mark (a message id of slips.toml) below chip level."""

    at_most: EvidenceLevel
    mark: str


PAPERS: Mapping[Paper, Worth] = MappingProxyType(
    {
        Paper.CHIP_CARD: Worth(EvidenceLevel.CHIP_GENUINE, UNVERIFIED),
        Paper.PASSPORT: Worth(EvidenceLevel.CHIP_GENUINE, "slip.unverified.passport"),
        Paper.BARCODE_CARD: Worth(EvidenceLevel.TYPED, UNVERIFIED),
        Paper.INSURANCE_CODE: Worth(EvidenceLevel.PAPER, "slip.unverified.insurance"),
        Paper.VNEID: Worth(EvidenceLevel.NONE, "slip.unverified.vneid"),
        Paper.BIRTH_PAPER: Worth(EvidenceLevel.NONE, "slip.unverified.birth"),
        Paper.NOTHING: Worth(EvidenceLevel.NONE, "slip.unverified.nothing"),
    }
)


def mark_of(citizen: Citizen) -> str | None:
    """What the slip says of this person's identity; None where the chip proved it with nothing left open."""
    match citizen.evidence.level:
        case EvidenceLevel.CHIP_GENUINE:
            return None
        case EvidenceLevel.CHIP_READ:
            return SEE_CARD
        case EvidenceLevel.FINGER:
            return "slip.unverified.finger"
        case _:
            return PAPERS[citizen.paper].mark
