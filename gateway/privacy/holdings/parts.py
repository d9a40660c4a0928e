"""Pieces that declarations share: reasons, readers of sealed columns, values of stripped ones."""

from __future__ import annotations

import base64
import json

from sqlalchemy import Table

from gateway.privacy.holding import Kept, Through
from gateway.store import tables as t
from gateway.store.vault import Vault

VOUCHER = Kept("accounting voucher: only the part that accounting needs is kept")
OVERSIGHT = Kept("proof that the law was followed")

VISITS_AGE = t.check_ins.c.received_at
"""Whatever belongs to a visit is as old as the visit."""


def empty_registration(vault: Vault) -> bytes:
    """A registration of nobody: readers of the column go on."""
    empty = {"patient": {"level": "none"}, "clinic_id": "-", "arrived_at": "1970-01-01T00:00:00Z"}
    return vault.seal(json.dumps(empty).encode())


def nothing(vault: Vault) -> bytes:
    """Sealed, and empty."""
    return vault.seal(b"")


def as_text(content: bytes) -> object:
    """Bytes of another's answer as they can be read."""
    return content.decode("utf-8", "replace")


def as_exchanges(content: bytes) -> object:
    """What was asked of the insurer and came back: the bytes of each answer as text, for they are kept in base64."""
    try:
        told = json.loads(content or b"{}")
        return {
            "exchanges": [
                {**each, "body": as_text(base64.b64decode(each.get("body", "")))} for each in told["exchanges"]
            ]
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return as_text(content)


def as_base64(content: bytes) -> object:
    """A file: in pieces, for a copy cuts long texts."""
    text = base64.b64encode(content).decode()
    return [text[start : start + 10_000] for start in range(0, len(text), 10_000)]


def as_json(content: bytes) -> object:
    """What our own models wrote."""
    return json.loads(content or b"null")


def of_check_in(table: Table) -> Through:
    """Rows that name a check-in."""
    return Through(((table.c.check_in_id, t.check_ins.c.id),))


def of_registration(table: Table) -> Through:
    """Rows that name a registration by kiosk and key."""
    mine = table.c.kiosk_id, table.c.registration_key
    return Through(((mine[0], t.registrations.c.kiosk_id), (mine[1], t.registrations.c.registration_key)))
