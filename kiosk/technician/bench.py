"""The tests a technician runs on the device: one function for each, answers without content of cards or codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Protocol

import trio

from drivers.card_terminal import TerminalError
from drivers.card_terminal.desk import TerminalDesk
from drivers.document_scanner import ScanError
from drivers.emrtd.reading import AccessKeys
from drivers.fingerprint import CaptureNews, FingerError, FingerRefused
from drivers.fingerprint.picture import quality
from drivers.fingerprint.reader import FingerReader
from drivers.smartcard.connection import CardError
from drivers.smartcard.presence import CardPresence
from drivers.smartcard.trace import ApduLine, CardTrace, is_emrtd
from kiosk.doctor import books, network, places
from kiosk.doctor.findings import Finding, Level
from kiosk.settings import Settings
from kiosk.technician.taps import ListeningTaps
from kiosk.technician.traces import CardTraces, table_of
from services.announcements import Announcer
from services.codes.cccd import read_cccd
from services.codes.detect import detect
from services.codes.errors import CodeError
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
)
from services.failures import SCANNER_LOST, code_of
from services.identity.keys import keys_from_code
from services.journeys.ports import Offload, PaperScanner
from services.journeys.prompts import Lamp, Told
from services.journeys.racing import first
from services.receipts.printing import ReceiptPrinter
from services.receipts.technician import TechnicianSlip, technician_slip
from services.technician.room import Check, Outcome

PATIENCE_SECONDS = 20.0
KEYS = ("back", "next", "choose", "repeat")
"""Of the keypad; held long, "choose" says "help"."""
GOOD_FINGER = 60
"""Quality under which a technician should look at window and finger."""
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

    async def trace(self, card: CardPresence, keys: AccessKeys) -> CardTrace:
        """Read it whole and bring the dialogue without its content."""
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


async def read_card(reader: Reader, scanner: Scanner, traces: CardTraces, now: Callable[[], datetime]) -> Outcome:
    """Any card: what reader and chip answer without a key. With the code of an ID card shown first, a whole reading.

    Every command stands in the outcome's table, header, lengths, status and time; not a byte of what was read.
    """
    if not reader.available:
        return failed(code_of(await reader.lost()))
    with trio.move_on_after(PATIENCE_SECONDS):
        keys, card = await _key_and_card(reader, scanner, now)
        try:
            if keys is not None:
                return _traced(await reader.trace(card, keys), traces)
            lines = await reader.probe(card)
        except CardError as error:
            return failed(code_of(error))
        took = sum(line.milliseconds for line in lines)
        told = Told("tech.found.card", (("ms", took),)) if is_emrtd(lines) else Told("tech.found.nochip")
        lamp = Lamp.GOOD if is_emrtd(lines) else Lamp.NOTICE
        return Outcome(lamp, told, lines=tuple(str(line) for line in lines))
    return nobody()


async def _key_and_card(
    reader: Reader, scanner: Scanner, now: Callable[[], datetime]
) -> tuple[AccessKeys | None, CardPresence]:
    """The card that is laid down, and the keys of a code that was shown before it."""
    keys: AccessKeys | None = None

    async def shown() -> CardPresence:
        nonlocal keys
        while True:
            text = await scanner.scanned()
            try:
                keys = keys_from_code(read_cccd(text), now().date())
            except (CodeError, ValueError):
                continue

    card = await first(reader.inserted, shown)
    return keys, card


def _traced(trace: CardTrace, traces: CardTraces) -> Outcome:
    traces.keep(trace)
    args = ("count", len(trace.lines)), ("ms", trace.milliseconds)
    if trace.error is not None:
        code = code_of(trace.error)
        return Outcome(Lamp.FAULT, Told(f"{code}.what"), code, table=table_of(trace))
    return Outcome(Lamp.GOOD, Told("tech.found.traced", args), table=table_of(trace))


async def capture_finger(reader: FingerReader) -> Outcome:
    """Any finger: quality of its picture, size and time. The picture is dropped here."""
    if not reader.available:
        return Outcome(Lamp.FAULT, Told("tech.found.closed"))
    begun = monotonic()
    seen = begun

    def news(_: CaptureNews) -> None:
        nonlocal seen
        seen = monotonic() if seen == begun else seen

    with trio.move_on_after(PATIENCE_SECONDS):
        try:
            picture = await reader.capture(news)
        except FingerRefused as error:
            return Outcome(Lamp.NOTICE, Told(f"tech.finger.{error.hint.value}"))
        except FingerError as error:
            return failed(code_of(error))
        worth, knows = quality(picture), reader.capabilities
        speed = "" if knows.baud is None else f" · {knows.baud} baud"
        line = f"{knows.model or '?'}{speed} · {picture.width} × {picture.height} · {picture.dpi} dpi"
        took = Told("tech.found.finger", (("quality", worth), ("ms", round((monotonic() - seen) * 1000))))
        return Outcome(Lamp.GOOD if worth >= GOOD_FINGER else Lamp.NOTICE, took, lines=(line,))
    return nobody()


async def ask_terminal(terminal: TerminalDesk) -> Outcome:
    """Whether the card terminal takes cards and reaches its host. No money moves."""
    begun = monotonic()
    try:
        ready = await terminal.look()
    except TerminalError as error:
        return failed(code_of(error))
    took = ("ms", round((monotonic() - begun) * 1000))
    if not ready:
        return Outcome(Lamp.FAULT, Told("tech.found.terminal.busy", (took,)))
    return Outcome(Lamp.GOOD, Told("tech.found.terminal", (took,)))


async def scan_paper(papers: PaperScanner) -> Outcome:
    """Whatever lies on the document scanner: how long it took and how much came. The page is dropped here."""
    begun = monotonic()
    try:
        scan = await papers.scan()
    except ScanError as error:
        return failed(code_of(error))
    took = (("seconds", round(monotonic() - begun)), ("kilobytes", max(1, len(scan.pdf) // 1024)))
    return Outcome(Lamp.GOOD, Told("tech.found.paper", took))


async def press_keys(taps: ListeningTaps, names: Mapping[str, str]) -> Outcome:
    """Each of the four keys once, in any order; those that did not come stand there by the kernel's `names`."""
    left, all_there = list(KEYS), trio.Event()

    def heard(meaning: str) -> None:
        meaning = "choose" if meaning == "help" else meaning
        if meaning in left:
            left.remove(meaning)
        if not left:
            all_there.set()

    taps.key = heard
    try:
        with trio.move_on_after(PATIENCE_SECONDS):
            await all_there.wait()
            return Outcome(Lamp.GOOD, Told("tech.found.keys", (("count", len(KEYS)),)))
    finally:
        taps.key = None
    told = Told("tech.found.nokeys", (("count", len(left)),))
    return Outcome(Lamp.FAULT, told, lines=(" · ".join(names[key] for key in left),))


async def plug_headphones(taps: ListeningTaps) -> Outcome:
    """In and out, or out and in: the switch is heard both ways."""
    heard: list[bool] = []
    both = trio.Event()

    def turned(headphones: bool) -> None:
        heard.append(headphones)
        if len(set(heard)) == 2:
            both.set()

    taps.socket = turned
    try:
        with trio.move_on_after(PATIENCE_SECONDS):
            await both.wait()
            return Outcome(Lamp.GOOD, Told("tech.found.socket"))
    finally:
        taps.socket = None
    return Outcome(Lamp.FAULT, Told("tech.found.socket.half")) if heard else nobody()


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
    if worst.code is None and worst.level is Level.GOOD and (said := _said(name, worst)) is not None:
        return Outcome(Lamp.GOOD, said)
    told = Told(f"{worst.code}.what") if worst.code else Told(text=worst.text)
    return Outcome(
        _LAMPS[worst.level], told, worst.code, tuple(each.text for each in findings if each.text != told.text)
    )


def _said(name: str, finding: Finding) -> Told | None:
    """What is well, in the language of the screen: the doctor's own words are for a shell."""

    def count(fact: str) -> int:
        return round(float(finding.facts.get(fact) or 0))

    match name:
        case "gateway":
            return Told("tech.found.gateway", (("ms", count("answer_ms")), ("token", count("token_ms"))))
        case "clock":
            return Told("tech.found.clock", (("seconds", abs(count("skew_seconds"))),))
        case "disk":
            return Told("tech.found.disk", (("megabytes", count("free_bytes") // 2**20),))
        case "outbox" if count("waiting"):
            return Told("tech.found.outbox", (("count", count("waiting")),))
        case "outbox":
            return Told("tech.found.outbox.empty")
        case _:
            return None


@dataclass(frozen=True)
class Devices:
    """What stands at this kiosk; None and False: it does not."""

    reader: Reader
    scanner: Scanner
    receipts: ReceiptPrinter
    announcer: Announcer
    finger: FingerReader | None = None
    terminal: TerminalDesk | None = None
    papers: PaperScanner | None = None
    keypad: bool = False
    jack: bool = False


def bench(
    settings: Settings,
    offload: Offload,
    devices: Devices,
    taps: ListeningTaps,
    traces: CardTraces,
    *,
    kiosk: Callable[[], str],
    version: str,
    now: Callable[[], datetime],
) -> tuple[Check, ...]:
    """All tests of this kiosk."""

    def slip() -> TechnicianSlip:
        return TechnicianSlip(kiosk=kiosk(), version=version, printer=settings.printer.kind, at=now())

    def doctor(name: str, check: Callable[[Settings], Sequence[Finding]]) -> Check:
        async def run() -> Outcome:
            return await look(offload, name, check, settings)

        return Check(name, run, seconds=10.0)

    finger, terminal, papers = devices.finger, devices.terminal, devices.papers
    checks = [
        Check(PRINTER, lambda: print_slip(devices.receipts, slip), seconds=60.0),
        Check(READER, lambda: read_card(devices.reader, devices.scanner, traces, now), "tech.do.card", seconds=60.0),
        Check(SCANNER, lambda: scan_code(devices.scanner), "tech.do.scan"),
    ]
    if finger is not None:
        checks.append(Check(FINGER, lambda: capture_finger(finger), "tech.do.finger"))
    if papers is not None:
        checks.append(Check(DOCUMENT_SCANNER, lambda: scan_paper(papers), "tech.do.paper", seconds=120.0))
    if terminal is not None:
        checks.append(Check(CARD_TERMINAL, lambda: ask_terminal(terminal)))
    if devices.keypad:
        checks.append(Check(KEYPAD, lambda: press_keys(taps, settings.listening.keys), "tech.do.keys"))
    if devices.jack:
        checks.append(Check(JACK, lambda: plug_headphones(taps), "tech.do.socket"))
    return (
        *checks,
        Check(SOUND, lambda: play(devices.announcer)),
        doctor("gateway", network.gateway),
        doctor("clock", network.clock),
        doctor("disk", places.state),
        doctor("outbox", books.outbox),
    )
