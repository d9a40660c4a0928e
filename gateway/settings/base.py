"""What every table of the settings is made of."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator


class SettingsError(ValueError):
    """The settings cannot be used; the text names the file, the place in it and what is allowed."""


class Section(BaseModel):
    """A table of the settings: unknown keys are errors, so that a slip of the pen is found at the start."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Secret(Section):
    """Where a secret is kept: a variable of the environment, or a file that only the gateway's user may read."""

    env: str | None = None
    file: Path | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.env is None) == (self.file is None):
            raise ValueError('give exactly one of: { env = "NAME" } or { file = "PATH" }')
        return self

    def read(self) -> str:
        """The secret itself. Raises SettingsError without naming any value."""
        if self.file is not None:
            try:
                return self.file.read_text(encoding="utf-8").strip()
            except OSError as error:
                raise SettingsError(f"secret file {self.file}: {error.strerror}") from error
        value = os.environ.get(self.env or "", "")
        if not value:
            raise SettingsError(f"secret: the environment variable {self.env} is empty")
        return value
