"""`python -m kiosk demo --settings FILE`: the kiosk with stand-ins connected, marked "BẢN THỬ". Demo settings only."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.commands.run import start

if TYPE_CHECKING:
    from kiosk.commands import Commands


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("demo", help="the same with stand-ins connected; takes demo settings only")
    parser.add_argument("--settings", type=Path, required=True, metavar="FILE")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check that the settings are the demo's, then show the kiosk."""
    return start(arguments.settings, demo=True)
