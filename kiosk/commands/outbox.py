"""`python -m kiosk outbox --settings FILE [--retry KEY | --settle KEY]`: what waits, and what was set aside.

What an entry holds cannot be read here: it is sealed. Its key is the one in the gateway's books. `--retry` sends an
entry the gateway refused once more, when the cause was put right; `--settle` forgets one that was reconciled by hand.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.commands import Commands
    from services.outbox import Entry, Outbox

WRONG_SETTINGS = 78


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("outbox", help="what waits for the gateway, and what was set aside")
    parser.add_argument("--settings", type=Path, required=True, metavar="FILE")
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--retry", metavar="KEY", help="send a refused entry again")
    act.add_argument("--settle", metavar="KEY", help="forget an entry that was reconciled by hand")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """List, or act on one entry; 1 when there is no such entry."""
    from kiosk.settings import load
    from kiosk.settings_errors import SettingsError
    from services.outbox import FILE, Database, Outbox

    try:
        path = load(arguments.settings).state_directory / FILE
    except SettingsError as error:
        print(error, file=sys.stderr)
        return WRONG_SETTINGS
    if not path.exists():
        print("nothing was ever kept")
        return 0
    database = Database(path)
    try:
        return _act(Outbox(database), arguments.retry, arguments.settle)
    finally:
        database.close()


def _act(outbox: Outbox, retry: str | None, settle: str | None) -> int:
    from datetime import UTC, datetime

    from services.outbox import EntryState

    if retry or settle:
        done = outbox.retry(retry, datetime.now(UTC)) if retry else outbox.settle(settle or "")
        print("done" if done else "no entry of this key is set aside (or it is too old to be sent)")
        return 0 if done else 1
    entries = outbox.listed(*EntryState)
    print("\n".join(map(_line, entries)) or "empty")
    return 0


def _line(entry: Entry) -> str:
    code = f"  {entry.code}, status {entry.status}" if entry.code else ""
    since = f"{entry.created_at:%Y-%m-%d %H:%M:%S}Z"
    return f"{entry.state.value:<9}  {since}  {entry.write.value:<9}  {entry.key}  {entry.attempts} tries{code}"
