"""A private pcscd comes and goes without a trace on the system's own."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from simulators.pcsc import READERS, PrivatePcscd, isolation

pytestmark = pytest.mark.wire

SYSTEM_FILES = Path("/run/pcscd")
LISTING = "import json, smartcard.System as s; print(json.dumps([str(r) for r in s.readers()]))"


def readers_seen_by_a_client(env: dict[str, str]) -> list[str] | None:
    """Names a client lists, or None when it finds no service."""
    client = subprocess.run(
        [sys.executable, "-c", LISTING], env={**os.environ, **env}, capture_output=True, text=True, check=False
    )
    return json.loads(client.stdout) if client.returncode == 0 else None


def system_files() -> list[tuple[str, float]]:
    if not SYSTEM_FILES.is_dir():
        return []
    return sorted((path.name, path.stat().st_mtime) for path in SYSTEM_FILES.iterdir())


def test_a_client_finds_two_virtual_slots_and_no_other_reader(pcsc: PrivatePcscd) -> None:
    assert readers_seen_by_a_client(pcsc.env) == list(READERS)


def test_the_files_of_the_systems_daemon_are_never_touched() -> None:
    before = system_files()
    with PrivatePcscd():
        assert system_files() == before
    assert system_files() == before


def test_two_of_them_run_side_by_side() -> None:
    with PrivatePcscd() as one, PrivatePcscd() as other:
        assert one.port != other.port
        assert readers_seen_by_a_client(one.env) == readers_seen_by_a_client(other.env) == list(READERS)


@pytest.mark.parametrize("end", [PrivatePcscd.stop, PrivatePcscd.kill], ids=["stopped", "killed"])
def test_an_ended_daemon_is_no_service_and_comes_back_on_the_same_socket(end: Callable[[PrivatePcscd], None]) -> None:
    with PrivatePcscd() as daemon:
        env, port = daemon.env, daemon.port
        end(daemon)
        assert not daemon.running
        assert readers_seen_by_a_client(env) is None
        daemon.start()
        assert (daemon.env, daemon.port) == (env, port)
        assert readers_seen_by_a_client(env) == list(READERS)


def test_the_reader_can_be_unplugged_and_plugged_again() -> None:
    with PrivatePcscd() as daemon:
        daemon.unplug()
        assert readers_seen_by_a_client(daemon.env) == []
        daemon.plug()
        assert readers_seen_by_a_client(daemon.env) == list(READERS)


def test_a_daemon_that_died_by_itself_can_be_started_again() -> None:
    with PrivatePcscd() as daemon:
        assert daemon.pid is not None
        exited = os.pidfd_open(daemon.pid)
        os.kill(daemon.pid, signal.SIGKILL)
        os.close(exited)
        daemon.stop()
        daemon.start()
        assert readers_seen_by_a_client(daemon.env) == list(READERS)


def test_the_folder_and_the_process_are_gone_at_the_end() -> None:
    daemon = PrivatePcscd()
    with daemon:
        pid, folder = daemon.pid, daemon.socket_path.parent
    assert not folder.exists()
    assert pid is not None and not Path(f"/proc/{pid}").exists()


def test_a_daemon_ends_when_who_started_it_is_killed() -> None:
    program = "from simulators.pcsc import PrivatePcscd\np = PrivatePcscd()\np.start()\n"
    program += "print(p.pid, p.socket_path.parent, flush=True)\ninput()"
    starter = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert starter.stdout is not None and starter.stdin is not None
    pid, folder = starter.stdout.readline().decode().split()
    exited = os.pidfd_open(int(pid))
    starter.kill()
    starter.wait()
    starter.stdout.close()
    starter.stdin.close()
    assert select.select([exited], [], [], 10)[0]
    os.close(exited)
    deadline = time.monotonic() + 10
    while Path(folder).exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(folder).exists()


def test_a_start_that_fails_says_why_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(isolation, "command", lambda program: ["sh", "-c", "echo no reader today >&2; exit 1"])
    with pytest.raises(RuntimeError, match="no reader today"), PrivatePcscd():
        pass
    assert not list(tmp_path.iterdir())


def test_without_a_namespace_the_systems_daemon_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pid_file = tmp_path / "pcscd.pid"
    monkeypatch.setattr(isolation, "_namespace", lambda: None)
    monkeypatch.setattr(isolation, "_SYSTEM_PID_FILE", pid_file)
    assert isolation.command(["pcscd", "--foreground"])[-2:] == ["pcscd", "--foreground"]
    pid_file.write_text("999999999\n", encoding="ascii")  # left over by one that died
    assert isolation.command(["pcscd"])
    pid_file.write_text(f"{os.getpid()}\n", encoding="ascii")
    with pytest.raises(RuntimeError, match="not started"):
        isolation.command(["pcscd", "--foreground"])


def test_the_process_obeys_the_control_convention() -> None:
    process = subprocess.Popen([sys.executable, "-m", "simulators.pcsc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    ready = json.loads(process.stdout.readline())
    assert ready["name"] == "pcsc" and ready["readers"] == list(READERS)
    env = {"PCSCLITE_CSOCK_NAME": ready["socket"]}

    def post(verb: str) -> dict[str, object]:
        return requests.post(f"{ready['control']}/{verb}", json={}, timeout=10).json()

    assert post("stop")["running"] is False
    assert readers_seen_by_a_client(env) is None
    assert post("start")["running"] is True
    assert readers_seen_by_a_client(env) == list(READERS)
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdout.close()
    assert not Path(ready["socket"]).parent.exists()
