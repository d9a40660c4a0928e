"""A visit agreed on before, a number found again, and what to say when there is none."""

from dataclasses import dataclass
from enum import Enum

from services.journeys.prompts.base import Element, Prompt, Say


@dataclass(frozen=True)
class AppointmentRow:
    """One appointment of today: "08:30", the clinic and its room; `revisit`: the doctor asked for it."""

    id: str
    time: str
    clinic: str
    room: str
    revisit: bool = False


@dataclass(frozen=True)
class AppointmentChosen:
    """An appointment by its id."""

    appointment_id: str


class BookedAnswer(Enum):
    """The other way."""

    NEW_VISIT = "new-visit"


@dataclass(frozen=True, kw_only=True)
class ChooseAppointment(Prompt["AppointmentChosen | BookedAnswer"]):
    """Today's appointments of a proven person; never shown to anybody else."""

    appointments: tuple[AppointmentRow, ...]

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.booked"),)

    def focus(self) -> tuple[Element, ...]:
        rows = [
            Element(row.id, Say("spoken.booked.row", (("time", row.time), ("clinic", row.clinic)), private=True))
            for row in self.appointments
        ]
        return (*rows, Element(BookedAnswer.NEW_VISIT.value, Say("spoken.booked.new-visit")))


class ReprintAnswer(Enum):
    """What can be touched while a slip or a card is waited for."""

    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class ScanForReprint(Prompt[ReprintAnswer]):
    """ "In lại số": the slip's QR code, or that of the ID card, to the scanner. `hint` as in ScanCode."""

    hint: str | None = None

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.reprint"),)

    def focus(self) -> tuple[Element, ...]:
        return (Element(ReprintAnswer.NOTHING.value, Say("spoken.reprint.nothing")),)


@dataclass(frozen=True)
class TicketRow:
    """One number of today."""

    id: str
    number: str
    clinic: str
    time: str


@dataclass(frozen=True)
class TicketChosen:
    """A number by its check-in's id."""

    check_in_id: str


@dataclass(frozen=True, kw_only=True)
class ChooseTicket(Prompt[TicketChosen]):
    """Which of several numbers is printed again."""

    tickets: tuple[TicketRow, ...]

    def spoken(self) -> tuple[Say, ...]:
        return (Say("spoken.tickets"),)

    def focus(self) -> tuple[Element, ...]:
        return tuple(
            Element(row.id, Say("spoken.tickets.row", (("ticket", row.number), ("clinic", row.clinic)), private=True))
            for row in self.tickets
        )


class NothingKind(Enum):
    """What was not found; the message ids are `nothing.<value>`."""

    TICKET = "ticket"
    APPOINTMENT = "appointment"
    UNPROVEN = "unproven"
    """Who is not proven by a chip is told of no appointment: the desk looks."""
    NO_PROOF = "no-proof"
    """Neither slip nor card: staff prints."""
    BILL = "bill"
    """No open bill of that slip, code or person."""
    BILL_UNPROVEN = "bill-unproven"
    """Who is not proven by a chip is shown no bill but the one whose code they hold."""
    DOSSIER = "dossier"
    """No dossier of that slip, code or person; never says what was wrong."""
    DOSSIER_UNPROVEN = "dossier-unproven"
    """Who is not proven by a chip sees the one dossier whose slip or codes they hold."""
    DOSSIER_PAUSED = "dossier-paused"
    """Too many wrong tries: a quarter of an hour of rest."""
    RESULT = "result"
    """None of these dossiers has a result yet."""
    RESULT_POSTED = "result-posted"
    """What results there are come by post."""
    DRAFT_UNPROVEN = "draft-unproven"
    """Who has no number on a chip or paper cannot own a draft."""
    DRAFT_OLD = "draft-old"
    """Its procedure is not in the catalogue any more."""
    RATE_UNKNOWN = "rate-unknown"
    RATE_NOT_YET = "rate-not-yet"
    """Rated is what is finished."""
    RATE_RATED = "rate-rated"
    """Once is enough."""


class NothingAnswer(Enum):
    """Ways on."""

    GO_ON = "go-on"
    """A new visit (appointments) or another try (numbers)."""
    END = "end"


@dataclass(frozen=True, kw_only=True)
class NothingFound(Prompt[NothingAnswer]):
    """What was looked for, why it may be missing, and the next step (LOOK.md section 8, Empty)."""

    what: NothingKind
    desk: str

    def spoken(self) -> tuple[Say, ...]:
        return (Say(f"spoken.nothing.{self.what.value}"),)

    def focus(self) -> tuple[Element, ...]:
        kind = "visit" if self.what in {NothingKind.APPOINTMENT, NothingKind.UNPROVEN} else "again"
        return (
            Element(NothingAnswer.GO_ON.value, Say(f"spoken.nothing.go-on.{kind}")),
            Element(NothingAnswer.END.value, Say("spoken.nothing.end")),
        )
