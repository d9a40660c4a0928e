"""Numbers of bills are short and follow each other: how often a kiosk may ask by them within an hour.

Who holds a bill types its number right, now and then wrong; who guesses is stopped by what is not there, and who counts
upwards through what is there by how many were asked for. Both are counted here and not on a hospital's floor; tokens of
slips are too long to guess, and the chip proves who it is.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import delete, select

from gateway.fleet.kiosks import Kiosk
from gateway.house import House
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import one_stop_tries as tries
from services.contract.problem_codes import TOO_MANY_NUMBERS

log = logging.getLogger(__name__)

WINDOW = timedelta(hours=1)
_ASKED, _MISSED = "bill-asked", "bill-missed"


def may_ask(house: House, kiosk: Kiosk) -> None:
    """One more question by a number: counted before it is asked. Raises Refused 429 with the seconds to wait."""
    with house.store.write() as transaction:
        limits = house.settings.payments.bill_numbers_per_hour, house.settings.payments.bill_misses_per_hour
        wait = max(
            _wait(house, transaction, kiosk, kind, most) for kind, most in zip((_ASKED, _MISSED), limits, strict=True)
        )
        if not wait:
            _count(house, transaction, kiosk, _ASKED)
    if wait:
        log.warning("kiosk %s asked for too many numbers of bills within an hour", kiosk.letter)
        raise Refused(429, "Too many numbers of bills were asked for", code=TOO_MANY_NUMBERS, detail=str(wait))


def missed(house: House, transaction: Transaction, kiosk: Kiosk) -> None:
    """There is no bill with the number."""
    _count(house, transaction, kiosk, _MISSED)


def _wait(house: House, transaction: Transaction, kiosk: Kiosk, kind: str, most: int) -> int:
    row = transaction.one(select(tries).where(tries.c.asked == _key(house, kiosk, kind)))
    if row is None or row["wrong"] < most:
        return 0
    return max(0, int((row["since"] + WINDOW - house.now()).total_seconds()))


def _count(house: House, transaction: Transaction, kiosk: Kiosk, kind: str) -> None:
    now, key = house.now(), _key(house, kiosk, kind)
    transaction.execute(delete(tries).where(tries.c.asked == key, tries.c.since <= now - WINDOW))
    row = transaction.insert(tries).values(asked=key, wrong=1, since=now)
    transaction.execute(row.on_conflict_do_update(index_elements=["asked"], set_={"wrong": tries.c.wrong + 1}))


def _key(house: House, kiosk: Kiosk, kind: str) -> str:
    return house.vault.hash(f"tries-{kind}", kiosk.id)
