"""A simulated card terminal as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
SERENE = {
    "card": "approve",
    "lost": "nothing",
    "delay": 0.3,
    "step": 0.02,
    "card_seconds": 5.0,
    "by_hand": False,
    "leak": False,
    "lost_statuses": 0,
}


class SimulatedTerminal:
    """One `python -m simulators.card_terminal`."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simulators.card_terminal", "--step", "0.02", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.facts: dict[str, Any] = json.loads(self.process.stdout.readline())

    def do(self, verb: str, **body: object) -> dict[str, Any]:
        answer = httpx.post(f"{self.facts['control']}/{verb}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def state(self) -> dict[str, Any]:
        return httpx.get(f"{self.facts['control']}/state", timeout=10).json()

    def kill(self) -> None:
        """The power goes, without a word."""
        self.process.kill()
        self.end()

    def end(self) -> None:
        """It ends with its standard input."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="module")
def one_terminal() -> Iterator[SimulatedTerminal]:
    simulated = SimulatedTerminal()
    yield simulated
    simulated.end()


@pytest.fixture
def terminal(one_terminal: SimulatedTerminal) -> SimulatedTerminal:
    """Switched on, and the next payer pays."""
    one_terminal.do("power", on=True)
    one_terminal.do("play", **SERENE)
    return one_terminal
