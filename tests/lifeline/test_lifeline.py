"""What systemd hears: ready, alive as long as the loop turns, stopping; heard on an own notify socket."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import trio

from gateway.lifeline import Lifeline
from gateway.lifeline import watchdog_seconds as gateways_seconds
from kiosk.lifeline import hold, watchdog_seconds


class Systemd:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.setblocking(False)

    def heard(self) -> list[str]:
        """Everything that was said since the last call."""
        said: list[str] = []
        while True:
            try:
                said.append(self.socket.recv(4096).decode())
            except BlockingIOError:
                return said


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    listening = Systemd(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    yield listening
    listening.socket.close()


@pytest.mark.trio
async def test_the_kiosk_says_it_is_ready_alive_and_stopping(
    systemd: Systemd, monkeypatch: pytest.MonkeyPatch, autojump_clock: trio.testing.MockClock
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "20000000")
    with trio.move_on_after(35):
        await hold()
    assert systemd.heard() == ["READY=1", *["WATCHDOG=1"] * 4, "STOPPING=1"]


@pytest.mark.trio
async def test_a_listener_that_does_not_listen_never_stops_the_window(
    systemd: Systemd, monkeypatch: pytest.MonkeyPatch, autojump_clock: trio.testing.MockClock
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "2000000")
    with trio.move_on_after(3600):
        await hold()
    queue = int(Path("/proc/sys/net/unix/max_dgram_qlen").read_text())
    assert 0 < len(systemd.heard()) <= queue + 1


@pytest.mark.trio
async def test_a_kiosk_that_is_not_watched_says_only_that_it_is_there(
    systemd: Systemd, autojump_clock: trio.testing.MockClock
) -> None:
    with trio.move_on_after(3600):
        await hold()
    assert systemd.heard() == ["READY=1", "STOPPING=1"]


def test_the_gateway_goes_on_telling_only_while_its_loop_turns(
    systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "20000")

    async def story() -> tuple[list[str], list[str], list[str]]:
        line = Lifeline()
        line.ready()
        turning: list[str] = []
        while len(turning) < 3:
            await asyncio.sleep(0.05)
            turning += systemd.heard()
        systemd.heard()
        hang = socket.socketpair()
        hang[0].settimeout(0.3)
        with pytest.raises(TimeoutError):
            hang[0].recv(1)  # the loop stands still
        hung = systemd.heard()
        for end in hang:
            end.close()
        line.stopping()
        await asyncio.sleep(0.1)
        return turning, hung, systemd.heard()

    turning, hung, stopping = asyncio.run(story())
    assert turning[0] == "READY=1"
    assert set(turning[1:]) == {"WATCHDOG=1"}
    assert hung == []
    assert "WATCHDOG=1" not in stopping[1:]
    assert "STOPPING=1" in stopping


@pytest.mark.parametrize("seconds", [watchdog_seconds, gateways_seconds])
def test_only_the_watched_process_answers(seconds: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(seconds)
    monkeypatch.setenv("WATCHDOG_USEC", "5000000")
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
    assert seconds() == 5.0
    monkeypatch.setenv("WATCHDOG_PID", "1")
    assert seconds() is None
    monkeypatch.delenv("WATCHDOG_PID")
    monkeypatch.setenv("WATCHDOG_USEC", "soon")
    assert seconds() is None
