"""`python -m benchmarks.chip [--repeat N]`: one table without delay and one on the radio model, through a real pcscd.

The card is the simulator's, in a process of its own, on a private pcscd; CPU is that of reading and judging alone.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.chip.floor import Floor, floor_of
from benchmarks.chip.profiles import CASES, Case
from simulators.citizens import load
from simulators.pcsc import READERS, PrivatePcscd

_CITIZEN = "khang"
_NONCE = bytes(range(8))
_MOST_CPU = 80.0


@dataclass(frozen=True)
class Measured:
    """Some readings of one case: medians, and the fastest, which other work on the machine disturbed least."""

    apdus: int
    sent: int
    received: int
    milliseconds: float
    fastest: float
    to_dg1: float
    to_identity: float
    cpu: float
    floor: Floor
    verdict: str


class VirtualCard:
    """The chip simulator as a process, through its control."""

    def __init__(self, port: int, trust: Path) -> None:
        command = [sys.executable, "-m", "simulators.chip", "--vpcd", str(port), "--trust-out", str(trust)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self._control: str = json.loads(self._process.stdout.readline())["control"]

    def ask(self, verb: str, options: Mapping[str, Any]) -> None:
        """Use a verb."""
        body = json.dumps(options).encode()
        with urllib.request.urlopen(f"{self._control}/{verb}", body) as answer:  # noqa: S310 our own loopback
            answer.read()

    def close(self) -> None:
        """End the simulator."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="benchmarks.chip")
    options.add_argument("--repeat", type=int, default=5, help="readings of each case")
    repeat = options.parse_args().repeat
    with PrivatePcscd() as pcsc, tempfile.TemporaryDirectory() as folder:
        os.environ.update(pcsc.env)
        card = VirtualCard(pcsc.port, Path(folder))
        try:
            broken = [
                promise
                for title, model in (("no delay", {}), ("radio model", {"delay_ms": 10.0, "kbit_s": 212.0}))
                for promise in _table(title, card, Path(folder), model, repeat)
            ]
        finally:
            card.close()
    for promise in broken:
        print(f"NOT KEPT: {promise}")
    sys.exit(bool(broken))


def _table(title: str, card: VirtualCard, trust: Path, model: Mapping[str, float], repeat: int) -> list[str]:
    print(f"\n{title}: median of {repeat}")
    print(
        f"{'reading':58}{'APDUs':>6}{'sent':>7}{'received':>9}{'ms':>8}{'fastest':>8}{'to DG1':>8}{'to who':>8}"
        f"{'CPU ms':>8}{'floor':>6}{'floor ms':>9}{'ratio':>6}  verdict"
    )
    broken: list[str] = []
    for case in CASES:
        found = _measure(case, card, trust, model, repeat)
        ratio = f"{found.fastest / found.floor.milliseconds:.2f}" if model else ""
        print(
            f"{case.name:58}{found.apdus:6}{found.sent:7}{found.received:9}{found.milliseconds:8.1f}"
            f"{found.fastest:8.1f}{found.to_dg1:8.1f}{found.to_identity:8.1f}"
            f"{found.cpu:8.1f}{found.floor.apdus:6}{found.floor.milliseconds:9.1f}{ratio:>6}  {found.verdict}"
        )
        broken += _broken(case, found, radio=bool(model))
    return broken


def _broken(case: Case, found: Measured, *, radio: bool) -> list[str]:
    broken: list[str] = []
    if case.most_apdus is not None and found.apdus > case.most_apdus:
        broken.append(f"{case.name}: {found.apdus} APDUs, promised {case.most_apdus}")
    if radio and case.most_seconds is not None and found.fastest > 1000 * case.most_seconds:
        broken.append(f"{case.name}: {found.fastest:.0f} ms, promised {1000 * case.most_seconds:.0f}")
    if radio and case.prove and found.to_dg1 > 250:
        broken.append(f"{case.name}: DG1 after {found.to_dg1:.0f} ms, promised 250")
    if not radio and case.prove and case.extended and found.cpu > _MOST_CPU:
        broken.append(f"{case.name}: {found.cpu:.0f} ms CPU, promised {_MOST_CPU:.0f}")
    return broken


def _measure(case: Case, card: VirtualCard, trust: Path, model: Mapping[str, float], repeat: int) -> Measured:
    """Lay the card down, read it `repeat` times, take it away."""
    # Imported here because the PC/SC library looks for its service's socket when it is loaded.
    from benchmarks.chip.reading import await_card, read_once
    from services.trust.store import load_store

    card.ask("insert", {"citizen": _CITIZEN, **case.card, **model})
    await_card(READERS[0], present=True)
    store = load_store(trust)
    person = load(_CITIZEN)
    runs = [read_once(READERS[0], person, case, _NONCE, store, datetime.now(UTC)) for _ in range(repeat + 1)][1:]
    card.ask("remove", {})
    await_card(READERS[0], present=False)
    figures = [run.reading.figures for run in runs]
    return Measured(
        max(one.apdus for one in figures),
        max(one.bytes_sent for one in figures),
        max(one.bytes_received for one in figures),
        statistics.median(run.milliseconds for run in runs),
        min(run.milliseconds for run in runs),
        statistics.median(run.to_dg1 for run in runs),
        statistics.median(run.to_identity for run in runs),
        statistics.median(run.cpu for run in runs),
        floor_of(runs[0].reading, case.longest, extended=case.extended),
        runs[0].verdict,
    )


if __name__ == "__main__":
    main()
