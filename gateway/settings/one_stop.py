"""The one-stop centre, the authority's system and the place of photographs."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from gateway.settings.base import Secret, Section
from services.contract.models import Beneficiary, ProcedureCode


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
