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

    BY_HAND = "by-hand"
    """The card is here, its QR code is not readable: what is printed on it opens the chip."""
    PASSPORT = "passport"
    """A passport with a chip."""
    TYPE_NUMBER = "type-number"
    """A card with a bar code, or a number known by heart."""
    INSURANCE_CODE = "insurance-code"
    """Its code scanned; where that cannot be, its number typed."""
    FINGER = "finger"
    """Enrolled here before: birth date, end of the phone number, finger. Only where the site has that."""
    VNEID = "vneid"
    """Shown to staff: the application's code has no published form, so nothing of it is read."""
    BIRTH_PAPER = "birth-paper"
    """A child's: birth certificate, or the hospital's paper of birth."""
    NO_PAPER = "no-paper"
    """Nothing to show: a number is given, the desk writes down who it is."""


@dataclass(frozen=True, kw_only=True)
class WithoutCard(Prompt[WithoutCardAnswer]):
    """ "Đăng ký không dùng thẻ": what the person can show instead. The ticket reads "chưa xác minh"."""

    choices: tuple[WithoutCardAnswer, ...] = tuple(
        way for way in WithoutCardAnswer if way is not WithoutCardAnswer.FINGER
    )

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
    BIRTH_DATE = "birth-date"
    """Day, month, year: ddmmyyyy; 00 for a part the card does not give."""
    OWN_BIRTH_DATE = "own-birth-date"
    """The person's own, whole: ddmmyyyy."""
    HELPER_PIN = "helper-pin"
    """Of somebody of the community digital team."""
    PHONE_END = "phone-end"
    """The last four digits of the person's phone number."""
    EXPIRY = "expiry"
    """The same; `can_skip` stands for a card without an end."""


class TypeAnswer(Enum):
    """The other way from a keypad."""

    SKIP = "skip"


@dataclass(frozen=True, kw_only=True)
class TypeDigits(Prompt["TypedDigits | TypeAnswer"]):
    """A keypad for `length` digits; `hidden` masks all but the last three while typing."""

    what: AskedNumber
    length: int
    least: int | None = None
    """Fewer digits are enough."""
    hidden: bool = False
    secret: bool = False
    """Not one digit is shown."""
    error: str | None = None
    """Message id of what was wrong with the last try, shown at the field."""
    can_skip: bool = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say(f"spoken.type.{self.what.value}"),)

    def focus(self) -> tuple[Element, ...]:
        if not self.can_skip:
            return ()
        return (Element(TypeAnswer.SKIP.value, Say(f"spoken.type.{self.what.value}.skip")),)


@dataclass(frozen=True)
class TypedLetters:
    """What was typed on the keyboard: capitals and digits."""

    text: str


class AskedText(Enum):
    """Which text is asked for; the message ids are `letters.<value>`."""

    PASSPORT = "passport"
    INSURANCE = "insurance"
    """The number of an insurance card."""
    HELPER = "helper"
    """The name of somebody of the community digital team."""
    DRAFT = "draft"
    """The code of a draft."""
    BILL = "bill"
    """The number of a bill, or the code of a dossier: dashes and points are typed too."""
    DOSSIER = "dossier"
    """The code of what was sent, or the authority's code of a dossier."""
    LOOK_UP = "look-up"
    """The four characters beside the code of a dossier on its receipt."""


@dataclass(frozen=True, kw_only=True)
class TypeLetters(Prompt[TypedLetters]):
    """A keyboard of capitals and digits, for `least` to `most` of them."""

    what: AskedText
    least: int
    most: int
    error: str | None = None
    error_args: tuple[tuple[str, str | int], ...] = ()

    def spoken(self) -> tuple[Say, ...]:
        return (Say(f"spoken.letters.{self.what.value}"),)
