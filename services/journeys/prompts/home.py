"""The start page, and how the kiosk is used."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from services.journeys.prompts.base import Element, Prompt, Say


class HomeChoice(Enum):
    """A tile that has a working journey behind it. Other tiles are not shown."""

    CHECK_IN = "check-in"
    CHECK_IN_WITHOUT_CARD = "check-in-without-card"
    BOOKED = "booked"
    REPRINT = "reprint"
    PAY = "pay"
    FIND_ROOM = "find-room"
    TAKE_NUMBER = "take-number"
    FIND_PROCEDURE = "find-procedure"
    TRACK = "track"
    COLLECT = "collect"
    RATE = "rate"
    CONTINUE_DRAFT = "continue-draft"
    GUIDES = "guides"
    NOTICES = "notices"
    HOW_TO = "how-to"
    PRIVACY = "privacy"


@dataclass(frozen=True)
class ProcedureChosen:
    """A procedure by its code: a tile of its own, or a row of a list."""

    code: str


ONE_STOP = (
    HomeChoice.TAKE_NUMBER,
    HomeChoice.TRACK,
    HomeChoice.FIND_PROCEDURE,
    HomeChoice.COLLECT,
    HomeChoice.RATE,
    HomeChoice.CONTINUE_DRAFT,
)
"""Tiles of a one-stop centre (picture 02)."""
BARS = (HomeChoice.HOW_TO, HomeChoice.PRIVACY)
TOLD = (HomeChoice.GUIDES, HomeChoice.NOTICES)
"""Where the place tells something."""
HOSPITAL = tuple(choice for choice in HomeChoice if choice not in {*ONE_STOP, *TOLD})


@dataclass(frozen=True, kw_only=True)
class Home(Prompt["HomeChoice | ProcedureChosen"]):
    """Picture 01. `offline_since` (e.g. "07:10") shows the strip "Đang chạy ngoại tuyến từ 07:10"."""

    choices: tuple[HomeChoice, ...]
    offline_since: str | None = None
    back: bool = False
    seconds: ClassVar[float | None] = None
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.home"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(choice.value, Say(f"spoken.home.{choice.value}")) for choice in self.choices)


@dataclass(frozen=True, kw_only=True)
class HowTo(Prompt[None]):
    """ "Cách dùng": four pictures with voice, then back."""

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.howto"),)
