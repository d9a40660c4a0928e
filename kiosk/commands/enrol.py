"""`python -m kiosk enrol --settings FILE --code CODE [--gateway URL] [--name NAME]`: make this kiosk known, once.

The code is made by `python -m gateway` on the server; the private key never leaves this machine.
"""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.commands import Commands

FAILED = 1
WRONG_SETTINGS = 78


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("enrol", help="make this kiosk's key and enrol it with a one-time code")
    parser.add_argument("--settings", type=Path, required=True, metavar="FILE")
    parser.add_argument("--code", required=True, help="the one-time code the gateway made; - reads it from stdin")
    parser.add_argument("--gateway", metavar="URL", help="must be the one of the settings when given")
    parser.add_argument("--name", default=platform.node()[:80] or "kiosk", help="what the fleet page calls it")
    parser.add_argument("--anew", action="store_true", help="replace an enrolment that is there")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Enrol; 0 when the kiosk is known."""
    from kiosk.settings import load
    from kiosk.settings_errors import SettingsError
    from services.failures import code_of
    from services.gateway_client.enrolling import enrol
    from services.gateway_client.errors import GatewayError
    from services.gateway_client.identity import ENROLMENT, IdentityError

    try:
        settings = load(arguments.settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return WRONG_SETTINGS
    if arguments.gateway and arguments.gateway.rstrip("/") != settings.gateway.url:
        print(f"{arguments.settings}: gateway.url is {settings.gateway.url}", file=sys.stderr)
        return WRONG_SETTINGS
    if (settings.state_directory / ENROLMENT).exists() and not arguments.anew:
        print("this kiosk is enrolled already; --anew replaces that", file=sys.stderr)
        return FAILED
    code: str = sys.stdin.readline() if arguments.code == "-" else arguments.code
    try:
        enrolment = enrol(
            settings.gateway.url, settings.gateway.ca, settings.state_directory, code=code, name=arguments.name
        )
    except GatewayError as error:
        print(f"{code_of(error)}: {settings.gateway.url}: {error}", file=sys.stderr)
        return FAILED
    except IdentityError as error:
        print(error, file=sys.stderr)
        return FAILED
    print(f"enrolled as {enrolment.kiosk_id}")
    return 0
