"""How long people wait: from the bank's notification to the event at the kiosk, all kiosks waiting at once.

One gateway process on SQLite, as a site has it; real lines, signed notifications, no stand-in between. Kiosks, bank and
gateway share the machine, so the figure holds more than the gateway's part.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.gateway.house import Gateway, Peers, prepare, settings_file
from benchmarks.gateway.kiosks import Floor, Kiosk
from benchmarks.gateway.standins import Bank
from benchmarks.gateway.wire import Line, Stream, request

PROMISED_MS = 500.0


class Waiter(Kiosk):
    """A kiosk whose person stands before a code."""

    async def begin(self, number: int) -> tuple[dict[str, Any], Stream]:
        """Take a number, get a code, open the stream that tells of it."""
        await self._fresh_token()
        patient = {"number": f"0991{number:08}", "name": f"x {number}", "birth": "1990", "level": "typed"}
        arrived = datetime.now(UTC).isoformat()
        registration = {"patient": patient, "clinic_id": "tim-mach", "use_insurance": False, "arrived_at": arrived}
        body = json.dumps(registration).encode()
        ticket = await self._write("check-in", "/v1/check-ins", body, sealed=True)
        asked = json.dumps({"bill_id": ticket["bill_id"]}).encode()
        intent = await self._write("payment", "/v1/payment-intents", asked)
        listen = request("GET", f"/v1/payment-intents/{intent['id']}/events", self._bearer)
        loop = asyncio.get_running_loop()
        _, stream = await loop.create_connection(lambda: Stream(listen, b'"status":"paid"'), *self._home)
        if await stream.opened != 200:
            raise ConnectionError("the stream was refused")
        return intent, stream


def measure(kiosks: int, rounds: int, rate: float = 20.0) -> int:
    """Print the figures; 1 when the promise was not kept."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tram-waiting-")))
        (folder / "trust").mkdir()
        database = f"sqlite:///{folder}/gateway.db"
        over = settings_file(folder, database, folder / "trust", Peers("http://127.0.0.1:1", "http://127.0.0.1:1"))
        over.write_text(over.read_text("utf-8").replace("[bank]", "[bank]\nquery_seconds = [600]"), "utf-8")
        facts = prepare(over, kiosks, 0)
        gateway = Gateway(over, folder / "gateway.log")
        stack.callback(gateway.close)
        waits, codes = asyncio.run(_play(gateway.address, facts, rounds, rate))
    waits.sort()
    codes.sort()
    p99 = _at(waits, 0.99)
    print(f"{kiosks} kiosks waiting at once, one gateway on SQLite, {len(waits)} payments, {rate:g} a second")
    print(f"bank's notification to the kiosk's event: p50 {_at(waits, 0.5):.0f} ms, p99 {p99:.0f} ms, "
          f"worst {waits[-1]:.0f} ms (promised {PROMISED_MS:.0f})")  # fmt: skip
    print(f"code after the bill is known: p50 {_at(codes, 0.5):.0f} ms, p99 {_at(codes, 0.99):.0f} ms")
    return 0 if p99 <= PROMISED_MS else 1


def _at(sorted_values: list[float], share: float) -> float:
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


async def _play(
    address: tuple[str, int], facts: dict[str, Any], rounds: int, rate: float
) -> tuple[list[float], list[float]]:
    bank = Bank()
    floor = Floor([address], facts["account"], bank)
    everybody = [Waiter(floor, place) for place in range(len(facts["codes"]))]
    for kiosk, code in zip(everybody, facts["codes"], strict=True):
        await kiosk.enrol(code)
    _, line = await asyncio.get_running_loop().create_connection(Line, *address)
    waits: list[float] = []
    for round in range(rounds):
        waiting: list[tuple[dict[str, Any], Stream]] = []
        for place, kiosk in enumerate(everybody):
            waiting.append(await kiosk.begin(round * 1000 + place))
        for intent, stream in waiting:
            waits.append(await _paid(floor, line, intent, stream))
            await asyncio.sleep(max(0.0, 1 / rate - waits[-1] / 1000))
    codes = [seconds * 1000 for seconds in floor.tally.seconds["payment"]]
    if floor.tally.errors:
        raise SystemExit(f"errors: {floor.tally.errors}")
    return waits, codes


async def _paid(floor: Floor, line: Line, intent: dict[str, Any], stream: Stream) -> float:
    """Milliseconds from the first byte of the notification to the event."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    status, _ = await line.ask(floor.bank.pay(floor.account, intent["amount"], intent["purpose"]))
    if status != 200:
        raise ConnectionError(f"the notification was answered {status}")
    arrived = await asyncio.wait_for(stream.done, 20)
    stream.close()
    return (arrived - began) * 1000
