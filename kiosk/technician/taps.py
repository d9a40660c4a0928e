"""Keys and headphone socket while a technician tests them: they are heard here, and start no listening mode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class ListeningTaps:
    """Who hears them instead of the listening mode; None outside of a test."""

    key: Callable[[str], None] | None = None
    socket: Callable[[bool], None] | None = None
