"""Nonces for active authentication: 8 bytes, bound to a kiosk, single use, 10 minutes."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import insert, update

from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.store.database import Transaction
from gateway.store.tables import nonces
from services.contract.models import IssuedNonce, NonceBatch

LIFE = timedelta(minutes=10)
BATCH = 4


def issue(house: House, transaction: Transaction, kiosk: Kiosk) -> NonceBatch:
    """A small batch, fetched ahead."""
    expires = house.now() + LIFE
    batch = tuple(IssuedNonce(id=new_id(), value=secrets.token_hex(8).upper()) for _ in range(BATCH))
    transaction.execute(
        insert(nonces),
        [{"id": nonce.id, "kiosk_id": kiosk.id, "value": nonce.value, "expires_at": expires} for nonce in batch],
    )
    return NonceBatch(nonces=batch, expires_at=expires)


def spend(house: House, transaction: Transaction, kiosk: Kiosk, nonce_id: str) -> bytes | None:
    """The nonce's bytes, once; None when it is another kiosk's, was used, or has expired."""
    now = house.now()
    fresh = (
        nonces.c.id == nonce_id, nonces.c.kiosk_id == kiosk.id, nonces.c.used_at.is_(None), nonces.c.expires_at >= now
    )  # fmt: skip
    row = transaction.one(update(nonces).where(*fresh).values(used_at=now).returning(nonces.c.value))
    return None if row is None else bytes.fromhex(row["value"])
