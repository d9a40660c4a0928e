"""What is kept no longer than its class allows, what stays, and what the report says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, String, Table, func, insert, select

from gateway.privacy import purge as purging
from gateway.privacy.holding import DataClass, Deletion, Holding, Rule
from gateway.privacy.holdings import in_order
from gateway.privacy.purge import first_kept_day, purge, purge_daily, reports
from gateway.settings import Retention
from gateway.store import tables as t
from services.contract.models import Registration


def count(gateway: Any, table: Any) -> int:
    with gateway.house.store.read() as transaction:
        return transaction.one(select(func.count().label("n")).select_from(table))["n"]


def check_in(gateway: Any) -> dict[str, Any]:
    with gateway.house.store.read() as transaction:
        row = transaction.one(select(t.check_ins))
    return dict(row)


def test_a_day_ends_at_midnight_at_the_place() -> None:
    """90 days after 1 September, at 23:59 in Hà Nội, the visit is there; a minute later it is not kept any more."""
    kept = Retention(visit=90)
    before_midnight = datetime(2026, 11, 30, 16, 59, tzinfo=UTC)
    assert first_kept_day(kept, DataClass.VISIT, before_midnight) == date(2026, 9, 1)
    assert first_kept_day(kept, DataClass.VISIT, before_midnight.replace(hour=17, minute=0)) == date(2026, 9, 2)


def test_a_visit_loses_its_person_first_and_its_row_later(gateway: Any, kiosk: Any) -> None:
    assert kiosk.check_in().status_code == 200
    gateway.clock.turn(days=90)
    purge(gateway.house)
    assert check_in(gateway)["stripped"] is False
    gateway.clock.turn(days=1)
    purge(gateway.house)
    row = check_in(gateway)
    assert row["stripped"] is True and row["person"] is None
    left = Registration.model_validate_json(gateway.house.vault.open(row["sealed_registration"]))
    assert left.patient.number is None and left.patient.name is None
    assert count(gateway, t.registrations) == 0 and count(gateway, t.tickets) == 1
    gateway.clock.turn(days=1825 - 91)
    purge(gateway.house)
    assert count(gateway, t.check_ins) == 1
    gateway.clock.turn(days=1)
    purge(gateway.house)
    assert count(gateway, t.check_ins) == count(gateway, t.tickets) == 0


def test_bills_stay_as_long_as_accounting_asks(gateway: Any, kiosk: Any) -> None:
    ticket = kiosk.check_in().json()
    intent = kiosk.post("/v1/payment-intents", {"bill_id": ticket["bill_id"]}).json()
    gateway.notice(f"NGUYEN THI THU {intent['purpose']}", intent["amount"])
    gateway.clock.turn(days=181)
    purge(gateway.house)
    with gateway.house.store.read() as transaction:
        movement = transaction.one(select(t.bank_transactions))
    assert gateway.house.vault.open(movement["sealed_content"]) == b"" and movement["amount"] == intent["amount"]
    gateway.clock.turn(days=3650 - 181)
    purge(gateway.house)
    assert count(gateway, t.bills) == count(gateway, t.payment_intents) == count(gateway, t.bank_transactions) == 1
    gateway.clock.turn(days=2)
    purge(gateway.house)
    assert count(gateway, t.bills) == count(gateway, t.payment_intents) == count(gateway, t.bank_transactions) == 0


def test_what_the_insurer_answered_is_stripped_and_then_counted_on(gateway: Any, kiosk: Any) -> None:
    asked = kiosk.post(
        "/v1/insurance/eligibility", {"number": "099088000145", "name": "Nguyễn Minh Khang", "birth": "1988-07-04"}
    )
    assert asked.status_code == 200
    gateway.clock.turn(days=731)
    purge(gateway.house)
    with gateway.house.store.read() as transaction:
        row = dict(transaction.one(select(t.look_ups)))
    assert (row["subject"], row["sealed_judgement"], row["sealed_raw"]) == ("", None, None)
    assert row["result"] == "notfound"


def test_an_answer_about_insurance_is_forgotten_the_day_after(gateway: Any, kiosk: Any) -> None:
    kiosk.post("/v1/insurance/eligibility", {"number": "099088000145", "name": "A", "birth": "1988"})
    kiosk.check_in()

    def kept() -> set[str]:
        with gateway.house.store.read() as transaction:
            return {row["operation"] for row in transaction.all(select(t.operations.c.operation))}

    assert kept() == {"eligibility", "check-in"}
    gateway.clock.turn(days=2)
    purge(gateway.house, purging.HOURLY)
    assert kept() == {"check-in"}


def test_once_a_day_after_its_hour_and_the_report_holds_nobody(gateway: Any, kiosk: Any) -> None:
    kiosk.check_in()
    gateway.clock.moment = datetime(2027, 5, 1, 18, 30, tzinfo=UTC)  # 01:30 on 2 May at the place
    assert purge_daily(gateway.house) is None, "two o'clock has not come"
    gateway.clock.turn(hours=1)
    report = purge_daily(gateway.house)
    assert report is not None and report.day == date(2027, 5, 2)
    assert purge_daily(gateway.house) is None, "done for today"
    with gateway.house.store.read() as transaction:
        (kept,) = reports(transaction)
    lines = {(line.table, line.action): line for line in kept.lines}
    stripped = lines["check_ins", "stripped"]
    assert (stripped.rows, stripped.data_class, stripped.before) == (1, "visit", date(2027, 2, 1))
    assert lines["registrations", "deleted"].rows == 1
    assert "Khang" not in kept.model_dump_json() and "099088000145" not in kept.model_dump_json()
    gateway.clock.turn(days=1)
    assert purge_daily(gateway.house) is not None


def test_a_purge_of_many_goes_in_small_steps(gateway: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BATCH", 3)
    with gateway.house.store.write() as transaction:
        rows = [{"id": f"{n}", "name": "lan", "at": gateway.house.now()} for n in range(8)]
        transaction.execute(insert(t.login_failures), rows)
    gateway.clock.turn(days=3)
    lines = {line.table: line.rows for line in purge(gateway.house, frozenset({DataClass.SESSION}))}
    assert lines["login_failures"] == 8 and count(gateway, t.login_failures) == 0


def test_a_table_that_cannot_be_purged_is_reported_and_the_others_go_on(
    gateway: Any, kiosk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = Table("nowhere", MetaData(), Column("id", String(32), primary_key=True), Column("at", t.Moment))
    lost = Holding(nowhere, "", (Rule(DataClass.VISIT, nowhere.c.at, Deletion()),))
    monkeypatch.setattr(purging, "in_order", lambda: [lost, *in_order()])
    kiosk.check_in()
    gateway.clock.turn(days=91)
    lines = purge(gateway.house)
    assert [line.table for line in lines if line.failed] == ["nowhere"]
    assert check_in(gateway)["stripped"] is True


def test_settings_that_break_the_law_or_the_house_are_refused() -> None:
    for wrong in ({"payment": 365}, {"answer": 30}, {"visit": 35}, {"consent": 30}):
        with pytest.raises(ValueError, match="greater than or equal"):
            Retention.model_validate(wrong)
