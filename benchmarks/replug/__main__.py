"""`python -m benchmarks.replug [--times 200] [--only TEXT]`: table of docs/evidence.md; exit code 1 when one fails."""

from __future__ import annotations

import argparse
import statistics
import sys

import trio

from benchmarks.replug.pulling import NOTICED_SECONDS, pull
from benchmarks.replug.wires import WIRES, Occupied


def main() -> int:
    """Pull every wire, print its times."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.replug", description=__doc__)
    options.add_argument("--times", type=int, default=20)
    options.add_argument("--only", default="", help="devices whose name contains this")
    chosen = options.parse_args()
    failed = 0
    print(f"{'device':<24} {'times':>5}  {'noticed: median, worst':>24}  {'back: median, worst':>22}  left behind")
    for name, wire in WIRES.items():
        if chosen.only not in name:
            continue
        try:
            result = trio.run(pull, wire(), chosen.times)
        except Occupied as error:
            failed += 1
            print(f"{name:<24} FAILED: {error}")
            continue
        except BaseExceptionGroup as error:
            failed += 1
            print(f"{name:<24} FAILED: {error.exceptions[0]!r}")
            continue
        noticed, back = result.noticed, result.back
        failed += bool(result.left) or statistics.median(noticed) > NOTICED_SECONDS
        print(
            f"{name:<24} {len(noticed):>5}  "
            f"{statistics.median(noticed) * 1000:>12.0f} ms, {max(noticed) * 1000:>5.0f} ms  "
            f"{statistics.median(back) * 1000:>10.0f} ms, {max(back) * 1000:>5.0f} ms  "
            f"{result.left or 'nothing'}",
            flush=True,
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
