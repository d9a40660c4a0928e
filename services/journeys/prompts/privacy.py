"""The notice in the site's own words, consents that stand alone, and why somebody does not pay by code."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from services.journeys.prompts.base import Element, Prompt, Say


@dataclass(frozen=True)
class NoticeWords:
    """What the site's notice says, in the language of the moment; `version` names these words."""

    version: str
    who: str
    what: str
    long: str
    rights: str
    contact: str
    spoken: str


@dataclass(frozen=True, kw_only=True)
class PrivacyNotice(Prompt[None]):
    """ "Dữ liệu cá nhân": who, what, why, how long, rights, contact. Without `words` (the gateway was never heard)
    the page says what is true at every place."""

    words: NoticeWords | None = None

    def spoken(self) -> tuple[Say, ...]:
        if self.words is None:
            return (Say("spoken.privacy"),)
        return (Say("spoken.privacy.words", (("words", self.words.spoken),)),)


class ConsentChoice(Enum):
    """Neither is chosen beforehand, neither is larger."""

    AGREE = "agree"
    REFUSE = "refuse"


@dataclass(frozen=True, kw_only=True)
class AskConsent(Prompt[ConsentChoice]):
    """One purpose that needs a consent of its own; `name` and `text` are the notice's words."""

    name: str
    text: str
    icon: str = "shield-check"
    back: bool = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.consent", (("name", self.name), ("text", self.text))),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(choice.value, Say(f"spoken.consent.{choice.value}")) for choice in ConsentChoice)


class NotByCode(Enum):
    """Why somebody pays at the cashier: one touch."""

    NO_APP = "no-app"
    PREFER_CASH = "prefer-cash"
    FAILED = "failed"
    NOT_SURE = "not-sure"
    NO_ANSWER = "no-answer"


@dataclass(frozen=True, kw_only=True)
class WhyNotByCode(Prompt[NotByCode]):
    """Asked once, after "Trả ở quầy thu"; silence is an answer too."""

    back: bool = False
    home: ClassVar[bool] = False
    is_result: ClassVar[bool] = True
    seconds: ClassVar[float | None] = 20.0

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.whynot"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(reason.value, Say(f"spoken.whynot.{reason.value}")) for reason in NotByCode)
