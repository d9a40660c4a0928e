"""`python -m kiosk technician --settings FILE`: set the technician's PIN, typed twice and never shown.

With `--add-card NAME` the card on the reader (PIV, card authentication key) lets in from now on, with `--forget-card
NAME` it does not any more, `--cards` lists the names.
"""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.settings import ReaderSettings, Settings, load
from kiosk.settings_errors import SettingsError

if TYPE_CHECKING:
    from drivers.smartcard.proof import CardProof
    from kiosk.commands import Commands

CARD_SECONDS = 30.0
"""So long a card is waited for."""


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("technician", help="set the technician's PIN, or the cards that let in")
    parser.add_argument("--settings", type=Path, required=True, metavar="FILE")
    cards = parser.add_mutually_exclusive_group()
    cards.add_argument("--add-card", metavar="NAME", help="let the card on the reader in from now on")
    cards.add_argument("--forget-card", metavar="NAME", help="a lost card opens nothing any more")
    cards.add_argument("--cards", action="store_true", help="names of the cards that let in")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; 1 when it could not be done."""
    try:
        settings = load(arguments.settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 78
    if arguments.add_card is not None:
        return _add_card(settings, arguments.add_card)
    if arguments.forget_card is not None:
        return _forget_card(settings, arguments.forget_card)
    if arguments.cards:
        from services.technician.cards import CardBook

        print("\n".join(CardBook(settings.state_directory).names) or "no card lets in")
        return 0
    return _set_pin(settings)


def _set_pin(settings: Settings) -> int:
    """Ask twice, keep its hash. A pipe gives the PIN as its first line."""
    from services.technician.pin import PinBook, WeakPin

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


def _add_card(settings: Settings, name: str) -> int:
    from drivers.smartcard.connection import CardError
    from services.technician.cards import CHALLENGE_BYTES, CardBook, NotAdded

    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    print("Lay the card on the reader.", flush=True)
    try:
        proof = _proof(settings.reader, challenge)
        if proof is None:
            print("no PIV card with a P-256 or P-384 key for card authentication (slot 9E)", file=sys.stderr)
            return 1
        settings.state_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        CardBook(settings.state_directory).add(name, proof, challenge)
    except (CardError, NotAdded, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Card {name} lets in from now on: lay it on the reader while nobody is served.")
    return 0


def _proof(reader: ReaderSettings, challenge: bytes) -> CardProof | None:
    """Of the first card on a reader of the settings. Raises CardError."""
    from drivers.smartcard.connection import CardError, CardErrorReason
    from drivers.smartcard.pcsc import Context, PcscConnection
    from drivers.smartcard.piv import prove
    from drivers.smartcard.watcher import ReaderFilter

    deadline = time.monotonic() + CARD_SECONDS
    wanted = ReaderFilter(reader.name, tuple(reader.exclude))
    while True:
        with Context() as context:
            names = [name for name in context.readers() if wanted.takes(name)]
        if not names:
            raise CardError(CardErrorReason.NO_READER)
        for name in names:
            try:
                with PcscConnection(name) as connection:
                    return prove(connection, challenge)
            except CardError as error:
                if error.reason is not CardErrorReason.REMOVED or time.monotonic() > deadline:
                    raise
        time.sleep(0.3)


def _forget_card(settings: Settings, name: str) -> int:
    from services.technician.cards import CardBook

    try:
        if CardBook(settings.state_directory).forget(name):
            print(f"Card {name} opens nothing any more.")
            return 0
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"no card is called {name}", file=sys.stderr)
    return 1
