"""Enrolment: a one-time code makes a kiosk's own public key known, once."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway.house import House, new_id
from gateway.problems import Refused
from gateway.store.tables import enrolment_codes, kiosks
from services.contract.models import Enrolled, Enrolment

CODE_LIFE = timedelta(hours=24)
QUEUE_LETTERS = frozenset("UT")
"""Prefixes of ordinary numbers (U047, T012): a kiosk's letters must never begin like one."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class EnrolmentError(ValueError):
    """A code cannot be made."""


def make_code(house: House, name: str, name_en: str, letter: str) -> str:
    """A one-time code (60 bits, 24 hours) for a kiosk of that name and letter. Raises EnrolmentError."""

    if not re.fullmatch("[A-Z]{1,2}", letter) or letter[0] in QUEUE_LETTERS:
        raise EnrolmentError("one or two letters of A to Z, not beginning with U or T (they begin ordinary numbers)")
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    code = "-".join((letters[:4], letters[4:8], letters[8:]))
    with house.store.write() as transaction:
        taken = select(kiosks.c.id).where(kiosks.c.letter == letter, kiosks.c.revoked_at.is_(None))
        if transaction.one(taken) is not None:
            raise EnrolmentError(f"letter {letter} belongs to an enrolled kiosk; revoke it first or take another")
        transaction.execute(
            insert(enrolment_codes).values(
                code_hash=_hash(code), letter=letter, name=name, name_en=name_en, expires_at=house.now() + CODE_LIFE
            )
        )
    return code


def enrol(house: House, request: Enrolment) -> Enrolled:
    """Make the kiosk's key known. The same code with the same key answers the same again (a lost answer)."""

    _check_key(request.public_key)
    code_hash = _hash(request.code)
    with house.store.write() as transaction:
        code = transaction.one(
            select(enrolment_codes).where(enrolment_codes.c.code_hash == code_hash).with_for_update()
        )
        if code is None or code["expires_at"] < house.now():
            raise Refused(403, "The enrolment code is not known or has expired")
        if code["used_by"] is not None:
            kiosk = transaction.one(select(kiosks).where(kiosks.c.id == code["used_by"]))
            if kiosk is None or kiosk["public_key"] != request.public_key.lower() or kiosk["revoked_at"] is not None:
                raise Refused(403, "The enrolment code has been used")
            return _answer(house, kiosk["id"])
        kiosk_id = new_id()
        try:
            transaction.execute(
                insert(kiosks).values(
                    id=kiosk_id,
                    letter=code["letter"],
                    name=code["name"],
                    name_en=code["name_en"],
                    own_name=request.name,
                    public_key=request.public_key.lower(),
                    enrolled_at=house.now(),
                )
            )
        except IntegrityError as error:
            raise Refused(409, "Another kiosk has this letter") from error
        transaction.execute(
            update(enrolment_codes).where(enrolment_codes.c.code_hash == code_hash).values(used_by=kiosk_id)
        )
    return _answer(house, kiosk_id)


def _answer(house: House, kiosk_id: str) -> Enrolled:
    return Enrolled(kiosk_id=kiosk_id, sealing_key=house.vault.public_sealing_key, audience=house.audience)


def _hash(code: str) -> str:
    """Of the code as people type it: small letters, blanks, missing dashes and O, I, L for 0, 1 are understood."""
    cleaned = re.sub("[^0-9A-Z]", "", code.upper().translate(str.maketrans("OIL", "011")))
    return hashlib.sha256(cleaned.encode()).hexdigest()


def _check_key(public_key: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Refused(422, "The public key is not an Ed25519 key of 32 bytes in hexadecimal") from error
