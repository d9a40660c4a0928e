"""The checklist of a case as values for screen and slip: papers, dates, fee, place. Words come with the language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.contract import models as wire
from services.journeys.books import Books
from services.journeys.prompts import DueRow, PaperRow, PartRow, Phrase
from services.messages import dotted
from services.procedures.agencies import competent, conditions_at
from services.procedures.appointments import due
from services.procedures.cases import case_names, papers_acting, time_of
from services.procedures.fees import Asked, Bill, Line, PaysLess, bill, who_pays_less
from services.procedures.records import Agency, Capacity, Channel, PaperNeeded, Procedure, TimeLimit, TimeUnit

COPIES = "ban"
"""What a fee counts as copies, in whole words."""


@dataclass(frozen=True)
class Asker:
    """Whose checklist it is: the answers that make the case, for whom they file, how many pieces they want, and how
    the dossier comes in."""

    answers: tuple[str, ...] = ()
    capacity: Capacity | None = None
    pieces: Mapping[str, int] = field(default_factory=dict[str, int])
    channel: Channel = Channel.COUNTER


@dataclass(frozen=True)
class Place:
    """Where the centre stands: codes of its commune and province."""

    commune: str
    province: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The narrowest first."""
        return self.commune, self.province


@dataclass(frozen=True)
class Checklist:
    """Everything a person must know about their case, in one language."""

    procedure: Procedure
    name: str
    case: str
    bring: tuple[PaperRow, ...]
    held: tuple[PaperRow, ...]
    due: tuple[DueRow, ...]
    times: tuple[DueRow, ...]
    """The same as lengths of time, for paper."""
    before: str
    fee: Phrase
    free: str
    """Who pays nothing, by name: "Hộ nghèo, trẻ em"."""
    less: str
    where: str
    conditions: tuple[tuple[str, str], ...]


def place_of(site: wire.Site) -> Place:
    """The centre's own place; nowhere in particular where the gateway does not tell."""
    one_stop = site.one_stop
    return Place("", "") if one_stop is None else Place(one_stop.commune, one_stop.province)


def checklist(
    books: Books, procedure: Procedure, asker: Asker, place: Place, now: datetime, *, english: bool
) -> Checklist:
    """Build it for somebody who would hand in `now`."""
    day, answers = now.date(), asker.answers
    needed = papers_acting(books.catalogue, procedure, answers, asker.capacity)
    agency = competent(books.catalogue, procedure, place.codes, day)
    limit = time_of(procedure, answers)
    parts = [
        (_named(part.name, part.name_en, english), part.time)
        for part in procedure.parts
        if part.wanted(answers) is not False
    ]
    timed = parts or [("", limit)]
    asked = Asked(day=day, channel=asker.channel, places=place.codes, answers=answers, pieces=asker.pieces)
    kinds = [one.id for one in books.catalogue.beneficiaries]
    less = who_pays_less(procedure, books.catalogue.reductions, asked, kinds)
    return Checklist(
        procedure=procedure,
        name=_named(procedure.short, procedure.short_en, english),
        case="; ".join(case_names(procedure, answers, english=english)),
        bring=tuple(_paper(books, one, english) for one in needed if not one.state_holds),
        held=tuple(_paper(books, one, english) for one in needed if one.state_holds),
        due=tuple(DueRow(name, _due(books, time, now)) for name, time in timed),
        times=tuple(DueRow(name, length_of(time)) for name, time in timed),
        before=_before(books, [time for _, time in timed], now),
        fee=fee_phrase(bill(procedure, books.catalogue.reductions, asked)),
        free=_names(books, [one for one in less if one.free], english),
        less=_names(books, [one for one in less if not one.free], english),
        where="" if agency is None else _where(agency, english),
        conditions=tuple(
            (_named(one.name, one.name_en, english), one.value)
            for one in conditions_at(procedure, place.codes, day, answers)
        ),
    )


def part_rows(procedure: Procedure, *, english: bool) -> tuple[PartRow, ...]:
    """The parts of an interlinked group with their lengths (picture 30)."""
    return tuple(
        PartRow(part.icon, _named(part.name, part.name_en, english), length_of(part.time)) for part in procedure.parts
    )


def length_of(limit: TimeLimit) -> Phrase:
    """ "trong ngày", "2 ngày làm việc", "30 ngày"."""
    match limit.unit:
        case TimeUnit.SAME_DAY:
            return Phrase("time.same-day")
        case TimeUnit.WORKING_DAYS:
            message = "time.working-day" if limit.value == 1 else "time.working-days"
            return Phrase(message, (("number", limit.value),))
        case TimeUnit.DAYS:
            return Phrase("time.days", (("number", limit.value),))


def fee_phrase(found: Bill) -> Phrase:
    """What it costs at the counter: nothing, an amount, or by pages and pieces."""
    if not found.lines or found.free:
        return Phrase("fee.free" if found.lines else "fee.none")
    if found.due is not None:
        return Phrase("fee.amount", (("amount", dotted(found.due)),))
    line = found.lines[0]
    fee = line.fee
    if len(found.lines) > 1 or (fee.per_page is None and fee.per != COPIES):
        return Phrase("fee.from", (("amount", dotted(sum(_least(line) for line in found.lines))),))
    if fee.per_page is None:
        return Phrase("fee.each", (("amount", dotted(_least(line))),))
    rule = fee.per_page
    first = ("first", dotted(_least(line)))
    after = ("next", dotted(line.reduced(rule.next_price)))
    return Phrase("fee.pages", (first, ("number", rule.first_pages + 1), after))


def _least(line: Line) -> int:
    """What one piece costs, where nobody knows yet how many."""
    if line.due is not None:
        return line.due
    rule = line.fee.per_page
    return line.reduced((line.fee.amount or 0) if rule is None else rule.first_price)


def _due(books: Books, limit: TimeLimit, now: datetime) -> Phrase:
    found = due(limit, now, books.calendar)
    if found.day == now.date():
        return Phrase("due.today")
    message = "due.on" if found.certain else "due.about"
    return Phrase(message, (("date", f"{found.day:%d/%m}"),))


def _before(books: Books, limits: list[TimeLimit], now: datetime) -> str:
    """The hour that shifts the dates, while it is still to come today."""
    hours = {limit.counted_next_day_after for limit in limits if limit.counted_next_day_after}
    hour = min((one for one in hours if one), default="")
    to_come = hour and books.calendar.works(now.date()) and f"{now:%H:%M}" < hour
    return hour if to_come else ""


def _paper(books: Books, needed: PaperNeeded, english: bool) -> PaperRow:
    paper = books.catalogue.paper(needed.paper)
    return PaperRow(
        _named(paper.name, paper.name_en, english), _pieces(needed), _named(paper.note, paper.note_en, english)
    )


def _where(agency: Agency, english: bool) -> str:
    """The counters, else whose they are."""
    if agency.counters:
        return _named(agency.counters, agency.counters_en, english)
    return _named(agency.name, agency.name_en, english)


def _names(books: Books, some: list[PaysLess], english: bool) -> str:
    ids = {one.beneficiary for one in some}
    return ", ".join(_named(one.name, one.name_en, english) for one in books.catalogue.beneficiaries if one.id in ids)


def _pieces(needed: PaperNeeded) -> Phrase:
    args = (("originals", needed.originals), ("copies", needed.copies))
    if needed.originals and needed.copies:
        return Phrase("pieces.both", args)
    kind = "original" if needed.originals else "copy"
    return Phrase(f"pieces.{kind}{'' if max(needed.originals, needed.copies) == 1 else '.more'}", args)


def _named(vietnamese: str, english_name: str, english: bool) -> str:
    return (english_name or vietnamese) if english else vietnamese
