"""Kiosks register, cables bring what was printed offline, counters call: all at the same moment, in threads.

Hypothesis draws who comes how; what then happens is read back from the order in which the store took it, and replayed
by a rule of calling written apart from the gateway's. Longer: `TRAM_EXAMPLES=200 python -m pytest
tests/gateway/test_queue_at_once.py --timeout=7200`.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from gateway.api.deps import Sent
from gateway.api.idempotency import once
from gateway.clock import day_of
from gateway.fleet.evidence import EvidenceVerdict
from gateway.fleet.kiosks import Kiosk
from gateway.problems import Refused
from gateway.queue import calling, counters, early
from gateway.queue.counters import Clerk, Seat
from gateway.queue.leases import top_up
from gateway.queue.registration import register
from gateway.settings import CounterSettings
from gateway.store.tables import queue_days, registrations, tickets
from services.contract.models import (
    EvidenceLevel,
    FallbackNumber,
    FallbackUse,
    Person,
    Priority,
    Registration,
)
from services.contract.routes import Write

CLINIC = "tim-mach"
RATIO = 2
EXAMPLES = int(os.environ.get("TRAM_EXAMPLES", "6"))
VERDICT = EvidenceVerdict(EvidenceLevel.CHIP_GENUINE, "")


@dataclass(frozen=True)
class Plan:
    """How somebody comes: at which kiosk, and whether its cable was cut then; `backwards`: the printed number arrives
    before the registration; `times`: how often each write is sent, as answers are lost."""

    kiosk: int
    priority: bool
    cut: bool
    backwards: bool
    times: int


@dataclass
class Somebody:
    """One of them."""

    plan: Plan
    kiosk: Kiosk
    number: str
    issued: datetime
    fallback: FallbackNumber | None
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    slip: str = ""


@dataclass(frozen=True)
class Called:
    """One call as the store took it: the how-manieth of the day, how many had joined by then, and whose."""

    place: int
    joined: int
    overtaken: int
    ticket_id: str
    number: str


class Morning:
    """One clinic at one gateway, a day of its own."""

    def __init__(self, gateway: Any, plans: list[Plan]) -> None:
        gateway.clock.turn(days=2)
        desks = tuple(CounterSettings(id=id, name=id, name_en=id, clinics=(CLINIC,)) for id in "ab")
        plain = gateway.house.settings.model_copy(update={"counters": desks})
        plain.__dict__.pop("all_counters", None)
        self.house = replace(gateway.house, settings=plain)
        self.kiosks = [Kiosk(f"{letter}{uuid.uuid4().hex[:12]}", letter, letter, letter) for letter in "BC"]
        self.clerks = {id: Clerk(f"clerk-{id}", uuid.uuid4().hex) for id in "ab"}
        with self.house.store.write() as transaction:
            for id, clerk in self.clerks.items():
                counters.free(self.house, transaction, id)
                assert counters.take(self.house, transaction, id, clerk)
        leased = [self.leased(kiosk) for kiosk in self.kiosks]
        begin = self.house.now()
        self.people = [
            Somebody(
                plan,
                self.kiosks[plan.kiosk],
                f"0990{begin:%m%d}{place:04}",
                begin + timedelta(seconds=place),
                leased[plan.kiosk].pop(0) if plan.cut else None,
            )
            for place, plan in enumerate(plans)
        ]
        gateway.clock.turn(minutes=5)
        self.calls: list[Called] = []
        self.voided: dict[str, int] = {}
        """Number to how many calls there had been when its paper was found to bear another."""
        self.anew: dict[int, list[str]] = defaultdict(list)
        """How many calls there had been, to who waited again then: called by a number that stood on no paper."""

    def leased(self, kiosk: Kiosk) -> list[FallbackNumber]:
        with self.house.store.write() as transaction:
            found = top_up(self.house, transaction, kiosk).leases
        today = day_of(self.house.now())
        return [
            FallbackNumber(lease_id=one.id, number=number)
            for one in found
            if (one.day, one.clinic_id) == (today, CLINIC)
            for number in one.numbers
        ]

    def day(self, transaction: Any) -> Any:
        mine = queue_days.c.day == day_of(self.house.now()), queue_days.c.clinic_id == CLINIC
        return transaction.one(select(queue_days).where(*mine))

    # --- what kiosks and cables do

    def send(self, one: Somebody, write: Write) -> None:
        if write is Write.CHECK_IN:
            body: Any = Registration(
                patient=Person(number=one.number, level=EvidenceLevel.CHIP_GENUINE),
                clinic_id=CLINIC, use_insurance=True, arrived_at=one.issued, fallback=one.fallback,
                priority=Priority.MERIT if one.plan.priority else Priority.NONE,
            )  # fmt: skip
        else:
            assert one.fallback is not None
            body = FallbackUse(registration_key=one.key, fallback=one.fallback, printed_at=one.issued)
        sent = Sent(one.key, hashlib.sha256(body.model_dump_json().encode()).hexdigest())

        def work(transaction: Any) -> Any:
            if write is Write.CHECK_IN:
                return register(self.house, transaction, one.kiosk, one.key, body, VERDICT)
            before = self.ticket_of(transaction, one)
            answer = early.perform(self.house, transaction, one.kiosk, write, one.key, body)
            if before is not None and before["number"] != body.fallback.number:
                calls = self.day(transaction)["calls"]
                self.voided[before["number"]] = calls
                if (before["status"], self.ticket_of(transaction, one)["status"]) == ("done", "waiting"):
                    self.anew[calls].append(one.key)
            return answer

        answers = [once(self.house, one.kiosk, write, sent, work) for _ in range(one.plan.times)]
        assert len({bytes(answer.body) for answer in answers}) == 1
        if write is Write.CHECK_IN and one.fallback is None:
            one.slip = json.loads(answers[0].body)["number"]

    def ticket_of(self, transaction: Any, one: Somebody) -> Any:
        found = transaction.one(
            select(tickets)
            .join(registrations, registrations.c.check_in_id == tickets.c.check_in_id)
            .where(registrations.c.registration_key == one.key, tickets.c.status != "voided")
        )
        return found

    def kiosk_works(self, kiosk: Kiosk, *, cut: bool) -> None:
        """Its registrations one after the other; `cut`: those its cable brings, all printed before."""
        for one in self.people:
            if one.kiosk is kiosk and one.plan.cut is cut:
                writes = [Write.CHECK_IN] if one.fallback is None else [Write.CHECK_IN, Write.FALLBACK]
                for write in reversed(writes) if one.plan.backwards else writes:
                    self.send(one, write)
                if one.fallback is not None:
                    one.slip = one.fallback.number

    # --- what counters do

    def counter_calls(self, counter: str, times: int) -> None:
        for _ in range(times):
            while not self.calls_next(counter):
                """The number at the counter became another one, as its paper says: the console looks again."""

    def calls_next(self, counter: str) -> bool:
        """One action, sent again as its answer was lost: it is no second call."""
        key, at = str(uuid.uuid4()), self.at(counter)
        try:
            for _time in range(2):
                with self.house.store.write() as transaction:
                    seat = counters.act(self.house, transaction, counter, self.clerks[counter], key)
                    if seat is not None:
                        self.call(transaction, seat, at)
        except Refused as refused:
            assert refused.status == 409
            return False
        return True

    def at(self, counter: str) -> str | None:
        with self.house.store.read() as transaction:
            row = calling.at_counter(transaction, counter, day_of(self.house.now()))
        return None if row is None else str(row["id"])

    def call(self, transaction: Any, seat: Seat, after: str | None) -> None:
        ticket_id = calling.call_next(self.house, transaction, seat, CLINIC, after)
        if ticket_id is None:
            return
        day = self.day(transaction)
        row = transaction.one(select(tickets.c.number).where(tickets.c.id == ticket_id))
        called = Called(day["calls"], day["last_arrival"], day["overtaken"], ticket_id, row["number"])
        self.calls.append(called)

    def all_at_once(self) -> None:
        works: list[Callable[[], None]] = [
            *(
                lambda kiosk=kiosk, cut=cut: self.kiosk_works(kiosk, cut=cut)
                for kiosk in self.kiosks
                for cut in (False, True)
            ),
            *(lambda id=id: self.counter_calls(id, len(self.people) // 2 + 1) for id in "ab"),
        ]
        barrier, faults = threading.Barrier(len(works)), list[BaseException]()

        def guarded(work: Callable[[], None]) -> None:
            try:
                barrier.wait(60)
                work()
            except BaseException as fault:
                faults.append(fault)

        threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not faults, faults

    # --- what must hold

    def check(self) -> None:
        with self.house.store.read() as transaction:
            today = tickets.c.day == day_of(self.house.now())
            rows = [dict(row) for row in transaction.all(select(tickets).where(today))]
            owner = {self.ticket_of(transaction, one)["id"]: one for one in self.people}
            arrived = {one.key: self.ticket_of(transaction, one)["arrival"] for one in self.people}
        numbers = [row["number"] for row in rows]
        assert len(numbers) == len(set(numbers)), "a number twice"
        alive = [row for row in rows if row["status"] != "voided"]
        assert sorted(row["number"] for row in alive) == sorted(one.slip for one in self.people), "a ticket lost"
        assert len({one.ticket_id for one in self.calls}) == len(self.calls), "called twice"
        in_vain = sum(map(len, self.anew.values()))
        assert len(self.calls) == len(self.people) + in_vain, "somebody was called twice, or not"
        for called in self.calls:
            assert called.place <= self.voided.get(called.number, called.place), "a void number was called"
        ids = self.people_by_every_ticket(rows, owner)
        waiting, overtaken = dict.fromkeys((one.key for one in self.people), True), 0
        for place, called in enumerate(sorted(self.calls, key=lambda one: one.place), 1):
            assert called.place == place, "a call that nobody counted"
            waiting |= dict.fromkeys(self.anew[place - 1], True)
            here = [one for one in self.people if waiting[one.key] and arrived[one.key] <= called.joined]
            lanes = [
                sorted((one for one in here if one.plan.priority is wanted), key=lambda one: one.issued)
                for wanted in (True, False)
            ]
            if lanes[0] and (not lanes[1] or overtaken < RATIO):
                wanted, overtaken = lanes[0][0], overtaken + 1 if lanes[1] else 0
            else:
                wanted, overtaken = lanes[1][0], 0
            assert ids[called.ticket_id] is wanted, "somebody was called whose turn it was not"
            assert called.overtaken == overtaken
            waiting[wanted.key] = False

    def people_by_every_ticket(self, rows: list[dict[str, Any]], owner: dict[str, Somebody]) -> dict[str, Somebody]:
        """Also tickets that were called and then void, as another number stood on the paper."""
        by_check_in = {row["check_in_id"]: owner[row["id"]] for row in rows if row["id"] in owner}
        return {row["id"]: by_check_in[row["check_in_id"]] for row in rows}


PLANS = st.lists(
    st.builds(Plan, st.sampled_from([0, 1]), st.booleans(), st.booleans(), st.booleans(), st.integers(1, 2)),
    min_size=4,
    max_size=14,
)


def test_kiosks_cables_and_counters_at_once_keep_every_promise(gateway: Any) -> None:
    @settings(
        max_examples=EXAMPLES, phases=[Phase.generate], derandomize=True, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(PLANS)
    def whatever_comes(plans: list[Plan]) -> None:
        morning = Morning(gateway, plans)
        morning.all_at_once()
        # Whoever is still in the line is called in peace.
        for _ in plans:
            morning.counter_calls("a", 1)
        morning.check()

    whatever_comes()
