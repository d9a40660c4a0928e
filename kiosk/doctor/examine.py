"""Runs every check at once, each on a thread of its own, within a time for all: nothing can hang the doctor."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kiosk.doctor import books, devices, inspection, network, places
from kiosk.doctor.findings import Finding, Section, fault, good
from kiosk.settings import Settings, load
from kiosk.settings_errors import SettingsError

Check = Callable[[Settings], Sequence[Finding]]

CHECKS: Mapping[str, Check] = {
    "display": lambda _: places.display(),
    "state directory": places.state,
    "kiosk key": places.key,
    "trust store": places.trust,
    "card reader": devices.reader,
    "printer": devices.printer,
    "scanner": devices.scanner,
    "finger reader": devices.finger,
    "document scanner": devices.document_scanner,
    "sound": devices.sound,
    "listening": devices.listening,
    "card terminal": devices.card_terminal,
    "gateway": network.gateway,
    "inspection system": inspection.inspection,
    "outbox": books.outbox,
    "last failures": books.failures,
}


def examine(path: Path, checks: Mapping[str, Check] = CHECKS, *, seconds: float = 1.4) -> list[Section]:
    """All sections, in order, within `seconds` for all of them. Never raises."""
    try:
        settings = load(path)
    except SettingsError as error:
        return [Section("settings", tuple(fault(line) for line in str(error).splitlines()))]
    except Exception as error:
        return [Section("settings", (fault(f"{path} cannot be looked at: {type(error).__name__}"),))]
    kind = "demo settings" if settings.demo else "settings"
    right = good(f"{path}: {kind} are right", demo=settings.demo)
    (on_site,) = run_checks(settings, {"on site": places.on_site}, seconds)
    return [Section("settings", (right, *on_site.findings)), *run_checks(settings, checks, seconds)]


def run_checks(settings: Settings, checks: Mapping[str, Check], seconds: float) -> list[Section]:
    """Those checks at once, within `seconds` for all. Never raises."""
    found: dict[str, tuple[Finding, ...]] = {}

    def look(name: str, check: Check) -> None:
        try:
            found[name] = tuple(check(settings))
        except Exception as error:
            # A check that fails is a finding too; its message may hold a path, never a person.
            found[name] = (fault(f"the check itself failed: {type(error).__name__}: {error}"),)

    threads = [
        threading.Thread(target=look, args=(name, check), name=f"doctor {name}", daemon=True)
        for name, check in checks.items()
    ]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    silent = (fault(f"no answer within {seconds:g} s"),)
    return [Section(name, found.get(name, silent)) for name in checks]
