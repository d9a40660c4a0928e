"""What a provider says of one of its orders, counted and written down."""

from __future__ import annotations

from sqlalchemy import RowMapping, select, update

from gateway.house import House
from gateway.payments.bills import end, locked_bill
from gateway.payments.money import take
from gateway.payments.provider import OrderStanding, OrderState
from gateway.store.tables import payment_intents
from services.contract.models import EndReason, PaymentStatus


def take_state(house: House, intent: RowMapping, state: OrderState | None) -> None:
    """Count its money; an order that takes none any more ends its intent. None: there never was such an order."""
    for money in () if state is None else state.money:
        with house.store.write() as transaction:
            take(house, transaction, money, "query", intent["account_id"])
    if state is not None and state.standing is OrderStanding.OPEN:
        return
    with house.store.write() as transaction:
        locked_bill(transaction, intent["bill_id"])
        now = transaction.one(select(payment_intents).where(payment_intents.c.id == intent["id"]).with_for_update())
        if now is None or (state is None and now["live"]):
            return
        closed = update(payment_intents).where(payment_intents.c.id == intent["id"]).values(order_state="closed")
        transaction.execute(closed)
        if now["live"] and state is not None and state.standing is OrderStanding.CLOSED:
            claimed = now["claimed_at"] is not None
            status = PaymentStatus.UNKNOWN if claimed else PaymentStatus.CANCELLED
            end(house, transaction, now, status, EndReason.PROVIDER)
