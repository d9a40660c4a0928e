"""Of an interlinked group: which optional parts are wanted. What the case has said already is not asked again."""

from __future__ import annotations

from functools import partial

from services.journeys.checklist import length_of
from services.journeys.journey import Ending, Over, WentBack
from services.journeys.prompts import AskPart, PartAnswer
from services.journeys.steps.find_procedure import short_name
from services.journeys.walk import Walk
from services.procedures.records import Part


async def choose_parts(walk: Walk) -> None:
    """Ask for each that nobody knows of. Back leads to the part before, then out."""
    visit, procedure = walk.visit, walk.visit.procedure
    if not visit.preparing:
        return
    if procedure is None:
        raise Over(Ending.LEFT)
    answers = visit.case or ()
    known = {part.id: part.wanted(answers) for part in procedure.parts if part.optional}
    open_parts = [part for part in procedure.parts if part.id in known and known[part.id] is None]
    place = max(0, len(open_parts) - 1) if walk.backwards else 0
    wanted = set(visit.parts or ())
    while place < len(open_parts):
        part = open_parts[place]
        try:
            answer = await walk.ask(partial(_question, walk, part))
        except WentBack:
            if place == 0:
                raise
            place -= 1
            continue
        wanted = wanted | {part.id} if answer is PartAnswer.YES else wanted - {part.id}
        place += 1
    asked = {part.id for part in open_parts}
    visit.parts = tuple(id for id, certain in known.items() if certain or (id in asked and id in wanted))


def _question(walk: Walk, part: Part) -> AskPart:
    procedure, english = walk.visit.procedure, walk.english
    return AskPart(
        procedure="" if procedure is None else short_name(procedure, english=english),
        part=(part.name_en or part.name) if english else part.name,
        icon=part.icon,
        time=length_of(part.time),
    )
