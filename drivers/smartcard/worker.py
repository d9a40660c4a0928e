"""The card worker: a process of its own that watches the readers and reads chips, so that a mute card can be killed.

`python -m kiosk worker smartcard [--reader TEXT] [--exclude TEXT]…`. Frames come in on standard input and go out on
standard output; it ends when its input ends. Frames in: `read`, `opens`, `probe`, `trace`, `prove`, `cancel`, `forget`
and `told`. Frames out: `state` on every change of readers and cards; for a job `beat` while commands are exchanged,
`progress`, `ask` when a chip wants a terminal's certificates or signature, and at last one of `reading`, `opens`,
`trace`, `proof`, `error` or `cancelled`.
"""

from __future__ import annotations

import argparse
import os
import queue
import secrets
import signal
import sys
import threading
import time
from collections.abc import Sequence
from typing import BinaryIO

from drivers.emrtd.access_memory import AccessMemory
from drivers.emrtd.reading import AccessKeys, FileId, ReadProgress
from drivers.smartcard import frames
from drivers.smartcard.connection import CardError, CardErrorReason
from drivers.smartcard.frames import Frame
from drivers.smartcard.pcsc import PcscConnection
from drivers.smartcard.terminal_desk import AskingSigner
from drivers.smartcard.trace import CardTrace, Traced, probe
from drivers.smartcard.watcher import ReaderFilter, Watcher
from drivers.smartcard.watcher_state import CardSeen, ReaderState

_BEAT_SECONDS = 0.5
_LAST_WORDS_SECONDS = 1.0


class _Cancelled(Exception):
    """The job is not wanted any more."""


class Worker:
    """One watcher thread, one reading thread, and the thread that takes frames."""

    def __init__(self, source: BinaryIO, sink: BinaryIO, filter: ReaderFilter) -> None:
        self._source = source
        self._sink = sink
        self._sink_lock = threading.Lock()
        self._watcher = Watcher(self._state_changed, filter)
        self._jobs: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._reading = threading.Thread(target=self._work, name="card-reading", daemon=True)
        self._cancelled: set[int] = set()
        self._touched: tuple[str, int] | None = None
        """Reader and event counter of the last card that was used."""
        self._done = 0
        """The last finished job; numbers only grow."""
        self._card: CardSeen | None = None
        self._memory = AccessMemory()
        self._signer: AskingSigner | None = None
        """Waits for `told` while a job may read fingers."""

    def run(self) -> None:
        """Until the source ends."""
        self._watcher.start()
        self._reading.start()
        while (frame := self._receive()) is not None:
            match frame["type"]:
                case "cancel":
                    self._cancelled = {*(number for number in self._cancelled if number > self._done), frame["id"]}
                case "forget":
                    self._memory.forget()
                case "told":
                    self._told(frame)
                case _:
                    self._jobs.put(frame)
        self._jobs.put(None)
        self._watcher.stop()
        self._reading.join(_LAST_WORDS_SECONDS)

    def _told(self, frame: Frame) -> None:
        if (signer := self._signer) is not None:
            signer.told(frame)

    def _receive(self) -> Frame | None:
        header = self._source.read(frames.HEADER.size)
        if len(header) < frames.HEADER.size:
            return None
        (length,) = frames.HEADER.unpack(header)
        body = self._source.read(length)
        return frames.decode(body) if len(body) == length else None

    def _send(self, frame: Frame) -> None:
        with self._sink_lock:
            try:
                self._sink.write(frames.encode(frame))
                self._sink.flush()
            except OSError:
                os._exit(0)  # nobody listens any more: the kiosk is gone

    def _state_changed(self, state: ReaderState) -> None:
        self._card = state.card
        self._send(frames.state_out(state))

    def _work(self) -> None:
        # Loading the protocols takes longer than seeing a card: it happens here, while the watcher is at work.
        from drivers.emrtd.read import DEFAULT_FILES, opens, read_chip
        from drivers.smartcard.piv import prove

        self._prove = prove
        self._read_chip, self._opens, self._usual = read_chip, opens, DEFAULT_FILES
        while (job := self._jobs.get()) is not None:
            number = job["id"]
            try:
                self._do(job)
            except _Cancelled:
                self._send({"id": number, "type": "cancelled"})
            except CardError as error:
                self._send({"id": number, "type": "error", **frames.error_out(error)})
            except Exception as error:  # the pipe's other end must hear of every job; the name says enough
                failure = CardError(CardErrorReason.WORKER, type(error).__name__)
                self._send({"id": number, "type": "error", **frames.error_out(failure)})
            self._signer = None
            self._done = number

    def _do(self, job: Frame) -> None:
        """Perform a job; its answer leaves before the card is let go."""
        number: int = job["id"]
        pulse = _Pulse(self, number)
        pulse()
        keys = frames.keys_in(job["keys"])
        laid = job["reader"], job["counter"]
        untouched, self._touched = laid != self._touched, laid
        with PcscConnection(job["reader"], untouched=untouched) as connection:
            self._same_card(CardSeen(job["reader"], job["counter"], b""))
            if job["type"] == "probe":
                lines = [[*vars(line).values()] for line in probe(connection)]
                self._send({"id": number, "type": "trace", "lines": lines})
                return
            if job["type"] == "trace":
                self._send({"id": number, "type": "trace", **frames.trace_out(self._traced(connection, keys, pulse))})
                return
            if job["type"] == "prove":
                proof = self._prove(connection, bytes.fromhex(job["challenge"]))
                self._send({"id": number, "type": "proof", "proof": frames.proof_out(proof)})
                return
            if job["type"] == "opens":
                answer = self._opens(connection, keys, self._memory, before_each=pulse)
                self._send({"id": number, "type": "opens", "answer": answer})
                return
            nonce = None if job["nonce"] is None else bytes.fromhex(job["nonce"])
            fingers = frozenset({FileId.DG3}) if job["fingers"] else frozenset[FileId]()
            self._signer = AskingSigner(self._send, number, pulse) if fingers else None
            reading = self._read_chip(
                connection,
                keys,
                nonce,
                pulse.progress,
                wanted=self._usual | fingers,
                terminal=self._signer,
                memory=self._memory,
                before_each=pulse,
            )
            self._send({"id": number, "type": "reading", "reading": frames.reading_out(reading)})

    def _traced(self, connection: PcscConnection, keys: AccessKeys, pulse: _Pulse) -> CardTrace:
        """Read as for a citizen, and keep nothing of what was read."""
        traced, error = Traced(connection), None
        try:
            self._read_chip(traced, keys, secrets.token_bytes(8), wanted=self._usual, before_each=pulse)
        except CardError as broken:
            error = broken
        return CardTrace(tuple(traced.lines), error)

    def _same_card(self, meant: CardSeen) -> None:
        """The card that was meant may have been swapped for another since."""
        if self._card is not None and not meant.lies_still(self._card):
            raise CardError(CardErrorReason.REMOVED, "another card lies there")

    def is_cancelled(self, number: int) -> bool:
        """Whether this job is not wanted any more."""
        return number in self._cancelled

    def send(self, frame: Frame) -> None:
        """A frame about a running job."""
        self._send(frame)


class _Pulse:
    """Called before every command: shows life now and then, and ends a cancelled job."""

    def __init__(self, worker: Worker, number: int) -> None:
        self._worker = worker
        self._number = number
        self._last = 0.0

    def __call__(self) -> None:
        if self._worker.is_cancelled(self._number):
            raise _Cancelled
        if time.monotonic() - self._last > _BEAT_SECONDS:
            self._last = time.monotonic()
            self._worker.send({"id": self._number, "type": "beat"})

    def progress(self, news: ReadProgress) -> None:
        """Pass progress on."""
        self._worker.send({"id": self._number, "type": "progress", **frames.progress_out(news)})


def main(argv: Sequence[str] | None = None) -> int:
    """Run on standard input and output."""
    options = argparse.ArgumentParser(prog="kiosk worker smartcard", description="Watch card readers and read chips.")
    options.add_argument("--reader", default="", help="use only readers whose name contains this text")
    options.add_argument("--exclude", action="append", default=[], help="use no reader whose name contains this text")
    chosen = options.parse_args(argv)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the kiosk; the end of its pipe ends us
    # Nothing else may write between the frames.
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        Worker(sys.stdin.buffer, sink, ReaderFilter(chosen.reader, tuple(chosen.exclude))).run()
    finally:
        # A thread may be blocked in a mute card for ever; the process must end all the same.
        os._exit(0)
