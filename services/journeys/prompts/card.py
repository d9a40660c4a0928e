"""The ID card: its QR code to the scanner, the card on the reader, and whose card it is."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from services.journeys.prompts.base import Element, Prompt, Say


class CardHolder(Enum):
    """Whose card is asked for."""

    PATIENT = "patient"
    CHILD = "child"
    OTHER = "other"
    """An adult patient whom somebody helps: the one who reads the screen is not the one examined."""
    COMPANION = "companion"


class ScanAnswer(Enum):
    """What can be touched on picture 24."""

    NO_CARD = "no-card"
    NO_COMPANION_CARD = "no-companion-card"
    TYPE_NUMBER = "type-number"
    """Of an insurance card, where its code cannot be scanned."""


@dataclass(frozen=True, kw_only=True)
class ScanCode(Prompt[ScanAnswer]):
    """Picture 24. A card laid on the reader first is no error: `hint` "scan.first" is shown."""

    holder: CardHolder = CardHolder.PATIENT
    insurance_code: bool = False
    """The QR of a paper insurance card is asked for instead of the ID card's."""
    hint: str | None = None
    """Message id of a friendly correction: scan.first, scan.unreadable, scan.other_code, scan.other_person."""

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.scan.insurance" if self.insurance_code else f"spoken.scan.{self.holder.value}"),)

    @property
    def other_way(self) -> ScanAnswer:
        """What can be touched instead of showing a code."""
        if self.insurance_code:
            return ScanAnswer.TYPE_NUMBER
        return ScanAnswer.NO_COMPANION_CARD if self.holder is CardHolder.COMPANION else ScanAnswer.NO_CARD

    def focus(self) -> tuple[Element, ...]:
        answer = self.other_way
        return (Element(answer.value, Say(f"spoken.scan.{answer.value}")),)


class PlaceCardAnswer(Enum):
    """What can be touched on picture 25."""

    NO_CARD = "no-card"


@dataclass(frozen=True, kw_only=True)
class PlaceCard(Prompt[PlaceCardAnswer]):
    """Picture 25."""

    holder: CardHolder = CardHolder.PATIENT
    hint: str | None = None
    typed: bool = False
    """What opens the chip was typed, no code was scanned."""
    passport: bool = False
    """A passport is laid down, not a card."""

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.place_passport" if self.passport else "spoken.place_card"),)

    def focus(self) -> tuple[Element, ...]:
        return (Element(PlaceCardAnswer.NO_CARD.value, Say("spoken.scan.no-card")),)


class ReadStage(Enum):
    """The three rows of picture 04: work, not verdicts."""

    OPEN = 1
    CHECK = 2
    DATA = 3


@dataclass(frozen=True, kw_only=True)
class ReadingCard(Prompt[None]):
    """Picture 04. Its only answer (None) is "Dừng đọc thẻ". `stage` is the row at work now.

    `done` is the visible "bíp": the green tick fills the picture that stands there, and nothing can be touched.
    """

    stage: ReadStage = ReadStage.OPEN
    percent: int = 0
    seconds_left: int | None = None
    done: bool = False
    back: bool = False
    seconds: ClassVar[float | None] = None
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return () if self.done else (Say("spoken.reading"),)


@dataclass(frozen=True, kw_only=True)
class LiftedEarly(Prompt[PlaceCardAnswer]):
    """CR-04: "Thẻ nhấc hơi sớm. Mời đặt lại…"; `tries_left` of the three re-reads."""

    tries_left: int

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.lifted_early"),)

    def focus(self) -> tuple[Element, ...]:
        return (Element(PlaceCardAnswer.NO_CARD.value, Say("spoken.scan.no-card")),)


class YesNo(Enum):
    """A plain question."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class DifferentCard(Prompt[YesNo]):
    """ "Người khác đăng ký?": yes ends the open session and starts anew, no continues the old one."""

    back: bool = False
    seconds: ClassVar[float | None] = 60.0
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.different_card"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(answer.value, Say(f"spoken.different_card.{answer.value}")) for answer in YesNo)


@dataclass(frozen=True, kw_only=True)
class CardLeftBehind(Prompt[None]):
    """ "Thẻ căn cước vẫn còn trên đầu đọc": shown in the tail until the card is taken or time ends."""

    back: bool = False
    seconds: ClassVar[float | None] = 30.0
    is_result: ClassVar[bool] = True
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.card_left"),)


class CardWording(Enum):
    """The three wordings of DESIGN section 5, plus none for a child's card without a photo to compare."""

    GENUINE_CHIP = "me.seal"
    READ = "me.read"


class PhotoPlace(Enum):
    """What stands where the photo belongs."""

    READ = "read"
    """The photo, or the word that the chip has none."""
    COMING = "coming"
    """It still streams in."""
    MISSED = "missed"
    """The card was lifted before it was here: that is allowed."""


class IdentityAnswer(Enum):
    """Answers of pictures 05 and 23."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class ConfirmIdentity(Prompt[IdentityAnswer]):
    """Pictures 05 (adult) and 23 (child). Only shown after passive authentication did not fail.

    `photo` is a picture as PNG or JPEG bytes whose hash held, or None; then `photo_place` tells why. It comes in
    later as a newer state of the same prompt.
    `number_masked` reads `•••• •••• •829`.
    """

    name: str
    birth_year: int
    number_masked: str
    wording: CardWording
    holder: CardHolder = CardHolder.PATIENT
    photo: bytes | None = None
    photo_place: PhotoPlace = PhotoPlace.READ
    under_six: bool = False

    def spoken(self) -> tuple[Say, ...]:
        return (
            Say(f"spoken.confirm.{self.holder.value}"),
            Say("spoken.name", (("name", self.name),), private=True),
        )

    def focus(self) -> tuple[Element, ...]:
        return tuple(
            Element(answer.value, Say(f"spoken.confirm.{self.holder.value}.{answer.value}"))
            for answer in IdentityAnswer
        )
