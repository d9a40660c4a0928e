"""Picture 12: a finger on the reader, compared with what the person's card or an earlier visit left to compare with."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from services.journeys.prompts.base import Element, Prompt, Say


class Finger(Enum):
    """Which finger is asked for; the message ids are `finger.ask.<value>`."""

    RIGHT_INDEX = "right-index"
    LEFT_INDEX = "left-index"
    RIGHT_THUMB = "right-thumb"
    LEFT_THUMB = "left-thumb"


class FingerReference(Enum):
    """What the finger is compared with; `finger.privacy.<value>` says truthfully what is stored."""

    CHIP = "chip"
    ENROLLED = "enrolled"
    NEW = "new"
    """Nothing yet: a template is made, with the consent that was given for it."""


class FingerAnswer(Enum):
    """From the first try on there is another finger, and always another way."""

    OTHER_FINGER = "other-finger"
    OTHER_WAY = "other-way"


@dataclass(frozen=True, kw_only=True)
class CompareFinger(Prompt[FingerAnswer]):
    """Picture 12. `number` of `total` tries; `hint` is a message id of what to do otherwise."""

    finger: Finger
    reference: FingerReference
    number: int
    total: int
    percent: int | None = None
    """Of the picture that is here; None while no finger was seen."""
    hint: str | None = None

    def spoken(self) -> tuple[Say, ...]:
        return (Say(f"spoken.finger.{self.finger.value}"),)

    def focus(self) -> tuple[Element, ...]:
        way = "stop" if self.reference is FingerReference.NEW else FingerAnswer.OTHER_WAY.value
        return (
            Element(FingerAnswer.OTHER_FINGER.value, Say("spoken.finger.other-finger")),
            Element(FingerAnswer.OTHER_WAY.value, Say(f"spoken.finger.{way}")),
        )


@dataclass(frozen=True, kw_only=True)
class FingerKept(Prompt[None]):
    """Whether a template was stored, and the desk that erases it."""

    kept: bool
    desk: str
    back: bool = False
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.finger.kept" if self.kept else "spoken.finger.notkept"),)

    def focus(self) -> tuple[Element, ...]:
        return (Element("go-on", Say("spoken.finger.go-on")),)
