"""A child process that is killed is gone when the call returns: no process, no pipe is left behind."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from drivers.child import Child, ChildEnded

MUTE = [sys.executable, "-c", "import sys; sys.stdin.buffer.read()"]


def held() -> tuple[int, int]:
    """Descriptors and children of this process."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return len(os.listdir("/proc/self/fd")), len(children)


def test_a_child_that_is_late_leaves_nothing() -> None:
    before = held()
    child = Child(MUTE)
    for _ in range(3):
        with pytest.raises(ChildEnded) as ended:
            child.ask({"do": "?"}, seconds=0.1)
        assert ended.value.late
        assert held() == before


def test_a_child_that_dies_leaves_nothing() -> None:
    before = held()
    child = Child([sys.executable, "-c", ""])
    with pytest.raises(ChildEnded):
        child.ask({"do": "?"}, seconds=60)
    assert held() == before


@pytest.mark.parametrize("how", ["kill", "interrupt"])
def test_a_kill_from_another_thread_ends_the_question_and_leaves_nothing(how: str) -> None:
    before = held()
    child = Child(MUTE)
    child.start()
    pid = child.pid
    killer = threading.Timer(0.2, getattr(child, how))
    killer.start()
    with pytest.raises(ChildEnded) as ended:
        child.ask({"do": "?"}, seconds=60)
    killer.join()
    assert not ended.value.late
    assert held() == before and not Path(f"/proc/{pid}").exists()


def test_a_child_that_hangs_is_late_by_its_own_time() -> None:
    child = Child(MUTE)
    with pytest.raises(ChildEnded) as ended:
        child.ask({"do": "?"}, seconds=0.2, by_clock=60)
    assert ended.value.late


def test_time_in_which_a_child_was_not_let_run_is_not_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = iter([0.0, *[0.2 * step for step in range(1, 40)]])  # a machine that lets it run hardly ever
    monkeypatch.setattr("drivers.child._queued", lambda _pid: next(waited))
    answers = "import sys, time; sys.stdin.buffer.read(1); time.sleep(1); sys.stdout.buffer.write(b'\\0\\0\\0\\3{}\\0')"
    child = Child([sys.executable, "-c", answers])
    assert child.ask({"do": "?"}, seconds=0.3, by_clock=60)[0] == {}
    child.close()
