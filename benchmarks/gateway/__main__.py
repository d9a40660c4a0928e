"""`python -m benchmarks.gateway`: whole check-ins of many kiosks, and what they cost gateway, database and load.

    python -m benchmarks.gateway --database postgresql --rate 60 --seconds 300 --streams 400
    python -m benchmarks.gateway --database sqlite --rate 20
    python -m benchmarks.gateway --ramp 20,40,60,80,100        # where p99 passes 300 ms
    python -m benchmarks.gateway --day-tickets 100000          # cost with a full day behind it

Three of four check-ins are insured (look-up over HTTP, the insurer answers after 200 ms), one is paid by a code, its
stream open until the bank tells. Times are per call, at the kiosk, without the insurer's 200 ms.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.gateway.cpu import Cpu
from benchmarks.gateway.house import ROOT, Gateway, Peers, prepare, settings_file
from benchmarks.gateway.postgres import cluster
from benchmarks.gateway.report import PROMISED_MS, Report, print_report


def main() -> int:
    """Measure and print. 1 when something went wrong on the way (errors, numbers given twice, nobody verified)."""
    options = _options()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tram-load-")))
        folder.chmod(0o755)
        database, postmaster, workers = f"sqlite:///{folder}/gateway.db", None, 1
        if options.database == "postgresql":
            database, postmaster = stack.enter_context(cluster())
            workers = options.workers
        load = stack.enter_context(_load(options.people // 8 * 8, folder / "trust"))
        ports = load.tell()
        over = settings_file(folder, database, folder / "trust", Peers(ports["insurer"], ports["bank"]))
        facts = prepare(over, options.kiosks, options.day_tickets)
        gateways = [Gateway(over, folder / f"gateway-{place}.log") for place in range(workers)]
        for gateway in gateways:
            stack.callback(gateway.close)
        load.say(facts | {"gateways": [gateway.address for gateway in gateways]})
        load.tell()
        processes = {"gateway": [gateway.pid for gateway in gateways], "load": [load.pid]}
        cpu = Cpu(processes, {"database": postmaster} if postmaster else {})
        title = f"{options.database}, {workers} worker(s), {options.kiosks} kiosks, {options.day_tickets} tickets"
        good = _measure(options, load, cpu, title)
        errors = sum(len((folder / f"gateway-{n}.log").read_bytes()) for n in range(workers))
        if errors:
            print((folder / "gateway-0.log").read_text("utf-8")[-2000:])
    return 0 if good else 1


class _Load:
    """The load program as a child."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.pid = process.pid

    def say(self, order: dict[str, Any]) -> None:
        """Give an order."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def tell(self) -> dict[str, Any]:
        """The next line."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the load program ended")
        return json.loads(line)


@contextlib.contextmanager
def _load(people: int, trust: Path) -> Any:
    command = [sys.executable, "-m", "benchmarks.gateway.load", str(people), str(trust)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None and process.stdout is not None
    try:
        yield _Load(process)
    finally:
        process.stdin.close()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def _measure(options: argparse.Namespace, load: _Load, cpu: Cpu, title: str) -> bool:
    rates = [float(rate) for rate in options.ramp.split(",")] if options.ramp else [options.rate]
    good = True
    passed: float | None = None
    for rate in rates:
        report = _one(options, load, cpu, rate)
        print_report(f"{title}, {rate:g} check-ins a second", report)
        good = good and report.clean
        if report.p99 > PROMISED_MS or report.backlog:
            passed = rate
            break
    if options.ramp:
        limit = f"at {passed:g} a second" if passed else f"not up to {rates[-1]:g} a second"
        print(f"p99 passes {PROMISED_MS:.0f} ms: {limit}")
    return good


def _one(options: argparse.Namespace, load: _Load, cpu: Cpu, rate: float) -> Report:
    warm = max(options.warm, 1.2 * options.streams / (rate * options.paying) if options.paying else 0.0)
    load.say({
        "rate": rate, "paying": options.paying, "streams": options.streams, "warm": warm, "seconds": options.seconds,
    })  # fmt: skip
    _until(load, "measuring")
    cpu.start()
    measured = _until(load, "measured", cpu.look)
    used = cpu.used()
    drained = _until(load, "drained")
    return Report(measured, used, drained["duplicates"])


def _until(load: _Load, word: str, after: Callable[[], None] | None = None) -> dict[str, Any]:
    line = load.tell()
    while word not in line:
        line = load.tell()
    if after is not None:
        after()
    return line


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.gateway")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--workers", type=int, default=2, help="gateway processes (PostgreSQL)")
    parser.add_argument("--kiosks", type=int, default=480)
    parser.add_argument("--people", type=int, default=2400, help="cards; each person goes to eight clinics")
    parser.add_argument("--rate", type=float, default=20.0, help="check-ins a second")
    parser.add_argument("--ramp", default="", help="several rates, until p99 passes 300 ms")
    parser.add_argument("--seconds", type=float, default=30.0, help="measured time")
    parser.add_argument("--warm", type=float, default=5.0, help="unmeasured time before it, at least")
    parser.add_argument("--paying", type=float, default=0.25, help="share that pays by a code on the screen")
    parser.add_argument("--streams", type=int, default=100, help="event streams open at a time")
    parser.add_argument("--day-tickets", type=int, default=0, help="tickets of today that are there before")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
