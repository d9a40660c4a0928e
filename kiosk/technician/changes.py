"""What a technician changes on site, checked together with this kiosk's settings file before it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kiosk.settings import Settings, parse
from kiosk.settings_errors import SettingsError


def checker(path: Path) -> Callable[[str], Settings]:
    """What tells whether the settings at `path` would be right under a text of changes. Raises ValueError, OSError."""

    def check(changes: str) -> Settings:
        try:
            return parse(path.read_text("utf-8"), path, changes)
        except SettingsError as error:
            raise ValueError(str(error)) from None

    return check
