"""The catalogue's import format: one procedure is one record (onestop.md section 3.4).

A record is dated (`valid_from`, `valid_to`), names its source and the day it was read, and describes documents *by
case*: a procedure asks a few questions, and whatever carries `when` holds only for some of their answers.
Names of the one language everybody reads are Vietnamese; English stands beside it where there is one.
`docs/procedures.schema.json` is made of these classes; `docs/procedures.md` explains them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import Enum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^\S+$")]
"""A procedure's code: text, no validation beyond length (onestop.md section 3.2)."""
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""A name within the catalogue, e.g. "giay-chung-sinh"."""
Text = Annotated[str, Field(min_length=1, max_length=400)]
Dong = Annotated[int, Field(ge=0, le=10_000_000_000)]
PlaceCode = Annotated[str, Field(pattern=r"^(\*|[0-9]{2}|[0-9]{5})$")]
"""Where something holds: "*" everywhere, two digits a province, five a commune."""


class Record(BaseModel):
    """Frozen; an unknown field is a mistake of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Dated(Record):
    """Something that holds from a day on, and to a day (both included)."""

    valid_from: date
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class ServiceLevel(Enum):
    """How much of a procedure can be done online."""

    FULL = "toan-trinh"
    PART = "mot-phan"
    INFORMATION = "thong-tin"


class Channel(Enum):
    """How a dossier comes in (national list: 1, 2, 3)."""

    COUNTER = "truc-tiep"
    ONLINE = "truc-tuyen"
    POST = "buu-chinh"


class Capacity(Enum):
    """For whom somebody files (the same words as services.contract)."""

    MYSELF = "myself"
    AUTHORISED = "authorised"
    GUARDIAN = "guardian"
    ORGANISATION = "organisation"


class TimeUnit(Enum):
    """What a time limit counts."""

    SAME_DAY = "trong-ngay"
    WORKING_DAYS = "ngay-lam-viec"
    DAYS = "ngay"


class FeeKind(Enum):
    """Two words of the law for money."""

    CHARGE = "phi"
    FEE = "le-phi"


class SourceMark(Enum):
    """How sure a record is."""

    OFFICIAL = "official"
    SECOND_HAND = "second-hand"
    UNCONFIRMED = "unconfirmed"


class TimeLimit(Record):
    """ "2 ngày làm việc"; `when_verified` where the authority must verify something ("≤ 5")."""

    unit: TimeUnit
    value: int = Field(default=0, ge=0, le=730)
    when_verified: int | None = Field(default=None, ge=0, le=730)
    counted_next_day_after: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = None
    """ "15:00": what is filed after it counts from the next working day."""
    when: tuple[Id, ...] = ()


class PerPage(Record):
    """A charge by pages of one copy, as for certified copies: the first pages cost more, one copy has a ceiling."""

    first_pages: int = Field(ge=1)
    first_price: Dong
    next_price: Dong
    most_per_copy: Dong


class Fee(Dated):
    """Money due: a fixed `amount`, an amount per piece (`per`), or pages by formula. Exactly one of them."""

    id: Id
    name: Text
    name_en: str = ""
    kind: FeeKind
    channel: Channel | None = None
    """None: by every channel."""
    beneficiary: Id | None = None
    """None: everybody who is not named by another line."""
    amount: Dong | None = None
    per: Id | None = None
    """What `amount` is counted by, e.g. "ban" or "ban-sao-them"; None: once."""
    per_page: PerPage | None = None
    when: tuple[Id, ...] = ()
    basis: Text


class Paper(Record):
    """A kind of paper; `note` e.g. "bệnh viện nơi sinh cấp"."""

    id: Id
    name: Text
    name_en: str = ""
    note: str = ""
    note_en: str = ""
    form: Id | None = None
    """The form it is made with; None: the person has it from elsewhere."""


class PaperNeeded(Record):
    """A paper of a procedure and in how many pieces; `state_holds`: not handed in where the desk can look it up."""

    paper: Id
    originals: int = Field(default=0, ge=0, le=20)
    copies: int = Field(default=0, ge=0, le=20)
    state_holds: bool = False
    when: tuple[Id, ...] = ()


class Answer(Record):
    """One answer of a question. "Khác, hỏi quầy" is always offered beside them and never written here."""

    id: Id
    name: Text
    name_en: str = ""


class Question(Record):
    """What decides about the case."""

    id: Id
    name: Text
    name_en: str = ""
    answers: tuple[Answer, ...] = Field(min_length=2, max_length=7)
    when: tuple[Id, ...] = ()


class Part(Record):
    """One of the things an interlinked group does, with its own time and outcome."""

    id: Id
    name: Text
    name_en: str = ""
    icon: str
    procedure: Code | None = None
    """The same thing on its own."""
    time: TimeLimit
    optional: bool = False
    when: tuple[Id, ...] = ()
    """Of an optional part: answers of the case that ask for it. Without them the person is asked."""

    def wanted(self, answers: Collection[str]) -> bool | None:
        """Whether a case with these answers has it; None: nobody knows before the person is asked."""
        if not self.optional:
            return True
        return any(answer in answers for answer in self.when) if self.when else None


class Step(Record):
    """What happens, in the order in which it happens."""

    name: Text
    name_en: str = ""


class Condition(Dated):
    """What must hold somewhere, e.g. the minimum housing area of a province.

    Of several with one `id` the narrowest place's holds: a province's own area goes before the country's.
    """

    id: Id | None = None
    place: PlaceCode
    name: Text
    name_en: str = ""
    value: str = ""
    when: tuple[Id, ...] = ()
    basis: Text


class Basis(Record):
    """A legal text."""

    number: Text
    name: str = ""


class Source(Record):
    """Where a record's facts come from, how sure they are, and the day they were read."""

    name: Text
    mark: SourceMark
    accessed: date


class Procedure(Dated):
    """One procedure between two dates."""

    code: Code
    name: Text
    name_en: str = ""
    short: Text
    """What a row on the screen says."""
    short_en: str = ""
    sector: Id
    level: ServiceLevel
    essential: bool = False
    """One of the essential public services."""
    mourning: bool = False
    """No chime, no smiling faces (LOOK.md section 6)."""
    icon: str = "file-text"
    events: tuple[Id, ...] = ()
    words: tuple[str, ...] = ()
    """Everyday words people look for it by: "sinh con", "mất giấy tờ"."""
    channels: tuple[Channel, ...] = Field(min_length=1)
    questions: tuple[Question, ...] = Field(default=(), max_length=4)
    papers: tuple[PaperNeeded, ...] = ()
    parts: tuple[Part, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    times: tuple[TimeLimit, ...] = Field(min_length=1)
    """The first that fits the case holds; the last one has no `when`."""
    fees: tuple[Fee, ...] = ()
    conditions: tuple[Condition, ...] = ()
    forms: tuple[Id, ...] = ()
    capacities: tuple[Capacity, ...] = tuple(Capacity)
    """In which capacities it can be filed; nobody marries or makes a will by somebody else."""
    results: tuple[Text, ...] = Field(min_length=1)
    basis: tuple[Basis, ...] = ()
    source: Source
    popularity: int = Field(default=0, ge=0, le=100)
    """How often it is asked for, at equal hits the more frequent stands first."""


class Agency(Dated):
    """Who is competent for a procedure or a whole sector, at a place. `delegated_by`: by delegation of that agency."""

    procedure: Code | None = None
    sector: Id | None = None
    place: PlaceCode
    name: Text
    name_en: str = ""
    counters: str = ""
    """ "quầy 3, 4 hoặc 5"."""
    counters_en: str = ""
    delegated_by: str = ""
    basis: str = ""


class Reduction(Dated):
    """Who pays less or nothing: by the channel, or as a beneficiary. `percent_off` 100 is an exemption."""

    id: Id
    name: Text
    name_en: str = ""
    beneficiary: Id | None = None
    channel: Channel | None = None
    procedures: tuple[Code, ...] = ()
    """Empty: every procedure of `sectors`, or every one at all."""
    sectors: tuple[Id, ...] = ()
    kinds: tuple[FeeKind, ...] = ()
    place: PlaceCode = "*"
    percent_off: int = Field(ge=1, le=100)
    basis: Text


class Acting(Record):
    """What somebody who does not file for themselves brings along, whatever the procedure."""

    capacity: Capacity
    papers: tuple[PaperNeeded, ...] = Field(min_length=1)


class Named(Record):
    """A sector, a life event or a kind of beneficiary."""

    id: Id
    name: Text
    name_en: str = ""
    icon: str = "file-text"


class Catalogue(Record):
    """A whole file. `sample` marks data that nobody may rely on."""

    format: Annotated[str, Field(pattern="^tram-procedures/1$")]
    sample: bool
    name: Text
    updated: date
    sectors: tuple[Named, ...] = ()
    events: tuple[Named, ...] = ()
    beneficiaries: tuple[Named, ...] = ()
    papers: tuple[Paper, ...] = ()
    procedures: tuple[Procedure, ...]
    agencies: tuple[Agency, ...] = ()
    reductions: tuple[Reduction, ...] = ()
    acting: tuple[Acting, ...] = ()

    def at(self, code: str, day: date) -> Procedure | None:
        """The record of `code` that holds on `day`."""
        return next((one for one in self.procedures if one.code == code and one.holds(day)), None)

    def paper(self, id: str) -> Paper:
        """A paper by its id. Raises KeyError; an imported catalogue names only papers it has."""
        for paper in self.papers:
            if paper.id == id:
                return paper
        raise KeyError(id)
