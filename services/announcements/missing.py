"""`python -m kiosk voice missing [vi|en]`: spoken messages without a recorded clip, with their texts."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from services.announcements.clips import Clips
from services.messages import LANGUAGES, table


def main(argv: Sequence[str]) -> int:
    """Print one line for each missing clip; exit code 1 for an unknown language."""
    languages = list(argv) or list(LANGUAGES)
    for language in languages:
        if language not in LANGUAGES:
            print(f"no such language: {language}", file=sys.stderr)
            return 1
        for message in Clips().missing(language):
            print(f"{language}\t{message}\t{table(language)[message]}")
    return 0
