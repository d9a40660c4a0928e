"""The visit: the one object that gathers what a session learns. Wiping it wipes the citizen."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from drivers.emrtd.reading import AccessKeys
from services.contract import models as wire
from services.identity.citizen import Citizen
from services.journeys.coming_photo import ComingPhoto
from services.journeys.ports import Accepted
from services.journeys.prompts import PatientChoice, Priority, Relation


@dataclass(frozen=True)
class InsurerSilent:
    """The look-up failed: code and time are the evidence the law asks for (health.md section 3.1, row 3)."""

    code: str | None
    """None when the person stopped waiting."""
    at: datetime


@dataclass(frozen=True)
class SlipOutcome:
    """What became of the number slip."""

    printed: bool
    at: datetime
    code: str | None = None


@dataclass
class Visit:
    """Everything known about one session. Patient and companion are different roles and never share a field."""

    for_whom: PatientChoice | None = None
    patient: Citizen | None = None
    photo: ComingPhoto | None = None
    """Whether the patient's photo is on its way; once here it is the patient's."""
    confirmed: bool | None = None
    """The person said: yes, that is me."""

    holder: wire.HolderProof | None = None
    """Whether the card is the patient's own, as the site's policy asked."""

    companion: Citizen | None = None
    relation: Relation | None = None

    known_cards: tuple[AccessKeys, ...] | None = None
    """Keys of the cards read or shown here: a card that one of them opens is no different card."""
    card_serial: int | None = None
    """The last laying-down of a card that belongs to this session."""

    read_at: datetime | None = None
    """When the patient's card was read."""
    eligibility: wire.Eligibility | None = None
    use_insurance: bool | None = None
    insurer_silent: InsurerSilent | None = None

    clinics: wire.Clinics | None = None
    exam_type: str | None = None
    clinic: wire.Clinic | None = None
    slot: wire.Slot | None = None
    kind: wire.VisitKind | None = None
    appointment: wire.Appointment | None = None
    """The appointment that is picked up."""
    priority: Priority | None = None
    priority_proven: bool | None = None

    identity_mark: str | None = None
    """What the slip says of the identity: kept when the person is forgotten, it tells nothing of them."""
    holder_mark: str | None = None
    """The same of the holder check."""

    accepted: Accepted | None = None
    found: wire.Ticket | None = None
    """A number of today that was found again."""
    consents: tuple[wire.ConsentAnswer, ...] | None = None
    intent: wire.PaymentIntent | None = None
    code_live: bool | None = None
    """A payment code was made and is not closed yet."""
    claimed: bool | None = None
    """The person says that they have sent the money."""
    slip: SlipOutcome | None = None
    payment_slip_missing: bool | None = None
    """The slip about the money did not come out: the cashier finds it by the number."""
    handed_over: bool | None = None
    """The number reached the person, on paper or on the screen."""

    def wipe(self) -> None:
        """Forget everything."""
        for field in fields(self):
            setattr(self, field.name, None)

    @property
    def empty(self) -> bool:
        """Whether nothing is known."""
        return all(getattr(self, field.name) is None for field in fields(self))

    def forget_patient(self) -> None:
        """Another person is examined: nothing that depended on the old one stays."""
        for name in (
            "patient",
            "photo",
            "confirmed",
            "holder",
            "known_cards",
            "read_at",
            "eligibility",
            "use_insurance",
            "insurer_silent",
            "clinics",
            "exam_type",
            "clinic",
            "slot",
            "kind",
            "appointment",
            "priority",
            "priority_proven",
            "companion",
            "relation",
        ):
            setattr(self, name, None)

    def remember_card(self, keys: AccessKeys, serial: int | None = None) -> None:
        """A card that `keys` open belongs to this session; `serial` is the laying-down that was read."""
        self.known_cards = (*(self.known_cards or ()), keys)
        if serial is not None:
            self.card_serial = serial

    @property
    def payment_unclear(self) -> bool:
        """Money may have come, or a part of it came: never pay twice, never undo, the cashier looks."""
        intent = self.intent
        if intent is None or self.paid:
            return False
        return bool(self.claimed) or intent.amount_paid > 0 or intent.status is wire.PaymentStatus.UNKNOWN

    @property
    def paid(self) -> bool:
        """Whether the bank has confirmed at least the whole amount."""
        return self.intent is not None and self.intent.status in {
            wire.PaymentStatus.PAID,
            wire.PaymentStatus.PAID_LATE,
            wire.PaymentStatus.OVERPAID,
        }
