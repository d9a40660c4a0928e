"""The one-stop centre on PostgreSQL, in short: what writes, counts, locks and erases, by tests that SQLite passes."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.gateway.conftest import empty_postgres
from tests.gateway.one_stop import test_drafts_and_others, test_fees, test_figures, test_filing, test_reception
from tests.gateway.one_stop.conftest import make_centre

SHORT = {
    test_drafts_and_others: (
        "test_a_dossier_outlives_its_end_by_the_sites_days_and_no_longer",
        "test_a_draft_is_locked_after_five_wrong_numbers_even_for_the_right_one",
        "test_a_rating_counts_once_and_only_after_the_result",
        "test_erasing_waits_for_the_end_of_a_dossier_and_leaves_nothing_of_the_person",
    ),
    test_fees: ("due", "test_two_kiosks_at_once_never_have_two_codes"),
    test_figures: ("test_the_page_and_the_file_count_without_names",),
    test_filing: (
        "test_a_filing_that_nobody_asks_for_again_is_found_by_the_gateway_itself",
        "test_a_group_whose_second_part_is_refused_leaves_no_part_alive",
        "test_the_consent_is_kept_once_as_evidence",
        "test_the_same_words_of_the_same_session_under_another_key_are_the_same_dossier",
    ),
    test_reception: (
        "officer",
        "test_an_apology_promises_one_other_day_which_people_see",
        "test_each_part_of_a_group_has_its_own_time_status_and_outcome",
        "test_the_control_sheet_and_the_register_tell_when_and_by_whom",
    ),
}
"""Tests and what they need; here with another `centre`."""
globals().update({name: getattr(module, name) for module, names in SHORT.items() for name in names})
pytestmark = pytest.mark.wire


@pytest.fixture(scope="module")
def database(postgres: str) -> str:
    """A database of its own on the tests' server."""
    engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE one_stop_short"))
    engine.dispose()
    return make_url(postgres).set(database="one_stop_short").render_as_string(hide_password=False)


@pytest.fixture
def centre(tmp_path: Path, database: str) -> Generator[Any]:
    """A centre without background work, on an emptied database."""
    empty_postgres(database)
    yield from make_centre(tmp_path, database)


def test_it_is_postgres(centre: Any) -> None:
    assert centre.house.store.engine.dialect.name == "postgresql"
