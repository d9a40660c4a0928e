"""Settings that are safe to change on site: closed choices in a small file of their own, backed up, undone.

The installer's file is never written: a kiosk may not change where its gateway is, and a packaged one cannot (its
/etc is read-only). These choices are laid over it (kiosk.settings), were checked together with it before they are
written, and are left out when they fit it no longer: a change can never keep the kiosk from starting.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

Value = str | int | float
BACKUPS = 5


FILE = "on-site.toml"
"""In the state directory."""


class NotChanged(Exception):
    """The file stays as it was: it cannot be written, or the settings would not be right any more."""


@dataclass(frozen=True)
class Choice:
    """One setting: `table.key` and the values it may take on site, in the order a touch goes through them."""

    table: str
    key: str
    values: tuple[Value, ...]

    @property
    def name(self) -> str:
        """As people and logs call it."""
        return f"{self.table}.{self.key}"


CHOICES: tuple[Choice, ...] = (
    Choice("site", "volume", (0, 20, 40, 60, 80, 100)),
    Choice("site", "language", ("vi", "en")),
    Choice("site", "text", ("normal", "large")),
    Choice("site", "contrast", ("normal", "high")),
    Choice("site", "reach", ("normal", "low")),
    Choice("times", "answer_factor", (1.0, 1.5, 2.0)),
    Choice("printer", "cut", ("partial", "full", "none")),
    Choice("printer", "mode", ("raster", "text")),
    Choice("scanner", "baud", (9600, 19200, 38400, 57600, 115200)),
)


def laid_over(table: Mapping[str, Any], changes: str) -> dict[str, Any]:
    """The settings with what a text of this file changes; whatever else it holds is left out. Raises ValueError."""
    chosen: dict[str, Any] = tomllib.loads(changes)
    new = {**table}
    for choice in CHOICES:
        part, mine = chosen.get(choice.table), new.get(choice.table, {})
        if not isinstance(part, Mapping) or not isinstance(mine, Mapping):
            continue
        value: object = cast("Mapping[str, object]", part).get(choice.key)
        if value in choice.values:
            new[choice.table] = {**cast("Mapping[str, object]", mine), choice.key: value}
    return new


class SiteSettings:
    """One file of changes. `check` raises ValueError with what would be wrong with the settings under this text."""

    def __init__(self, path: Path, check: Callable[[str], object]) -> None:
        self._path = path
        self._check = check

    def value(self, choice: Choice, default: Value) -> Value:
        """What the file says; `default` where it says nothing."""
        try:
            found: dict[str, Any] = tomllib.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return default
        table = found.get(choice.table)
        value: object = cast("Mapping[str, object]", table).get(choice.key) if isinstance(table, Mapping) else None
        return cast("Value", value) if value in choice.values else default

    def change(self, choice: Choice, value: Value) -> None:
        """Write it. Raises NotChanged."""
        if choice not in CHOICES or value not in choice.values:
            raise NotChanged(f"{choice.name} may not be {value!r} here")
        try:
            before = self._path.read_text("utf-8") if self._path.exists() else ""
            after = with_value(before, choice.table, choice.key, value)
            self._check(after)
            self._keep(before)
            self._put(after)
        except (OSError, ValueError) as error:
            raise NotChanged(str(error)) from None

    @property
    def backups(self) -> list[Path]:
        """Newest first."""
        found = self._path.parent.glob(f"{self._path.name}.before-*")
        return sorted(found, key=lambda path: int(path.name.rpartition("-")[2]), reverse=True)

    def undo(self) -> None:
        """Back to what stood there before the last change. Raises NotChanged when there is nothing to undo."""
        if not (backups := self.backups):
            raise NotChanged("nothing was changed here")
        try:
            text = backups[0].read_text("utf-8")
            self._check(text)
            self._put(text)
            backups[0].unlink()
        except (OSError, ValueError) as error:
            raise NotChanged(str(error)) from None

    def _keep(self, text: str) -> None:
        backups = self.backups
        number = int(backups[0].name.rpartition("-")[2]) + 1 if backups else 1
        self._path.with_name(f"{self._path.name}.before-{number}").write_text(text, "utf-8")
        for old in backups[BACKUPS - 1 :]:
            old.unlink()

    def _put(self, text: str) -> None:
        new = self._path.with_name(f"{self._path.name}.new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)


def with_value(text: str, table: str, key: str, value: Value) -> str:
    """The TOML text with that one value: its own line replaced, or added below its table's head, or a new table."""
    word = f'"{value}"' if isinstance(value, str) else str(value)
    lines = text.splitlines()
    head = next((place for place, line in enumerate(lines) if re.fullmatch(rf"\s*\[{table}\]\s*(#.*)?", line)), None)
    if head is None:
        return "\n".join([*lines, "", f"[{table}]", f"{key} = {word}", ""])
    end = next((place for place in range(head + 1, len(lines)) if lines[place].lstrip().startswith("[")), len(lines))
    for place in range(head + 1, end):
        found = re.fullmatch(rf"(\s*{key}\s*=\s*)(\"[^\"]*\"|'[^']*'|[^#\s]+)(\s*(?:#.*)?)", lines[place])
        if found:
            lines[place] = f"{found[1]}{word}{found[3]}"
            return "\n".join([*lines, ""])
    lines.insert(head + 1, f"{key} = {word}")
    return "\n".join([*lines, ""])
