"""Who is examined, who comes along, and how somebody without a card is entered."""

from dataclasses import dataclass
from enum import Enum

from services.journeys.prompts.base import Element, Prompt, Say


class PatientChoice(Enum):
    """Picture 22."""

    SELF = "self"
    CHILD = "child"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class ChoosePatient(Prompt[PatientChoice]):
    """Picture 22: "Hôm nay khám cho ai?"."""

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.who"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(choice.value, Say(f"spoken.who.{choice.value}")) for choice in PatientChoice)


class Relation(Enum):
    """How the guardian or companion is related to the patient."""

    FATHER = "father"
    MOTHER = "mother"
    GUARDIAN = "guardian"
    RELATIVE = "relative"
    COMPANION = "companion"


@dataclass(frozen=True, kw_only=True)
class ChooseRelation(Prompt[Relation]):
    """After the companion's card was read or skipped. A child's list has father, mother and guardian first."""

    choices: tuple[Relation, ...]

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.relation"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(choice.value, Say(f"spoken.relation.{choice.value}")) for choice in self.choices)


class WithoutCardAnswer(Enum):
    """Ways to check in without the chip."""

    TYPE_NUMBER = "type-number"
    INSURANCE_CODE = "insurance-code"
    NO_PAPER = "no-paper"
    """Nothing to show: a number is given, the desk writes down who it is."""


@dataclass(frozen=True, kw_only=True)
class WithoutCard(Prompt[WithoutCardAnswer]):
    """ "Đăng ký không dùng thẻ": what the person can show instead. The ticket reads "chưa xác minh"."""

    choices: tuple[WithoutCardAnswer, ...] = tuple(WithoutCardAnswer)

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.without_card"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(choice.value, Say(f"spoken.without_card.{choice.value}")) for choice in self.choices)


@dataclass(frozen=True)
class TypedDigits:
    """What was typed on the keypad: digits only."""

    digits: str


class AskedNumber(Enum):
    """Which number is asked for; the message ids are `type.<value>`."""

    ID_NUMBER = "id-number"
    BIRTH_YEAR = "birth-year"


@dataclass(frozen=True, kw_only=True)
class TypeDigits(Prompt[TypedDigits]):
    """A keypad for `length` digits; `hidden` masks all but the last three while typing."""

    what: AskedNumber
    length: int
    hidden: bool = False
    error: str | None = None
    """Message id of what was wrong with the last try, shown at the field."""

    def spoken(self) -> tuple[Say, ...]:
        return (Say(f"spoken.type.{self.what.value}"),)
