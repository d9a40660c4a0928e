"""What the kiosk remembers of its site across restarts, for a start without network. Nothing personal."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from services.contract.models import Clinic, Clinics, Desk, Notice, Room, Rooms, Site, Wire
from services.gateway_client.identity import write_private
from services.journeys.ports import Clock
from services.messages import tr

log = logging.getLogger(__name__)

W = TypeVar("W", bound=Wire)

SITE = "site.json"
CLINICS = "clinics.json"
ROOMS = "rooms.json"
NOTICE = "notice.json"


class Memory:
    """The last site, rooms and clinics (as a self-paying person sees them), in the state directory."""

    def __init__(self, state: Path, clock: Clock, *, demo: bool) -> None:
        self._state = state
        self.site = self._load(SITE, Site) or unknown_site(clock, demo=demo)
        self._clinics = self._load(CLINICS, Clinics) or Clinics(clinics=())
        self.rooms: tuple[Room, ...] = (self._load(ROOMS, Rooms) or Rooms(rooms=())).rooms
        self.notice: Notice | None = self._load(NOTICE, Notice)

    @property
    def clinics(self) -> tuple[Clinic, ...]:
        """The last clinics."""
        return self._clinics.clinics

    def keep_site(self, site: Site) -> None:
        """A new answer; written only when something but the time changed (blocks for a disk write)."""
        changed = self.site.model_copy(update={"server_time": site.server_time}) != site
        self.site = site
        if changed:
            self._write(SITE, site.model_dump_json(indent=1))

    def keep_clinics(self, clinics: Clinics) -> None:
        """A new answer; what changes by the minute is not kept on the disk."""
        lasting = _all_lasting(clinics)
        changed = _all_lasting(self._clinics) != lasting
        self._clinics = clinics
        if changed:
            self._write(CLINICS, lasting.model_dump_json(indent=1))

    def keep_rooms(self, rooms: tuple[Room, ...]) -> None:
        """A new answer."""
        changed, self.rooms = self.rooms != rooms, rooms
        if changed:
            self._write(ROOMS, Rooms(rooms=rooms).model_dump_json(indent=1))

    def keep_notice(self, notice: Notice) -> None:
        """A new answer; its words are needed offline too."""
        changed, self.notice = self.notice != notice, notice
        if changed:
            self._write(NOTICE, notice.model_dump_json(indent=1))

    def offline_clinics(self, *, insured: bool) -> Clinics:
        """The last clinics without waiting and times; amounts only for who pays for themselves."""
        return _all_lasting(self._clinics, amounts=not insured)

    def _write(self, name: str, text: str) -> None:
        try:
            write_private(self._state / name, text.encode())
        except OSError as error:
            # It is only a memory for bad days: today's answer is in hand.
            log.warning("%s cannot be kept: %s", name, error)

    def _load(self, name: str, kind: type[W]) -> W | None:
        try:
            return kind.model_validate_json((self._state / name).read_bytes())
        except (OSError, ValidationError):
            return None


def _all_lasting(clinics: Clinics, *, amounts: bool = True) -> Clinics:
    lasting = tuple(_lasting(clinic, amounts=amounts) for clinic in clinics.clinics)
    return clinics.model_copy(update={"clinics": lasting})


def _lasting(clinic: Clinic, *, amounts: bool = True) -> Clinic:
    gone = {"waiting": None, "minutes": None, "opens_at": None, "available": True, "slots": None}
    return clinic.model_copy(update=gone if amounts else gone | {"amounts": None})


def unknown_site(clock: Clock, *, demo: bool) -> Site:
    """Before the gateway ever answered: words that are true at every place."""

    def desk(name: str) -> Desk:
        return Desk(name=tr(f"site.{name}", "vi"), name_en=tr(f"site.{name}", "en"))

    return Site(
        place=tr("site.place", "vi"),
        place_en=tr("site.place", "en"),
        kiosk_name=tr("site.kiosk", "vi"),
        kiosk_name_en=tr("site.kiosk", "en"),
        kiosk_letter="X",
        help_desk=desk("desk.help"),
        insurance_desk=desk("desk.insurance"),
        cashier=desk("desk.cashier"),
        demo=demo,
        notice_version="",
        server_time=clock.now(),
    )
