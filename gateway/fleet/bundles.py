"""Diagnostics bundles of kiosks: read within bounds, redacted once more, sealed, the newest few of each kiosk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from gateway.fleet.alarms import TOPIC
from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.privacy.access import Action, note
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import kiosk_bundles, kiosks
from services.contract.diagnostics import LARGEST, BadBundle, DiagnosticsKept, repacked

MOST_OF_A_KIOSK = 5
"""The oldest goes when one more comes."""
KIND = "diagnostics"
"""In the access log."""


@dataclass(frozen=True)
class Bundle:
    """One of the list."""

    id: str
    kiosk_id: str
    received_at: datetime
    bytes: int


def keep(house: House, transaction: Transaction, kiosk: Kiosk, content: bytes) -> DiagnosticsKept:
    """Keep a bundle. Raises Refused 413, 415."""
    if len(content) > LARGEST:
        raise Refused(413, "The bundle is too large")
    try:
        clean = repacked(content)
    except BadBundle as error:
        raise Refused(415, "This is no bundle", detail=str(error)) from error
    id, now = new_id(), house.now()
    transaction.execute(
        insert(kiosk_bundles).values(
            id=id, kiosk_id=kiosk.id, received_at=now, bytes=len(clean), sealed_content=house.vault.seal(clean)
        )
    )
    mine = select(kiosk_bundles.c.id).where(kiosk_bundles.c.kiosk_id == kiosk.id)
    for row in transaction.all(mine.order_by(kiosk_bundles.c.received_at.desc(), kiosk_bundles.c.id))[MOST_OF_A_KIOSK:]:
        transaction.execute(delete(kiosk_bundles).where(kiosk_bundles.c.id == row["id"]))
    transaction.topics.append(TOPIC)
    return DiagnosticsKept(id=id, bytes=len(clean), received_at=now)


def listed(transaction: Transaction) -> dict[str, tuple[Bundle, ...]]:
    """By kiosk, the newest first; without their content."""
    columns = kiosk_bundles.c
    found: dict[str, list[Bundle]] = {}
    wanted = select(columns.id, columns.kiosk_id, columns.received_at, columns.bytes)
    for row in transaction.all(wanted.order_by(columns.received_at.desc(), columns.id)):
        found.setdefault(row["kiosk_id"], []).append(Bundle(**row))
    return {kiosk: tuple(bundles) for kiosk, bundles in found.items()}


def fetch(house: House, id: str, who: str) -> tuple[str, bytes]:
    """A name for the file and its bytes, written into the access log first. Raises Refused 404."""
    with house.store.write() as transaction:
        wanted = select(kiosk_bundles, kiosks.c.letter).join(kiosks, kiosks.c.id == kiosk_bundles.c.kiosk_id)
        row = transaction.one(wanted.where(kiosk_bundles.c.id == id))
        if row is None:
            raise Refused(404, "There is no such bundle")
        reason = f"diagnostics of kiosk {row['letter']}, fetched on the fleet's page"
        note(house, transaction, who, Action.EXPORTED, KIND, id, reason)
    return f"tram-{row['letter']}-{row['received_at']:%Y%m%d-%H%M%S}.zip", house.vault.open(row["sealed_content"])
