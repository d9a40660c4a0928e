"""A child process that answers on its pipes, with a time limit for every answer: what does not answer is killed.

Frames both ways are four bytes of length (big-endian) and a body: a JSON object, a zero byte, then raw bytes.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

LONGEST = 16 * 1024 * 1024
GONE_SECONDS = 2.0
"""A killed process is gone within milliseconds; only the kernel can hold it longer."""
_LEAST_SECONDS = 0.01
"""How soon it is looked again."""
Facts = dict[str, Any]


class ChildEnded(Exception):
    """The child died, said nonsense, or was killed because it did not answer in time (`late`)."""

    def __init__(self, detail: str, *, late: bool = False) -> None:
        super().__init__(detail)
        self.late = late


class Child:
    """One child process, started with the first question. One caller at a time; `kill`, `interrupt` from any thread."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self._command = list(command)
        self._env = None if env is None else {**os.environ, **env}
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """Of the running child."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start it when it does not run. Raises ChildEnded."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                return
            self._end()
            try:
                self._process = subprocess.Popen(  # noqa: S603 - this program itself, as a worker
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self._env
                )
            except OSError as error:
                raise ChildEnded(str(error)) from error
            if self._process.stdin is not None:
                os.set_blocking(self._process.stdin.fileno(), False)

    def send(self, facts: Facts, raw: bytes = b"", *, seconds: float, by_clock: float | None = None) -> None:
        """Ask; a child that does not take the question in time is killed. Raises ChildEnded."""
        self.start()
        process = self._process
        if process is None or process.stdin is None:
            raise ChildEnded("it was ended")
        try:
            _write(process.stdin.fileno(), frame(facts, raw), _Until(process.pid, seconds, by_clock))
        except TimeoutError:
            self.close()
            raise ChildEnded("it takes no question", late=True) from None
        except (OSError, ValueError) as error:
            self.close()
            raise ChildEnded(str(error)) from error

    def receive(self, seconds: float, *, by_clock: float | None = None) -> tuple[Facts, bytes]:
        """The next answer; a child that is late is killed. Raises ChildEnded.

        With `by_clock`, the time in which the child wanted to work and other programs were let is not counted, and
        `by_clock` is the end in any case: a busy machine makes no child late.
        """
        process = self._process
        if process is None or process.stdout is None:
            raise ChildEnded("it does not run")
        until = _Until(process.pid, seconds, by_clock)
        try:
            length = int.from_bytes(_read(process.stdout.fileno(), 4, until), "big")
            if length > LONGEST:
                raise ChildEnded("an answer without end")
            return unframe(_read(process.stdout.fileno(), length, until))
        except TimeoutError:
            self.close()
            raise ChildEnded("no answer in time", late=True) from None
        except (OSError, ValueError) as error:
            self.close()
            raise ChildEnded(str(error)) from error
        except ChildEnded:
            self.close()
            raise

    def ask(
        self, facts: Facts, raw: bytes = b"", *, seconds: float, by_clock: float | None = None
    ) -> tuple[Facts, bytes]:
        """Ask and wait, as `receive` does. Raises ChildEnded."""
        began = time.monotonic()
        self.send(facts, raw, seconds=seconds, by_clock=by_clock)
        sent = time.monotonic() - began
        if by_clock is not None:
            return self.receive(seconds, by_clock=by_clock - sent)
        return self.receive(seconds - sent)

    def kill(self) -> None:
        """End it now and wait until it is gone; the next question starts another.

        Who waits for an answer hears ChildEnded and lets go of the pipes; nobody else closes what may be read from.
        """
        process = self._process
        if process is not None:
            _ended(process)

    def interrupt(self) -> None:
        """End it now without waiting, for a thread that must not block: who waits for the answer waits for its end."""
        process = self._process
        if process is not None:
            with contextlib.suppress(OSError):
                process.kill()

    def close(self) -> None:
        """End it and let go of its pipes."""
        self.kill()
        with self._lock:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        _ended(process)
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


def _ended(process: subprocess.Popen[bytes]) -> None:
    """Killed and waited for. One that hangs in the kernel (a device that was pulled) dies when the kernel lets it."""
    with contextlib.suppress(OSError):
        process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(GONE_SECONDS)


class _Until:
    """How long somebody may still wait."""

    def __init__(self, pid: int, seconds: float, by_clock: float | None) -> None:
        self._pid, self._seconds, self._by_clock = pid, seconds, by_clock
        self._began, self._queued = time.monotonic(), _queued(pid)

    @property
    def over(self) -> bool:
        """Whether it is late."""
        return self.left() <= 0

    def slice(self) -> float:
        """How long to wait before looking again."""
        left = self.left()
        return max(left, _LEAST_SECONDS) if left > 0 else 0.0

    def left(self) -> float:
        """Seconds that are sure."""
        passed = time.monotonic() - self._began
        if self._by_clock is None:
            return self._seconds - passed
        return min(self._by_clock - passed, self._seconds - passed + (_queued(self._pid) - self._queued))


def _queued(pid: int) -> float:
    """Seconds in which a process wanted to run and was not let: the second field of /proc/PID/schedstat, in ns.

    One that hangs is not in that queue. Where the kernel does not count it, all time is the child's own.
    """
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    return 0.0


def frame(facts: Facts, raw: bytes = b"") -> bytes:
    """One frame as it goes through a pipe."""
    body = json.dumps(facts).encode() + b"\0" + raw
    return len(body).to_bytes(4, "big") + body


def unframe(body: bytes) -> tuple[Facts, bytes]:
    """Facts and raw bytes of a body. Raises ValueError."""
    words, _, raw = body.partition(b"\0")
    facts: object = json.loads(words)
    if not isinstance(facts, dict):
        raise ValueError("no object")
    return facts, raw  # pyright: ignore[reportUnknownVariableType] - keys of a JSON object are strings


def own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """For the child: its input and output, with nothing else able to write between the frames."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return os.fdopen(os.dup(0), "rb"), sink


def next_frame(source: BinaryIO) -> tuple[Facts, bytes] | None:
    """For the child: the next question; None when the parent is gone."""
    head = source.read(4)
    if len(head) < 4:
        return None
    length = int.from_bytes(head, "big")
    body = source.read(length)
    return unframe(body) if len(body) == length else None


def answer(sink: BinaryIO, facts: Facts, raw: bytes = b"") -> None:
    """For the child: answer."""
    sink.write(frame(facts, raw))
    sink.flush()


def _write(descriptor: int, data: bytes, until: _Until) -> None:
    view = memoryview(data)
    while view:
        if not select.select([], [descriptor], [], until.slice())[1]:
            if until.over:
                raise TimeoutError
            continue
        with contextlib.suppress(BlockingIOError):
            view = view[os.write(descriptor, view) :]


def _read(descriptor: int, count: int, until: _Until) -> bytes:
    data = bytearray()
    while len(data) < count:
        if not select.select([descriptor], [], [], until.slice())[0]:
            if until.over:
                raise TimeoutError
            continue
        piece = os.read(descriptor, count - len(data))
        if not piece:
            raise ChildEnded("it ended")
        data += piece
    return bytes(data)
