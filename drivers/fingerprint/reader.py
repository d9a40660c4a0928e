"""One finger reader for the kiosk: supervised, one capture at a time, off the window's thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import trio

from drivers.device import BackOff, DeviceState, Gone, Supervised
from drivers.fingerprint.errors import FingerError, FingerErrorReason, FingerHint, FingerRefused, NoFinger
from drivers.fingerprint.picture import FingerPicture
from drivers.fingerprint.scanner import CaptureNews, FingerCapabilities, FingerScanner
from drivers.supervisor import Supervisor

LOOK_SECONDS = 0.35
"""How often an idle reader is asked whether it is there; with its two questions a loss is noticed within a second."""
PATIENCE_SECONDS = 20.0
"""One wait for a finger; who waits longer asks again."""
_LIFT_SECONDS = 2.0
_SAME_FINGER_SECONDS = 8.0
"""A finger seen so lately may still lie there: it is lifted before it counts again."""
_STATES = {
    FingerErrorReason.ABSENT: DeviceState.NO_DEVICE,
    FingerErrorReason.LOST: DeviceState.NO_DEVICE,
    FingerErrorReason.PASSWORD: DeviceState.USER_ERROR,
    FingerErrorReason.UNSUPPORTED: DeviceState.NOT_SUPPORTED,
}


class FingerReader:
    """`supervisor.run` must be running. All methods belong to the trio thread."""

    def __init__(
        self,
        name: str,
        scanner: FingerScanner,
        changed: Callable[[DeviceState, FingerErrorReason | None], None] | None = None,
    ) -> None:
        """`changed` hears the state and, where it is not open, why."""
        self._scanner = scanner
        self._place = trio.CapacityLimiter(1)
        self._failed = trio.Event()
        self._error: FingerError | None = None
        self._seen_at = float("-inf")

        def turned(state: DeviceState) -> None:
            if changed is not None:
                changed(state, None if state is DeviceState.ONLINE or self._error is None else self._error.reason)

        self.supervisor = Supervisor(name, _Life(self), turned, BackOff(0.25, 1.0))

    @property
    def available(self) -> bool:
        """Whether it is open."""
        return self.supervisor.available

    @property
    def capabilities(self) -> FingerCapabilities:
        """Known once it was open."""
        return self._scanner.capabilities

    async def capture(self, reading: Callable[[CaptureNews], None]) -> FingerPicture:
        """Wait for a finger and take its picture. `reading` is called on the trio thread.

        Raises FingerRefused with a hint, FingerError when the reader is gone. Cancelled at once; the thread behind it
        ends by itself.
        """
        stop = threading.Event()
        token = trio.lowlevel.current_trio_token()

        def news(one: CaptureNews) -> None:
            if not stop.is_set():
                token.run_sync_soon(tell, one)

        def tell(one: CaptureNews) -> None:
            if not stop.is_set():
                reading(one)

        def work() -> FingerPicture:
            if time.monotonic() - self._seen_at < _SAME_FINGER_SECONDS:
                if not self._scanner.wait_lifted(_LIFT_SECONDS, stop):
                    raise FingerRefused(FingerHint.LIFT)
                self._seen_at = float("-inf")
            while True:
                try:
                    return self._scanner.capture(PATIENCE_SECONDS, news, stop)
                except NoFinger:
                    continue

        try:
            picture = await trio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._place)
        except FingerRefused:
            self._seen_at = time.monotonic()
            raise
        except FingerError as error:
            self.failed(error)
            raise
        finally:
            stop.set()
        self._seen_at = time.monotonic()
        return picture

    def failed(self, error: FingerError) -> None:
        """Tell the supervisor what a capture met."""
        self._error = error
        self._failed.set()

    # --- its life, as the supervisor leads it

    async def opened(self) -> None:
        """Open it. Raises Gone."""
        self._failed = trio.Event()
        await self._do(self._scanner.open)
        self._error = None

    async def watched(self) -> None:
        """Until it is lost. Raises Gone."""
        while True:
            with trio.move_on_after(LOOK_SECONDS):
                await self._failed.wait()
            if self._error is not None:
                raise _gone(self._error)
            await self._do(self._scanner.check)

    async def closed(self) -> None:
        """Let go of it."""
        await trio.to_thread.run_sync(self._scanner.close, limiter=self._place)

    async def _do(self, work: Callable[[], None]) -> None:
        try:
            await trio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._place)
        except FingerError as error:
            self._error = error
            raise _gone(error) from None
        except FingerRefused:
            return


class _Life(Supervised):
    def __init__(self, reader: FingerReader) -> None:
        self._reader = reader

    async def open(self) -> None:
        await self._reader.opened()

    async def watch(self) -> None:
        await self._reader.watched()

    async def close(self) -> None:
        await self._reader.closed()


def _gone(error: FingerError) -> Gone:
    return Gone(_STATES.get(error.reason, DeviceState.OFFLINE), str(error))
