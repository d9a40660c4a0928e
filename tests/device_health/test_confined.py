"""The service of the kiosk sees of /proc only processes (ProcSubset=pid): the product may look nowhere else there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = re.compile(r'["\']/proc/(?!self/|\{)')


def test_the_kiosk_reads_nothing_that_its_service_hides_from_it() -> None:
    assert "ProcSubset=pid" in (ROOT / "packaging/kiosk/tram-kiosk.service").read_text("utf-8")
    assert ELSEWHERE.search('Path("/proc/asound/cards")')
    found = [
        str(file.relative_to(ROOT))
        for room in ("drivers", "services", "screens", "kiosk")
        for file in (ROOT / room).rglob("*.py")
        if ELSEWHERE.search(file.read_text("utf-8"))
    ]
    assert found == []
