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


def test_a_kill_from_another_thread_ends_the_question_and_leaves_nothing() -> None:
    before = held()
    child = Child(MUTE)
    child.start()
    pid = child.pid
    killer = threading.Timer(0.2, child.kill)
    killer.start()
    with pytest.raises(ChildEnded) as ended:
        child.ask({"do": "?"}, seconds=60)
    killer.join()
    assert not ended.value.late
    assert held() == before and not Path(f"/proc/{pid}").exists()
