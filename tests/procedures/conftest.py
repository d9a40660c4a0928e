"""The sample catalogue and calendar, read once."""

import pytest

from services.procedures.calendar import WorkingCalendar, read_calendar
from services.procedures.files import SAMPLE, SAMPLE_CALENDAR
from services.procedures.importing import read_catalogue
from services.procedures.records import Catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return read_catalogue(SAMPLE)


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    return read_calendar(SAMPLE_CALENDAR)
