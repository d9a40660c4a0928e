"""The visit: the one object that gathers what a session learns. Wiping it wipes the citizen."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from drivers.emrtd.reading import AccessKeys
from services.contract import models as wire
from services.contract.one_stop import (
    Capacity,
    Declared,
    Dossier,
    DossiersRequest,
    FiledDocument,
    KeptDocument,
    Rateable,
    Upload,
)
from services.identity.citizen import Citizen
from services.journeys.coming_photo import ComingPhoto
from services.journeys.ports import Accepted
from services.journeys.prompts import PatientChoice, Priority, Relation
from services.procedures.records import Procedure


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

    procedure: Procedure | None = None
    procedure_given: bool | None = None
    """The start page's own tile chose it."""
    case: tuple[str, ...] | None = None
    """Ids of the answers that make the case."""
    searched: str | None = None
    preparing: bool | None = None
    """The form is filled in here, and the dossier is sent."""
    parts: tuple[str, ...] | None = None
    """Optional parts of a group that are wanted."""
    capacity: Capacity | None = None
    pieces: dict[str, int] | None = None
    """How many of what the fee is counted by."""
    answers: dict[str, str] | None = None
    """The form's answers by field."""
    from_chip: tuple[str, ...] | None = None
    """Fields that the chip filled in: locked."""
    upload: Upload | None = None
    """The link of the person's phone, with what came."""
    scanned: tuple[KeptDocument, ...] | None = None
    """What the document scanner read, kept at the gateway."""
    scan_of: dict[str, str] | None = None
    """Which paper each scan is, as the person said."""
    removed: tuple[str, ...] | None = None
    """Documents that came and are not sent."""
    previews: dict[str, bytes] | None = None
    kept: tuple[FiledDocument, ...] | None = None
    """Papers of a draft."""
    declared: Declared | None = None
    """What was declared and agreed to before sending."""
    draft_code: str | None = None
    """The draft that this dossier was."""
    before_draft: tuple[Procedure | None, tuple[str, ...] | None, tuple[str, ...] | None, Capacity | None] | None = None
    """Procedure, case, parts and capacity as they stood before a draft was opened: the draft's are its owner's."""
    papers_of: tuple[str, ...] | None = None
    """Procedure, case and person whose papers came."""
    dossier: Dossier | None = None
    dossiers: tuple[Dossier, ...] | None = None
    """Dossiers that were found again."""
    dossiers_request: DossiersRequest | None = None
    """How they were found."""
    guide_group: str | None = None
    """The service group that a guide leads to."""
    dossier_bill: str | None = None
    """The bill of one of them that is to be paid."""
    followed: Dossier | None = None
    """The one whose result is fetched."""
    rateable: Rateable | None = None
    """What may be rated now."""

    identity_mark: str | None = None
    """What the slip says of the identity: kept when the person is forgotten, it tells nothing of them."""
    holder_mark: str | None = None
    """The same of the holder check."""

    accepted: Accepted | None = None
    found: wire.Ticket | None = None
    """A number of today that was found again."""
    consents: tuple[wire.ConsentAnswer, ...] | None = None
    finger_offered: bool | None = None
    """The person was asked whether a fingerprint template may be kept."""
    intent: wire.PaymentIntent | None = None
    code_live: bool | None = None
    """A payment code was made and is not closed yet."""
    claimed: bool | None = None
    """The person says that they have sent the money, or a card was charged and nobody could write it down yet."""
    parts_paid: tuple[wire.PaymentIntent, ...] | None = None
    """Parts of a bill that are paid, before the one that is paid now."""
    bill_settled: bool | None = None
    """Nothing is owed any more: it was paid or cancelled elsewhere meanwhile."""

    bills_request: wire.BillsRequest | None = None
    """Whose bills, or which one, was asked for."""
    bills: wire.Bills | None = None
    bill: wire.Bill | None = None
    """The bill that was chosen."""
    slip: SlipOutcome | None = None
    filing_slip: bool | None = None
    """The sending slip came out, or it is known why not."""
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
        """Another person is examined: nothing that depended on the old one stays.

        Papers lie elsewhere: who puts another person here erases them too (services.journeys.papers).
        """
        if self.dossier is None:
            self._forget_form()
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
            "bills_request",
            "bills",
            "bill",
            "dossiers",
            "dossiers_request",
            "dossier_bill",
        ):
            setattr(self, name, None)

    def _forget_form(self) -> None:
        """What was typed and opened is its owner's; of one that was sent the slip still tells."""
        if self.before_draft is not None:
            self.procedure, self.case, self.parts, self.capacity = self.before_draft
        for name in ("pieces", "answers", "from_chip", "declared", "draft_code", "before_draft"):
            setattr(self, name, None)

    def remember_card(self, keys: AccessKeys, serial: int | None = None) -> None:
        """A card that `keys` open belongs to this session; `serial` is the laying-down that was read."""
        self.known_cards = (*(self.known_cards or ()), keys)
        if serial is not None:
            self.card_serial = serial

    @property
    def committed(self) -> bool:
        """Something was done that no Back undoes: a number taken, a dossier sent."""
        return self.accepted is not None or self.dossier is not None

    @property
    def payment_unclear(self) -> bool:
        """Money may have come, or a part of it came: never pay twice, never undo, the cashier looks."""
        intent = self.intent
        if intent is None or self.part_paid:
            return False
        return bool(self.claimed) or intent.amount_paid > 0 or intent.status is wire.PaymentStatus.UNKNOWN

    @property
    def part_paid(self) -> bool:
        """Whether the bank has confirmed at least the whole amount of what is paid now: the bill, or a part of it."""
        return self.intent is not None and self.intent.status in {
            wire.PaymentStatus.PAID,
            wire.PaymentStatus.PAID_LATE,
            wire.PaymentStatus.OVERPAID,
        }

    @property
    def paid(self) -> bool:
        """Whether the whole bill is paid."""
        return self.part_paid and self.intent is not None and not self.intent.bill_left

    @property
    def paid_intents(self) -> tuple[wire.PaymentIntent, ...]:
        """What the bank has confirmed in this session, part by part."""
        now = (self.intent,) if self.part_paid and self.intent is not None else ()
        return (*(self.parts_paid or ()), *now)

    @property
    def money_moved(self) -> bool:
        """Something was paid, or may have been: nothing of it is undone, and the person gets a slip."""
        return bool(self.paid_intents) or self.payment_unclear

    def next_part(self) -> None:
        """The part is paid; the next one is another account's."""
        if self.part_paid and self.intent is not None:
            self.parts_paid = (*(self.parts_paid or ()), self.intent)
        self.intent = self.claimed = self.code_live = None

    def next_bill(self) -> None:
        """Another bill of the same person."""
        for name in ("intent", "claimed", "code_live", "parts_paid", "bill_settled", "bill", "handed_over"):
            setattr(self, name, None)
