"""The tests a technician runs on the device: one function for each, answers without content of cards or codes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

import trio

from drivers.smartcard.connection import CardError
from drivers.smartcard.presence import CardPresence
from drivers.smartcard.trace import ApduLine, is_emrtd
from kiosk.doctor import books, network, places
from kiosk.doctor.findings import Finding, Level
from kiosk.settings import Settings
from services.announcements import Announcer
from services.codes.detect import detect
from services.device_health import PRINTER, READER, SCANNER, SOUND
from services.failures import SCANNER_LOST, code_of
from services.journeys.ports import Offload
from services.journeys.prompts import Lamp, Told
from services.receipts.printing import ReceiptPrinter
from services.receipts.technician import TechnicianSlip, technician_slip
from services.technician.room import Check, Outcome

PATIENCE_SECONDS = 20.0
_LAMPS = {Level.GOOD: Lamp.GOOD, Level.WARNING: Lamp.NOTICE, Level.FAULT: Lamp.FAULT}


class Reader(Protocol):
    """What of the card reader is tested."""

    @property
    def available(self) -> bool:
        """Whether there is one."""
        ...

    @property
    def card(self) -> CardPresence | None:
        """What lies there."""
        ...

    async def inserted(self, *, after: int = -1) -> CardPresence:
        """Wait for a card."""
        ...

    async def lost(self) -> CardError:
        """Wait until there is no reader."""
        ...

    async def probe(self, card: CardPresence) -> tuple[ApduLine, ...]:
        """Ask what needs no key."""
        ...


class Scanner(Protocol):
    """What of the scanner is tested."""

    @property
    def available(self) -> bool:
        """Whether it is open."""
        ...

    async def scanned(self) -> str:
        """The next code."""
        ...


def nobody() -> Outcome:
    """Nothing came in time."""
    return Outcome(Lamp.FAULT, Told("tech.found.nobody", (("seconds", round(PATIENCE_SECONDS)),)))


def failed(code: str) -> Outcome:
    """A failure of the registry."""
    return Outcome(Lamp.FAULT, Told(f"{code}.what"), code)


async def print_slip(receipts: ReceiptPrinter, slip: Callable[[], TechnicianSlip]) -> Outcome:
    """Slip s6, whole and cut."""
    printed = await receipts.print_paper(lambda width: technician_slip(slip(), width))
    if printed.ok:
        return Outcome(Lamp.GOOD, Told("tech.found.printed"))
    return failed(printed.code or "")


async def read_card(reader: Reader) -> Outcome:
    """Any card: what reader and chip answer without a key, with times."""
    if not reader.available:
        return failed(code_of(await reader.lost()))
    with trio.move_on_after(PATIENCE_SECONDS):
        card = await reader.inserted()
        try:
            lines = await reader.probe(card)
        except CardError as error:
            return failed(code_of(error))
        took = sum(line.milliseconds for line in lines)
        told = Told("tech.found.card", (("ms", took),)) if is_emrtd(lines) else Told("tech.found.nochip")
        lamp = Lamp.GOOD if is_emrtd(lines) else Lamp.NOTICE
        return Outcome(lamp, told, lines=tuple(str(line) for line in lines))
    return nobody()


async def scan_code(scanner: Scanner) -> Outcome:
    """Any code: its kind and length, not its text."""
    if not scanner.available:
        return failed(SCANNER_LOST)
    with trio.move_on_after(PATIENCE_SECONDS):
        text = await scanner.scanned()
        return Outcome(Lamp.GOOD, Told("tech.found.code", (("kind", detect(text).value), ("count", len(text)))))
    return nobody()


async def play(announcer: Announcer) -> Outcome:
    """The chime, at the volume sessions begin with."""
    await trio.lowlevel.checkpoint()
    if not announcer.available:
        return Outcome(Lamp.NOTICE, Told("tech.found.silent"))
    announcer.ticket_ready()
    return Outcome(Lamp.GOOD, Told("tech.found.played"))


async def look(
    offload: Offload, name: str, check: Callable[[Settings], Sequence[Finding]], settings: Settings
) -> Outcome:
    """One of the doctor's checks: the worst finding, the others below it."""
    findings = sorted(await offload(f"technician {name}", lambda: check(settings)), key=lambda each: -each.level)
    worst = findings[0]
    told = Told(f"{worst.code}.what") if worst.code else Told(text=worst.text)
    return Outcome(
        _LAMPS[worst.level], told, worst.code, tuple(each.text for each in findings if each.text != told.text)
    )


def bench(
    settings: Settings,
    offload: Offload,
    reader: Reader,
    scanner: Scanner,
    receipts: ReceiptPrinter,
    announcer: Announcer,
    *,
    kiosk: Callable[[], str],
    version: str,
    now: Callable[[], datetime],
) -> tuple[Check, ...]:
    """All tests of this kiosk."""

    def slip() -> TechnicianSlip:
        return TechnicianSlip(kiosk=kiosk(), version=version, printer=settings.printer.kind, at=now())

    def doctor(name: str, check: Callable[[Settings], Sequence[Finding]]) -> Callable[[], Awaitable[Outcome]]:
        return lambda: look(offload, name, check, settings)

    return (
        Check(PRINTER, lambda: print_slip(receipts, slip), seconds=60.0),
        Check(READER, lambda: read_card(reader), "tech.do.card"),
        Check(SCANNER, lambda: scan_code(scanner), "tech.do.scan"),
        Check(SOUND, lambda: play(announcer)),
        Check("gateway", doctor("gateway", network.gateway), seconds=10.0),
        Check("clock", doctor("clock", network.clock), seconds=10.0),
        Check("disk", doctor("disk", places.state), seconds=10.0),
        Check("outbox", doctor("outbox", books.outbox), seconds=10.0),
    )
