"""Settings are read from TOML files, later ones over earlier ones, and checked as a whole."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from gateway.settings.base import SettingsError
from gateway.settings.whole import Settings


def load(files: Sequence[Path]) -> Settings:
    """Read and check settings. Raises SettingsError naming file, line and what is allowed."""
    merged: dict[str, Any] = {}
    for file in files:
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise SettingsError(f"{file}: {error.strerror}") from error
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{file}: {error}") from error
        merged = _over(merged, content)
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(files, dict(fault)) for fault in error.errors())) from error


_SECRET_KEYS = {"env", "file"}
"""Where a secret is kept is one value: a later file replaces it whole."""


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old: object = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict) and not _SECRET_KEYS & value.keys():
            merged[key] = _over(cast("dict[str, Any]", old), cast("dict[str, Any]", value))
        else:
            merged[key] = value
    return merged


def _sentence(files: Sequence[Path], fault: dict[str, Any]) -> str:
    path: tuple[str | int, ...] = fault["loc"]
    name = ".".join(str(part) for part in path) or "settings"
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    return f"{_where(files, key)}: {name}: {fault['msg']}"


def _where(files: Sequence[Path], key: str) -> str:
    wanted = re.compile(rf"^\s*(\[+.*)?\b{re.escape(key)}\b")
    for file in reversed(files):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if key and wanted.search(line):
                return f"{file}:{number}"
    return ", ".join(str(file) for file in files)
