"""`python -m kiosk voice missing [vi|en]`: spoken messages without a recorded clip, with their texts."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.commands import Commands


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("voice", help="what of the voice is not recorded yet")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="missing")
    missing = verbs.add_parser("missing", help="one line for each sentence that espeak-ng speaks as a placeholder")
    missing.add_argument("languages", nargs="*", metavar="vi|en", help="both when none is given")
    missing.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print them; 1 for an unknown language."""
    from services.announcements.missing import main

    return main(arguments.languages)
