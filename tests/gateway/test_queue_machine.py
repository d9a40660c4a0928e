"""Whatever kiosks, cables and counters do: no number twice, none lost, the rule of calling kept, void ones silent.

A model of the queue, written apart from the gateway's, is compared with the store after every step.
"""

from __future__ import annotations

import hashlib
import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from gateway.api.deps import Sent
from gateway.api.idempotency import once
from gateway.clock import day_of
from gateway.fleet.evidence import EvidenceVerdict
from gateway.fleet.kiosks import Kiosk
from gateway.problems import Refused
from gateway.queue import calling, counters, early, moving
from gateway.queue.counters import Clerk, Seat
from gateway.queue.leases import top_up
from gateway.queue.numbers import printed
from gateway.queue.registration import register
from gateway.settings import CounterSettings
from gateway.store.tables import queue_days, registrations, tickets
from services.contract.models import (
    Abandon,
    AbandonReason,
    EvidenceLevel,
    FallbackNumber,
    FallbackUse,
    Leases,
    Person,
    Priority,
    Registration,
)
from services.contract.routes import Write

CLINICS = ("tim-mach", "mat")
COUNTERS = {"a": "tim-mach", "b": "tim-mach", "c": "mat"}
RATIO = 2
VERDICT = EvidenceVerdict(EvidenceLevel.CHIP_GENUINE, "")


@dataclass
class Somebody:
    """A person as the model knows them."""

    number: str
    """Of the ID card."""
    kiosk: Kiosk
    priority: bool
    clinic: str
    issued: datetime
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    slip: str = ""
    """What stands on the paper in their hand."""
    fallback: FallbackNumber | None = None
    unsent: list[Write] = field(default_factory=list[Write])
    known: bool = False
    """The gateway has the registration."""
    state: str = "coming"
    lane: str = ""
    due: int = 0
    arrival: int = 0
    counter: str = ""
    moved_to: str = ""
    twice: bool = False
    """They came again, and were told the number they have."""


@dataclass
class Line:
    """The model of one clinic's day: who was called by the rule, in letters of their lanes, and how many calls."""

    called: list[str] = field(default_factory=list[str])
    calls: int = 0

    def overtaken(self) -> int:
        """Priority calls over the heads of ordinary people since the last ordinary call ("P"; "p" over nobody)."""
        count = 0
        for letter in reversed([one for one in self.called if one != "R"]):
            if letter != "P":
                break
            count += 1
        return count


class Queue(RuleBasedStateMachine):
    """Every example is a day of its own, or two, at one gateway."""

    gateway: Any

    def __init__(self) -> None:
        super().__init__()
        gateway = self.gateway
        gateway.clock.turn(days=2)
        ours = tuple(CounterSettings(id=id, name=id, name_en=id, clinics=(clinic,)) for id, clinic in COUNTERS.items())
        self.house = replace(gateway.house, settings=gateway.house.settings.model_copy(update={"counters": ours}))
        self.house.settings.__dict__.pop("all_counters", None)
        self.kiosks = [Kiosk(f"{letter}{uuid.uuid4().hex[:12]}", letter, letter, letter) for letter in "BC"]
        self.clerks = {id: Clerk(f"clerk-{id}", f"session-{id}") for id in COUNTERS}
        for id, clerk in self.clerks.items():
            with self.house.store.write() as transaction:
                assert counters.take(self.house, transaction, id, clerk)
        self.arrivals = 0
        self.new_day()

    def new_day(self) -> None:
        self.people: list[Somebody] = []
        self.lines = {clinic: Line() for clinic in CLINICS}
        self.printed: dict[tuple[date, str, str], str] = {}
        self.void: set[tuple[str, str]] = set()
        self.held: dict[tuple[str, str], list[FallbackNumber]] = {}
        for kiosk in self.kiosks:
            for lease in self.leases(kiosk).leases:
                if lease.day == self.day and lease.clinic_id in CLINICS:
                    self.held[kiosk.id, lease.clinic_id] = [
                        FallbackNumber(lease_id=lease.id, number=number) for number in lease.numbers
                    ]

    @property
    def day(self) -> date:
        return day_of(self.house.now())

    def leases(self, kiosk: Kiosk) -> Leases:
        with self.house.store.write() as transaction:
            return top_up(self.house, transaction, kiosk)

    # --- what kiosks do

    def somebody(self, kiosk: int, priority: bool, clinic: str) -> Somebody:
        self.gateway.clock.turn(seconds=30)
        self.arrivals += 1
        return Somebody(f"09908{self.arrivals:07}", self.kiosks[kiosk], priority, clinic, self.house.now())

    def send(self, one: Somebody, write: Write, times: int) -> dict[str, Any] | None:
        """The same write, once or again because no answer came: the answers are the same."""
        if write is Write.CHECK_IN:
            body: Any = Registration(
                patient=Person(number=one.number, level=EvidenceLevel.CHIP_GENUINE),
                clinic_id=one.clinic, use_insurance=True, arrived_at=one.issued, fallback=one.fallback,
                priority=Priority.MERIT if one.priority else Priority.NONE,
            )  # fmt: skip
        else:
            assert one.fallback is not None
            body = FallbackUse(registration_key=one.key, fallback=one.fallback, printed_at=one.issued)
        sent = Sent(one.key, hashlib.sha256(body.model_dump_json().encode()).hexdigest())

        def work(transaction: Any) -> Any:
            if write is Write.CHECK_IN:
                return register(self.house, transaction, one.kiosk, one.key, body, VERDICT)
            return early.perform(self.house, transaction, one.kiosk, write, one.key, body)

        answers = [once(self.house, one.kiosk, write, sent, work) for _ in range(times)]
        assert len({bytes(answer.body) for answer in answers}) == 1
        return json.loads(answers[0].body) if answers[0].body else None

    @rule(
        kiosk=st.sampled_from([0, 1]), priority=st.booleans(), clinic=st.sampled_from(CLINICS), times=st.integers(1, 2)
    )
    def comes(self, kiosk: int, priority: bool, clinic: str, times: int) -> None:
        one = self.somebody(kiosk, priority, clinic)
        answer = self.send(one, Write.CHECK_IN, times)
        assert answer is not None
        one.slip = answer["number"]
        self.people.append(one)
        self.joins(one)
        self.is_printed(one)

    @rule(priority=st.booleans(), clinic=st.sampled_from(CLINICS))
    def comes_to_two_kiosks_at_once(self, priority: bool, clinic: str) -> None:
        """Two cards of one person, or a child and its mother with one card: one number."""
        both = [self.somebody(0, priority, clinic)]
        both.append(replace(both[0], kiosk=self.kiosks[1], key=str(uuid.uuid4())))
        barrier, numbers = threading.Barrier(2), dict[str, str]()

        def send(one: Somebody) -> None:
            barrier.wait(60)
            answer = self.send(one, Write.CHECK_IN, 1)
            assert answer is not None
            numbers[one.key] = answer["number"]

        threads = [threading.Thread(target=send, args=(one,)) for one in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(numbers) == 2 and len(set(numbers.values())) == 1
        with self.house.store.read() as transaction:
            keys = registrations.c.registration_key.in_(numbers)
            first = transaction.all(select(registrations.c.registration_key).where(keys, registrations.c.first))
        assert len(first) == 1, "both were the first"
        one = next(one for one in both if one.key == first[0]["registration_key"])
        one.slip = numbers[one.key]
        self.people.append(one)
        self.joins(one)
        self.is_printed(one)

    @precondition(lambda self: any(one.state == "waiting" and one.known and not one.unsent for one in self.people))
    @rule(data=st.data(), times=st.integers(1, 2))
    def leaves_before_the_end(self, data: Any, times: int) -> None:
        able = [one for one in self.people if one.state == "waiting" and one.known and not one.unsent]
        one = data.draw(st.sampled_from(able))
        body = Abandon(registration_key=one.key, reason=AbandonReason.LEFT, at=self.house.now())
        sent = Sent(str(uuid.uuid4()), hashlib.sha256(body.model_dump_json().encode()).hexdigest())
        for _ in range(times):
            once(self.house, one.kiosk, Write.ABANDON, sent, lambda transaction: early.perform(
                self.house, transaction, one.kiosk, Write.ABANDON, one.key, body))  # fmt: skip
        one.state = "left"

    @precondition(lambda self: any(one.state == "waiting" for one in self.people))
    @rule(data=st.data(), kiosk=st.sampled_from([0, 1]))
    def comes_again(self, data: Any, kiosk: int) -> None:
        one = data.draw(st.sampled_from([one for one in self.people if one.state == "waiting"]))
        again = replace(one, kiosk=self.kiosks[kiosk], key=str(uuid.uuid4()), fallback=None, issued=self.house.now())
        answer = self.send(again, Write.CHECK_IN, 1)
        assert answer is not None
        one.twice = True
        assert answer["number"] == (one.slip if one.known and not one.unsent else answer["number"])

    @rule(kiosk=st.sampled_from([0, 1]), priority=st.booleans(), clinic=st.sampled_from(CLINICS))
    def comes_while_the_cable_is_cut(self, kiosk: int, priority: bool, clinic: str) -> None:
        free = self.held[self.kiosks[kiosk].id, clinic]
        if not free:
            return
        one = self.somebody(kiosk, priority, clinic)
        one.fallback = free.pop(0)
        one.slip = one.fallback.number
        one.unsent = [Write.CHECK_IN, Write.FALLBACK]
        self.people.append(one)
        self.is_printed(one)

    @precondition(lambda self: any(one.unsent for one in self.people))
    @rule(data=st.data(), times=st.integers(1, 2))
    def the_cable_carries_one_write(self, data: Any, times: int) -> None:
        """In whatever order."""
        one = data.draw(st.sampled_from([one for one in self.people if one.unsent]))
        write = data.draw(st.sampled_from(one.unsent))
        one.unsent.remove(write)
        given = self.ticket_of(one)["number"] if one.known else one.slip
        answer = self.send(one, write, times)
        if write is Write.FALLBACK and given != one.slip:
            self.void.add((one.clinic, given))
            if one.state in {"skip", "done"} and not one.twice:
                # Called by a number that stood on no paper: they were not called yet.
                one.state, one.lane, one.due = "waiting", "P" if one.priority else "O", 0
        if write is Write.CHECK_IN:
            assert answer is not None
            self.joins(one)
        if not one.unsent:
            assert answer is not None and answer["number"] == one.slip

    def joins(self, one: Somebody) -> None:
        one.known = True
        one.arrival = max((other.arrival for other in self.people), default=0) + 1
        if one.state == "coming":
            one.state, one.lane = "waiting", "P" if one.priority else "O"

    def is_printed(self, one: Somebody) -> None:
        paper = self.day, one.clinic, one.slip
        assert paper not in self.printed, "a number twice"
        self.printed[paper] = one.key

    # --- what counters do

    def act(self, counter: str, work: Callable[[Any, Seat], Any], times: int = 1) -> None:
        """One action, sent again when its answer was lost."""
        key = str(uuid.uuid4())
        for _ in range(times):
            with self.house.store.write() as transaction:
                seat = counters.act(self.house, transaction, counter, self.clerks[counter], key)
                if seat is not None:
                    work(transaction, seat)

    def row_at(self, counter: str) -> Any:
        with self.house.store.read() as transaction:
            return calling.at_counter(transaction, counter, self.day)

    def person_of(self, row: Any) -> Somebody:
        """Whose ticket that is: by the registration's key, or by the paper that was read out."""
        by_slip = [one for one in self.people if one.slip == printed(row["number"])]
        by_slip = [one for one in by_slip if one.clinic == (row["home_clinic_id"] or row["clinic_id"])]
        if row["check_in_id"] is None or by_slip:
            assert len(by_slip) == 1
            return by_slip[0]
        with self.house.store.read() as transaction:
            found = transaction.one(
                select(registrations.c.registration_key).where(
                    registrations.c.check_in_id == row["check_in_id"], registrations.c.first
                )
            )
        assert found is not None
        return next(one for one in self.people if one.key == found["registration_key"])

    def here(self, clinic: str) -> list[Somebody]:
        return [one for one in self.people if one.state == "waiting" and self.at(one) == clinic]

    def at(self, one: Somebody) -> str:
        return one.moved_to or one.clinic

    def expected(self, clinic: str) -> Somebody | None:
        """Who must be called next, and the model remembers that they were."""
        line, waiting = self.lines[clinic], self.here(clinic)
        lanes = {
            letter: sorted(
                (one for one in waiting if one.lane == letter), key=lambda one: (one.due, one.issued, one.arrival)
            )
            for letter in "POR"
        }
        others = lanes["P"] or lanes["O"]
        back = lanes["R"]
        if back and (not others or (back[0].due <= line.calls and line.called[-1:] != ["R"])):
            letter, one = "R", back[0]
        elif lanes["P"] and (not lanes["O"] or line.overtaken() < RATIO):
            letter, one = ("P" if lanes["O"] else "p"), lanes["P"][0]
        elif lanes["O"]:
            letter, one = "O", lanes["O"][0]
        else:
            return None
        line.called.append(letter)
        line.calls += 1
        return one

    def leaves_counter(self, counter: str, state: str) -> None:
        for one in self.people:
            if one.state == "called" and one.counter == counter:
                one.state, one.counter = state, ""

    def is_called(self, one: Somebody, counter: str) -> None:
        self.leaves_counter(counter, "done")
        one.state, one.counter = "called", counter

    @rule(counter=st.sampled_from(sorted(COUNTERS)), times=st.integers(1, 2))
    def calls_next(self, counter: str, times: int) -> None:
        clinic, before = COUNTERS[counter], self.row_at(counter)
        after = before and before["id"]
        self.act(counter, lambda t, seat: calling.call_next(self.house, t, seat, clinic, after), times)
        row = self.row_at(counter)
        one = self.expected(clinic)
        if one is None:
            assert row is None
            self.leaves_counter(counter, "done")
            return
        assert row is not None and self.person_of(row) is one
        assert (clinic, row["number"]) not in self.void, "a void number was called"
        self.is_called(one, counter)

    @rule()
    def two_counters_call_at_once(self) -> None:
        first = {id: row and row["id"] for id in ("a", "b") for row in [self.row_at(id)]}
        barrier, faults = threading.Barrier(2), list[BaseException]()

        def call(counter: str) -> None:
            try:
                barrier.wait(60)
                self.act(counter, lambda t, seat: calling.call_next(self.house, t, seat, "tim-mach", first[counter]))
            except BaseException as fault:
                faults.append(fault)

        threads = [threading.Thread(target=call, args=(id,)) for id in ("a", "b")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not faults
        for id in ("a", "b"):
            self.leaves_counter(id, "done")
        wanted: list[Somebody] = []
        for _ in range(2):
            if (one := self.expected("tim-mach")) is not None:
                one.state = "called"
                wanted.append(one)
        called = {id: self.person_of(row) for id in ("a", "b") if (row := self.row_at(id)) is not None}
        assert {one.key for one in called.values()} == {one.key for one in wanted}
        for id, one in called.items():
            one.state, one.counter = "called", id

    @precondition(lambda self: any(one.state == "called" for one in self.people))
    @rule(data=st.data(), verb=st.sampled_from(["recall", "finish", "skip", "away", "back", "transfer"]))
    def does_something_with_the_called_one(self, data: Any, verb: str) -> None:
        one = data.draw(st.sampled_from([one for one in self.people if one.state == "called"]))
        counter, ticket = one.counter, self.row_at(one.counter)["id"]
        clinic, house = COUNTERS[counter], self.house
        other = next(id for id in CLINICS if id != clinic)
        does: dict[str, Callable[[Any, Seat], None]] = {
            "recall": lambda t, seat: calling.recall(house, t, seat, ticket),
            "finish": lambda t, seat: calling.finish(house, t, seat, ticket),
            "skip": lambda t, seat: calling.skip(house, t, seat, ticket),
            "away": lambda t, seat: calling.send_away(house, t, seat, ticket),
            "back": lambda t, seat: calling.take_in(house, t, seat, ticket, 2),
            "transfer": lambda t, seat: moving.transfer(house, t, seat, ticket, other),
        }
        if verb == "transfer" and (one.unsent or one.fallback is not None):
            verb = "finish"
        self.act(counter, does[verb], 2)
        match verb:
            case "finish":
                self.leaves_counter(counter, "done")
            case "skip" | "away":
                self.leaves_counter(counter, verb)
            case "back":
                self.leaves_counter(counter, "waiting")
                one.lane, one.due = "R", self.lines[clinic].calls + 2
            case "transfer":
                self.leaves_counter(counter, "waiting")
                one.moved_to, one.lane, one.due = other, "P" if one.priority else "O", 0

    @precondition(lambda self: any(one.state in {"skip", "away"} and one.known for one in self.people))
    @rule(data=st.data(), calls=st.integers(0, 3))
    def takes_somebody_in_again(self, data: Any, calls: int) -> None:
        one = data.draw(st.sampled_from([one for one in self.people if one.state in {"skip", "away"} and one.known]))
        clinic, ticket = self.at(one), self.ticket_of(one)["id"]
        counter = next(id for id, own in COUNTERS.items() if own == clinic)
        self.act(counter, lambda t, seat: calling.take_in(self.house, t, seat, ticket, calls), 2)
        one.state, one.lane, one.due = "waiting", "R", self.lines[clinic].calls + calls

    @rule(counter=st.sampled_from(sorted(COUNTERS)))
    def a_supervisor_frees_a_counter(self, counter: str) -> None:
        """Whoever sat there does nothing more; who was called stays there for the next clerk."""
        gone = self.clerks[counter]
        with self.house.store.write() as transaction:
            counters.free(self.house, transaction, counter)
        clinic, row = COUNTERS[counter], self.row_at(counter)
        with pytest.raises(Refused):
            self.act(counter, lambda t, seat: calling.call_next(self.house, t, seat, clinic, row and row["id"]))
        after = self.row_at(counter)
        assert (after and after["id"]) == (row and row["id"])
        self.clerks[counter] = Clerk(f"{gone.name}+", f"{gone.session}+")
        with self.house.store.write() as transaction:
            assert counters.take(self.house, transaction, counter, self.clerks[counter])

    @precondition(lambda self: not any(one.unsent for one in self.people))
    @rule(clinic=st.sampled_from(CLINICS))
    def a_clinic_is_closed_and_its_line_moved(self, clinic: str) -> None:
        """Who stands at a counter stays there, everybody else goes to the other clinic, in the order of their issue."""
        to = next(id for id in CLINICS if id != clinic)
        with self.house.store.write() as transaction:
            moving.close(self.house, transaction, clinic, "supervisor")
            moved = moving.transfer_all(self.house, transaction, clinic, to, "supervisor")
        going = [one for one in self.people if self.at(one) == clinic and one.state in {"waiting", "skip", "away"}]
        assert moved == len(going)
        for one in going:
            one.moved_to, one.lane, one.due = to, "P" if one.priority else "O", 0
        with self.house.store.write() as transaction:
            moving.reopen(self.house, transaction, clinic)

    @precondition(lambda self: any(one.unsent == [Write.CHECK_IN, Write.FALLBACK] for one in self.people))
    @rule(data=st.data())
    def calls_a_number_from_its_paper(self, data: Any) -> None:
        """Printed offline, and the gateway knows nothing of it yet."""
        coming = [
            one for one in self.people if one.unsent == [Write.CHECK_IN, Write.FALLBACK] and one.state == "coming"
        ]
        if not coming:
            return
        one = data.draw(st.sampled_from(coming))
        counter = next(id for id, own in COUNTERS.items() if own == one.clinic)
        before = self.row_at(counter)
        after = before and before["id"]
        self.act(counter, lambda t, seat: calling.call_slip(self.house, t, seat, one.clinic, one.slip, after), 2)
        self.lines[one.clinic].calls += 1
        self.is_called(one, counter)

    @rule()
    def midnight(self) -> None:
        """What is still on its way joins the day it was printed on, never the new one."""
        late = [one for one in self.people if one.unsent]
        yesterday = self.day
        self.gateway.clock.turn(days=1)
        self.new_day()
        for one in late:
            for write in list(one.unsent):
                self.send(one, write, 2)
        with self.house.store.read() as transaction:
            numbers = {
                row["number"]
                for row in transaction.all(select(tickets).where(tickets.c.day == yesterday))
                if row["status"] != "voided"
            }
            today = transaction.all(select(tickets).where(tickets.c.day == self.day))
        assert {one.slip for one in late} <= numbers
        assert today == []

    # --- what must hold

    def ticket_of(self, one: Somebody) -> Any:
        with self.house.store.read() as transaction:
            rows = transaction.all(select(tickets).where(tickets.c.day == self.day, tickets.c.status != "voided"))
        return next(row for row in rows if self.person_of(row) is one)

    def teardown(self) -> None:
        with self.house.store.read() as transaction:
            rows = transaction.all(select(tickets).where(tickets.c.day == self.day))
            days = {row["clinic_id"]: row for row in transaction.all(select(queue_days)) if row["day"] == self.day}
        alive = [row for row in rows if row["status"] != "voided"]
        numbers = [(row["clinic_id"], row["number"]) for row in rows]
        assert len(numbers) == len(set(numbers)), "a number twice"
        names = {
            "left": "abandoned",
            "skip": "missed",
            "away": "away",
            "waiting": "waiting",
            "called": "called",
            "done": "done",
        }
        found = {self.person_of(row).key: (row["status"], row["clinic_id"]) for row in alive}
        wanted = {
            one.key: (names.get(one.state, one.state), self.at(one)) for one in self.people if one.state != "coming"
        }
        assert found == wanted, "a ticket lost, or in another state than it was brought to"
        assert len(alive) == len(wanted), "two tickets of one person"
        for clinic in CLINICS:
            row = days.get(clinic)
            counted = (
                0 if row is None else sum(row[f"waiting_{lane}"] for lane in ("priority", "ordinary", "returning"))
            )
            assert counted == len(self.here(clinic))


def test_the_queue_keeps_its_promises_whatever_happens(gateway: Any) -> None:
    machine = type("AQueue", (Queue,), {"gateway": gateway})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20, stateful_step_count=25, phases=[Phase.generate], derandomize=True,
            deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
