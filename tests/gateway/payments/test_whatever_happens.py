"""Every đồng the bank took is on its bill or in the cashier's list, whatever happens in between; the short form of
`python -m benchmarks.payments machine` and `… sweep` (docs/evidence.md)."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.payments.databases import PostgresTemplate, SqliteTemplate, Template
from benchmarks.payments.life import Life
from benchmarks.payments.machine import run
from benchmarks.payments.sweep import SCENARIOS, Fault, faults, play
from gateway.payments import duties, money
from kiosk import card_duties
from services.contract.models import CardDutyOutcome, CardDutyResult


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return SqliteTemplate(tmp_path_factory.mktemp("money"))


@pytest.fixture(scope="module")
def on_postgres(postgres: str) -> Template:
    return PostgresTemplate(postgres)


def test_lives_of_random_events_keep_every_promise(template: Template) -> None:
    totals = run(template, runs=8, steps=25, same=True)
    assert totals["runs"] >= 8 and totals["transfers"] > 5


@pytest.mark.wire
def test_they_keep_them_on_postgresql_too(on_postgres: Template) -> None:
    totals = run(on_postgres, runs=4, steps=25, same=True)
    assert totals["runs"] >= 4 and totals["transfers"] > 2


@pytest.fixture(scope="module")
def some_faults(template: Template) -> list[Fault]:
    """Each 45th of the whole sweep."""
    return list(faults(template, every=45))


def test_a_fault_at_any_step_loses_and_doubles_nothing(template: Template, some_faults: list[Fault]) -> None:
    assert len({fault.scenario for fault in some_faults}) >= len(SCENARIOS) - 2
    for fault in some_faults:
        play(template, fault)


@pytest.mark.wire
def test_nor_does_it_on_postgresql(on_postgres: Template, some_faults: list[Fault]) -> None:
    for fault in some_faults[::3]:
        play(on_postgres, fault)


def test_the_model_notices_money_that_is_dropped(template: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(house: Any, transaction: Any, intent: Any, bill: Any, moved: Any) -> None:
        """Counts nothing."""

    monkeypatch.setattr(money, "attach", forgetful)
    with pytest.raises(AssertionError, match="nowhere"):
        play(template, Fault("paid", False, 10_000, "", True))


def test_the_model_notices_a_bill_that_is_paid_without_its_money(
    template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = Life(template, orders=False)
    try:
        life.make(0)
        with life.house.store.write() as transaction:
            transaction.connection.exec_driver_sql("UPDATE bills SET status = 'paid', paid_where = 'here'")
        with pytest.raises(AssertionError, match="is paid with 0"):
            life.check()
    finally:
        life.close()


def test_the_model_notices_a_reversal_that_only_the_gateway_believes(
    template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def believed(*_: object) -> CardDutyResult:
        return CardDutyResult(outcome=CardDutyOutcome.DONE)

    monkeypatch.setattr(card_duties, "_take_back", believed)
    with pytest.raises(AssertionError, match="called taken back, and is not"):
        play(template, Fault("card_taken_back", False, 10_000, "", True))


def test_the_model_notices_a_batch_that_is_counted_wrongly(template: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duties, "_closings", lambda *_, **__: [None])
    with pytest.raises(AssertionError, match="a closed batch differs"):
        play(template, Fault("batches_closed", False, 10_000, "", True))
