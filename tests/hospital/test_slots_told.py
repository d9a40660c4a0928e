"""The time slot that was taken with a number is told to the hospital's system."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gateway.settings import SlotHours


def with_slots(site: Any) -> None:
    """The site's first clinic has times of its own."""
    hours = SlotHours.model_validate({"from": "13:00", "to": "14:30", "minutes": 30, "people": 2})
    clinics = dict(site.house.clinics)
    clinics["tim-mach"] = clinics["tim-mach"].model_copy(update={"slots": (hours,)})
    site.house = replace(site.house, clinics=clinics)


@pytest.mark.parametrize("slot", ["1330", None])
def test_a_fhir_server_is_told_from_when_the_number_counts(fhir: Any, slot: str | None) -> None:
    with_slots(fhir)
    ticket = fhir.ticket(slot_id=slot)
    fhir.deliver()
    task = fhir.side.of("Task", ticket.check_in_id)
    told = task.get("restriction", {}).get("period", {}).get("start")
    assert told == (None if slot is None else "2026-11-23T13:30:00+07:00")


@pytest.mark.parametrize(("slot", "told"), [("1330", "202611231330"), (None, None)])
def test_the_profile_is_told_from_when_the_number_counts(rest: Any, slot: str | None, told: str | None) -> None:
    with_slots(rest)
    ticket = rest.ticket(slot_id=slot)
    rest.deliver()
    assert rest.side.of(ticket.check_in_id).get("KHUNG_GIO_TU") == told
