"""The kiosk's pictures as the desk sees them."""

from __future__ import annotations

import threading
from pathlib import Path

from PIL import Image

from simulators.desk.world import WorldFacts
from simulators.world.display import Display, MappedScreen, PersonsDisplay


class Frames:
    """Reads the frame buffer (or the window) of the world's display; safe from several threads."""

    def __init__(self, facts: WorldFacts) -> None:
        self._lock = threading.Lock()
        self.display: Display = (
            MappedScreen(facts.display, Path(facts.frame_buffer))
            if facts.frame_buffer is not None
            else PersonsDisplay(facts.display, facts.window_title)
        )

    def picture(self) -> Image.Image:
        """What people see now."""
        with self._lock:
            return self.display.frame()
