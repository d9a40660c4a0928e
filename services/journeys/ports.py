"""What a step may use: the kiosk's devices and the gateway as small asynchronous seams.

`kiosk` builds the real ones (drivers behind `Offload`, the gateway client, the printer), tests their doubles.
Every method is a trio checkpoint unless it is a plain property.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from drivers.card_terminal.terminal import Answer, Attempt, Stage
from drivers.emrtd.reading import AccessKeys, ChipReading, ReadProgress
from drivers.smartcard.connection import CardError
from drivers.smartcard.presence import CardPresence as CardPresence
from services.contract import models as wire
from services.contract.one_stop import (
    Assist,
    AssistStart,
    DigitalHelp,
    Dossier,
    Dossiers,
    DossiersRequest,
    Draft,
    DraftOpen,
    DraftSave,
    DraftSaved,
    Filing,
    KeptDocument,
    Rateable,
    RateableRequest,
    Rating,
    Upload,
    UploadRequest,
)
from services.identity.citizen import Citizen
from services.journeys.books import Library, NoBooks
from services.journeys.guidebook import Guidebook, NoGuides
from services.journeys.pace import Pace
from services.journeys.prompts import Finger, FingerReference
from services.receipts.slips import Slip
from services.technician.room import Room

T = TypeVar("T")


class CardReader(Protocol):
    """The ID card reader. The worker behind it survives pulled cards, mute cards and a restarted pcscd."""

    @property
    def card(self) -> CardPresence | None:
        """The card that lies on the reader now."""
        ...

    @property
    def available(self) -> bool:
        """False while there is no reader or no PC/SC service."""
        ...

    async def lost(self) -> CardError:
        """Wait until there is no reader (NO_READER) or no PC/SC service (NO_SERVICE); at once when it is so already."""
        ...

    async def inserted(self, *, after: int = -1) -> CardPresence:
        """Wait for a card with a serial greater than `after`; returns at once when one lies there."""
        ...

    async def removed(self, card: CardPresence) -> None:
        """Wait until this laying-down ended."""
        ...

    async def read(
        self,
        card: CardPresence,
        keys: AccessKeys,
        nonce: bytes | None,
        progress: Callable[[ReadProgress], None],
    ) -> ChipReading:
        """Open and read the chip. Raises drivers.smartcard.CardError. `nonce`: 8 bytes for active authentication.

        `progress` with DATA_READ brings everything but the photo, which is read after it.
        """
        ...

    def forget(self) -> None:
        """The session is over: nothing of its cards is kept, in no worker either."""
        ...

    async def opens(self, card: CardPresence, keys: AccessKeys) -> bool:
        """Whether `keys` open this card: is it one that was read before? Nothing is read from it.

        Raises CardError for anything but a refused access.
        """
        ...


class Scanner(Protocol):
    """The QR scanner."""

    @property
    def available(self) -> bool:
        """False while it is lost."""
        ...

    async def lost(self) -> None:
        """Wait until it is lost; at once when it is lost already."""
        ...

    async def scanned(self) -> str:
        """Wait for the next code shown after this call; codes shown before are dropped."""
        ...


@dataclass(frozen=True)
class Printed:
    """What became of a slip: `code` is a failure code (PR-02 …) when it did not come out whole."""

    ok: bool
    code: str | None = None


@dataclass(frozen=True)
class FingerTry:
    """One finger that was put down, or a reader that is gone. The hint is a driver's word (FingerHint) or "other"."""

    same: bool = False
    hint: str = ""
    counts: bool = True
    """A picture nobody can compare is no try."""
    lost: bool = False
    """The reader went away; whoever watches devices tells staff."""


class Fingers(Protocol):
    """The finger reader, with what compares. Which template, where it lies and for how long is its own business."""

    @property
    def available(self) -> bool:
        """False while it is lost."""
        ...

    async def reference(self, patient: Citizen) -> FingerReference | None:
        """What a finger of this patient can be compared with: the chip's own, or one enrolled here; None without."""
        ...

    async def compare(self, patient: Citizen, finger: Finger, reading: Callable[[int], None]) -> FingerTry:
        """Wait for a finger, compare it 1:1. `reading` is told how much of its picture is here, in percent.

        Cancelled at any time; never raises for a reader's state.
        """
        ...

    async def impression(self, reading: Callable[[int], None]) -> wire.FingerPicture | FingerTry:
        """Wait for a finger that is to be enrolled; its picture, or why there is none. Never raises for a reader."""
        ...

    async def enrol(self, enrolment: wire.FingerEnrolment) -> wire.FingerVerdict:
        """Leave a template at the gateway; nothing stays here. Raises GatewayError."""
        ...

    async def come_back(
        self, birth: str, phone_last4: str, reading: Callable[[int], None]
    ) -> tuple[FingerTry, str | None]:
        """Somebody without a card who enrolled: the try, and on a match the gateway's name for it."""
        ...


class SlipPrinter(Protocol):
    """The receipt printer: status is asked before and after (data is never acknowledged)."""

    async def print(self, slip: Slip) -> Printed:
        """Draw and print one slip; never raises for a printer's state."""
        ...

    async def ready(self) -> None:
        """Wait until it can print: paper was brought, the cover closed, the jam freed."""
        ...

    def printed_again(self) -> None:
        """A slip that did not come out at first came out after all, while its person was there."""
        ...


class Sounds(Protocol):
    """Sounds with a visible sign of their own on the screen (LOOK.md section 6)."""

    def card_read(self) -> None:
        """The "bíp"."""
        ...

    def error(self) -> None:
        """One low note."""
        ...

    def card_forgotten(self) -> None:
        """Three notes; the caller repeats it every 5 s."""
        ...

    def ticket_ready(self) -> None:
        """A short chime."""
        ...

    def reset(self) -> None:
        """Stop speaking; volume back to the site's default."""
        ...


@dataclass(frozen=True)
class Nonce:
    """8 bytes for active authentication; `id` is None when the kiosk drew it itself (offline)."""

    id: str | None
    value: bytes


@dataclass(frozen=True)
class Accepted:
    """A registration that will not be lost: answered by the gateway, or sealed in the outbox.

    `ticket` is the gateway's, or built from the leased fallback number (`offline` True).
    """

    key: str
    ticket: wire.Ticket
    offline: bool = False


class Phones(Protocol):
    """People's phones, through the gateway: what they send lies with the upload process, never here.

    Raises services.gateway_client.GatewayError; asked again, never later.
    """

    async def open(self, request: UploadRequest) -> Upload:
        """A link for this session's phone."""
        ...

    async def changed(self, upload: Upload) -> Upload:
        """Wait until it differs from `upload` (server-sent events, polling as the net)."""
        ...

    async def preview(self, upload: Upload, document: str) -> bytes:
        """A JPEG picture of a document's first page."""
        ...

    async def close(self, upload: Upload) -> None:
        """The session is over: what came is erased there."""
        ...


class Scans(Protocol):
    """What the kiosk scanned lies at the gateway, never here. Raises services.gateway_client.GatewayError."""

    async def keep(self, pdf: bytes) -> KeptDocument:
        """Send it."""
        ...

    async def delete(self, document: str) -> None:
        """It is not filed: erase it."""
        ...


@dataclass(frozen=True)
class PaperScan:
    """What lay on the scanner: one PDF, and a small JPEG picture of its first page."""

    pdf: bytes = field(repr=False)
    picture: bytes = field(repr=False)


class PaperScanner(Protocol):
    """The document scanner. Raises drivers.document_scanner.ScanError."""

    @property
    def available(self) -> bool:
        """Whether it is there and can scan."""
        ...

    async def scan(self) -> PaperScan:
        """What lies there, in memory. Cancelled, nothing of it is left."""
        ...


class Drafts(Protocol):
    """Dossiers that are finished another time: kept by the gateway. Raises services.gateway_client.GatewayError."""

    async def save(self, draft: DraftSave) -> DraftSaved:
        """Keep it there; asked again, never later."""
        ...

    async def open(self, wanted: DraftOpen) -> Draft:
        """A draft again. Status 404: no such draft, or another person's; 423: locked."""
        ...


class Helpers(Protocol):
    """The community digital team. Raises services.gateway_client.GatewayError."""

    async def sign_in(self, start: AssistStart) -> Assist:
        """Asked now or never. Status 403: nobody by that name, PIN or card; 429: too many tries."""
        ...

    async def leave(self, assist: Assist) -> None:
        """They go."""
        ...

    async def helped(self, told: DigitalHelp) -> None:
        """One more person, counted; delivered later when it cannot be now."""
        ...


class Gateway(Protocol):
    """The gateway as journeys see it. Raises services.gateway_client.GatewayError with a reason.

    Operation classes are DESIGN section 6: `register` is delivered later when it cannot be now; eligibility, payment
    intent and cancel are asked again by their key within the session and never later.
    """

    @property
    def site(self) -> wire.Site:
        """Site facts, from the last answer (kept across restarts; not personal)."""
        ...

    @property
    def online(self) -> bool:
        """Whether the last exchange worked."""
        ...

    @property
    def offline_since(self) -> datetime | None:
        """Since when nothing works."""
        ...

    def on_change(self, listener: Callable[[bool], None]) -> None:
        """`listener(online)` is called when the gateway is lost or found."""
        ...

    async def nonce(self) -> Nonce:
        """One of the batch fetched ahead; drawn here when none is left."""
        ...

    async def check_insurance(self, request: wire.EligibilityRequest) -> wire.Eligibility:
        """Ask the insurer through the gateway."""
        ...

    async def clinics(self, eligibility_id: str | None) -> wire.Clinics:
        """Clinics with waiting, price and provisional amounts; offline from the last answer, without waiting."""
        ...

    @property
    def known_clinics(self) -> tuple[wire.Clinic, ...]:
        """As they were told last, without asking."""
        ...

    async def rooms(self) -> tuple[wire.Room, ...]:
        """Places people look for; offline from the last answer."""
        ...

    async def appointments(self, person: wire.Person) -> tuple[wire.Appointment, ...]:
        """Today's appointments of a person whom the chip proved."""
        ...

    async def find_tickets(self, request: wire.TicketsRequest) -> tuple[wire.Ticket, ...]:
        """Today's numbers of a slip, or of a person whom the chip proved."""
        ...

    async def register(self, registration: wire.Registration) -> Accepted:
        """Take the number. Never lost, never twice: the key is stored before the first send."""
        ...

    async def abandon(self, accepted: Accepted, reason: wire.AbandonReason) -> None:
        """Undo an unfinished registration; delivered later when it cannot be now."""
        ...

    @property
    def clock_ahead(self) -> float:
        """Seconds by which this kiosk's clock is ahead of the gateway's, by its last answer; 0 when not known."""
        ...

    async def find_bills(self, request: wire.BillsRequest) -> wire.Bills:
        """Bills and advances of a slip, of a bill's code, or of a person whom the chip proved."""
        ...

    async def bill(self, bill_id: str) -> wire.Bill:
        """A bill as it is now."""
        ...

    async def pay(self, bill_id: str, method: wire.PaymentMethod = wire.PaymentMethod.QR) -> wire.PaymentIntent:
        """Make (or find) the one live intent of this bill. The gateway reads the bill again before."""
        ...

    async def begin_card(self, intent_id: str) -> wire.CardAttempt:
        """A new attempt at the card terminal, written down by the gateway before the terminal is told."""
        ...

    async def card_result(self, attempt: wire.CardAttempt, result: wire.CardResult) -> wire.PaymentIntent:
        """What the terminal said of the attempt."""
        ...

    async def left_behind(self) -> tuple[wire.PaymentIntent, ...]:
        """Payments of this kiosk that a restart interrupted, as they are now, the newest first."""
        ...

    def payments_settled(self) -> None:
        """What was left behind is looked after: whatever is still open is closed from now on."""
        ...

    async def payment(self, intent_id: str) -> wire.PaymentIntent:
        """The intent now."""
        ...

    async def payment_changed(self, intent: wire.PaymentIntent) -> wire.PaymentIntent:
        """Wait until the intent differs from `intent` (server-sent events, polling as the net)."""
        ...

    async def claim_paid(self, intent_id: str) -> wire.PaymentIntent:
        """ "Tôi đã chuyển tiền": the gateway asks the bank at once."""
        ...

    async def cancel_payment(self, intent_id: str) -> wire.PaymentIntent:
        """Hide and cancel the code at the provider; the bill stays payable."""
        ...

    async def report_slip(self, accepted: Accepted, printed: bool, failure_code: str | None) -> None:
        """Tell whether the slip came out ("chưa in" for the counter); delivered later when it cannot be now."""
        ...

    @property
    def notice(self) -> wire.Notice | None:
        """What people are told about their data, from the last answer; None when there never was one."""
        ...

    async def record_consents(self, consents: wire.Consents) -> None:
        """Evidence of what was agreed to and refused; delivered later when it cannot be now."""
        ...

    async def report_cash_reason(self, accepted: Accepted, reason: wire.CashReason) -> None:
        """Why somebody pays at the cashier; delivered later when it cannot be now."""
        ...

    @property
    def phones(self) -> Phones:
        """Documents that people photograph."""
        ...

    @property
    def scans(self) -> Scans:
        """Documents that the kiosk scanned."""
        ...

    @property
    def drafts(self) -> Drafts:
        """Dossiers that are finished another time."""
        ...

    @property
    def helpers(self) -> Helpers:
        """The community digital team."""
        ...

    async def file_dossier(self, filing: Filing) -> Dossier:
        """Send a dossier to the authority, once: unanswered it is asked again by its key, never later."""
        ...

    async def find_dossiers(self, request: DossiersRequest) -> Dossiers:
        """The dossier of a slip or code, or all of a person whom the chip proved."""
        ...

    async def may_rate(self, request: RateableRequest) -> Rateable:
        """Whether what a slip or code names may be rated now."""
        ...

    async def rate(self, rating: Rating) -> None:
        """Count a rating, once; delivered later when it cannot be now."""
        ...

    async def call_staff(self) -> wire.StaffCall:
        """Ring the staff page; a second touch never makes a second call."""
        ...

    async def staff_call_changed(self, call: wire.StaffCall) -> wire.StaffCall:
        """Wait until the call differs from `call`."""
        ...

    async def cancel_staff_call(self, call_id: str) -> None:
        """ "Không cần giúp nữa"."""
        ...


class PayTerminal(Protocol):
    """The card terminal beside the kiosk. No card number ever comes from it."""

    @property
    def available(self) -> bool:
        """Whether it can take cards now."""
        ...

    async def charge(self, attempt: Attempt, told: Callable[[Stage], None]) -> Answer:
        """Charge once; a lost answer is asked for. UNKNOWN when nobody can tell.

        Raises drivers.card_terminal.TerminalError where it was never asked: nothing was charged.
        """
        ...

    async def abort(self, attempt: Attempt) -> None:
        """Ask it to break off; the answer of `charge` says whether that was in time. Never raises."""
        ...

    async def settle(self, attempt: Attempt) -> Answer:
        """What became of an attempt of before; UNKNOWN when nobody can tell. Never raises."""
        ...


class Offload(Protocol):
    """The one seam for blocking calls: a thread with one place per device in the product, inline in headless tests."""

    def __call__(self, device: str, work: Callable[[], T]) -> Awaitable[T]:
        """Run `work` on the device's own place."""
        ...


class Clock(Protocol):
    """Wall-clock time, aware, Asia/Ho_Chi_Minh."""

    def now(self) -> datetime:
        """Now, at the edge's own time zone."""
        ...


class Trust(Protocol):
    """Recognising a citizen from a reading: verdicts are computed in `services.trust`, off the Kivy thread."""

    async def recognise(self, reading: ChipReading, scanned: str | None, nonce: Nonce | None) -> Citizen:
        """Parse and judge; a failed check is an evidence level. Raises services.identity.recognise.OtherPersonsCard."""
        ...


@dataclass(frozen=True)
class Kit:
    """All seams of one kiosk, handed to every step."""

    cards: CardReader
    scanner: Scanner
    printer: SlipPrinter
    sounds: Sounds
    gateway: Gateway
    trust: Trust
    clock: Clock
    terminal: PayTerminal | None = None
    """None where no card terminal stands beside the kiosk."""
    library: Library = field(default_factory=NoBooks)
    """Catalogue and calendar of a one-stop centre."""
    guides: Guidebook = field(default_factory=NoGuides)
    """Notices and guides of the place."""
    technician: Room | None = None
    """None where nobody can enter the technician's mode (headless tests of journeys)."""
    slow_seconds: float = 15.0
    """After this long a slow question (insurer, bank) is given up: what people are told of the time left."""
    fingers: Fingers | None = None
    """None: this kiosk has no finger reader."""
    papers: PaperScanner | None = None
    """None: no document scanner stands here."""
    pacing: Pace = field(default_factory=Pace)
    """How much time people are given."""

    @property
    def pace(self) -> float:
        """Multiplies the time people are given."""
        return self.pacing.factor
