"""A program for test_killed: one kiosk that registers somebody and kills itself at a given step, again and again.

    python killed_kiosk.py URL STATE

Reads lines "N NUMBER" from standard input: forks a kiosk that registers the person with that ID number and kills
itself (SIGKILL) at its Nth step, a step being the begin or end of a disk write or an exchange. Prints one JSON line:
{"killed": ..., "promised": [key, ticket number] or null}.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests  # noqa: F401 - loaded once, before the forks
import trio

from services.contract import models as wire
from services.gateway_client.client import GatewayClient, GatewayPlace
from services.gateway_client.identity import load
from services.gateway_client.memory import Memory

EDGE = ZoneInfo("Asia/Ho_Chi_Minh")


class WallClock:
    def now(self) -> datetime:
        return datetime.now(EDGE)


class KillingOffload:
    """The seam of every blocking call: the place where a power cut is simulated."""

    def __init__(self, kill_at: int) -> None:
        self.left = kill_at
        self.armed = False

    def step(self) -> None:
        if self.armed:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    async def __call__(self, device: str, work: Callable[[], Any]) -> Any:
        self.step()
        result = await trio.to_thread.run_sync(work)
        self.step()
        return result


async def register(url: str, state: Path, kill_at: int, number: str, tell: int) -> None:
    offload = KillingOffload(kill_at)
    client = GatewayClient(GatewayPlace(url=url, state=state, answer_seconds=2.0), load(state), offload, WallClock())
    assert Memory(state, WallClock(), demo=True).clinics
    patient = wire.Person(number=number, name="NGUYỄN VĂN THỬ", birth="1990-01-02", level=wire.EvidenceLevel.QR)
    registration = wire.Registration(patient=patient, clinic_id="mat", arrived_at=datetime.now(UTC))
    offload.armed = True
    accepted = await client.register(registration)
    offload.armed = False
    os.write(tell, json.dumps([accepted.key, accepted.ticket.number]).encode())


def main() -> None:
    url, state = sys.argv[1], Path(sys.argv[2])
    for line in sys.stdin:
        kill_at, number = line.split()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                trio.run(register, url, state, int(kill_at), number, writing)
            except BaseException as error:
                print(f"{type(error).__name__}: {error}", file=sys.stderr)
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as said:
            promised = json.loads(said.read() or b"null")
        _, status = os.waitpid(child, 0)
        print(json.dumps({"killed": os.WIFSIGNALED(status), "promised": promised}), flush=True)


if __name__ == "__main__":
    main()
