"""`python -m kiosk chip read|verify|trust`: read and judge a chip card, judge files, keep the trust store.

Exit codes of `read` and `verify`: 0 genuine, 1 not genuine, 2 not readable, 3 wrong command line, 4 read, but without a
trust root or without a proof of the chip. `trust import`: 0 all taken, 1 something was refused. JSON as in
docs/chip-read.schema.json.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.commands.usage import ContractParser, keep_contract

if TYPE_CHECKING:
    from kiosk.commands import Commands


def add_parser(commands: Commands) -> None:
    """Declare the command and its verbs."""
    parser = commands.add_parser("chip", help="read and judge a chip card")
    keep_contract(parser)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="read|verify|trust", parser_class=ContractParser)
    _add_read(verbs)
    verify = verbs.add_parser("verify", help="judge files that `read --dump` wrote, without a card")
    verify.add_argument("folder", type=Path, metavar="DIR")
    verify.add_argument("--trust", type=Path, required=True, metavar="DIR", help="trust store")
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=run_verify)
    trust = verbs.add_parser("trust", help="the trust store")
    stores = trust.add_subparsers(dest="what", required=True, metavar="import|list", parser_class=ContractParser)
    add = stores.add_parser("import", help="certificates, revocation lists, master lists, LDIF")
    add.add_argument("files", type=Path, nargs="+", metavar="FILE")
    add.add_argument("--into", type=Path, required=True, metavar="DIR")
    add.add_argument("--pin", action="store_true", help="the certificates are document signers, trusted by themselves")
    add.add_argument("--json", action="store_true")
    add.set_defaults(run=run_import)
    show = stores.add_parser("list", help="what is trusted")
    show.add_argument("folder", type=Path, metavar="DIR")
    show.add_argument("--json", action="store_true")
    show.set_defaults(run=run_list)


def _add_read(verbs: argparse._SubParsersAction[ContractParser]) -> None:  # pyright: ignore[reportPrivateUsage] - as in Commands
    read = verbs.add_parser("read", help="read the card on a reader")
    read.add_argument("--reader", metavar="NAME", help="part of the reader's name; else the first with a card")
    keys = read.add_mutually_exclusive_group(required=True)
    keys.add_argument("--mrz", nargs="+", metavar="LINE", help="machine readable zone, 2 or 3 lines, or joined")
    keys.add_argument("--can", metavar="DIGITS", help="card access number")
    keys.add_argument("--qr", metavar="TEXT", help="text of the ID card's QR code")
    read.add_argument("--trust", type=Path, metavar="DIR", help="trust store")
    read.add_argument("--nonce", metavar="HEX", help="8 bytes for active authentication; drawn when not given")
    read.add_argument("--dump", type=Path, metavar="DIR", help="write every file, e.g. EF_DG1.bin")
    read.add_argument("--photo", type=Path, metavar="FILE", help="write the portrait, only when its hash holds")
    read.add_argument("--terminal", type=Path, metavar="DIR", help="a laboratory's terminal: also read DG3")
    read.add_argument("--wait", type=float, default=5.0, metavar="S", help="for a card, in seconds (5)")
    read.add_argument("--timeout", type=float, default=60.0, metavar="S", help="for the whole reading (60)")
    read.add_argument("--json", action="store_true", help="one JSON object (docs/chip-read.schema.json)")
    read.set_defaults(run=run_read)


def run_read(arguments: argparse.Namespace) -> int:
    """See `kiosk.commands.chip_read`."""
    from kiosk.commands.chip_read import run

    return run(arguments)


def run_verify(arguments: argparse.Namespace) -> int:
    """See `kiosk.commands.chip_verify`."""
    from kiosk.commands.chip_verify import run

    return run(arguments)


def run_import(arguments: argparse.Namespace) -> int:
    """See `kiosk.commands.chip_trust`."""
    from kiosk.commands.chip_trust import run_import as run

    return run(arguments)


def run_list(arguments: argparse.Namespace) -> int:
    """See `kiosk.commands.chip_trust`."""
    from kiosk.commands.chip_trust import run_list as run

    return run(arguments)
