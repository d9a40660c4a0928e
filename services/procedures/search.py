"""Finding a procedure by what people type: word starts without marks, codes, everyday words, ranked.

The index is a sorted list of words; a typed word finds a run of it by bisection, so a key costs well under a
millisecond for 2,000 procedures. Every typed word must be found; where none of the records has them all, the records
that have the most of them are shown, so that one odd word is no dead end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest

from services.procedures.folding import fold, words
from services.procedures.records import Catalogue, Procedure

_CODE, _SHORT, _NAME, _EVERYDAY, _SECTOR, _ENGLISH = 9.0, 6.0, 5.0, 6.0, 1.5, 4.0
_WHOLE = 1.5
_IN_ORDER = 5.0
_ALL_SAID = 14.0


@dataclass(frozen=True)
class Hit:
    """A procedure and how well it fits; the higher the better."""

    procedure: Procedure
    score: float


class Index:
    """The procedures of a catalogue that hold on a day, ready to be searched."""

    def __init__(self, catalogue: Catalogue, day: date) -> None:
        self.procedures = tuple(one for one in catalogue.procedures if one.holds(day))
        sectors = {one.id: f"{one.name} {one.name_en}" for one in catalogue.sectors}
        events = {one.id: f"{one.name} {one.name_en}" for one in catalogue.events}
        weights: dict[str, dict[int, float]] = defaultdict(dict)
        self._phrases: list[str] = []
        for place, one in enumerate(self.procedures):
            around = (sectors.get(one.sector, ""), *(events.get(event, "") for event in one.events))
            for text, weight in _texts(one, around):
                for word in words(text):
                    weights[word][place] = max(weights[word].get(place, 0.0), weight)
            phrases = (one.short, one.name, *one.words, one.short_en, one.name_en)
            self._phrases.append("".join(f"| {' '.join(words(phrase))} |" for phrase in phrases))
        self._words = sorted(weights)
        self._weights = [weights[word] for word in self._words]
        self._frequent = sorted(range(len(self.procedures)), key=self._by_popularity)
        self._rank = {place: rank for rank, place in enumerate(self._frequent)}

    def find(self, typed: str, most: int = 50) -> tuple[Hit, ...]:
        """The best fits first. Nothing typed: the most asked for."""
        asked = words(typed)
        if not asked:
            return tuple(Hit(self.procedures[place], 0.0) for place in self._frequent[:most])
        scores: dict[int, float] = defaultdict(float)
        found: dict[int, int] = defaultdict(int)
        for word in dict.fromkeys(asked):
            for place, weight in self._starting(word).items():
                scores[place] += weight
                found[place] += 1
        if not scores:
            return ()
        enough = max(found.values())
        said = " ".join(asked)
        fitting = {place: scores[place] + self._in_order(place, said) for place in scores if found[place] == enough}
        best = nsmallest(most, fitting, key=lambda place: (-fitting[place], self._rank[place]))
        return tuple(Hit(self.procedures[place], fitting[place]) for place in best)

    def of_event(self, event: str) -> tuple[Procedure, ...]:
        """Procedures of a life event, the most asked for first."""
        return tuple(self.procedures[place] for place in self._frequent if event in self.procedures[place].events)

    def of_sector(self, sector: str) -> tuple[Procedure, ...]:
        """Procedures of a sector, the most asked for first."""
        return tuple(self.procedures[place] for place in self._frequent if self.procedures[place].sector == sector)

    def _starting(self, word: str) -> dict[int, float]:
        """Records with a word that starts so; the whole word counts more."""
        best: dict[int, float] = {}
        at = bisect_left(self._words, word)
        while at < len(self._words) and self._words[at].startswith(word):
            factor = _WHOLE if self._words[at] == word else 1.0
            for place, weight in self._weights[at].items():
                if best.get(place, 0.0) < weight * factor:
                    best[place] = weight * factor
            at += 1
        return best

    def _in_order(self, place: int, said: str) -> float:
        """Words that stand in a name as they were typed; a name that is just that.

        A name that begins so is no better: official names begin with "Đăng ký" and "Cấp", whatever they are about.
        """
        phrases = self._phrases[place]
        if f" {said}" not in phrases:
            return 0.0
        return _ALL_SAID if f"| {said} |" in phrases else _IN_ORDER

    def _by_popularity(self, place: int) -> tuple[int, int, str, str]:
        one = self.procedures[place]
        return -one.popularity, len(one.short), fold(one.short), one.code


def _texts(one: Procedure, around: Iterable[str]) -> Iterable[tuple[str, float]]:
    yield one.code, _CODE
    yield one.code.replace(".", ""), _CODE
    # "000722" or "722", as somebody types it who remembers only the end of 3.000722.
    end = one.code.rpartition(".")[2]
    yield f"{end} {end.lstrip('0')}", _CODE
    yield one.short, _SHORT
    yield one.name, _NAME
    for text in one.words:
        yield text, _EVERYDAY
    for text in (one.short_en, one.name_en):
        yield text, _ENGLISH
    for text in around:
        yield text, _SECTOR
