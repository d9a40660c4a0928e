"""What one measurement came to, and how it is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PROMISED_MS = 300.0


@dataclass(frozen=True)
class Report:
    """One rate. `measured`: what the load program counted; `cpu`: seconds of gateway, database and load."""

    measured: Mapping[str, Any]
    cpu: Mapping[str, float]
    duplicates: int

    @property
    def p99(self) -> float:
        """Of every call, in ms."""
        return percentile([one for some in self.measured["times"].values() for one in some], 99)

    @property
    def backlog(self) -> bool:
        """Whether the gateway fell behind: visits that began in the time but did not end near it."""
        return self.measured["turned_away"] > 0 or self.measured["done"] < 0.95 * self.measured["arrived"]

    @property
    def clean(self) -> bool:
        """No error, no number twice, every card verified."""
        return not (self.measured["errors"] or self.duplicates or self.measured["unverified"])


def percentile(values: Sequence[float], percent: float) -> float:
    """In ms, of seconds; nearest rank."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def print_report(title: str, report: Report) -> None:
    """A block of lines."""
    found = report.measured
    seconds, done = found["seconds"], max(1, found["done"])
    print(f"\n{title}")
    print(f"  check-ins a second {done / seconds:7.1f}   calls per check-in {found['calls'] / done:.2f}"
          f"   in {seconds:.0f} s: {found['done']}, at most {found['most_streams']} streams open")  # fmt: skip
    print("  ms            p50     p99     max    calls")
    rows = {"every call": [one for some in found["times"].values() for one in some]} | found["times"]
    rows |= {"whole check-in": found["visits"], "bank to screen": found["pushed"]}
    for name, values in rows.items():
        print(f"  {name:14}{percentile(values, 50):7.1f} {percentile(values, 99):7.1f} {percentile(values, 100):7.1f}"
              f" {len(values):8}")  # fmt: skip
    parts = "   ".join(
        f"{name} {1000 * used / done:.1f} ms per check-in, {100 * used / seconds:.0f} % of a core"
        for name, used in report.cpu.items()
    )
    print(f"  CPU: {parts}")
    print(f"  errors {found['errors'] or 0}, numbers twice {report.duplicates}, not verified {found['unverified']},"
          f" turned away {found['turned_away']}")  # fmt: skip
