"""Everything one gateway process holds: settings, store, keys, clock, and the ways out to insurer and bank."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.clock import Clock
from gateway.fingers.matching import OneAtATime
from gateway.fleet.evidence import EvidenceChecker
from gateway.fleet.issued import IssuedHere
from gateway.fleet.terminal import InspectionSystem
from gateway.hospital.link import HospitalLink
from gateway.hospital.offer import HospitalOffer
from gateway.insurance.rules import Rules
from gateway.insurance.vss import Insurer
from gateway.one_stop.centre import Centre
from gateway.payments.invoices import Invoices
from gateway.payments.provider import BankNotifications
from gateway.payments.sources import BillSource
from gateway.settings import ClinicSettings, Settings
from gateway.store.bus import Bus
from gateway.store.database import THREADS, Store
from gateway.store.vault import Vault
from gateway.visits.bookings import Bookings
from gateway.workers import Workers


@dataclass(frozen=True)
class House:
    """What every room may use."""

    settings: Settings
    store: Store
    vault: Vault
    clock: Clock
    bus: Bus
    rules: Rules
    insurer: Insurer
    bank: BankNotifications
    evidence: EvidenceChecker
    clinics: Mapping[str, ClinicSettings]
    nonces: IssuedHere = field(default_factory=IssuedHere)
    workers: Workers = field(default_factory=lambda: Workers(THREADS))
    hospital: HospitalLink | None = None
    """The hospital's own system; None where none is connected."""
    fingers: OneAtATime | None = None
    """Compares fingers; None where the site enrols none, or has no matcher."""
    inspection: InspectionSystem | None = None
    """Who may ask chips for fingers; None where the site has no such key."""
    more_banks: Mapping[str, BankNotifications] = field(default_factory=dict[str, BankNotifications])
    """Providers of the other beneficiaries' accounts, by the account's id."""
    sources: Mapping[str, BillSource] = field(default_factory=dict[str, BillSource])
    """Systems whose bills are paid here: `hospital`, `one-stop`."""
    invoices: Invoices | None = None
    """Who issues e-invoices for this place; None where the other systems do."""
    one_stop: Centre | None = None
    """One-stop services; None where the place has none."""
    offer: HospitalOffer | None = None
    """What the hospital's system offers; None where it is not asked."""
    bookings: tuple[Bookings, ...] = ()
    """Where appointments are found beside the gateway's own list: the hospital's system."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return self.clock.now()

    def provider(self, account_id: str) -> BankNotifications:
        """Who tells of money on an account of the settings. KeyError for one that is not there."""
        return self.bank if account_id == self.settings.bank.id else self.more_banks[account_id]

    @property
    def banks(self) -> Mapping[str, BankNotifications]:
        """Every provider by its account's id."""
        return {self.settings.bank.id: self.bank, **self.more_banks}

    def clinic(self, id: str) -> ClinicSettings | None:
        """A clinic as it is offered now: the hospital's own prices and times go before the settings'."""
        clinic = self.clinics.get(id)
        return clinic if clinic is None or self.offer is None else self.offer.on(clinic)

    @property
    def audience(self) -> str:
        """The `aud` of client assertions: stays the same whatever address the gateway listens on."""
        return f"urn:tram:gateway:{self.vault.hash('audience', '')[:16]}"


def new_id() -> str:
    """A random id, 128 bits, hexadecimal."""
    return secrets.token_hex(16)
