"""Helpers of the tests of the virtual card."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulators.pcsc import PrivatePcscd

VECTORS = Path(__file__).parent.parent / "vectors"


@pytest.fixture(scope="session")
def emrtd_vectors() -> dict[str, Any]:
    """The worked examples of ICAO 9303-11 and the project's own, by name."""
    files = VECTORS / "emrtd.json", VECTORS / "icao_9303_11_h2_i1.json"
    return {name: value for file in files for name, value in json.loads(file.read_text(encoding="utf-8")).items()}


@pytest.fixture(scope="session")
def pcsc() -> Iterator[PrivatePcscd]:
    """One private pcscd for all tests that leave it running."""
    with PrivatePcscd() as daemon:
        yield daemon
