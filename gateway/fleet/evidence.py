"""Chip evidence checked again: what a kiosk claims about a card counts only as far as the bytes show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.contract.models import EvidenceLevel, Person

_CHIP = {EvidenceLevel.CHIP_GENUINE, EvidenceLevel.CHIP_READ}


@dataclass(frozen=True)
class EvidenceVerdict:
    """How sure the gateway is itself, and why (for staff; no personal data)."""

    level: EvidenceLevel
    reason: str = ""


class EvidenceChecker:
    """Checks chip evidence."""

    def check(self, person: Person, nonce: bytes | None, now: datetime) -> EvidenceVerdict:
        """The gateway's own verdict. `nonce` is the issued one the evidence names, None when there is none (any
        more): then a chip proof says nothing about today."""
        if person.level not in _CHIP:
            return EvidenceVerdict(person.level, person.reason)
        if person.evidence is None:
            return EvidenceVerdict(EvidenceLevel.CHIP_FAILED, "no evidence came with the claim")
        return EvidenceVerdict(EvidenceLevel.CHIP_READ, "not checked here")
