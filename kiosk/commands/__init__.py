"""Commands of `python -m kiosk`, one module each: `add_parser(commands)` declares it and sets `run` to its function.

def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("qr", help="...")
    parser.add_argument("text")
    parser.set_defaults(run=run)        # run(arguments: argparse.Namespace) -> exit code
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # pyright: ignore[reportPrivateUsage] - argparse has no public name for it
