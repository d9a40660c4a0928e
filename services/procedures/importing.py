"""Reading a catalogue file: everything that is wrong is told at once, by record and field, and nothing is taken over.

Two passes: the shape (types, lengths, formats), then what one record says about another (papers, sectors, answers,
dates that overlap). A file is good as a whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from services.procedures.records import Acting, Agency, Catalogue, Fee, Procedure, Question

FORMAT = "tram-procedures/1"


@dataclass(frozen=True)
class Flaw:
    """One thing wrong: "procedures 1.001193", "fees[0].amount", what."""

    record: str
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.record}: {self.field}: {self.what}"


class CatalogueError(Exception):
    """A file that cannot be taken over; `flaws` is everything that is wrong with it."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        super().__init__("\n".join(map(str, flaws)))
        self.flaws = flaws


def read_catalogue(path: Path) -> Catalogue:
    """Read a file. Raises CatalogueError, OSError."""
    return parse_catalogue(path.read_bytes())


def parse_catalogue(raw: bytes) -> Catalogue:
    """Read a file's bytes (UTF-8 JSON). Raises CatalogueError with every flaw."""
    try:
        value: object = json.loads(raw)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CatalogueError((Flaw("file", "", f"is not JSON: {error}"),)) from None
    try:
        catalogue = Catalogue.model_validate_json(raw)
    except ValidationError as error:
        raise CatalogueError(tuple(_shape_flaws(value, error))) from None
    flaws = tuple(_flaws(catalogue))
    if flaws:
        raise CatalogueError(flaws)
    return catalogue


def _shape_flaws(value: object, error: ValidationError) -> Iterator[Flaw]:
    for one in error.errors(include_url=False, include_input=False):
        location = one["loc"]
        record, rest = _record(value, location)
        yield Flaw(record, _field(rest) or "(record)", one["msg"])


def _record(value: object, location: tuple[int | str, ...]) -> tuple[str, tuple[int | str, ...]]:
    """The record's own name where it has one, else its place in the file."""
    if len(location) < 2 or not isinstance(location[1], int):
        return "file", location
    room, index = str(location[0]), location[1]
    rows = cast("dict[str, list[object]]", value).get(room, [])
    row = rows[index] if index < len(rows) else None
    known = cast("dict[str, object]", row) if isinstance(row, dict) else {}
    name = known.get("code") or known.get("id")
    return f"{room} {name if isinstance(name, str) and name else f'[{index}]'}", location[2:]


def _field(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _flaws(catalogue: Catalogue) -> Iterator[Flaw]:
    for room in ("sectors", "events", "beneficiaries", "papers", "reductions"):
        seen = set[str]()
        for one in getattr(catalogue, room):
            if one.id in seen:
                yield Flaw(f"{room} {one.id}", "id", "stands twice")
            seen.add(one.id)
    known = _Known(catalogue)
    for procedure in catalogue.procedures:
        yield from _procedure_flaws(procedure, known)
    yield from _overlaps(catalogue)
    for index, agency in enumerate(catalogue.agencies):
        yield from _agency_flaws(f"agencies [{index}]", agency, known)
    for index, acting in enumerate(catalogue.acting):
        yield from _acting_flaws(f"acting [{index}]", acting, catalogue.acting[:index], known)
    for reduction in catalogue.reductions:
        name = f"reductions {reduction.id}"
        yield from _dates(name, "", reduction.valid_from, reduction.valid_to)
        yield from _unknown(name, "procedures", reduction.procedures, known.codes)
        yield from _unknown(name, "sectors", reduction.sectors, known.sectors)
        if reduction.beneficiary is not None:
            yield from _unknown(name, "beneficiary", (reduction.beneficiary,), known.beneficiaries)
        if reduction.beneficiary is None and reduction.channel is None:
            yield Flaw(name, "beneficiary", "or a channel must be named, else everybody pays less")


class _Known:
    def __init__(self, catalogue: Catalogue) -> None:
        self.codes = {one.code for one in catalogue.procedures}
        self.sectors = {one.id for one in catalogue.sectors}
        self.events = {one.id for one in catalogue.events}
        self.papers = {one.id for one in catalogue.papers}
        self.beneficiaries = {one.id for one in catalogue.beneficiaries}


def _procedure_flaws(one: Procedure, known: _Known) -> Iterator[Flaw]:
    name = f"procedures {one.code}"
    yield from _dates(name, "", one.valid_from, one.valid_to)
    yield from _unknown(name, "sector", (one.sector,), known.sectors)
    yield from _unknown(name, "events", one.events, known.events)
    if not one.capacities:
        yield Flaw(name, "capacities", "must name somebody who can file")
    answers = set[str]()
    for index, question in enumerate(one.questions):
        yield from _question_flaws(name, f"questions[{index}]", question, answers)
    for index, needed in enumerate(one.papers):
        field = f"papers[{index}]"
        yield from _unknown(name, f"{field}.paper", (needed.paper,), known.papers)
        yield from _unknown(name, f"{field}.when", needed.when, answers)
        if not needed.originals and not needed.copies:
            yield Flaw(name, field, "is asked for in no piece at all")
    for index, part in enumerate(one.parts):
        yield from _unknown(name, f"parts[{index}].when", part.when, answers)
    for index, time in enumerate(one.times):
        yield from _unknown(name, f"times[{index}].when", time.when, answers)
    if one.times[-1].when:
        yield Flaw(name, f"times[{len(one.times) - 1}].when", "of the last time must be empty: it holds for all others")
    for index, fee in enumerate(one.fees):
        yield from _fee_flaws(name, f"fees[{index}]", fee, one, known, answers)
    for index, part in enumerate(one.parts):
        if part.procedure is not None:
            yield from _unknown(name, f"parts[{index}].procedure", (part.procedure,), known.codes)
    for index, condition in enumerate(one.conditions):
        yield from _dates(name, f"conditions[{index}].", condition.valid_from, condition.valid_to)
        yield from _unknown(name, f"conditions[{index}].when", condition.when, answers)


def _question_flaws(name: str, field: str, question: Question, answers: set[str]) -> Iterator[Flaw]:
    yield from _unknown(name, f"{field}.when", question.when, answers)
    for index, answer in enumerate(question.answers):
        if answer.id in answers:
            yield Flaw(name, f"{field}.answers[{index}].id", f"{answer.id} stands twice in this procedure")
        answers.add(answer.id)


def _fee_flaws(
    name: str, field: str, fee: Fee, procedure: Procedure, known: _Known, answers: set[str]
) -> Iterator[Flaw]:
    yield from _dates(name, f"{field}.", fee.valid_from, fee.valid_to)
    yield from _unknown(name, f"{field}.when", fee.when, answers)
    if (fee.amount is None) == (fee.per_page is None):
        yield Flaw(name, f"{field}.amount", "or per_page must be given, and only one of them")
    if fee.per is not None and fee.amount is None:
        yield Flaw(name, f"{field}.per", "counts an amount; there is none")
    if fee.beneficiary is not None:
        yield from _unknown(name, f"{field}.beneficiary", (fee.beneficiary,), known.beneficiaries)
    if fee.channel is not None and fee.channel not in procedure.channels:
        yield Flaw(name, f"{field}.channel", f"{fee.channel.value} is no channel of this procedure")


def _agency_flaws(name: str, agency: Agency, known: _Known) -> Iterator[Flaw]:
    yield from _dates(name, "", agency.valid_from, agency.valid_to)
    if (agency.procedure is None) == (agency.sector is None):
        yield Flaw(name, "procedure", "or sector must be named, and only one of them")
    if agency.procedure is not None:
        yield from _unknown(name, "procedure", (agency.procedure,), known.codes)
    if agency.sector is not None:
        yield from _unknown(name, "sector", (agency.sector,), known.sectors)


def _acting_flaws(name: str, acting: Acting, before: tuple[Acting, ...], known: _Known) -> Iterator[Flaw]:
    if acting.capacity in {one.capacity for one in before}:
        yield Flaw(name, "capacity", f"{acting.capacity.value} stands twice")
    for index, needed in enumerate(acting.papers):
        yield from _unknown(name, f"papers[{index}].paper", (needed.paper,), known.papers)
        if needed.when:
            yield Flaw(name, f"papers[{index}].when", "belongs to a procedure's own answers")
        if not needed.originals and not needed.copies:
            yield Flaw(name, f"papers[{index}]", "is asked for in no piece at all")


def _overlaps(catalogue: Catalogue) -> Iterator[Flaw]:
    """Two records of one code must not hold on the same day."""
    before: dict[str, list[Procedure]] = {}
    for one in catalogue.procedures:
        for other in before.setdefault(one.code, []):
            if one.holds(other.valid_from) or other.holds(one.valid_from):
                yield Flaw(f"procedures {one.code}", "valid_from", f"holds beside the record of {other.valid_from}")
        before[one.code].append(one)


def _dates(name: str, prefix: str, start: date, end: date | None) -> Iterator[Flaw]:
    if end is not None and end < start:
        yield Flaw(name, f"{prefix}valid_to", f"{end} is before valid_from {start}")


def _unknown(name: str, field: str, ids: tuple[str, ...], known: set[str]) -> Iterator[Flaw]:
    for id in ids:
        if id not in known:
            yield Flaw(name, field, f"{id} is not in this catalogue")
