"""Who leaves before the end is undone at the hospital; what was paid, or has begun there, never."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gateway.payments import bills
from gateway.queue import tickets
from gateway.store.tables import bills as bill_table
from services.contract.models import TicketStatus


def pay(site: Any, check_in: str) -> None:
    """The bill is paid at the kiosk."""
    with site.house.store.write() as transaction:
        row = bill_table.update().where(bill_table.c.check_in_id == check_in)
        transaction.execute(row.values(status=bills.PAID_BILL, paid_at=site.clock.now()))
        tickets.paid(transaction, check_in, site.clock.now())


def test_who_leaves_before_the_hospital_was_told_is_never_told(site: Any) -> None:
    check_in = site.check_in()
    site.leave(check_in)
    site.deliver()
    assert site.line.calls == []
    assert site.row(check_in)["state"] == "dropped"


def test_who_leaves_unpaid_is_cancelled(site: Any) -> None:
    check_in = site.check_in()
    site.deliver()
    site.leave(check_in)
    site.deliver()
    assert (site.side.patients(), site.side.visits()) == (1, ["cancelled"])
    assert site.row(check_in)["state"] == "cancelled"


def test_everything_of_a_cancelled_encounter_is_undone(fhir: Any) -> None:
    check_in = fhir.check_in()
    fhir.deliver()
    fhir.leave(check_in)
    fhir.deliver()
    kinds = ("Encounter", "ServiceRequest", "Task", "Invoice")
    statuses = [fhir.side.of(kind, check_in)["status"] for kind in kinds]
    assert statuses == ["cancelled", "revoked", "cancelled", "cancelled"]


@pytest.mark.parametrize("carried_out", [False, True], ids=["before commit", "after commit"])
def test_a_lost_answer_of_any_cancelling_request_leaves_nothing_alive(site: Any, carried_out: bool) -> None:
    def leave_one(number: int) -> int:
        check_in = site.check_in(patient={"number": f"0990880{number:05}", "name": f"Người {number}"})
        site.deliver_until_told()
        before = len(site.line.calls)
        site.leave(check_in)
        return before

    before = leave_one(0)
    site.deliver()
    requests = len(site.line.calls) - before
    for step in range(requests):
        site.line.losing = [(leave_one(step + 1) + step, carried_out)]
        site.deliver()
        assert site.due() == 1
        site.deliver_until_told()
    assert site.side.visits() == ["cancelled"] * (requests + 1)


def test_a_registration_that_arrives_after_it_was_undone_stays_undone(site: Any) -> None:
    check_in = site.check_in()
    site.line.hold = "POST /fhir/Encounter" if site.side.kind == "fhir" else "POST /dangky-kcb"
    site.deliver()
    assert len(site.line.held) == 1
    late, site.line.held, site.line.hold = list(site.line.held), [], None
    site.leave(check_in)
    site.clock.turn(minutes=2)
    site.deliver()
    assert site.due() == 0
    site.line.held = late
    asyncio.run(site.line.release())
    assert set(site.side.visits()) == {"cancelled"}


def test_a_paid_visit_is_never_cancelled(site: Any) -> None:
    check_in = site.check_in()
    site.deliver()
    pay(site, check_in)
    site.leave(check_in)
    site.deliver()
    assert site.side.visits() == ["arrived"]
    assert site.row(check_in)["state"] == "arrived"


def test_what_the_hospitals_own_cashier_was_paid_for_stays(site: Any) -> None:
    check_in = site.check_in()
    site.deliver()
    site.side.settle(check_in)
    site.leave(check_in)
    site.deliver()
    assert site.side.visits() == ["arrived"]
    assert site.row(check_in)["state"] == "kept"


def test_an_examination_that_has_begun_stays(site: Any) -> None:
    check_in = site.check_in()
    site.deliver()
    site.side.examine(check_in)
    site.leave(check_in)
    site.deliver()
    assert site.side.visits() == ["in-progress"]
    assert site.row(check_in)["state"] == "kept"


def test_money_taken_while_it_is_undone_wins(fhir: Any) -> None:
    check_in = fhir.check_in()
    fhir.deliver()
    fhir.leave(check_in)

    def at_the_same_moment(request: Any) -> None:
        if request.method == "PUT" and "/Invoice/" in request.url.path:
            fhir.line.answer = lambda _request: None
            fhir.side.settle(check_in)

    fhir.line.answer = at_the_same_moment
    fhir.deliver()
    assert fhir.side.of("Invoice", check_in)["status"] == "balanced"
    assert fhir.side.visits() == ["arrived"]
    assert fhir.row(check_in)["state"] == "kept"


def test_what_the_hospital_cancelled_itself_is_not_brought_back(fhir: Any) -> None:
    check_in = fhir.check_in()
    fhir.deliver()
    fhir.side.store.update({**fhir.side.of("Encounter", check_in), "status": "cancelled"}, None)
    fhir.become(check_in, TicketStatus.CALLED)
    fhir.deliver()
    assert fhir.side.visits() == ["cancelled"]
    assert fhir.row(check_in)["state"] == "cancelled"
