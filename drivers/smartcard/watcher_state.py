"""What the watcher saw: values that cross the pipe, free of any PC/SC library."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CardSeen:
    """A card on a reader; `counter` is the reader's event counter: it tells a swapped card with the same ATR."""

    reader: str
    counter: int
    atr: bytes


@dataclass(frozen=True)
class ReaderState:
    """What is there now."""

    service: bool
    readers: tuple[str, ...] = ()
    card: CardSeen | None = None
