"""Bills, payment intents, card attempts, invoices."""

from __future__ import annotations

from enum import Enum

from pydantic import AwareDatetime, Field

from services.contract.base import IdempotencyKey, Wire
from services.contract.identity import Person


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
