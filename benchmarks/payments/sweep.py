"""A fault at every step: each scenario is played once to count its steps that reach outside, then once for each step
and kind of fault: the process killed, or the step failed. What a kiosk repeats is repeated; then all must agree."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.payments.databases import Template
from benchmarks.payments.life import Life, in_the_evening
from gateway.house import House
from gateway.payments.report import report
from gateway.payments.running import run_due
from gateway.payments.watch import look_once, read_bills, reconcile

Scenario = Callable[[Life], None]


def paid(life: Life) -> None:
    """A visit's bill is paid by a code, and handed over."""
    life.insist_on_code(0)
    life.pay(0, 0, "told")
    life.deliver_all()
    life.work(run_due)
    life.work(run_due)


def paid_at_the_hospital(life: Life) -> None:
    """A bill of the hospital: read again, held, paid, handed over, its e-invoice fetched."""
    life.insist_on_code(2)
    life.pay(0, 0, "told")
    life.deliver_all()
    life.work(run_due)
    life.wait(5)
    life.work(run_due)


def told_by_nobody(life: Life) -> None:
    """The notification is lost; too little came, then the rest."""
    life.insist_on_code(0)
    life.pay(0, 1, "lost")
    life.wait(11)
    life.work(look_once)
    life.pay(0, 1, "lost")
    life.pay(0, 2, "lost")
    life.wait(21)
    life.work(look_once)


def left_and_paid_late(life: Life) -> None:
    """Somebody pays and walks away; the code is cancelled, its order closed, the bill let go; the money is found."""
    life.insist_on_code(2)
    life.pay(0, 0, "lost")
    life.insist(f"/v1/payment-intents/{life.newest()}/cancel")
    life.work(run_due)
    life.wait(700)
    life.work(reconcile)
    life.work(run_due)


def by_card(life: Life) -> None:
    """A purchase at the terminal whose answer gets lost on the way here."""
    life.insist("/v1/payment-intents", {"bill_id": life.bills[1], "method": "card"})
    life.card(0, "silent-charged")
    life.card(0, "approved")
    life.work(run_due)


def card_taken_back(life: Life) -> None:
    """Paid in cash while the card was in the terminal: the purchase goes back there, and the batch is closed."""
    life.insist("/v1/payment-intents", {"bill_id": life.bills[1], "method": "card"})
    life.card_beside_cash(1)
    life.card(0, "approved")
    for _ in range(2):
        life.at_desk(1)
        life.task(0, 1)
        life.refund(0, 1)
        life.ask_back(0)
    for _ in range(2):
        life.serve_duties()
    _close_twice(life)


def batches_closed(life: Life) -> None:
    """A batch closed in the evening, and what was bought after it with the next one."""
    for bill in (0, 1):
        life.insist("/v1/payment-intents", {"bill_id": life.bills[bill], "method": "card"})
        life.card(bill, "approved")
        life.card(bill, "approved")
        life.wait(2000)
        life.work(in_the_evening)
        life.serve_duties()
        life.serve_duties()
    _close_twice(life)


def _close_twice(life: Life) -> None:
    """What the terminal did not say it closed is closed by the cashier's wish."""
    for _ in range(2):
        life.wait(5)
        life.ask_closing()
        life.serve_duties()


def changed_and_given_back(life: Life) -> None:
    """Paid at the till while a code is live; what comes by the code goes back, by two people."""
    life.insist_on_code(2)
    life.pay(0, 1, "told")
    life.till.become(life.his[0], 1)
    life.wait(11)
    life.work(read_bills)
    life.work(run_due)
    for choice in (1, 1, 1):
        life.task(0, choice)
        life.refund(0, choice)


def end_of_day(life: Life) -> None:
    """A report that finds what nobody counted."""
    life.insist_on_code(0)
    life.pay(0, 0, "lost")
    day = (life.clock.now() + timedelta(hours=7)).date()
    for _ in range(2):
        life.work(_report_of(day))


def _report_of(day: date) -> Callable[[House], Awaitable[object]]:
    def made(house: House) -> Awaitable[object]:
        return report(house, day)

    return made


SCENARIOS: dict[str, Scenario] = {
    each.__name__: each
    for each in (paid, paid_at_the_hospital, told_by_nobody, left_and_paid_late, by_card, card_taken_back,
                 batches_closed, changed_and_given_back, end_of_day)
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One fault of a sweep."""

    scenario: str
    orders: bool
    step: int
    label: str
    kill: bool


def steps_of(template: Template, name: str, *, orders: bool) -> list[str]:
    """What a scenario does outside, undisturbed; it must end well."""
    life = Life(template, orders=orders)
    try:
        before = len(life.faults.labels)
        SCENARIOS[name](life)
        labels = life.faults.labels[before:]
        life.check()
        life.end()
        return labels
    finally:
        life.close()


def faults(template: Template, every: int = 1) -> Iterator[Fault]:
    """Every fault of the sweep, or each `every`-th."""
    count = 0
    for name in SCENARIOS:
        for orders in (False, True):
            for step, label in enumerate(steps_of(template, name, orders=orders), 1):
                for kill in (True, False):
                    count += 1
                    if count % every == 0:
                        yield Fault(name, orders, step, label, kill)


def play(template: Template, fault: Fault) -> None:
    """One scenario with one fault. Raises AssertionError when something is lost, doubled or contradicts another."""
    life = Life(template, orders=fault.orders)
    try:
        if fault.kill:
            life.faults.kill_in(fault.step)
        else:
            life.faults.fail_in(fault.step)
        SCENARIOS[fault.scenario](life)
        life.check()
        life.end()
    except AssertionError as error:
        raise AssertionError(f"{fault}: {error}") from error
    finally:
        life.close()
