"""Both packages, built once for all tests of this folder: the kiosk and the gateway as a site installs them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Built:
    """What `script/package` made."""

    out: Path
    packages: dict[str, Path]

    def program(self, name: str) -> Path:
        """The packaged program `tram-kiosk` or `tram-gateway`."""
        return self.out / name / name

    def again(self, version: str) -> dict[str, Path]:
        """The same programs packed as another version."""
        return _build(self.out, version, reuse=True)


def _build(out: Path, version: str, *, reuse: bool = False) -> dict[str, Path]:
    done = subprocess.run(
        [str(ROOT / "script" / "package")],
        env={**os.environ, "OUT": str(out), "VERSION": version, "LEVEL": "1", "REUSE": "1" if reuse else ""},
        capture_output=True,
        text=True,
        timeout=1500,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    files = [Path(line) for line in done.stdout.splitlines() if line.endswith(".deb")]
    return {file.name.partition("_")[0]: file for file in files}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Version 0.1.0 of both."""
    out = tmp_path_factory.mktemp("dist")
    return Built(out, _build(out, "0.1.0"))
