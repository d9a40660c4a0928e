"""Checks of devices. None of them disturbs a kiosk that is running: no card is touched, no code is taken."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import replace

from drivers.device import Answer
from kiosk.doctor.findings import Finding, Level, fault, good, warning
from kiosk.printer_place import place_of, profile_of
from kiosk.settings import Settings

ANSWER_SECONDS = 0.4
"""How long the printer may take for each status byte here."""
SCANNER_SECONDS = 1.2
"""A worker starts and opens the scanner; within the time of all checks."""


def reader(settings: Settings) -> Sequence[Finding]:
    """Whether PC/SC runs and lists the reader of the settings."""
    from drivers.smartcard.connection import CardError, CardErrorReason
    from drivers.smartcard.pcsc import Context
    from services.failures import code_of

    try:
        with Context() as context:
            names = context.readers()
    except CardError as error:
        return [fault(f"PC/SC: {error}", code_of(error))]
    wanted = settings.reader
    mine = [name for name in names if wanted.name in name and not any(part and part in name for part in wanted.exclude)]
    if not mine:
        listed = ", ".join(names) or "none"
        missing = CardError(CardErrorReason.NO_READER)
        return [fault(f"no reader matches {wanted.name!r}; PC/SC lists: {listed}", code_of(missing), listed=listed)]
    return [good(mine[0], reader=mine[0], others=len(names) - 1)]


def printer(settings: Settings) -> Sequence[Finding]:
    """What the printer says when it is asked."""
    from drivers.printer import EscPosPrinter, PaperState
    from services.device_health import of_printer

    where = place_of(settings.printer)
    device = EscPosPrinter(where, replace(profile_of(settings.printer), answer_seconds=ANSWER_SECONDS))
    try:
        status = device.status()
    finally:
        device.close()
    health = of_printer(status)
    facts: dict[str, str] = {"state": status.device.value, "paper": status.paper.value, "cover": status.cover.value}
    if status.problem is not None:
        text = f"{where}: {status.problem.value}"
        return [Finding(Level.FAULT, text, health.failure_code, dict(facts))]
    if status.paper is PaperState.LOW:
        return [Finding(Level.WARNING, f"{where}: paper is low", None, dict(facts))]
    return [Finding(Level.GOOD, f"{where}: ready, paper {status.paper.value}", None, dict(facts))]


def scanner(settings: Settings) -> Sequence[Finding]:
    """Whether the scanner's wire is there and may be opened. It is not opened: the code would be missing elsewhere."""
    from services.failures import SCANNER_LOST

    path = settings.scanner.path
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return [fault(f"{path}: {error.strerror}", SCANNER_LOST)]
    typing = settings.scanner.kind == "keyboard"
    if not stat.S_ISCHR(mode):
        return [fault(f"{path} is no {'input device' if typing else 'serial line'}", SCANNER_LOST)]
    if not os.access(path, os.R_OK if typing else os.R_OK | os.W_OK):
        return [fault(f"{path} may not be opened by this user: add it to the group that owns the file", SCANNER_LOST)]
    if path.name.startswith(("ttyACM", "ttyUSB", "event")) and not path.is_symlink():
        folder = "/dev/input/by-path" if typing else "/dev/serial/by-path"
        return [warning(f"{path} is named by its number, which changes: use its name under {folder}")]
    return [good(str(path), path=str(path))]


def card_terminal(settings: Settings) -> Sequence[Finding]:
    """Whether the card terminal takes cards now. Nothing is charged."""
    import trio

    from drivers.card_terminal import NexoTerminal, Parties, TerminalAddress, TerminalError
    from drivers.card_terminal.nexo_terminal import new_service_id
    from services.failures import code_of

    place = settings.card_terminal
    if place is None:
        return [good("no card terminal stands beside this kiosk", present=False)]
    where = f"{place.host}:{place.port}"
    address = TerminalAddress(place.host, place.port, connect_seconds=ANSWER_SECONDS, answer_seconds=ANSWER_SECONDS)
    try:
        ready = trio.run(NexoTerminal(address, Parties(place.sale_id, place.poi_id)).diagnose, new_service_id())
    except TerminalError as error:
        return [fault(f"card terminal: {error}", code_of(error))]
    if not ready:
        return [warning(f"{where}: cannot take cards now, or does not reach its host")]
    return [good(f"{where}: {place.poi_id} takes cards", present=True)]


def finger(settings: Settings) -> Sequence[Finding]:
    """Whether the finger reader's wire may be opened, and whether a chip's fingers can be compared here."""
    from drivers.fingerprint.errors import FingerError, FingerErrorReason
    from services.failures import code_of
    from services.fingers.installed import installed

    if settings.finger is None:
        return [good("no finger reader by the settings", configured=False)]
    local = installed()
    if settings.finger.kind == "serial":
        path = settings.finger.path
        if not path.exists():
            return [fault(f"{path} is not there", code_of(FingerError(FingerErrorReason.ABSENT)))]
        if not os.access(path, os.R_OK | os.W_OK):
            text = f"{path} may not be opened by this user: add it to the group that owns the file"
            return [fault(text, code_of(FingerError(FingerErrorReason.ABSENT)))]
    if settings.reader.fingerprints and not local:
        return [warning("chips are asked for fingers, but no local matcher is installed (package tram-matcher)")]
    return [good("its wire is there", kind=settings.finger.kind, local_matcher=local)]


def listening(settings: Settings) -> Sequence[Finding]:
    """Whether keypad and headphone socket of the listening mode are there. Neither is opened."""
    from drivers.keypad import find_jack
    from services.failures import JACK_LOST, KEYPAD_LOST

    listening, found = settings.listening, list[Finding]()
    if listening.keypad is not None:
        path = listening.keypad
        if not path.exists():
            found.append(warning(f"{path} is not there: who cannot see has no keys", KEYPAD_LOST))
        elif not os.access(path, os.R_OK):
            text = f"{path} may not be opened by this user: add it to the group that owns the file"
            found.append(warning(text, KEYPAD_LOST))
        else:
            found.append(good(str(path), keypad=str(path)))
    if listening.jack:
        try:
            found.append(good(str(find_jack(listening.jack)), jack=listening.jack))
        except FileNotFoundError as error:
            found.append(warning(f"headphone socket: {error}", JACK_LOST))
    if settings.audio.device == "off" and (found or listening.window_keys):
        found.append(warning("listening mode without sound: set audio.device"))
    if not found:
        text = "keys reach it through the window" if listening.window_keys else "no keypad by the settings"
        found.append(good(text, configured=listening.window_keys))
    return found


def document_scanner(settings: Settings) -> Sequence[Finding]:
    """Whether the document scanner answers, and what it can. Nothing is scanned."""
    from drivers.document_scanner import SaneScanner, ScanError, ScanErrorReason
    from kiosk.workers import worker_argv
    from services.failures import code_of

    place = settings.document_scanner
    if place is None:
        return [good("no document scanner by the settings", configured=False)]
    scanner = SaneScanner([*worker_argv("document-scanner"), place.name], open_seconds=SCANNER_SECONDS)
    try:
        scanner.open()
    except ScanError as error:
        if error.reason is ScanErrorReason.BUSY:
            return [warning(f"{place.name}: another program scans")]
        return [fault(f"{place.name}: {error}", code_of(error))]
    finally:
        scanner.close()
    found = scanner.capabilities
    if (found.feeder if place.source == "feeder" else found.flatbed) is Answer.NOT_SUPPORTED:
        return [fault(f"{place.name} has no {place.source}: see [document_scanner] source")]
    return [good(f"{place.name} answers", flatbed=found.flatbed.value, feeder=found.feeder.value)]


def sound(settings: Settings) -> Sequence[Finding]:
    """Whether a loudspeaker can be opened. Nothing is played."""
    from drivers.audio.output import NoSound, PortAudioOutput

    if settings.audio.device == "off":
        return [good("built without a loudspeaker", device="off")]
    output = PortAudioOutput(settings.audio.device)
    try:
        output.start()
    except NoSound as error:
        return [warning(f"no sound: {error}; everything is on the screen too")]
    finally:
        output.close()
    return [good(f"{settings.audio.device} can be opened", device=settings.audio.device)]
