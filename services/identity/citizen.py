"""Value types: a person as far as the kiosk knows them, and how sure that is. Held only by the visit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from drivers.emrtd.lds.iso19794_4 import FingerImage
from services.codes.person import BirthDate as BirthDate
from services.codes.person import Sex as Sex


class EvidenceLevel(Enum):
    """What is known about who stands here (DESIGN section 5), strongest first."""

    CHIP_GENUINE = "chip-genuine"
    """Trusted root, and the chip proved its own key."""
    CHIP_READ = "chip-read"
    """Signature valid without a trust root, or trusted without a chip proof."""
    CHIP_FAILED = "chip-failed"
    """A check failed: goes on as without a card; the failure code is kept."""
    FINGER = "finger"
    """Without a card: a finger enrolled here, birth date and the last digits of a phone number; the desk confirms."""
    QR = "qr"
    TYPED = "typed"
    PAPER = "paper"
    NONE = "none"


class Paper(Enum):
    """What somebody came with (the same words as services.contract)."""

    CHIP_CARD = "chip-card"
    PASSPORT = "e-passport"
    BARCODE_CARD = "barcode-card"
    INSURANCE_CODE = "insurance-code"
    VNEID = "vneid"
    BIRTH_PAPER = "birth-paper"
    NOTHING = "nothing"


@dataclass(frozen=True)
class ChipEvidence:
    """What the gateway checks again: never DG2 or DG3. Bytes as read."""

    sod: bytes
    groups: dict[int, bytes] = field(default_factory=dict[int, bytes])
    """Data group number to its bytes: 1, 13, 14, 15."""
    aa_nonce_id: str | None = None
    """Id of the gateway's nonce; None when the kiosk drew its own (freshness not proven)."""
    aa_nonce: bytes | None = None
    aa_response: bytes | None = None


@dataclass(frozen=True)
class Evidence:
    """How sure the kiosk is, why, and the bytes that show it."""

    level: EvidenceLevel
    reason: str = ""
    """Verdict of `services.trust` in its own words, for staff; no personal data."""
    failure_code: str | None = None
    chip: ChipEvidence | None = None

    @property
    def verified(self) -> bool:
        """Whether name, results and tickets of this person may be shown."""
        return self.level in {EvidenceLevel.CHIP_GENUINE, EvidenceLevel.CHIP_READ}


@dataclass(frozen=True)
class Citizen:
    """A person. Fields not known are None; the name of an unverified person is only what they typed or showed."""

    evidence: Evidence
    number: str | None = None
    """12 digits of the ID card."""
    name: str | None = None
    birth: BirthDate | None = None
    sex: Sex | None = None
    address: str | None = None
    expiry: date | None = None
    photo: bytes | None = None
    """Portrait as JPEG or PNG, ready to show; None without one or before its hash held."""
    insurance_number: str | None = None
    fingers: tuple[FingerImage, ...] = field(default=(), repr=False)
    """Fingers of the chip (DG3), where the site has the right to read them and their hash held; never sent anywhere."""
    paper: Paper = Paper.CHIP_CARD
    document: str | None = None
    """Number of a passport, of somebody without an ID number."""
    finger: str | None = None
    """The gateway's name for the match that this person is known by (level FINGER); nothing else is known here."""

    @property
    def masked_number(self) -> str:
        """`•••• •••• •829`: only the last three digits (LOOK.md section 8, Privacy)."""
        shown = self.number or self.document
        return "" if shown is None else f"•••• •••• •{shown[-3:]}"
