"""What the insurer answered: validity, benefit and route; no amounts here (LOOK.md, picture 06)."""

from dataclasses import dataclass
from enum import Enum

from services.journeys.prompts.base import Element, Prompt, Say


class InsuranceAnswer(Enum):
    """Ways on from the insurance step."""

    USE = "use"
    SKIP = "skip"
    ASK_DESK = "ask-desk"


@dataclass(frozen=True, kw_only=True)
class InsuranceValid(Prompt[InsuranceAnswer]):
    """Picture 06. Dates and times are ready to show ("31/12/2026", "07:14"); `route` is a message id.

    `registered_at` is empty where no name is known.
    """

    valid_to: str | None
    benefit_percent: int
    registered_at: str
    route: str
    asked_at: str
    desk: str
    show_card: bool = False
    """The desk looks at the paper card too."""
    new_card: bool = False
    """The card people hold has ended or was replaced: the newer one counts."""
    form_from: str | None = None
    """A transfer form signed on this day or later still holds ("09/11/2026")."""

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.insurance.valid"),)

    def focus(self) -> tuple[Element, ...]:
        return (
            Element(InsuranceAnswer.USE.value, Say("spoken.insurance.use")),
            Element(InsuranceAnswer.SKIP.value, Say("spoken.insurance.skip")),
        )


class UnhappyInsurance(Enum):
    """Every unhappy result has its own words: message ids `ins.<value>`."""

    NOT_COVERED_HERE = "none"
    PARTLY = "partly"
    EXPIRED = "expired"
    NOT_YET = "notyet"
    NOT_FOUND = "notfound"
    STOPPED = "stopped"
    MOVED = "moved"
    CHILD = "child"
    MISMATCH = "mismatch"
    PAPER_CARD = "papercard"
    UNCLEAR = "unclear"


@dataclass(frozen=True, kw_only=True)
class InsuranceUnhappy(Prompt[InsuranceAnswer]):
    """Picture 27, never a dead end. `usable`: "Khám bằng bảo hiểm" stays possible (partly paid, mismatch, unclear,
    a card that counts by its paper, a child whose card is not made yet)."""

    result: UnhappyInsurance
    desk: str
    date: str | None = None
    percent: int | None = None
    usable: bool = False
    form_from: str | None = None
    """As in `InsuranceValid`."""
    valid_to: str | None = None
    """Of a card that is in order and not, or only partly, paid here; the next three too, as in `InsuranceValid`."""
    benefit_percent: int | None = None
    """Only where part is paid."""
    registered_at: str = ""
    route: str = ""
    field: str = ""
    """Message id of what does not match; empty where nothing is named."""

    def spoken(self) -> tuple[Say, ...]:
        return (Say(f"spoken.insurance.{self.result.value}"),)

    def focus(self) -> tuple[Element, ...]:
        ways = [InsuranceAnswer.ASK_DESK, InsuranceAnswer.SKIP]
        if self.usable:
            ways.insert(0, InsuranceAnswer.USE)
        return tuple(Element(way.value, Say(f"spoken.insurance.{way.value}")) for way in ways)
