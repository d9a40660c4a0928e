"""Accounts, their providers, invoices and how payments are watched."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from gateway.settings.base import Secret, Section


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
