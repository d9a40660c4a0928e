"""What a session of a one-stop centre stands on: today's books, and the checklist of its own case as of now."""

from __future__ import annotations

from services.journeys.books import Books
from services.journeys.checklist import Asker, Checklist, checklist, place_of
from services.journeys.journey import Ending, Over
from services.journeys.walk import Walk
from services.procedures.fees import channel_of_kiosk
from services.procedures.records import Capacity, Procedure


def books_of(walk: Walk) -> Books:
    """Today's books; a session that began without them ends kindly at the start page."""
    books = walk.kit.library.books(walk.kit.clock.now().date())
    if books is None:
        raise Over(Ending.LEFT)
    return books


def capacity_of(walk: Walk) -> Capacity | None:
    """In which capacity somebody files from here; None while nobody was asked."""
    visit = walk.visit
    return Capacity(visit.capacity.value) if visit.preparing and visit.capacity is not None else None


def checklist_of(walk: Walk) -> Checklist:
    """The checklist of this visit's case, as of now."""
    procedure = walk.visit.procedure
    if procedure is None:
        raise Over(Ending.LEFT)
    books, now = books_of(walk), walk.kit.clock.now()
    return checklist(books, procedure, asker_of(walk, procedure), place_of(walk.site), now, english=walk.english)


def asker_of(walk: Walk, procedure: Procedure) -> Asker:
    """Whose case it is: at the counter, or sent from here while somebody prepares it."""
    visit = walk.visit
    if not visit.preparing:
        return Asker(visit.case or ())
    return Asker(visit.case or (), capacity_of(walk), visit.pieces or {}, channel_of_kiosk(procedure))
