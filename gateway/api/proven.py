"""Questions that only a person whom the chip proved gets an answer to."""

from __future__ import annotations

from sqlalchemy import select

from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.problems import Refused
from gateway.store.tables import nonces as nonce_table
from services.contract.models import EvidenceLevel, Person

VERIFIED = {EvidenceLevel.CHIP_GENUINE, EvidenceLevel.CHIP_READ}


def must_be_proven(house: House, kiosk: Kiosk, person: Person) -> None:
    """The gateway looks itself. The nonce is not spent: the registration that follows carries the same evidence.

    Raises Refused 403.
    """
    nonce: bytes | None = None
    if person.evidence is not None and person.evidence.aa_nonce_id is not None:
        mine = nonce_table.c.id == person.evidence.aa_nonce_id, nonce_table.c.kiosk_id == kiosk.id
        with house.store.read() as transaction:
            row = transaction.one(select(nonce_table.c.value).where(*mine))
        nonce = None if row is None else bytes.fromhex(row["value"])
    if house.evidence.check(person, nonce, house.now()).level not in VERIFIED:
        raise Refused(403, "The chip does not prove this person")
