"""Step 6: priority as the law lists it. What the chip proves is not asked; all else is declared, the desk looks."""

from __future__ import annotations

from datetime import date

from services.identity.citizen import Citizen, Sex
from services.journeys.ages import highest_age, lowest_age
from services.journeys.prompts import DeclarePriority, Priority
from services.journeys.walk import Walk

ELDERLY_FROM = 75
CHILD_UNDER = 6
OF_ANYBODY = (Priority.ELDERLY_75, Priority.DISABLED, Priority.MERIT, Priority.PREGNANT, Priority.NONE)


async def declare_priority(walk: Walk) -> None:
    """Ask, unless the chip proves it. Emergency is never a choice here: it is a way to people."""
    visit = walk.visit
    today = walk.kit.clock.now().date()
    proven = proven_priority(visit.patient, today)
    visit.priority_proven = proven is not None
    if proven is not None:
        visit.priority = proven
        return
    if visit.priority is not None and not walk.backwards:
        return  # declared before, and a way back to the clinics lay between
    choices = declarable(visit.patient, today, walk.site.pregnancy_ages)
    if visit.clinic is not None and visit.clinic.group is not None and _nobody_in_particular(visit.patient):
        choices = OF_ANYBODY
    visit.priority = await walk.ask(DeclarePriority(choices=choices))


def _nobody_in_particular(patient: Citizen | None) -> bool:
    """A number of a one-stop centre needs no name: then neither age nor sex is known, and both are possible."""
    return patient is None or (patient.birth is None and patient.sex is None)


def proven_priority(patient: Citizen | None, today: date) -> Priority | None:
    """Age from full 75 or under 6, by the whole date of birth of a verified chip; a year alone is declared."""
    if patient is None or patient.birth is None or not patient.evidence.verified:
        return None
    if patient.birth.day is None:
        return None
    if lowest_age(patient.birth, today) >= ELDERLY_FROM:
        return Priority.ELDERLY_75
    if highest_age(patient.birth, today) < CHILD_UNDER:
        return Priority.CHILD_UNDER_6
    return None


def declarable(patient: Citizen | None, today: date, pregnancy_ages: tuple[int, int]) -> tuple[Priority, ...]:
    """What may be declared, "none" last: ages only where they are possible and not proven, pregnancy only for women
    of the site's ages."""
    ages = None
    if patient is not None and patient.birth is not None:
        ages = lowest_age(patient.birth, today), highest_age(patient.birth, today)
    choices: list[Priority] = []
    if ages is not None and ages[1] >= ELDERLY_FROM:
        choices.append(Priority.ELDERLY_75)
    if ages is not None and ages[0] < CHILD_UNDER:
        choices.append(Priority.CHILD_UNDER_6)
    choices += [Priority.DISABLED, Priority.MERIT]
    first, last = pregnancy_ages
    if patient is not None and patient.sex is Sex.FEMALE and ages is not None and ages[1] >= first and ages[0] <= last:
        choices.append(Priority.PREGNANT)
    return (*choices, Priority.NONE)
