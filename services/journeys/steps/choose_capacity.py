"""For whom the dossier is filed; each capacity brings its own papers, which the counter looks at."""

from __future__ import annotations

from services.contract import one_stop as wire
from services.journeys.journey import Ending, Over
from services.journeys.prompts import Capacity, ChooseCapacity
from services.journeys.steps.find_procedure import short_name
from services.journeys.walk import Walk


async def choose_capacity(walk: Walk) -> None:
    """Ask; another capacity asks other things, so what depended on the old one is asked again."""
    visit = walk.visit
    procedure = visit.procedure
    if not visit.preparing:
        return
    if procedure is None:
        raise Over(Ending.LEFT)
    chosen = await walk.ask(
        lambda: ChooseCapacity(procedure=short_name(procedure, english=walk.english), choices=tuple(Capacity))
    )
    visit.capacity = wire.Capacity(chosen.value)
