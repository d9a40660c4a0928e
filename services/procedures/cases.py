"""The case of one person: which questions are asked, and what holds for the answers given.

`when` names answers. Answers of the same question are alternatives, answers of different questions must all be given.
"""

from __future__ import annotations

from collections.abc import Collection

from services.procedures.records import Capacity, Catalogue, Paper, PaperNeeded, Procedure, Question, TimeLimit

Answers = Collection[str]


def fits(when: Collection[str], answers: Answers, procedure: Procedure) -> bool:
    """Whether something that carries `when` holds for these answers."""
    for question in procedure.questions:
        wanted = {answer.id for answer in question.answers} & set(when)
        if wanted and not wanted & set(answers):
            return False
    return True


def next_question(procedure: Procedure, answers: Answers) -> Question | None:
    """The next thing to ask; None when the case is known."""
    for question in procedure.questions:
        answered = any(answer.id in answers for answer in question.answers)
        if not answered and fits(question.when, answers, procedure):
            return question
    return None


def papers_of(procedure: Procedure, answers: Answers) -> tuple[PaperNeeded, ...]:
    """Every paper of the case, in the order of the record."""
    return tuple(needed for needed in procedure.papers if fits(needed.when, answers, procedure))


def papers_acting(
    catalogue: Catalogue, procedure: Procedure, answers: Answers, capacity: Capacity | None
) -> tuple[PaperNeeded, ...]:
    """Papers of the case, then those of the capacity in which somebody files; none stands twice."""
    own = papers_of(procedure, answers)
    known = {needed.paper for needed in own}
    extra = (one for acting in catalogue.acting if acting.capacity is capacity for one in acting.papers)
    return (*own, *(one for one in extra if one.paper not in known))


def time_of(procedure: Procedure, answers: Answers) -> TimeLimit:
    """The time limit of the case: the first that fits."""
    return next(time for time in procedure.times if fits(time.when, answers, procedure))


def case_names(procedure: Procedure, answers: Answers, *, english: bool) -> tuple[str, ...]:
    """The answers in words, in the order of the questions."""
    return tuple(
        (answer.name_en or answer.name) if english else answer.name
        for question in procedure.questions
        for answer in question.answers
        if answer.id in answers
    )


def name_of(paper: Paper, *, english: bool) -> str:
    """A paper's name in the person's language."""
    return (paper.name_en or paper.name) if english else paper.name
