"""The technician at a kiosk that lives: hidden gesture, PIN, board, a test slip on paper, back to the people."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from simulators import citizens

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


@pytest.fixture
def card(kiosk: Any) -> Iterator[None]:
    """A technician's card that lets in, known for one test."""
    kiosk.start()
    kiosk.put(technician="tho-1")
    assert "tho-1" in command(kiosk, "--add-card", "tho-1")
    kiosk.lift()
    kiosk.left_alone()
    yield
    command(kiosk, "--forget-card", "tho-1")


def come_in(kiosk: Any) -> None:
    """By card, which is then lifted."""
    kiosk.put(technician="tho-1")
    kiosk.until("technician-board")
    kiosk.lift()


def go(kiosk: Any) -> None:
    """Serve people again."""
    kiosk.touch("leave")
    kiosk.until("home")


@pytest.mark.usefixtures("card")
def test_a_technicians_card_waits_for_a_session_and_a_copy_does_not_open(kiosk: Any) -> None:
    kiosk.identify("hoa")
    kiosk.touch("yes")
    kiosk.choose()
    kiosk.put(technician="tho-1")
    log = kiosk.world.logs / "kiosk.log"
    kiosk.wait_for(lambda: "technician: enterPending" in log.read_text("utf-8"))
    # Nobody was asked anything: the page stands and takes its answer.
    assert (kiosk.world.journal.newest() or kiosk.world.journal.last).screen == "review"
    kiosk.touch("take-number")
    kiosk.until("ticket-ready")
    with kiosk.nobody():
        kiosk.until("technician-board")
    kiosk.lift()
    go(kiosk)
    kiosk.put(technician="tho-1", cloned=True)
    kiosk.until("choose-patient")
    kiosk.lift()
    kiosk.left_alone()


@pytest.mark.usefixtures("card")
def test_a_setting_changed_on_site_counts_after_a_restart_in_place_and_is_undone(kiosk: Any) -> None:
    process, file = kiosk["kiosk"].child.pid, kiosk.world.run / "state" / "on-site.toml"
    tile = kiosk.screen.named("check-in").h

    def restarted(touch: str) -> float:
        """Settings, one touch there, restart; how high a tile of the new start page is."""
        come_in(kiosk)
        kiosk.touch("settings")
        kiosk.until("site-settings-page")
        kiosk.touch(touch)
        kiosk.until("site-settings-page")
        kiosk.touch("restart")
        # The clock of a kiosk that was started anew begins anew: its workers are new ones.
        kiosk.wait_for(lambda: workers(process).isdisjoint(old))
        kiosk.until("home")
        return kiosk.screen.named("check-in").h

    old, open_before = workers(process), len(os.listdir(f"/proc/{process}/fd"))
    assert old, "a kiosk has workers"
    assert restarted("set-site.text") != tile and b'text = "large"' in file.read_bytes()
    assert kiosk["kiosk"].alive and kiosk["kiosk"].child.pid == process
    old = workers(process)
    assert restarted("undo") == tile and file.read_bytes() == b""
    assert len(os.listdir(f"/proc/{process}/fd")) <= open_before + 4, "the old program's files are still open"


def workers(process: int) -> set[int]:
    """Children of the kiosk, whichever of its threads started them."""
    found: set[int] = set()
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):  # a thread that ended meanwhile
            found.update(map(int, children.read_text().split()))
    return found


@pytest.mark.usefixtures("card")
def test_a_chip_is_traced_the_terminal_asked_and_the_bundle_sent_to_the_gateway(kiosk: Any) -> None:
    come_in(kiosk)
    kiosk.see_it_lifted()
    kiosk.touch("test-reader")
    kiosk.until("check-results", mark="reader")
    kiosk["scanner"].control("scan", text=citizens.load("hoa").qr_text())
    kiosk.put(citizen="hoa")
    kiosk.until("check-results", mark="done")
    kiosk.lift()
    kiosk.touch("lines")
    kiosk.until("technician-lines")
    kiosk.touch("back")
    kiosk.until("check-results")
    kiosk.touch("back")
    kiosk.until("technician-board")
    kiosk.touch("test-card-terminal")
    kiosk.until("check-results", mark="done")
    assert "Diagnosis" in kiosk["card_terminal"].state()["requests"]
    kiosk.touch("back")
    kiosk.until("technician-board")
    kiosk.touch("export")
    kiosk.until("technician-board", mark="tech.export.sent")
    with closing(sqlite3.connect(kiosk.world.run / "gateway.sqlite", timeout=60)) as books:
        ((content,),) = books.execute("SELECT sealed_content FROM kiosk_bundles").fetchall()
    assert len(content) > 500 and not zipfile.is_zipfile(io.BytesIO(content)), "it is kept sealed"
    go(kiosk)
