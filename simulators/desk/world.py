"""What the desk is told about the world it plays: addresses, never secrets in arguments (they come in this file)."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel


class WorldFacts(BaseModel):
    """Written by the demo supervisor into its run folder, readable by its owner only."""

    display: str
    frame_buffer: str | None
    """Folder of the Xvfb frame buffer; None on a person's own display."""
    window_title: str
    controls: dict[str, str]
    """Simulator name to its control address."""
    gateway: str
    staff_page: str
    staff_name: str
    staff_password: str

    @property
    def own_screen(self) -> bool:
        """Whether the desk may touch the screen."""
        return self.frame_buffer is not None

    @classmethod
    def read(cls, path: Path) -> WorldFacts:
        """From the file."""
        return cls.model_validate(json.loads(path.read_text("utf-8")))
