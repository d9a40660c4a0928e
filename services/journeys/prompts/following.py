"""Following a dossier and rating what was done: found, chosen, its timeline, five levels in words."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from services.journeys.prompts.base import Element, Prompt, Say


class ShowSlipAnswer(Enum):
    """Other ways than the scanner."""

    TYPE_CODE = "type-code"


@dataclass(frozen=True, kw_only=True)
class ScanForDossier(Prompt[ShowSlipAnswer]):
    """The code of a sending slip or receipt, or that of the ID card, to the scanner. `hint` as in ScanCode."""

    hint: str | None = None

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.scan_dossier"),)

    def focus(self) -> tuple[Element, ...]:
        return (Element(ShowSlipAnswer.TYPE_CODE.value, Say("spoken.scan_dossier.type-code")),)


@dataclass(frozen=True, kw_only=True)
class ScanForRating(Prompt[ShowSlipAnswer]):
    """The slip of what is rated, a dossier or a counter's number, to the scanner."""

    hint: str | None = None

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.scan_rating"),)

    def focus(self) -> tuple[Element, ...]:
        return (Element(ShowSlipAnswer.TYPE_CODE.value, Say("spoken.scan_dossier.type-code")),)


@dataclass(frozen=True)
class Moment:
    """A day and, where it matters, a time at the place: weekday 1 to 7, "26/11/2026", "09:02"."""

    weekday: int
    day: str
    time: str = ""


@dataclass(frozen=True)
class DossierRow:
    """One of a person's dossiers: what it is, `headline` (a message id) how it stands, when it was sent."""

    id: str
    name: str
    headline: str
    day: str


@dataclass(frozen=True)
class DossierChosen:
    """A dossier by its sending code."""

    dossier_id: str


@dataclass(frozen=True, kw_only=True)
class ChooseDossier(Prompt[DossierChosen]):
    """Several dossiers of one person whom the chip proved."""

    dossiers: tuple[DossierRow, ...]

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.dossiers"),)

    def focus(self) -> tuple[Element, ...]:
        total = len(self.dossiers)
        return tuple(
            Element(row.id, Say("spoken.row", (("number", number), ("total", total), ("name", row.name)), private=True))
            for number, row in enumerate(self.dossiers, 1)
        )


class Mark(Enum):
    """Where a step of the timeline stands."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True)
class TimelineStep:
    """One status: when it came, or about when it will. `unit` is who has it."""

    status: int
    mark: Mark
    at: Moment | None = None
    unit: str = ""


class DossierPace(Enum):
    """How it stands with the appointment; "Đúng hẹn" only after it was finished in time."""

    PENDING = "pending"
    KEPT = "kept"
    LATE = "late"


class DossierAnswer(Enum):
    """Ways on from a dossier."""

    DONE = "done"
    TAKE_NUMBER = "take-number"
    PAY = "pay"
    PRINT = "print"
    RATE = "rate"


@dataclass(frozen=True)
class PartState:
    """One procedure of a group, with its own status and day, and what came of it."""

    name: str
    icon: str
    status: int
    due: Moment | None = None
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class ShowDossier(Prompt[DossierAnswer]):
    """Picture 15: the statuses with dates, what is missing, what is due, where the result lies. Nobody is named."""

    name: str
    headline: str
    """A message id: how it stands."""
    code: str
    sending: bool = False
    """The code is that of what was sent: the authority has given none yet."""
    due: Moment | None = None
    pace: DossierPace | None = None
    extended: bool = False
    """`due` is the new day of a promise that was not kept; it has not passed."""
    counted_on: bool = False
    """`due` has passed in time: it is later by as long as papers were waited for."""
    posted: bool = False
    """The result comes by post."""
    hours: tuple[tuple[str, str], ...] = ()
    """Half days of the return desk; none where nobody has to come."""
    steps: tuple[TimelineStep, ...] = ()
    parts: tuple[PartState, ...] = ()
    kept_until: Moment | None = None
    """What was sent is deleted then unless the counter accepts it."""
    missing: tuple[str, ...] = ()
    missing_until: Moment | None = None
    money: int = 0
    money_until: Moment | None = None
    money_paid: bool = False
    """It was paid here, and the authority has not noted it yet: nothing is asked for."""
    cashier: str = ""
    ready_at: str = ""
    ready_way: str = ""
    desk: str = ""
    """Who answers why it is late."""
    printed: bool | None = None
    """Whether its slip came out; None while nobody wanted one."""
    offers: tuple[DossierAnswer, ...] = (DossierAnswer.DONE,)

    def spoken(self) -> tuple[Say, ...]:
        said = [Say(f"spoken.{self.headline}"), Say("spoken.dossier.name", (("name", self.name),), private=True)]
        for part in self.parts:
            said += [Say("spoken.dossier.part", (("name", part.name),), private=True), Say(f"status.{part.status}")]
            if part.outcome:
                said.append(Say("spoken.dossier.outcome", (("outcome", part.outcome),), private=True))
        if self.missing:
            said.append(Say("spoken.dossier.missing", (("items", "; ".join(self.missing)),), private=True))
        if self.money:
            said.append(Say("spoken.dossier.money", (("amount", self.money),), private=True))
        if self.money_paid and not self.headline.endswith(".paid"):
            said.append(Say("spoken.dossier.paid"))
        if self.ready_at:
            said.append(Say("spoken.dossier.ready", (("room", self.ready_at), ("way", self.ready_way))))
        said += [Say(f"spoken.{message}") for message in self.remarks]
        return tuple(said)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What else is to be known of day and result, as message ids: on the page, on paper and said alike."""
        told = {"dossier.posted": self.posted, "dossier.extended": self.extended, "dossier.counted": self.counted_on}
        return tuple(message for message, holds in told.items() if holds)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(answer.value, Say(f"spoken.dossier.{answer.value}")) for answer in self.offers)


class RatingLevel(Enum):
    """Five levels with words, the best first as they stand on the screen."""

    VERY_SATISFIED = 5
    SATISFIED = 4
    NEUTRAL = 3
    DISSATISFIED = 2
    VERY_DISSATISFIED = 1

    @property
    def word(self) -> str:
        """ "very-satisfied"."""
        return self.name.lower().replace("_", "-")


class RateAnswer(Enum):
    """Not now."""

    SKIP = "skip"


@dataclass(frozen=True, kw_only=True)
class RateService(Prompt[RatingLevel | RateAnswer]):
    """Picture 16: how satisfied. `name` is empty where nobody could be asked what the slip stands for.

    `mourning`: without faces.
    """

    name: str = ""
    chosen: RatingLevel | None = None
    mourning: bool = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.rate"),)

    def focus(self) -> tuple[Element, ...]:
        levels = tuple(Element(level.word, Say(f"spoken.rate.{level.word}")) for level in RatingLevel)
        return (
            *levels,
            Element("go", Say("spoken.rate.go"), choosable=self.chosen is not None),
            Element(RateAnswer.SKIP.value, Say("spoken.rate.skip")),
        )


class RatingReason(Enum):
    """What was good or not (the same words as services.contract)."""

    ATTITUDE = "attitude"
    TIME = "time"
    GUIDANCE = "guidance"
    ROUNDS = "rounds"
    PAPERS = "papers"
    FEES = "fees"
    PLACE = "place"
    KIOSK = "kiosk"


@dataclass(frozen=True)
class RatingReasons:
    """Those that were touched; none is an answer too."""

    chosen: tuple[RatingReason, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RateReasons(Prompt[RatingReasons]):
    """What of it: optional, several."""

    level: RatingLevel

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.reasons"),)

    def focus(self) -> tuple[Element, ...]:
        reasons = tuple(Element(reason.value, Say(f"spoken.reasons.{reason.value}")) for reason in RatingReason)
        return (*reasons, Element("go", Say("spoken.reasons.go")))


@dataclass(frozen=True, kw_only=True)
class RatingTaken(Prompt[None]):
    """It was taken. Nothing of it stays here."""

    back: bool = False
    seconds: ClassVar[float | None] = 15.0
    is_result: ClassVar[bool] = True
    home: ClassVar[bool] = False

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.rated"),)

    def focus(self) -> tuple[Element, ...]:
        return (Element("done", Say("spoken.rated.done")),)
