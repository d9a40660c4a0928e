"""The papers of a dossier: photographed by the person's own phone, or brought as originals."""

from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar

from services.journeys.prompts.base import Element, Prompt, Say


@dataclass(frozen=True)
class DocumentRow:
    """A document that came: which paper it is, its pages, a picture of the first one (JPEG) where there is one."""

    id: str
    name: str
    """Empty where the person did not say which paper it is."""
    pages: int
    picture: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class DocumentRemoved:
    """ "Bỏ": a document is not sent."""

    document: str


class DocumentsAnswer(Enum):
    """Ways for papers to come; GO_ON brings as originals what did not come."""

    PHONE = "phone"
    SCAN = "scan"
    GO_ON = "go-on"


@dataclass(frozen=True, kw_only=True)
class GatherDocuments(Prompt[DocumentsAnswer | DocumentRemoved]):
    """What came so far, and how more can come. Nothing of it is kept on the kiosk."""

    wanted: tuple[str, ...]
    """Papers of the case that nobody looks up."""
    rows: tuple[DocumentRow, ...] = ()
    offers: tuple[DocumentsAnswer, ...] = tuple(DocumentsAnswer)

    def spoken(self) -> tuple[Say, ...]:
        if self.rows:
            return (Say("spoken.docs.some", (("number", len(self.rows)),)),)
        ways = {DocumentsAnswer.PHONE, DocumentsAnswer.SCAN} & set(self.offers)
        way = "both" if len(ways) == 2 else next((one.value for one in ways), DocumentsAnswer.GO_ON.value)
        return (Say(f"spoken.docs.by-{way}", (("number", len(self.wanted)),)),)

    def focus(self) -> tuple[Element, ...]:
        offers = tuple(Element(offer.value, Say(f"spoken.docs.{offer.value}")) for offer in self.offers)
        return (*removals(self.rows), *offers)


@dataclass(frozen=True)
class PaperChoice:
    """A paper that may be laid on the scanner; `here`: pages of it came already."""

    id: str
    name: str
    """Empty: something else than the papers of the case."""
    here: bool = False


@dataclass(frozen=True)
class PaperChosen:
    """A paper by its id in the catalogue."""

    id: str


@dataclass(frozen=True, kw_only=True)
class ChoosePaper(Prompt[PaperChosen]):
    """Which paper is scanned next: the officer must not guess."""

    papers: tuple[PaperChoice, ...]

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.docs.which"),)

    def focus(self) -> tuple[Element, ...]:
        total = len(self.papers)
        return tuple(Element(one.id, _named(one, number, total)) for number, one in enumerate(self.papers, 1))


def _named(paper: PaperChoice, number: int, total: int) -> Say:
    if not paper.name:
        return Say("spoken.docs.which.other")
    return Say("spoken.row", (("number", number), ("total", total), ("name", paper.name)))


class PhoneStep(Enum):
    """Where the phone is."""

    WIFI = "wifi"
    """The site's own Wi-Fi comes first."""
    LINK = "link"
    OPENED = "opened"
    """A phone has opened the link; nobody else can any more."""
    OVER = "over"
    """The link's time is over, and what came is erased."""


class PhoneAnswer(Enum):
    """What the person touches beside their phone."""

    NEXT = "next"
    """The phone is in the Wi-Fi: show the link."""
    DONE = "done"
    AGAIN = "again"
    """A new link."""


@dataclass(frozen=True, kw_only=True)
class SendByPhone(Prompt[PhoneAnswer | DocumentRemoved]):
    """A code for the phone's camera, then what arrives."""

    step: PhoneStep
    code: str
    ssid: str = ""
    until: str = ""
    """Time of day at which the link ends."""
    rows: tuple[DocumentRow, ...] = ()
    nothing_came: bool = False
    """By this link: another phone than the person's may have opened it."""

    seconds: ClassVar[float | None] = 300.0
    """Photographing takes both hands, away from the kiosk."""

    @property
    def answers(self) -> tuple[PhoneAnswer, ...]:
        """What can be touched."""
        match self.step:
            case PhoneStep.WIFI:
                return (PhoneAnswer.NEXT,)
            case PhoneStep.OVER:
                return PhoneAnswer.AGAIN, PhoneAnswer.DONE
            case PhoneStep.OPENED if self.nothing_came:
                return PhoneAnswer.AGAIN, PhoneAnswer.DONE
            case _:
                return (PhoneAnswer.DONE,)

    def spoken(self) -> tuple[Say, ...]:
        if self.rows:
            return (Say("spoken.send.came", (("number", len(self.rows)),)),)
        step = "none" if PhoneAnswer.AGAIN in self.answers and self.step is PhoneStep.OPENED else self.step.value
        return (Say(f"spoken.send.{step}", (("ssid", self.ssid),)),)

    def focus(self) -> tuple[Element, ...]:
        ways = tuple(Element(answer.value, Say(f"spoken.send.{answer.value}")) for answer in self.answers)
        return (*removals(self.rows), *ways)


def removals(rows: tuple[DocumentRow, ...]) -> tuple[Element, ...]:
    """Each document can be left out again."""
    total = len(rows)
    return tuple(
        Element(
            row.id,
            Say("spoken.docs.remove", (("number", number), ("total", total), ("name", row.name), ("pages", row.pages))),
        )
        for number, row in enumerate(rows, 1)
    )


@dataclass(frozen=True, kw_only=True)
class DraftKept(Prompt[None]):
    """A draft is kept: its code, until when, and whether the slip came out."""

    code: str
    until: str
    printed: bool

    seconds: ClassVar[float | None] = 60.0
    is_result: ClassVar[bool] = True

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.draft" if self.printed else "spoken.draft.noslip"),)

    def focus(self) -> tuple[Element, ...]:
        return (Element("done", Say("spoken.send.done")),)
