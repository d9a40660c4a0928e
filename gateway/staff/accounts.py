"""Accounts of people: made only on the command line, passwords kept as argon2id, log-ins slowed after failures."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, insert, select

from gateway.house import House, new_id
from gateway.problems import Refused
from gateway.store.tables import login_failures, staff_accounts, staff_sessions

SHORTEST_PASSWORD = 10
TRIES = 5
PAUSE = timedelta(minutes=10)
"""After `TRIES` wrong passwords within this time a name cannot log in."""

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")
"""Verified when a name is not known, so that both take the same time."""


class Role(Enum):
    """What somebody may do."""

    STAFF = "staff"
    COUNTER = "counter"
    """Calls numbers."""
    OFFICER = "officer"
    """Receives dossiers of the one-stop centre and hands results over; calls numbers too."""
    CASHIER = "cashier"
    """Takes money, releases unpaid numbers."""
    SUPERVISOR = "supervisor"
    """All of these; frees counters, closes clinics, connects boards."""
    DATA_OFFICER = "data-officer"
    """Finds, copies and erases people's records; keeps the registers."""
    TECHNICIAN = "technician"
    """Watches the kiosks: devices, alarms; no person's record."""
    COMMITTEE = "committee"
    """Reads the figures and nothing else."""
    ADMIN = "admin"


class AccountError(ValueError):
    """An account cannot be made."""


@dataclass(frozen=True)
class Account:
    """Somebody who is logged in."""

    name: str
    role: Role


def add(house: House, name: str, role: Role, password: str) -> None:
    """Make an account, or give an existing one a new password and role. Raises AccountError."""
    if not re.fullmatch(r"[a-z0-9._-]{2,40}", name):
        raise AccountError("a name has 2 to 40 small letters, digits, dots, dashes")
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(f"a password has at least {SHORTEST_PASSWORD} characters")
    values = {
        "role": role.value,
        "password_hash": _hasher.hash(password),
        "created_at": house.now(),
        "disabled_at": None,
    }
    with house.store.write() as transaction:
        row = transaction.insert(staff_accounts).values(name=name, **values)
        transaction.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))
        transaction.execute(delete(staff_sessions).where(staff_sessions.c.name == name))


def log_in(house: House, name: str, password: str) -> str:
    """A session's token. Raises Refused 401 for a wrong name or password, 429 after too many."""
    now = house.now()
    recent = select(func.count().label("count")).where(
        login_failures.c.name == name[:40], login_failures.c.at > now - PAUSE
    )
    with house.store.read() as transaction:
        failures = transaction.one(recent)
        account = transaction.one(
            select(staff_accounts).where(staff_accounts.c.name == name, staff_accounts.c.disabled_at.is_(None))
        )
    if failures is not None and failures["count"] >= TRIES:
        raise Refused(429, "Too many tries")
    right = _verify(_NOBODY if account is None else account["password_hash"], password)
    if account is None or not right:
        with house.store.write() as transaction:
            transaction.execute(insert(login_failures).values(id=new_id(), name=name[:40], at=now))
        raise Refused(401, "Name or password is wrong")
    token = secrets.token_urlsafe(32)
    expires = now + timedelta(hours=house.settings.staff.session_hours)
    with house.store.write() as transaction:
        transaction.execute(insert(staff_sessions).values(token_hash=_hash(token), name=name, expires_at=expires))
        transaction.execute(delete(login_failures).where(login_failures.c.name == name))
    return token


def who(house: House, token: str) -> Account | None:
    """Who has this session."""
    with house.store.read() as transaction:
        row = transaction.one(
            select(staff_accounts.c.name, staff_accounts.c.role)
            .join(staff_sessions, staff_sessions.c.name == staff_accounts.c.name)
            .where(
                staff_sessions.c.token_hash == _hash(token),
                staff_sessions.c.expires_at > house.now(),
                staff_accounts.c.disabled_at.is_(None),
            )
        )
    return None if row is None else Account(row["name"], Role(row["role"]))


def session_of(token: str) -> str:
    """A session's name: what is kept of its token."""
    return _hash(token)


def log_out(house: House, token: str) -> None:
    """End the session."""
    with house.store.write() as transaction:
        transaction.execute(delete(staff_sessions).where(staff_sessions.c.token_hash == _hash(token)))


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
