"""What is printed, as values (LOOK.md section 12). No names, numbers masked, never a reason for priority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class NumberSlip:
    """Slip s1. `marks` are message ids of slips.toml, true ones only, in order."""

    place: str
    kiosk: str
    number: str
    clinic: str
    room: str
    way: str
    taken_at: datetime
    waiting: int | None
    expected_at: datetime | None
    marks: tuple[str, ...]
    desk: str
    code: str
    reprint_code: str
    number_masked: str | None
    demo: bool
    language: str = "vi"
    insured: bool = False
    """A transfer form is among what to bring."""
    appointed_at: datetime | None = None
    appointed_until: datetime | None = None
    """The time it is for, where one was agreed on."""
    first_printed_at: datetime | None = None
    """Set on a copy: "BẢN IN LẠI" and the first time."""


@dataclass(frozen=True)
class SlipPart:
    """One transfer of a bill that goes to several accounts, one after the other."""

    amount: int
    beneficiary: str
    account_name: str
    account_last4: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class PaymentSlip:
    """Slip s2, or "PHIẾU CHỜ ĐỐI CHIẾU" when `paid_at` is None (no amount received is printed)."""

    place: str
    kiosk: str
    amount: int
    bill_number: str
    purpose: str
    account_name: str
    account_last4: str
    paid_at: datetime | None
    invoice_code: str | None
    code: str
    demo: bool
    ticket_number: str = ""
    language: str = "vi"
    number_masked: str | None = None
    kind: str = "charge"
    """charge, advance or fee: the message ids are `slip.payment.kind.<value>`."""
    method: str = "vietqr"
    """vietqr or card: `slip.payment.method.<value>`."""
    parts: tuple[SlipPart, ...] = ()
    """More than one: `amount` is their sum."""
    left: int = 0
    """Still owed on the bill, where only some of its parts are paid."""
    pending: bool = False
    """The hospital's or one-stop system does not know of it yet."""
    for_cashier: bool = False
    """Too much or too little came: the cashier looks."""
    receipt: bool = False
    """The paper that counts is a state fee's biên lai, not a hóa đơn."""
    invoice_number: str = ""
    invoice_site: str | None = None
    """Where the e-invoice can be looked up, as people type it."""
    invoice_later: str = ""
    """Where and when it will be, while it has no number."""
    printed_at: datetime | None = None
    """Only on a slip without confirmation: when the person left with it."""


@dataclass(frozen=True, kw_only=True)
class MismatchSlip:
    """Slip s5. `field` and `detail` are message ids ("mismatch.name", "mismatch.name.accents.middle")."""

    place: str
    kiosk: str
    field: str
    detail: str
    read_at: datetime | None
    """When the ID card was read."""
    asked_at: datetime
    """When the insurer answered."""
    desk: str
    mismatch_code: str
    """By it the desk finds what the insurer answered."""
    code: str
    """The ticket's token: its QR leads the desk to the check-in."""
    number_masked: str | None
    demo: bool
    language: str = "vi"


@dataclass(frozen=True)
class PaperLine:
    """A paper to tick: its name, and how many pieces with the remark."""

    name: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class ChecklistSlip:
    """Slip s4, papers to bring, in words ready to read. Nothing of a person stands on it."""

    place: str
    kiosk: str
    procedure: str
    case: str
    bring: tuple[PaperLine, ...]
    held: tuple[PaperLine, ...]
    times: tuple[tuple[str, str], ...]
    """Part (empty where there is only one thing) and its time."""
    before: str
    fee: str
    free: str = ""
    """Who pays nothing, by name."""
    less: str = ""
    where: str
    halves: tuple[tuple[str, str], ...]
    """Opening hours of the next day that is worked."""
    conditions: tuple[tuple[str, str], ...]
    code: str
    updated: date
    sample: bool
    printed_at: datetime
    demo: bool
    language: str = "vi"


@dataclass(frozen=True, kw_only=True)
class FilingSlip:
    """Slip s3. `code` is the QR code's token; the dossier's own code is the authority's and never here."""

    place: str
    kiosk: str
    procedure: str
    case: str
    number: str | None
    counter: str
    filed_at: datetime
    papers: tuple[PaperLine, ...]
    sending_code: str
    kept_until: datetime | None
    code: str
    number_masked: str | None
    demo: bool
    language: str = "vi"


@dataclass(frozen=True)
class DraftSlip:
    """Where a dossier that is finished another time is found again: by this code, with its owner's card."""

    place: str
    kiosk: str
    procedure: str
    code: str
    until: datetime
    number_masked: str | None
    demo: bool
    language: str = "vi"


@dataclass(frozen=True)
class StatusLine:
    """One status of a dossier, with what belongs to it, in words ready to read. `came`: it is behind."""

    name: str
    detail: str
    came: bool


@dataclass(frozen=True, kw_only=True)
class StatusSlip:
    """How a dossier stood when this was printed. `code` is the QR code's token; nobody's name or number is on it."""

    place: str
    kiosk: str
    procedure: str
    headline: str
    dossier_code: str
    code_label: str
    due: str
    asked: tuple[str, ...]
    """What the person has to do, and where the result lies."""
    lines: tuple[StatusLine, ...]
    printed_at: datetime
    code: str
    demo: bool
    language: str = "vi"
    parts: tuple[StatusLine, ...] = ()
    """Of an interlinked group: each part, how it stands and what came of it."""


Slip = NumberSlip | PaymentSlip | MismatchSlip | ChecklistSlip | FilingSlip | DraftSlip | StatusSlip
