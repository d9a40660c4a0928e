"""People who work here."""

from __future__ import annotations

from gateway.privacy.holding import DataClass, Deletion, Holding, Rule, Stripping
from gateway.store import tables as t

HOLDINGS = (
    Holding(
        t.staff_accounts,
        "accounts of staff: name, role, hash of the password",
        rules=(
            Rule(
                DataClass.STAFF,
                t.staff_accounts.c.disabled_at,
                Deletion(),
                where=t.staff_accounts.c.disabled_at.isnot(None),
            ),
        ),
    ),
    Holding(
        t.staff_sessions,
        "log-ins that are open",
        rules=(Rule(DataClass.SESSION, t.staff_sessions.c.expires_at, Deletion()),),
    ),
    Holding(
        t.login_failures,
        "log-ins that failed",
        rules=(Rule(DataClass.SESSION, t.login_failures.c.at, Deletion()),),
    ),
    Holding(
        t.staff_calls,
        "calls for staff: kiosk, step, and who came",
        rules=(
            Rule(
                DataClass.STAFF,
                t.staff_calls.c.called_at,
                Stripping({"acknowledged_by": None}),
                where=t.staff_calls.c.acknowledged_by.isnot(None),
            ),
            Rule(DataClass.FIGURES, t.staff_calls.c.called_at, Deletion()),
        ),
    ),
    Holding(
        t.counter_seats,
        "who of the staff sits at which counter",
        rules=(
            Rule(
                DataClass.SESSION,
                t.counter_seats.c.taken_at,
                Stripping({"holder": None, "session": None}),
                where=t.counter_seats.c.holder.isnot(None),
            ),
        ),
    ),
    Holding(
        t.boards,
        "screens in waiting rooms, and who connected them",
        rules=(
            Rule(
                DataClass.STAFF,
                t.boards.c.approved_at,
                Stripping({"approved_by": None}),
                where=t.boards.c.approved_by.isnot(None),
            ),
        ),
    ),
)
