"""Command lines whose exit codes are a contract: a wrong one ends with 3, never with argparse's 2."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE = 3


class ContractParser(argparse.ArgumentParser):
    """A parser that says what is wrong and exits with 3."""

    def error(self, message: str) -> NoReturn:
        """Print usage and message to standard error."""
        self.print_usage(sys.stderr)
        print(f"{self.prog}: {message}", file=sys.stderr)
        raise SystemExit(USAGE)

    def parse_known_args(  # pyright: ignore[reportIncompatibleMethodOverride] - argparse types it by overloads
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Refuse words that nobody asked for here, before the parser above does it with its own exit code."""
        found, left = super().parse_known_args(args, namespace)
        if left:
            self.error(f"unknown: {' '.join(left)}")
        return found or argparse.Namespace(), left


def keep_contract(parser: argparse.ArgumentParser) -> None:
    """Give a parser made by the dispatcher the same manner."""

    def error(message: str) -> NoReturn:
        ContractParser.error(parser, message)  # pyright: ignore[reportArgumentType] - only what both have is used

    parser.error = error
