"""The form: what the chip knows stands there and is locked, the rest is typed field by field, errors at the field."""

from __future__ import annotations

from datetime import date
from functools import partial

from services.codes.person import BirthDate, Sex
from services.identity.citizen import Citizen
from services.journeys.books import Books
from services.journeys.case_of_visit import books_of
from services.journeys.journey import Ending, Over, WentBack
from services.journeys.prompts import (
    FieldChosen,
    FieldKeys,
    FieldRow,
    FieldTyped,
    FillForm,
    FormAnswer,
    Suggestion,
    TypeField,
)
from services.journeys.steps.keep_draft import draft_offers, keep_draft, resume_draft
from services.journeys.walk import Walk
from services.procedures.cases import papers_of
from services.procedures.forms import ChipField, Form, FormField, Kind, asked_fields, check, check_field, pieces_of
from services.procedures.places import (
    Commune,
    Places,
    ReadAddress,
    begins,
    read_address,
    suggest_communes,
    suggest_provinces,
)
from services.procedures.records import Procedure

KEYS = {
    Kind.NAME: FieldKeys.NAMES,
    Kind.TEXT: FieldKeys.TEXT,
    Kind.DIGITS: FieldKeys.DIGITS,
    Kind.DATE: FieldKeys.DATE,
    Kind.CHOICE: FieldKeys.LIST,
    Kind.COMMUNE: FieldKeys.PLACES,
    Kind.PROVINCE: FieldKeys.PLACES,
    Kind.CODE: FieldKeys.CODE,
    Kind.PLAIN: FieldKeys.PLAIN,
}
APPLICANT_COMMUNE = "nguoi-nop.xa"
"""The commune by its new name, beside the chip's address word for word."""
MOST_SUGGESTED = 4
LEAST_TYPED = 2
"""Letters: one of them begins a thousand names."""


async def fill_form(walk: Walk) -> None:
    """Until nothing is missing and nothing is wrong."""
    visit = walk.visit
    if not visit.preparing:
        return
    form = form_of_visit(walk)
    prefill(walk, form)
    while True:
        answer = await walk.ask(partial(_overview, walk, form))
        if isinstance(answer, FieldChosen):
            await _one(walk, form, answer.field)
        elif answer is FormAnswer.LATER:
            await keep_draft(walk)
        elif answer is FormAnswer.RESUME:
            await resume_draft(walk)
            form = form_of_visit(walk)
            prefill(walk, form)
        elif _left(walk, form):
            await _those_left(walk, form)
        else:
            return


def form_of(books: Books, procedure: Procedure, case: tuple[str, ...]) -> Form | None:
    """The form of this case that can be filled in here; None where there is none."""
    needed = {books.catalogue.paper(one.paper).form for one in papers_of(procedure, case)}
    papers = {paper.form for paper in books.catalogue.papers}
    """A form that no paper is made with is asked of everybody: it only prepares the counter's work."""
    fitting = (id for id in procedure.forms if id in needed or id not in papers)
    return next((books.forms[id] for id in fitting if id in books.forms), None)


def form_of_visit(walk: Walk) -> Form:
    """The form of this visit's case."""
    procedure = walk.visit.procedure
    form = None if procedure is None else form_of(books_of(walk), procedure, walk.visit.case or ())
    if form is None:
        raise Over(Ending.LEFT)
    return form


def told(walk: Walk) -> tuple[str, ...]:
    """What decides about sections: the case and the capacity."""
    capacity = walk.visit.capacity
    return (*(walk.visit.case or ()), *(() if capacity is None else (f"capacity-{capacity.value}",)))


def prefill(walk: Walk, form: Form) -> None:
    """Fill in what the chip proved, and lock it. What was typed before stays."""
    visit = walk.visit
    answers = dict(visit.answers or {})
    locked: list[str] = []
    for field in asked_fields(form, told(walk)):
        value = None if field.chip is None else _from_chip(visit.patient, field.chip)
        if value:
            answers[field.field] = value
            locked.append(field.field)
    certain = _address_of_chip(walk).certain
    if certain is not None:
        answers.setdefault(APPLICANT_COMMUNE, _commune_text(books_of(walk).places, certain))
    visit.answers, visit.from_chip = answers, tuple(locked)
    visit.pieces = pieces_of(form, told(walk), answers)


def answers_asked(walk: Walk, form: Form) -> dict[str, str]:
    """What was answered of what is asked: an answer for another case or capacity is not sent."""
    answers = walk.visit.answers or {}
    asked = (field.field for field in asked_fields(form, told(walk)))
    return {name: answers[name] for name in asked if answers.get(name)}


def rows(walk: Walk, form: Form, *, errors: bool = False) -> tuple[FieldRow, ...]:
    """Every field as people read it; numbers keep their last three digits."""
    visit, today = walk.visit, walk.kit.clock.now().date()
    answers = visit.answers or {}
    made: list[FieldRow] = []
    for field in asked_fields(form, told(walk)):
        answer = answers.get(field.field, "")
        locked = field.field in (visit.from_chip or ())
        wrong = check_field(form, field, answer, today) if (errors or answer) and not locked else None
        made.append(
            FieldRow(
                id=field.field,
                label=_label(field, walk.english),
                value=shown(field, answer, english=walk.english),
                locked=locked,
                error=None if wrong is None else f"field.error.{wrong.value}",
                optional=not field.required,
            )
        )
    return tuple(made)


def shown(field: FormField, answer: str, *, english: bool) -> str:
    """An answer on the screen: options in words, ID numbers masked."""
    if field.kind is Kind.CHOICE:
        option = next((one for one in field.options if one.id == answer), None)
        return "" if option is None else (option.name_en or option.name) if english else option.name
    if field.kind is Kind.DIGITS and len(answer) in {9, 12}:
        return f"•••• •••• •{answer[-3:]}"
    return answer


def _overview(walk: Walk, form: Form) -> FillForm:
    return FillForm(
        form=(form.name_en or form.name) if walk.english else form.name,
        rows=rows(walk, form),
        left=len(_left(walk, form)),
        offers=(FormAnswer.NEXT, *draft_offers(walk)),
    )


def _left(walk: Walk, form: Form) -> list[str]:
    """Fields with something wrong, in order. What the chip says is never wrong: nobody here can write it otherwise."""
    wrong = check(form, told(walk), walk.visit.answers or {}, _today(walk)).by_field
    return [name for name in wrong if name not in (walk.visit.from_chip or ())]


async def _those_left(walk: Walk, form: Form) -> None:
    """One after the other. Back leads to the field before, from the first to the whole form."""
    names = _left(walk, form)
    place = 0
    while place < len(names):
        try:
            await _type(walk, form, names[place])
        except WentBack:
            if place == 0:
                return
            place -= 1
        else:
            place += 1


async def _one(walk: Walk, form: Form, name: str) -> None:
    if name in (walk.visit.from_chip or ()):
        return
    try:
        await _type(walk, form, name)
    except WentBack:
        return


async def _type(walk: Walk, form: Form, name: str) -> None:
    """Ask one field until its answer is right."""
    fields = asked_fields(form, told(walk))
    field = next((one for one in fields if one.field == name), None)
    if field is None:
        return
    answers = walk.visit.answers or {}
    typed = FieldTyped(answers.get(name, ""))
    error: str | None = None
    while True:
        typed = await walk.ask(partial(_question, walk, fields, field, typed.value, error))
        wrong = check_field(form, field, typed.value.strip(), _today(walk))
        if wrong is None:
            walk.visit.answers = {**answers, name: typed.value.strip()}
            walk.visit.pieces = pieces_of(form, told(walk), walk.visit.answers)
            return
        error = f"field.error.{wrong.value}"


def _question(walk: Walk, fields: tuple[FormField, ...], field: FormField, value: str, error: str | None) -> TypeField:
    return TypeField(
        field=field.field,
        label=_label(field, walk.english),
        remark=(field.hint_en or field.hint) if walk.english else field.hint,
        keys=KEYS[field.kind],
        value=value,
        error=error,
        optional=not field.required,
        number=fields.index(field) + 1,
        total=len(fields),
        suggest=partial(_suggest, walk, field),
    )


def _suggest(walk: Walk, field: FormField, typed: str) -> tuple[Suggestion, ...]:
    if field.kind is Kind.CHOICE:
        return tuple(
            Suggestion(one.id, (one.name_en or one.name) if walk.english else one.name) for one in field.options
        )
    places = books_of(walk).places
    if places is not None and field.kind is Kind.PROVINCE:
        return _provinces(places, typed, _today(walk))
    if field.kind is not Kind.COMMUNE or places is None:
        return ()
    near = _address_of_chip(walk).communes if field.field == APPLICANT_COMMUNE else ()
    # Next to nothing typed says nothing: only what the chip's old ward became is worth a proposal then.
    here = None if walk.site.one_stop is None else walk.site.one_stop.province
    if len(typed.strip()) < LEAST_TYPED:
        found = near
    else:
        found = suggest_communes(places, typed, _today(walk), most=MOST_SUGGESTED, near=here, first=near)
    texts = (_commune_text(places, one) for one in found[:MOST_SUGGESTED])
    return tuple(Suggestion(text, text) for text in texts)


def _provinces(places: Places, typed: str, today: date) -> tuple[Suggestion, ...]:
    """Provinces of today; one that is no more by its own name, with what it is now."""
    if not typed.strip():
        return ()
    found: list[str] = []
    for one in suggest_provinces(places, typed, today):
        before = () if begins(one.name, typed) else (old for old in one.was if begins(old.name, typed))
        found += [f"{old.name}, nay là {one.name}" for old in before] or [one.name]
    return tuple(Suggestion(text, text) for text in found[:MOST_SUGGESTED])


def _address_of_chip(walk: Walk) -> ReadAddress:
    """What the chip's address can mean now."""
    places, patient = books_of(walk).places, walk.visit.patient
    if places is None or patient is None or not patient.evidence.verified or not patient.address:
        return ReadAddress("", "", None, ())
    return read_address(places, patient.address, _today(walk))


def _commune_text(places: Places | None, commune: Commune) -> str:
    province = None if places is None else places.province(commune.province)
    return commune.name if province is None else f"{commune.name}, {province.name}"


def _from_chip(patient: Citizen | None, wanted: ChipField) -> str | None:
    if patient is None or not patient.evidence.verified:
        return None
    match wanted:
        case ChipField.NAME:
            return patient.name
        case ChipField.NUMBER:
            return patient.number
        case ChipField.BIRTH:
            return _day(patient.birth)
        case ChipField.SEX:
            return {Sex.MALE: "nam", Sex.FEMALE: "nu"}.get(patient.sex) if patient.sex is not None else None
        case ChipField.ADDRESS:
            return patient.address


def _day(birth: BirthDate | None) -> str | None:
    """A whole date only: with a part unknown the person types what the form wants."""
    if birth is None or birth.month is None or birth.day is None:
        return None
    return f"{birth.day:02}/{birth.month:02}/{birth.year}"


def _label(field: FormField, english: bool) -> str:
    return (field.label_en or field.label) if english else field.label


def _today(walk: Walk) -> date:
    return walk.kit.clock.now().date()
