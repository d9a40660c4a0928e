"""Appointments, registrations, tickets, leased numbers."""

from __future__ import annotations

from datetime import date
from enum import Enum

from pydantic import AwareDatetime, Field

from services.contract.base import FailureCode, IdempotencyKey, PairCode, ProcedureCode, Wire
from services.contract.clinics import Clinic, Slot
from services.contract.identity import Companion, Person
from services.contract.site import HolderProof


class VisitKind(Enum):
    """How a visit began."""

    NEW = "new"
    BOOKED = "booked"
    REVISIT = "revisit"


class Appointment(Wire):
    """A visit that was agreed on for today: booked ahead, or a re-visit the doctor asked for."""

    id: str = Field(max_length=80)
    clinic_id: str
    kind: VisitKind
    start: AwareDatetime
    end: AwareDatetime | None = None


class AppointmentsRequest(Wire):
    """POST /v1/appointments (a question, no write): whose. Only a person whom the chip proved gets an answer."""

    person: Person


class Appointments(Wire):
    """Today's appointments of that person that were not picked up yet, the earliest first."""

    appointments: tuple[Appointment, ...]


class Priority(Enum):
    """The same words as the prompt."""

    NONE = "none"
    ELDERLY_75 = "elderly-75"
    CHILD_UNDER_6 = "child-under-6"
    DISABLED = "disabled"
    MERIT = "merit"
    PREGNANT = "pregnant"


class FallbackNumber(Wire):
    """A leased number the kiosk prints when no answer comes (DESIGN section 6)."""

    lease_id: str = Field(max_length=40)
    number: str = Field(pattern="^[A-Z]{1,2}[0-9]{2,3}$")


class Errand(Wire):
    """What somebody brings to a service group's counter: the dossier they sent, or the procedure they prepared."""

    sending_code: PairCode | None = None
    procedure: ProcedureCode | None = None


class Registration(Wire):
    """POST /v1/check-ins (deliver later)."""

    patient: Person
    companion: Companion | None = None
    clinic_id: str = Field(max_length=40)
    kind: VisitKind = VisitKind.NEW
    appointment_id: str | None = Field(default=None, max_length=80)
    """The appointment that is picked up."""
    appointment_start: AwareDatetime | None = None
    """Its time as the gateway told it: counts where the hospital's own system keeps the appointment."""
    appointment_end: AwareDatetime | None = None
    slot_id: str | None = Field(default=None, pattern="^[0-9]{4}$")
    exam_type: str | None = Field(default=None, max_length=40)
    eligibility_id: str | None = Field(default=None, max_length=40)
    use_insurance: bool = False
    insurance_unreachable: bool = False
    """The look-up failed: the patient is received, the gateway looks up later."""
    insurance_failure: FailureCode | None = None
    """Failure code of that look-up, with its time: evidence (health.md 3.1 row 3)."""
    insurance_failure_at: AwareDatetime | None = None
    priority: Priority = Priority.NONE
    priority_proven: bool = False
    holder: HolderProof | None = None
    """Whether the card is the patient's own; None where the site does not ask, or no chip was read."""
    arrived_at: AwareDatetime
    fallback: FallbackNumber | None = None
    errand: Errand | None = None
    """At a service group of a one-stop centre."""


class TicketStatus(Enum):
    """Life of a queue ticket as far as a kiosk needs it."""

    WAITING = "waiting"
    UNPAID = "unpaid"
    """Waiting, to be paid at the kiosk or the cashier."""
    CALLED = "called"
    AWAY = "away"
    """Waiting for results; back by the slip."""
    MISSED = "missed"
    """Called, and nobody came; the counter takes the number in again."""
    DONE = "done"
    ABANDONED = "abandoned"
    VOIDED = "voided"


class Ticket(Wire):
    """The number. `code` is the opaque token of the slip's QR, `reprint_code` is typed ("K7M4-2Q9D"); both are drawn
    from the registration's idempotency key (`services.contract.ticket_codes`), so slips printed offline carry them."""

    check_in_id: str
    number: str
    clinic: Clinic
    status: TicketStatus
    waiting: int | None = None
    expected_at: AwareDatetime | None = None
    issued_at: AwareDatetime
    priority: bool = False
    insurance_pending: bool = False
    unverified: bool = False
    """Desk confirms the identity: "chưa xác minh" / "quầy xem thẻ"."""
    held: bool = False
    """The person had this number before: one number per person and clinic within the site's time."""
    slot: Slot | None = None
    """The time it is for; None where people are called in their order."""
    slot_lost: bool = False
    """Somebody else took that time's last place at the hospital after the number was given: the desk sees to it."""
    code: str
    reprint_code: str
    bill_id: str | None = None
    amount_due: int | None = None
    """What is to be paid now (a self-paying patient); None when nothing is."""


class TicketsRequest(Wire):
    """POST /v1/tickets/find (a question, no write): today's numbers of a slip, or of a person whom the chip proved."""

    slip: str | None = Field(default=None, pattern="^[0-9A-HJKMNP-TV-Z]{26}$")
    """The token of the slip's QR code."""
    person: Person | None = None


class Tickets(Wire):
    """Numbers of today that still mean something, the newest first."""

    tickets: tuple[Ticket, ...]


class FallbackUse(Wire):
    """POST /v1/check-ins/fallback (deliver later): the kiosk printed the fallback of `registration_key`."""

    registration_key: IdempotencyKey
    fallback: FallbackNumber
    printed_at: AwareDatetime


class SlipReport(Wire):
    """POST /v1/check-ins/{id}/slip (deliver later). `{id}` is the check-in's id or the registration's key."""

    printed: bool
    failure_code: FailureCode | None = None
    at: AwareDatetime


class AbandonReason(Enum):
    """Why an unfinished registration is undone."""

    LEFT = "left"
    IDLE = "idle"
    OTHER_CARD = "other-card"
    FAILURE = "failure"


class Abandon(Wire):
    """POST /v1/check-ins/abandon (deliver later): by the registration's key, so it also works when no answer came."""

    registration_key: IdempotencyKey
    reason: AbandonReason
    at: AwareDatetime


class Lease(Wire):
    """Numbers one kiosk may print offline for one clinic and day: its letters + 2 or 3 digits, e.g. B07."""

    id: str
    clinic_id: str
    day: date
    numbers: tuple[str, ...]


class Leases(Wire):
    """POST /v1/leases: what this kiosk holds, topped up, for today and three days ahead."""

    leases: tuple[Lease, ...]
