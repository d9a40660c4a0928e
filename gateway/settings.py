"""Settings of one gateway: TOML files, later ones over earlier ones, checked as a whole before anything starts.

Secrets never stand in a settings file: a secret is `{ env = "NAME" }` or `{ file = "PATH" }`.
"""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.contract.models import Beneficiary, Desk, GroupPurpose, HolderCheck, ProcedureCode


class SettingsError(ValueError):
    """The settings cannot be used; the text names the file, the place in it and what is allowed."""


class Section(BaseModel):
    """A table of the settings: unknown keys are errors, so that a slip of the pen is found at the start."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Secret(Section):
    """Where a secret is kept: a variable of the environment, or a file that only the gateway's user may read."""

    env: str | None = None
    file: Path | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.env is None) == (self.file is None):
            raise ValueError('give exactly one of: { env = "NAME" } or { file = "PATH" }')
        return self

    def read(self) -> str:
        """The secret itself. Raises SettingsError without naming any value."""
        if self.file is not None:
            try:
                return self.file.read_text(encoding="utf-8").strip()
            except OSError as error:
                raise SettingsError(f"secret file {self.file}: {error.strerror}") from error
        value = os.environ.get(self.env or "", "")
        if not value:
            raise SettingsError(f"secret: the environment variable {self.env} is empty")
        return value


class Server(Section):
    """Where the gateway listens. Port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = Field(default=8443, ge=0, le=65535)
    public_url: str | None = None
    """As kiosks and the bank reach it; the `aud` of client assertions. Default: the address it listens on."""
    secure_cookies: bool = True
    """Off only without TLS (loopback)."""


class Keys(Section):
    """The gateway's own keys (sealing, vault, tokens): made at the first start, readable only by its user."""

    directory: Path


class Place(Section):
    """The place and the desks people are sent to."""

    name: str
    name_en: str
    help_desk: Desk
    insurance_desk: Desk
    cashier: Desk
    notice_version: str
    pregnancy_ages: tuple[int, int] = (12, 55)
    holder_check: HolderCheck = HolderCheck.NONE
    """Whether somebody looks if the card is the patient's own, and how; the slip says so."""
    board_languages: tuple[Literal["vi"]] | tuple[Literal["vi"], Literal["en"]] = ("vi",)
    """What waiting-room boards are written in: Vietnamese, or English below it. The voice is Vietnamese."""


class Insurance(Section):
    """The insurer's gateway and who asks (reference: VSS gateway, `KQNhanLichSuKCB2024`)."""

    url: str
    card_path: str = "/api/egw/KQNhanLichSuKCB2024"
    token_path: str = "/api/token/take"  # noqa: S105 - a path
    username: str
    password: Secret
    operator_name: Secret
    operator_number: Secret
    """The 12-digit number of the member of staff in whose name cards are asked."""
    timeout_seconds: float = Field(default=8.0, gt=0, le=60)
    """For one whole answer. A time-out is never repeated by itself."""
    refused_rest_seconds: float = Field(default=60, ge=0, le=3600)
    """After the account was refused no token is asked for so long: the insurer bars accounts that keep on trying."""
    copayment_path: str | None = None
    """E.g. "/api/TraCuuCCT/TraCuuTienMCCT": patients with five years of insurance without a gap are asked for there."""
    facility: str = Field(pattern="^[0-9A-Z]{5}$")
    route_registered: str = "1.1"
    route_other: str = "1.12"
    """Routing code of an outpatient who chose this facility without being registered here (QĐ 3276/QĐ-BYT)."""
    retry_minutes: tuple[int, ...] = (2, 5, 15, 30, 60)
    """When a look-up that failed at check-in is repeated; the last step goes on for `retry_days`."""
    retry_days: int = Field(default=7, ge=0, le=30)
    """How many days after the patient came such a look-up is still repeated."""


class Xml0(Section):
    """Check-in records (XML0), made at a visit's first cost. Signing and sending are the hospital system's."""

    enabled: bool = True
    directory: Path | None = None
    """Folder where ready records are put for the hospital's software; none: kept until `gateway xml0 take-out`."""
    hospital_fills: frozenset[str] = frozenset({"MA_BN"})
    """Fields the hospital's system fills in when it takes a record: they may be empty here."""
    for_uninsured: bool = False
    """Records of people who use no insurance too (routing code 9)."""
    delay_seconds: float = Field(default=120, ge=0, le=86400)
    """A record is handed over so long after the number: who leaves at once has no visit."""


class Bank(Section):
    """An account that bills are paid into, and the provider that tells of its money (docs/payment.md)."""

    id: str = Field(default="main", pattern="^[a-z0-9-]{1,40}$")
    """`main` is the place's own account; fee lines name the others by their id."""
    name: str = Field(default="", max_length=120)
    """Whose account it is, as people read it; default the place."""
    name_en: str = Field(default="", max_length=120)
    bin: str = Field(pattern="^[0-9]{6}$")
    account: str = Field(pattern="^[0-9A-Z]{1,19}$")
    account_name: str = Field(pattern="^[A-Z0-9 .,&()/-]{1,70}$")
    """Exactly as the bank returns it: capitals, no marks."""
    provider: Literal["sepay", "casso", "payos", "cashier"] = "sepay"
    """`cashier`: plain VietQR, somebody looks at the account and confirms by hand."""
    scheme: Literal["signature", "token"] = "signature"
    """How notifications prove themselves: signed (SePay HMAC, Casso v2), or by a fixed token in a header (SePay
    `Apikey`, Casso `secure-token`). payOS always signs."""
    webhook_secret: Secret | None = None
    """The signing secret or the token; of payOS the checksum key."""
    api_url: str = ""
    api_token: Secret | None = None
    """Of payOS the API key."""
    client_id: Secret | None = None
    """Of payOS only."""
    return_url: str = "https://localhost/"
    """Of payOS only: where its own page would send a payer, whom a kiosk never sends there."""
    timeout_seconds: float = Field(default=5.0, gt=0, le=60)
    intent_minutes: int = Field(default=15, ge=1, le=1440)
    query_seconds: tuple[int, ...] = (10, 20, 40, 60, 120, 300)
    """Back-off of asking the bank for every open intent; the last step goes on until it expires."""

    @model_validator(mode="after")
    def _provider_has_what_it_needs(self) -> Self:
        needed = {
            "sepay": ("webhook_secret", "api_url", "api_token"),
            "casso": ("webhook_secret", "api_url", "api_token"),
            "payos": ("webhook_secret", "api_url", "api_token", "client_id"),
            "cashier": (),
        }[self.provider]
        if missing := [name for name in needed if not getattr(self, name)]:
            raise ValueError(f"provider {self.provider} needs {', '.join(missing)}")
        return self


class InvoiceProvider(Section):
    """Who issues e-invoices for this place, where the hospital's or one-stop system does not (`gateway.payments`)."""

    url: str
    token: Secret
    serial: str = Field(default="1C26TTR", pattern="^[0-9A-Z]{4,10}$")
    """Form and symbol of the invoices, as registered with the tax authority."""
    timeout_seconds: float = Field(default=10.0, gt=0, le=60)


class Payments(Section):
    """What holds for every way of paying."""

    bill_seconds: int = Field(default=10, ge=1, le=600)
    """How often a bill of another system is read again while somebody may pay it."""
    bill_patience_seconds: float = Field(default=3.0, gt=0, le=15)
    """How long a kiosk waits for bills of another system."""
    view_minutes: int = Field(default=30, ge=1, le=240)
    """How long a kiosk that found a bill may ask for it."""
    bill_numbers_per_hour: int = Field(default=120, ge=1)
    """How often one kiosk may ask for bills by their numbers; a card or a slip is not counted."""
    bill_misses_per_hour: int = Field(default=20, ge=1)
    """How often such a number may be nobody's."""
    card: bool = False
    """Kiosks may have a card terminal."""
    card_batch_at: time | None = None
    """When terminals that charged something close their batch, each day; none: when the cashier says so."""
    retry_seconds: Annotated[tuple[int, ...], Field(min_length=1)] = (2, 5, 15, 60, 300, 900)
    """Back-off of errands: hand-over, e-invoice, cancelled orders, released bills."""
    invoice: InvoiceProvider | None = None
    invoice_kind: Literal["invoice", "receipt", "none"] = "invoice"
    """What a payer gets later where nobody told a number yet."""
    invoice_later: str = Field(default="Hóa đơn điện tử: hỏi quầy thu, trong ngày", max_length=120)
    invoice_later_en: str = Field(default="E-invoice: ask the cashier, today", max_length=120)


class Fingers(Section):
    """Fingers people leave here to be known by (docs/fingerprint.md). Both are off unless a site decides them."""

    enrol: bool = False
    """Offered after a check-in that the chip proved, with a consent of its own (purpose "finger" of the notice)."""
    returning: bool = False
    """Coming back without the card, by birth date, phone digits and finger; the desk confirms each."""

    @model_validator(mode="after")
    def _nobody_returns_who_never_enrolled(self) -> Self:
        if self.returning and not self.enrol:
            raise ValueError("returning = true needs enrol = true")
        return self


class Queue(Section):
    """Numbers, waiting and what a kiosk may give out offline."""

    one_number_minutes: int = Field(default=240, ge=0)
    """The same person gets the same ticket of a clinic back within this time; 0 switches it off."""
    seconds_per_patient: int = Field(default=213, ge=10)
    priority_per_ordinary: int = Field(default=2, ge=1)
    """How many priority numbers are called before one ordinary number that waits."""
    pay_before_exam: bool = True
    """Whoever pays an examination is called only after paying, or when the cashier releases the number. Insured people
    and people with priority are exempt."""
    back_after: int = Field(default=3, ge=0, le=99)
    """After how many other calls somebody who was absent is called again, unless the counter says otherwise."""
    results_after: int = Field(default=1, ge=0, le=99)
    """After how many other calls somebody who comes back with results is called."""
    lease_size: int = Field(default=10, ge=1, le=99)
    lease_days: int = Field(default=3, ge=0, le=14)


class OpenHours(Section):
    """Hours in which a clinic's numbers are given; `numbers` is how many, 0 for no limit."""

    start: time = Field(alias="from")
    end: time = Field(alias="to")


class SlotHours(Section):
    """Hours whose numbers are for a time: every `minutes` a new one, each for `people`."""

    start: time = Field(alias="from")
    end: time = Field(alias="to")
    minutes: int = Field(default=30, ge=5, le=240)
    people: int = Field(ge=1)


class ExamTypeSettings(Section):
    """A kind of examination people choose first; with none or one, they are not asked."""

    id: str = Field(pattern="^[a-z0-9-]{1,40}$")
    name: str
    name_en: str
    hint: str = ""
    hint_en: str = ""
    icon: str = "stethoscope"


class DepartmentSettings(Section):
    """A department; clinics name it. With none or one, people choose the clinic at once."""

    id: str = Field(pattern="^[a-z0-9-]{1,40}$")
    name: str
    name_en: str
    icon: str = "stethoscope"


class RoomSettings(Section):
    """A place that is no clinic, for the room finder: pharmacy, X-ray, cashier, toilets…"""

    id: str = Field(pattern="^[a-z0-9-]{1,40}$")
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


class GroupSettings(Section):
    """What makes a clinic a service group of a one-stop centre: nothing is examined, the number costs nothing."""

    purpose: GroupPurpose = GroupPurpose.FILE
    sectors: tuple[str, ...] = ()
    """Sectors of the catalogue that are received here; none: every sector."""


class ClinicSettings(Section):
    """One clinic: texts, way, prices. `hours` empty: numbers are given at any time."""

    id: str = Field(pattern="^[a-z0-9-]{1,40}$")
    name: str
    name_en: str
    icon: str
    room: str
    room_en: str
    way: str
    way_en: str
    group: GroupSettings | None = None
    """Set for a service group of a one-stop centre; then there are no prices."""
    insured_price: int = Field(default=0, ge=0)
    """Price of the examination as the insurer's fund counts it."""
    insured_charge: int | None = Field(default=None, ge=0)
    """What an insured examination costs here; default the insured price. The difference is the patient's."""
    price: int = Field(default=0, ge=0)
    """What somebody without insurance pays."""
    seconds_per_patient: int | None = Field(default=None, ge=10)
    numbers_a_day: int = Field(default=0, ge=0)
    """0: no limit."""
    hours: tuple[OpenHours, ...] = ()
    slots: tuple[SlotHours, ...] = ()
    """Times of the day; without any, people are called in their order."""
    exam_types: tuple[str, ...] = ()
    """Kinds of examination it gives; none: every kind."""
    department: str | None = None
    building: str = ""
    building_en: str = ""
    floor: str = ""
    floor_en: str = ""
    guide_desk: bool = False
    service_code: str | None = Field(default=None, max_length=50)
    """MA_DICH_VU of the examination, as the hospital maps it; needed for check-in records."""
    service_name: str | None = Field(default=None, max_length=1024)
    """TEN_DICH_VU; default the clinic's name."""
    code: str | None = Field(default=None, pattern="^[A-Z]{1,4}$")
    """Heads this clinic's numbers where another clinic calls them: "NTM-T005". Default: the initials of the name."""

    @model_validator(mode="after")
    def _priced_unless_a_group(self) -> Self:
        given = {"price", "insured_price"} & self.model_fields_set
        if self.group is None and len(given) < 2:
            raise ValueError("price and insured_price: a clinic needs both")
        if self.group is not None and (self.price or self.insured_price):
            raise ValueError("price: a service group's number costs nothing")
        return self

    @property
    def initials(self) -> str:
        """Of the name, without marks, at most four."""
        plain = unicodedata.normalize("NFD", self.name.upper().replace("Đ", "D"))
        initials = re.findall(r"\b[A-Z]", "".join(letter for letter in plain if not unicodedata.combining(letter)))
        return "".join(initials)[:4] or "X"


class CounterSettings(Section):
    """A counter (or doctor's room) that calls numbers of one or more clinics."""

    id: str = Field(pattern="^[a-z0-9-]{1,40}$")
    name: str = Field(max_length=40)
    """As the board shows it: "Phòng 205, bàn 1"."""
    name_en: str = Field(max_length=40)
    spoken: str = Field(default="", max_length=80)
    """As the board's voice says it, in words of `assets/voice/vi/board`: "phòng 205 bàn 1". Default: from the name."""
    clinics: Annotated[tuple[str, ...], Field(min_length=1)]


class TrustSettings(Section):
    """The folder of trusted certificates with which chip evidence is checked again; none: nothing is trusted."""

    directory: Path | None = None


class Terminal(Section):
    """The inspection system that may ask chips for fingers; without this table no kiosk reads any."""

    certificates: Path
    """Folder of card-verifiable certificates (*.cvcert): the terminal's and those above it, read for each question."""
    module: Path
    """The PKCS #11 library of the key store."""
    token: str
    """Label of the token."""
    key: str | None = None
    """Label of the private key; default: the holder reference in the terminal's certificate."""
    pin: Secret


_VN_CORE = "http://fhir.hl7.org.vn/core/sid/"
_OWN = "urn:tram:sid:"


class IdentifierSystems(Section):
    """Under which FHIR identifier system each number stands.

    Defaults: VN Core 0.6.0 (HL7 Vietnam); what it has not is Trạm's own.
    """

    cccd: str = _VN_CORE + "cccd"
    cmnd: str = _VN_CORE + "cmnd"
    """Numbers of nine digits."""
    passport: str = _VN_CORE + "passport"
    bhyt: str = _VN_CORE + "bhyt"
    ma_lk: str = _VN_CORE + "ma-lk"
    """Set by the hospital on its encounter; read, never written."""
    check_in: str = _OWN + "check-in"
    """One check-in: the key of everything that is made for it."""
    claimed: str = _OWN + "claimed"
    """A person nobody proved: a keyed hash of everything they told."""
    claimed_number: str = _OWN + "claimed-number"
    """The number such a person told; never the system of proven numbers."""
    related: str = _OWN + "related"
    look_up: str = _OWN + "look-up"
    bill: str = _OWN + "bill"
    his_bill: str = _OWN + "his-bill"
    """The hospital's own bill numbers, as they stand on its papers."""
    payment: str = _OWN + "payment"
    """One PaymentNotice: the key under which it is sent."""
    transaction: str = _OWN + "transaction"
    """Numbers of the transfers, for whoever compares with the bank."""
    e_invoice: str = _OWN + "e-invoice"
    """Symbol and number of the e-invoice; set by the hospital on its Invoice."""
    e_invoice_code: str = _OWN + "e-invoice-code"
    """Its look-up code."""
    ticket: str = _OWN + "ticket"
    slot: str = _OWN + "slot"
    """The check-in that took a place of a time table: on its Slot and on its Appointment."""
    service: str = _OWN + "service"
    """The hospital's codes of examinations."""
    answers: str = "urn:tram:cs:ma-ket-qua"
    """Code system of the insurer's result codes."""

    @model_validator(mode="after")
    def _told_is_not_proven(self) -> Self:
        if self.claimed_number in {self.cccd, self.cmnd, self.passport}:
            raise ValueError("claimed_number: a number nobody proved never stands under the system of proven ones")
        return self


class FhirServer(Section):
    """The hospital's HL7 FHIR R4B server."""

    url: str = Field(pattern="^https?://")
    token: Secret | None = None
    """Bearer token; without one nothing is sent (a server that knows the gateway by its certificate)."""
    systems: IdentifierSystems = IdentifierSystems()


class RestServer(Section):
    """The hospital's system behind the REST profile (docs/hospital.md)."""

    url: str = Field(pattern="^https?://")
    merchant: str = Field(pattern="^[0-9A-Za-z._-]{1,40}$")
    secret: Secret
    """Key of the HMAC that signs every call."""


class Hospital(Section):
    """The hospital's own system, told of every check-in after the number was given."""

    kind: Literal["none", "fhir", "rest"] = "none"
    fhir: FhirServer | None = None
    rest: RestServer | None = None
    timeout_seconds: float = Field(default=15.0, gt=0, le=120)
    """One call of a delivery. Nobody waits for it."""
    patience_seconds: float = Field(default=2.0, gt=0, le=5)
    """How long somebody at a kiosk waits for what the hospital knows; then the check-in goes on without."""
    rest_after_failure_seconds: float = Field(default=30.0, ge=0)
    """After a question that was not answered in time the next people do not wait at all for this long."""
    retry_seconds: Annotated[tuple[int, ...], Field(min_length=1)] = (5, 15, 60, 300, 900, 3600)
    """Back-off of deliveries; the last step goes on until it works."""
    at_once: int = Field(default=4, ge=1, le=32)
    """Deliveries at the same time, for each gateway process."""
    offer_seconds: float = Field(default=60.0, ge=0)
    """How often it is asked what it offers: its prices, kinds and departments go before this file's. 0: never."""
    times: bool = False
    """Whether its times of the day are offered at the kiosk, at clinics that have none in this file."""
    services: dict[str, str] = Field(default_factory=dict[str, str])
    """Clinic id to the hospital's code of the examination; default the clinic's id."""

    @model_validator(mode="after")
    def _kind_has_its_table(self) -> Self:
        if self.kind != "none" and getattr(self, self.kind) is None:
            raise ValueError(f'kind = "{self.kind}" needs the table [hospital.{self.kind}]')
        return self


class OneStopSystem(Section):
    """The authority's one-stop software (docs/one-stop.md): filing, and the services of catalogue and status."""

    url: str = Field(pattern="^https?://")
    client_id: str
    client_secret: Secret
    username: str
    password: Secret
    """Of the catalogue and status services (LayDanhSachTTHC, TraCuuHoSo)."""
    unit: str = Field(pattern=r"^[0-9A-Za-z._-]{1,40}$")
    """`madonvi`: who asks."""
    destination: str = Field(default="VN:GOV:ONE-STOP", pattern=r"^[0-9A-Za-z:._-]{1,80}$")
    """Header `dstcode`."""
    vocabulary: Literal["national", "opencps"] = "national"
    """Whose words its statuses are (`gateway/data/one-stop/statuses.toml`)."""
    timeout_seconds: float = Field(default=10.0, gt=0, le=60)
    poll_seconds: float = Field(default=60.0, ge=0.2, le=3600)
    """How often it is asked what became of open dossiers."""


class OneStop(Section):
    """A one-stop centre: its agency, its catalogue, how long what was sent waits for the counter."""

    agency: str = Field(max_length=200)
    agency_en: str = Field(max_length=200)
    agency_code: str = Field(pattern=r"^[0-9A-Za-z.]{1,30}$")
    """What heads dossier numbers; the authority's system gives them."""
    commune: str = Field(pattern="^[0-9]{5}$")
    province: str = Field(pattern="^[0-9]{2}$")
    seat: str = Field(default="", max_length=80)
    """The place that heads the date of forms: "Hòa Giang"."""
    receiving_unit: str = "Bộ phận Tiếp nhận và Trả kết quả"
    register_book: str = "01"
    officers: dict[str, str] = Field(default_factory=dict[str, str])
    """Names as forms print them, by account: `hien = "Nguyễn Thị Hiền"`. Default: the account's name."""
    catalogue: Path
    calendar: Path
    procedure_page: str = Field(default="", max_length=200)
    """Public page of a procedure with `{code}` in it, opened by people's own phones. Empty: none is offered."""
    favourites: tuple[ProcedureCode, ...] = Field(default=(), max_length=3)
    """Procedures with a tile of their own on the kiosks' start page."""
    guidance: Path | None = None
    """Folder of notices and guides (`guidance.toml` and its pictures); default: those of `gateway/data/one-stop`."""
    system: OneStopSystem | None = None
    """None: nothing is filed from here, everything ends at the counter."""
    pending_hours: int = Field(default=72, ge=1, le=720)
    """What was sent and not accepted is deleted after this."""
    draft_hours: int = Field(default=72, ge=24, le=72)
    draft_tries: int = Field(default=5, ge=3, le=10)
    supplement_days: int = Field(default=5, ge=1, le=60)
    """Working days within which a supplement is asked for, unless the officer says otherwise."""
    extensions: int = Field(default=1, ge=0, le=5)
    """How often another day may be promised for one dossier (form 04)."""
    fees_to: Beneficiary | None = None
    """Whose money fees are."""
    fees_of_kind: dict[str, Beneficiary] = Field(default_factory=dict[str, Beneficiary])
    """The same for one kind of fee (LoaiPhiLePhi), where kinds go to different accounts."""
    assist_minutes: int = Field(default=30, ge=5, le=240)


class Uploads(Section):
    """The process that takes photographs from people's phones (`python -m gateway upload`)."""

    url: str = Field(pattern="^https?://")
    """As phones reach it."""
    internal_url: str = Field(pattern="^https?://")
    """As the gateway reaches it; the process itself never calls the gateway."""
    secret: Secret
    """Shared by both, at least 32 characters."""
    host: str = "127.0.0.1"
    port: int = Field(default=8444, ge=0, le=65535)
    internal_host: str = "127.0.0.1"
    internal_port: int = Field(default=8445, ge=0, le=65535)
    secure_cookies: bool = True
    """Off only without TLS (loopback)."""
    minutes: int = Field(default=15, ge=2, le=60)
    max_file_mb: int = Field(default=12, ge=1, le=50)
    max_total_mb: int = Field(default=60, ge=1, le=500)
    max_pages: int = Field(default=40, ge=1, le=200)
    """Of one session, all documents together."""
    sessions: int = Field(default=20, ge=1, le=500)
    """At the same time: pages are kept in memory only."""
    wifi_ssid: str = Field(default="", max_length=32)
    wifi_password: Secret | None = None
    """None with an ssid: an open network."""


class Staff(Section):
    """Staff pages."""

    session_hours: float = Field(default=12, gt=0, le=24)
    call_closes_minutes: float = Field(default=5, gt=0)
    """An acknowledged call closes by itself after this time, so that the next person's call rings again."""


class Retention(Section):
    """Days each class of data is kept, to the end of the day at the place (classes: `gateway.privacy.holding`).

    Proposals where the law names no number: a site decides them with its counsel and writes them into its notice.
    """

    session: int = Field(default=1, ge=1, le=30)
    asked: int = Field(default=1, ge=1, le=35)
    answer: int = Field(default=35, ge=35, le=90)
    """Not less than 35: kiosks may be offline for 30 days and send again after that."""
    visit: int = Field(default=90, ge=36)
    """Longer than `answer`: a registration that is sent again must find itself."""
    insurance: int = Field(default=730, ge=30)
    payer: int = Field(default=180, ge=30)
    payment: int = Field(default=3650, ge=1825)
    """Accounting vouchers: 10 years, never under 5 (Decree 174/2016 articles 12 and 13)."""
    consent: int = Field(default=1825, ge=365)
    biometric: int = Field(default=730, ge=30)
    """Templates of fingers, from their last use on; erased at once when the consent is withdrawn."""
    oversight: int = Field(default=1825, ge=365)
    staff: int = Field(default=365, ge=30)
    """After an account was closed."""
    figures: int = Field(default=1825, ge=365)
    dossier: int = Field(default=180, ge=30)
    """What this gateway holds of a dossier, after its end; the authority's own archive is elsewhere."""
    draft: int = Field(default=3, ge=1, le=3)


class Processor(Section):
    """Somebody who works on the data for this place, and whom to call at once when something happened."""

    name: str
    work: str
    contact: str


class Fleet(Section):
    """When a kiosk is missed, and who may read its figures."""

    silent_seconds: int = Field(default=90, ge=10, le=3600)
    """A kiosk that says nothing for so long is an alarm: three heartbeats."""
    waiting_seconds: int = Field(default=1800, ge=60)
    """Something in a kiosk's outbox that waits for longer is an alarm."""
    clock_seconds: int = Field(default=60, ge=5)
    """A kiosk's clock that is off by more is an alarm."""
    essential: tuple[str, ...] = ("reader", "printer")
    """Devices without which a kiosk is red."""
    metrics_token: Secret | None = None
    """Bearer token of GET /metrics; without one there is no such page."""


class Privacy(Section):
    """What the keeper of data works by."""

    retention: Retention = Retention()
    purge_hour: int = Field(default=2, ge=0, le=23)
    """The daily purge runs in the first round after this hour (at the place)."""
    holidays: tuple[date, ...] = ()
    """Days that are no working days besides Saturdays and Sundays (swapped working Saturdays are not known)."""
    processors: tuple[Processor, ...] = ()
    notices: Path | None = None
    """Folder of notices, one file for each version (`<notice_version>.toml`); default: those of `gateway/data`."""
    consents: tuple[str, ...] = ()
    """Purposes that need a consent here, by their ids in the notice; each is asked for by itself, unticked.

    None by default: what a check-in does needs a notice and no consent, and none may be asked for what is not done."""
    ask_cash_reason: bool = True
    """Whether kiosks ask, with one tap, why somebody pays at the cashier and not by code."""


class Settings(Section):
    """All settings of a gateway."""

    server: Server = Server()
    database: str
    """SQLAlchemy URL: sqlite:////var/lib/tram/gateway.db or postgresql+psycopg://…"""
    demo: bool = False
    """A stand-in bank is connected: every pay screen and slip says so."""
    keys: Keys
    place: Place
    insurance: Insurance
    xml0: Xml0 = Xml0()
    bank: Bank
    accounts: tuple[Bank, ...] = ()
    """Other beneficiaries' accounts."""
    payments: Payments = Payments()
    queue: Queue = Queue()
    fingers: Fingers = Fingers()
    trust: TrustSettings = TrustSettings()
    terminal: Terminal | None = None
    hospital: Hospital = Hospital()
    one_stop: OneStop | None = None
    """None: a hospital without one-stop services."""
    uploads: Uploads | None = None
    staff: Staff = Staff()
    privacy: Privacy = Privacy()
    fleet: Fleet = Fleet()
    clinics: Annotated[tuple[ClinicSettings, ...], Field(min_length=1)]
    exam_types: tuple[ExamTypeSettings, ...] = ()
    departments: tuple[DepartmentSettings, ...] = ()
    rooms: tuple[RoomSettings, ...] = ()
    counters: tuple[CounterSettings, ...] = ()
    """Empty: one for each clinic, named after its room."""

    @model_validator(mode="after")
    def _clinics_are_distinct(self) -> Self:
        ids = [clinic.id for clinic in self.clinics]
        if len(set(ids)) != len(ids):
            raise ValueError("clinics: every id may stand once")
        codes = [clinic.code for clinic in self.clinics if clinic.code]
        if len(set(codes)) != len(codes):
            raise ValueError("clinics: every code may stand once")
        return self

    @model_validator(mode="after")
    def _accounts_are_distinct(self) -> Self:
        ids = [account.id for account in (self.bank, *self.accounts)]
        if len(set(ids)) != len(ids) or self.bank.id != "main":
            raise ValueError("accounts: every id may stand once, and [bank] is main")
        return self

    def account(self, id: str) -> Bank | None:
        """The account of that id."""
        return next((account for account in (self.bank, *self.accounts) if account.id == id), None)

    @model_validator(mode="after")
    def _groups_need_a_centre(self) -> Self:
        if self.one_stop is None and any(clinic.group is not None for clinic in self.clinics):
            raise ValueError("clinics: a service group needs the table [one_stop]")
        return self

    @model_validator(mode="after")
    def _clinics_name_what_there_is(self) -> Self:
        types, departments = {one.id for one in self.exam_types}, {one.id for one in self.departments}
        for clinic in self.clinics:
            if unknown := set(clinic.exam_types) - types:
                raise ValueError(f"clinics: {clinic.id}: there is no exam type {min(unknown)}")
            if clinic.department is not None and clinic.department not in departments:
                raise ValueError(f"clinics: {clinic.id}: there is no department {clinic.department}")
        return self

    @model_validator(mode="after")
    def _counters_call_known_clinics(self) -> Self:
        ids = [counter.id for counter in self.counters]
        if len(set(ids)) != len(ids):
            raise ValueError("counters: every id may stand once")
        known = {clinic.id for clinic in self.clinics}
        for counter in self.counters:
            for clinic in counter.clinics:
                if clinic not in known:
                    raise ValueError(f"counters: {counter.id}: there is no clinic {clinic}")
        return self

    @cached_property
    def clinic_codes(self) -> dict[str, str]:
        """What heads each clinic's numbers elsewhere, by the clinic's id; like initials are numbered."""
        codes = {clinic.id: clinic.code for clinic in self.clinics if clinic.code}
        for clinic in self.clinics:
            wanted = [clinic.initials, *(f"{clinic.initials[:3]}{count}" for count in range(2, 1000))]
            codes.setdefault(clinic.id, next(code for code in wanted if code not in codes.values()))
        return codes

    @cached_property
    def all_counters(self) -> dict[str, CounterSettings]:
        """Every counter by its id."""
        return {counter.id: counter for counter in self.counters or tuple(map(_own_counter, self.clinics))}

    def clinic(self, id: str) -> ClinicSettings | None:
        """The clinic of that id."""
        return next((clinic for clinic in self.clinics if clinic.id == id), None)


def _own_counter(clinic: ClinicSettings) -> CounterSettings:
    name, name_en = clinic.room.partition(",")[0][:40], clinic.room_en.partition(",")[0][:40]
    return CounterSettings(id=clinic.id, name=name, name_en=name_en, clinics=(clinic.id,))


def load(files: Sequence[Path]) -> Settings:
    """Read and check settings. Raises SettingsError naming file, line and what is allowed."""
    merged: dict[str, Any] = {}
    for file in files:
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise SettingsError(f"{file}: {error.strerror}") from error
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{file}: {error}") from error
        merged = _over(merged, content)
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(files, dict(fault)) for fault in error.errors())) from error


_SECRET_KEYS = {"env", "file"}
"""Where a secret is kept is one value: a later file replaces it whole."""


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old: object = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict) and not _SECRET_KEYS & value.keys():
            merged[key] = _over(cast("dict[str, Any]", old), cast("dict[str, Any]", value))
        else:
            merged[key] = value
    return merged


def _sentence(files: Sequence[Path], fault: dict[str, Any]) -> str:
    path: tuple[str | int, ...] = fault["loc"]
    name = ".".join(str(part) for part in path) or "settings"
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    return f"{_where(files, key)}: {name}: {fault['msg']}"


def _where(files: Sequence[Path], key: str) -> str:
    wanted = re.compile(rf"^\s*(\[+.*)?\b{re.escape(key)}\b")
    for file in reversed(files):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if key and wanted.search(line):
                return f"{file}:{number}"
    return ", ".join(str(file) for file in files)
