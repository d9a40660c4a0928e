"""`python -m kiosk settings FILE | --markdown`: check a settings file, or print the page of all settings."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.commands import Commands


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("settings", help="check a settings file")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, metavar="FILE")
    what.add_argument("--markdown", action="store_true", help="print the page docs/settings.md")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the page, or what is wrong in the file; 78 when something is."""
    from kiosk.settings import load
    from kiosk.settings_errors import SettingsError

    if arguments.markdown:
        from kiosk.settings_page import page

        sys.stdout.write(page())
        return 0
    try:
        load(arguments.file)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 78
    print(f"{arguments.file}: all is right")
    return 0
