"""The declaration and the consent, a step of their own: whole words, their version, two answers of one size.

Nothing was agreed to before. Who does not agree takes a number, and the counter helps on paper. So does who comes while
the gateway has not told the notice's words yet: nobody agrees to what nobody can read.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.contract import models
from services.contract import one_stop as wire
from services.journeys.journey import Turn
from services.journeys.prompts import DeclareAnswer, DeclareFiling, ProblemChoice
from services.journeys.steps.fill_form import form_of_visit
from services.journeys.steps.find_procedure import short_name
from services.journeys.walk import Walk
from services.procedures.forms import Form
from services.procedures.records import Procedure

PURPOSE = "dossier"
"""The notice's text about what happens with a dossier that is sent from here."""
NO_WORDS = "MC-106"


@dataclass(frozen=True)
class _Words:
    """What stands on the page."""

    form: Form
    notice: models.Notice
    consent: models.ConsentText


async def declare_filing(walk: Walk) -> Turn | None:
    """Ask; the answer goes with the dossier as evidence."""
    visit = walk.visit
    procedure = visit.procedure
    if not visit.preparing or visit.dossier is not None or procedure is None:
        return None
    visit.declared = None
    heard = await _heard(walk)
    if heard is None:
        visit.preparing = None
        return Turn.COUNTER
    shown: _Words = heard

    def question() -> DeclareFiling:
        # Made again when the language is switched; a notice that comes meanwhile is not on the page before.
        nonlocal shown
        shown = _words(walk) or shown
        return _question(walk, procedure, shown)

    if await walk.ask(question) is DeclareAnswer.REFUSE:
        visit.preparing = None
        return Turn.COUNTER
    visit.declared = _evidence(walk, shown)
    return None


async def _heard(walk: Walk) -> _Words | None:
    """The words; None when the person takes a number instead of waiting for them."""
    while (words := _words(walk)) is None:
        if await walk.problem(NO_WORDS, ProblemChoice.RETRY, ProblemChoice.ASK_DESK) is not ProblemChoice.RETRY:
            return None
    return words


def _words(walk: Walk) -> _Words | None:
    notice = walk.kit.gateway.notice
    if notice is None:
        return None
    consent = next((one for one in notice.consents if one.id == PURPOSE), None)
    return None if consent is None else _Words(form_of_visit(walk), notice, consent)


def _question(walk: Walk, procedure: Procedure, words: _Words) -> DeclareFiling:
    form = words.form
    return DeclareFiling(
        procedure=short_name(procedure, english=walk.english),
        declaration=(form.declaration_en or form.declaration) if walk.english else form.declaration,
        consent=words.consent.text_en if walk.english else words.consent.text,
        form_version=form.version,
        notice_version=words.notice.version,
    )


def _evidence(walk: Walk, words: _Words) -> wire.Declared:
    return wire.Declared(
        form=words.form.id,
        form_version=words.form.version,
        notice_version=words.notice.version,
        notice_digest=words.notice.digest,
        at=walk.kit.clock.now(),
    )
