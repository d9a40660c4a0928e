"""`chip trust import FILE… --into DIR` and `chip trust list DIR`: the site's trust store."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from kiosk.commands.chip_exit import ChipExit, show
from kiosk.commands.chip_report import certificate, moment
from services.trust.certificate import Certificate
from services.trust.chain import find_chains
from services.trust.errors import TrustError
from services.trust.importing import Imported, import_files
from services.trust.passive import summary
from services.trust.store import TrustStore, load_store


def run_import(arguments: argparse.Namespace) -> int:
    """Take the files in; 1 when something was refused."""
    try:
        lines = import_files(arguments.files, arguments.into, datetime.now(UTC), pin=arguments.pin)
    except TrustError as error:
        print(f"chip trust: {error.detail}", file=sys.stderr)
        return ChipExit.USAGE
    refused = any(line.result is Imported.REFUSED for line in lines)
    if arguments.json:
        entries = [
            {"file": line.file, "what": line.what, "result": line.result.value, "detail": line.detail} for line in lines
        ]
        counts = {result.value: sum(line.result is result for line in lines) for result in Imported}
        show({"schema": "tram-chip-1", "command": "trust import", "counts": counts, "lines": entries}, True)
    else:
        for line in lines:
            print(f"{line.result.value}: {line.file}: {line.what}" + (f": {line.detail}" if line.detail else ""))
    return 1 if refused else 0


def run_list(arguments: argparse.Namespace) -> int:
    """Show what is trusted; 1 when a file of the store cannot be used."""
    try:
        store = load_store(arguments.folder)
    except TrustError as error:
        print(f"chip trust: {error.detail}", file=sys.stderr)
        return ChipExit.USAGE
    now = datetime.now(UTC)
    report: dict[str, object] = {
        "schema": "tram-chip-1",
        "command": "trust list",
        "certificates": [{"role": _role(c, store), **certificate(summary(c))} for c in store.certificates],
        "pins": [certificate(summary(pin)) for pin in store.pins],
        "revocation_lists": [
            {
                "issuer": crl.issuer.text,
                "this_update": moment(crl.this_update),
                "next_update": None if crl.next_update is None else moment(crl.next_update),
                "overdue": crl.stale(now),
                "revoked": len(crl.revoked),
            }
            for crl in store.crls
        ],
        "problems": [{"file": problem.file, "detail": problem.detail} for problem in store.problems],
    }
    show(report, arguments.json)
    return 1 if store.problems else 0


def _role(found: Certificate, store: TrustStore) -> str:
    """root, link (leads to a root), or unrooted: nothing is trusted because of it."""
    if found.self_signed:
        return "root"
    return "link" if find_chains(found, store).chains else "unrooted"
