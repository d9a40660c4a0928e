"""Which clinic, and whether the law gives priority."""

from dataclasses import dataclass
from enum import Enum

from services.journeys.prompts.base import Element, Prompt, Say


@dataclass(frozen=True)
class ClinicRow:
    """One tile of picture 07. `icon` is a name of `look/icons.json`; `opens_at` closes the tile ("13:00")."""

    id: str
    name: str
    icon: str
    waiting: int | None
    minutes: int | None
    opens_at: str | None = None
    available: bool = True
    """False: closed, and nobody knows until when."""
    price: int | None = None
    """In đồng, where prices differ between the clinics that are shown."""

    @property
    def open(self) -> bool:
        """Whether a number can be taken now."""
        return self.available and self.opens_at is None


@dataclass(frozen=True)
class ClinicChosen:
    """A clinic by its id."""

    clinic_id: str


class ClinicAnswer(Enum):
    """The other way on picture 07."""

    GUIDE_DESK = "guide-desk"


@dataclass(frozen=True, kw_only=True)
class ChooseClinic(Prompt["ClinicChosen | ClinicAnswer"]):
    """Picture 07: never more than 8 a page (6 with larger text); the screen pages them."""

    clinics: tuple[ClinicRow, ...]
    guide_desk: bool = True

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.clinic"),)

    def focus(self) -> tuple[Element, ...]:
        rows = [
            Element(
                row.id,
                Say(
                    "spoken.clinic.row" if row.open else f"spoken.clinic.{'closed' if row.opens_at else 'away'}",
                    (
                        ("number", number),
                        ("total", len(self.clinics)),
                        ("name", row.name),
                        ("waiting", row.waiting if row.waiting is not None else 0),
                        ("minutes", row.minutes if row.minutes is not None else 0),
                        ("opens_at", row.opens_at or ""),
                    ),
                ),
                choosable=row.open,
            )
            for number, row in enumerate(self.clinics, 1)
        ]
        if self.guide_desk:
            rows.append(Element(ClinicAnswer.GUIDE_DESK.value, Say("spoken.clinic.guide-desk")))
        return tuple(rows)


class GroupKind(Enum):
    """What is chosen before the clinic; the message ids are `group.<value>`."""

    EXAM_TYPE = "exam-type"
    DEPARTMENT = "department"
    EVENT = "event"
    SECTOR = "sector"
    PROCEDURE = "procedure"


@dataclass(frozen=True)
class GroupRow:
    """A kind of examination, or a department. `hint` is its second line, ready to read."""

    id: str
    name: str
    icon: str
    hint: str = ""


@dataclass(frozen=True)
class GroupChosen:
    """A group by its id."""

    group_id: str


@dataclass(frozen=True, kw_only=True)
class ChooseGroup(Prompt["GroupChosen | ClinicAnswer"]):
    """Before picture 07, at sites that have several kinds of examination or departments."""

    kind: GroupKind
    groups: tuple[GroupRow, ...]
    guide_desk: bool = True

    def spoken(self) -> tuple[Say, ...]:
        return (Say(f"spoken.group.{self.kind.value}"),)

    def focus(self) -> tuple[Element, ...]:
        total = len(self.groups)
        rows = [
            Element(row.id, Say("spoken.row", (("number", number), ("total", total), ("name", row.name))))
            for number, row in enumerate(self.groups, 1)
        ]
        if self.guide_desk:
            rows.append(Element(ClinicAnswer.GUIDE_DESK.value, Say("spoken.clinic.guide-desk")))
        return tuple(rows)


@dataclass(frozen=True)
class SlotRow:
    """A time of today: "08:30" to "09:00". Without places `left` it stays visible and closed."""

    id: str
    start: str
    end: str
    left: int


@dataclass(frozen=True)
class SlotChosen:
    """A time by its id."""

    slot_id: str


@dataclass(frozen=True, kw_only=True)
class ChooseSlot(Prompt[SlotChosen]):
    """After picture 07, at clinics whose numbers are for a time."""

    clinic: str
    slots: tuple[SlotRow, ...]

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.slot"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(
            Element(
                row.id,
                Say(
                    "spoken.slot.row" if row.left else "spoken.slot.full",
                    (("start", row.start), ("end", row.end), ("left", row.left)),
                ),
                choosable=row.left > 0,
            )
            for row in self.slots
        )


class Priority(Enum):
    """Priority as the law lists it (Law 15/2023/QH15 art. 3.2); emergency is a way to people, never a number."""

    NONE = "none"
    ELDERLY_75 = "elderly-75"
    CHILD_UNDER_6 = "child-under-6"
    DISABLED = "disabled"
    MERIT = "merit"
    PREGNANT = "pregnant"


@dataclass(frozen=True, kw_only=True)
class DeclarePriority(Prompt[Priority]):
    """Picture 08. Priority known from the chip is not asked. `choices` ends with NONE."""

    choices: tuple[Priority, ...]

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.priority"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(
            Element(choice.value, Say(f"spoken.priority.{choice.value}", private=choice is not Priority.NONE))
            for choice in self.choices
        )
