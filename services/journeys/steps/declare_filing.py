"""The declaration and the consent, a step of their own: whole words, their version, two answers of one size.

Nothing was agreed to before. Who does not agree takes a number, and the counter helps on paper.
"""

from __future__ import annotations

from functools import partial

from services.contract import models
from services.contract import one_stop as wire
from services.journeys.journey import Turn
from services.journeys.prompts import DeclareAnswer, DeclareFiling
from services.journeys.steps.fill_form import form_of_visit
from services.journeys.steps.find_procedure import short_name
from services.journeys.walk import Walk
from services.procedures.records import Procedure

PURPOSE = "dossier"
"""The notice's text about what happens with a dossier that is sent from here."""


async def declare_filing(walk: Walk) -> Turn | None:
    """Ask; the answer goes with the dossier as evidence."""
    visit = walk.visit
    if not visit.preparing or visit.dossier is not None or visit.procedure is None:
        return None
    visit.declared = None
    answer = await walk.ask(partial(_question, walk, visit.procedure))
    if answer is DeclareAnswer.REFUSE:
        visit.preparing = None
        return Turn.COUNTER
    visit.declared = _evidence(walk)
    return None


def _text(walk: Walk) -> models.ConsentText | None:
    notice = walk.kit.gateway.notice
    return None if notice is None else next((one for one in notice.consents if one.id == PURPOSE), None)


def _question(walk: Walk, procedure: Procedure) -> DeclareFiling:
    form, text, notice = form_of_visit(walk), _text(walk), walk.kit.gateway.notice
    words = "" if text is None else text.text_en if walk.english else text.text
    return DeclareFiling(
        procedure=short_name(procedure, english=walk.english),
        declaration=(form.declaration_en or form.declaration) if walk.english else form.declaration,
        consent=words,
        form_version=form.version,
        notice_version=notice.version if notice is not None and words else "",
    )


def _evidence(walk: Walk) -> wire.Declared:
    form, notice = form_of_visit(walk), walk.kit.gateway.notice
    shown = notice if _text(walk) is not None else None
    return wire.Declared(
        form=form.id,
        form_version=form.version,
        notice_version="" if shown is None else shown.version,
        notice_digest="" if shown is None else shown.digest,
        at=walk.kit.clock.now(),
    )
