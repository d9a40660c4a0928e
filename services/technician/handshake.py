"""Into the technician's mode by handshake, so that nobody's session is cut in half (XFS4IoT vendor mode).

A request waits until the kiosk is between two sessions; only the loop that serves people acknowledges it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import Enum

import trio

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 600.0
"""A request older than this is forgotten: who asked has gone, and the next person must not meet a PIN."""


class VendorMode(Enum):
    """`VendorMode.Status` of XFS4IoT."""

    INACTIVE = "inactive"
    ENTER_PENDING = "enterPending"
    ACTIVE = "active"
    EXIT_PENDING = "exitPending"


class Handshake:
    """One kiosk's mode. All methods belong to the trio thread."""

    def __init__(self, changed: Callable[[VendorMode], None] | None = None) -> None:
        self._state = VendorMode.INACTIVE
        self._changed = changed
        self._asked = trio.Event()
        self._until = 0.0

    @property
    def state(self) -> VendorMode:
        """Now."""
        return self._state

    def request(self) -> None:
        """Somebody made the hidden gesture, or laid down a technician's card. Asking twice is asking once."""
        if self._state in {VendorMode.ACTIVE, VendorMode.EXIT_PENDING}:
            return
        self._until = trio.current_time() + PATIENCE_SECONDS
        self._turn(VendorMode.ENTER_PENDING)
        self._asked.set()

    async def requested(self) -> None:
        """Wait for a request; the loop calls it only where no session is open."""
        while True:
            await self._asked.wait()
            if self.pending:
                return

    @property
    def pending(self) -> bool:
        """Whether somebody waits to come in; one who waited too long has gone."""
        if self._state is VendorMode.ENTER_PENDING and trio.current_time() >= self._until:
            self.leave()
        return self._state is VendorMode.ENTER_PENDING

    def enter(self) -> None:
        """The loop acknowledges: from now on nobody is served."""
        self._asked = trio.Event()
        self._turn(VendorMode.ACTIVE)

    def leaving(self) -> None:
        """The technician is done; devices are given back."""
        self._turn(VendorMode.EXIT_PENDING)

    def leave(self) -> None:
        """People are served again."""
        self._asked = trio.Event()
        self._turn(VendorMode.INACTIVE)

    def _turn(self, state: VendorMode) -> None:
        if state is self._state:
            return
        self._state = state
        log.info("technician: %s", state.value)
        if self._changed is not None:
            self._changed(state)
