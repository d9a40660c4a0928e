"""The world of a headless kiosk: doubles of every seam, played by a script on a clock that jumps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import trio
from trio.testing import MockClock

from drivers.card_terminal.terminal import Answer, Attempt, Decline, Stage
from drivers.card_terminal.terminal import Outcome as Charged
from drivers.emrtd.lds.mrz import mrz_information
from drivers.emrtd.reading import AccessKeys, AccessProtocol, ChipReading, FileId, ReadProgress, ReadStep, Transcript
from drivers.smartcard.connection import CardError, CardErrorReason
from services.codes.cccd import read_cccd
from services.contract import models as wire
from services.contract.one_stop import (
    Assist,
    AssistStart,
    DigitalHelp,
    Dossier,
    Dossiers,
    DossiersRequest,
    DossierState,
    DossierStatus,
    Draft,
    DraftOpen,
    DraftSave,
    DraftSaved,
    FileKind,
    Filing,
    KeptDocument,
    Rateable,
    RateableRequest,
    Rating,
    Upload,
    UploadRequest,
    WifiJoin,
)
from services.gateway_client import GatewayError, GatewayReason
from services.identity.citizen import ChipEvidence, Citizen, Evidence, EvidenceLevel, Sex
from services.identity.keys import keys_from_code
from services.journeys.books import Library, NoBooks
from services.journeys.guidebook import Guidebook, NoGuides
from services.journeys.loop import run_kiosk
from services.journeys.ports import Accepted, CardPresence, FingerTry, Kit, Nonce, PaperScan, Printed
from services.journeys.prompts import (
    CardLeftBehind,
    ChooseClinic,
    ChoosePatient,
    ChooseRelation,
    ClinicChosen,
    ConfirmIdentity,
    DeclarePriority,
    Finger,
    FingerReference,
    Home,
    HomeChoice,
    IdentityAnswer,
    InsuranceAnswer,
    InsuranceUnhappy,
    InsuranceValid,
    PatientChoice,
    PlaceCard,
    Priority,
    Prompt,
    Relation,
    Review,
    ReviewAnswer,
    ScanCode,
)
from services.journeys.scripted import Line, ScriptedStage, on
from services.journeys.visit import Visit
from services.messages import LANGUAGES, tr
from services.receipts.slips import Slip

PAID_NOW = wire.PaymentStatus.PAID
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 7, 15, tzinfo=HERE)


@dataclass(frozen=True)
class Plastic:
    """A card of an invented person."""

    qr: str
    citizen: Citizen
    emrtd: bool = True

    expiry: str = "300302"
    """YYMMDD, as in the machine readable zone."""

    @property
    def keys(self) -> AccessKeys:
        return keys_from_code(read_cccd(self.qr), NOW.date())

    def opened_by(self, keys: AccessKeys) -> bool:
        """The keys of its code open it, and those of its number, birth and expiry."""
        code = read_cccd(self.qr)
        assert code.birth is not None
        spelt = f"{code.birth.year % 100:02}{code.birth.month or 0:02}{code.birth.day or 0:02}"
        return keys == self.keys or mrz_information(code.number[3:12], spelt, self.expiry) in keys.mrz_information


def _plastic(
    number: str, name: str, birth: str, sex: str, level: EvidenceLevel = EvidenceLevel.CHIP_GENUINE
) -> Plastic:
    qr = f"{number}||{name}|{birth}|{'Nam' if sex == 'M' else 'Nữ'}|Xã Hòa Giang|15062022"
    code = read_cccd(qr)
    assert code.birth is not None
    chip = ChipEvidence(sod=b"sod", groups={1: b"dg1", 13: b"dg13"}, aa_nonce_id="n1", aa_response=b"sig")
    citizen = Citizen(
        evidence=Evidence(EvidenceLevel.CHIP_GENUINE, chip=chip),
        number=number,
        name=name,
        birth=code.birth,
        sex=Sex(sex),
        address="Xã Hòa Giang",
        photo=b"photo",
    )
    return Plastic(qr, citizen)


PEOPLE = {
    "khang": _plastic("001090012829", "Trần Minh Khang", "02031990", "M"),
    "hoa": _plastic("001188004471", "Lê Thị Hoa", "14071988", "F"),
    "tam": _plastic("001148007318", "Phạm Thị Tâm", "05051948", "F"),
    "sau": _plastic("001051000606", "Võ Văn Sáu", "1951", "M"),
    "na": _plastic("001322009911", "Lê An Na", "20012022", "F"),
}


class Cards:
    """A reader whose cards lie, are lifted and misbehave as the test says."""

    def __init__(self) -> None:
        self.available = True
        self.card: CardPresence | None = None
        self.plastic: Plastic | None = None
        self.faults: list[CardErrorReason | Callable[[], None]] = []
        """For the next readings: an error, or what happens in mid-read (the card is lifted …)."""
        self.reads = 0
        self.opened = 0
        self.forgotten = 0
        self.lost_reason = CardErrorReason.NO_READER
        self.seconds = 1.0
        self.photo_seconds = 0.5
        """From who it is to the photo."""
        self.told: list[Callable[[], object]] = []
        """What happens in the moment when it is known who it is."""
        self.photos: list[str] = []
        """What became of each photo: "read", "missed" or "stopped"."""
        self.reading = False
        self._serial = 0
        self._changed = trio.Event()

    def lay(self, plastic: Plastic) -> CardPresence:
        self._serial += 1
        self.plastic = plastic
        self.card = CardPresence(self._serial)
        self._tell()
        return self.card

    def lift(self) -> None:
        self.card = self.plastic = None
        self._tell()

    def lose(self, reason: CardErrorReason) -> None:
        self.available, self.lost_reason = False, reason
        self.lift()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = trio.Event()

    async def lost(self) -> CardError:
        while self.available:
            await self._changed.wait()
        return CardError(self.lost_reason)

    async def inserted(self, *, after: int = -1) -> CardPresence:
        while self.card is None or self.card.serial <= after:
            await self._changed.wait()
        await trio.lowlevel.checkpoint()
        return self.card

    async def removed(self, card: CardPresence) -> None:
        while self.card == card:
            await self._changed.wait()

    async def read(
        self,
        card: CardPresence,
        keys: AccessKeys,
        nonce: bytes | None,
        progress: Callable[[ReadProgress], None],
    ) -> ChipReading:
        self.reads += 1
        fault = self.faults.pop(0) if self.faults else None
        await trio.sleep(self.seconds / 2)
        if not self.available:
            raise CardError(self.lost_reason)
        if self.card != card or self.plastic is None:
            raise CardError(CardErrorReason.REMOVED)
        if isinstance(fault, CardErrorReason):
            raise CardError(fault)
        if not self.plastic.emrtd:
            raise CardError(CardErrorReason.NOT_EMRTD)
        if not self.plastic.opened_by(keys):
            raise CardError(CardErrorReason.ACCESS_DENIED)
        progress(ReadProgress(ReadStep.OPENED, 10))
        if fault is not None:
            fault()
        await trio.sleep(self.seconds / 2)
        if self.card != card:
            raise CardError(CardErrorReason.REMOVED)
        number = (self.plastic.citizen.number or "").encode()
        early = ChipReading(files={FileId.DG1: number}, transcript=Transcript(AccessProtocol.BAC))
        progress(ReadProgress(ReadStep.PROOFS_READ, 60))
        progress(ReadProgress(ReadStep.DATA_READ, 100, early))
        while self.told:
            self.told.pop(0)()
        self.photos.append("stopped")
        self.reading = True
        try:
            with trio.move_on_after(self.photo_seconds):
                await self.removed(card)
        finally:
            self.reading = False
        self.photos[-1] = "missed" if self.card != card else "read"
        if self.card != card:
            raise CardError(CardErrorReason.REMOVED)
        progress(ReadProgress(ReadStep.PHOTO, 100))
        progress(ReadProgress(ReadStep.DONE, 100))
        photo = self.plastic.citizen.photo
        files = early.files if photo is None else {**early.files, FileId.DG2: photo}
        return replace(early, files=files)

    def when_read(self, act: Callable[[], object]) -> None:
        """Something happens in the moment when it is known who it is."""
        self.told.append(act)

    def forget(self) -> None:
        self.forgotten += 1

    async def opens(self, card: CardPresence, keys: AccessKeys) -> bool:
        self.opened += 1
        await trio.lowlevel.checkpoint()
        if self.card != card or self.plastic is None:
            raise CardError(CardErrorReason.REMOVED)
        if not self.plastic.emrtd:
            raise CardError(CardErrorReason.NOT_EMRTD)
        return self.plastic.opened_by(keys)


class Scanner:
    """Shows texts to whoever waits."""

    def __init__(self) -> None:
        self.available = True
        self._waiting: list[trio.Event] = []
        self._text = ""
        self._lost = trio.Event()

    def show(self, text: str) -> None:
        self._text = text
        waiting, self._waiting = self._waiting, []
        for event in waiting:
            event.set()

    def lose(self) -> None:
        self.available = False
        self._lost.set()

    async def lost(self) -> None:
        await self._lost.wait()

    async def scanned(self) -> str:
        event = trio.Event()
        self._waiting.append(event)
        await event.wait()
        return self._text


class Printer:
    """Prints into a list; `answers` are what becomes of the next slips."""

    def __init__(self) -> None:
        self.slips: list[Slip] = []
        self.answers: list[Printed | Exception] = []
        self.seconds = 1.0
        self.repaired = trio.Event()
        self.awaited = self.again = 0

    async def print(self, slip: Slip) -> Printed:
        await trio.sleep(self.seconds)
        answer = self.answers.pop(0) if self.answers else Printed(True)
        if isinstance(answer, Exception):
            raise answer
        if answer.ok:
            self.slips.append(slip)
        return answer

    async def ready(self) -> None:
        self.awaited += 1
        await self.repaired.wait()

    def printed_again(self) -> None:
        self.again += 1


class Sounds:
    """Remembers what was heard."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def card_read(self) -> None:
        self.heard.append("card-read")

    def error(self) -> None:
        self.heard.append("error")

    def card_forgotten(self) -> None:
        self.heard.append("card-forgotten")

    def ticket_ready(self) -> None:
        self.heard.append("ticket-ready")

    def reset(self) -> None:
        self.heard.append("reset")


class Trust:
    """Recognises the people of this file; `levels` overrides what the check gives."""

    def __init__(self) -> None:
        self.levels: dict[str, EvidenceLevel] = {}
        self.altered: set[str] = set()
        """Whose photo is not the one that was signed."""
        self.addresses: dict[str, str] = {}
        """What the chip says instead of the usual address."""
        self.crash: Exception | None = None

    async def recognise(self, reading: ChipReading, scanned: str | None, nonce: Nonce | None) -> Citizen:
        await trio.lowlevel.checkpoint()
        if self.crash is not None:
            raise self.crash
        number = reading.files[FileId.DG1].decode()
        person, citizen = next((name, p.citizen) for name, p in PEOPLE.items() if p.citizen.number == number)
        citizen = replace(citizen, address=self.addresses.get(person, citizen.address))
        level = self.levels.get(person)
        if FileId.DG2 not in reading.files:
            citizen = replace(citizen, photo=None)
        elif person in self.altered:
            level = EvidenceLevel.CHIP_FAILED
        if level is None:
            return citizen
        evidence = replace(citizen.evidence, level=level, reason="hash of DG13", failure_code=None)
        if level is EvidenceLevel.CHIP_FAILED:
            return Citizen(evidence=evidence)
        return replace(citizen, evidence=evidence)


SITE = wire.Site(
    place="Bệnh viện Đa khoa Hòa Giang",
    place_en="Hoa Giang General Hospital",
    kiosk_name="Trạm tự phục vụ số 3 · Sảnh A",
    kiosk_name_en="Kiosk 3 · Hall A",
    kiosk_letter="B",
    help_desk=wire.Desk(name="quầy số 1", name_en="desk 1", way="bên trái cửa chính", way_en="left of the main door"),
    insurance_desk=wire.Desk(name="quầy số 2", name_en="desk 2"),
    cashier=wire.Desk(name="quầy thu", name_en="cashier"),
    demo=True,
    notice_version="1",
    server_time=NOW,
)


def _clinic(id: str, name: str, name_en: str, *, price: int = 45_000, **more: object) -> wire.Clinic:
    amounts = wire.Amounts(price=price, fund=0, patient=price) if price else None
    fields: dict[str, object] = {
        "id": id,
        "name": name,
        "name_en": name_en,
        "icon": "heartbeat",
        "room": "Phòng 205, tầng 2, nhà B",
        "room_en": "Room 205, floor 2, building B",
        "way": "Thang máy B, ra cửa rẽ trái",
        "way_en": "Lift B, then left",
        "waiting": 6,
        "minutes": 25,
        "amounts": amounts,
        **more,
    }
    return wire.Clinic.model_validate(fields)


CLINICS = (
    _clinic("cardio", "Nội tim mạch", "Cardiology"),
    _clinic("ent", "Tai mũi họng", "Ear, nose, throat"),
    _clinic("eye", "Mắt", "Eyes", opens_at="13:00"),
    _clinic("guide", "Bàn hướng dẫn", "Guide desk", guide_desk=True, price=0),
)


ROOMS = (
    wire.Room(
        id="xray",
        name="Chụp X-quang",
        name_en="X-ray",
        room="Phòng 112",
        room_en="Room 112",
        building="Nhà B",
        building_en="Building B",
        floor="Tầng 1",
        floor_en="Ground floor",
        way="Cuối hành lang bên phải",
        way_en="End of the corridor on the right",
    ),
    wire.Room(id="wc", name="Nhà vệ sinh", name_en="Toilets", way="Sau cầu thang bộ", way_en="Behind the stairs"),
)


def offline() -> GatewayError:
    return GatewayError(GatewayReason.NO_NETWORK)


class Scans:
    """The gateway keeps what was scanned."""

    def __init__(self, call: Callable[[str], Awaitable[None]]) -> None:
        self._call = call
        self.kept: list[bytes] = []
        self.deleted: list[str] = []

    async def keep(self, pdf: bytes) -> KeptDocument:
        await self._call("keep-scan")
        self.kept.append(pdf)
        until = NOW + timedelta(minutes=30)
        return KeptDocument(
            id=f"s{len(self.kept)}", kind=FileKind.PDF, bytes=len(pdf), pages=len(self.kept), expires_at=until
        )

    async def delete(self, document: str) -> None:
        await self._call("delete-scan")
        self.deleted.append(document)


class Papers:
    """A document scanner; `errors` are those of its next scans."""

    def __init__(self) -> None:
        self.available = True
        self.errors: list[Exception] = []

    async def scan(self) -> PaperScan:
        await trio.lowlevel.checkpoint()
        if self.errors:
            raise self.errors.pop(0)
        return PaperScan(b"%PDF-", b"\xff\xd8")


class Phones:
    """A phone that sends what the test says."""

    def __init__(self, call: Callable[[str], Awaitable[None]]) -> None:
        self._call = call
        self.requests: list[UploadRequest] = []
        self.wifi: WifiJoin | None = None
        self.closed: list[str] = []
        self.now: Upload | None = None
        self._changed = trio.Event()

    async def open(self, request: UploadRequest) -> Upload:
        await self._call("open-upload")
        self.requests.append(request)
        self.now = Upload(
            id=f"up{len(self.requests)}",
            url="https://anh.example/u/0123",
            wifi=self.wifi,
            expires_at=NOW + timedelta(minutes=15),
            max_file_bytes=1,
            max_total_bytes=1,
        )
        return self.now

    def does(self, **changes: object) -> None:
        """The phone opens the link or sends something, or its time is over."""
        assert self.now is not None
        self.now = self.now.model_copy(update={**changes, "version": self.now.version + 1})
        self._changed.set()
        self._changed = trio.Event()

    async def changed(self, upload: Upload) -> Upload:
        while self.now is None or self.now.version == upload.version:
            await self._changed.wait()
        return self.now

    async def preview(self, upload: Upload, document: str) -> bytes:
        await self._call("preview")
        return b"\xff\xd8" + document.encode()

    async def close(self, upload: Upload) -> None:
        await self._call("close-upload")
        self.closed.append(upload.id)


class Drafts:
    """Keeps one draft, as the gateway does: another number is a wrong try, five lock it."""

    def __init__(self, call: Callable[[str], Awaitable[None]]) -> None:
        self._call = call
        self.saved: list[DraftSave] = []
        self.tries = 0

    async def save(self, draft: DraftSave) -> DraftSaved:
        await self._call("save-draft")
        self.saved.append(draft)
        return DraftSaved(code="7Q4K-92HM", expires_at=NOW + timedelta(hours=72))

    async def open(self, wanted: DraftOpen) -> Draft:
        await self._call("open-draft")
        kept = self.saved[-1]
        if self.tries >= 5:
            raise GatewayError(GatewayReason.CONFLICT, status=423)
        if wanted.code != "7Q4K-92HM" or wanted.number != kept.number:
            self.tries += 1
            status, left = (423, None) if self.tries >= 5 else (404, str(5 - self.tries))
            raise GatewayError(GatewayReason.CONFLICT, status=status, told=left)
        facts = kept.model_dump(exclude={"number", "replaces"})
        return Draft(**facts, code=wanted.code, saved_at=NOW, expires_at=NOW + timedelta(hours=72))


class Helpers:
    """One helper, "lan", with the PIN 246810 or the card of Hoa."""

    def __init__(self, call: Callable[[str], Awaitable[None]]) -> None:
        self._call = call
        self.minutes = 30
        self.left: list[str] = []
        self.told: list[DigitalHelp] = []

    async def sign_in(self, start: AssistStart) -> Assist:
        await self._call("sign-in")
        by_card = start.person is not None and start.person.number == PEOPLE["hoa"].citizen.number
        if not by_card and (start.name, start.pin) != ("lan", "246810"):
            raise GatewayError(GatewayReason.REFUSED, status=403)
        until = NOW + timedelta(minutes=self.minutes)
        return Assist(id="as1", name="lan", commune="99001", expires_at=until)

    async def leave(self, assist: Assist) -> None:
        await self._call("leave-assist")
        self.left.append(assist.id)

    async def helped(self, told: DigitalHelp) -> None:
        await self._call("helped")
        self.told.append(told)


class Gateway:
    """A gateway whose answers, delays and outages the test sets."""

    def __init__(self) -> None:
        self.site = SITE
        self.notice: wire.Notice | None = None
        self.consents: list[wire.Consents] = []
        self.cash_reasons: list[wire.CashReason] = []
        self.filings: list[Filing] = []
        self.phones = Phones(self._call)
        self.scans = Scans(self._call)
        self.dossiers: tuple[Dossier, ...] = ()
        self.dossier_requests: list[DossiersRequest] = []
        self.rateable = Rateable(token=None, reason="unknown")
        self.rateable_requests: list[RateableRequest] = []
        self.ratings: list[Rating] = []
        self.drafts = Drafts(self._call)
        self.helpers = Helpers(self._call)
        self.online = True
        self.offline_since: datetime | None = None
        self.clinics_now: tuple[wire.Clinic, ...] = CLINICS
        self.insurance: wire.Eligibility | GatewayError | Exception = GatewayError(
            GatewayReason.SERVER, status=502, code="BH-102"
        )
        self.faults: dict[str, list[Exception]] = {}
        """Operation name to the errors of its next calls."""
        self.delays: dict[str, float] = {}
        self.calls: list[str] = []
        self.registrations: list[wire.Registration] = []
        self.abandoned: list[wire.AbandonReason] = []
        self.slips: list[tuple[bool, str | None]] = []
        self.insurance_requests: list[wire.EligibilityRequest] = []
        self.accept_offline = False
        self.exam_types: tuple[wire.ExamType, ...] = ()
        self.departments: tuple[wire.Department, ...] = ()
        self.agreed: tuple[wire.Appointment, ...] = ()
        """Appointments of whoever asks."""
        self.asked_for: list[wire.EvidenceLevel] = []
        self.kept: tuple[wire.Ticket, ...] = ()
        """Numbers that are found again."""
        self.searches: list[wire.TicketsRequest] = []
        self.held = False
        self.full_meanwhile: set[str] = set()
        self.slot_lost = False
        """Times whose last place somebody else took before the number was given."""
        """The next registration is of somebody who has that number already."""
        self.intent: wire.PaymentIntent | None = None
        self.made = 0
        self.due = 45_000
        self.intent_facts: list[dict[str, object]] = []
        """For the next intents: what differs from an ordinary one."""
        self.bills: tuple[wire.Bill, ...] = ()
        self.bills_incomplete = False
        self.bill_requests: list[wire.BillsRequest] = []
        self.attempts: list[wire.CardAttempt] = []
        self.card_results: list[wire.CardResult] = []
        self.interrupted: tuple[wire.PaymentIntent, ...] = ()
        self.settled = 0
        self.on_claim: wire.PaymentStatus | None = None
        self.on_cancel = wire.PaymentStatus.CANCELLED
        self.staff: wire.StaffCall | None = None
        self.listeners: list[Callable[[bool], None]] = []
        self._changed = trio.Event()

    async def _call(self, name: str) -> None:
        self.calls.append(name)
        await trio.sleep(self.delays.get(name, 0))
        errors = self.faults.get(name)
        if errors:
            raise errors.pop(0)

    def _tell(self) -> None:
        self._changed.set()
        self._changed = trio.Event()

    def on_change(self, listener: Callable[[bool], None]) -> None:
        self.listeners.append(listener)

    async def nonce(self) -> Nonce:
        await trio.lowlevel.checkpoint()
        return Nonce("n1", b"12345678")

    async def check_insurance(self, request: wire.EligibilityRequest) -> wire.Eligibility:
        self.insurance_requests.append(request)
        await self._call("insurance")
        if isinstance(self.insurance, Exception):
            raise self.insurance
        return self.insurance

    async def clinics(self, eligibility_id: str | None) -> wire.Clinics:
        await self._call("clinics")
        clinics = self.clinics_now
        if eligibility_id is not None:
            covered = wire.Amounts(price=45_000, fund=45_000, patient=0, limit=379_500, limit_percent=20)
            clinics = tuple(
                clinic.model_copy(update={"amounts": covered if clinic.amounts else None}) for clinic in clinics
            )
        return wire.Clinics(clinics=clinics, exam_types=self.exam_types, departments=self.departments)

    async def rooms(self) -> tuple[wire.Room, ...]:
        await self._call("rooms")
        return ROOMS

    async def appointments(self, person: wire.Person) -> tuple[wire.Appointment, ...]:
        await self._call("appointments")
        self.asked_for.append(person.level)
        return self.agreed

    async def find_tickets(self, request: wire.TicketsRequest) -> tuple[wire.Ticket, ...]:
        await self._call("find-tickets")
        self.searches.append(request)
        return self.kept

    async def register(self, registration: wire.Registration) -> Accepted:
        await self._call("register")
        self.registrations.append(registration)
        clinic = next(clinic for clinic in self.clinics_now if clinic.id == registration.clinic_id)
        due = clinic.amounts.patient if clinic.amounts and not registration.use_insurance else None
        self.due = due or 0
        number = "B07" if self.accept_offline else "U047"
        ticket = wire.Ticket(
            check_in_id="c1",
            number=number,
            clinic=clinic,
            status=wire.TicketStatus.UNPAID if due else wire.TicketStatus.WAITING,
            waiting=6,
            expected_at=NOW + timedelta(minutes=25),
            issued_at=NOW,
            priority=registration.priority is not wire.Priority.NONE,
            insurance_pending=registration.use_insurance
            and (
                registration.eligibility_id is None
                or not isinstance(self.insurance, wire.Eligibility)
                or self.insurance.staff_check
            ),
            unverified=registration.patient.level
            not in {wire.EvidenceLevel.CHIP_GENUINE, wire.EvidenceLevel.CHIP_READ},
            code="opaque",
            reprint_code="K7M4-2Q9D",
            bill_id="b1" if due else None,
            amount_due=due,
            held=self.held,
            slot=self._slot(clinic, registration.slot_id),
            slot_lost=self.slot_lost,
        )
        return Accepted(key=f"key-{len(self.registrations):08}", ticket=ticket, offline=self.accept_offline)

    def _slot(self, clinic: wire.Clinic, wanted: str | None) -> wire.Slot | None:
        """The wanted time, or the next one with room."""
        free = [slot for slot in clinic.slots or () if slot.left and slot.id not in self.full_meanwhile]
        return next((slot for slot in free if wanted is not None and slot.id >= wanted), None)

    async def abandon(self, accepted: Accepted, reason: wire.AbandonReason) -> None:
        await self._call("abandon")
        self.abandoned.append(reason)

    clock_ahead = 0.0

    @property
    def known_clinics(self) -> tuple[wire.Clinic, ...]:
        return self.clinics_now

    async def find_bills(self, request: wire.BillsRequest) -> wire.Bills:
        await self._call("find-bills")
        self.bill_requests.append(request)
        return wire.Bills(bills=self.bills, incomplete=self.bills_incomplete)

    async def bill(self, bill_id: str) -> wire.Bill:
        await self._call("bill")
        return next(bill for bill in self.bills if bill.id == bill_id)

    async def pay(self, bill_id: str, method: wire.PaymentMethod = wire.PaymentMethod.QR) -> wire.PaymentIntent:
        await self._call("pay")
        bill = next((bill for bill in self.bills if bill.id == bill_id), None)
        amount = self.due if bill is None else bill.left
        card = method is wire.PaymentMethod.CARD
        self.made += 1
        self.intent = wire.PaymentIntent(
            id=f"p{self.made}",
            bill_id=bill_id,
            bill_number="VT-0358" if bill is None else bill.number,
            status=wire.PaymentStatus.CREATED if card else wire.PaymentStatus.QR_SHOWN,
            method=method,
            kind=wire.BillKind.CHARGE if bill is None else bill.kind,
            amount=amount,
            amount_paid=0,
            payload="" if card else "000201",
            account_name="BENH VIEN DA KHOA HOA GIANG",
            account_last4="4471",
            purpose="TRM4K82QX",
            expires_at=NOW + timedelta(minutes=15),
            demo=True,
            version=1,
        ).model_copy(update=self.intent_facts.pop(0) if self.intent_facts else {})
        return self.intent

    async def begin_card(self, intent_id: str) -> wire.CardAttempt:
        await self._call("begin-card")
        assert self.intent is not None
        self.attempts.append(
            wire.CardAttempt(
                id=f"a{len(self.attempts) + 1}",
                service_id=f"SID{len(self.attempts) + 1}",
                intent_id=intent_id,
                amount=self.intent.amount,
                outcome=wire.CardOutcome.STARTED,
                started_at=NOW,
            )
        )
        return self.attempts[-1]

    async def card_result(self, attempt: wire.CardAttempt, result: wire.CardResult) -> wire.PaymentIntent:
        await self._call("card-result")
        self.card_results.append(result)
        approved = result.outcome is wire.CardOutcome.APPROVED
        unknown = result.outcome is wire.CardOutcome.UNKNOWN
        status = wire.PaymentStatus.UNKNOWN if unknown else PAID_NOW if approved else wire.PaymentStatus.FAILED
        self.bank(status)
        assert self.intent is not None
        return self.intent

    async def left_behind(self) -> tuple[wire.PaymentIntent, ...]:
        await self._call("left-behind")
        return self.interrupted

    def payments_settled(self) -> None:
        self.settled += 1

    def bank(self, status: wire.PaymentStatus, paid: int | None = None) -> None:
        """The bank speaks."""
        assert self.intent is not None
        amount = self.intent.amount if paid is None else paid
        changes = {
            "status": status,
            "amount_paid": amount if status in {wire.PaymentStatus.PAID, wire.PaymentStatus.UNDERPAID} else 0,
            "version": self.intent.version + 1,
            "paid_at": NOW if status is wire.PaymentStatus.PAID else None,
        }
        self.intent = self.intent.model_copy(update=changes)
        self._tell()

    async def payment(self, intent_id: str) -> wire.PaymentIntent:
        await self._call("payment")
        assert self.intent is not None
        return self.intent

    async def payment_changed(self, intent: wire.PaymentIntent) -> wire.PaymentIntent:
        await self._call("payment-changed")
        while self.intent is None or self.intent.version == intent.version:
            await self._changed.wait()
        return self.intent

    async def claim_paid(self, intent_id: str) -> wire.PaymentIntent:
        await self._call("claim")
        assert self.intent is not None
        if self.on_claim is not None:
            self.bank(self.on_claim)
        return self.intent

    async def cancel_payment(self, intent_id: str) -> wire.PaymentIntent:
        await self._call("cancel-payment")
        self.bank(self.on_cancel)
        assert self.intent is not None
        return self.intent

    async def record_consents(self, consents: wire.Consents) -> None:
        await self._call("consents")
        self.consents.append(consents)

    async def report_cash_reason(self, accepted: Accepted, reason: wire.CashReason) -> None:
        await self._call("cash-reason")
        self.cash_reasons.append(reason)

    async def report_slip(self, accepted: Accepted, printed: bool, failure_code: str | None) -> None:
        await self._call("report-slip")
        self.slips.append((printed, failure_code))

    async def file_dossier(self, filing: Filing) -> Dossier:
        await self._call("file-dossier")
        self.filings.append(filing)
        return Dossier(
            sending_code="7Q4K-92HM",
            token="0" * 26,
            state=DossierState.FILED,
            procedure=filing.procedure,
            name="Khai sinh",
            status=DossierStatus.NEW,
            filed_at=NOW,
            kept_until=NOW + timedelta(hours=72),
        )

    async def find_dossiers(self, request: DossiersRequest) -> Dossiers:
        self.dossier_requests.append(request)
        await self._call("find-dossiers")
        return Dossiers(dossiers=self.dossiers)

    async def may_rate(self, request: RateableRequest) -> Rateable:
        self.rateable_requests.append(request)
        await self._call("may-rate")
        return self.rateable

    async def rate(self, rating: Rating) -> None:
        self.ratings.append(rating)
        await self._call("rate")

    async def call_staff(self) -> wire.StaffCall:
        await self._call("call-staff")
        self.staff = wire.StaffCall(id="s1", status=wire.StaffCallStatus.RINGING, called_at=NOW, version=1)
        return self.staff

    def staff_says(self, status: wire.StaffCallStatus) -> None:
        assert self.staff is not None
        self.staff = self.staff.model_copy(update={"status": status, "version": self.staff.version + 1})
        self._tell()

    async def staff_call_changed(self, call: wire.StaffCall) -> wire.StaffCall:
        await self._call("staff-changed")
        while self.staff is None or self.staff.version == call.version:
            await self._changed.wait()
        return self.staff

    async def cancel_staff_call(self, call_id: str) -> None:
        await self._call("cancel-staff")
        self.staff_says(wire.StaffCallStatus.CANCELLED)


class Wall:
    """Wall-clock time that goes with the jumping clock."""

    def now(self) -> datetime:
        return NOW + timedelta(seconds=trio.current_time() - self._start)

    def __init__(self) -> None:
        self._start = trio.current_time()


NOBODY = Citizen(Evidence(EvidenceLevel.NONE))


class Fingers:
    """A finger reader: `puts` is what the person's next fingers give, in order; then nobody puts one down."""

    def __init__(self, *puts: FingerTry, reference: FingerReference | None = FingerReference.CHIP) -> None:
        self.puts = list(puts)
        self.available = True
        self.asked: list[Finger] = []
        self.impressions: list[wire.FingerPicture | FingerTry] = []
        self.enrolled: list[wire.FingerEnrolment] = []
        self.verdict: wire.FingerAnswer | Exception = wire.FingerAnswer.MATCH
        self.typed: list[tuple[str, str]] = []
        self._reference = reference

    async def reference(self, patient: Citizen) -> FingerReference | None:
        await trio.lowlevel.checkpoint()
        return self._reference

    async def compare(self, patient: Citizen, finger: Finger, reading: Callable[[int], None]) -> FingerTry:
        self.asked.append(finger)
        await trio.sleep(1)
        if not self.puts:
            await trio.sleep_forever()
        reading(50)
        await trio.sleep(1)
        return self.puts.pop(0)

    async def impression(self, reading: Callable[[int], None]) -> wire.FingerPicture | FingerTry:
        await trio.sleep(1)
        if not self.impressions:
            await trio.sleep_forever()
        reading(50)
        await trio.sleep(1)
        return self.impressions.pop(0)

    async def enrol(self, enrolment: wire.FingerEnrolment) -> wire.FingerVerdict:
        await trio.lowlevel.checkpoint()
        self.enrolled.append(enrolment)
        if isinstance(self.verdict, Exception):
            raise self.verdict
        return wire.FingerVerdict(answer=self.verdict)

    async def come_back(
        self, birth: str, phone_last4: str, reading: Callable[[int], None]
    ) -> tuple[FingerTry, str | None]:
        self.typed.append((birth, phone_last4))
        tried = await self.compare(NOBODY, Finger.RIGHT_INDEX, reading)
        return tried, "0123456789abcdef" * 2 if tried.same else None


class Terminal:
    """A card terminal whose answers, and what goes missing on the way, are the test's."""

    def __init__(self) -> None:
        self.available = True
        self.answers: list[Answer | Exception] = []
        self.stages: list[Stage] = [Stage.STARTED, Stage.CARD_PRESENTED, Stage.PIN_WANTED, Stage.ASKING_BANK]
        self.charged: list[Attempt] = []
        self.aborted: list[Attempt] = []
        self.settled: list[Attempt] = []
        self.waits = False
        """No card comes: only an abort ends it."""
        self._abort = trio.Event()

    async def charge(self, attempt: Attempt, told: Callable[[Stage], None]) -> Answer:
        self.charged.append(attempt)
        self._abort = trio.Event()
        for stage in self.stages:
            await trio.sleep(1)
            told(stage)
            if self.waits:
                await self._abort.wait()
                return Answer(Charged.ABORTED, decline=Decline.CANCELLED)
        await trio.sleep(1)
        answer = (
            self.answers.pop(0) if self.answers else Answer(Charged.APPROVED, attempt.amount, "T1", "RRN1", "123456")
        )
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def abort(self, attempt: Attempt) -> None:
        await trio.lowlevel.checkpoint()
        self.aborted.append(attempt)
        self._abort.set()

    async def settle(self, attempt: Attempt) -> Answer:
        await trio.sleep(1)
        self.settled.append(attempt)
        answer = self.answers.pop(0)
        assert isinstance(answer, Answer)
        return answer


@dataclass
class World:
    """Everything around the journey, and what was seen of it."""

    cards: Cards = field(default_factory=Cards)
    scanner: Scanner = field(default_factory=Scanner)
    printer: Printer = field(default_factory=Printer)
    sounds: Sounds = field(default_factory=Sounds)
    gateway: Gateway = field(default_factory=Gateway)
    trust: Trust = field(default_factory=Trust)
    fingers: Fingers | None = None
    terminal: Terminal | None = None
    papers: Papers | None = None
    technician: Any = None
    """Nobody can enter the technician's mode unless a test gives a room."""
    library: Library = field(default_factory=NoBooks)
    guides: Guidebook = field(default_factory=NoGuides)
    people: dict[str, Plastic] = field(default_factory=lambda: dict(PEOPLE))
    visits: list[Visit] = field(default_factory=list[Visit])
    stage: ScriptedStage = field(default_factory=ScriptedStage)
    ended_on: object = None
    """What stood on the screen when the script was over."""

    def kit(self) -> Kit:
        return Kit(
            self.cards,
            self.scanner,
            self.printer,
            self.sounds,
            self.gateway,
            self.trust,
            Wall(),
            fingers=self.fingers,
            terminal=self.terminal,
            library=self.library,
            guides=self.guides,
            technician=self.technician,
            papers=self.papers,
        )

    def scans(self, name: str) -> Callable[[], None]:
        """The person shows their card's code to the scanner."""
        return lambda: self.scanner.show(self.people[name].qr)

    def scans_later(self, name: str, seconds: float = 5) -> Callable[[], None]:
        """The person shows the code only after a while."""
        return lambda: self.after(seconds, self.scans(name))

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Something happens a while from now."""

        async def later() -> None:
            await trio.sleep(seconds)
            act()

        trio.lowlevel.spawn_system_task(later)

    async def slept(self, seconds: float) -> None:
        """Nothing happens for a while."""
        await trio.sleep(seconds)

    def lays(self, name: str) -> Callable[[], None]:
        """The person lays their card on the reader."""
        return lambda: self._lay(name)

    def _lay(self, name: str) -> None:
        self.cards.lift()
        self.cards.lay(self.people[name])

    def insured(self, **more: object) -> None:
        """The insurer answers: valid, 80 %, or as `more` says."""
        fields: dict[str, object] = {
            "id": "e1",
            "result": wire.EligibilityResult.VALID,
            "valid_to": date(2026, 12, 31),
            "valid_from": date(2026, 1, 1),
            "benefit_percent": 80,
            "route_percent": 100,
            "route": "route.registered_here",
            "registered_at": "Bệnh viện Đa khoa Hòa Giang",
            "asked_at": NOW,
            **more,
        }
        self.gateway.insurance = wire.Eligibility.model_validate(fields)

    def uninsured(self) -> None:
        """The insurer knows nobody of that number."""
        self.insured(result=wire.EligibilityResult.NOT_FOUND)

    # --- passages of a script, as they read on the way -----------------------------------------------------------

    def meets(self, name: str = "khang") -> tuple[Line, ...]:
        """From the start page to "Đây có đúng là ông/bà?"."""
        return (
            on(Home, HomeChoice.CHECK_IN),
            on(ChoosePatient, PatientChoice.SELF),
            on(ScanCode, does=self.scans(name)),
            on(PlaceCard, does=self.lays(name)),
        )

    def known(self, name: str = "khang") -> tuple[Line, ...]:
        """… to the insurance."""
        return (*self.meets(name), on(ConfirmIdentity, IdentityAnswer.YES))

    def reviews(self, name: str = "khang") -> tuple[Line, ...]:
        """… of an adult to the review: insured ones use it, others go on without."""
        answer = on(InsuranceUnhappy, InsuranceAnswer.SKIP)
        if isinstance(self.gateway.insurance, wire.Eligibility):
            valid = self.gateway.insurance.result is wire.EligibilityResult.VALID
            answer = on(InsuranceValid, InsuranceAnswer.USE) if valid else answer
        return (
            *self.known(name),
            answer,
            on(ChooseClinic, ClinicChosen("cardio")),
            on(DeclarePriority, Priority.NONE),
        )

    def pays(self, name: str = "khang") -> tuple[Line, ...]:
        """… of a self-paying adult to the payment code."""
        return (*self.reviews(name), on(Review, ReviewAnswer.TAKE_NUMBER))

    def relation(self) -> Line:
        """The companion says how they are related."""
        return on(ChooseRelation, Relation.MOTHER)

    def takes_card(self) -> Line:
        """The reminder at the end; the person takes the card."""
        return on(CardLeftBehind, does=self.cards.lift)

    def play(self, *lines: Line, language: str = "vi", seconds: float = 0.01, ends: bool = True) -> ScriptedStage:
        """Play the script on a kiosk; done when every line was played and the start page stands again.

        `ends` False: the script stops in the middle. The kiosk runs on for `seconds` of its own time, which jumps.
        """
        self.stage = ScriptedStage(*lines, *((on(Home),) if ends else ()), language=language)
        trio.run(self._play, seconds, ends, clock=MockClock(autojump_threshold=0))
        for prompt in self.stage.shown:
            _has_words(prompt)
        return self.stage

    async def _play(self, seconds: float, ends: bool) -> None:
        stage = self.stage
        async with trio.open_nursery() as nursery:
            nursery.start_soon(run_kiosk, stage, self.kit())
            with trio.move_on_after(3600 + seconds):
                await stage.until(lambda: not stage.left)
                await trio.sleep(seconds)
            self.ended_on = stage.on_top
            nursery.cancel_scope.cancel()
        if stage.fault is not None:
            raise stage.fault
        assert not stage.left, f"still to come: {stage.left[:3]}, on top: {stage.on_top}"


def _has_words(prompt: Prompt[Any]) -> None:
    """Whatever was shown can be said and read in both languages."""
    said = [*prompt.spoken(), *(element.say for element in prompt.focus())]
    named = [prompt.progress.label] if prompt.progress is not None else []
    named += [getattr(prompt, name) for name in ("hint", "message", "error") if getattr(prompt, name, None)]
    named += list(getattr(prompt, "notes", ()))
    for language in LANGUAGES:
        for say in said:
            tr(say.message, language, **dict(say.args))
        for message in named:
            assert tr(message, language)


@pytest.fixture
def offline_error() -> GatewayError:
    """The kiosk has no network."""
    return offline()


@pytest.fixture
def no_paper() -> Printed:
    """What becomes of a slip without paper."""
    return Printed(False, "PR-02")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A fresh world; every visit that was made is kept to prove that it was wiped."""
    world = World()
    make = Visit

    def kept(**more: Any) -> Visit:
        visit = make(**more)
        world.visits.append(visit)
        return visit

    monkeypatch.setattr("services.journeys.loop.Visit", kept)
    return world


@pytest.fixture
def clinic() -> Callable[..., wire.Clinic]:
    """Makes a clinic, or with `group` a counter of a one-stop centre."""
    return _clinic
