"""What the place tells: notices, short guides, and the community digital team that helps with them."""

from dataclasses import dataclass, field
from enum import Enum

from services.journeys.prompts.base import Element, Prompt, Say


@dataclass(frozen=True)
class GuideRow:
    """A notice or a guide by its name."""

    id: str
    icon: str
    name: str
    notice: bool = False


@dataclass(frozen=True)
class GuideChosen:
    """A row by its id."""

    id: str


class GuidesAnswer(Enum):
    """Below the list: for the community digital team."""

    HELPER = "helper"
    """Sign in."""
    HELPED = "helped"
    """One more person was helped."""
    LEAVE = "leave"


@dataclass(frozen=True, kw_only=True)
class ChooseGuide(Prompt[GuideChosen | GuidesAnswer]):
    """Guides, and notices of these days. `helper`: who helps now."""

    rows: tuple[GuideRow, ...]
    only_notices: bool = False
    helper: str = ""

    @property
    def offers(self) -> tuple[GuidesAnswer, ...]:
        """What the team can touch."""
        if self.only_notices:
            return ()
        return (GuidesAnswer.HELPED, GuidesAnswer.LEAVE) if self.helper else (GuidesAnswer.HELPER,)

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.notices" if self.only_notices else "spoken.guides"),)

    def focus(self) -> tuple[Element, ...]:
        total = len(self.rows)
        rows = tuple(
            Element(row.id, Say("spoken.row", (("number", number), ("total", total), ("name", row.name))))
            for number, row in enumerate(self.rows, 1)
        )
        return (*rows, *(Element(offer.value, Say(f"spoken.guides.{offer.value}")) for offer in self.offers))


@dataclass(frozen=True)
class GuideLine:
    """One step, with its picture (JPEG or PNG) where there is one."""

    text: str
    picture: bytes | None = field(default=None, repr=False)


class GuideAnswer(Enum):
    """Ways on from a guide or a notice."""

    DONE = "done"
    TAKE_NUMBER = "take-number"
    """A number for the counter that goes on from here: the police."""


@dataclass(frozen=True, kw_only=True)
class ShowGuide(Prompt[GuideAnswer]):
    """Its steps in order; turned over where there are many. `source` and `day`: where it was read, and when."""

    title: str
    steps: tuple[GuideLine, ...]
    offers: tuple[GuideAnswer, ...] = (GuideAnswer.DONE,)
    source: str = ""
    day: str = ""

    def spoken(self) -> tuple[Say, ...]:
        steps = " ".join(f"{number}: {step.text}" for number, step in enumerate(self.steps, 1))
        return (Say("spoken.guide", (("title", self.title), ("steps", steps))),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(offer.value, Say(f"spoken.guide.{offer.value}")) for offer in self.offers)


@dataclass(frozen=True, kw_only=True)
class ShowNotice(Prompt[GuideAnswer]):
    """Something the place tells, until a day ("30/06/2027")."""

    title: str
    text: str
    picture: bytes | None = field(default=None, repr=False)
    until: str = ""

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.notice", (("title", self.title), ("text", self.text))),)

    def focus(self) -> tuple[Element, ...]:
        return (Element(GuideAnswer.DONE.value, Say("spoken.guide.done")),)


class HelperWay(Enum):
    """How somebody of the team signs in."""

    CARD = "card"
    PIN = "pin"


@dataclass(frozen=True, kw_only=True)
class HelperSignIn(Prompt[HelperWay]):
    """By their own card, or by name and PIN. `error` is a message id."""

    error: str | None = None

    def spoken(self) -> tuple[Say, ...]:
        return ((Say(self.error),) if self.error else ()) + (Say("spoken.helper"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(way.value, Say(f"spoken.helper.{way.value}")) for way in HelperWay)


class HelpTopic(Enum):
    """What somebody was helped with (the same words as services.contract)."""

    LEVEL_1 = "account-level-1"
    LEVEL_2 = "account-level-2"
    VNEID = "vneid"
    HEALTH_BOOK = "health-book"
    FILING = "filing"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class ChooseHelp(Prompt[HelpTopic]):
    """Counted by commune and topic; nothing of the person is written down."""

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.help"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(topic.value, Say(f"spoken.help.{topic.value}")) for topic in HelpTopic)
