"""Counts by day and kiosk, and the file a spreadsheet opens."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from gateway.figures.counts import Counts, Figures, figures
from gateway.figures.table import BOM, as_csv, harmless
from gateway.privacy.purge import purge
from gateway.store import tables as t
from gateway.web.keeper_pages import keeper_texts
from services.contract.models import CashReason

MONDAY = date(2026, 11, 23)


def count(gateway: Any, first: date = MONDAY, last: date = MONDAY) -> Figures:
    with gateway.house.store.read() as transaction:
        return figures(transaction, first, last)


def someone(n: int, **more: Any) -> dict[str, Any]:
    return {"number": f"0990880{n:05}", "name": f"Người {n}"} | more


def test_check_ins_are_counted_by_day_and_kiosk_given_up_ones_apart(gateway: Any) -> None:
    first, second = gateway.kiosk("B"), gateway.kiosk("C")
    first.check_in(patient=someone(1))
    first.check_in(patient=someone(2, level="typed"))
    first.check_in(patient=someone(1), clinic_id="tim-mach")  # the same person, the same number
    key = str(uuid.uuid4())
    second.check_in(key, patient=someone(3))
    left = {"registration_key": key, "reason": "left", "at": gateway.house.now().isoformat()}
    second.post("/v1/check-ins/abandon", left)
    found = count(gateway)
    counts = {found.name(kiosk): row for (_day, kiosk), row in found.rows.items()}
    assert (counts["Trạm B"].check_ins, counts["Trạm B"].given_up, counts["Trạm B"].by_chip) == (2, 0, 1)
    assert (counts["Trạm C"].check_ins, counts["Trạm C"].given_up) == (0, 1)
    assert found.total().check_ins == 2
    assert count(gateway, date(2026, 11, 24), date(2026, 11, 24)).rows == {}


def test_look_ups_fall_into_the_day_at_the_place(gateway: Any, kiosk: Any) -> None:
    """23:59:59 of Sunday, 00:00 of Monday and 23:59:59 of Monday in Hà Nội."""
    moments = {
        "a": (datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC), "valid"),
        "b": (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), "mismatch"),
        "c": (datetime(2026, 11, 23, 16, 59, 59, tzinfo=UTC), None),
    }
    with gateway.house.store.write() as transaction:
        for id, (at, result) in moments.items():
            row = {"id": id, "kiosk_id": kiosk.id, "asked_at": at, "subject": "x", "result": result, "result_code": ""}
            transaction.execute(insert(t.look_ups).values(row))
    sunday = count(gateway, date(2026, 11, 22), date(2026, 11, 22)).total()
    monday = count(gateway).total()
    assert (sunday.look_ups, sunday.answered, sunday.mismatches) == (1, 1, 0)
    assert (monday.look_ups, monday.answered, monday.mismatches) == (2, 1, 1)


def test_cashless_is_the_share_of_bills_paid_by_code(gateway: Any, kiosk: Any) -> None:
    for n in range(4):
        bill = kiosk.check_in(patient=someone(n)).json()["bill_id"]
        if n == 0:
            intent = kiosk.post("/v1/payment-intents", {"bill_id": bill}).json()
            assert gateway.notice(intent["purpose"], intent["amount"]).status_code == 200
        if n == 1:
            kiosk.post("/v1/payment-intents", {"bill_id": bill})
    key = str(uuid.uuid4())
    kiosk.check_in(key, patient=someone(9))
    kiosk.post("/v1/check-ins/abandon", {"registration_key": key, "reason": "left", "at": "2026-11-23T05:00:00Z"})
    report = {"registration_key": key, "reason": "prefer-cash", "at": gateway.house.now().isoformat()}
    kiosk.post("/v1/cash-reasons", report)
    total = count(gateway).total()
    assert (total.bills, total.cashless, total.cashless_share) == (4, 1, 0.25)
    assert total.reasons[CashReason.PREFER_CASH] == 1 and sum(total.reasons.values()) == 1
    assert Counts().cashless_share is None


def test_waiting_is_told_by_nearest_rank() -> None:
    """Nearest rank: of five waits the third is the median; of ten the ninth is the 90th percentile."""
    assert Counts(waits=[50, 10, 30, 20, 40]).wait(50) == 30
    assert Counts(waits=[float(n) for n in range(1, 11)]).wait(90) == 9
    assert Counts(waits=[7]).wait(90) == 7
    assert Counts().wait(50) is None


def test_waiting_counts_from_the_number_to_its_first_call(gateway: Any, kiosk: Any) -> None:
    kiosk.check_in(patient=someone(1))
    kiosk.check_in(patient=someone(2))
    with gateway.house.store.write() as transaction:
        first = transaction.one(select(t.tickets.c.id, t.tickets.c.issued_at).limit(1))
        called = {"first_called_at": first["issued_at"] + timedelta(minutes=25)}
        transaction.execute(update(t.tickets).where(t.tickets.c.id == first["id"]).values(called))
    assert count(gateway).total().waits == [25.0]


def test_figures_stay_when_the_people_are_purged(gateway: Any, kiosk: Any) -> None:
    kiosk.post("/v1/insurance/eligibility", {"number": "099088000145", "name": "A", "birth": "1988"})
    kiosk.check_in()
    before = count(gateway).total()
    gateway.clock.turn(days=800)
    purge(gateway.house)
    after = count(gateway).total()
    assert after == before and after.check_ins == after.look_ups == 1


@pytest.mark.parametrize(
    "cell", ["=1+1", "+84 900", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", '=HYPERLINK("http://x")']
)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_ordinary_cells_stay_as_they_are() -> None:
    for cell in ("Trạm 3 · Sảnh A", "12", "0.5", "", "a=b", "2026-11-23"):
        assert harmless(cell) == cell


def test_a_kiosk_with_a_wicked_name_does_no_harm_in_the_file(gateway: Any, kiosk: Any) -> None:
    wicked = '=cmd|"/c calc"!A1, "x"'
    kiosk.check_in()
    with gateway.house.store.write() as transaction:
        transaction.execute(update(t.kiosks).values(name=wicked))
    text = as_csv(count(gateway), keeper_texts("vi"))
    assert text.startswith(BOM) and text.endswith("\r\n")
    heads, row = list(csv.reader(io.StringIO(text.removeprefix(BOM))))
    assert len(heads) == len(row) and heads[:3] == ["Ngày", "Trạm", "Lượt đăng ký"]
    assert row[:3] == ["2026-11-23", f"'{wicked}", "1"]


def test_the_file_holds_nobody(gateway: Any, kiosk: Any) -> None:
    ticket = kiosk.check_in().json()
    text = as_csv(count(gateway), keeper_texts("vi"))
    for trace in ("Khang", "099088000145", ticket["check_in_id"], ticket["code"], ticket["reprint_code"]):
        assert trace not in text


def test_a_span_is_a_day_to_a_year(gateway: Any) -> None:
    for first, last in ((date(2026, 2, 2), date(2026, 2, 1)), (date(2024, 1, 1), date(2026, 1, 1))):
        with pytest.raises(ValueError, match="a year"):
            count(gateway, first, last)
    assert len(count(gateway, date(2026, 1, 1), date(2026, 12, 31)).by_day()) == 365
