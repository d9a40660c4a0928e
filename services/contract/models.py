"""Request and answer bodies of the gateway's API, version 1 (JSON; times aware, UTC; money in whole đồng).

Every write carries `Idempotency-Key` (a UUID made and stored before the first send, scoped to kiosk and operation).
Errors are `application/problem+json` bodies of type `Problem`.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

FailureCode = Annotated[str, Field(pattern="^[A-Z]{2}-[0-9]{2,3}$")]
"""A code of the registry (services.failures)."""

IdempotencyKey = Annotated[str, Field(pattern="^[0-9A-Za-z-]{8,64}$")]
"""A UUID."""

PairCode = Annotated[str, Field(pattern="^[0-9A-Z]{4}-[0-9A-Z]{4}$")]
"""A code people type: "7Q4K-92HM"."""
ProcedureCode = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^\S+$")]
"""An administrative procedure's: text, no validation beyond length (onestop.md section 3.2)."""


class Wire(BaseModel):
    """Frozen; an unknown field of a newer peer is ignored, never an error."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class OperationClass(Enum):
    """DESIGN section 6."""

    DELIVER_LATER = "deliver-later"
    ASK_AGAIN = "ask-again"


class Problem(Wire):
    """RFC 9457. `code` is a failure code of the registry (BH-101, GW-202…) where there is one."""

    type: str = "about:blank"
    title: str
    status: int
    code: str | None = None
    detail: str | None = None


# --- enrolment and token (reference/server.md) -------------------------------------------------------------------


class Enrolment(Wire):
    """POST /v1/enrolments: a one-time code and the kiosk's own public key (Ed25519, raw, hex)."""

    code: str
    name: str = Field(max_length=80)
    public_key: str


class Enrolled(Wire):
    """What the kiosk pins: its id, and the gateway's sealing key (X25519 for libsodium sealed boxes, hex)."""

    kiosk_id: str
    sealing_key: str
    audience: str
    """The `aud` of client assertions."""


class TokenRequest(Wire):
    """POST /v1/token: RFC 7523 client assertion (EdDSA JWT: iss = sub = kiosk id, aud, jti, iat, exp <= 60 s)."""

    assertion: str


class Token(Wire):
    """A bearer token and its life in seconds."""

    access_token: str
    expires_in: int


# --- site ---------------------------------------------------------------------------------------------------------


class Desk(Wire):
    """A desk people are sent to. `name` e.g. "quầy số 2", `way` e.g. "bên trái cửa chính, cách đây 15 m"."""

    name: str
    name_en: str
    way: str = ""
    way_en: str = ""


class HolderCheck(Enum):
    """Who looks, at the first clinic or desk, whether the card is the patient's own: a policy of the site."""

    NONE = "none"
    FINGER = "finger"
    STAFF = "staff"


class OneStopSite(Wire):
    """What a one-stop centre can do here."""

    agency: str
    """"Trung tâm Phục vụ hành chính công phường Hòa Giang"."""
    agency_en: str
    commune: str = Field(pattern="^[0-9]{5}$")
    province: str = Field(pattern="^[0-9]{2}$")
    files: bool
    """Dossiers can be filed from here; else everything ends at the counter."""
    uploads: bool
    """People's own phones can send photographs."""
    catalogue: str = ""
    """Digest of the catalogue that holds now."""
    procedure_page: str = Field(default="", max_length=200)
    """Public page of a procedure, with `{code}` in it: opened by people's own phones. Empty: none."""
    favourites: Annotated[tuple[ProcedureCode, ...], Field(max_length=3)] = ()
    """Procedures that many people need today, as tiles of the start page."""


class HolderProof(Enum):
    """What became of the holder check at the kiosk; a claim of the kiosk's, for staff."""

    FINGER = "finger"
    """The finger matched."""
    STAFF = "staff"
    """Staff compare face and photo."""
    FINGER_DIFFERS = "finger-differs"
    """Three tries did not match: staff compare, nobody is held up."""


class FingerPolicy(Wire):
    """What a site does with fingers. Templates stand only on the gateway."""

    enrol: bool = False
    """After a check-in that the chip proved, people may leave a template, with a consent of its own."""
    returning: bool = False
    """Who enrolled may come back without the card: birth date, last four digits of the phone number, finger."""


class Site(Wire):
    """GET /v1/site: facts of the place and this kiosk; dated values come from the gateway, never from the kiosk."""

    place: str
    place_en: str
    kiosk_name: str
    """E.g. "Trạm tự phục vụ số 3 · Sảnh A"."""
    kiosk_name_en: str
    kiosk_letter: str = Field(pattern="^[A-Z]{1,2}$")
    help_desk: Desk
    insurance_desk: Desk
    cashier: Desk
    demo: bool
    """A stand-in bank is connected: "BẢN THỬ" on every pay screen and slip."""
    notice_version: str
    pregnancy_ages: tuple[int, int] = (12, 55)
    fingers: FingerPolicy = FingerPolicy()
    holder_check: HolderCheck = HolderCheck.NONE
    ask_cash_reason: bool = False
    """Whether somebody who pays at the cashier is asked why, with one tap."""
    pay_bills: bool = True
    """Whether "pay my bills" stands on the home screen."""
    one_stop: OneStopSite | None = None
    """None: no one-stop services at this place."""
    server_time: AwareDatetime


# --- identity evidence --------------------------------------------------------------------------------------------


class NonceBatch(Wire):
    """POST /v1/nonces: nonces of 8 bytes (hex), bound to the kiosk, single use, 10 minutes."""

    nonces: tuple[IssuedNonce, ...]
    expires_at: AwareDatetime


class IssuedNonce(Wire):
    """One nonce: `id` goes back with the evidence."""

    id: str
    value: str = Field(pattern="^[0-9A-F]{16}$")


class ChipEvidence(Wire):
    """Base64 of what was read; the gateway checks it again. Never DG2 or DG3."""

    sod: str
    groups: dict[str, str]
    """"1", "13", "14", "15" to base64."""
    aa_nonce_id: str | None = None
    aa_nonce: str | None = None
    """Hex; given when the kiosk drew the nonce itself (freshness not proven)."""
    aa_response: str | None = None


class TerminalStatus(Wire):
    """GET /v1/terminal: how the inspection system is. 404 when none is configured, 424 without usable certificates."""

    holder: str
    """Reference of the terminal's certificate."""
    authority: str
    """Who signed it."""
    effective: date
    expires: date
    """The last day on which chips may take it."""
    problem: str | None
    """Why the key cannot sign now; None when it is reached."""


class TerminalChain(Wire):
    """GET /v1/terminal/chain?authority=HEX: card-verifiable certificates (base64), from the one which that authority
    signed down to the terminal's. 404 when no chain begins there, or no inspection system is configured."""

    certificates: tuple[str, ...]


class TerminalChallenge(Wire):
    """POST /v1/terminal/signatures (ask again, never later): what a chip wants signed, in hexadecimal.

    Identifier of the chip, its challenge of 8 bytes and the terminal's ephemeral key, joined (ICAO 9303-11 section
    7.1.5): no longer than with a curve of 521 bits.
    """

    message: str = Field(pattern="^([0-9a-f]{2}){24,144}$")


class TerminalSignature(Wire):
    """Hexadecimal; ECDSA as r and s joined, RSA as the protocol in the terminal's certificate says."""

    signature: str = Field(pattern="^([0-9a-f]{2})+$")


class EvidenceLevel(Enum):
    """The same words as services.identity."""

    CHIP_GENUINE = "chip-genuine"
    CHIP_READ = "chip-read"
    CHIP_FAILED = "chip-failed"
    FINGER = "finger"
    """Known by a finger and what they typed, without a card: the desk confirms."""
    QR = "qr"
    TYPED = "typed"
    PAPER = "paper"
    NONE = "none"


class Paper(Enum):
    """What somebody came with; `services.identity.papers` says what each is worth."""

    CHIP_CARD = "chip-card"
    PASSPORT = "e-passport"
    BARCODE_CARD = "barcode-card"
    INSURANCE_CODE = "insurance-code"
    VNEID = "vneid"
    BIRTH_PAPER = "birth-paper"
    NOTHING = "nothing"


class Person(Wire):
    """A patient or companion as the kiosk knows them. `birth` is yyyy, yyyy-mm or yyyy-mm-dd."""

    number: str | None = Field(default=None, pattern="^[0-9]{9}([0-9]{3})?$")
    name: str | None = Field(default=None, max_length=255)
    birth: str | None = Field(default=None, pattern="^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")
    sex: str | None = Field(default=None, pattern="^[MF<]$")
    address: str | None = Field(default=None, max_length=1024)
    insurance_number: str | None = Field(default=None, max_length=15)
    document: str | None = Field(default=None, pattern="^[A-Z0-9]{5,12}$")
    """Number of a passport: of somebody without an ID number."""
    paper: Paper | None = None
    level: EvidenceLevel
    reason: str = ""
    failure_code: str | None = None
    evidence: ChipEvidence | None = None
    finger: str | None = Field(default=None, pattern="^[0-9a-f]{32}$")
    """With level "finger": the match that this person is known by; the gateway knows whose it is."""


class Relation(Enum):
    """The same words as the prompt."""

    FATHER = "father"
    MOTHER = "mother"
    GUARDIAN = "guardian"
    RELATIVE = "relative"
    COMPANION = "companion"


class Companion(Wire):
    """Who acts for the patient: stored apart, never copied into the patient's fields."""

    person: Person | None
    relation: Relation


# --- insurance ----------------------------------------------------------------------------------------------------


class EligibilityRequest(Wire):
    """POST /v1/insurance/eligibility (ask again, never later): whom to look up."""

    number: str = Field(max_length=15)
    """12-digit ID number, 10-digit BHXH number or 15-character card number."""
    name: str = Field(max_length=255)
    birth: str = Field(pattern="^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")


class EligibilityResult(Enum):
    """What the patient is told; each has its own words."""

    VALID = "valid"
    NOT_COVERED_HERE = "none"
    PARTLY = "partly"
    EXPIRED = "expired"
    NOT_YET = "notyet"
    NOT_FOUND = "notfound"
    STOPPED = "stopped"
    """Revoked, or taken off the list."""
    MOVED = "moved"
    """Managed elsewhere now: there is a newer card."""
    CHILD = "child"
    """A child whose card is not made yet."""
    MISMATCH = "mismatch"
    PAPER_CARD = "papercard"
    """A card of army, police or cipher service: insured, the desk looks at the paper card."""
    UNCLEAR = "unclear"
    """An answer nobody here knows the meaning of."""


class MismatchField(Enum):
    """What the insurer knows otherwise (codes 060, 061, 070)."""

    NAME = "name"
    BIRTH = "birth"


class Mismatch(Wire):
    """For the mismatch slip: field, message id of the difference, and the code by which the desk finds the look-up.

    Never the values themselves.
    """

    field: MismatchField
    detail: str = Field(max_length=60)
    code: str = Field(pattern="^[0-9A-Z]{4}-[0-9A-Z]{4}$")


class Eligibility(Wire):
    """The insurer's answer, already judged by the gateway's dated tables."""

    id: str
    result: EligibilityResult
    card_number: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    benefit_percent: int | None = None
    route_percent: int | None = None
    route: str = ""
    """Message id of the route, e.g. route.registered, route.first_level, route.other."""
    registered_here: bool = False
    registered_at: str | None = None
    result_code: str = ""
    """maKetQua, for staff."""
    asked_at: AwareDatetime
    staff_check: bool = False
    """The desk looks at card and papers too (cards of army and police)."""
    mismatch: Mismatch | None = None
    """Set with the result MISMATCH."""
    transfer_form_from: date | None = None
    """A transfer form signed on this day or later still holds: guidance, the desk decides."""


# --- clinics and registration -------------------------------------------------------------------------------------


class Amounts(Wire):
    """Provisional, in đồng; computed by the gateway (health.md section 2.5)."""

    price: int
    fund: int
    patient: int
    limit: int | None = None
    """15 % of the base salary: below it the fund pays all; None where the sentence does not apply."""
    limit_percent: int | None = None
    """What the patient pays from the limit on."""


class Slot(Wire):
    """A time of today for which a number can be taken. `left` is how many more people it takes."""

    id: str = Field(pattern="^[0-9]{4}$")
    """Its beginning as "0830"."""
    start: AwareDatetime
    end: AwareDatetime
    left: int


class ExamType(Wire):
    """A kind of examination people choose between before the clinic: by insurance, by request…"""

    id: str
    name: str
    name_en: str
    hint: str = ""
    hint_en: str = ""
    icon: str = "stethoscope"


class Department(Wire):
    """A department that has several clinics."""

    id: str
    name: str
    name_en: str
    icon: str


class GroupPurpose(Enum):
    """What the counters of a service group do."""

    FILE = "file"
    RESULT = "result"
    POLICE = "police"
    PAY = "pay"
    OTHER = "other"


class ServiceGroup(Wire):
    """A line of the one-stop centre's counters: a clinic in everything that concerns numbers."""

    purpose: GroupPurpose
    sectors: tuple[str, ...] = ()
    """Sectors of the catalogue that are received here; none: every sector."""


class Clinic(Wire):
    """One clinic of GET /v1/clinics?eligibility=ID."""

    id: str
    name: str
    name_en: str
    icon: str
    room: str
    """E.g. "Phòng 205, tầng 2, nhà B"."""
    room_en: str
    way: str
    way_en: str
    waiting: int | None
    minutes: int | None
    opens_at: str | None = None
    """"13:00" when no number can be taken now."""
    available: bool = True
    """False where the hospital's own system takes nobody now, and does not say until when."""
    amounts: Amounts | None = None
    guide_desk: bool = False
    """The guide desk's queue: not a tile; "Không biết chọn phòng nào" takes its number."""
    exam_types: tuple[str, ...] = ()
    """Ids of the kinds of examination it gives; none: every kind."""
    department: str | None = None
    slots: tuple[Slot, ...] | None = None
    """Times of today still to come; None where people come when they come."""
    group: ServiceGroup | None = None
    """Set for a service group of a one-stop centre: no examination, no insurance, nothing to pay for the number."""


class Clinics(Wire):
    """GET /v1/clinics. Without exam types and departments the clinics are one flat list."""

    clinics: tuple[Clinic, ...]
    exam_types: tuple[ExamType, ...] = ()
    departments: tuple[Department, ...] = ()


class Room(Wire):
    """A place people look for: a clinic, the pharmacy, the way out. The way is in words."""

    id: str
    name: str
    name_en: str
    icon: str = "map-pin"
    room: str = ""
    room_en: str = ""
    building: str = ""
    building_en: str = ""
    floor: str = ""
    floor_en: str = ""
    way: str
    way_en: str


class Rooms(Wire):
    """GET /v1/rooms, in the order of the settings."""

    rooms: tuple[Room, ...]


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


class OperationState(Enum):
    """GET /v1/operations/{operation}/{key}."""

    UNKNOWN = "unknown"
    IN_PROGRESS = "in-progress"
    DONE = "done"


class Operation(Wire):
    """What became of a key: the kept answer as it was sent, or that nothing arrived."""

    state: OperationState
    status: int | None = None
    body: dict[str, object] | None = None


# --- payment ------------------------------------------------------------------------------------------------------


class PaymentStatus(Enum):
    """payment.md section 5, State set."""

    CREATED = "created"
    QR_SHOWN = "qr-shown"
    UNDERPAID = "underpaid"
    PAID = "paid"
    PAID_LATE = "paid-late"
    OVERPAID = "overpaid"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"
    REFUND_REQUESTED = "refund-requested"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"


class PaymentMethod(Enum):
    """How money comes: by a code in the payer's bank app, or by the card terminal at the kiosk."""

    QR = "qr"
    CARD = "card"


class BillKind(Enum):
    """What a bill asks for."""

    CHARGE = "charge"
    """Something that was or will be done."""
    ADVANCE = "advance"
    """Tạm ứng: settled later, what is too much is given back."""
    FEE = "fee"
    """Phí, lệ phí of a procedure at a one-stop centre."""


class BillStatus(Enum):
    """A bill as a kiosk meets it."""

    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"


class Beneficiary(Wire):
    """Whose account a fee line is paid into. `name` is what people read: "Bệnh viện …", "Kho bạc Nhà nước …"."""

    id: str = Field(pattern="^[a-z0-9-]{1,40}$")
    name: str
    name_en: str


class FeeLine(Wire):
    """One line of a bill, in đồng. `price` and `fund` (what the insurer pays) where insurance takes part."""

    id: str = Field(default="", max_length=120)
    """In the system it came from, where that names its lines."""
    name: str
    name_en: str = ""
    amount: int
    """What the payer pays of it."""
    price: int | None = None
    fund: int | None = None
    beneficiary: Beneficiary | None = None
    """None: the place itself."""


class Breakdown(Wire):
    """The bill's sums, in đồng: price - fund = patient. `provisional`: the final sum is known after the visit."""

    price: int
    fund: int
    patient: int
    provisional: bool = False


class EInvoiceKind(Enum):
    """Hóa đơn điện tử of the till, or biên lai điện tử of a state fee."""

    INVOICE = "invoice"
    RECEIPT = "receipt"


class EInvoice(Wire):
    """The electronic invoice or receipt, once whoever issues it has told its number."""

    kind: EInvoiceKind
    number: str = Field(max_length=40)
    """With its symbol: "1C26TVT 00000123"."""
    lookup_code: str = Field(max_length=40)
    lookup_url: str = Field(default="", max_length=200)
    issued_at: AwareDatetime | None = None


class InvoiceLater(Wire):
    """Where and when the invoice will be, while there is no number: "Hóa đơn điện tử: quầy thu, trong ngày"."""

    kind: EInvoiceKind
    text: str
    text_en: str


class EndReason(Enum):
    """Why an intent is not payable any more."""

    PAID = "paid"
    TIME_OVER = "time-over"
    LEFT = "left"
    """Cancelled at the kiosk: Back, Home, idle, or pay at the counter instead."""
    BILL_CHANGED = "bill-changed"
    """The hospital or one-stop system asks for another amount now: fetch the bill again."""
    PAID_ELSEWHERE = "paid-elsewhere"
    """At the cashier's, on the web, at another kiosk."""
    BILL_CANCELLED = "bill-cancelled"
    PROVIDER = "provider"
    """The payment provider cancelled or refused it."""
    DECLINED = "declined"
    """The card terminal said no; a new intent may be made."""
    NO_ANSWER = "no-answer"
    """Nobody knows whether money moved (status UNKNOWN): never pay again, go to the cashier."""


class PaymentRequest(Wire):
    """POST /v1/payment-intents (ask again, never later).

    Refused 422 with TT-301 (money may be on its way), TT-302 (no code can be made now), TT-304 (paid or cancelled
    meanwhile), TT-305 (the hospital's or one-stop system cannot be asked whether the bill still stands).
    """

    bill_id: str = Field(max_length=40)
    method: PaymentMethod = PaymentMethod.QR


class PaymentIntent(Wire):
    """One live intent per bill. `payload` is the VietQR text (empty for a card); `account_name` as the provider
    returns it.

    A bill whose lines go to several accounts is paid part after part: `part` of `parts`, each an intent of its own.
    When one is paid and `bill_left` is not 0, ask for the next.
    """

    id: str
    bill_id: str
    bill_number: str
    status: PaymentStatus
    method: PaymentMethod = PaymentMethod.QR
    kind: BillKind = BillKind.CHARGE
    amount: int
    amount_paid: int
    """The sum of what came; `amount - amount_paid` is what is still missing while UNDERPAID."""
    lines: tuple[FeeLine, ...] = ()
    """What this intent pays for; empty where the kiosk may not show it (a bill found by its code alone)."""
    breakdown: Breakdown | None = None
    """Of the whole bill."""
    part: int = 1
    parts: int = 1
    bill_amount: int | None = None
    bill_left: int | None = None
    """What is owed on the bill besides this intent."""
    payload: str
    account_name: str
    account_last4: str
    bank_bin: str = ""
    beneficiary: Beneficiary | None = None
    purpose: str
    expires_at: AwareDatetime
    paid_at: AwareDatetime | None = None
    ended: EndReason | None = None
    """None while it is payable."""
    claimed: bool = False
    """Somebody said "I have paid"."""
    hand_over_pending: bool = False
    """Paid, and the hospital's or one-stop system does not know yet: "đã thu, chờ ghi nhận"."""
    for_cashier: bool = False
    """A person at the cashier has to decide something about its money (late, too much, too little)."""
    invoice: EInvoice | None = None
    invoice_later: InvoiceLater | None = None
    """Set while `invoice` is None and one will be issued."""
    invoice_code: str | None = None
    """The look-up code of `invoice`."""
    attempt: CardAttempt | None = None
    """The newest attempt at the card terminal."""
    demo: bool
    version: int
    """Grows with every change; the event stream and the poll carry it."""


class PaymentIntents(Wire):
    """GET /v1/payment-intents: this kiosk's intents that are not settled: live ones, and UNKNOWN ones with an attempt
    at the card terminal whose status can still be asked. Ask after every restart."""

    intents: tuple[PaymentIntent, ...]


class CardOutcome(Enum):
    """What became of one attempt (nexo: PaymentResponse, TransactionStatusResponse, ReversalResponse)."""

    STARTED = "started"
    """Sent or about to be sent to the terminal; no answer yet."""
    APPROVED = "approved"
    DECLINED = "declined"
    ABORTED = "aborted"
    """Nothing was charged: the person or the kiosk broke it off."""
    NOT_FOUND = "not-found"
    """The terminal knows no such attempt: it never began there."""
    REVERSED = "reversed"
    """It was approved, and the terminal has taken it back before it counted here."""
    UNKNOWN = "unknown"
    """No answer, and the status is not to be had: a person looks at the terminal's journal."""


class CardAttempt(Wire):
    """One purchase at the terminal, persisted before the terminal is told.

    `service_id` is nexo's ServiceID: new for every attempt, the key of status, abort and reversal.
    """

    id: str
    service_id: str = Field(pattern="^[0-9A-Z]{1,10}$")
    intent_id: str
    amount: int
    outcome: CardOutcome
    started_at: AwareDatetime


class CardResult(Wire):
    """POST /v1/payment-intents/{id}/card-attempts/{attempt}: what the terminal said, by answer or by status.

    Never a card number, not even masked. STARTED is no result.
    """

    outcome: CardOutcome
    reference: str = Field(default="", pattern="^[0-9A-Za-z._:-]{0,64}$")
    """The acquirer's transaction id or retrieval reference, for reconciliation; needed with APPROVED."""
    approval_code: str = Field(default="", pattern="^[0-9A-Za-z]{0,12}$")
    amount: int | None = Field(default=None, ge=0)
    """What the terminal says was charged; needed with APPROVED."""
    at: AwareDatetime


class CardDutyKind(Enum):
    """What a card terminal is asked to do beside purchases (nexo: ReversalRequest, ReconciliationRequest)."""

    REVERSE = "reverse"
    """Take an approved purchase of the open batch back, whole."""
    CLOSE_BATCH = "close-batch"
    """End of the day: settle with the acquirer."""


class CardDuty(Wire):
    """One of them. `service_id`: of its own message at the terminal. `begun`: it may have been told before."""

    id: str
    kind: CardDutyKind
    service_id: str = Field(pattern="^[0-9A-Z]{1,10}$")
    attempt: CardAttempt | None = None
    """The purchase that is taken back."""
    begun: bool = False


class CardDuties(Wire):
    """GET /v1/card-duties: what waits for this kiosk's terminal, in the order in which it is done."""

    duties: tuple[CardDuty, ...] = ()


class CardDutyOutcome(Enum):
    """What became of it."""

    BEGUN = "begun"
    """Written down before the terminal is told."""
    DONE = "done"
    REFUSED = "refused"
    """The terminal or its bank does not do it: a person gives the money back another way."""
    UNKNOWN = "unknown"
    """Nobody can tell: a person reads the terminal's journal."""


class CardDutyResult(Wire):
    """POST /v1/card-duties/{id}. Sums are those of a closed batch, in đồng."""

    outcome: CardDutyOutcome
    reference: str = Field(default="", pattern="^[0-9A-Za-z._:-]{0,64}$")
    purchased: int | None = Field(default=None, ge=0)
    reversed: int | None = Field(default=None, ge=0)


class BillsRequest(Wire):
    """POST /v1/bills/find (a question, no write): by the chip, by a slip's QR code, or by a bill's code.

    Exactly one. A chip must be proven (403 otherwise). A code shows what stands on the paper in the person's hand:
    number, kind and sums, no lines and nobody's name. A dossier's bills are found by the sending code, by the dossier
    code with its `look_up_code`, or by the slip of what was sent; too many wrong tries: 429.
    """

    person: Person | None = None
    slip: str | None = Field(default=None, pattern="^[0-9A-HJKMNP-TV-Z]{26}$")
    code: str | None = Field(default=None, pattern="^[0-9A-Za-z./-]{3,40}$")
    look_up_code: str | None = Field(default=None, max_length=10)
    """The four characters beside a dossier code on its receipt."""


class Bill(Wire):
    """A bill or an advance, in đồng."""

    id: str
    number: str
    kind: BillKind
    status: BillStatus
    title: str = ""
    """E.g. "Khám chuyên khoa Tim mạch"; empty when only the code was shown. Hidden until touched."""
    title_en: str = ""
    amount: int
    left: int
    """Still owed."""
    lines: tuple[FeeLine, ...] = ()
    breakdown: Breakdown | None = None
    issued_at: AwareDatetime
    payable: bool
    """False: only at the cashier's, or money for it is not clear yet (`unclear`)."""
    unclear: bool = False
    """Somebody says they paid and nobody knows yet: never pay again, go to the cashier."""
    intent_id: str | None = None
    """The live intent, if this kiosk has one for it."""
    invoice: EInvoice | None = None


class Bills(Wire):
    """The newest first; open ones, and those of today that are paid."""

    bills: tuple[Bill, ...]
    incomplete: bool = False
    """The hospital's or one-stop system could not be asked: there may be more."""


class CashReason(Enum):
    """Why somebody did not pay by code: one tap, never asked twice."""

    NO_APP = "no-app"
    PREFER_CASH = "prefer-cash"
    FAILED = "failed"
    NOT_SURE = "not-sure"
    NO_ANSWER = "no-answer"


class CashReport(Wire):
    """POST /v1/cash-reasons (deliver later): by the registration's key; a word and no person."""

    registration_key: IdempotencyKey
    reason: CashReason
    at: AwareDatetime


# --- privacy ------------------------------------------------------------------------------------------------------


class ConsentText(Wire):
    """One purpose that needs a consent of its own. `id` names it for ever; the texts belong to the notice's version."""

    id: str = Field(pattern="^[a-z0-9-]{1,40}$")
    icon: str = "shield-check"
    name: str = Field(max_length=60)
    name_en: str = Field(max_length=60)
    text: str = Field(max_length=160)
    text_en: str = Field(max_length=160)


class NoticeText(Wire):
    """The notice in one language: a sentence or two for each part (they must fit a screen), and how it is read aloud.

    `who` says the purpose too.
    """

    who: str = Field(max_length=120)
    what: str = Field(max_length=120)
    long: str = Field(max_length=120)
    rights: str = Field(max_length=120)
    contact: str = Field(max_length=120)
    spoken: str = Field(max_length=400)


class Notice(Wire):
    """GET /v1/notice: what people are told, in both languages. `digest` names exactly these words (SHA-256, hex)."""

    version: str = Field(max_length=20)
    digest: str = Field(pattern="^[0-9a-f]{64}$")
    vi: NoticeText
    en: NoticeText
    consents: tuple[ConsentText, ...] = ()


class ConsentAnswer(Wire):
    """One purpose: agreed to, or not."""

    purpose: str = Field(pattern="^[a-z0-9-]{1,40}$")
    given: bool


class Consents(Wire):
    """POST /v1/consents (deliver later), after the registration it belongs to: evidence of what was agreed to."""

    registration_key: IdempotencyKey
    session_id: str = Field(pattern="^[0-9A-Za-z-]{8,64}$")
    notice_version: str = Field(max_length=20)
    notice_digest: str = Field(pattern="^[0-9a-f]{64}$")
    language: str = Field(pattern="^(vi|en)$")
    answers: tuple[ConsentAnswer, ...] = Field(min_length=1, max_length=20)
    at: AwareDatetime


# --- fleet --------------------------------------------------------------------------------------------------------


class DeviceState(Enum):
    """A device as the fleet sees it (vocabulary of CEN XFS4IoT)."""

    ONLINE = "online"
    OFFLINE = "offline"
    NO_DEVICE = "no-device"
    HARDWARE_ERROR = "hardware-error"
    USER_ERROR = "user-error"
    UNKNOWN = "unknown"
    NOT_SUPPORTED = "not-supported"


class DeviceReport(Wire):
    """One device now; `failure_code` says why it is not online."""

    name: str = Field(max_length=40)
    state: DeviceState
    failure_code: str | None = Field(default=None, max_length=12)
    since: AwareDatetime | None = None
    """Since when it is as it is."""
    losses: int = Field(default=0, ge=0)
    """How often it was lost since the kiosk's start."""
    last_failure: str | None = Field(default=None, max_length=12)
    last_failure_at: AwareDatetime | None = None


class Heartbeat(Wire):
    """POST /v1/heartbeats, every 30 s and after a change; no personal data, no idempotency key (the newest wins)."""

    at: AwareDatetime
    version: str = Field(max_length=40)
    started_at: AwareDatetime | None = None
    """When the kiosk's program was started: another time than before means that it fell over or was restarted."""
    devices: tuple[DeviceReport, ...] = Field(default=(), max_length=40)
    outbox_waiting: int = 0
    outbox_oldest_seconds: int = 0
    outbox_dead: int = 0
    """Entries the gateway refused for good: somebody must look."""


# --- staff call ---------------------------------------------------------------------------------------------------


class StaffCallStatus(Enum):
    """Rings until acknowledged."""

    RINGING = "ringing"
    ACKNOWLEDGED = "acknowledged"
    CANCELLED = "cancelled"
    CLOSED = "closed"


class StaffCallRequest(Wire):
    """POST /v1/staff-calls: where the person is in the journey (a step's name, no personal data)."""

    step: str = Field(default="", pattern="^[0-9A-Za-z._-]{0,40}$")


class StaffCall(Wire):
    """One open call per kiosk."""

    id: str
    status: StaffCallStatus
    called_at: AwareDatetime
    acknowledged_at: AwareDatetime | None = None
    version: int


NonceBatch.model_rebuild()
PaymentIntent.model_rebuild()


# --- fingers ------------------------------------------------------------------------------------------------------


class FingerPicture(Wire):
    """A finger as the reader saw it: grey bytes row by row, deflated (zlib), in base64. Never kept."""

    width: int = Field(ge=64, le=1024)
    height: int = Field(ge=64, le=1024)
    dpi: int = Field(ge=250, le=1000)
    pixels: str = Field(max_length=1_600_000, repr=False)


class FingerAnswer(Enum):
    """What came of a finger. No score ever leaves the gateway."""

    MATCH = "match"
    NO_MATCH = "no-match"
    POOR = "poor"
    """Too little to compare: a hint, and not a try."""
    FAILED = "failed"
    """The matcher crashed or took too long: one failed try."""
    UNKNOWN = "unknown"
    """Nobody is enrolled under what was asked."""


class FingerAsk(Wire):
    """POST /v1/fingers/standing (a question, no write): whose. Only a person whom the chip proved gets an answer."""

    person: Person


class FingerStanding(Wire):
    """Fingers this person enrolled here, by their numbers in ISO/IEC 19785; empty: none."""

    positions: tuple[int, ...]


class FingerEnrolment(Wire):
    """POST /v1/fingers/enrolments (ask again, never later): impressions of one finger, after a proven check-in.

    `consent` is the evidence for purpose "finger" and names the registration; nothing is stored without it.
    """

    consent: Consents
    position: int = Field(ge=1, le=10)
    pictures: tuple[FingerPicture, FingerPicture, FingerPicture]
    phone_last4: str | None = Field(default=None, pattern="^[0-9]{4}$")
    """For coming back without the card, where the site has that; only a keyed hash of it is kept."""


class FingerCheck(Wire):
    """POST /v1/fingers/checks (ask again, never later): is this the finger of the person whom the chip proved?"""

    person: Person
    position: int = Field(ge=0, le=10)
    picture: FingerPicture


class FingerReturn(Wire):
    """POST /v1/fingers/returns (ask again, never later): somebody without a card, who enrolled here."""

    birth: str = Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    phone_last4: str = Field(pattern="^[0-9]{4}$")
    picture: FingerPicture


class FingerVerdict(Wire):
    """Answer of all three. `finger` names a match of a return, for `Person.finger`, for ten minutes."""

    answer: FingerAnswer
    tries_left: int = 0
    finger: str | None = None
