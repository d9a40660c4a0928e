"""Which procedure: by typing (picture 13), by what happened in life, or by sector. Nobody is identified."""

from __future__ import annotations

from functools import partial

from services.journeys.books import Books
from services.journeys.case_of_visit import books_of
from services.journeys.checklist import Place, fee_phrase, place_of
from services.journeys.journey import WentBack
from services.journeys.prompts import (
    ChooseGroup,
    FindAnswer,
    FindProcedure,
    FoundProcedures,
    GroupChosen,
    GroupKind,
    GroupRow,
    Phrase,
    ProcedureChosen,
    ProcedureRow,
)
from services.journeys.walk import Walk
from services.procedures.fees import Asked, bill
from services.procedures.folding import spans, words
from services.procedures.records import Channel, Named, Procedure
from services.procedures.search import Hit

SHOWN = 24
"""Hits a page list ever holds; who needs more types another letter."""


async def find_procedure(walk: Walk) -> None:
    """Choose; what was typed stands there again when somebody comes back."""
    visit, books = walk.visit, books_of(walk)
    if visit.procedure_given:
        if walk.backwards:
            raise WentBack
        return
    while True:
        answer = await walk.ask(partial(_question, walk, books))
        try:
            match answer:
                case ProcedureChosen(code):
                    chosen = books.catalogue.at(code, books.day)
                case FindAnswer.BY_EVENT:
                    chosen = await _browse(walk, books, GroupKind.EVENT)
                case FindAnswer.BY_SECTOR:
                    chosen = await _browse(walk, books, GroupKind.SECTOR)
        except WentBack:
            continue
        if chosen is None:
            continue
        if chosen != visit.procedure:
            visit.case = visit.capacity = visit.pieces = None
        visit.procedure = chosen
        return


async def _browse(walk: Walk, books: Books, kind: GroupKind) -> Procedure | None:
    """A life event or a sector, then one of its procedures. Back leads to the groups, from there out."""
    while True:
        group = await walk.ask(partial(_groups, walk, books, kind))
        if not isinstance(group, GroupChosen):
            continue
        of_it = books.index.of_event if kind is GroupKind.EVENT else books.index.of_sector
        try:
            found = await walk.ask(partial(_procedures, walk, books, of_it(group.group_id)))
        except WentBack:
            continue
        if isinstance(found, GroupChosen):
            return books.catalogue.at(found.group_id, books.day)


def _groups(walk: Walk, books: Books, kind: GroupKind) -> ChooseGroup:
    named = books.catalogue.events if kind is GroupKind.EVENT else books.catalogue.sectors
    of_it = books.index.of_event if kind is GroupKind.EVENT else books.index.of_sector
    rows = tuple(GroupRow(one.id, _name(one, walk.english), one.icon) for one in named if of_it(one.id))
    return ChooseGroup(kind=kind, groups=rows, guide_desk=False)


def _procedures(walk: Walk, books: Books, found: tuple[Procedure, ...]) -> ChooseGroup:
    rows = tuple(GroupRow(one.code, short_name(one, english=walk.english), one.icon) for one in found)
    return ChooseGroup(kind=GroupKind.PROCEDURE, groups=rows, guide_desk=False)


def _question(walk: Walk, books: Books) -> FindProcedure:
    visit = walk.visit

    def note(typed: str) -> None:
        visit.searched = typed

    find = partial(find_procedures, books, place_of(walk.site), english=walk.english)
    return FindProcedure(find=find, typed=visit.searched or "", note=note)


def find_procedures(books: Books, place: Place, typed: str, *, english: bool) -> FoundProcedures:
    """What the page asks at every key: the best hits as rows, and how many there are."""
    hits = books.index.find(typed, most=len(books.index.procedures))
    return FoundProcedures(tuple(_row(books, place, hit, typed, english) for hit in hits[:SHOWN]), len(hits))


def _row(books: Books, place: Place, hit: Hit, typed: str, english: bool) -> ProcedureRow:
    one = hit.procedure
    name = short_name(one, english=english)
    sector = next((named for named in books.catalogue.sectors if named.id == one.sector), None)
    return ProcedureRow(
        code=one.code,
        name=name,
        sector="" if sector is None else _name(sector, english),
        marks=marks_in(name, typed),
        note=_note(books, place, one),
    )


def _note(books: Books, place: Place, one: Procedure) -> Phrase | None:
    """Groups say how many things are done at once; what costs nothing says so."""
    if one.parts:
        return Phrase("find.parts", (("number", len(one.parts)),))
    asked = Asked(day=books.day, channel=Channel.COUNTER, places=place.codes)
    found = bill(one, books.catalogue.reductions, asked)
    return fee_phrase(found) if found.lines and not one.questions else None


def marks_in(name: str, typed: str) -> tuple[tuple[int, int], ...]:
    """Places of the words that begin as something typed."""
    asked = words(typed)
    found = [
        (start, start + max((len(one) for one in asked if word.startswith(one)), default=0))
        for start, _, word in spans(name)
    ]
    return tuple((start, end) for start, end in found if end > start)


def short_name(one: Procedure, *, english: bool) -> str:
    """What a row says."""
    return (one.short_en or one.short) if english else one.short


def _name(one: Named, english: bool) -> str:
    return (one.name_en or one.name) if english else one.name
