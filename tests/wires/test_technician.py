"""The technician at a kiosk that lives: hidden gesture, PIN, board, a test slip on paper, back to the people."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.wire
ROOT = Path(__file__).resolve().parents[2]
PIN = "274918"


def gesture(kiosk: Any) -> None:
    """Logo and clock in turn, five times."""
    width = kiosk.world.display.frame().width
    scale = width / 1080
    kiosk.screen = None
    for x in (80, 1000, 80, 1000, 80):
        kiosk.world.display.touch(round(x * scale), round(64 * scale))


def test_the_technician_comes_in_tests_the_printer_and_goes(kiosk: Any) -> None:
    settings = kiosk.world.run / "kiosk.toml"
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "technician", "--settings", str(settings)],
        cwd=ROOT, input=f"{PIN}\n", text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    kiosk.until("home")
    before = kiosk["printer"].state()["slips"]
    gesture(kiosk)
    kiosk.until("technician-pin")
    for digit in PIN:
        kiosk.touch(digit)
        kiosk.screen = kiosk.world.journal.last
    # It was closed when the page came; six digits opened it.
    go = next(one for one in kiosk.screen.touchables if one.name == "go")
    kiosk.screen = None
    kiosk.world.display.touch(*go.middle)
    kiosk.until("technician-board")
    kiosk.touch("test-printer")
    kiosk.until("check-results")
    kiosk.wait_for(lambda: kiosk["printer"].state()["slips"] == before + 1)
    kiosk.touch("back")
    kiosk.until("technician-board")
    kiosk.touch("leave")
    kiosk.until("home")
