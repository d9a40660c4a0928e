"""Helpers of the tests of the virtual card."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulators.pcsc import PrivatePcscd

VECTORS = Path(__file__).parent.parent / "vectors" / "emrtd.json"


@pytest.fixture(scope="session")
def emrtd_vectors() -> dict[str, Any]:
    """The worked examples of ICAO 9303-11 and the project's own, by name."""
    return json.loads(VECTORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def pcsc() -> Iterator[PrivatePcscd]:
    """One private pcscd for all tests that leave it running."""
    with PrivatePcscd() as daemon:
        yield daemon
