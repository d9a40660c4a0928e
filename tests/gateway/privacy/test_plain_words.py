"""What the data officer reads of a record, in people's words."""

from __future__ import annotations

import pytest

from gateway.payments.refunds import RefundStatus
from gateway.payments.tasks import TaskKind
from gateway.privacy.holdings import in_order
from gateway.web.keeper_pages import keeper_texts, plain
from services.contract.models import BillKind, BillStatus, CardOutcome, PaymentStatus, TicketStatus

CLOSED_SETS = {
    "bills.kind": BillKind,
    "bills.status": BillStatus,
    "tickets.status": TicketStatus,
    "payment_intents.status": PaymentStatus,
    "card_attempts.outcome": CardOutcome,
    "refunds.status": RefundStatus,
    "cashier_tasks.kind": TaskKind,
}


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("True", "Có"),
        ("False", "Không"),
        ("2026-11-30", "30/11/2026"),
        ("2026-11-30T16:52:54.063781Z", "30/11/2026 23:52"),
        ("2026-11-30T23:52:54+07:00", "30/11/2026 23:52"),
        ("1988", "1988"),
        ("1988-13-45", "1988-13-45"),
        ("2026-11-30 và hơn nữa", "2026-11-30 và hơn nữa"),
        ("tim-mach", "tim-mach"),
    ],
)
def test_a_kept_value_is_read_as_people_write_it(kept: str, read: str) -> None:
    assert plain(kept, keeper_texts("vi")) == read


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("place", CLOSED_SETS)
def test_no_word_of_the_gateways_own_is_read_by_people(place: str, language: str) -> None:
    words = keeper_texts(language)
    for each in CLOSED_SETS[place]:
        assert f"keeper.value.{place}.{each.value}" in words, f"{place} of {each.value}"
        assert plain(each.value, words, place) == words[f"keeper.value.{place}.{each.value}"]
    assert plain("charge", words, "bills.number") == "charge", "a column of free words keeps them"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_table_and_column_that_the_data_officer_sees_has_its_name(language: str) -> None:
    words = keeper_texts(language)
    for holding in in_order():
        if not holding.reach or not (holding.export or holding.sealed):
            continue
        assert f"keeper.table.{holding.table.name}" in words
        for column in (*holding.export, *(each.removeprefix("sealed_") for each in holding.sealed)):
            known = f"keeper.field.{column}" in words or f"sealed_{column}" in holding.sealed
            assert known, f"{holding.table.name}.{column}"
