"""Who is competent for a procedure at a place on a day: the narrowest place first, delegations as they stand."""

from __future__ import annotations

from datetime import date

from services.procedures.fees import covers
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


def conditions_at(procedure: Procedure, places: tuple[str, ...], day: date) -> tuple[Condition, ...]:
    """What must hold at a place, everywhere's included."""
    return tuple(
        one
        for one in procedure.conditions
        if one.holds(day) and any(covers(one.place, place) for place in (*places, "*"))
    )
