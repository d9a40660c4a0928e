"""The catalogue and the working calendar of a one-stop centre, as journeys read them: a whole that never changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from services.procedures.calendar import WorkingCalendar
from services.procedures.files import FORMS, places
from services.procedures.forms import Form, read_forms
from services.procedures.importing import parse_catalogue
from services.procedures.places import Places
from services.procedures.records import Catalogue
from services.procedures.search import Index


@dataclass(frozen=True)
class Books:
    """What holds on `day`. `digest` names the catalogue for the gateway; empty where it never told one."""

    catalogue: Catalogue
    calendar: WorkingCalendar
    index: Index
    day: date
    digest: str = ""
    forms: Mapping[str, Form] = field(default_factory=dict[str, Form])
    places: Places | None = None


class Library(Protocol):
    """Where journeys find the books that hold today."""

    def books(self, day: date) -> Books | None:
        """None while there is no catalogue: then nothing that needs one is offered."""
        ...

    def on_change(self, listener: Callable[[], None]) -> None:
        """`listener()` is called when other books hold."""
        ...


class NoBooks:
    """A place without one-stop services."""

    def books(self, day: date) -> Books | None:
        """None."""
        return None

    def on_change(self, listener: Callable[[], None]) -> None:
        """Never."""


class Shelf:
    """Books that were read from files; the index is made anew when the day changes."""

    def __init__(self, catalogue: Catalogue, calendar: WorkingCalendar, digest: str = "") -> None:
        self._catalogue, self._calendar, self._digest = catalogue, calendar, digest
        self._books: Books | None = None
        self._forms, self._places = read_forms(FORMS), places(sample=catalogue.sample)
        # Made here, in whichever thread reads the books, and not at somebody's first key.
        self._places.index  # noqa: B018

    def books(self, day: date) -> Books:
        """The books of that day."""
        if self._books is None or self._books.day != day:
            index = Index(self._catalogue, day)
            self._books = Books(self._catalogue, self._calendar, index, day, self._digest, self._forms, self._places)
        return self._books

    def on_change(self, listener: Callable[[], None]) -> None:
        """Never: files do not change while they are read from here."""


def read_shelf(catalogue: Path, calendar: Path, digest: str = "") -> Shelf:
    """Read two files. Raises CatalogueError, pydantic.ValidationError, OSError."""
    return shelf_of(catalogue.read_bytes(), calendar.read_bytes(), digest)


def shelf_of(catalogue: bytes, calendar: bytes, digest: str = "") -> Shelf:
    """Read two files' bytes. Raises CatalogueError, pydantic.ValidationError."""
    return Shelf(parse_catalogue(catalogue), WorkingCalendar.model_validate_json(calendar), digest)
