"""Nonces for active authentication: fetched ahead, single use, and drawn here when none is left (ICAO 9303-11 §6.1)."""

from __future__ import annotations

import os
from collections import deque
from datetime import datetime, timedelta

from services.contract.models import IssuedNonce, NonceBatch
from services.journeys.ports import Clock, Nonce

ENOUGH = 2
MARGIN = timedelta(seconds=90)
"""A nonce must live until the evidence reaches the gateway."""


class Nonces:
    """The batch fetched ahead."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: deque[tuple[IssuedNonce, datetime]] = deque()

    def keep(self, batch: NonceBatch) -> None:
        """A fresh batch replaces what is left of the last one."""
        self._held = deque((each, batch.expires_at) for each in batch.nonces)

    @property
    def low(self) -> bool:
        """Whether to fetch some."""
        self._forget_old()
        return len(self._held) < ENOUGH

    def take(self) -> Nonce:
        """One that nobody used; drawn here (id None: freshness not proven) when there is none."""
        self._forget_old()
        if not self._held:
            return Nonce(None, os.urandom(8))
        issued, _ = self._held.popleft()
        return Nonce(issued.id, bytes.fromhex(issued.value))

    def _forget_old(self) -> None:
        deadline = self._clock.now() + MARGIN
        while self._held and self._held[0][1] <= deadline:
            self._held.popleft()
