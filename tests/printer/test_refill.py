"""Paper that ends and comes back, on the wire: whose slip is printed again, and what is printed when nobody waits."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
import trio
from PIL import Image

from drivers.printer import EscPosPrinter, NetworkAddress, PrinterProfile
from kiosk.devices import prove_refills, supervise_printer
from services.journeys.offload import ThreadOffload
from services.journeys.ports import Printed
from services.receipts.paper import Paper
from services.receipts.parts import BOLD
from services.receipts.printing import ReceiptPrinter

pytestmark = [pytest.mark.wire, pytest.mark.trio]
NOW = datetime(2026, 11, 23, 0, 16, tzinfo=UTC)


def slip_of(text: str) -> Callable[[int], Paper]:
    def made(width: int) -> Paper:
        paper = Paper(width)
        for _ in range(12):
            paper.text(text, BOLD)
        return paper

    return made


@asynccontextmanager
async def running(simulator: Any) -> AsyncGenerator[ReceiptPrinter]:
    """The kiosk's printer as it is wired: supervised, and refills proved."""
    profile = PrinterProfile(answer_seconds=0.5, stall_seconds=1.0, finish_seconds=5.0)
    device = EscPosPrinter(NetworkAddress(simulator.facts["host"], simulator.facts["port"]), profile)
    receipts = ReceiptPrinter(device, ThreadOffload())
    async with trio.open_nursery() as nursery:
        nursery.start_soon(supervise_printer(receipts, device).run)
        nursery.start_soon(prove_refills, receipts, lambda: NOW)
        yield receipts
        nursery.cancel_scope.cancel()
    device.close()


async def do(simulator: Any, verb: str, **body: object) -> None:
    await trio.to_thread.run_sync(partial(simulator.do, verb, **body))


async def slips(simulator: Any, count: int) -> None:
    with trio.fail_after(8):
        while simulator.state()["slips"] < count:
            await trio.sleep(0.05)


async def test_a_slip_cut_short_is_printed_again_whole_for_who_waits_and_nothing_else(simulated_printer: Any) -> None:
    simulator = simulated_printer()
    mine = slip_of("U047")
    async with running(simulator) as receipts:
        await do(simulator, "paper", state="out", after_rows=150)
        assert await receipts.print_paper(mine) == Printed(False, "PR-02")
        async with trio.open_nursery() as nursery:

            async def wait_and_print() -> None:
                with trio.fail_after(8):
                    await receipts.ready()
                assert (await receipts.print_paper(mine)).ok

            nursery.start_soon(wait_and_print)
            await trio.sleep(1.0)
            await do(simulator, "paper", state="ok")
        whole = mine(576).picture()
        # The half slip is cut off first, then the whole one; the roll proved itself by it.
        assert simulator.state()["slips"] == 2
        assert simulator.picture().convert("1").crop((0, 0, 576, whole.height)).tobytes() == whole.tobytes()
        await trio.sleep(1.5)
        assert simulator.state()["slips"] == 2


@pytest.mark.parametrize(
    ("gone", "back"),
    [
        (("paper", {"state": "out"}), ("paper", {"state": "ok"})),
        (("cover", {"state": "open"}), ("cover", {"state": "closed"})),
    ],
)
async def test_after_a_refill_only_a_blank_test_slip_is_printed(simulated_printer: Any, gone: Any, back: Any) -> None:
    simulator = simulated_printer()
    async with running(simulator) as receipts:
        assert (await receipts.print_paper(slip_of("U046"))).ok
        await do(simulator, gone[0], **gone[1])
        assert not (await receipts.print_paper(slip_of("U047"))).ok
        await trio.sleep(1.0)
        await do(simulator, back[0], **back[1])
        await slips(simulator, 2)
        await trio.sleep(1.5)
        assert simulator.state()["slips"] == 2
        printed: Image.Image = simulator.picture().convert("1")
        assert printed.height < slip_of("U047")(576).y
        assert simulator.state()["hanging_rows"] == 0 and simulator.state()["waiting_bytes"] == 0
