"""Who is competent for a procedure at a place on a day: the narrowest place first, delegations as they stand."""

from __future__ import annotations

from datetime import date

from services.procedures.cases import Answers, fits
from services.procedures.records import Agency, Catalogue, Condition, Procedure


def competent(catalogue: Catalogue, procedure: Procedure, places: tuple[str, ...], day: date) -> Agency | None:
    """The agency for the first of `places` (commune, province, "*") that has one; a procedure goes before its sector.

    Of several that hold on the day the one decided last stands: that is how a delegation replaces what was before.
    """
    for place in (*places, "*"):
        for named in (True, False):
            found = [one for one in catalogue.agencies if _fits(one, procedure, place, day, named=named)]
            if found:
                return max(found, key=lambda one: one.valid_from)
    return None


def _fits(one: Agency, procedure: Procedure, place: str, day: date, *, named: bool) -> bool:
    about = one.procedure == procedure.code if named else one.sector == procedure.sector
    return about and one.place == place and one.holds(day)


def conditions_at(procedure: Procedure, places: tuple[str, ...], day: date, answers: Answers) -> tuple[Condition, ...]:
    """What must hold at a place for this case: the narrowest of those with one id, everywhere's included."""
    nearest = (*places, "*")
    found = [
        one
        for one in procedure.conditions
        if one.holds(day) and one.place in nearest and fits(one.when, answers, procedure)
    ]
    narrowest: dict[str, int] = {}
    for one in found:
        if one.id is not None:
            narrowest[one.id] = min(nearest.index(one.place), narrowest.get(one.id, len(nearest)))
    return tuple(one for one in found if one.id is None or nearest.index(one.place) == narrowest[one.id])
