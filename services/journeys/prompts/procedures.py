"""Finding a procedure, its case, and the checklist that follows; the start page of a one-stop centre."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from services.journeys.prompts.base import Element, Prompt, Say
from services.journeys.prompts.home import Home, HomeChoice, ProcedureChosen


@dataclass(frozen=True)
class Favourite:
    """A procedure that many people need today, as a small tile of the start page."""

    code: str
    name: str
    icon: str


@dataclass(frozen=True, kw_only=True)
class OneStopHome(Home):
    """Picture 02. `waiting`: people who wait for the counters that receive dossiers."""

    favourites: tuple[Favourite, ...] = ()
    waiting: int | None = None
    notices: tuple[str, ...] = ()
    """Titles of what the place tells these days."""

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.onestop"),)

    def focus(self) -> tuple[Element, ...]:
        tiles = tuple(Element(choice.value, self._said(choice)) for choice in self.choices)
        named = tuple(Element(one.code, Say("spoken.tile", (("name", one.name),))) for one in self.favourites)
        return (*tiles, *named)

    def _said(self, choice: HomeChoice) -> Say:
        titles = (("titles", "; ".join(self.notices)),) if choice is HomeChoice.NOTICES else ()
        return Say(f"spoken.home.{choice.value}", titles)


@dataclass(frozen=True)
class Phrase:
    """A message id with its arguments, for a value that reads differently in each language."""

    message: str
    args: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True)
class ProcedureRow:
    """One hit: `marks` are the places in the name that were typed; `note` a remark behind the sector."""

    code: str
    name: str
    sector: str
    marks: tuple[tuple[int, int], ...] = ()
    note: Phrase | None = None


@dataclass(frozen=True)
class FoundProcedures:
    """The best hits, and how many there are."""

    rows: tuple[ProcedureRow, ...]
    total: int


class FindAnswer(Enum):
    """Other ways to a procedure than typing."""

    BY_EVENT = "by-event"
    BY_SECTOR = "by-sector"


@dataclass(frozen=True, kw_only=True)
class FindProcedure(Prompt[ProcedureChosen | FindAnswer]):
    """Picture 13. `find` answers at once while somebody types: the page asks it at every key."""

    find: Callable[[str], FoundProcedures]
    typed: str = ""
    """What stands there when somebody comes back."""
    note: Callable[[str], None] | None = None
    """Told what is typed, so that coming back finds it again."""

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.find"),)

    def focus(self) -> tuple[Element, ...]:
        """The ways that need no typing; while hits stand there, they have their room."""
        if self.typed and self.find(self.typed).total:
            return ()
        return tuple(Element(answer.value, Say(f"spoken.find.{answer.value}")) for answer in FindAnswer)


@dataclass(frozen=True)
class PartRow:
    """One of the things that are done together, and how long it takes."""

    icon: str
    name: str
    time: Phrase


@dataclass(frozen=True)
class CaseRow:
    """One answer."""

    id: str
    name: str


@dataclass(frozen=True)
class CaseChosen:
    """An answer by its id."""

    answer_id: str


class CaseAnswer(Enum):
    """ "Khác, hỏi quầy": always there."""

    ASK_DESK = "ask-desk"


@dataclass(frozen=True, kw_only=True)
class ChooseCase(Prompt[CaseChosen | CaseAnswer]):
    """Picture 30."""

    procedure: str
    question: str
    rows: tuple[CaseRow, ...]
    parts: tuple[PartRow, ...] = ()

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.case", (("question", self.question),)),)

    def focus(self) -> tuple[Element, ...]:
        total = len(self.rows) + 1
        rows = [
            Element(row.id, Say("spoken.row", (("number", number), ("total", total), ("name", row.name))))
            for number, row in enumerate(self.rows, 1)
        ]
        return (*rows, Element(CaseAnswer.ASK_DESK.value, Say("spoken.case.ask-desk")))


@dataclass(frozen=True)
class PaperRow:
    """A paper of the checklist: how many pieces, and a remark ("bệnh viện nơi sinh cấp")."""

    name: str
    pieces: Phrase
    note: str = ""


@dataclass(frozen=True)
class DueRow:
    """When a part is ready: a date, or "hôm nay"."""

    name: str
    due: Phrase


class ChecklistAnswer(Enum):
    """Ways on from the checklist."""

    TAKE_NUMBER = "take-number"
    PREPARE = "prepare"
    PRINT = "print"
    PHONE = "phone"
    DETAILS = "details"
    """Steps, result, what it costs by each channel, who decides, the law."""
    CHANGE_CASE = "change-case"


@dataclass(frozen=True, kw_only=True)
class ShowChecklist(Prompt[ChecklistAnswer]):
    """Picture 14: everything for this case, complete. `offers` are the ways that work here and now."""

    code: str
    procedure: str
    case: str
    bring: tuple[PaperRow, ...]
    held: tuple[PaperRow, ...]
    """Not handed in where the desk can look it up."""
    due: tuple[DueRow, ...]
    before: str = ""
    """ "15:00": the dates hold for what is handed in before."""
    fee: Phrase
    where: str
    conditions: tuple[tuple[str, str], ...] = ()
    """What must hold at this place, and how much of it."""
    updated: str
    sample: bool
    offers: tuple[ChecklistAnswer, ...]
    printed: bool | None = None
    """Whether the slip came out, once it was asked for."""
    form_note: str = ""
    """Message of why no form is filled in here, where the rest of the site's forms are."""
    offline: bool = False
    """The number waits for the network; preparing and printing do not."""

    def spoken(self) -> tuple[Say, ...]:
        names = ", ".join(row.name for row in self.bring)
        args = (("number", len(self.bring)), ("procedure", self.procedure), ("names", names))
        return (Say("spoken.checklist" if self.bring else "spoken.checklist.none", args),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(offer.value, Say(f"spoken.checklist.{offer.value}")) for offer in self.offers)


@dataclass(frozen=True)
class DetailRow:
    """One thing more about a procedure, and what it is."""

    label: Phrase
    value: Phrase


class DetailsAnswer(Enum):
    """Back to the checklist."""

    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class ShowDetails(Prompt[DetailsAnswer]):
    """What the catalogue says beside papers and dates; turned over where it is long."""

    procedure: str
    rows: tuple[DetailRow, ...]

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.details", (("procedure", self.procedure),)),)

    def focus(self) -> tuple[Element, ...]:
        return (Element(DetailsAnswer.DONE.value, Say("spoken.details.done")),)


@dataclass(frozen=True, kw_only=True)
class OnPhone(Prompt[None]):
    """The procedure's page on the person's own phone: an address that says nothing about them."""

    procedure: str
    url: str
    seconds: ClassVar[float | None] = 60.0
    is_result: ClassVar[bool] = True

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.phone"),)
