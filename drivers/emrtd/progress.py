"""How far a reading is: bytes of the files that say who it is, guessed until each file says its length."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from drivers.emrtd.reading import ChipReading, FileId, ReadProgress, ReadStep

_GUESSES = {FileId.COM: 32, FileId.DG1: 96, FileId.DG13: 600, FileId.SOD: 2_500}
_OTHER_GUESS = 400


class Progress:
    """Turns received bytes into steps and percent; tells each change once and never goes back."""

    def __init__(self, tell: Callable[[ReadProgress], None]) -> None:
        self._tell = tell
        self._totals: dict[FileId, int] = {}
        self._got: dict[FileId, int] = {}
        self._step = ReadStep.OPENED
        self._percent = 0
        self._last: ReadProgress | None = None

    def expect(self, files: Iterable[FileId]) -> None:
        """These files make up the percent."""
        for file in files:
            self._totals.setdefault(file, _GUESSES.get(file, _OTHER_GUESS))

    def received(self, file: FileId, got: int, total: int) -> None:
        """So many bytes of this file are here."""
        if file in self._totals:
            self._totals[file], self._got[file] = total, got
        if file is FileId.DG2:
            self._step = ReadStep.PHOTO
        self._changed()

    def without(self, file: FileId) -> None:
        """This file will not come."""
        self._totals.pop(file, None)
        self._got.pop(file, None)

    def reached(self, step: ReadStep, reading: ChipReading | None = None) -> None:
        """A step is done; `reading` is what there is so far."""
        self._step = step
        self._changed(reading)

    def _changed(self, reading: ChipReading | None = None) -> None:
        if self._step in (ReadStep.DATA_READ, ReadStep.PHOTO, ReadStep.DONE):
            self._percent = 100
        else:
            whole = sum(self._totals.values()) or 1
            self._percent = max(self._percent, min(99, 100 * sum(self._got.values()) // whole))
        news = ReadProgress(self._step, self._percent, reading)
        if news != self._last:
            self._last = news
            self._tell(news)
