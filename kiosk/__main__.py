"""The command line: `python -m kiosk run|demo|settings|doctor|worker|enrol|outbox|chip|qr|procedures|failures|voice`.

Each command is imported only when it is called: `run` must reach its first frame fast, `doctor` must work where a
library or a device is missing, and `worker` must load nothing but its driver.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from kiosk import __version__

Command = tuple[str, str]
"""The module and what `--help` says."""

COMMANDS: dict[str, Command] = {
    "run": ("kiosk.commands.run", "show the kiosk to people; refuses demo settings"),
    "demo": ("kiosk.commands.demo", "the same with stand-ins connected; takes demo settings only"),
    "settings": ("kiosk.commands.settings", "check a settings file"),
    "doctor": ("kiosk.doctor.command", "look at every part and say what is wrong"),
    "technician": ("kiosk.commands.technician", "set the technician's PIN"),
    "enrol": ("kiosk.commands.enrol", "make this kiosk's key and enrol it at the gateway with a one-time code"),
    "outbox": ("kiosk.commands.outbox", "what waits for the gateway, and what was set aside"),
    "chip": ("kiosk.commands.chip", "read and judge a chip card"),
    "qr": ("kiosk.commands.qr", "take a QR text apart"),
    "procedures": ("kiosk.commands.procedures", "check a catalogue of procedures, or search it"),
    "failures": ("kiosk.commands.failures", "explain failure codes"),
    "voice": ("kiosk.commands.voice", "what of the voice is not recorded yet"),
}
WORKERS: dict[str, str] = {
    "smartcard": "drivers.smartcard.worker",
    "speech": "drivers.audio.worker",
    "libfprint": "drivers.fingerprint.libfprint_worker",
    "document-scanner": "drivers.document_scanner.worker",
    "fingers": "services.fingers.worker",
}
"""Child processes of the kiosk: a module with `main(argv) -> int`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. 2 is a wrong command line."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["worker"]:
        return _worker(words[1:])
    wanted = words[0] if words else ""
    parser = argparse.ArgumentParser(prog="python -m kiosk", description="Trạm: a self-service kiosk")
    parser.add_argument("--version", action="version", version=f"Trạm {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, text) in COMMANDS.items():
        if name != wanted:
            commands.add_parser(name, help=text)
            continue
        import_module(module).add_parser(commands)
    commands.add_parser("worker", help="a driver as a child process (started by the kiosk itself)")
    arguments = parser.parse_args(words)
    run: Callable[[argparse.Namespace], int] = arguments.run
    return run(arguments)


def _worker(words: Sequence[str]) -> int:
    if not words or words[0] not in WORKERS:
        print(f"python -m kiosk worker: one of: {', '.join(WORKERS)}", file=sys.stderr)
        return 2
    worker: Callable[[Sequence[str]], int] = import_module(WORKERS[words[0]]).main
    return worker(list(words[1:]))


if __name__ == "__main__":
    sys.exit(main())
