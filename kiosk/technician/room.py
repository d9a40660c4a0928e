"""This kiosk's technician's mode: the board of devices, the buttons, the settings, the bundle."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Protocol

from drivers.printer import PrinterErrorReason
from drivers.smartcard.presence import CardPresence
from drivers.supervisor import Supervisor
from kiosk import __version__
from kiosk.doctor.command import as_json
from kiosk.doctor.examine import CHECKS, run_checks
from kiosk.printer_place import place_of
from kiosk.settings import Settings
from kiosk.technician.bundle import LogTail, write
from kiosk.technician.card import TechnicianCards
from kiosk.technician.changes import checker
from kiosk.technician.sticks import stick
from kiosk.technician.traces import CardTraces
from services.contract.diagnostics import DiagnosticsKept, pack
from services.contract.models import DeviceState
from services.device_health import (
    CARD_TERMINAL,
    DOCUMENT_SCANNER,
    FINGER,
    JACK,
    KEYPAD,
    PRINTER,
    READER,
    SCANNER,
    SOUND,
    TOUCH,
    Health,
    HealthBoard,
    Record,
    of_touch,
)
from services.failures import REGISTRY, TOUCH_MISSED, code_of
from services.gateway_client import GatewayError
from services.journeys.ports import Offload
from services.journeys.prompts import (
    DeviceAction,
    DeviceHistory,
    DeviceRow,
    Lamp,
    ResultRow,
    SettingRow,
    TechnicianBoard,
    Told,
)
from services.receipts.printing import NEARLY_OUT, ReceiptPrinter, failure_code
from services.technician.handshake import Handshake
from services.technician.pin import PinBook, PinVerdict
from services.technician.room import Check
from services.technician.site_settings import CHOICES, Choice, NotChanged, SiteSettings, Value
from services.technician.site_settings import FILE as ON_SITE

log = logging.getLogger(__name__)
DEVICE = "technician"
RECENT = timedelta(days=7)
SHOWN_FAILURES = 4
_ICONS = {
    PRINTER: ("printer", DeviceAction.PRINT),
    READER: ("identification-card", DeviceAction.REOPEN),
    SCANNER: ("barcode", DeviceAction.REOPEN),
    SOUND: ("speaker-high", DeviceAction.PLAY),
    FINGER: ("fingerprint", DeviceAction.REOPEN),
    DOCUMENT_SCANNER: ("file-text", DeviceAction.REOPEN),
    CARD_TERMINAL: ("coins", DeviceAction.REOPEN),
    KEYPAD: ("keyboard", DeviceAction.REOPEN),
    JACK: ("headphones", DeviceAction.REOPEN),
}
_STATES = {
    failure_code(PrinterErrorReason.PAPER_OUT): "paper-out",
    failure_code(PrinterErrorReason.CUTTER): "jam",
    failure_code(PrinterErrorReason.COVER_OPEN): "cover-open",
    NEARLY_OUT: "paper-low",
}
"""Words for what the printer's state alone does not say."""
_BAD = frozenset({DeviceState.NO_DEVICE, DeviceState.OFFLINE, DeviceState.HARDWARE_ERROR, DeviceState.USER_ERROR})
_ORDER = {Lamp.FAULT: 0, Lamp.NOTICE: 1, Lamp.GOOD: 2}


@dataclass(frozen=True)
class Line:
    """What the room asks of the gateway's client."""

    online: Callable[[], bool]
    waiting: Callable[[], Awaitable[int]]
    send_now: Callable[[], None]
    send_bundle: Callable[[bytes], Awaitable[DiagnosticsKept]]
    """Raises GatewayError."""


class Glass(Protocol):
    """The window and its touches."""

    @property
    def size(self) -> tuple[int, int]:
        """In its own pixels."""
        ...

    def last_touch(self) -> float | None:
        """When somebody touched it (monotonic); None since the start: nobody."""
        ...


class TechnicianRoom:
    """Implements services.technician.room.Room."""

    def __init__(
        self,
        path: Path,
        settings: Settings,
        board: HealthBoard,
        supervisors: Mapping[str, Supervisor],
        receipts: ReceiptPrinter,
        tests: tuple[Check, ...],
        offload: Offload,
        line: Line,
        tail: LogTail,
        cards: TechnicianCards,
        traces: CardTraces,
        glass: Glass,
        *,
        kiosk: str,
        now: Callable[[], datetime],
        language: Callable[[], str],
        end: Callable[[], None],
    ) -> None:
        """`end` ends this program so that it starts anew."""
        self.handshake = Handshake()
        self.tests = tests
        self._settings, self._board, self._supervisors, self._receipts = settings, board, supervisors, receipts
        self._offload, self._line, self._tail = offload, line, tail
        self._kiosk, self._now, self._language, self._end = kiosk, now, language, end
        self._pins = PinBook(settings.state_directory)
        self._cards, self._traces, self._glass = cards, traces, glass
        self._touched: tuple[datetime, int] | None = None
        self._site = SiteSettings(settings.state_directory / ON_SITE, checker(path))
        self._path = path
        self._began = monotonic()
        self._day: date = now().date()
        self._served = 0

    # --- in and out ------------------------------------------------------------------------------------------------

    async def locked(self) -> int:
        """See Room."""
        return await self._offload(DEVICE, self._pins.wait)

    async def check(self, pin: str) -> PinVerdict:
        """See Room."""
        return await self._offload(DEVICE, lambda: self._pins.check(pin))

    async def opened_by(self, card: CardPresence) -> bool:
        """See Room."""
        return await self._cards.opened_by(card)

    async def card_lies_here(self) -> bool:
        """See Room."""
        return await self._cards.lies_here()

    async def card_laid_down(self) -> None:
        """See Room."""
        await self._cards.laid_down()

    def session_over(self) -> None:
        """See Room."""
        self._new_day(self._now().date())
        self._served += 1

    def _new_day(self, today: date) -> None:
        if today != self._day:
            self._day, self._served = today, 0

    def restart(self) -> None:
        """See Room."""
        self._end()

    # --- the board -------------------------------------------------------------------------------------------------

    async def board(self, note: Told | None) -> TechnicianBoard:
        """See Room."""
        now = self._now()
        self._new_day(now.date())
        waiting = await self._line.waiting()
        devices = [self._device(health) for health in self._board.now() if health.device != TOUCH]
        rows = [*devices, self._touch(), self._gateway(waiting)]
        return TechnicianBoard(
            kiosk=self._kiosk,
            version=__version__,
            running=self._running(),
            clock=f"{now:%H:%M:%S}",
            rows=tuple(sorted(rows, key=lambda row: _ORDER[row.lamp])),
            waiting=waiting,
            served=self._served,
            note=note,
        )

    def _running(self) -> Told:
        minutes = int((monotonic() - self._began) // 60)
        if minutes < 60:
            return Told("tech.running.minutes", (("count", minutes),))
        hours = minutes // 60
        return (
            Told("tech.running.hours", (("count", hours),))
            if hours < 24
            else Told("tech.running.days", (("count", hours // 24),))
        )

    def _device(self, health: Health) -> DeviceRow:
        record = self._board.record(health.device)
        icon, action = _ICONS.get(health.device, ("info", DeviceAction.REOPEN))
        if health.device == PRINTER and self._receipts.unprinted and health.works:
            action = DeviceAction.CLEAR
        if health.state in _BAD:
            lamp = Lamp.NOTICE if health.device == SOUND else Lamp.FAULT
        else:
            lamp = Lamp.NOTICE if health.failure_code else Lamp.GOOD
        state = _STATES.get(health.failure_code or "", health.state.value)
        return DeviceRow(
            health.device, icon, lamp, f"tech.state.{state}", self._since(health.device, record),
            self._last(health, record), action,
        )  # fmt: skip

    def _since(self, device: str, record: Record) -> Told:
        wire = self._wire(device)
        if record.since is None:
            return Told(text=wire)
        time = self._clock(record.since)
        return Told("tech.since", (("wire", wire), ("time", time), ("losses", record.losses)))

    def _wire(self, device: str) -> str:
        settings = self._settings
        match device:
            case "printer":
                return f"ESC/POS · {place_of(settings.printer)}"
            case "scanner":
                return str(settings.scanner.path)
            case "reader":
                return f"PC/SC {settings.reader.name}".strip()
            case "sound":
                return settings.audio.device
            case "keypad":
                return str(settings.listening.keypad or "")
            case "headphone-socket":
                return settings.listening.jack
            case "finger" if settings.finger is not None:
                return "libfprint" if settings.finger.kind == "libfprint" else str(settings.finger.path)
            case "document-scanner" if settings.document_scanner is not None:
                return settings.document_scanner.name
            case "card-terminal" if settings.card_terminal is not None:
                return f"{settings.card_terminal.host}:{settings.card_terminal.port}"
            case _:
                return device

    def _last(self, health: Health, record: Record) -> Told:
        recent = [each for each in record.failures if self._now() - each.at <= RECENT]
        if health.failure_code is None:
            if not recent:
                return Told("tech.last.none")
            return Told("tech.last", (("time", self._clock(recent[0].at)), ("code", recent[0].code)))
        what = ""
        if health.failure_code in REGISTRY:
            what = REGISTRY[health.failure_code].sentences(self._language())[0].rstrip(".")
        since = self._clock(record.since or self._now())
        args = (("time", since), ("code", health.failure_code), ("what", what))
        if health.device == PRINTER and self._receipts.unprinted:
            return Told("tech.now.slips", (*args, ("count", self._receipts.unprinted)))
        return Told("tech.now", args)

    def _clock(self, moment: datetime) -> str:
        now = self._now()
        local = moment.astimezone(now.tzinfo)
        return f"{local:%H:%M}" if local.date() == now.date() else f"{local:%d/%m}"

    def _touch(self) -> DeviceRow:
        """What is known of the glass: that it was touched, and what the last grid found."""
        width, height = self._glass.size
        at = self._glass.last_touch()
        size = (("width", width), ("height", height))
        detail = Told("tech.touch.size", size)
        if at is not None:
            time = self._clock(self._now() - timedelta(seconds=monotonic() - at))
            detail = Told("tech.touch.lately", (*size, ("time", time)))
        if self._touched is None:
            state, lamp = ("tech.state.untested", Lamp.GOOD) if at is not None else ("tech.state.unknown", Lamp.NOTICE)
            return DeviceRow(TOUCH, "hand-tap", lamp, state, detail, Told("tech.touch.untested"), DeviceAction.GRID)
        time, missed = self._clock(self._touched[0]), self._touched[1]
        if missed:
            last = Told("tech.touch.missed", (("time", time), ("code", TOUCH_MISSED), ("count", missed)))
            return DeviceRow(TOUCH, "hand-tap", Lamp.FAULT, "tech.lamp.fault", detail, last, DeviceAction.GRID)
        last = Told("tech.touch.all", (("time", time),))
        return DeviceRow(TOUCH, "hand-tap", Lamp.GOOD, "tech.state.online", detail, last, DeviceAction.GRID)

    def history(self, device: str) -> DeviceHistory:
        """See Room."""
        record, language = self._board.record(device), self._language()
        found: dict[str, list[datetime]] = {}
        for failure in record.failures:
            if self._now() - failure.at <= RECENT:
                found.setdefault(failure.code, []).append(failure.at)
        rows: list[ResultRow] = []
        for code, times in list(found.items())[:SHOWN_FAILURES]:
            told = Told("tech.history.when", (("time", self._clock(times[0])), ("count", len(times))))
            known = REGISTRY.get(code)
            cure = "" if known is None else f"{known.sentences(language)[0]} {known.cure(language)}"
            rows.append(ResultRow(code, None, told, cure))
        counts = Told("tech.history.counts", (("changes", record.changes), ("losses", record.losses)))
        return DeviceHistory(counts, tuple(rows))

    def touched(self, missed: int) -> None:
        """See Room."""
        self._touched = self._now(), missed
        self._board.report(of_touch(missed))

    def _gateway(self, waiting: int) -> DeviceRow:
        online = self._line.online()
        detail = Told("tech.gateway.answers", (("wire", self._settings.gateway.url), ("count", waiting)))
        state = "online" if online else "offline"
        record = self._board.record("gateway")
        health = Health("gateway", DeviceState.ONLINE if online else DeviceState.OFFLINE)
        return DeviceRow(
            "gateway", "hard-drives", Lamp.GOOD if online else Lamp.FAULT, f"tech.state.{state}", detail,
            self._last(health, record), DeviceAction.SEND,
        )  # fmt: skip

    # --- buttons ---------------------------------------------------------------------------------------------------

    async def act(self, device: str, action: DeviceAction) -> Told:
        """See Room."""
        log.info("technician: %s of %s", action.value, device)
        match action:
            case DeviceAction.REOPEN if device in self._supervisors:
                await self._supervisors[device].reset()
                return Told("tech.reopened")
            case DeviceAction.CLEAR:
                self._receipts.clear_unprinted()
                return Told("tech.cleared")
            case DeviceAction.SEND:
                self._line.send_now()
                return Told("tech.sent")
            case _:
                found = [test for test in self.tests if test.name == device]
                return (await found[0].run()).told if found else Told("tech.found.none")

    async def export(self) -> Told:
        """See Room."""
        place = stick(self._settings.technician.sticks)
        if place is None:
            return await self._send_bundle()
        try:
            path = await self._offload(DEVICE, lambda: write(self._bundle(), place, self._kiosk, self._now()))
        except OSError as error:
            log.warning("technician: the bundle was not written: %s", error.strerror)
            return Told("tech.export.failed", (("why", error.strerror or "?"),))
        log.info("technician: a bundle was written to a stick")
        return Told("tech.exported", (("file", path.name),))

    async def _send_bundle(self) -> Told:
        """No stick is plugged in: the gateway keeps it."""
        try:
            kept = await self._line.send_bundle(await self._offload(DEVICE, self._bundle))
        except OSError as error:
            log.warning("technician: the bundle was not made: %s", error.strerror)
            return Told("tech.export.failed", (("why", error.strerror or "?"),))
        except GatewayError as error:
            log.warning("technician: the bundle was not sent: %s", error)
            return Told("tech.export.none", (("code", code_of(error)),))
        log.info("technician: a bundle was sent to the gateway")
        return Told("tech.export.sent", (("id", kept.id[:8]), ("kilobytes", max(1, kept.bytes // 1024))))

    def _bundle(self) -> bytes:
        """Blocking: runs every check of the doctor."""
        sections = run_checks(self._settings, CHECKS, 1.4)
        worst = max(section.level for section in sections)
        record = self._board.record
        devices = {
            health.device: {
                "state": health.state.value,
                "code": health.failure_code,
                **asdict(record(health.device)),
            }
            for health in self._board.now()
        }
        return pack(
            {
                "about.json": {"kiosk": self._kiosk, "version": __version__, "at": self._now().isoformat()},
                "doctor.json": as_json(sections, worst),
                "devices.json": devices,
                "settings.toml": self._settings_text(),
                "trace.txt": self._traces.text,
                "log.txt": self._tail.text,
            }
        )

    def _settings_text(self) -> str:
        """The installer's file and what was changed on site."""
        on_site = self._settings.state_directory / ON_SITE
        changes = on_site.read_text("utf-8") if on_site.exists() else ""
        return f"{self._path.read_text('utf-8')}\n# --- changed on site\n{changes}"

    # --- settings --------------------------------------------------------------------------------------------------

    def settings(self) -> tuple[SettingRow, ...]:
        """See Room."""
        return tuple(SettingRow(choice.name, _value(self._value(choice))) for choice in CHOICES)

    @property
    def can_undo(self) -> bool:
        """See Room."""
        return bool(self._site.backups)

    def _value(self, choice: Choice) -> Value:
        default: Value = getattr(getattr(self._settings, choice.table), choice.key)
        return self._site.value(choice, default)

    async def next_value(self, name: str) -> Told:
        """See Room."""
        choice = next(each for each in CHOICES if each.name == name)
        value = self._value(choice)
        place = choice.values.index(value) + 1 if value in choice.values else 0
        new = choice.values[place % len(choice.values)]
        try:
            await self._offload(DEVICE, lambda: self._site.change(choice, new))
        except NotChanged as error:
            log.warning("technician: %s was not changed: %s", name, error)
            return Told("tech.settings.refused", (("why", str(error).splitlines()[0]),))
        log.info("technician: %s was changed", name)
        return Told("tech.settings.changed")

    async def undo(self) -> Told:
        """See Room."""
        try:
            await self._offload(DEVICE, self._site.undo)
        except NotChanged as error:
            return Told("tech.settings.refused", (("why", str(error).splitlines()[0]),))
        log.info("technician: a change was undone")
        return Told("tech.settings.undone")


def _value(value: Value) -> Told:
    return Told(f"tech.value.{value}") if isinstance(value, str) else Told(text=str(value))
