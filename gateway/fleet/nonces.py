"""Nonces for active authentication: 8 bytes, bound to a kiosk, single use, 10 minutes."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import bindparam, insert, select, update

from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.store.database import Transaction
from gateway.store.prepared import Prepared
from gateway.store.tables import nonces
from services.contract.models import IssuedNonce, NonceBatch

LIFE = timedelta(minutes=10)
BATCH = 4


_SPEND = Prepared(
    update(nonces)
    .where(
        nonces.c.id == bindparam("nonce"),
        nonces.c.kiosk_id == bindparam("kiosk"),
        nonces.c.used_at.is_(None),
        nonces.c.expires_at >= bindparam("now"),
    )
    .values(used_at=bindparam("now"))
    .returning(nonces.c.value)
)
_VALUE = Prepared(
    select(nonces.c.value).where(nonces.c.id == bindparam("nonce"), nonces.c.kiosk_id == bindparam("kiosk"))
)
_ISSUE = Prepared(insert(nonces))


def value_of(house: House, kiosk: Kiosk, nonce_id: str | None) -> bytes | None:
    """The bytes of a nonce of that kiosk, used or not; None when there is no such one."""
    if nonce_id is None:
        return None
    known = house.nonces.value(kiosk.id, nonce_id)
    if known is not None:
        return known
    with house.store.read() as transaction:
        row = transaction.one(_VALUE, {"nonce": nonce_id, "kiosk": kiosk.id})
    return None if row is None else bytes.fromhex(row["value"])


def issue(house: House, transaction: Transaction, kiosk: Kiosk) -> NonceBatch:
    """A small batch, fetched ahead."""
    expires = house.now() + LIFE
    batch = tuple(IssuedNonce(id=new_id(), value=secrets.token_hex(8).upper()) for _ in range(BATCH))
    for nonce in batch:
        row = {"id": nonce.id, "kiosk_id": kiosk.id, "value": nonce.value, "expires_at": expires}
        transaction.later(_ISSUE, row)
        house.nonces.note(kiosk.id, nonce.id, bytes.fromhex(nonce.value))
    return NonceBatch(nonces=batch, expires_at=expires)


def spend(house: House, transaction: Transaction, kiosk: Kiosk, nonce_id: str) -> bytes | None:
    """The nonce's bytes, once; None when it is another kiosk's, was used, or has expired."""
    row = transaction.one(_SPEND, {"nonce": nonce_id, "kiosk": kiosk.id, "now": house.now()})
    return None if row is None else bytes.fromhex(row["value"])
