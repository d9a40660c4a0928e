"""Forms as data: a JSON Schema says what an answer may be, a layout in which order it is asked and whence it comes.

Answers are texts by the field's name. What came from the chip is marked and locked; the rest is typed. A section or
field with `when` is asked only for some cases or capacities ("capacity-guardian").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from services.procedures.records import Id, Record, Text

FieldName = Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=80)]


class Kind(Enum):
    """How an answer is given: which keys, or which list."""

    NAME = "name"
    """A person's name: words begin with capitals."""
    TEXT = "text"
    DIGITS = "digits"
    DATE = "date"
    """Typed as day, month, year; kept as dd/mm/yyyy."""
    CHOICE = "choice"
    COMMUNE = "commune"
    PROVINCE = "province"
    CODE = "code"
    """A number that carries letters, as it is printed: "AA 123456"."""
    PLAIN = "plain"
    """As it is typed, e.g. an e-mail address."""


class ChipField(Enum):
    """What the chip can fill in."""

    NAME = "name"
    NUMBER = "number"
    BIRTH = "birth"
    SEX = "sex"
    ADDRESS = "address"


class Option(Record):
    """One choice; `id` is the answer."""

    id: Id
    name: Text
    name_en: str = ""


class FormField(Record):
    """A field of the layout; its property of the schema says what is allowed."""

    field: FieldName
    label: Text
    label_en: str = ""
    hint: str = ""
    hint_en: str = ""
    kind: Kind
    required: bool = True
    chip: ChipField | None = None
    options: tuple[Option, ...] = Field(default=(), max_length=8)
    when: tuple[Id, ...] = ()
    counts: Id | None = None
    """What a fee is counted by: this answer tells how many ("ban", "trang")."""


class Section(Record):
    """Fields that belong together."""

    title: Text
    title_en: str = ""
    when: tuple[Id, ...] = ()
    fields: tuple[FormField, ...]


class Form(Record):
    """A whole file. `version` names the words of the declaration."""

    format: Annotated[str, Field(pattern="^tram-form/1$")]
    id: Id
    version: Text
    sample: bool
    name: Text
    name_en: str = ""
    form_schema: dict[str, Any] = Field(alias="schema")
    layout: tuple[Section, ...] = Field(min_length=1)
    declaration: Text
    """What is signed for: "Tôi cam đoan …"."""
    declaration_en: str = ""

    @model_validator(mode="after")
    def _hangs_together(self) -> Form:
        properties = self.form_schema.get("properties", {})
        seen = set[str]()
        for section in self.layout:
            for field in section.fields:
                if field.field not in properties:
                    raise ValueError(f"{field.field} has no property in the schema")
                if field.field in seen:
                    raise ValueError(f"{field.field} is asked twice")
                if field.counts and field.kind is not Kind.DIGITS:
                    raise ValueError(f"{field.field} counts, so it is digits")
                if (field.kind is Kind.CHOICE) != bool(field.options):
                    raise ValueError(f"{field.field}: options belong to a choice, and only there")
                seen.add(field.field)
        return self


class Wrong(Enum):
    """What is wrong with an answer; the message ids are `field.error.<value>`."""

    MISSING = "missing"
    TOO_LONG = "too-long"
    TOO_SHORT = "too-short"
    SHAPE = "shape"
    NO_DATE = "no-date"
    FUTURE = "future"
    NO_CHOICE = "no-choice"


@dataclass(frozen=True)
class Faults:
    """What is wrong, by field, in the order of the form."""

    by_field: Mapping[str, Wrong]

    @property
    def first(self) -> str | None:
        """The first field with something wrong."""
        return next(iter(self.by_field), None)


def read_forms(folder: Path) -> dict[str, Form]:
    """Every form of a folder by its id. Raises pydantic.ValidationError, ValueError when an id stands twice."""
    forms: dict[str, Form] = {}
    for path in sorted(folder.glob("*.json")):
        form = Form.model_validate_json(path.read_bytes())
        if form.id in forms:
            raise ValueError(f"{path}: {form.id} stands in another file already")
        forms[form.id] = form
    return forms


def asked_sections(form: Form, answers_of_case: Collection[str]) -> tuple[tuple[Section, tuple[FormField, ...]], ...]:
    """Sections and fields that are asked for this case and capacity."""
    told = set(answers_of_case)

    def asked(when: tuple[str, ...]) -> bool:
        return not when or bool(told & set(when))

    sections = (
        (section, tuple(field for field in section.fields if asked(field.when)))
        for section in form.layout
        if asked(section.when)
    )
    return tuple((section, fields) for section, fields in sections if fields)


def asked_fields(form: Form, answers_of_case: Collection[str]) -> tuple[FormField, ...]:
    """Every field that is asked, in order."""
    return tuple(field for _, fields in asked_sections(form, answers_of_case) for field in fields)


def pieces_of(form: Form, answers_of_case: Collection[str], answers: Mapping[str, str]) -> dict[str, int]:
    """How many of what fees are counted by, as far as it is answered."""
    counted = {
        field.counts: answers.get(field.field, "") for field in asked_fields(form, answers_of_case) if field.counts
    }
    return {what: int(number) for what, number in counted.items() if number.isdecimal()}


def check(form: Form, answers_of_case: Collection[str], answers: Mapping[str, str], today: date) -> Faults:
    """Everything that is wrong, by field."""
    found: dict[str, Wrong] = {}
    for field in asked_fields(form, answers_of_case):
        wrong = check_field(form, field, answers.get(field.field, ""), today)
        if wrong is not None:
            found[field.field] = wrong
    return Faults(found)


def check_field(form: Form, field: FormField, answer: str, today: date) -> Wrong | None:
    """What is wrong with one answer; None when nothing is."""
    if not answer.strip():
        return Wrong.MISSING if field.required else None
    if field.kind is Kind.CHOICE and answer not in {option.id for option in field.options}:
        return Wrong.NO_CHOICE
    if field.kind is Kind.DATE:
        day = read_day(answer)
        if day is None:
            return Wrong.NO_DATE
        if day > today and not form.form_schema["properties"][field.field].get("x-future", False):
            return Wrong.FUTURE
    return _by_schema(form.form_schema["properties"][field.field], answer)


_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")


def read_day(text: str) -> date | None:
    """ "29/02/2024"; None when there is no such day."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    day, month, year = (int(part) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _by_schema(schema: Mapping[str, Any], answer: str) -> Wrong | None:
    # Imported here: the library is slow to load, and only a form needs it.
    from jsonschema import Draft202012Validator

    for error in Draft202012Validator(dict(schema)).iter_errors(answer):  # pyright: ignore[reportUnknownMemberType]
        match error.validator:
            case "maxLength":
                return Wrong.TOO_LONG
            case "minLength":
                return Wrong.TOO_SHORT
            case _:
                return Wrong.SHAPE
    return None
