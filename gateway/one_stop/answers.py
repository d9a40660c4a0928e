"""What somebody wrote into the forms, in the forms' own words: labels, sections, and the names of what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from services.contract.one_stop import Filing
from services.procedures.files import FORMS
from services.procedures.forms import Form, FormField, read_forms
from services.procedures.records import Procedure


@dataclass(frozen=True)
class ShownAnswer:
    """One line: `name` is the field's id where no form knows it."""

    name: str
    value: str
    from_chip: bool


@dataclass(frozen=True)
class ShownSection:
    """Answers that belong together; `title` is empty for what no form asks for."""

    title: str
    answers: tuple[ShownAnswer, ...]


@cache
def _forms() -> Mapping[str, Form]:
    return read_forms(FORMS)


def form_named(id: str) -> Form | None:
    """A form by its id; None for one that this house does not know."""
    return _forms().get(id)


def shown_answers(procedure: Procedure | None, filing: Filing, *, english: bool) -> tuple[ShownSection, ...]:
    """Every answer once, in the order of the procedure's forms; what they do not ask for comes last, by its id."""
    left = dict(filing.answers)
    sections = list[ShownSection]()
    for id in () if procedure is None else procedure.forms:
        for section in _forms()[id].layout if id in _forms() else ():
            answers = tuple(
                ShownAnswer(_word(field.label, field.label_en, english), _value(field, left.pop(field.field), english),
                            field.field in filing.from_chip)
                for field in section.fields
                if field.field in left
            )  # fmt: skip
            if answers:
                sections.append(ShownSection(_word(section.title, section.title_en, english), answers))
    if left:
        rest = tuple(ShownAnswer(name, value, name in filing.from_chip) for name, value in left.items())
        sections.append(ShownSection("", rest))
    return tuple(sections)


def _value(field: FormField, answer: str, english: bool) -> str:
    chosen = next((option for option in field.options if option.id == answer), None)
    return answer if chosen is None else _word(chosen.name, chosen.name_en, english)


def _word(text: str, text_en: str, english: bool) -> str:
    return text_en if english and text_en else text
