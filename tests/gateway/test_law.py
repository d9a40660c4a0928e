"""Each dated rule of health insurance on the day before it, its first day and its last (health.md sections 2.2 to 2.5).

Every number stands in the reference; none is taken from the tables under test.
"""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from gateway.insurance.amounts import Cover, with_insurance
from gateway.insurance.copayment import accumulated, exempt
from gateway.insurance.judging import Facility, judge
from gateway.insurance.rules import DATA, load_rules
from gateway.insurance.vss import CardAnswer, CardFacts
from services.contract.models import EligibilityRequest

RULES = load_rules()
TODAY = date(2026, 11, 23)
LAST_OF_JUNE, FIRST_OF_JULY = date(2026, 6, 30), date(2026, 7, 1)


# --- benefit


@pytest.mark.parametrize(
    ("card", "day", "percent"),
    [
        ("DN1999912345678", TODAY, 100),
        ("DN2999912345678", TODAY, 100),
        ("HT3999912345678", TODAY, 95),
        ("DN4999912345678", TODAY, 80),
        ("QN5999912345678", TODAY, 100),
        ("DN4999912345678", date(2015, 7, 1), 80),
        ("DN4999912345678", date(2015, 6, 30), None),
        ("CN3999912345678", date(2025, 12, 31), 95),
        ("CN3999912345678", date(2026, 1, 1), 100),
        ("CN2999912345678", date(2026, 1, 1), 100),
        ("LH4999912345678", date(2025, 12, 31), 80),
        ("LH4999912345678", date(2026, 1, 1), 100),
        ("HC4999912345678", date(2026, 1, 1), 80),
        ("DN9999912345678", TODAY, None),
        ("9912345678", TODAY, None),
        ("099194000514", TODAY, None),
    ],
)
def test_the_benefit_follows_the_card_and_the_law_of_the_day(card: str, day: date, percent: int | None) -> None:
    assert RULES.benefit_percent(card, day) == percent


# --- base salary, 15 % limit, six months


@pytest.mark.parametrize(
    ("day", "limit", "six_months"),
    [
        (date(2024, 6, 30), None, None),
        (date(2024, 12, 31), None, None),
        (date(2025, 1, 1), 351_000, 14_040_000),
        (LAST_OF_JUNE, 351_000, 14_040_000),
        (FIRST_OF_JULY, 379_500, 15_180_000),
        (TODAY, 379_500, 15_180_000),
    ],
)
def test_limit_and_threshold_follow_the_days_base_salary(day: date, limit: int | None, six_months: int | None) -> None:
    assert (RULES.limit(day), RULES.copayment_threshold(day)) == (limit, six_months)


@pytest.mark.parametrize(
    ("day", "counted", "patient", "limit"),
    [
        (LAST_OF_JUNE, 350_999, 0, 351_000),
        (LAST_OF_JUNE, 351_000, 70_200, None),
        (FIRST_OF_JULY, 351_000, 0, 379_500),
        (FIRST_OF_JULY, 379_499, 0, 379_500),
        (FIRST_OF_JULY, 379_500, 75_900, None),
    ],
)
def test_exactly_the_limit_loses_the_exemption_on_both_sides_of_the_new_salary(
    day: date, counted: int, patient: int, limit: int | None
) -> None:
    amounts = with_insurance(counted, counted, Cover(80, 100), RULES, day)
    assert (amounts.patient, amounts.limit) == (patient, limit)


# --- the year's co-payments


@pytest.mark.parametrize(
    ("total", "since", "day", "free"),
    [
        (14_040_000, date(2020, 1, 1), LAST_OF_JUNE, False),
        (14_040_001, date(2020, 1, 1), LAST_OF_JUNE, True),
        (14_040_001, date(2020, 1, 1), FIRST_OF_JULY, False),
        (15_180_000, date(2020, 1, 1), FIRST_OF_JULY, False),
        (15_180_001, date(2020, 1, 1), FIRST_OF_JULY, True),
        (15_180_001, TODAY, TODAY, True),
        (15_180_001, date(2026, 11, 24), TODAY, False),
        (99_000_000, None, TODAY, False),
        (99_000_000, date(2020, 1, 1), date(2024, 12, 31), False),
    ],
)
def test_strictly_above_six_months_and_with_five_years_the_fund_pays_all(
    total: int, since: date | None, day: date, free: bool
) -> None:
    assert exempt(total, since, RULES, day) is free


@pytest.mark.parametrize(
    ("body", "total"),
    [
        ({"DataCCT": [{"tBNCCTLuyKe": 15180001}]}, 15_180_001),
        ({"DataCCT": [{"tBNCCTLuyKe": "200000"}, {"tBNCCTLuyKe": 300000.0}]}, 300_000),
        ({"DataCCT": []}, 0),
        ({"DataCCT": None}, 0),
        ({}, 0),
        ({"DataCCT": ["x", {"tBNCCTLuyKe": "nhiều"}, {"tBNCCTLuyKe": -5}, {"tBNCCTLuyKe": 1e400}]}, 0),
    ],
)
def test_the_years_sum_is_read_from_the_insurers_rows(body: dict[str, object], total: int) -> None:
    assert accumulated(body) == total


@pytest.mark.parametrize(
    ("facility", "other", "total", "benefit"),
    [
        ("99001", "1.14", 15_180_001, 100),
        ("99001", "1.14", 15_180_000, 80),
        ("99027", "1.14", 15_180_001, 80),
        ("99027", "1.12", 15_180_001, 100),
    ],
)
def test_the_exemption_holds_only_where_the_route_is_not_a_reduced_one(
    facility: str, other: str, total: int, benefit: int
) -> None:
    card = CardFacts("DN4999912345678", date(2026, 1, 1), None, facility, None)
    asked = EligibilityRequest(number="099194000514", name="Phạm Thị Thanh Hoa", birth="1994-03-12")
    answer = CardAnswer("000", "", (card,), five_years_from=date(2020, 1, 1))
    judged = judge(answer, RULES, Facility("99001", "1.1", other), TODAY, asked, total)
    assert judged.benefit_percent == benefit


# --- routes


WHOLE = ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.11", "1.12", "1.16", "1.17", "2", "3.3")
HALF_SINCE_JULY = ("1.13", "1.14", "1.18")
INPATIENTS_ONLY = ("1.15", "3.2", "3.6")
WITHOUT_RATE = ("7", "7.2", "7.3", "7.4", "8", "9", "10")


@pytest.mark.parametrize("code", WHOLE)
@pytest.mark.parametrize("day", [date(2025, 1, 1), LAST_OF_JUNE, FIRST_OF_JULY])
def test_these_routes_are_paid_whole(code: str, day: date) -> None:
    route = RULES.route(code, day)
    assert route is not None and route.percent == 100
    assert route.full_benefit is (code == "1.2")


@pytest.mark.parametrize("code", HALF_SINCE_JULY)
def test_self_chosen_visits_are_half_paid_from_july_2026(code: str) -> None:
    before, after = RULES.route(code, LAST_OF_JUNE), RULES.route(code, FIRST_OF_JULY)
    assert before is not None and after is not None
    assert (before.percent, after.percent) == (0, 50)


def test_a_self_chosen_formerly_central_hospital_is_not_paid_for_outpatients() -> None:
    route = RULES.route("3.1", TODAY)
    assert route is not None and route.percent == 0


@pytest.mark.parametrize("code", INPATIENTS_ONLY)
def test_routes_of_inpatients_are_none_for_a_check_in(code: str) -> None:
    assert RULES.route(code, TODAY) is None
    assert RULES.is_route(code, TODAY)


@pytest.mark.parametrize("code", WITHOUT_RATE)
def test_codes_without_a_rate_stand_in_records_only(code: str) -> None:
    assert RULES.route(code, TODAY) is None
    assert RULES.is_route(code, TODAY)


@pytest.mark.parametrize("code", ["1.8", "1.9", "1.10", "3.4", "3.5", "1.0", "", "1.130"])
def test_other_codes_are_no_routes(code: str) -> None:
    assert not RULES.is_route(code, TODAY)


def test_no_route_holds_before_the_law() -> None:
    assert RULES.route("1.1", date(2024, 12, 31)) is None


def test_the_table_has_the_27_rows_of_the_list() -> None:
    table = tomllib.loads((DATA / "routes.toml").read_text(encoding="utf-8"))
    codes = {row["code"] for row in (*table["route"], *table["without_rate"])}
    assert codes == {*WHOLE, *HALF_SINCE_JULY, *INPATIENTS_ONLY, *WITHOUT_RATE, "3.1"}
    assert len(codes) == 27


def test_every_dated_row_names_its_legal_source() -> None:
    tables = [tomllib.loads((DATA / name).read_text(encoding="utf-8")) for name in ("rules.toml", "routes.toml")]
    rows = [row for table in tables for group in table.values() for row in group]
    assert len(rows) > 30
    for row in rows:
        assert row["source"] and row["from"] <= row.get("to", date.max), row
