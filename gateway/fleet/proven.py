"""People whom the chip proves: the gateway looks itself before it tells anybody anything of theirs."""

from __future__ import annotations

from gateway.fleet import nonces
from gateway.fleet.evidence import EvidenceVerdict
from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.problems import Refused
from services.contract.models import EvidenceLevel, Person

_VERIFIED = {EvidenceLevel.CHIP_GENUINE, EvidenceLevel.CHIP_READ}


def verdict_of(house: House, kiosk: Kiosk, person: Person) -> EvidenceVerdict:
    """This gateway's own verdict. The nonce is not spent: what follows carries the same evidence."""
    evidence = person.evidence
    nonce = None if evidence is None else nonces.value_of(house, kiosk, evidence.aa_nonce_id)
    return house.evidence.check(person, nonce, house.now())


def must_be_proven(house: House, kiosk: Kiosk, person: Person) -> None:
    """Raises Refused 403 unless the chip proves the person."""
    if verdict_of(house, kiosk, person).level not in _VERIFIED:
        raise Refused(403, "The chip does not prove this person")
