"""The hospital's own system."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from gateway.settings.base import Secret, Section

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
