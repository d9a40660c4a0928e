"""The settings file of this kiosk, checked as a whole before a change is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kiosk.settings import Settings, parse
from kiosk.settings_errors import SettingsError


def checker(path: Path) -> Callable[[str], Settings]:
    """What tells whether a whole text would be right at `path`. Raises ValueError."""

    def check(text: str) -> Settings:
        try:
            return parse(text, path)
        except SettingsError as error:
            raise ValueError(str(error)) from None

    return check
