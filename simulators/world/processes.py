"""One child process: started, waited for until it says it is ready, ended by pid and nothing else."""

from __future__ import annotations

import ctypes
import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import requests

Json = dict[str, Any]
PR_SET_PDEATHSIG = 1


class NotReady(Exception):
    """A process ended, or did not say it is ready in time. The message carries the end of its log."""


def die_with_parent() -> None:
    """Ask the kernel to end this child when its starter dies, however that happens (prctl(2))."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Refused(Exception):
    """A simulator did not accept a verb."""


READY_SECONDS = 120.0
"""A busy machine needs long for ten Pythons at once; one that fell over is noticed at once."""
DRAWING = ("SDL_", "LP_", "KIVY_", "KCFG_")
"""Variables that tell how somebody else draws: a window of theirs may be none that can be seen or touched."""


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(DRAWING)}


class Process:
    """A child with its log in a file and its ready line on standard output.

    The child's standard input is a pipe that only this process holds, so a child of the simulators' convention ends
    when we do. `stop` sends SIGTERM, then SIGKILL after `patience` seconds.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        new_session: bool = True,
    ) -> None:
        self.name = name
        self.log = log
        self.facts: Json = {}
        self._log: IO[bytes] = log.open("ab")
        self.child = subprocess.Popen(
            list(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**_inherited(), **(env or {})},
            cwd=cwd,
            # Ctrl-C in the terminal must reach only the supervisor, which ends the children in order.
            start_new_session=new_session,
            preexec_fn=die_with_parent,
        )
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, name=f"{name}-stdout", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.child.stdout is not None  # noqa: S101  (Popen was given a pipe)
        for line in self.child.stdout:
            if not self.facts and line.startswith(b"{"):
                self._lines.put(line)
            else:
                self._log.write(line)
                self._log.flush()
        self._lines.put(None)

    def ready(self, timeout: float = READY_SECONDS) -> Json:
        """The facts of the ready line. Raises NotReady."""
        if self.facts:
            return self.facts
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            raise NotReady(f"{self.name} is not ready after {timeout:.0f} s. {self.tail()}") from None
        if line is None:
            raise NotReady(f"{self.name} ended with status {self.child.wait()}. {self.tail()}")
        self.facts = json.loads(line)
        return self.facts

    def tail(self) -> str:
        """The last lines of the log, for the sentence that says what went wrong."""
        self._log.flush()
        lines = self.log.read_text("utf-8", "replace").splitlines()[-8:]
        return "Its last words:\n  " + "\n  ".join(lines) if lines else "It said nothing."

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.child.poll() is None

    def control(self, verb: str, **body: Any) -> Json:
        """Call a verb of the simulator's control server."""
        answer = requests.post(f"{self.facts['control']}/{verb}", json=body, timeout=30)
        if answer.status_code != 200:
            raise Refused(f"{self.name} refused {verb} {body}: {answer.text}")
        return answer.json()

    def state(self) -> Json:
        """What the simulator knows now."""
        answer = requests.get(f"{self.facts['control']}/state", timeout=10)
        answer.raise_for_status()
        return answer.json()

    def signal(self, number: int) -> None:
        """Send a signal to this child only."""
        if self.alive:
            self.child.send_signal(number)

    def stop(self, patience: float = 5.0) -> int | None:
        """End it; returns its exit status."""
        if self.alive:
            self.child.terminate()
            deadline = time.monotonic() + patience
            while self.alive and time.monotonic() < deadline:
                time.sleep(0.01)
            if self.alive:
                self.child.kill()
        status = self.child.wait()
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe is not None and pipe is not self.child.stdout:
                pipe.close()
        self._reader.join(2)
        if self.child.stdout is not None:
            self.child.stdout.close()
        self._log.close()
        return status
