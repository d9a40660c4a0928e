"""What one reading of a chip takes and gives: keys in; files, transcript and figures out. No verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class FileId(Enum):
    """Elementary files by their names in ICAO 9303-10."""

    CARD_ACCESS = "EF.CardAccess"
    CARD_SECURITY = "EF.CardSecurity"
    COM = "EF.COM"
    SOD = "EF.SOD"
    DG1 = "EF.DG1"
    DG2 = "EF.DG2"
    DG3 = "EF.DG3"
    DG4 = "EF.DG4"
    DG5 = "EF.DG5"
    DG6 = "EF.DG6"
    DG7 = "EF.DG7"
    DG8 = "EF.DG8"
    DG9 = "EF.DG9"
    DG10 = "EF.DG10"
    DG11 = "EF.DG11"
    DG12 = "EF.DG12"
    DG13 = "EF.DG13"
    DG14 = "EF.DG14"
    DG15 = "EF.DG15"
    DG16 = "EF.DG16"


@dataclass(frozen=True)
class AccessKeys:
    """What may open the chip, in the order of tries (chip.md section 1.4): CAN first, then MRZ information.

    `mrz_information` are texts of 24 or more characters (ICAO 9303-11 section 4.3.2): document number, birth date
    and expiry date, each with its check digit.
    """

    can: str | None = None
    mrz_information: tuple[str, ...] = ()


class AccessProtocol(Enum):
    """How the chip was opened."""

    NONE = "none"
    BAC = "BAC"
    PACE = "PACE"


@dataclass(frozen=True)
class ActiveAuthentication:
    """INTERNAL AUTHENTICATE (ICAO 9303-11 section 6.1): the nonce sent and what the chip answered."""

    nonce: bytes
    response: bytes


@dataclass(frozen=True)
class ChipAuthentication:
    """Chip authentication v1 or chip authentication mapping succeeded with this key.

    `oid` is the protocol, `key_id` the keyId of the SecurityInfos or None, `public_key` the chip's static public key
    as it stood in DG14 (CA) or was proven by CAM (EF.CardSecurity), `mapping` True for CAM.
    """

    oid: str
    key_id: int | None
    public_key: bytes
    mapping: bool = False


class Proof(Enum):
    """Ways a chip shows that it is no copy."""

    ACTIVE_AUTHENTICATION = "active-authentication"
    CHIP_AUTHENTICATION = "chip-authentication"
    CHIP_AUTHENTICATION_MAPPING = "chip-authentication-mapping"
    TERMINAL_AUTHENTICATION = "terminal-authentication"
    """Not a proof of the chip: the chip's trust in the reader, which DG3 needs."""


@dataclass(frozen=True)
class Transcript:
    """What happened on the wire, as evidence for `services.trust`; no verdict."""

    access: AccessProtocol
    access_detail: str = ""
    """E.g. "PACE-ECDH-GM-AES-CBC-CMAC-128, brainpoolP256r1, CAN"; never a key or password."""
    active_authentication: ActiveAuthentication | None = None
    chip_authentication: ChipAuthentication | None = None
    failed: Mapping[Proof, str] = field(default_factory=dict[Proof, str])
    """Proofs tried without success, with the reason: a copied chip cannot perform what its files offer."""
    terminal_authentication: bool = False
    """Whether the chip accepted the reader as an authorised terminal."""


@dataclass(frozen=True)
class Figures:
    """Counted, not estimated."""

    apdus: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    milliseconds_to_dg1: float | None = None
    milliseconds: float = 0.0


@dataclass(frozen=True)
class ChipReading:
    """All files that were read, byte for byte, and the transcript."""

    files: Mapping[FileId, bytes]
    transcript: Transcript
    figures: Figures = field(default_factory=Figures)
    refused: Mapping[FileId, int] = field(default_factory=dict[FileId, int])
    """Files the chip listed but did not give, with the status word."""


class ReadStep(Enum):
    """Coarse progress of a reading, in order."""

    OPENED = "opened"
    PROOFS_READ = "proofs-read"
    """DG14, DG15, SOD and the active authentication answer are here."""
    DATA_READ = "data-read"
    """Everything but photo and fingers is here: who it is can be told, and the card may be lifted."""
    PHOTO = "photo"
    """DG2 is streaming."""
    DONE = "done"


@dataclass(frozen=True)
class ReadProgress:
    """`percent` counts bytes up to DATA_READ, which is 100.

    `reading` comes once, with DATA_READ: everything but photo and fingers, to be judged while the photo streams in.
    """

    step: ReadStep
    percent: int
    reading: ChipReading | None = None
