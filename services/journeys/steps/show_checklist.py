"""The complete checklist (picture 14), printed on request, and the ways on: number, preparing here, the own phone."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from services.contract import models as wire
from services.journeys.case_of_visit import asker_of, books_of, checklist_of
from services.journeys.checklist import place_of
from services.journeys.details import details
from services.journeys.journey import Turn, WentBack
from services.journeys.ports import Printed
from services.journeys.prompts import ChecklistAnswer, OnPhone, ShowChecklist, ShowDetails
from services.journeys.slips import checklist_slip
from services.journeys.steps.fill_form import form_of
from services.journeys.walk import Walk


async def show_checklist(walk: Walk) -> Turn | None:
    """Show it until the person goes on. Without a number to take, the checklist is the end."""
    visit = walk.visit
    # Who comes back from preparing is told again what it costs at the counter.
    visit.preparing = None
    printed: bool | None = None
    while True:
        answer = await walk.ask(lambda: _question(walk, printed))  # noqa: B023 - asked and answered before it changes
        match answer:
            case ChecklistAnswer.TAKE_NUMBER:
                return Turn.COUNTER
            case ChecklistAnswer.PREPARE:
                visit.preparing = True
                return None
            case ChecklistAnswer.CHANGE_CASE:
                visit.case = None
                return Turn.CHANGE_CASE
            case ChecklistAnswer.PHONE:
                await _on_phone(walk)
            case ChecklistAnswer.DETAILS:
                await _show_details(walk)
            case ChecklistAnswer.PRINT:
                printed = (await walk.working("working.printing", partial(_print, walk), can_stop=False)).ok


async def _print(walk: Walk) -> Printed:
    return await walk.kit.printer.print(checklist_slip(walk, checklist_of(walk), books_of(walk)))


async def _on_phone(walk: Walk) -> None:
    found = checklist_of(walk)
    url = phone_url(walk.site, found.procedure.code)
    await walk.result(OnPhone(procedure=found.name, url=url))


async def _show_details(walk: Walk) -> None:
    with suppress(WentBack):
        await walk.ask(partial(_details, walk))


def _details(walk: Walk) -> ShowDetails:
    found = checklist_of(walk)
    rows = details(
        books_of(walk), found.procedure, asker_of(walk, found.procedure), place_of(walk.site),
        walk.kit.clock.now().date(), english=walk.english,
    )  # fmt: skip
    return ShowDetails(procedure=found.name, rows=rows)


def phone_url(site: wire.Site, code: str) -> str:
    """The procedure's public page; empty where the site names none."""
    page = "" if site.one_stop is None else site.one_stop.procedure_page
    return page.replace("{code}", code)


def _question(walk: Walk, printed: bool | None) -> ShowChecklist:
    found, books = checklist_of(walk), books_of(walk)
    offers = {
        ChecklistAnswer.TAKE_NUMBER: True,
        ChecklistAnswer.PREPARE: _can_prepare(walk),
        ChecklistAnswer.PRINT: True,
        ChecklistAnswer.PHONE: bool(phone_url(walk.site, found.procedure.code)),
        ChecklistAnswer.DETAILS: True,
        ChecklistAnswer.CHANGE_CASE: bool(found.procedure.questions),
    }
    return ShowChecklist(
        code=found.procedure.code,
        procedure=found.name,
        case=found.case,
        bring=found.bring,
        held=found.held,
        due=found.due,
        before=found.before,
        fee=found.fee,
        where=found.where,
        conditions=found.conditions,
        updated=f"{books.catalogue.updated:%d/%m/%Y}",
        sample=books.catalogue.sample,
        offers=tuple(offer for offer, works in offers.items() if works),
        printed=printed,
        form_note=_form_note(walk),
        offline=not walk.kit.gateway.online,
    )


def _form_note(walk: Walk) -> str:
    """What is said where other dossiers are filed from here and this one is not."""
    site, procedure = walk.site.one_stop, walk.visit.procedure
    if site is None or not site.files or procedure is None or _can_prepare(walk):
        return ""
    return "list.form.desk" if procedure.forms else "list.form.none"


def _can_prepare(walk: Walk) -> bool:
    """Where dossiers are filed from here and the case's form is known."""
    site, procedure = walk.site.one_stop, walk.visit.procedure
    if site is None or not site.files or procedure is None:
        return False
    return form_of(books_of(walk), procedure, walk.visit.case or ()) is not None
