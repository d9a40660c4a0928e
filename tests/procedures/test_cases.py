"""The checklist of a case, and who is competent where and since when."""

from datetime import date

import pytest

from services.procedures.agencies import competent, conditions_at
from services.procedures.cases import case_names, next_question, papers_of, time_of
from services.procedures.records import Catalogue, Procedure

DAY = date(2026, 11, 30)


def one(catalogue: Catalogue, code: str) -> Procedure:
    found = catalogue.at(code, DAY)
    assert found is not None
    return found


def names(procedure: Procedure, *answers: str, state_holds: bool) -> list[str]:
    return [needed.paper for needed in papers_of(procedure, answers) if needed.state_holds is state_holds]


def test_picture_14_two_papers_to_bring(catalogue: Catalogue):
    birth = one(catalogue, "3.000722")
    assert names(birth, "co-ket-hon", state_holds=False) == ["giay-chung-sinh", "tk-lien-thong-sinh"]
    assert "giay-ket-hon" in names(birth, "co-ket-hon", state_holds=True)
    assert "giay-ket-hon" not in names(birth, "khong-ket-hon", state_holds=True)
    assert "cam-doan-viec-sinh" in names(birth, "mat-chung-sinh", state_holds=False)


def test_questions_come_one_after_the_other_until_the_case_is_known(catalogue: Catalogue):
    vessel = one(catalogue, "MAU.TS-01")
    first = next_question(vessel, ())
    assert first is not None and first.id == "vi-sao"
    second = next_question(vessel, ("dong-moi",))
    assert second is not None and second.id == "dai"
    assert next_question(vessel, ("dong-moi", "tau-lon")) is None
    assert case_names(vessel, ("tau-lon", "dong-moi"), english=False) == ("Tàu đóng mới", "Từ 12 m trở lên")


def test_answers_of_two_questions_must_both_fit(catalogue: Catalogue):
    vessel = one(catalogue, "MAU.TS-01")
    assert "ho-so-an-toan-tau" in names(vessel, "cap-lai-tau", "tau-lon", state_holds=False)
    assert "hop-dong-dong-tau" not in names(vessel, "cap-lai-tau", "tau-lon", state_holds=False)


def test_every_case_of_every_procedure_has_a_time(catalogue: Catalogue):
    for procedure in catalogue.procedures:
        answers: list[str] = []
        while (question := next_question(procedure, answers)) is not None:
            answers.append(question.answers[0].id)
        assert time_of(procedure, answers)


def test_a_foreigners_marriage_takes_longer(catalogue: Catalogue):
    marriage = one(catalogue, "1.000894")
    assert time_of(marriage, ("nguoi-nuoc-ngoai",)).value == 10
    assert time_of(marriage, ("lan-dau",)).value == 0


def test_a_delegation_holds_from_its_day_on(catalogue: Catalogue):
    vessel = one(catalogue, "MAU.TS-01")
    before = competent(catalogue, vessel, (), date(2026, 6, 30))
    after = competent(catalogue, vessel, (), date(2026, 7, 1))
    assert before is not None and before.name == "Sở Nông nghiệp và Môi trường"
    assert after is not None and after.delegated_by == "Sở Nông nghiệp và Môi trường"
    assert competent(catalogue, vessel, (), date(2025, 6, 30)) is None


def test_a_procedures_own_agency_goes_before_its_sectors(catalogue: Catalogue):
    found = competent(catalogue, one(catalogue, "1.001456"), (), DAY)
    assert found is not None and found.name == "Công an cấp tỉnh"


def test_the_narrowest_place_goes_first(catalogue: Catalogue):
    birth = one(catalogue, "1.001193")
    everywhere = competent(catalogue, birth, (), DAY)
    assert everywhere is not None
    here = everywhere.model_copy(update={"place": "26740", "counters": "quầy 30"})
    changed = catalogue.model_copy(update={"agencies": (*catalogue.agencies, here)})
    assert competent(changed, birth, ("26740", "79"), DAY) == here
    assert competent(changed, birth, ("00070", "01"), DAY) == everywhere


def test_an_answer_says_what_it_means_without_its_question(catalogue: Catalogue):
    """Checklist and slip show the answers alone: "Trường hợp: Chưa" says nothing."""
    bare = {"có", "không", "chưa", "đã có", "chưa có", "đúng rồi", "đã từng", "mất", "yes", "no", "not yet", "older"}
    for procedure in catalogue.procedures:
        for question in procedure.questions:
            for answer in question.answers:
                assert not {answer.name.lower(), answer.name_en.lower()} & bare, (procedure.code, answer.id)


def test_a_provinces_condition_goes_before_everybodys_and_only_in_the_case_it_is_about(catalogue: Catalogue):
    residence = one(catalogue, "1.004222")
    rented, own = ("nha-thue",), ("nha-minh",)
    assert [one.value for one in conditions_at(residence, ("26740", "79"), DAY, rented)] == ["20 m²"]
    assert [one.value for one in conditions_at(residence, ("99001", "99"), DAY, rented)] == ["8 m²"]
    assert conditions_at(residence, ("26740", "79"), DAY, own) == ()
    without_id = tuple(one.model_copy(update={"id": None}) for one in residence.conditions)
    beside = residence.model_copy(update={"conditions": without_id})
    assert [one.value for one in conditions_at(beside, ("26740", "79"), DAY, rented)] == ["20 m²", "8 m²"]


@pytest.mark.parametrize(
    ("day", "name"),
    [("2026-06-30", "Sở A"), ("2026-07-01", "Xã B"), ("2026-09-30", "Xã B"), ("2026-10-01", "Sở A")],
)
def test_a_delegation_ends_with_its_last_day(catalogue: Catalogue, day: str, name: str):
    vessel = one(catalogue, "MAU.TS-01")
    usual = catalogue.agencies[0].model_copy(
        update={"name": "Sở A", "procedure": vessel.code, "sector": None, "place": "79", "valid_from": date(2026, 1, 1)}
    )
    delegated = usual.model_copy(
        update={"name": "Xã B", "delegated_by": "Sở A", "valid_from": date(2026, 7, 1), "valid_to": date(2026, 9, 30)}
    )
    changed = catalogue.model_copy(update={"agencies": (delegated, usual)})
    found = competent(changed, vessel, ("26740", "79"), date.fromisoformat(day))
    assert found is not None and found.name == name


@pytest.mark.parametrize(("day", "held"), [("2026-06-30", 0), ("2026-07-01", 1), ("2026-12-31", 1), ("2027-01-01", 0)])
def test_a_condition_holds_from_its_first_to_its_last_day_and_only_at_its_place(
    catalogue: Catalogue, day: str, held: int
):
    residence = one(catalogue, "1.004222")
    condition = residence.conditions[0].model_copy(
        update={"place": "79", "valid_from": date(2026, 7, 1), "valid_to": date(2026, 12, 31)}
    )
    changed = residence.model_copy(update={"conditions": (condition,)})
    assert len(conditions_at(changed, ("26740", "79"), date.fromisoformat(day), ("nha-thue",))) == held
    assert conditions_at(changed, ("00070", "01"), date.fromisoformat(day), ("nha-thue",)) == ()
