"""Random lives of two bills: whatever happens in whatever order, every đồng is on its bill or in a cashier's task."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from gateway.payments.states import OPEN
from gateway.payments.watch import ask_bank, look_once
from gateway.store.tables import bank_transactions, bills, cashier_tasks, payment_intents
from services.contract.models import PaymentStatus

PRICE = 122_500
_numbers = itertools.count(1)

AMOUNT = st.sampled_from([PRICE, PRICE // 2, 1, PRICE + 500, 2 * PRICE])
STEP = st.one_of(
    st.tuples(st.just("code"), st.sampled_from([0, 0, 0, 1])),
    st.tuples(st.just("pay"), st.integers(0, 5), AMOUNT, st.sampled_from(["told", "twice", "listed"])),
    st.tuples(st.just("stray"), st.sampled_from(["cam on", "TRM00000X"])),
    st.tuples(st.just("cancel"), st.integers(0, 5)),
    st.tuples(st.just("claim"), st.integers(0, 5)),
    st.tuples(st.just("wait"), st.sampled_from([5, 60, 16 * 60])),
    st.tuples(st.just("list")),
    st.tuples(st.just("leave"), st.sampled_from([0, 0, 0, 1])),
)


class Life:
    """Two patients with a bill each, at one kiosk, and what the bank did."""

    def __init__(self, gateway: Any, kiosk: Any) -> None:
        self.gateway, self.kiosk = gateway, kiosk
        gateway.bank.listed = []
        self.keys = [str(uuid.uuid4()) for _ in range(2)]
        self.bills = [
            kiosk.check_in(key, patient={"number": f"0990{next(_numbers):08}", "name": "x"}).json()["bill_id"]
            for key in self.keys
        ]
        self.intents: list[dict[str, Any]] = []
        self.paid = 0
        self.first = next(_numbers) * 1000
        with gateway.house.store.read() as transaction:
            self.tasks_before = {row["id"] for row in transaction.all(select(cashier_tasks.c.id))}

    def do(self, step: tuple[Any, ...]) -> None:
        name, *rest = step
        if name in {"pay", "cancel", "claim"} and not self.intents:
            return
        getattr(self, name)(*rest)

    def code(self, which: int) -> None:
        answer = self.kiosk.post("/v1/payment-intents", {"bill_id": self.bills[which]})
        assert answer.status_code in {200, 422}, answer.text
        if answer.status_code == 200:
            self.intents.append(answer.json())

    def pay(self, which: int, amount: int, how: str) -> None:
        self._book(self.intents[which % len(self.intents)]["purpose"], amount, how)

    def stray(self, content: str) -> None:
        self._book(content, 7_000, "told")

    def _book(self, content: str, amount: int, how: str) -> None:
        self.paid += amount
        number = self.first + len(self.gateway.bank.listed)
        self.gateway.bank.listed.append(self.gateway.money(f"IBFT {content} FT", amount, id=str(number)))
        for _ in range({"told": 1, "twice": 2, "listed": 0}[how]):
            assert self.gateway.notice(f"IBFT {content} FT", amount, id=number).status_code == 200

    def cancel(self, which: int) -> None:
        self.kiosk.post(f"/v1/payment-intents/{self.intents[which % len(self.intents)]['id']}/cancel")

    def claim(self, which: int) -> None:
        self.kiosk.post(f"/v1/payment-intents/{self.intents[which % len(self.intents)]['id']}/claim")

    def wait(self, seconds: int) -> None:
        self.gateway.clock.turn(seconds=seconds)
        self.kiosk.token = self.kiosk.fetch_token()
        self.gateway.client.run(look_once(self.gateway.house))

    def list(self) -> None:
        from datetime import timedelta

        self.gateway.client.run(ask_bank(self.gateway.house, self.gateway.clock.now() - timedelta(days=2)))

    def leave(self, which: int) -> None:
        left = {"registration_key": self.keys[which], "reason": "left", "at": self.gateway.clock.now().isoformat()}
        self.kiosk.post("/v1/check-ins/abandon", left)

    def check(self) -> None:
        with self.gateway.house.store.read() as transaction:
            all_bills = transaction.all(select(bills).where(bills.c.id.in_(self.bills)))
            intents = transaction.all(select(payment_intents).where(payment_intents.c.bill_id.in_(self.bills)))
            tasks = [row for row in transaction.all(select(cashier_tasks)) if row["id"] not in self.tasks_before]
            ids = [money.id for money in self.gateway.bank.listed]
            counted = transaction.all(select(bank_transactions).where(bank_transactions.c.provider_id.in_(ids)))
        bill_of = {row["id"]: row["bill_id"] for row in intents}
        money: dict[str, int] = defaultdict(int)
        refunds: dict[str, int] = defaultdict(int)
        for row in intents:
            money[row["bill_id"]] += row["amount_paid"]
        for row in tasks:
            if row["kind"] == "refund":
                refunds[bill_of[row["intent_id"]]] += row["amount"]
        orphans = sum(row["amount"] for row in tasks if row["kind"] == "orphan")
        assert sum(row["amount"] for row in counted) == sum(money.values()) + orphans
        for bill in all_bills:
            has, back = money[bill["id"]], refunds[bill["id"]]
            live = [row for row in intents if row["bill_id"] == bill["id"] and row["live"]]
            assert len(live) <= 1
            assert all(PaymentStatus(row["status"]) in OPEN for row in live)
            if bill["status"] == "paid":
                assert has >= bill["amount"] and back == has - bill["amount"] and not live
            elif bill["status"] == "open":
                assert has < bill["amount"] and back == 0
            else:
                assert back == has and not live

    def end(self) -> None:
        """When the bank's list was read, everything it took is counted."""
        self.list()
        self.check()
        with self.gateway.house.store.read() as transaction:
            ids = [money.id for money in self.gateway.bank.listed]
            counted = transaction.all(select(bank_transactions).where(bank_transactions.c.provider_id.in_(ids)))
        assert sum(row["amount"] for row in counted) == self.paid


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, min_size=10, max_size=30))
def test_every_dong_is_on_its_bill_or_in_a_task(gateway: Any, kiosk: Any, steps: list[tuple[Any, ...]]) -> None:
    kiosk.token = kiosk.fetch_token()
    life = Life(gateway, kiosk)
    for step in [("code", 0), *steps]:
        life.do(step)
        life.check()
    life.end()
