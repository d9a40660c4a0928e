"""`python -m kiosk technician --settings FILE`: set the technician's PIN, typed twice and never shown."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.settings import load
from kiosk.settings_errors import SettingsError

if TYPE_CHECKING:
    from kiosk.commands import Commands


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("technician", help="set the technician's PIN")
    parser.add_argument("--settings", type=Path, required=True, metavar="FILE")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Ask twice, keep its hash. A pipe gives the PIN as its first line."""
    from services.technician.pin import PinBook, WeakPin

    try:
        settings = load(arguments.settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 78
    if sys.stdin.isatty():
        pin = getpass.getpass("PIN (6-12 digits): ")
        if pin != getpass.getpass("again: "):
            print("the two are not the same", file=sys.stderr)
            return 1
    else:
        pin = sys.stdin.readline().strip()
    try:
        settings.state_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        PinBook(settings.state_directory).set(pin)
    except (WeakPin, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print("The PIN is set. Logo and clock touched in turn, five times, ask for it.")
    return 0
