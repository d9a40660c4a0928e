"""Everything one gateway process holds: settings, store, keys, clock, and the ways out to insurer and bank."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import Clock
from gateway.fleet.evidence import EvidenceChecker
from gateway.fleet.terminal import InspectionSystem
from gateway.hospital.link import HospitalLink
from gateway.insurance.rules import Rules
from gateway.insurance.vss import Insurer
from gateway.payments.provider import BankNotifications
from gateway.settings import ClinicSettings, Settings
from gateway.store.bus import Bus
from gateway.store.database import Store
from gateway.store.vault import Vault
from gateway.visits.bookings import Bookings


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
    hospital: HospitalLink | None = None
    """The hospital's own system; None where none is connected."""
    inspection: InspectionSystem | None = None
    """Who may ask chips for fingers; None where the site has no such key."""
    bookings: tuple[Bookings, ...] = ()
    """Where appointments are found beside the gateway's own list: the hospital's system."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return self.clock.now()

    @property
    def audience(self) -> str:
        """The `aud` of client assertions: stays the same whatever address the gateway listens on."""
        return f"urn:tram:gateway:{self.vault.hash('audience', '')[:16]}"


def new_id() -> str:
    """A random id, 128 bits, hexadecimal."""
    return secrets.token_hex(16)
