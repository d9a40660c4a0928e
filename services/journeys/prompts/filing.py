"""Filling in a form and sending a dossier: for whom, field by field, the last look."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from services.journeys.prompts.base import Element, Prompt, Say
from services.journeys.prompts.procedures import Phrase


class Capacity(Enum):
    """For whom somebody files (the same words as services.contract)."""

    MYSELF = "myself"
    AUTHORISED = "authorised"
    GUARDIAN = "guardian"
    ORGANISATION = "organisation"


@dataclass(frozen=True, kw_only=True)
class ChooseCapacity(Prompt[Capacity]):
    """For oneself, with a power of attorney, as a guardian, for an organisation."""

    procedure: str
    choices: tuple[Capacity, ...] = tuple(Capacity)

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.capacity"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(choice.value, Say(f"spoken.capacity.{choice.value}")) for choice in self.choices)


class PartAnswer(Enum):
    """Together with the rest, or not."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class AskPart(Prompt[PartAnswer]):
    """An optional part of an interlinked group: done together, or left out."""

    procedure: str
    part: str
    icon: str
    time: Phrase

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.part", (("part", self.part),)),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(answer.value, Say(f"spoken.part.{answer.value}")) for answer in PartAnswer)


@dataclass(frozen=True)
class FieldRow:
    """A field of the form: its label, the answer as people read it, whether the chip gave it, what is wrong."""

    id: str
    label: str
    value: str
    locked: bool = False
    error: str | None = None
    optional: bool = False


@dataclass(frozen=True)
class FieldChosen:
    """A field by its name."""

    field: str


class FormAnswer(Enum):
    """Go on: to the next field that is empty, or to the review when none is."""

    NEXT = "next"
    LATER = "later"
    """ "Để sau": kept at the gateway under a code."""
    RESUME = "resume"
    """Go on with what was kept."""


@dataclass(frozen=True, kw_only=True)
class FillForm(Prompt[FieldChosen | FormAnswer]):
    """The whole form, as far as it is filled in. `left`: fields that must still be answered."""

    form: str
    rows: tuple[FieldRow, ...]
    left: int
    offers: tuple[FormAnswer, ...] = (FormAnswer.NEXT,)

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.form" if self.left else "spoken.form.full", (("number", self.left),)),)

    def focus(self) -> tuple[Element, ...]:
        total = len(self.rows)
        rows = tuple(
            Element(
                row.id,
                Say("spoken.row", (("number", number), ("total", total), ("name", row.label))),
                choosable=not row.locked,
            )
            for number, row in enumerate(self.rows, 1)
        )
        return (*rows, *(Element(offer.value, Say(f"spoken.form.{offer.value}")) for offer in self.offers))


class FieldKeys(Enum):
    """How an answer is given."""

    NAMES = "names"
    TEXT = "text"
    DIGITS = "digits"
    DATE = "date"
    LIST = "list"
    PLACES = "places"
    CODE = "code"
    """Capitals and digits as they are printed, nothing understood as Telex."""
    PLAIN = "plain"
    """The same in small letters: an e-mail address."""


@dataclass(frozen=True)
class Suggestion:
    """Something to touch instead of typing: `value` is the answer, `name` what is read."""

    value: str
    name: str


@dataclass(frozen=True)
class FieldTyped:
    """The answer; empty where an optional field is passed over."""

    value: str


def _nothing(_typed: str) -> tuple[Suggestion, ...]:
    return ()


@dataclass(frozen=True, kw_only=True)
class TypeField(Prompt[FieldTyped]):
    """One field. `suggest` answers at once at every key; for a list it tells every option."""

    field: str
    label: str
    remark: str = ""
    """A sentence of the form itself, ready to read."""
    keys: FieldKeys
    value: str = ""
    error: str | None = None
    optional: bool = False
    number: int
    total: int
    suggest: Callable[[str], tuple[Suggestion, ...]] = _nothing

    def spoken(self) -> tuple[Say, ...]:
        error = () if self.error is None else (Say(self.error),)
        return (*error, Say(f"spoken.field.{self.keys.value}", (("label", self.label),)))


class FilingAnswer(Enum):
    """Ways on from the last look: to the declaration, or back to the form."""

    SEND = "send"
    CHANGE = "change"


@dataclass(frozen=True, kw_only=True)
class ReviewFiling(Prompt[FilingAnswer]):
    """Everything that will be sent, and what it costs."""

    procedure: str
    case: str
    capacity: Capacity
    rows: tuple[FieldRow, ...]
    papers: tuple[str, ...]
    """Brought to the counter as originals."""
    photographed: int = 0
    """Documents that go with it."""
    fee: Phrase
    offline: bool = False
    """Nothing can be sent now: it waits for the network, or for the counter."""

    def spoken(self) -> tuple[Say, ...]:
        args = (("procedure", self.procedure), ("number", len(self.papers)))
        summary = "; ".join(f"{row.label}: {row.value}" for row in self.rows if row.value)
        waits = (Say("filing.offline"),) if self.offline else ()
        return (*waits, Say("spoken.filing", args), Say("spoken.filing.rows", (("rows", summary),), private=True))

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(answer.value, Say(f"spoken.filing.{answer.value}")) for answer in FilingAnswer)


class DeclareAnswer(Enum):
    """Neither is chosen beforehand, neither is larger."""

    AGREE = "agree"
    REFUSE = "refuse"


@dataclass(frozen=True, kw_only=True)
class DeclareFiling(Prompt[DeclareAnswer]):
    """What is declared and agreed to, word for word with its version; the printed form waits for a hand signature."""

    procedure: str
    declaration: str
    consent: str = ""
    """What the notice says of dossiers; empty while the gateway was never heard."""
    form_version: str
    notice_version: str = ""

    def spoken(self) -> tuple[Say, ...]:
        words = f"{self.declaration} {self.consent}".strip()
        return (Say("spoken.declare", (("words", words),)),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(Element(answer.value, Say(f"spoken.declare.{answer.value}")) for answer in DeclareAnswer)
