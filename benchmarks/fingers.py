"""`python -m benchmarks.fingers [--people N]`: what the serial module and the matcher take, and how often they err.

All fingers are synthetic (simulators/fingerprint/ridges.py): the rates say that the parts work together, and nothing of
real people or of a real reader.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import requests

from drivers.fingerprint import SerialFingerLine, SerialFingerScanner
from services.fingers.matcher import Grey, Template, WorkerMatcher
from services.fingers.rules import IMPRESSIONS, THRESHOLD, Position
from simulators.fingerprint.ridges import grown, impressions, picture

_ROOT = Path(__file__).resolve().parents[1]
_AIMS = {230_400: 2.5, 115_200: 4.3}
_PATIENT = 10.0
"""The second that kills a late matcher is no part of what is measured on a machine that does other work."""


def main() -> int:
    """Measure and print; 1 when an aim was missed."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.fingers", description="Figures of fingers.")
    options.add_argument("--people", type=int, default=40, help="synthetic fingers that are compared with each other")
    options.add_argument("--repeat", type=int, default=8, help="captures at each speed")
    chosen = options.parse_args()
    matcher = WorkerMatcher([sys.executable, "-m", "kiosk", "worker", "fingers"], seconds=_PATIENT)
    matcher.prepare()
    good = True
    try:
        for baud, aim in _AIMS.items():
            good &= _captures(matcher, baud, aim, chosen.repeat)
        good &= _rates(matcher, chosen.people)
    finally:
        matcher.close()
    return 0 if good else 1


def _touch(matcher: WorkerMatcher, number: int, index: int) -> Template:
    pixels = picture(grown(number), impressions(number, 8)[index]).tobytes()
    return matcher.extract(Grey(256, 288, 500, pixels), Position.RIGHT_INDEX)


def _captures(matcher: WorkerMatcher, baud: int, aim: float, repeat: int) -> bool:
    """From the finger on the glass to the verdict, 256 x 288 pixels of 4 bits on a paced line."""
    enrolled = [_touch(matcher, 1, index) for index in range(IMPRESSIONS)]
    with TemporaryDirectory(prefix="tram-fingers-") as folder:
        link = Path(folder) / "finger"
        simulator = subprocess.Popen(
            [sys.executable, "-m", "simulators.fingerprint", "--link", str(link), "--top-baud", str(baud)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
        )
        assert simulator.stdout is not None and simulator.stdin is not None
        control: str = json.loads(simulator.stdout.readline())["control"]
        reader = SerialFingerScanner(SerialFingerLine(str(link)))
        reader.open()
        taken: list[float] = []
        right = 0
        for index in range(repeat):
            requests.post(f"{control}/finger", json={"number": 1, "impression": 3 + index % 5}, timeout=10)
            began = time.monotonic()
            seen = reader.capture(5, _quiet, threading.Event())
            scores = matcher.compare(matcher.extract(seen, Position.RIGHT_INDEX), enrolled)
            taken.append(time.monotonic() - began)
            right += max(scores) >= THRESHOLD
        speed = reader.capabilities.baud
        reader.close()
        simulator.stdin.close()
        simulator.wait(10)
    print(f"capture to verdict at {speed} baud: median {statistics.median(taken):.2f} s, worst {max(taken):.2f} s of")
    print(f"  {repeat} (aim {aim} s), {right} of {repeat} recognised")
    return speed == baud and max(taken) <= aim


def _rates(matcher: WorkerMatcher, people: int) -> bool:
    """Genuine and false accepts, and how long one comparison takes."""
    enrolled: dict[int, list[Template]] = {}
    probes: dict[int, list[Template]] = {}
    taken: list[float] = []
    worked: list[float] = []
    for number in range(1, people + 1):
        enrolled[number] = [_touch(matcher, number, index) for index in range(IMPRESSIONS)]
        probes[number] = []
        for index in (3, 4, 5):
            pixels = picture(grown(number), impressions(number, 8)[index]).tobytes()
            began, used = time.perf_counter(), _cpu(matcher)
            probe = matcher.extract(Grey(256, 288, 500, pixels), Position.RIGHT_INDEX)
            matcher.compare(probe, enrolled[number])
            taken.append((time.perf_counter() - began) * 1000)
            worked.append((_cpu(matcher) - used) * 1000)
            probes[number].append(probe)
    missed = sum(
        max(matcher.compare(probe, enrolled[number])) < THRESHOLD for number in probes for probe in probes[number]
    )
    genuine = sum(map(len, probes.values()))
    accepted, trials, highest = 0, 0, 0
    for number, mine in probes.items():
        for other, theirs in enrolled.items():
            if other != number:
                best = max(matcher.compare(mine[0], theirs))
                highest, trials, accepted = max(highest, best), trials + 1, accepted + (best >= THRESHOLD)
    p95, cpu95 = (sorted(times)[int(len(times) * 0.95)] for times in (taken, worked))
    print(f"one to one, extract and match: median {statistics.median(taken):.0f} ms, p95 {p95:.0f} ms of {len(taken)}")
    print(f"  (aim 150 ms) with {IMPRESSIONS} impressions, ended by the first that is enough; the worker's CPU:")
    print(f"  median {statistics.median(worked):.0f} ms, p95 {cpu95:.0f} ms; load {os.getloadavg()[0]:.1f} on 2 cores")
    print(f"false rejects at {THRESHOLD}: {missed} of {genuine}; false accepts: {accepted} of {trials} trials")
    print(f"  ({100 * accepted / trials:.3f} %, highest score of another finger {highest}; synthetic fingers only)")
    return p95 <= 150


def _cpu(matcher: WorkerMatcher) -> float:
    """Seconds of work of the matcher's process so far."""
    times = psutil.Process(matcher.pid).cpu_times()
    return times.user + times.system


def _quiet(_news: Any) -> None:
    """Nobody looks at the progress here."""


if __name__ == "__main__":
    sys.exit(main())
