"""`python -m kiosk run --settings FILE`: the kiosk for people. Refuses demo settings."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.settings import Settings, load
from kiosk.settings_errors import SettingsError
from services.gateway_client.identity import ENROLMENT

if TYPE_CHECKING:
    from kiosk.commands import Commands

WRONG_SETTINGS = 78
"""EX_CONFIG of sysexits.h: a supervisor must not start us again and again for this."""


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("run", help="show the kiosk to people; refuses demo settings")
    parser.add_argument("--settings", type=Path, required=True, metavar="FILE")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check the settings, then show the kiosk until it is stopped."""
    return start(arguments.settings, demo=False)


def start(path: Path, *, demo: bool) -> int:
    """Show the kiosk with the settings at `path`, which must be for the demo exactly when `demo` says so."""
    try:
        settings = load(path)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return WRONG_SETTINGS
    if refusal := refused(settings, demo=demo):
        print(f"{path}: {refusal}", file=sys.stderr)
        return WRONG_SETTINGS
    from kiosk.app import RESTART, main

    code = main(settings, path)
    if code == RESTART:
        _let_go_of_files()
        os.execv(sys.executable, _own_argv())  # noqa: S606 - this very program, with its own words
    return code


def _let_go_of_files() -> None:
    """The new program inherits no file but the three standard ones.

    Python marks its own files so; libraries in C (X, Mesa, ALSA) leave theirs open, and the display would keep the
    old window beside the new one.
    """
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2:
            with contextlib.suppress(OSError):
                os.set_inheritable(int(name), False)


def _own_argv() -> list[str]:
    """The command line this program was started with, from source or from a bundle."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *sys.argv[1:]]
    return list(sys.orig_argv)


def refused(settings: Settings, *, demo: bool) -> str | None:
    """Why these settings may not be used so; None when they may."""
    if settings.demo and not demo:
        return "demo = true: stand-ins are connected and codes cannot be paid; start it by `python -m kiosk demo`"
    if demo and not settings.demo:
        return "demo = false: these are settings of a real kiosk; start it by `python -m kiosk run`"
    if not (settings.state_directory / ENROLMENT).is_file():
        return f"no enrolment in {settings.state_directory}: run `python -m kiosk enrol` first"
    return None
