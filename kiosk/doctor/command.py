"""`python -m kiosk doctor [--settings FILE] [--json] [--language vi|en]`: look at every part.

The exit code is the worst that was found: 0 all is good,
1 somebody should look, 2 something people need does not work. Holds no personal data.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from kiosk.doctor.findings import Level, Section

if TYPE_CHECKING:
    from kiosk.commands import Commands

INSTALLED = Path("/etc/tram-kiosk/kiosk.toml")
"""Where the package has a site's settings."""
SIGNS = {Level.GOOD: "ok     ", Level.WARNING: "warning", Level.FAULT: "FAULT  "}


def add_parser(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("doctor", help="look at every part and say what is wrong")
    parser.add_argument("--settings", type=Path, default=INSTALLED, metavar="FILE", help=f"without it {INSTALLED}")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--seconds", type=_seconds, default=1.4, help="how long all parts together may take")
    parser.add_argument("--language", choices=("vi", "en"), default="vi", help="of the cures")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Examine and print."""
    from kiosk.doctor.examine import examine

    # What the drivers log is for a running kiosk; here it would stand between the findings.
    logging.disable(logging.CRITICAL)
    sections = examine(arguments.settings, seconds=arguments.seconds)
    worst = max(section.level for section in sections)
    if arguments.json:
        text = json.dumps(as_json(sections, worst), ensure_ascii=False, indent=1)
    else:
        text = "\n".join(as_text(sections, arguments.language))
    _say(text)
    return int(worst)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 600:
        raise ValueError("over 0 to 600")
    return seconds


def _say(text: str) -> None:
    """Print it on any terminal, also on one that knows no Vietnamese, into a pipe whose reader has gone, onto a disk
    that is full, and nowhere when there is no output at all: the exit code says the worst in any case."""
    out = cast("TextIO | None", sys.stdout)  # None when it was closed before the start
    if out is None:
        return
    encoding = out.encoding or "utf-8"
    try:
        print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)
    except OSError as error:
        if error.errno != errno.EPIPE:
            with contextlib.suppress(OSError, AttributeError):
                print(f"doctor: {error.strerror}", file=sys.stderr)
        # Python would complain once more when it closes the stream at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())


def as_json(sections: Sequence[Section], worst: Level) -> dict[str, object]:
    """For machines."""
    return {
        "level": worst.name.lower(),
        "sections": [
            {
                "name": section.name,
                "level": section.level.name.lower(),
                "findings": [
                    {"level": each.level.name.lower(), "text": each.text, "code": each.code, **each.facts}
                    for each in section.findings
                ],
            }
            for section in sections
        ],
    }


def as_text(sections: Sequence[Section], language: str) -> list[str]:
    """For people: worst first, each code with what to do."""
    from services.failures import REGISTRY

    lines: list[str] = []
    for section in sorted(sections, key=lambda section: -section.level):
        for number, finding in enumerate(section.findings):
            name = section.name if number == 0 else ""
            code = f" [{finding.code}]" if finding.code else ""
            lines.append(f"{SIGNS[finding.level]}  {name:<16} {finding.text}{code}")
            if finding.code in REGISTRY:
                lines.append(f"{'':<26} → {REGISTRY[finding.code].cure(language)}")
    return lines
