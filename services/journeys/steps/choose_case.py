"""Which case (picture 30): a few questions, each with "Khác, hỏi quầy", which takes a number for the counter."""

from __future__ import annotations

from functools import partial

from services.journeys.checklist import part_rows
from services.journeys.journey import Ending, Over, Turn, WentBack
from services.journeys.prompts import CaseAnswer, CaseRow, ChooseCase
from services.journeys.steps.find_procedure import short_name
from services.journeys.walk import Walk
from services.procedures.cases import next_question
from services.procedures.records import Procedure, Question


async def choose_case(walk: Walk) -> Turn | None:
    """Ask until the case is known. Back leads to the question before, then out; answers are asked again from there."""
    visit = walk.visit
    procedure = visit.procedure
    if procedure is None:
        raise Over(Ending.LEFT)
    answers = list(visit.case or ())
    if walk.backwards and answers:
        answers.pop()
    while (question := next_question(procedure, answers)) is not None:
        try:
            answer = await walk.ask(partial(_question, walk, procedure, question))
        except WentBack:
            if not answers:
                visit.case = None
                raise
            answers.pop()
            continue
        if isinstance(answer, CaseAnswer):
            visit.case = None
            return Turn.COUNTER
        answers.append(answer.answer_id)
    visit.case = tuple(answers)
    return None


def _question(walk: Walk, procedure: Procedure, question: Question) -> ChooseCase:
    english = walk.english
    first = question is procedure.questions[0]
    return ChooseCase(
        procedure=short_name(procedure, english=english),
        question=(question.name_en or question.name) if english else question.name,
        rows=tuple(
            CaseRow(answer.id, (answer.name_en or answer.name) if english else answer.name)
            for answer in question.answers
        ),
        parts=part_rows(procedure, english=english) if first else (),
    )
