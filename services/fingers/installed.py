"""Where the optional matcher is: among the libraries of this Python, or in the folder of its own Debian package.

A packaged program carries no matcher (41 MB); the package `tram-matcher` lays one beside it (docs/packaging.md).
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

FOLDER = "tram-matcher"
"""Beside the folder of the program: /usr/lib/tram-matcher."""


def installed() -> bool:
    """Whether fingers can be compared here; from then on the matcher can be imported."""
    if getattr(sys, "frozen", False):
        folder = Path(sys.executable).resolve().parent.parent / FOLDER
        if folder.is_dir() and str(folder) not in sys.path:
            sys.path.append(str(folder))
    return find_spec("nbis") is not None
