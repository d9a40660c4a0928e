"""Bodies of the one-stop routes: catalogue, filing, documents, drafts, following, rating, help.

Status codes are the ten national ones (onestop.md section 5). A dossier has a *sending code* from the kiosk's filing
on; its *dossier code* is the authority's own and is told after an officer accepted it.
"""

from __future__ import annotations

from datetime import date
from enum import Enum, IntEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, model_validator

from services.contract.models import FeeLine, PairCode, Person, ProcedureCode, Wire

SlipToken = Annotated[str, Field(pattern="^[0-9A-HJKMNP-TV-Z]{26}$")]
"""The opaque token of a slip's QR code (`services.codes.slip`)."""
Id = Annotated[str, Field(pattern="^[0-9A-Za-z._-]{1,60}$")]
Name = Annotated[str, Field(max_length=400)]

# --- catalogue and the place's own words ---------------------------------------------------------------------------


class CatalogueVersion(Wire):
    """GET /v1/catalogue/version. GET /v1/catalogue is the file itself (format of `services.procedures`), its ETag the
    digest; GET /v1/catalogue/calendar the working calendar beside it."""

    digest: str = Field(pattern="^[0-9a-f]{64}$")
    calendar_digest: str = Field(pattern="^[0-9a-f]{64}$")
    name: str
    updated: date
    sample: bool
    procedures: int


class PlaceNotice(Wire):
    """Something the place tells on its home screen, from a day to a day. `picture` is fetched by its name."""

    id: Id
    title: str = Field(max_length=80)
    title_en: str = Field(max_length=80)
    text: str = Field(max_length=400)
    text_en: str = Field(max_length=400)
    picture: str | None = None
    first: date
    last: date


class HelpTopic(Enum):
    """What somebody was helped with."""

    LEVEL_1 = "account-level-1"
    LEVEL_2 = "account-level-2"
    VNEID = "vneid"
    HEALTH_BOOK = "health-book"
    FILING = "filing"
    OTHER = "other"


class GuideStep(Wire):
    """One step of a guide."""

    text: str = Field(max_length=240)
    text_en: str = Field(max_length=240)
    picture: str | None = None


class Guide(Wire):
    """A short guide: what level 1 and 2 mean, how to activate an account, the electronic health book…"""

    id: Id
    icon: str
    title: str = Field(max_length=80)
    title_en: str = Field(max_length=80)
    steps: Annotated[tuple[GuideStep, ...], Field(min_length=1, max_length=12)]
    group: str | None = None
    """The service group whose number goes on from here: the police counter."""
    topic: HelpTopic | None = None
    """As what it is counted when somebody reads it to its end."""
    source: str
    accessed: date


class Guidance(Wire):
    """GET /v1/guidance: what holds today. Pictures: GET /v1/guidance/pictures/{name}."""

    notices: tuple[PlaceNotice, ...]
    guides: tuple[Guide, ...]


# --- documents -----------------------------------------------------------------------------------------------------


class FileKind(Enum):
    """What a file is by its own bytes; its name says nothing."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"


class WantedDocument(Wire):
    """A paper that may be photographed: its id in the catalogue, and its name as the phone shows it."""

    component: Id
    name: Name
    name_en: str = Field(default="", max_length=400)


class UploadRequest(Wire):
    """POST /v1/uploads (ask again, never later): a link for this session's phone."""

    session_id: str = Field(pattern="^[0-9A-Za-z-]{8,64}$")
    language: str = Field(default="vi", pattern="^(vi|en)$")
    wanted: Annotated[tuple[WantedDocument, ...], Field(max_length=30)] = ()


class WifiJoin(Wire):
    """The site's own Wi-Fi for phones without mobile data: shown before the link. `text` is the QR code's."""

    ssid: str
    text: str


class UploadedDocument(Wire):
    """One document as it arrived: pages joined to one PDF, pictures cleaned of place and camera."""

    id: Id
    component: str = ""
    name: str = ""
    pages: int
    bytes: int


class Upload(Wire):
    """An upload session. `url` is opened by one phone, once. GET /v1/uploads/{id}, and its events, tell what came."""

    id: Id
    url: str
    wifi: WifiJoin | None = None
    expires_at: AwareDatetime
    max_file_bytes: int
    max_total_bytes: int
    kinds: tuple[FileKind, ...] = tuple(FileKind)
    opened: bool = False
    """A phone has opened the link: nobody else can any more."""
    closed: bool = False
    documents: tuple[UploadedDocument, ...] = ()
    version: int = 0


class KeptDocument(Wire):
    """POST /v1/documents (the body is the file itself): a scan, or a draft's document, kept sealed for a short time.

    The kiosk made its small picture itself; that of a phone's document is
    `GET /v1/uploads/{id}/documents/{document}/preview`, a JPEG of the first page.
    """

    id: Id
    kind: FileKind
    bytes: int
    pages: int
    expires_at: AwareDatetime


class DocumentRef(Wire):
    """A file that came: of an upload session, or a kept one."""

    id: Id
    upload_id: Id | None = None


# --- filing --------------------------------------------------------------------------------------------------------


class DossierStatus(IntEnum):
    """The ten national statuses."""

    NEW = 1
    ACCEPTED = 2
    NOT_ACCEPTED = 3
    PROCESSING = 4
    SUPPLEMENT = 5
    PAYMENT = 6
    WITHDRAWN = 7
    STOPPED = 8
    DONE = 9
    RETURNED = 10


class CopyKind(IntEnum):
    """LoaiBan."""

    ORIGINAL = 0
    COPY = 1
    ELECTRONIC = 2


class Capacity(Enum):
    """For whom somebody files."""

    MYSELF = "myself"
    AUTHORISED = "authorised"
    GUARDIAN = "guardian"
    ORGANISATION = "organisation"


class Signature(Enum):
    """How the declaration is signed."""

    HAND = "hand"
    """On paper, in front of the counter."""
    ELECTRONIC = "electronic"


class ReturnBy(Enum):
    """Where the result is fetched."""

    COUNTER = "counter"
    POST = "post"


class FiledDocument(Wire):
    """A paper of the dossier. Without files the person brings it to the counter."""

    component: Id
    name: Name
    number: int = Field(default=1, ge=1, le=99)
    kind: CopyKind = CopyKind.ORIGINAL
    files: Annotated[tuple[DocumentRef, ...], Field(max_length=20)] = ()


class Organisation(Wire):
    """On whose behalf an organisation's dossier is filed."""

    name: str = Field(max_length=255)
    tax_code: str = Field(default="", max_length=14)


class Declared(Wire):
    """What was declared and agreed to before a dossier was sent: the form's declaration and the notice's words.

    Without `notice_version` the kiosk never heard the notice; then nothing is sent by a gateway that has one.
    """

    form: Id
    form_version: str = Field(max_length=40)
    notice_version: str = Field(default="", max_length=20)
    notice_digest: str = Field(default="", pattern="^([0-9a-f]{64})?$")
    at: AwareDatetime


class Filing(Wire):
    """POST /v1/dossiers (ask again, never later): the dossier enters as status 1.

    `case` is the answers' ids, `answers` the form's fields. An unanswered filing is resolved by its key; the gateway
    itself finds out within minutes whether the authority has it, and following the sending code tells.
    """

    procedure: ProcedureCode
    catalogue_digest: str = Field(pattern="^[0-9a-f]{64}$")
    case: Annotated[tuple[Id, ...], Field(max_length=20)] = ()
    parts: Annotated[tuple[Id, ...], Field(max_length=10)] = ()
    """Of a group: the optional parts that are wanted."""
    capacity: Capacity = Capacity.MYSELF
    applicant: Person
    represented: Person | None = None
    organisation: Organisation | None = None
    phone: str = Field(default="", pattern=r"^[0-9+ .]{0,20}$")
    email: str = Field(default="", max_length=120)
    beneficiaries: Annotated[tuple[Id, ...], Field(max_length=10)] = ()
    """Kinds of beneficiary the person says to belong to; papers prove it at the counter."""
    pieces: dict[Id, Annotated[int, Field(ge=0, le=10_000)]] = Field(default_factory=dict[str, int], max_length=10)
    """What fees are counted by: pages, copies."""
    answers: dict[Annotated[str, Field(max_length=80)], Annotated[str, Field(max_length=2000)]] = Field(
        default_factory=dict[str, str], max_length=200
    )
    from_chip: Annotated[tuple[Annotated[str, Field(max_length=80)], ...], Field(max_length=200)] = ()
    """Which fields came from the chip and were locked."""
    documents: Annotated[tuple[FiledDocument, ...], Field(max_length=40)] = ()
    signature: Signature = Signature.HAND
    signed_with: str = Field(default="", max_length=120)
    """The electronic signature that was used, as the printed declaration names it."""
    return_by: ReturnBy = ReturnBy.COUNTER
    declared: Declared | None = None
    """None is refused: nobody's dossier is sent without their word."""
    draft_code: PairCode | None = None
    """The draft that this dossier was: it is deleted with the filing."""
    assist_id: Id | None = None
    """Somebody of the community digital team helped."""
    session_id: str = Field(pattern="^[0-9A-Za-z-]{8,64}$")
    language: str = Field(default="vi", pattern="^(vi|en)$")
    at: AwareDatetime


# --- following -----------------------------------------------------------------------------------------------------


class StatusEvent(Wire):
    """One step of the timeline. `unit` e.g. "Tổ Tư pháp, Hộ tịch"."""

    status: DossierStatus
    at: AwareDatetime
    unit: str = ""
    note: str = ""


class Missing(Wire):
    """What a supplement asks for, and until when."""

    items: tuple[str, ...]
    until: AwareDatetime | None = None


class MoneyDue(Wire):
    """What is to be paid now; `bill_id` is paid like any bill (POST /v1/payment-intents), None: at the cashier."""

    lines: tuple[FeeLine, ...]
    total: int
    until: AwareDatetime | None = None
    bill_id: str | None = None
    paid: bool = False
    """It was paid here, and the authority's system does not know yet: never pay again."""


class ResultReady(Wire):
    """Where the result lies; `group` is the service group whose number is taken for it."""

    group: str | None
    room: str
    room_en: str
    way: str
    way_en: str


class DossierPart(Wire):
    """One procedure of a dossier; a group has several, each with its own time, status and outcome."""

    id: str
    name: str
    name_en: str = ""
    icon: str = "file-text"
    agency: str = ""
    code: str | None = None
    """Its own dossier code, once it was accepted."""
    status: DossierStatus
    due_at: AwareDatetime | None = None
    outcome: str = ""
    events: tuple[StatusEvent, ...] = ()


class DossierState(Enum):
    """Whether the authority has it."""

    SENDING = "sending"
    """Nobody knows yet: the answer of the authority's system was lost."""
    FILED = "filed"
    NOT_FILED = "not-filed"
    """The authority's system does not have it: file again."""
    LAPSED = "lapsed"
    """Nobody came to the counter in time; what was sent is deleted."""


class Dossier(Wire):
    """A dossier as its owner may see it: no name, no number, no answer of the form."""

    sending_code: PairCode
    token: SlipToken
    state: DossierState
    code: str | None = None
    procedure: str
    name: str
    name_en: str = ""
    mourning: bool = False
    case: tuple[str, ...] = ()
    """The answers in words."""
    status: DossierStatus
    filed_at: AwareDatetime
    kept_until: AwareDatetime | None = None
    """What was sent is kept until then unless the counter accepts it."""
    accepted_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    late: bool = False
    extended: bool = False
    """`due_at` is another day than the one that was promised at the acceptance."""
    posted: bool = False
    """The result comes by post: nobody is sent to a counter for it."""
    documents: int = 0
    parts: tuple[DossierPart, ...] = ()
    events: tuple[StatusEvent, ...] = ()
    missing: Missing | None = None
    money: MoneyDue | None = None
    result: ResultReady | None = None
    may_be_rated: bool = False


class DossiersRequest(Wire):
    """POST /v1/dossiers/find (a question, no write): exactly one way.

    `token` of a slip's QR code · `code`, a sending code alone, or a dossier code with its `look_up_code` · `person`
    whom the chip proves: every dossier of theirs. 404: nothing fits (never says what was wrong); 429: too many wrong
    tries, `detail` tells in how many seconds.
    """

    token: SlipToken | None = None
    code: str | None = Field(default=None, min_length=1, max_length=80)
    look_up_code: str | None = Field(default=None, max_length=10)
    person: Person | None = None

    @model_validator(mode="after")
    def _one_way(self) -> DossiersRequest:
        if sum(way is not None for way in (self.token, self.code, self.person)) != 1:
            raise ValueError("exactly one of token, code and person")
        return self


class Dossiers(Wire):
    """The newest first."""

    dossiers: tuple[Dossier, ...]


# --- drafts --------------------------------------------------------------------------------------------------------


class DraftSave(Wire):
    """POST /v1/drafts (ask again, never later). Documents of the session go with it; `replaces` is deleted."""

    number: str = Field(pattern="^[0-9]{9}([0-9]{3})?$")
    procedure: ProcedureCode
    case: Annotated[tuple[Id, ...], Field(max_length=20)] = ()
    parts: Annotated[tuple[Id, ...], Field(max_length=10)] = ()
    capacity: Capacity = Capacity.MYSELF
    answers: dict[Annotated[str, Field(max_length=80)], Annotated[str, Field(max_length=2000)]] = Field(
        default_factory=dict[str, str], max_length=200
    )
    documents: Annotated[tuple[FiledDocument, ...], Field(max_length=40)] = ()
    replaces: PairCode | None = None


class DraftSaved(Wire):
    """The code on the slip, and until when it opens."""

    code: PairCode
    expires_at: AwareDatetime


class DraftOpen(Wire):
    """POST /v1/drafts/open (a question, no write), POST /v1/drafts/delete. 404: no such draft, or another number
    (`detail` is how many tries are left); 423: locked after five wrong tries."""

    code: str = Field(min_length=1, max_length=20)
    number: str = Field(pattern="^[0-9]{9}([0-9]{3})?$")


class Draft(Wire):
    """A draft again. Its documents are kept ones now; answers from a chip come from the chip again, never from here."""

    code: PairCode
    procedure: ProcedureCode
    case: tuple[Id, ...]
    parts: tuple[Id, ...]
    capacity: Capacity
    answers: dict[str, str]
    documents: tuple[FiledDocument, ...]
    saved_at: AwareDatetime
    expires_at: AwareDatetime


# --- rating --------------------------------------------------------------------------------------------------------


class RatingReason(Enum):
    """What was good or not: optional, several."""

    ATTITUDE = "attitude"
    TIME = "time"
    GUIDANCE = "guidance"
    ROUNDS = "rounds"
    """How often one had to come."""
    PAPERS = "papers"
    FEES = "fees"
    PLACE = "place"
    KIOSK = "kiosk"


class Rating(Wire):
    """POST /v1/ratings (deliver later): of a dossier or of a counter ticket, by its slip's token, once.

    The gateway counts it by week and service group and keeps no rating: only that this one was rated.
    """

    token: SlipToken
    level: int = Field(ge=1, le=5)
    """1 very dissatisfied … 5 very satisfied."""
    reasons: Annotated[tuple[RatingReason, ...], Field(max_length=8)] = ()


class Rated(Wire):
    """Whether it counted: not when it was rated before, or its result is not there yet."""

    counted: bool


class RateableRequest(Wire):
    """POST /v1/ratings/ask (a question, no write): may what this slip, or dossier code, names be rated?"""

    token: SlipToken | None = None
    code: str | None = Field(default=None, min_length=1, max_length=80)
    look_up_code: str | None = Field(default=None, max_length=10)


class Rateable(Wire):
    """`token` is what to rate; None with the reason why not."""

    token: SlipToken | None
    name: str = ""
    name_en: str = ""
    mourning: bool = False
    reason: str = Field(default="", pattern="^(|unknown|not-yet|rated)$")


# --- digital help --------------------------------------------------------------------------------------------------


class AssistStart(Wire):
    """POST /v1/assists: somebody of the community digital team signs in, by name and PIN or by their own card.

    403: nobody by that name, PIN or card; 429: too many tries.
    """

    name: str | None = Field(default=None, max_length=40)
    pin: str | None = Field(default=None, pattern="^[0-9]{4,12}$")
    person: Person | None = None


class Assist(Wire):
    """What is done until then is logged as assisted."""

    id: Id
    name: str
    commune: str
    expires_at: AwareDatetime


class DigitalHelp(Wire):
    """POST /v1/digital-help (deliver later): one more person helped, counted by day, commune and topic."""

    assist_id: Id | None = None
    """None: the guide on the kiosk alone."""
    topic: HelpTopic
    at: AwareDatetime
