"""`python -m benchmarks.gateway.load`: the load program, a process of its own, so that its own CPU can be told.

It makes people and cards, serves insurer and bank, prints their addresses as one JSON line, and then plays what comes
on standard input, one JSON line per measurement; each is answered by one JSON line.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.gateway.kiosks import Floor, Kiosk, Tally
from benchmarks.gateway.people import Patient, make_people
from benchmarks.gateway.standins import Bank, serve_insurer
from benchmarks.gateway.wire import Line

Visitors = Iterator[tuple[str, Patient]]


def _print(fact: dict[str, Any]) -> None:
    print(json.dumps(fact), flush=True)


async def main() -> None:
    """Serve one series of measurements; end with standard input."""
    loop = asyncio.get_running_loop()
    count, trust = int(sys.argv[1]), Path(sys.argv[2])
    people = make_people(count, trust)
    bank = Bank()
    _print({"insurer": await serve_insurer(), "bank": await bank.serve()})
    first = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    gateways = [(host, int(port)) for host, port in first["gateways"]]
    floor = Floor(gateways, first["account"], bank)
    kiosks = [Kiosk(floor, place) for place in range(len(first["codes"]))]
    for kiosk, code in zip(kiosks, first["codes"], strict=True):
        await kiosk.enrol(code)
    for address in gateways * 8:
        floor.bank_lines.append((await loop.create_connection(Line, *address))[1])
    gc.collect()
    gc.freeze()
    _print({"enrolled": len(kiosks)})
    visitors = _visitors(people, first["clinics"])
    free = deque(kiosks)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        await _play(json.loads(line), floor, free, visitors)


def _visitors(people: list[Patient], clinics: list[str]) -> Visitors:
    """Every person once at every clinic, and the clinics in turn; as many people as a multiple of the clinics."""
    for index in itertools.count():
        yield clinics[(index + index // len(people)) % len(clinics)], people[index % len(people)]


async def _play(
    order: dict[str, Any], floor: Floor, free: deque[Kiosk], visitors: Iterator[tuple[str, Patient]]
) -> None:
    """Arrivals at a steady rate whatever the gateway does; first `warm` seconds unmeasured, then `seconds`."""
    loop = asyncio.get_running_loop()
    rate, share = float(order["rate"]), float(order["paying"])
    wait = order["streams"] / (rate * share) if share else 0.0
    began = loop.time()
    measuring_from, end = began + order["warm"], began + order["warm"] + order["seconds"]
    tasks: set[asyncio.Task[None]] = set()
    turned_away, arrived, cpu, measured = 0, 0, 0.0, False
    debt = 0.0
    for index in itertools.count():
        due = began + index / rate
        if due >= end:
            break
        if (pause := due - loop.time()) > 0:
            await asyncio.sleep(pause)
        if not measured and due >= measuring_from:
            measured = True
            floor.tally, cpu, arrived, turned_away = Tally(), time.process_time(), 0, 0
            _print({"measuring": True})
        arrived += 1
        debt += share
        pays, debt = debt >= 1.0, debt - (debt >= 1.0)
        if not free:
            turned_away += 1
            continue
        clinic, patient = next(visitors)
        kiosk = free.popleft()
        task = loop.create_task(_one(kiosk, patient, clinic, wait if pays else None, free))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    seconds = loop.time() - measuring_from
    tally, own = floor.tally, time.process_time() - cpu
    done = len(tally.visits)
    open_now = len(tasks)
    _print({
        "measured": True, "seconds": seconds, "own_cpu": own, "arrived": arrived, "turned_away": turned_away,
        "done": done, "calls": tally.calls, "errors": tally.errors, "unverified": tally.unverified,
        "duplicates": floor.duplicates, "most_streams": floor.most_streams, "in_hand": open_now,
        "times": tally.seconds, "visits": tally.visits, "pushed": tally.pushed,
    })  # fmt: skip
    if tasks:
        await asyncio.wait(tasks)
    floor.most_streams = 0
    _print({"drained": True, "errors": tally.errors, "duplicates": floor.duplicates})


async def _one(kiosk: Kiosk, patient: Patient, clinic: str, pay_after: float | None, free: deque[Kiosk]) -> None:
    await kiosk.visit(patient, clinic, pay_after)
    free.append(kiosk)


if __name__ == "__main__":
    uvloop.run(main())
