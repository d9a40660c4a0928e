"""`python -m kiosk failures [CODE ...] [--markdown] [--language vi|en]`: what a code means and what to do."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.commands import Commands


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("failures", help="explain failure codes")
    parser.add_argument("codes", nargs="*", metavar="CODE", help="e.g. CR-04; all when none is given")
    parser.add_argument("--language", choices=("vi", "en"), default="vi")
    parser.add_argument("--markdown", action="store_true", help="print the page docs/failure-codes.md")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the page, or the codes asked for; 1 when one is unknown."""
    from services.failures import REGISTRY
    from services.failures.page import page

    if arguments.markdown:
        sys.stdout.write(page())
        return 0
    language: str = arguments.language
    codes: list[str] = [code.upper() for code in arguments.codes] or list(REGISTRY)
    unknown = [code for code in codes if code not in REGISTRY]
    for code in codes:
        if code in unknown:
            print(f"{code}: no such code", file=sys.stderr)
            continue
        failure = REGISTRY[code]
        print(code, *failure.sentences(language), sep="\n  ")
        print(f"  - {failure.cause(language)}\n  - {failure.cure(language)}")
    return 1 if unknown else 0
