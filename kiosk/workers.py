"""How child processes are started: only as `kiosk worker NAME`, the same from source and from the packaged bundle."""

from __future__ import annotations

import sys


def worker_argv(name: str) -> list[str]:
    """The command line of one worker of this very program."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "worker", name]
    return [sys.executable, "-m", "kiosk", "worker", name]
