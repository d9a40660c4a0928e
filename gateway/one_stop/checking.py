"""Whether the authority's system receives what the catalogue offers: codes change every year."""

from __future__ import annotations

from gateway.clock import day_of
from gateway.house import House
from gateway.one_stop.failures import OneStopRefused, OneStopUnavailable


async def missing_there(house: House) -> list[str]:
    """A line for each procedure and part of today that it does not list. Raises ConnectionError when not answered."""
    centre = house.one_stop
    if centre is None or centre.system is None:
        return ["nothing is filed from here: [one_stop.system] is not set"]
    try:
        there = await centre.system.procedures()
    except (OneStopUnavailable, OneStopRefused) as error:
        raise ConnectionError(f"the one-stop system: {error.fault.value}: {error.detail}") from error
    finally:
        await centre.close()
    today = day_of(house.now())
    wanted: dict[str, str] = {}
    for one in centre.catalogue.procedures:
        if not one.holds(today):
            continue
        if not one.parts:
            wanted[one.code] = one.name
        for part in one.parts:
            wanted.setdefault(part.procedure or f"{one.code}.{part.id}"[:40], part.name)
    missing = [f"{code}: {name}" for code, name in sorted(wanted.items()) if code not in there]
    return missing or [f"all {len(wanted)} procedures are received there"]
