"""SANE's own test back end as the scanner: a real library and a real worker, with a configuration folder of its own."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from drivers.document_scanner import SaneScanner
from kiosk.workers import worker_argv

BASE = {"number_of_devices": "1", "resolution": "50", "br_x": "80", "br_y": "100", "geometry_max": "300.0"}
MakeScanner = Callable[..., SaneScanner]


@pytest.fixture
def make_scanner(tmp_path: Path) -> Generator[MakeScanner]:
    """A scanner of the test back end, by its settings (test.conf); `name` may be one that is not there."""
    try:
        ctypes.CDLL("libsane.so.1")
    except OSError:
        pytest.skip("libsane1 is not installed")

    with ExitStack() as stack:

        def make(name: str = "test:0", *, page_seconds: float = 20.0, **settings: str) -> SaneScanner:
            folder = tmp_path / f"sane-{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            (folder / "dll.conf").write_text("test\n")
            lines = {**BASE, **{key.replace("__", "-"): value for key, value in settings.items()}}
            (folder / "test.conf").write_text("".join(f"{key} {value}\n" for key, value in lines.items()))
            env = {"SANE_CONFIG_DIR": str(folder), "TMPDIR": str(folder), "HOME": str(folder)}
            scanner = SaneScanner([*worker_argv("document-scanner"), name], env, page_seconds=page_seconds)
            stack.callback(scanner.close)
            return scanner

        yield make
