"""`python -m benchmarks.board`: how long after a call's commit boards and consoles show it.

    python -m benchmarks.board --boards 200 --calls 60                    # SQLite
    python -m benchmarks.board --database postgresql --boards 200         # two workers: half the boards at the other

A counter calls, `--every` seconds apart. "Commit" is when its answer is here. Many boards listen as event streams do;
one board and one console stand in headless Chromium, which notes when the changed page was painted.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import secrets
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx
from playwright.async_api import BrowserContext, Page, async_playwright

from benchmarks.gateway.house import DEMO, Gateway, Peers, prepare, settings_file
from benchmarks.gateway.postgres import cluster
from benchmarks.gateway.report import percentile
from gateway.app import open_house
from gateway.house import House
from gateway.queue import boards
from gateway.settings import load
from gateway.staff import accounts
from gateway.staff.accounts import Role
from gateway.web.board import BOARD_COOKIE
from gateway.web.staff import COOKIE

CLINIC, COUNTER = "tai-mui-hong", "tai-mui-hong"
_NOTE_PAINTS = """
window.seen = {};
new MutationObserver(() => {
  const found = document.querySelector('%s');
  const number = found?.dataset.number ?? found?.textContent.trim();
  if (number && !(number in window.seen)) {
    window.seen[number] = 0;
    requestAnimationFrame(() => requestAnimationFrame(() => { window.seen[number] = Date.now(); }));
  }
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
"""


@dataclass
class Listener(asyncio.Protocol):
    """A board as an event stream: when each number stood first on it."""

    cookie: str
    seen: dict[str, float] = field(default_factory=dict[str, float])
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    _tail: bytes = b""
    _transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(
            f"GET /board/events HTTP/1.1\r\nHost: gateway\r\nCookie: {BOARD_COOKIE}={self.cookie}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._tail += data
        *lines, self._tail = self._tail.split(b"\r\n")
        for line in lines:
            if line.startswith(b"data: {"):
                self.opened.set()
                called = json.loads(line[6:])["called"]
                if called:
                    self.seen.setdefault(called[0]["number"], time.time())

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()


def main() -> int:
    """Measure and print; 1 when a call was not seen at all."""
    options = _options()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tram-board-")))
        folder.chmod(0o755)
        (folder / "trust").mkdir()
        database, workers = f"sqlite:///{folder}/gateway.db", 1
        if options.database == "postgresql":
            (database, _), workers = stack.enter_context(cluster()), 2
        nobody = "http://127.0.0.1:1"
        over = settings_file(folder, database, folder / "trust", Peers(nobody, nobody))
        prepare(over, 0, 10 * (options.calls + 5))
        house = open_house(load([DEMO, over]))
        stack.callback(house.store.close)
        gateways = [Gateway(over, folder / f"gateway-{place}.log") for place in range(workers)]
        for gateway in gateways:
            stack.callback(gateway.close)
        addresses = [gateway.address for gateway in gateways]
        return asyncio.run(_measure(options, house, addresses))


async def _measure(options: argparse.Namespace, house: House, addresses: list[tuple[str, int]]) -> int:
    password = secrets.token_urlsafe()
    accounts.add(house, "lan", Role.COUNTER, password)
    session = accounts.log_in(house, "lan", password)
    listeners = [Listener(_board(house, f"Bảng {n}")) for n in range(options.boards)]
    loop = asyncio.get_running_loop()
    for place, listener in enumerate(listeners):
        await loop.create_connection(lambda one=listener: one, *addresses[place % len(addresses)])
        await asyncio.wait_for(listener.opened.wait(), 30)
    first, last = (f"http://{host}:{port}" for host, port in (addresses[0], addresses[-1]))
    async with async_playwright() as play, httpx.AsyncClient(base_url=first, cookies={COOKIE: session}) as clerk:
        (await clerk.post(f"/staff/counters/{COUNTER}/take")).raise_for_status()
        chromium = await play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        pages = {
            "board in Chromium": await _open(
                await chromium.new_context(), last, "/board", BOARD_COOKIE, _board(house, "Bảng"), "#newest .call"
            ),
            "console in Chromium": await _open(
                await chromium.new_context(), last, f"/staff/counters/{COUNTER}", COOKIE, session, "#current .big"
            ),
        }
        committed = await _call(clerk, options.calls, options.every)
        await asyncio.sleep(2)
        paints = {name: await page.evaluate("window.seen") for name, page in pages.items()}
        await chromium.close()
    missed = 0
    about = f"{options.database}, {len(addresses)} worker(s), {options.boards} boards, {options.calls} calls"
    print(f"\n{about}; ms from the call's commit")
    streams = [(one.seen.get(number), at) for one in listeners for number, at in committed.items()]
    missed += _row("event at every board", streams)
    for name, seen in paints.items():
        missed += _row(name, [(seen[n] / 1000 if seen.get(n) else None, at) for n, at in committed.items()])
    for listener in listeners:
        listener.close()
    return 1 if missed else 0


def _row(name: str, pairs: list[tuple[float | None, float]]) -> int:
    """Print one row; how many were never seen."""
    times = [max(0.0, seen - at) for seen, at in pairs if seen is not None]
    print(f"  {name:22} p50 {percentile(times, 50):6.0f}   p99 {percentile(times, 99):6.0f}   "
          f"max {percentile(times, 100):6.0f}   of {len(pairs)}, never seen {len(pairs) - len(times)}")  # fmt: skip
    return len(pairs) - len(times)


async def _call(clerk: httpx.AsyncClient, count: int, every: float) -> dict[str, float]:
    """Call next so often: when each number's call was committed (its answer was here)."""
    committed: dict[str, float] = {}
    after: str | None = None
    for _ in range(count):
        act = {"key": str(uuid.uuid4()), "do": "next", "clinic": CLINIC, "after": after}
        answer = await clerk.post(f"/staff/counters/{COUNTER}/act", json=act)
        at = time.time()
        current: dict[str, Any] = answer.raise_for_status().json()["current"]
        after = current["id"]
        committed[current["number"]] = at
        await asyncio.sleep(every)
    return committed


async def _open(context: BrowserContext, base: str, path: str, cookie: str, value: str, watched: str) -> Page:
    await context.add_cookies([{"name": cookie, "value": value, "url": base + path}])
    await context.add_init_script(_NOTE_PAINTS % watched)
    page = await context.new_page()
    await page.goto(base + path)
    await page.wait_for_function("document.querySelector('[data-drawn], #console') !== null")
    return page


def _board(house: House, name: str) -> str:
    """A connected screen's cookie; it shows the clinic that calls."""
    with house.store.write() as transaction:
        asked = boards.ask(house, transaction)
        boards.connect(house, transaction, asked.code, name, (CLINIC,), "benchmark")
    return asked.token


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.board")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--boards", type=int, default=100, help="event streams beside the two pages")
    parser.add_argument("--calls", type=int, default=40)
    parser.add_argument("--every", type=float, default=0.5, help="seconds from call to call")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
