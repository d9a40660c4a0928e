"""The kiosk's side of the card worker: starts it, kills it when a card falls mute, starts it again.

Has the shape of services.journeys.ports.CardReader. All methods belong to the trio thread.
"""

from __future__ import annotations

import logging
import math
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from itertools import count

import trio

from drivers.device import DeviceState
from drivers.emrtd.reading import AccessKeys, ChipReading, ReadProgress
from drivers.smartcard import frames
from drivers.smartcard.connection import CardError, CardErrorReason
from drivers.smartcard.frames import Frame
from drivers.smartcard.presence import CardPresence
from drivers.smartcard.proof import CardProof
from drivers.smartcard.status import MediaState, ReaderCapabilities, ReaderStatus
from drivers.smartcard.terminal_desk import PATIENCE_SECONDS, TerminalDesk, answer
from drivers.smartcard.trace import ApduLine, CardTrace
from drivers.smartcard.watcher_state import CardSeen, ReaderState

log = logging.getLogger(__name__)

DEFAULT_ARGV = (sys.executable, "-m", "kiosk", "worker", "smartcard")
SILENCE_SECONDS = 5.0
"""A job that shows no life for so long is a mute card."""
_START_SECONDS = 10.0
_RESTART_PAUSES = (0.0, 0.5, 2.0, 5.0)
_GOODBYE_SECONDS = 1.0
_GRACE_SECONDS = 0.05


class _Job:
    """One request until its last frame."""

    def __init__(self, number: int, progress: Callable[[ReadProgress], None] | None, deadline: float) -> None:
        self.number = number
        self.progress = progress
        self.deadline = deadline
        self.done = trio.Event()
        self.answer: Frame | None = None
        self.error: Exception | None = None


class RemoteCardReader:
    """A card reader behind a worker process. `run` must be running for anything to happen."""

    def __init__(
        self,
        argv: Sequence[str] = DEFAULT_ARGV,
        env: Mapping[str, str] | None = None,
        *,
        silence: float = SILENCE_SECONDS,
        terminal: TerminalDesk | None = None,
    ) -> None:
        """`env` is added to this process's environment; `silence` in seconds of a job makes a mute card.

        With a `terminal` chips are asked for the fingers (DG3) too; without one they are never asked.
        """
        self._argv = list(argv)
        self._env = {**os.environ, **(env or {})}
        self._silence = silence
        self._terminal = terminal
        self._serials = count(1)
        self._jobs: dict[int, _Job] = {}
        self._job_numbers = count(1)
        self._state: ReaderState | None = None
        self._seen: CardSeen | None = None
        self._card: CardPresence | None = None
        self._changed = trio.Event()
        self._outgoing: trio.MemorySendChannel[Frame] | None = None
        self._process: trio.Process | None = None
        self._nursery: trio.Nursery | None = None

    @property
    def card(self) -> CardPresence | None:
        """The card that lies on the reader now."""
        return self._card

    @property
    def available(self) -> bool:
        """False while there is no reader, no PC/SC service or no worker."""
        return self._state is not None and self._state.service and bool(self._state.readers)

    @property
    def status(self) -> ReaderStatus:
        """The state as a value."""
        state = self._state
        if state is None:
            return ReaderStatus()
        if not state.service:
            return ReaderStatus(DeviceState.OFFLINE)
        if not state.readers:
            return ReaderStatus(DeviceState.NO_DEVICE)
        media = MediaState.NOT_PRESENT if self._card is None else MediaState.PRESENT
        return ReaderStatus(DeviceState.ONLINE, media, state.readers[0])

    @property
    def capabilities(self) -> ReaderCapabilities:
        """What is known of the readers that match."""
        return ReaderCapabilities(readers=() if self._state is None else self._state.readers)

    @property
    def worker_pid(self) -> int | None:
        """For the technician's page and for tests."""
        return None if self._process is None else self._process.pid

    async def inserted(self, *, after: int = -1) -> CardPresence:
        """Wait for a card with a serial greater than `after`; returns at once when one lies there."""
        await trio.lowlevel.checkpoint()
        while self._card is None or self._card.serial <= after:
            await self._changed.wait()
        return self._card

    async def removed(self, card: CardPresence) -> None:
        """Wait until this laying-down ended."""
        await trio.lowlevel.checkpoint()
        while self._card is not None and self._card.serial == card.serial:
            await self._changed.wait()

    @property
    def missing(self) -> CardError | None:
        """What is known to be missing now: a reader (NO_READER) or the PC/SC service (NO_SERVICE)."""
        if self._state is None or self.available:
            return None
        return CardError(CardErrorReason.NO_READER if self._state.service else CardErrorReason.NO_SERVICE)

    async def told(self) -> None:
        """Wait for the first word of the first worker, or until it is known that there will be none."""
        await trio.lowlevel.checkpoint()
        while self._state is None:
            await self._changed.wait()

    async def lost(self) -> CardError:
        """Wait until there is no reader (NO_READER) or no PC/SC service (NO_SERVICE); at once when it is so already."""
        await trio.lowlevel.checkpoint()
        while (error := self.missing) is None:
            await self._changed.wait()
        return error

    async def found(self) -> None:
        """Wait until there is a reader; at once when there is one."""
        await trio.lowlevel.checkpoint()
        while not self.available:
            await self._changed.wait()

    def restart_worker(self) -> None:
        """End the worker now; the next one starts by itself."""
        self._kill()

    async def read(
        self,
        card: CardPresence,
        keys: AccessKeys,
        nonce: bytes | None,
        progress: Callable[[ReadProgress], None],
    ) -> ChipReading:
        """Open and read the chip of this laying-down. Raises CardError. Cancellation takes effect at once."""
        request: Frame = {"type": "read", "nonce": nonce and nonce.hex(), "fingers": self._terminal is not None}
        answer = await self._ask(card, request, keys, progress)
        return frames.reading_in(answer["reading"])

    async def opens(self, card: CardPresence, keys: AccessKeys) -> bool:
        """Whether `keys` open this card. Raises CardError for anything but a refused access."""
        return (await self._ask(card, {"type": "opens"}, keys, None))["answer"]

    async def probe(self, card: CardPresence) -> tuple[ApduLine, ...]:
        """Ask reader and chip what needs no key, for the technician. Raises CardError."""
        answer = await self._ask(card, {"type": "probe"}, AccessKeys(), None)
        return tuple(ApduLine(*line) for line in answer["lines"])

    async def trace(self, card: CardPresence, keys: AccessKeys) -> CardTrace:
        """Read it as for a citizen; only headers, lengths, status words and times come back. Raises CardError."""
        return frames.trace_in(await self._ask(card, {"type": "trace"}, keys, None))

    async def prove(self, card: CardPresence, challenge: bytes) -> CardProof | None:
        """Let a PIV card sign a challenge; None for any other card. Raises CardError."""
        answer = await self._ask(card, {"type": "prove", "challenge": challenge.hex()}, AccessKeys(), None)
        return frames.proof_in(answer["proof"])

    def forget(self) -> None:
        """The session is over: the worker forgets which key of a list opened the last card."""
        self._send({"type": "forget"})

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Keep a worker running until cancelled."""
        task_status.started()
        silent_starts = 0
        while True:
            silent_starts = 0 if await self._serve() else silent_starts + 1
            if silent_starts > 1:
                self._set_state(ReaderState(service=False))
            await trio.sleep(_RESTART_PAUSES[min(silent_starts, len(_RESTART_PAUSES) - 1)])

    async def _serve(self) -> bool:
        """One life of a worker; whether it ever said something."""
        try:
            process = await trio.lowlevel.open_process(
                self._argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self._env
            )
        except OSError:
            return False
        heard = False
        outgoing, to_write = trio.open_memory_channel[Frame](math.inf)
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_write, process, to_write)
                self._process, self._outgoing, self._nursery = process, outgoing, nursery
                self._tell()
                # A worker that talks nonsense is ended as one that died.
                with suppress(KeyError, TypeError, ValueError):
                    async with aclosing(_frames(process)) as incoming:
                        async for frame in incoming:
                            self._take(frame)
                            heard = True
                nursery.cancel_scope.cancel()
        finally:
            self._process = self._outgoing = self._nursery = None
            for job in list(self._jobs.values()):
                self._finish(job, error=CardError(CardErrorReason.WORKER, "the card worker ended"))
            await _end(process)
        return heard

    async def _ask(
        self,
        card: CardPresence,
        request: Frame,
        keys: AccessKeys,
        progress: Callable[[ReadProgress], None] | None,
    ) -> Frame:
        await self._worker_ready()
        seen = self._seen
        if seen is None or self._card is None or self._card.serial != card.serial or self._nursery is None:
            raise CardError(CardErrorReason.REMOVED, "this card does not lie there any more")
        job = _Job(next(self._job_numbers), progress, trio.current_time() + self._silence)
        self._jobs[job.number] = job
        self._nursery.start_soon(self._guard, job)
        self._send(
            {**request, "id": job.number, "reader": seen.reader, "counter": seen.counter, "keys": frames.keys_out(keys)}
        )
        try:
            await job.done.wait()
        except trio.Cancelled:
            job.progress = None
            self._send({"type": "cancel", "id": job.number})
            raise
        if job.error is not None:
            raise job.error
        return job.answer or {}

    async def _worker_ready(self) -> None:
        """A killed worker is back within a second; without one nothing can be asked."""
        with trio.move_on_after(_START_SECONDS):
            while self._nursery is None or self._state is None:
                await self._changed.wait()
            await trio.lowlevel.checkpoint()
            return
        raise CardError(CardErrorReason.WORKER, "no card worker")

    async def _guard(self, job: _Job) -> None:
        """Kill the worker when the job shows no life, also when nobody waits for it any more."""
        while not job.done.is_set():
            with trio.move_on_at(job.deadline):
                await job.done.wait()
                return
            # This process may have been busy itself: what lies in the pipe already is heard first.
            await trio.sleep(_GRACE_SECONDS)
            if trio.current_time() >= job.deadline:
                self._finish(job, error=CardError(CardErrorReason.MUTE, "no answer from the card"))
                self._kill()

    def _kill(self) -> None:
        """End this worker; who asks now waits for the next one."""
        if self._process is not None:
            self._process.kill()
        self._nursery = self._outgoing = None

    def _take(self, frame: Frame) -> None:
        if frame["type"] == "state":
            self._set_state(frames.state_in(frame))
            return
        job = self._jobs.get(frame["id"])
        if job is None:
            return
        job.deadline = trio.current_time() + self._silence
        match frame["type"]:
            case "beat":
                pass
            case "progress":
                self._tell_progress(job, frames.progress_in(frame))
            case "ask":
                self._ask_terminal(job, frame)
            case "error":
                self._finish(job, error=frames.error_in(frame))
            case _:
                self._finish(job, answer=frame)

    def _tell_progress(self, job: _Job, news: ReadProgress) -> None:
        """What the listener raises is raised by the reading it belongs to."""
        try:
            if job.progress is not None:
                job.progress(news)
        except Exception as error:
            job.progress = None
            self._send({"type": "cancel", "id": job.number})
            self._finish(job, error=error)

    def _ask_terminal(self, job: _Job, frame: Frame) -> None:
        """The worker waits for us now, not for the card."""
        if self._nursery is not None:
            job.deadline += PATIENCE_SECONDS
            self._nursery.start_soon(self._tell_signed, frame)

    async def _tell_signed(self, frame: Frame) -> None:
        """Answer in time in any case; no fault of a gateway ends a reading."""
        told: list[str] | None = None
        if self._terminal is not None:
            with trio.move_on_after(PATIENCE_SECONDS):
                try:
                    told = await answer(self._terminal, frame)
                except LookupError:
                    log.info("no terminal certificates for this card's authority")
                except Exception as error:  # whatever it is, the card can be read without
                    log.warning("terminal authentication: %s", type(error).__name__)
        self._send({"type": "told", "id": frame["id"], "answer": told})

    def _finish(self, job: _Job, *, answer: Frame | None = None, error: Exception | None = None) -> None:
        self._jobs.pop(job.number, None)
        if not job.done.is_set():
            job.answer, job.error = answer, error
            job.done.set()

    def _set_state(self, state: ReaderState) -> None:
        before, now = self._seen, state.card
        # A worker that was started anew may have looked a moment later than the last one.
        if before != now and not (before and now and before.lies_still(now)):
            self._seen = now
            self._card = None if now is None else CardPresence(next(self._serials), now.atr)
        self._state = state
        self._tell()

    def _tell(self) -> None:
        """Wake everybody who waits for something."""
        self._changed.set()
        self._changed = trio.Event()

    def _send(self, frame: Frame) -> None:
        if self._outgoing is not None:
            with suppress(trio.BrokenResourceError):
                self._outgoing.send_nowait(frame)


async def _write(process: trio.Process, outgoing: trio.MemoryReceiveChannel[Frame]) -> None:
    """Frames to the worker; one that died is noticed by who reads from it."""
    assert process.stdin is not None  # noqa: S101 asked for at the start
    with suppress(trio.BrokenResourceError):
        async for frame in outgoing:
            await process.stdin.send_all(frames.encode(frame))


async def _frames(process: trio.Process) -> AsyncGenerator[Frame, None]:
    """Frames from the worker until its output ends; a broken frame ends it too."""
    assert process.stdout is not None  # noqa: S101 asked for at the start
    buffer = bytearray()
    while True:
        while len(buffer) >= frames.HEADER.size:
            (length,) = frames.HEADER.unpack_from(buffer)
            end = frames.HEADER.size + length
            if length > frames.MAX_FRAME:
                return
            if len(buffer) < end:
                break
            body = bytes(buffer[frames.HEADER.size : end])
            del buffer[:end]
            yield frames.decode(body)
        piece = await process.stdout.receive_some()
        if not piece:
            return
        buffer += piece


async def _end(process: trio.Process) -> None:
    """Close the worker's input, wait a moment, kill; nothing of it stays behind."""
    with trio.CancelScope(shield=True):
        if process.stdin is not None:
            await process.stdin.aclose()
        with trio.move_on_after(_GOODBYE_SECONDS):
            await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()
        if process.stdout is not None:
            await process.stdout.aclose()
