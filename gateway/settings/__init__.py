"""Settings of one gateway: TOML files, later ones over earlier ones, checked as a whole before anything starts.

Secrets never stand in a settings file: a secret is `{ env = "NAME" }` or `{ file = "PATH" }`. Each table's keys stand
in the file of its area; all are under one name.
"""

from __future__ import annotations

from gateway.settings.base import Secret, Section, SettingsError
from gateway.settings.clinics import (
    ClinicSettings,
    CounterSettings,
    DepartmentSettings,
    ExamTypeSettings,
    GroupSettings,
    OpenHours,
    Queue,
    RoomSettings,
    SlotHours,
)
from gateway.settings.hospital import FhirServer, Hospital, IdentifierSystems, RestServer
from gateway.settings.house import Fingers, Fleet, Keys, Place, Server, Staff, Terminal, TrustSettings
from gateway.settings.insurance import Insurance, Xml0
from gateway.settings.one_stop import OneStop, OneStopSystem, Uploads
from gateway.settings.payments import Bank, InvoiceProvider, Payments
from gateway.settings.privacy import Privacy, Processor, Retention
from gateway.settings.reading import load
from gateway.settings.whole import Settings

__all__ = [
    "Bank",
    "ClinicSettings",
    "CounterSettings",
    "DepartmentSettings",
    "ExamTypeSettings",
    "FhirServer",
    "Fingers",
    "Fleet",
    "GroupSettings",
    "Hospital",
    "IdentifierSystems",
    "Insurance",
    "InvoiceProvider",
    "Keys",
    "OneStop",
    "OneStopSystem",
    "OpenHours",
    "Payments",
    "Place",
    "Privacy",
    "Processor",
    "Queue",
    "RestServer",
    "Retention",
    "RoomSettings",
    "Secret",
    "Section",
    "Server",
    "Settings",
    "SettingsError",
    "SlotHours",
    "Staff",
    "Terminal",
    "TrustSettings",
    "Uploads",
    "Xml0",
    "load",
]
