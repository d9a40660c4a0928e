"""Which tests need a gateway, and how all are shared out when several processes run them (pytest-xdist)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xdist.scheduler import LoadScopeScheduling

WHOLE_HOUSE = "tests/wires/"
DATABASE = "empty_database"
"""The fixture that every test of a whole gateway stands on."""


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what starts a gateway."""
    for item in items:
        if DATABASE in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.gateway)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """A file stays in one process (its servers and windows start once), and so do all tests of the whole house.

    Two whole houses at a time would only wait for each other.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return WHOLE_HOUSE if nodeid.startswith(WHOLE_HOUSE) else nodeid.partition("::")[0]

    return ByFile(config, log)
