"""Staff calls: one open per kiosk, ringing until acknowledged, closed by itself some minutes after that."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import RowMapping, insert, select, update

from gateway.fleet.kiosks import Kiosk
from gateway.house import House, new_id
from gateway.problems import Refused
from gateway.store.database import Transaction
from gateway.store.tables import staff_calls
from services.contract.models import StaffCall, StaffCallStatus

STAFF_TOPIC = "staff"


def topic(call_id: str) -> str:
    """What a stream of this call waits for."""
    return f"call:{call_id}"


def ring(house: House, transaction: Transaction, kiosk: Kiosk, step: str) -> StaffCall:
    """The kiosk's open call, or a new one that rings."""
    transaction.lock(f"call:{kiosk.id}")
    open_call = transaction.one(select(staff_calls).where(staff_calls.c.kiosk_id == kiosk.id, staff_calls.c.open))
    if open_call is not None:
        return as_answer(open_call)
    call_id = new_id()
    values = {
        "id": call_id,
        "kiosk_id": kiosk.id,
        "status": StaffCallStatus.RINGING.value,
        "open": True,
        "step": step[:40],
        "called_at": house.now(),
        "version": 1,
    }
    transaction.execute(insert(staff_calls).values(**values))
    transaction.announce(STAFF_TOPIC)
    return read(transaction, kiosk, call_id)


def read(transaction: Transaction, kiosk: Kiosk, call_id: str) -> StaffCall:
    """A call of this kiosk. Raises Refused."""
    row = transaction.one(select(staff_calls).where(staff_calls.c.id == call_id, staff_calls.c.kiosk_id == kiosk.id))
    if row is None:
        raise Refused(404, "There is no such call")
    return as_answer(row)


def cancel(house: House, transaction: Transaction, kiosk: Kiosk, call_id: str) -> StaffCall:
    """No help is needed any more; a call that is over stays as it is."""
    call = read(transaction, kiosk, call_id)
    if call.status in {StaffCallStatus.RINGING, StaffCallStatus.ACKNOWLEDGED}:
        _change(transaction, call_id, StaffCallStatus.CANCELLED, open=False, closed_at=house.now())
    return read(transaction, kiosk, call_id)


def acknowledge(house: House, transaction: Transaction, call_id: str, by: str) -> bool:
    """Somebody goes there. False when it does not ring any more (somebody else was first)."""
    row = transaction.one(select(staff_calls).where(staff_calls.c.id == call_id).with_for_update())
    if row is None or row["status"] != StaffCallStatus.RINGING.value:
        return False
    _change(
        transaction, call_id, StaffCallStatus.ACKNOWLEDGED, open=True, acknowledged_at=house.now(), acknowledged_by=by
    )
    return True


def close(house: House, transaction: Transaction, call_id: str) -> bool:
    """Help was given. False when it was over already."""
    row = transaction.one(select(staff_calls).where(staff_calls.c.id == call_id).with_for_update())
    if row is None or not row["open"]:
        return False
    _change(transaction, call_id, StaffCallStatus.CLOSED, open=False, closed_at=house.now())
    return True


def close_old(house: House) -> None:
    """Close what was acknowledged a while ago, so that the next person's call rings again."""
    before = house.now() - timedelta(minutes=house.settings.staff.call_closes_minutes)
    old = select(staff_calls.c.id).where(staff_calls.c.open, staff_calls.c.acknowledged_at < before)
    with house.store.read() as transaction:
        ids = [row["id"] for row in transaction.all(old)]
    for id in ids:
        with house.store.write() as transaction:
            close(house, transaction, id)


def open_calls(transaction: Transaction) -> list[RowMapping]:
    """Every open call, the longest waiting first."""
    return transaction.all(select(staff_calls).where(staff_calls.c.open).order_by(staff_calls.c.called_at))


def as_answer(row: RowMapping) -> StaffCall:
    """The call as the kiosk gets it: not who comes, only that somebody does."""
    return StaffCall(
        id=row["id"],
        status=StaffCallStatus(row["status"]),
        called_at=row["called_at"],
        acknowledged_at=row["acknowledged_at"],
        version=row["version"],
    )


def _change(transaction: Transaction, call_id: str, status: StaffCallStatus, **values: object) -> None:
    transaction.execute(
        update(staff_calls)
        .where(staff_calls.c.id == call_id)
        .values(status=status.value, version=staff_calls.c.version + 1, **values)
    )
    transaction.announce(topic(call_id))
    transaction.announce(STAFF_TOPIC)
