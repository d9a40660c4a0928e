"""The technician at a kiosk that lives: hidden gesture, PIN, board, a test slip on paper, back to the people."""

from __future__ import annotations

import os
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


def command(kiosk: Any, *arguments: str) -> str:
    """`kiosk technician` beside the running kiosk, at the same reader."""
    return subprocess.run(
        [sys.executable, "-m", "kiosk", "technician", "--settings", str(kiosk.world.run / "kiosk.toml"), *arguments],
        cwd=ROOT, text=True, capture_output=True, check=True,
        env={**os.environ, "PCSCLITE_CSOCK_NAME": kiosk.world.wait("pcsc")["socket"]},
    ).stdout  # fmt: skip


def test_a_technicians_card_leads_in_waits_for_a_session_and_a_copy_does_not(kiosk: Any) -> None:
    kiosk.start()
    kiosk["chip"].control("insert", technician="tho-1")
    assert "tho-1" in command(kiosk, "--add-card", "tho-1")
    kiosk["chip"].control("remove")
    kiosk.left_alone()
    kiosk.identify("hoa")
    kiosk.touch("yes")
    kiosk.choose()
    kiosk["chip"].control("insert", technician="tho-1")
    log = kiosk.world.logs / "kiosk.log"
    kiosk.wait_for(lambda: "technician: enterPending" in log.read_text("utf-8"))
    # Nobody was asked anything: the page stands and takes its answer.
    assert (kiosk.world.journal.newest() or kiosk.world.journal.last).screen == "review"
    kiosk.touch("take-number")
    kiosk.until("ticket-ready")
    with kiosk.nobody():
        kiosk.until("technician-board")
    kiosk.touch("leave")
    kiosk.until("home")
    kiosk["chip"].control("insert", technician="tho-1", cloned=True)
    kiosk.until("choose-patient")
    kiosk["chip"].control("remove")
    kiosk.left_alone()
    kiosk["chip"].control("insert", technician="tho-1")
    kiosk.until("technician-board")
    assert "opens nothing" in command(kiosk, "--forget-card", "tho-1")
    kiosk["chip"].control("remove")
    kiosk.touch("leave")
    kiosk.until("home")
