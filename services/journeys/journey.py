"""What a journey is: steps in a row, named turns between them, and the ways a session can end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.journeys.walk import Walk


class Turn(Enum):
    """What a step may say instead of going on; the journey's table knows where that leads."""

    OTHER_PERSON = "other-person"
    """ "Không phải tôi": read another card."""
    CHANGE_CLINIC = "change-clinic"
    OTHER_BILL = "other-bill"
    """Another bill of the same person."""
    DOSSIER = "dossier"
    """The dossier that is followed, as it is now."""
    GUIDE_DESK = "guide-desk"
    """ "Hỏi quầy": the guide desk's queue was chosen for the person."""
    COUNTER = "counter"
    """ "Khác, hỏi quầy": a number for the counter that receives the procedure."""
    CHANGE_CASE = "change-case"
    CHANGE_FORM = "change-form"
    PAPERS = "papers"
    """What was photographed is gone: photograph again, or bring the originals."""


class Ending(Enum):
    """How a session ended; the tail is the same for all."""

    DONE = "done"
    LEFT = "left"
    """The person went to the start page, or ended and erased."""
    IDLE = "idle"
    OTHER_CARD = "other-card"
    FAILURE = "failure"


class Over(Exception):
    """Raised anywhere in a session to end it."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.value)
        self.ending = ending


class WentBack(Exception):
    """ "Quay lại" was touched at a question. A step of several questions may catch it; else the step before follows."""


class WentHome(Exception):
    """ "Trang đầu" was touched at a question. Only paying catches it, to ask about the money."""


class Stopped(WentBack):
    """ "Dừng" was touched while a machine worked."""


StepRun = Callable[["Walk"], Awaitable[Turn | None]]


@dataclass(frozen=True)
class Step:
    """One step: its function and the label of the progress bar it belongs to (a message id)."""

    run: StepRun
    label: str
    """Empty: no bars stand above its questions."""

    @property
    def name(self) -> str:
        """The function's name, for logs and staff; no personal data."""
        return getattr(self.run, "__name__", "step")


@dataclass(frozen=True)
class Journey:
    """Steps in a row. `labels` are the bars people see: their count never changes on the way."""

    name: str
    steps: tuple[Step, ...]
    turns: Mapping[Turn, StepRun] = field(default_factory=dict[Turn, StepRun])

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels in order, each once."""
        return tuple(dict.fromkeys(step.label for step in self.steps if step.label))

    def with_step(self, old: StepRun, new: StepRun) -> Journey:
        """The same journey with one step done another way."""
        steps = tuple(replace(step, run=new) if step.run is old else step for step in self.steps)
        turns = {turn: new if run is old else run for turn, run in self.turns.items()}
        return replace(self, steps=steps, turns=turns)

    def after(self, turn: Turn) -> int:
        """Index of the step a turn leads to."""
        target = self.turns[turn]
        return next(index for index, step in enumerate(self.steps) if step.run is target)
