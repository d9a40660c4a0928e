"""The house itself: where it listens, its keys, its place, its staff and its kiosks."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from gateway.settings.base import Secret, Section
from services.contract.models import Desk, HolderCheck


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


class Staff(Section):
    """Staff pages."""

    session_hours: float = Field(default=12, gt=0, le=24)
    call_closes_minutes: float = Field(default=5, gt=0)
    """An acknowledged call closes by itself after this time, so that the next person's call rings again."""


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
