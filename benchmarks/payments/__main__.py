"""`python -m benchmarks.payments machine | sweep | waiting`: proofs and figures of paying (docs/evidence.md).

python -m benchmarks.payments machine --runs 2000 --steps 40    # random lives against a model of bank and till
python -m benchmarks.payments sweep                             # a fault at every step that reaches outside
python -m benchmarks.payments waiting --kiosks 200              # from the bank's notification to the kiosk
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.payments.databases import Template

HUNDRED = 100
"""So many lives are one search of Hypothesis's."""


def main() -> int:
    """Run one; 0 when every promise was kept."""
    parser = argparse.ArgumentParser("python -m benchmarks.payments")
    commands = parser.add_subparsers(dest="command", required=True)
    machine = commands.add_parser("machine")
    machine.add_argument("--runs", type=int, default=200)
    machine.add_argument("--steps", type=int, default=40)
    machine.add_argument(
        "--minutes", type=float, default=0.0, help="stop before the next hundred lives when it is over"
    )
    machine.add_argument("--postgres", action="store_true", help="on a PostgreSQL server of its own")
    sweep = commands.add_parser("sweep")
    sweep.add_argument("--every", type=int, default=1, help="only each n-th fault")
    sweep.add_argument("--postgres", action="store_true", help="on a PostgreSQL server of its own")
    waiting = commands.add_parser("waiting")
    waiting.add_argument("--kiosks", type=int, default=200)
    waiting.add_argument("--rounds", type=int, default=3, help="how often every kiosk pays")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if options.command == "waiting":
        from benchmarks.payments.waiting import measure

        return measure(options.kiosks, options.rounds)
    with tempfile.TemporaryDirectory(prefix="tram-money-") as folder, ExitStack() as opened:
        template = opened.enter_context(_template(Path(folder), postgres=options.postgres))
        began = time.monotonic()
        if options.command == "machine":
            _machine(template, options.runs, options.steps, options.minutes)
        elif not _sweep(template, options.every):
            return 1
        print(f"{time.monotonic() - began:.0f} s")
    return 0


@contextmanager
def _template(folder: Path, *, postgres: bool) -> Generator[Template]:
    from benchmarks.payments.databases import PostgresTemplate, SqliteTemplate

    if not postgres:
        yield SqliteTemplate(folder)
        return
    from benchmarks.gateway.postgres import cluster

    with cluster() as (url, _process):
        yield PostgresTemplate(url)


def _machine(template: Template, runs: int, steps: int, minutes: float) -> None:
    from benchmarks.payments.machine import run

    began, totals = time.monotonic(), Counter[str]()
    while totals["runs"] < runs and (not minutes or time.monotonic() < began + 60 * minutes):
        totals.update(run(template, runs=min(HUNDRED, runs - totals["runs"]), steps=steps))
        print(f"{time.monotonic() - began:.0f} s: {dict(totals)}", flush=True)


def _sweep(template: Template, every: int) -> bool:
    from benchmarks.payments.sweep import faults, play

    played, failed = 0, 0
    for fault in faults(template, every):
        played += 1
        try:
            play(template, fault)
        except AssertionError as error:
            failed += 1
            print(error, file=sys.stderr)
    print(f"faults: {played}, promises broken: {failed}")
    return not failed


if __name__ == "__main__":
    sys.exit(main())
