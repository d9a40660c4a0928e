"""`script/start`: the scripted run's contract, and Ctrl-C that ends everything it started and nothing else."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import requests
from PIL import Image

from simulators.world.person import Manners, Person
from simulators.world.scripted import run

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.wire, pytest.mark.screen]


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("citizen", "language", "text", "contrast", "case"),
    [("khang", "vi", "normal", "normal", ""), ("hoa", "en", "large", "high", "booked")],
)
def test_a_scripted_check_in_leaves_pictures_slip_and_figures(
    tmp_path: Path, citizen: str, language: str, text: str, contrast: str, case: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "simulators.world", "--scripted", "check-in", "--out", str(tmp_path),
         "--citizen", citizen, "--language", language, "--text", text, "--contrast", contrast,
         *(["--case", case] if case else [])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=220,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    summary = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    assert (summary["citizen"], summary["case"]) == (citizen, case)
    assert summary["touches"] >= 7
    assert summary["machine_ms"] == pytest.approx(sum(step["duration_ms"] for step in summary["steps"]), abs=1)
    assert all(step["name"] and step["duration_ms"] > 0 for step in summary["steps"])
    assert summary["resident_mb"] > 0
    assert summary["version"]
    pictures = sorted((tmp_path / "screens").glob("*.png"))
    assert [picture.name for picture in pictures] == summary["screens"]
    for picture in pictures:
        with Image.open(picture) as opened:
            assert opened.size == (1080, 1920)
    assert any("ticket-ready" in picture.name for picture in pictures)
    assert any("pay-by-viet-qr" in picture.name for picture in pictures) == (citizen == "khang")
    assert (tmp_path / "ticket.bin").read_bytes().count(b"\x1dv0") >= 1, "no raster came to the printer"
    with Image.open(tmp_path / "ticket.png") as ticket:
        assert ticket.width == 576


@pytest.mark.timeout(240)
def test_a_failed_step_exits_1_with_a_clear_sentence_and_the_pictures_so_far(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A person who lays a library card on the reader does not come through an undisturbed check-in.
    monkeypatch.setattr(Person, "put_card", lambda self, screen, citizen: self.act(
        screen.screen, "put card", lambda: self.hands["chip"].control("insert", citizen=citizen, not_emrtd=True)
    ))  # fmt: skip
    assert run("check-in", tmp_path, Manners()) == 1
    said = capsys.readouterr().out
    assert "The scripted check-in failed: screen problem is not part of an undisturbed check-in" in said
    names = [picture.name for picture in sorted((tmp_path / "screens").glob("*.png"))]
    assert names[0].startswith("01-home")
    assert "99-failed.png" in names


@pytest.mark.timeout(240)
def test_ctrl_c_ends_everything_that_was_started_and_nothing_else(tmp_path: Path) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    folder = tmp_path / "run"
    demo = subprocess.Popen(
        [sys.executable, "-m", "simulators.world", "--own-screen", "--run", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert demo.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = demo.stdout.readline()
        assert line, said
        said += line
    children = psutil.Process(demo.pid).children(recursive=True)
    assert len(children) >= 10
    desk = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert desk is not None
    assert requests.get(desk.group(), timeout=10).status_code == 200

    demo.send_signal(signal.SIGINT)
    assert demo.wait(60) == 0
    demo.stdout.close()
    deadline = time.monotonic() + 20
    while any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children):
        assert time.monotonic() < deadline, [child for child in children if child.is_running()]
        time.sleep(0.1)
    assert bystander.poll() is None
    bystander.terminate()
    bystander.wait()
