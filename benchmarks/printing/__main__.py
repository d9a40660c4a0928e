"""`python -m benchmarks.printing [--times 40]`: from the slip's values to its first dot row on paper.

The printer is the simulator's mechanism behind its real wires (TCP and a pseudo-terminal), in this process so that one
clock measures both ends. What stands before it, from the gateway's answer to the print step, is a journey's step that
asks nothing; what the first slip of the day costs more (fonts) is printed apart.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

import trio

from drivers.printer import EscPosPrinter, NetworkAddress, PrinterProfile, PrintMode, SerialLine
from drivers.printer.streams import Where
from services.journeys.offload import ThreadOffload
from services.receipts.printing import ReceiptPrinter
from services.receipts.slips import NumberSlip
from simulators.printer.paper import Paper
from simulators.printer.wire import Device, PtyWire, TcpWire

NOW = datetime(2026, 11, 23, 0, 16, tzinfo=UTC)
SLIP = NumberSlip(
    place="Bệnh viện Đa khoa Hòa Giang", kiosk="Trạm tự phục vụ số 3 · Sảnh A", number="U047", clinic="Tai mũi họng",
    room="Phòng 205, tầng 2, nhà B", way="Đi thẳng, lên thang máy số 2", taken_at=NOW, waiting=6,
    expected_at=NOW + timedelta(minutes=25), marks=("prio.slip", "slip.insurance_pending"), desk="quầy số 2",
    code="opaque-token-of-26-letters", reprint_code="K7M4-2Q9D", number_masked="•••• •••• •829", demo=True,
)  # fmt: skip


class Watched(Paper):
    """A mechanism that notes when its first row moved."""

    moved: Callable[[], None]

    def print_rows(self, rows: list[bytes]) -> None:
        """See Paper."""
        self.moved()
        super().print_rows(rows)


async def measure(where: Where, profile: PrinterProfile, paper: Watched, times: int) -> list[float]:
    """Seconds of each slip until its first row."""
    device = EscPosPrinter(where, profile)
    receipts = ReceiptPrinter(device, ThreadOffload())
    found: list[float] = []
    for _ in range(times):
        rows: list[float] = []

        def moved(rows: list[float] = rows) -> None:
            rows.append(monotonic())

        paper.moved = moved
        begun = monotonic()
        printed = await receipts.print(SLIP)
        assert printed.ok, printed
        found.append(rows[0] - begun)
        await trio.sleep(0.05)
    device.close()
    return found


def main() -> int:
    """Print the table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.printing", description="Time to the first dot row.")
    options.add_argument("--times", type=int, default=40)
    times = options.parse_args().times
    print(f"{'wire':<34} {'first':>8} {'median':>8} {'worst':>8}   from commit to the first dot row, ms")
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name, baud, mode in (
            ("network, picture", 0, PrintMode.RASTER),
            ("serial at 115200 baud, picture", 115200, PrintMode.RASTER),
            ("serial at 9600 baud, text", 9600, PrintMode.TEXT),
        ):
            paper = Watched(rows_per_second=8000)
            paper.moved = lambda: None
            machine = Device(paper)
            wire = PtyWire(machine, f"{folder}/printer", baud) if baud else TcpWire(machine, 0)
            sleep(0.2)
            where: Where = (
                NetworkAddress("127.0.0.1", wire.port) if isinstance(wire, TcpWire) else SerialLine(wire.path, baud)
            )
            count = times if mode is PrintMode.TEXT or not baud else min(times, 3)
            first, *later = trio.run(measure, where, PrinterProfile(mode=mode), paper, count)
            wire.offline()
            worst = max(worst, first, *later)
            typical = statistics.median(later)
            print(f"{name:<34} {first * 1e3:>8.0f} {typical * 1e3:>8.0f} {max(later) * 1e3:>8.0f}", flush=True)
    return 0 if worst <= 0.5 else 1


if __name__ == "__main__":
    sys.exit(main())
