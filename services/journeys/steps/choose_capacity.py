"""For whom the dossier is filed; each capacity brings its own papers, which the counter looks at."""

from __future__ import annotations

from services.contract import one_stop as wire
from services.journeys.journey import Ending, Over, WentBack
from services.journeys.prompts import Capacity, ChooseCapacity
from services.journeys.steps.find_procedure import short_name
from services.journeys.walk import Walk


async def choose_capacity(walk: Walk) -> None:
    """Ask where there is a choice; another capacity asks other things, and brings other papers."""
    visit = walk.visit
    procedure = visit.procedure
    if not visit.preparing:
        return
    if procedure is None:
        raise Over(Ending.LEFT)
    choices = tuple(Capacity(one.value) for one in procedure.capacities)
    if len(choices) == 1:
        if walk.backwards:
            raise WentBack
        visit.capacity = wire.Capacity(choices[0].value)
        return
    chosen = await walk.ask(
        lambda: ChooseCapacity(procedure=short_name(procedure, english=walk.english), choices=choices)
    )
    visit.capacity = wire.Capacity(chosen.value)
