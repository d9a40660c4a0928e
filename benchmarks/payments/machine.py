"""A Hypothesis state machine over a life: anything may happen after anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from benchmarks.payments.databases import Template
from benchmarks.payments.life import Life

WHICH = st.integers(0, 5)
OUTCOMES = ["approved", "approved", "declined", "reversed", "not-found", "unknown", "unknown-charged", "silent",
            "silent-charged"]  # fmt: skip
HOW = st.sampled_from(["told", "told", "twice", "later", "lost"])


class Money(RuleBasedStateMachine):
    """One run."""

    template: ClassVar[Template]
    totals: ClassVar[dict[str, int]]

    def __init__(self) -> None:
        super().__init__()
        self.life: Life | None = None

    @initialize(orders=st.booleans())
    def begin(self, orders: bool) -> None:
        self.life = Life(self.template, orders=orders)
        self.life.make(0)

    @rule(which=WHICH, method=st.sampled_from(["qr", "qr", "qr", "card"]))
    def make(self, which: int, method: str) -> None:
        self.step("make", which, method)

    @rule(which=WHICH, amount=st.sampled_from([0, 0, 0, 1, 2]), how=HOW)
    def pay(self, which: int, amount: int, how: str) -> None:
        self.step("pay", which, amount, how)

    @rule(which=WHICH, amount=st.sampled_from([0, 0, 1, 2]), how=HOW)
    def make_and_pay(self, which: int, amount: int, how: str) -> None:
        assert self.life is not None
        self.step("make", which)
        self.step("pay", len(self.life.shown) - 1, amount, how)

    @rule(how=HOW)
    def stray(self, how: str) -> None:
        self.step("stray", how)

    @rule(which=WHICH)
    def deliver(self, which: int) -> None:
        self.step("deliver", which)

    @rule(which=WHICH, how=st.sampled_from(["altered", "forged"]))
    def forge(self, which: int, how: str) -> None:
        self.step("forge", which, how)

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        self.step("cancel", which)

    @rule(which=WHICH)
    def claim(self, which: int) -> None:
        self.step("claim", which)

    @rule(which=WHICH, outcome=st.sampled_from(OUTCOMES))
    def card(self, which: int, outcome: str) -> None:
        self.step("card", which, outcome)

    @rule(which=WHICH)
    def card_beside_cash(self, which: int) -> None:
        self.step("card_beside_cash", which)

    @rule(which=WHICH)
    def give_back(self, which: int) -> None:
        """A question that can be answered by money going back is, and another person agrees."""
        self.step("task", which, 1)
        self.step("refund", which, 1)

    @rule(which=WHICH)
    def ask_back(self, which: int) -> None:
        self.step("ask_back", which)

    @rule(which=WHICH)
    def card_goes_back(self, which: int) -> None:
        """The whole way to a reversal that waits for the terminal."""
        self.step("card_beside_cash", which)
        self.step("task", 0, 1)
        self.step("refund", 0, 1)
        self.step("ask_back", 0)

    @rule()
    def ask_closing(self) -> None:
        self.step("ask_closing")

    @rule()
    def serve_duties(self) -> None:
        self.step("serve_duties")

    @rule(off=st.booleans())
    def terminal_off(self, off: bool) -> None:
        assert self.life is not None
        self.life.terminal.off = off

    @rule(which=WHICH)
    def at_desk(self, which: int) -> None:
        self.step("at_desk", which)

    @rule(which=WHICH, happens=st.sampled_from(["paid", "changed", "smaller", "cancelled"]))
    def at_till(self, which: int, happens: str) -> None:
        self.step("at_till", which, happens)

    @rule(which=WHICH)
    def at_visit(self, which: int) -> None:
        self.step("at_visit", which)

    @rule(which=WHICH, choice=WHICH)
    def task(self, which: int, choice: int) -> None:
        self.step("task", which, choice)

    @rule(which=WHICH, choice=WHICH)
    def refund(self, which: int, choice: int) -> None:
        self.step("refund", which, choice)

    @rule(seconds=st.sampled_from([5, 11, 61, 950]))
    def wait(self, seconds: int) -> None:
        self.step("wait", seconds)

    @rule(which=WHICH)
    def background(self, which: int) -> None:
        self.step("background", which)

    @rule(steps=st.integers(1, 12))
    def crash_soon(self, steps: int) -> None:
        """The process dies at a step that reaches outside, whatever it does then."""
        assert self.life is not None
        self.life.faults.kill_in(steps)

    @rule()
    def restart(self) -> None:
        assert self.life is not None
        self.life.restart()

    @rule(where=st.sampled_from(["payos", "hospital"]), when=st.booleans())
    def lose_an_answer(self, where: str, when: bool) -> None:
        assert self.life is not None
        play = getattr(self.life, where)
        play.verbs()["lose"]({"begins": "", "when": "after" if when else "before", "count": 1})

    @rule(down=st.booleans())
    def bank_down(self, down: bool) -> None:
        assert self.life is not None
        self.life.bank_down = down
        self.life.payos.outage = "error" if down else "none"

    def step(self, name: str, *values: Any) -> None:
        """Do it, and count it."""
        assert self.life is not None
        getattr(self.life, name)(*values)
        self.totals["steps"] = self.totals.get("steps", 0) + 1

    @invariant()
    def holds(self) -> None:
        if self.life is not None:
            self.life.check()

    def teardown(self) -> None:
        if self.life is None:
            return
        try:
            self.life.end()
            found = {
                "runs": 1,
                "kills": self.life.kills,
                "restarts": self.life.restarts,
                "transfers": len(self.life.taken),
                "forged": self.life.refused,
                "outside": self.life.faults.steps,
                "purchases": len(self.life.terminal.acquirer.purchases),
                "reversals": len(self.life.terminal.acquirer.reversals),
                "closings": len(self.life.terminal.closed),
            }
            for name, value in found.items():
                self.totals[name] = self.totals.get(name, 0) + value
        finally:
            self.life.close()


def run(template: Template, *, runs: int, steps: int, same: bool = False) -> dict[str, int]:
    """Play `runs` lives of up to `steps` steps; the sums of what happened. `same`: the same ones each time."""
    totals: dict[str, int] = {}
    machine = type("Life", (Money,), {"template": template, "totals": totals})
    phases = [Phase.generate] if same else [Phase.generate, Phase.shrink]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            phases=phases,
            derandomize=same,
            deadline=None,
            database=None,
            suppress_health_check=list(cast("Iterable[HealthCheck]", HealthCheck)),
        ),
    )
    return totals
