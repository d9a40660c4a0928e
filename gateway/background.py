"""What the gateway does by itself: asks the bank, repeats look-ups, tells the hospital, closes calls, forgets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import delete
from starlette.concurrency import run_in_threadpool

from gateway.fleet.alarms import watch_silence
from gateway.hospital.delivery import deliver_due, let_go_of_all
from gateway.house import House
from gateway.insurance.later import look_up_later
from gateway.one_stop.watching import watch
from gateway.payments.duties import close_in_the_evening
from gateway.payments.running import let_go_of_errands, run_due
from gateway.payments.watch import look_once, read_bills, reconcile
from gateway.privacy.purge import HOURLY, purge, purge_daily
from gateway.staff.calls import close_old
from gateway.store.tables import assertions, nonces, staff_sessions
from gateway.xml0.handing import hand_over

log = logging.getLogger(__name__)


async def run(house: House) -> None:
    """For ever; a failing task is logged and tried again."""
    if house.store.alone:
        await run_in_threadpool(let_go_of_all, house)
        await run_in_threadpool(let_go_of_errands, house)
    await asyncio.gather(
        _every(1.0, "bank", lambda: look_once(house)),
        _every(30.0, "reconciliation", lambda: reconcile(house)),
        _every(1.0, "errands of payments", lambda: run_due(house)),
        _every(30.0, "batches of card terminals", lambda: run_in_threadpool(close_in_the_evening, house)),
        _every(2.0, "bills of others", lambda: read_bills(house)),
        _every(5.0, "later look-ups", lambda: look_up_later(house)),
        _every(1.0, "hospital", lambda: deliver_due(house)),
        *(
            [_every(house.settings.hospital.offer_seconds, "what the hospital offers", house.offer.refresh)]
            if house.offer is not None
            else []
        ),
        _every(10.0, "silent kiosks", lambda: run_in_threadpool(watch_silence, house)),
        _every(10.0, "check-in records", lambda: hand_over(house)),
        _every(2.0, "one-stop", lambda: watch(house)),
        _every(5.0, "staff calls", lambda: run_in_threadpool(close_old, house)),
        _every(3600.0, "forgetting", lambda: run_in_threadpool(forget_old, house)),
    )


async def _every(seconds: float, name: str, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception as error:
            log.error("%s: %s", name, type(error).__name__, exc_info=log.isEnabledFor(logging.DEBUG))
        await asyncio.sleep(seconds)


def forget_old(house: House) -> None:
    """Delete what nobody can ask for any more; once a day everything whose time is over."""
    with house.store.write() as transaction:
        for table in (assertions, nonces, staff_sessions):
            transaction.execute(delete(table).where(table.c.expires_at < house.now() - timedelta(hours=1)))
    purge(house, HOURLY)
    purge_daily(house)
