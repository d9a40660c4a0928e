"""Helpers of the tests of the virtual card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).parent.parent / "vectors" / "emrtd.json"


@pytest.fixture(scope="session")
def emrtd_vectors() -> dict[str, Any]:
    """The worked examples of ICAO 9303-11 and the project's own, by name."""
    return json.loads(VECTORS.read_text(encoding="utf-8"))
