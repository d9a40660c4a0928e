"""A simulated scanner as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]


class SimulatedScanner:
    """One `python -m simulators.scanner` on the stable name `path`."""

    def __init__(self, link: Path, *options: str) -> None:
        self.path = str(link)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simulators.scanner", "--link", self.path, *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.facts: dict[str, Any] = json.loads(self.process.stdout.readline())

    def do(self, verb: str, **body: object) -> dict[str, Any]:
        answer = httpx.post(f"{self.facts['control']}/{verb}", json=body, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def end(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def simulated_scanner(tmp_path: Path) -> Iterator[Callable[..., SimulatedScanner]]:
    """Start a scanner with options; all are ended with the test."""
    started: list[SimulatedScanner] = []

    def start(*options: str) -> SimulatedScanner:
        started.append(SimulatedScanner(tmp_path / f"scanner{len(started)}", *options))
        return started[-1]

    yield start
    for scanner in started:
        scanner.end()
