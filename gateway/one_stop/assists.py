"""The community digital team: helpers sign in at a kiosk by PIN or card; what is done then is logged as assisted."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import RowMapping, delete, func, insert, select, update

from gateway.fleet.evidence import EvidenceVerdict
from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.one_stop.counting import HELP, count
from gateway.one_stop.keeping import centre_of
from gateway.problems import Refused
from gateway.staff.accounts import PAUSE, TRIES
from gateway.store.database import Transaction
from gateway.store.tables import login_failures, one_stop_assists, one_stop_helpers
from services.contract.models import EvidenceLevel
from services.contract.one_stop import Assist, AssistStart, DigitalHelp

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("0000000000000")
_PREFIX = "pin:"
"""Wrong PINs are counted beside wrong passwords, and never mixed with them."""


class HelperError(ValueError):
    """A helper cannot be made."""


def add(house: House, name: str, commune: str, pin: str, card: str | None) -> None:
    """Make a helper, or give one a new PIN. Raises HelperError."""
    if not re.fullmatch(r"[a-z0-9._-]{2,36}", name):
        raise HelperError("a name has 2 to 36 small letters, digits, dots, dashes")
    if not re.fullmatch("[0-9]{5}", commune):
        raise HelperError("a commune's code has five digits")
    if not re.fullmatch("[0-9]{6,12}", pin) or len(set(pin)) < 3:
        raise HelperError("a PIN has 6 to 12 digits, at least three different ones")
    if card is not None and not re.fullmatch("[0-9]{12}", card):
        raise HelperError("a card's number has twelve digits")
    values = {
        "commune": commune,
        "pin_hash": _hasher.hash(pin),
        "card": None if card is None else house.vault.hash("helper", card),
        "created_at": house.now(),
        "disabled_at": None,
    }
    with house.store.write() as transaction:
        row = transaction.insert(one_stop_helpers).values(name=name, **values)
        transaction.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))


def disable(house: House, name: str) -> bool:
    """Nobody signs in by that name any more; False when there is none."""
    with house.store.write() as transaction:
        known = one_stop_helpers.c.name == name, one_stop_helpers.c.disabled_at.is_(None)
        done = update(one_stop_helpers).where(*known).values(disabled_at=house.now()).returning(one_stop_helpers.c.name)
        return transaction.execute(done).first() is not None


def who(house: House, transaction: Transaction, start: AssistStart, verdict: EvidenceVerdict | None) -> RowMapping:
    """The helper. Raises Refused 403 (401 would say that the kiosk is unknown) and 429.

    Wrong PINs are noted by `note_wrong`, in a transaction of their own.
    """
    alive = one_stop_helpers.c.disabled_at.is_(None)
    if start.person is not None:
        genuine = verdict is not None and verdict.level is EvidenceLevel.CHIP_GENUINE
        card = house.vault.hash("helper", start.person.number or "")
        row = transaction.one(select(one_stop_helpers).where(alive, one_stop_helpers.c.card == card))
        if not genuine or row is None:
            raise Refused(403, "This card is no helper's")
        return row
    name = (start.name or "").strip().lower()[:36]
    recent = select(func.count().label("n")).where(
        login_failures.c.name == _PREFIX + name, login_failures.c.at > house.now() - PAUSE
    )
    failures = transaction.one(recent)
    if failures is not None and failures["n"] >= TRIES:
        raise Refused(429, "Too many tries", detail=str(int(PAUSE.total_seconds())))
    row = transaction.one(select(one_stop_helpers).where(alive, one_stop_helpers.c.name == name))
    if not _verify(_NOBODY if row is None else row["pin_hash"], start.pin or "") or row is None:
        raise Refused(403, "Name or PIN is wrong")
    return row


def note_wrong(house: House, name: str) -> None:
    """A wrong PIN."""
    with house.store.write() as transaction:
        values = {"id": new_id(), "name": _PREFIX + name.strip().lower()[:36], "at": house.now()}
        transaction.execute(insert(login_failures).values(values))


def begin(house: House, transaction: Transaction, kiosk: Kiosk, helper: RowMapping) -> Assist:
    """A signed-in session at this kiosk; an earlier one there ends."""
    now = house.now()
    running = one_stop_assists.c.kiosk_id == kiosk.id, one_stop_assists.c.ended_at.is_(None)
    transaction.execute(update(one_stop_assists).where(*running).values(ended_at=now))
    transaction.execute(delete(login_failures).where(login_failures.c.name == _PREFIX + helper["name"]))
    id = new_id()
    until = now + timedelta(minutes=centre_of(house).settings.assist_minutes)
    transaction.execute(
        insert(one_stop_assists).values(
            id=id,
            helper=helper["name"],
            commune=helper["commune"],
            kiosk_id=kiosk.id,
            began_at=now,
            expires_at=until,
        )
    )
    return Assist(id=id, name=helper["name"], commune=helper["commune"], expires_at=until)


def end(house: House, transaction: Transaction, kiosk: Kiosk, id: str) -> None:
    """The helper leaves."""
    mine = (
        one_stop_assists.c.id == id,
        one_stop_assists.c.kiosk_id == kiosk.id,
        one_stop_assists.c.ended_at.is_(None),
    )
    transaction.execute(update(one_stop_assists).where(*mine).values(ended_at=house.now()))


def helping(house: House, transaction: Transaction, kiosk: Kiosk, id: str | None, at: datetime) -> RowMapping | None:
    """A session of this kiosk that goes on, or went on when the person sent: what was lost on the way is sent again
    later. Raises Refused 422 for another one."""
    if id is None:
        return None
    mine = one_stop_assists.c.id == id, one_stop_assists.c.kiosk_id == kiosk.id
    row = transaction.one(select(one_stop_assists).where(*mine))
    if row is None or not any(_running(row, moment) for moment in (house.now(), at)):
        raise Refused(422, "The helper's session is over")
    return row


def _running(row: RowMapping, moment: datetime) -> bool:
    return row["began_at"] <= moment < min(row["expires_at"], row["ended_at"] or row["expires_at"])


def helped(house: House, transaction: Transaction, kiosk: Kiosk, told: DigitalHelp) -> None:
    """One more person helped. It may come late: then the session need not go on any more."""
    commune = centre_of(house).settings.commune
    if told.assist_id is not None:
        mine = one_stop_assists.c.id == told.assist_id, one_stop_assists.c.kiosk_id == kiosk.id
        row = transaction.one(select(one_stop_assists.c.commune).where(*mine))
        if row is None:
            raise Refused(422, "There is no such session")
        commune = row["commune"]
    by = "assisted" if told.assist_id is not None else "alone"
    count(house, transaction, HELP, f"{told.topic.value}:{by}", commune)


def _verify(pin_hash: str, pin: str) -> bool:
    try:
        return _hasher.verify(pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False
