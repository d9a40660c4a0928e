"""Leased queue numbers (DESIGN section 6): held ahead on the disk, printed only when the gateway does not answer.

A number is free, reserved (it travels with a registration as its fallback) or used (somebody holds it on paper).
A used number is never free again; a reserved one is, when the gateway answered with a number of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date

from services.contract.models import FallbackNumber, Lease
from services.outbox.database import Database


class Numbers:
    """The leased numbers of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def hold(self, leases: Iterable[Lease], today: date) -> None:
        """Take over what the gateway says this kiosk holds; drop past days and free numbers that were taken back."""
        held = [(lease, place, number) for lease in leases for place, number in enumerate(lease.numbers)]
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM numbers WHERE day < ? OR state = 'free'", (today.isoformat(),))
            connection.executemany(
                "INSERT OR IGNORE INTO numbers (lease_id, clinic_id, day, number, place) VALUES (?, ?, ?, ?, ?)",
                [(lease.id, lease.clinic_id, lease.day.isoformat(), number, at) for lease, at, number in held],
            )

    @staticmethod
    def reserve_in(connection: sqlite3.Connection, clinic_id: str, day: date, chain: str) -> FallbackNumber | None:
        """The next free number of this clinic and day for registration `chain`, in somebody's transaction."""
        row = connection.execute(
            "SELECT lease_id, number FROM numbers WHERE clinic_id = ? AND day = ? AND state = 'free'"
            " ORDER BY place, lease_id LIMIT 1",
            (clinic_id, day.isoformat()),
        ).fetchone()
        if row is None:
            return None
        connection.execute(
            "UPDATE numbers SET state = 'reserved', chain = ? WHERE lease_id = ? AND number = ?",
            (chain, row["lease_id"], row["number"]),
        )
        return FallbackNumber(lease_id=row["lease_id"], number=row["number"])

    @staticmethod
    def use_in(connection: sqlite3.Connection, chain: str) -> None:
        """Somebody is given the number reserved for `chain`."""
        connection.execute("UPDATE numbers SET state = 'used' WHERE chain = ? AND state = 'reserved'", (chain,))

    @staticmethod
    def release_in(connection: sqlite3.Connection, chain: str) -> None:
        """The gateway gave a number of its own: the reserved one may go with the next registration."""
        connection.execute(
            "UPDATE numbers SET state = 'free', chain = NULL WHERE chain = ? AND state = 'reserved'", (chain,)
        )

    def free(self, day: date) -> dict[str, int]:
        """How many free numbers each clinic has on `day`."""
        rows = self._database.rows(
            "SELECT clinic_id, COUNT(*) AS n FROM numbers WHERE day = ? AND state = 'free' GROUP BY clinic_id",
            day.isoformat(),
        )
        return {row["clinic_id"]: row["n"] for row in rows}
