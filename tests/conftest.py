"""Which tests need a gateway, and how all are shared out when several processes run them (`--dist loadgroup`)."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent
WHOLE_HOUSE = ROOT / "wires"
DATABASE = "empty_database"
"""The fixture that every test of a whole gateway stands on."""


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file stays in one process (its servers and windows start once), and so do all tests of the whole house.

    Two whole houses at a time would only wait for each other.
    """
    for item in items:
        group = "wires" if WHOLE_HOUSE in item.path.parents else str(item.path.relative_to(ROOT))
        item.add_marker(pytest.mark.xdist_group(group))
        if DATABASE in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.gateway)
