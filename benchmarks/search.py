"""`python -m benchmarks.search [--records N]`: what a key costs while a procedure is looked for, on this machine.

Every start of every phrase is typed, with and without marks, as a person types it; the figure is the time from the
text to the ranked list, without drawing.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from datetime import date

from services.procedures.folding import fold
from services.procedures.importing import parse_catalogue
from services.procedures.search import Index
from simulators.catalogue import many_procedures

_PHRASES = (
    "khai sinh có yếu tố nước ngoài", "sinh con", "mất giấy tờ", "cấp lại giấy phép lái xe",
    "giấy chứng nhận đủ điều kiện",
    "hộ kinh doanh", "1.000", "3.000722", "đăng ký quyền sử dụng đất cho cá nhân", "không có thủ tục nào như vậy",
)  # fmt: skip
_DAY = date(2026, 11, 30)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--repeat", type=int, default=5)
    wanted = parser.parse_args()
    raw = json.dumps(many_procedures(wanted.records), ensure_ascii=False).encode()
    begun = time.perf_counter()
    catalogue = parse_catalogue(raw)
    read = time.perf_counter()
    index = Index(catalogue, _DAY)
    built = time.perf_counter()
    spent: list[float] = []
    for _ in range(wanted.repeat):
        for phrase in (*_PHRASES, *(fold(phrase) for phrase in _PHRASES)):
            for end in range(1, len(phrase) + 1):
                start = time.perf_counter()
                index.find(phrase[:end])
                spent.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(spent, n=100)
    print(f"{wanted.records} procedures: read and checked in {(read - begun) * 1000:.0f} ms,")
    print(f"  index built in {(built - read) * 1000:.0f} ms, {len(spent)} keys:")
    print(f"  median {cuts[49]:.2f} ms, 99th percentile {cuts[98]:.2f} ms, worst {max(spent):.2f} ms")


if __name__ == "__main__":
    main()
