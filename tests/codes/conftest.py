"""Vectors of the codes room."""

import json
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).parent / "vectors" / "vietqr.json"


@pytest.fixture(scope="session")
def vietqr_vectors() -> dict[str, list[dict[str, Any]]]:
    return json.loads(VECTORS.read_text("utf-8"))
