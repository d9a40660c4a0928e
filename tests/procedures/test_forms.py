"""Forms are data: each can be filled in for every case and capacity of its procedures, and says what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from jsonschema import Draft202012Validator

from services.procedures.cases import fits, papers_acting, papers_of
from services.procedures.files import FORMS
from services.procedures.forms import (
    ChipField,
    Form,
    FormField,
    Kind,
    Wrong,
    asked_fields,
    check,
    check_field,
    pieces_of,
    read_forms,
)
from services.procedures.records import Capacity, Catalogue, Procedure

ALL = read_forms(FORMS)
DAY = date(2026, 11, 30)
PLAIN = {
    Kind.NAME: ("Nguyễn Thị Lan", "Lò Văn Páo"),
    Kind.TEXT: ("Thôn Suối Mơ, cạnh nhà văn hóa", "Con gái", "12,5"),
    Kind.DIGITS: ("1", "1990", "079190000001", "0912345678", "0123456789", "000123456789"),
    Kind.DATE: ("01/02/2020",),
    Kind.COMMUNE: ("Phường Hòa Giang, Tỉnh Hòa Giang",),
    Kind.PROVINCE: ("Tỉnh Hòa Giang",),
    Kind.CODE: ("AA 123456",),
    Kind.PLAIN: ("lan@example.vn",),
}
WITHOUT = {"MAU.CC-03", "MAU.CC-04", "MAU.BH-03"}
"""Procedures that are done at the counter without a form of the person's own."""
AT_THE_DESK = {"giay-cam-doan"}
"""Written by hand in front of a witness."""


@pytest.mark.parametrize("form", ALL.values(), ids=lambda form: form.id)
def test_a_form_can_be_filled_in(form: Form):
    Draft202012Validator.check_schema(form.form_schema)
    everything = {when for section in form.layout for when in section.when}
    everything |= {when for section in form.layout for field in section.fields for when in field.when}
    asked = asked_fields(form, everything)
    assert {field.field for field in asked} == set(form.form_schema["properties"]), "a property nobody asks for"
    answers = {field.field: _answer(form, field) for field in asked}
    assert not check(form, everything, answers, DAY).by_field
    assert {field.chip for field in asked if field.chip} == set(ChipField)
    assert form.declaration and form.declaration_en and form.name_en
    for field in asked:
        assert field.label_en, field.field
        assert all(option.name_en for option in field.options), field.field
        assert bool(field.hint) == bool(field.hint_en), field.field
        assert len(field.label) <= 44, f"{field.label}: two lines on the screen"


def _answer(form: Form, field: FormField) -> str:
    tried = [option.id for option in field.options] or PLAIN[field.kind]
    return next(one for one in tried if check_field(form, field, one, DAY) is None)


@pytest.mark.parametrize("form", ALL.values(), ids=lambda form: form.id)
def test_what_must_be_answered_is_missed(form: Form):
    asked = asked_fields(form, ())
    assert check(form, (), {}, DAY).by_field == {one.field: Wrong.MISSING for one in asked if one.required}


def test_every_procedure_has_its_form_or_is_known_to_need_none(catalogue: Catalogue):
    named = {paper.form for paper in catalogue.papers if paper.form}
    for one in catalogue.procedures:
        usable = [id for id in one.forms if id in ALL]
        assert bool(usable) != (one.code in WITHOUT), one.code
        assert set(one.forms) - set(ALL) <= AT_THE_DESK, one.code
    used = {id for one in catalogue.procedures for id in one.forms}
    assert set(ALL) <= used, "a form that no procedure uses"
    assert named <= used


def test_a_paper_made_with_a_form_names_one_of_its_procedure(catalogue: Catalogue):
    for one in catalogue.procedures:
        made = {form for needed in one.papers if (form := catalogue.paper(needed.paper).form)}
        assert made <= set(one.forms), one.code


def test_the_first_form_of_a_case_is_its_application(catalogue: Catalogue):
    """The first of a procedure's forms that its case needs is filled in here, so no by-paper may stand before it."""
    beside = {"don-trinh-bao-mat", "to-khai-mai-tang"}
    for one in catalogue.procedures:
        for case in _cases(one):
            forms = [catalogue.paper(needed.paper).form for needed in papers_of(one, case)]
            ours = [id for id in one.forms if id in forms and id in ALL]
            assert len(ours) < 2 or not {ours[0]} & beside, (one.code, case)
            assert set(ours[1:]) <= beside, (one.code, case)


def _cases(procedure: Procedure) -> Iterator[tuple[str, ...]]:
    for answers in product(*([answer.id for answer in question.answers] for question in procedure.questions)):
        if all(fits(question.when, answers, procedure) for question in procedure.questions):
            yield answers


def test_whoever_acts_for_somebody_says_for_whom(catalogue: Catalogue):
    for one in catalogue.procedures:
        for id in (id for id in one.forms if id in ALL):
            for capacity in one.capacities:
                asked = {field.field for field in asked_fields(ALL[id], (f"capacity-{capacity.value}",))}
                acts = capacity in {Capacity.AUTHORISED, Capacity.GUARDIAN}
                assert acts <= ("nguoi-duoc-thay.ho-ten" in asked), (one.code, id, capacity)
                assert (capacity is Capacity.ORGANISATION) <= ("to-chuc.ten" in asked), (one.code, id, capacity)


def test_each_capacity_brings_its_own_papers(catalogue: Catalogue):
    procedure = catalogue.at("2.000635", DAY)
    assert procedure is not None

    def brought(capacity: Capacity | None) -> list[str]:
        return [one.paper for one in papers_acting(catalogue, procedure, (), capacity)][len(procedure.papers) :]

    assert brought(None) == brought(Capacity.MYSELF) == []
    assert brought(Capacity.AUTHORISED) == ["giay-uy-quyen-ho-so"]
    assert brought(Capacity.GUARDIAN) == ["giay-to-giam-ho"]
    assert brought(Capacity.ORGANISATION) == ["giay-gioi-thieu", "dang-ky-to-chuc"]


@pytest.mark.parametrize("code", ["1.000894", "2.001019", "1.001022", "MAU.KN-02"])
def test_nobody_marries_makes_a_will_or_denounces_for_somebody_else(catalogue: Catalogue, code: str):
    procedure = catalogue.at(code, DAY)
    assert procedure is not None and procedure.capacities == (Capacity.MYSELF,)


def test_an_answer_tells_how_many_pieces_a_fee_is_for():
    extract, copies = ALL["to-khai-trich-luc"], ALL["yeu-cau-ban-sao"]
    assert pieces_of(extract, (), {"trich-luc.so-ban": "3"}) == {"ban": 3}
    assert pieces_of(copies, (), {"chung-thuc.trang": "4", "chung-thuc.ban-sao": "2"}) == {"trang": 4, "ban-sao": 2}
    assert pieces_of(copies, (), {"chung-thuc.trang": ""}) == {}
