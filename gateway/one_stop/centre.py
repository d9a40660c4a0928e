"""Everything about one-stop services that a gateway process holds: catalogue, calendar, statuses, the ways out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from gateway.clock import Clock
from gateway.one_stop.guidance import GuidanceFolder
from gateway.one_stop.phones import UploadPlace
from gateway.one_stop.statuses import StatusTable, load_statuses
from gateway.one_stop.system import System
from gateway.settings import OneStop, Settings, SettingsError
from services.contract.one_stop import CatalogueVersion
from services.procedures.calendar import WorkingCalendar
from services.procedures.importing import CatalogueError, parse_catalogue
from services.procedures.records import Catalogue, Procedure

GUIDANCE = Path(__file__).resolve().parents[1] / "data" / "one-stop"


@dataclass(frozen=True)
class File:
    """A file that kiosks fetch as it is."""

    content: bytes
    digest: str

    @classmethod
    def read(cls, path: Path) -> File:
        """Raises SettingsError."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise SettingsError(f"{path}: {error.strerror}") from error
        return cls(content, hashlib.sha256(content).hexdigest())


@dataclass(frozen=True)
class Centre:
    """One place's one-stop services."""

    settings: OneStop
    catalogue_file: File
    catalogue: Catalogue
    calendar_file: File
    calendar: WorkingCalendar
    guidance: GuidanceFolder
    statuses: StatusTable
    system: System | None
    uploads: UploadPlace | None

    @property
    def version(self) -> CatalogueVersion:
        """What kiosks compare with what they have."""
        return CatalogueVersion(
            digest=self.catalogue_file.digest,
            calendar_digest=self.calendar_file.digest,
            name=self.catalogue.name,
            updated=self.catalogue.updated,
            sample=self.catalogue.sample,
            procedures=len(self.catalogue.procedures),
        )

    def procedure(self, code: str, day: date) -> Procedure | None:
        """The record that holds on a day."""
        return self.catalogue.at(code, day)

    @property
    def places(self) -> tuple[str, str]:
        """Commune and province, the narrower first."""
        return self.settings.commune, self.settings.province

    async def close(self) -> None:
        """Close the connections."""
        if self.system is not None:
            await self.system.close()
        if self.uploads is not None:
            await self.uploads.close()


def open_centre(settings: Settings, clock: Clock) -> Centre | None:
    """The centre of these settings; None without one. Raises SettingsError that names record and field."""
    one_stop = settings.one_stop
    if one_stop is None:
        return None
    catalogue_file, calendar_file = File.read(one_stop.catalogue), File.read(one_stop.calendar)
    try:
        catalogue = parse_catalogue(catalogue_file.content)
    except CatalogueError as error:
        raise SettingsError(f"{one_stop.catalogue}: {error}") from error
    try:
        calendar = WorkingCalendar.model_validate_json(calendar_file.content)
    except ValidationError as error:
        fault = error.errors()[0]
        raise SettingsError(f"{one_stop.calendar}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}") from error
    system = one_stop.system
    return Centre(
        settings=one_stop,
        catalogue_file=catalogue_file,
        catalogue=catalogue,
        calendar_file=calendar_file,
        calendar=calendar,
        guidance=GuidanceFolder.open(one_stop.guidance or GUIDANCE),
        statuses=load_statuses("national" if system is None else system.vocabulary),
        system=None if system is None else System(system, one_stop.agency_code, clock),
        uploads=None if settings.uploads is None else UploadPlace(settings.uploads),
    )
