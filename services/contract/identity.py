"""Who somebody is and by what evidence: nonces, chip, terminal authentication, papers."""

from __future__ import annotations

from datetime import date
from enum import Enum

from pydantic import AwareDatetime, Field

from services.contract.base import Wire


class NonceBatch(Wire):
    """POST /v1/nonces: nonces of 8 bytes (hex), bound to the kiosk, single use, 10 minutes."""

    nonces: tuple[IssuedNonce, ...]
    expires_at: AwareDatetime


class IssuedNonce(Wire):
    """One nonce: `id` goes back with the evidence."""

    id: str
    value: str = Field(pattern="^[0-9A-F]{16}$")


class ChipEvidence(Wire):
    """Base64 of what was read; the gateway checks it again. Never DG2 or DG3."""

    sod: str
    groups: dict[str, str]
    """"1", "13", "14", "15" to base64."""
    aa_nonce_id: str | None = None
    aa_nonce: str | None = None
    """Hex; given when the kiosk drew the nonce itself (freshness not proven)."""
    aa_response: str | None = None


class TerminalStatus(Wire):
    """GET /v1/terminal: how the inspection system is. 404 when none is configured, 424 without usable certificates."""

    holder: str
    """Reference of the terminal's certificate."""
    authority: str
    """Who signed it."""
    effective: date
    expires: date
    """The last day on which chips may take it."""
    problem: str | None
    """Why the key cannot sign now; None when it is reached."""


class TerminalChain(Wire):
    """GET /v1/terminal/chain?authority=HEX: card-verifiable certificates (base64), from the one which that authority
    signed down to the terminal's. 404 when no chain begins there, or no inspection system is configured."""

    certificates: tuple[str, ...]


class TerminalChallenge(Wire):
    """POST /v1/terminal/signatures (ask again, never later): what a chip wants signed, in hexadecimal.

    Identifier of the chip, its challenge of 8 bytes and the terminal's ephemeral key, joined (ICAO 9303-11 section
    7.1.5): no longer than with a curve of 521 bits.
    """

    message: str = Field(pattern="^([0-9a-f]{2}){24,144}$")


class TerminalSignature(Wire):
    """Hexadecimal; ECDSA as r and s joined, RSA as the protocol in the terminal's certificate says."""

    signature: str = Field(pattern="^([0-9a-f]{2})+$")


class EvidenceLevel(Enum):
    """The same words as services.identity."""

    CHIP_GENUINE = "chip-genuine"
    CHIP_READ = "chip-read"
    CHIP_FAILED = "chip-failed"
    FINGER = "finger"
    """Known by a finger and what they typed, without a card: the desk confirms."""
    QR = "qr"
    TYPED = "typed"
    PAPER = "paper"
    NONE = "none"


class Paper(Enum):
    """What somebody came with; `services.identity.papers` says what each is worth."""

    CHIP_CARD = "chip-card"
    PASSPORT = "e-passport"
    BARCODE_CARD = "barcode-card"
    INSURANCE_CODE = "insurance-code"
    VNEID = "vneid"
    BIRTH_PAPER = "birth-paper"
    NOTHING = "nothing"


class Person(Wire):
    """A patient or companion as the kiosk knows them. `birth` is yyyy, yyyy-mm or yyyy-mm-dd."""

    number: str | None = Field(default=None, pattern="^[0-9]{9}([0-9]{3})?$")
    name: str | None = Field(default=None, max_length=255)
    birth: str | None = Field(default=None, pattern="^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")
    sex: str | None = Field(default=None, pattern="^[MF<]$")
    address: str | None = Field(default=None, max_length=1024)
    insurance_number: str | None = Field(default=None, max_length=15)
    document: str | None = Field(default=None, pattern="^[A-Z0-9]{5,12}$")
    """Number of a passport: of somebody without an ID number."""
    paper: Paper | None = None
    level: EvidenceLevel
    reason: str = ""
    failure_code: str | None = None
    evidence: ChipEvidence | None = None
    finger: str | None = Field(default=None, pattern="^[0-9a-f]{32}$")
    """With level "finger": the match that this person is known by; the gateway knows whose it is."""


class Relation(Enum):
    """The same words as the prompt."""

    FATHER = "father"
    MOTHER = "mother"
    GUARDIAN = "guardian"
    RELATIVE = "relative"
    COMPANION = "companion"


class Companion(Wire):
    """Who acts for the patient: stored apart, never copied into the patient's fields."""

    person: Person | None
    relation: Relation
