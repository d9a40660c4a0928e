"""Doubles of a sound card and of a voice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from drivers.audio.output import NoSound
from drivers.audio.player import Player


class RecordingCard:
    """Remembers what was written, one piece for each start; can be absent, and can hold the writer."""

    def __init__(self) -> None:
        self.present = True
        self.pieces: list[bytes] = []
        self.ends: list[str] = []
        self.starts = 0
        self.closed = 0
        self.gate = threading.Event()
        self.gate.set()
        self.wrote = threading.Condition()
        self._open = False

    def start(self) -> None:
        self.starts += 1
        if not self.present:
            raise NoSound("no card")
        with self.wrote:
            if not self._open:
                self.pieces.append(b"")
                self._open = True

    def write(self, samples: bytes) -> None:
        if not self.present:
            raise NoSound("the card was pulled")
        with self.wrote:
            self.pieces[-1] += samples
            self.wrote.notify_all()
        assert self.gate.wait(10)

    def finish(self) -> None:
        with self.wrote:
            self.ends.append("finish")
            self._open = False
            self.wrote.notify_all()

    def close(self) -> None:
        with self.wrote:
            self.closed += 1
            self._open = False
            self.wrote.notify_all()

    def cards(self) -> bytes:
        return b"1" if self.present else b""

    def until(self, true: Callable[[], bool]) -> None:
        with self.wrote:
            assert self.wrote.wait_for(true, 10)

    @property
    def heard(self) -> bytes:
        return b"".join(self.pieces)


@pytest.fixture
def sound_card() -> RecordingCard:
    return RecordingCard()


@pytest.fixture
def make_player(sound_card: RecordingCard) -> Iterator[Callable[..., Player]]:
    """A started player on the recording card at full volume; `probe_seconds` short."""
    players: list[Player] = []

    def make(volume: int = 100, **options: float) -> Player:
        player = Player(sound_card, volume, probe_seconds=options.get("probe_seconds", 0.05))
        players.append(player)
        player.start()
        return player

    yield make
    sound_card.gate.set()
    for player in players:
        player.close()
