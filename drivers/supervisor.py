"""One supervisor per device: opens it, notices its loss, logs once each way, backs off, recovers without a restart."""

from __future__ import annotations

import logging
from collections.abc import Callable

import trio

from drivers.device import BackOff, DeviceState, Gone, Supervised

log = logging.getLogger(__name__)


class Supervisor:
    """Keeps one device open while `run` runs. `changed` hears each change of presence once, on the trio thread."""

    def __init__(
        self,
        name: str,
        device: Supervised,
        changed: Callable[[DeviceState], None] | None = None,
        back_off: BackOff | None = None,
    ) -> None:
        """`name` is what the log calls it: kind and wire, never a person's data."""
        self.name = name
        self._device = device
        self._changed = changed
        self._back_off = back_off or BackOff()
        self._state = DeviceState.UNKNOWN
        self._turned = trio.Event()
        self._phase: trio.CancelScope | None = None
        self.openings = 0
        """How often it was opened since the start."""
        self.losses = 0
        """How often it was lost after it had been open."""

    @property
    def state(self) -> DeviceState:
        """ONLINE, why it is not (NO_DEVICE, OFFLINE …), or UNKNOWN before the first try."""
        return self._state

    @property
    def available(self) -> bool:
        """Whether it is open."""
        return self._state is DeviceState.ONLINE

    async def lost(self) -> None:
        """Wait until it is lost; at once when it is lost already."""
        await trio.lowlevel.checkpoint()
        while self._state in {DeviceState.ONLINE, DeviceState.UNKNOWN}:
            await self._turned.wait()

    async def found(self) -> None:
        """Wait until it is open; at once when it is open already."""
        await trio.lowlevel.checkpoint()
        while not self.available:
            await self._turned.wait()

    async def reset(self) -> None:
        """Close it and open it anew now, whatever it is doing: the technician's "Mở lại"."""
        self._back_off.worked()
        await self._device.restart()
        if self._phase is not None:
            self._phase.cancel()

    async def run(self) -> None:
        """Supervise until cancelled."""
        while True:
            with trio.CancelScope() as self._phase:
                await self._live()
                await trio.sleep(self._back_off.wait())

    async def _live(self) -> None:
        """One life of the device, from opening to loss."""
        opened = False
        try:
            await self._device.open()
            opened = True
            self.openings += 1
            self._back_off.worked()
            self._note(DeviceState.ONLINE)
            await self._device.watch()
        except OSError as error:
            self.losses += opened
            self._note(error.state if isinstance(error, Gone) else DeviceState.NO_DEVICE, str(error))
        finally:
            with trio.CancelScope(shield=True):
                await self._device.close()

    def _note(self, state: DeviceState, detail: str = "") -> None:
        if state is self._state:
            return
        was_up = self._state in {DeviceState.ONLINE, DeviceState.UNKNOWN}
        self._state = state
        self._turned.set()
        self._turned = trio.Event()
        if state is DeviceState.ONLINE:
            log.info("%s: online", self.name)
        elif was_up:
            # From noDevice to offline and back while it is missing is no news for the log.
            log.warning("%s: %s (%s)", self.name, state.value, detail)
        if self._changed is not None:
            self._changed(state)
