"""What the watcher saw: values that cross the pipe, free of any PC/SC library."""

from __future__ import annotations

from dataclasses import dataclass

_COUNTS = 0x10000
"""The counter has 16 bits (SCARD_READERSTATE, the high word of dwEventState)."""


@dataclass(frozen=True)
class CardSeen:
    """A card on a reader; `counter` is the reader's event counter: it tells a swapped card with the same ATR."""

    reader: str
    counter: int
    atr: bytes

    def lies_still(self, later: CardSeen) -> bool:
        """Whether `later` is this laying-down, seen again.

        pcscd writes "present" before it raises the counter, so who looks in between sees the card with the old count.
        A swap raises it by two: one for the removal, one for the new card.
        """
        return later.reader == self.reader and (later.counter - self.counter) % _COUNTS in (0, 1)


@dataclass(frozen=True)
class ReaderState:
    """What is there now."""

    service: bool
    readers: tuple[str, ...] = ()
    card: CardSeen | None = None
