"""Sees readers and cards come and go, on a thread and a context of its own, through restarts of the PC/SC service.

pyscard's own monitors die with the service (pcsc.md), so this one rebuilds its context and lists the readers again at
least every two seconds, because plug-and-play notification alone has been seen to miss changes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from smartcard import scard

from drivers.smartcard.codes import check
from drivers.smartcard.connection import CardError
from drivers.smartcard.pcsc import Context
from drivers.smartcard.watcher_state import CardSeen, ReaderState

_PLUG_AND_PLAY = "\\\\?PnP?\\Notification"
_LIST_AGAIN_MS = 2000
_SERVICE_AGAIN_SECONDS = (0.2, 0.5, 1.0, 2.0)
_GONE = scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE


@dataclass(frozen=True)
class ReaderFilter:
    """Which readers are for ID cards, by parts of their names; capitals do not matter."""

    wanted: str = ""
    """Only readers whose name contains this."""
    excluded: tuple[str, ...] = ()
    """No reader whose name contains one of these (a payment terminal's)."""

    def takes(self, name: str) -> bool:
        """Whether this reader counts."""
        folded = name.casefold()
        return self.wanted.casefold() in folded and not any(part.casefold() in folded for part in self.excluded)


class Watcher:
    """Calls `changed` on its thread, once for each change, beginning with the first state."""

    def __init__(self, changed: Callable[[ReaderState], None], filter: ReaderFilter) -> None:
        """Readers that `filter` does not let through do not exist for this watcher."""
        self._changed = changed
        self._filter = filter
        self._last: ReaderState | None = None
        self._stopping = threading.Event()
        self._context: Context | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="card-watcher", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; SCardCancel wakes it at once."""
        self._stopping.set()
        while self._thread.is_alive():
            with self._lock:
                if self._context is not None:
                    scard.SCardCancel(self._context.handle)
            self._thread.join(0.02)  # a cancel that comes just before the wait is lost: repeat it

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                with Context() as context:
                    failures = 0
                    self._watch(context)
            except CardError:
                self._tell(ReaderState(service=False))
                pause = _SERVICE_AGAIN_SECONDS[min(failures, len(_SERVICE_AGAIN_SECONDS) - 1)]
                failures += 1
                self._stopping.wait(pause)

    def _watch(self, context: Context) -> None:
        """Until stopped. Raises CardError when the service is lost."""
        with self._lock:
            self._context = context
        try:
            known: dict[str, int] = {}
            cards: dict[str, CardSeen] = {}
            while not self._stopping.is_set():
                readers = [name for name in context.readers() if self._filter.takes(name)]
                known = {name: known.get(name, scard.SCARD_STATE_UNAWARE) for name in readers}
                for unplugged in cards.keys() - known.keys():
                    del cards[unplugged]
                if scard.SCARD_STATE_UNAWARE not in known.values():
                    self._tell(_state(known, cards))
                self._wait(context, known, cards)
        finally:
            with self._lock:
                self._context = None

    def _wait(self, context: Context, known: dict[str, int], cards: dict[str, CardSeen]) -> None:
        """Wait for a change or until it is time to list the readers again; puts what changed into the maps."""
        query = [*known.items(), (_PLUG_AND_PLAY, len(known) << 16)]
        code, states = scard.SCardGetStatusChange(context.handle, _LIST_AGAIN_MS, query)
        if code in (scard.SCARD_E_TIMEOUT, scard.SCARD_E_CANCELLED):
            return
        if code in (scard.SCARD_E_UNKNOWN_READER, scard.SCARD_E_READER_UNAVAILABLE):
            return  # one was unplugged between listing and asking
        check(code, "wait for a change")
        for name, state, atr in states:
            if name in known:
                known[name] = state & ~0x2  # SCARD_STATE_CHANGED is news, not a state
                _look(cards, name, state, bytes(atr))

    def _tell(self, state: ReaderState) -> None:
        if state != self._last:
            self._last = state
            self._changed(state)


def _look(cards: dict[str, CardSeen], name: str, state: int, atr: bytes) -> None:
    """Put what lies on a reader into `cards`; a card that lies still keeps the count it was first seen with."""
    if not state & scard.SCARD_STATE_PRESENT:
        cards.pop(name, None)
        return
    now = CardSeen(name, state >> 16, atr)
    before = cards.get(name)
    if before is None or not before.lies_still(now):
        cards[name] = now


def _state(known: dict[str, int], cards: dict[str, CardSeen]) -> ReaderState:
    there = tuple(name for name, state in known.items() if not state & _GONE)
    return ReaderState(True, there, next((cards[name] for name in there if name in cards), None))
