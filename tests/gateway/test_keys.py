"""Idempotency keys of work that reaches outside, and what is forgotten when."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from gateway.api.idempotency import begin, finish
from gateway.background import forget_old
from gateway.fleet.kiosks import Kiosk
from gateway.store.tables import assertions, nonces, operations
from services.contract.models import StaffCallRequest
from services.contract.routes import Write


class Sent:
    """A write as the API reads it."""

    def __init__(self, key: str, body_hash: str = "a") -> None:
        self.key = key
        self.body_hash = body_hash


@pytest.fixture
def caller() -> Kiosk:
    return Kiosk("k" * 32, "B", "Trạm", "Kiosk")


def enter(gateway: Any, caller: Kiosk, sent: Sent) -> Any:
    return begin(gateway.house, caller, Write.ELIGIBILITY, sent)  # type: ignore[arg-type]


def test_a_second_send_while_the_first_is_at_work_is_told_to_wait(gateway: Any, caller: Kiosk) -> None:
    from gateway.problems import Refused

    sent = Sent(str(uuid.uuid4()))
    assert enter(gateway, caller, sent) is None
    with pytest.raises(Refused) as refused:
        enter(gateway, caller, sent)
    assert refused.value.status == 409
    finish(gateway.house, caller, Write.ELIGIBILITY, sent, lambda _: StaffCallRequest(step="x"))  # type: ignore[arg-type]
    assert enter(gateway, caller, sent).body == b'{"step":"x"}'


def test_work_whose_process_died_is_taken_over_after_a_minute(gateway: Any, caller: Kiosk) -> None:
    from gateway.problems import Refused

    sent = Sent(str(uuid.uuid4()))
    enter(gateway, caller, sent)
    gateway.clock.turn(seconds=61)
    with pytest.raises(Refused):
        enter(gateway, caller, Sent(sent.key, "another body"))
    assert enter(gateway, caller, sent) is None
    with pytest.raises(Refused):
        enter(gateway, caller, sent)


def test_an_operation_at_work_is_in_progress_for_who_asks(gateway: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    with gateway.house.store.write() as transaction:
        transaction.execute(
            insert(operations).values(
                kiosk_id=kiosk.id, operation="eligibility", key=key, body_hash="a", began_at=gateway.house.now()
            )
        )
    assert kiosk.get(f"/v1/operations/eligibility/{key}").json()["state"] == "in-progress"


def test_answers_are_kept_longer_than_a_kiosk_may_be_offline(gateway: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    first = kiosk.check_in(key).json()
    for days, kept in ((34, True), (2, False)):
        gateway.clock.turn(days=days)
        forget_old(gateway.house)
        kiosk.token = kiosk.fetch_token()
        state = kiosk.get(f"/v1/operations/check-in/{key}").json()
        assert (state["state"] == "done") is kept
        assert (state["body"] == first) is kept


def test_what_has_ended_is_forgotten(gateway: Any, kiosk: Any) -> None:
    kiosk.post("/v1/nonces")
    gateway.clock.turn(hours=2)
    forget_old(gateway.house)
    with gateway.house.store.read() as transaction:
        left = [transaction.one(select(func.count().label("n")).select_from(t)) for t in (nonces, assertions)]
    assert [row["n"] for row in left if row is not None] == [0, 0]


def test_a_revoked_kiosk_is_refused_within_seconds(gateway: Any, kiosk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from gateway.store.tables import kiosks

    monkeypatch.setattr("gateway.fleet.kiosks._CACHE_SECONDS", 0.0)
    assert kiosk.get("/v1/site").status_code == 200
    with gateway.house.store.write() as transaction:
        transaction.execute(update(kiosks).where(kiosks.c.id == kiosk.id).values(revoked_at=gateway.house.now()))
    assert kiosk.get("/v1/site").status_code == 401
    assert gateway.client.post("/v1/token", json={"assertion": kiosk.assertion()}).status_code == 401
    assert gateway.kiosk("B").get("/v1/site").status_code == 200, "its letter is free again"


def test_a_new_kiosk_with_an_old_letter_leases_other_numbers(gateway: Any, kiosk: Any) -> None:
    from gateway.store.tables import kiosks

    before = {number for one in kiosk.post("/v1/leases").json()["leases"] for number in one["numbers"]}
    with gateway.house.store.write() as transaction:
        transaction.execute(update(kiosks).where(kiosks.c.id == kiosk.id).values(revoked_at=gateway.house.now()))
    after = gateway.kiosk("B").post("/v1/leases").json()["leases"]
    assert {number for one in after for number in one["numbers"]}.isdisjoint(before)


def test_a_clock_that_runs_ahead_is_bounded(gateway: Any, kiosk: Any) -> None:
    ahead = gateway.house.now() + timedelta(days=2)
    assert kiosk.check_in(arrived_at=ahead.isoformat()).json()["issued_at"] == "2026-11-23T05:00:00Z"
    assert kiosk.check_in(arrived_at="2026-11-23T05:00:00").status_code in {200, 422}, "never a failure of ours"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1969-01-01T00:00:00Z"])
def test_absurd_times_do_no_harm(gateway: Any, kiosk: Any, moment: str) -> None:
    key = str(uuid.uuid4())
    assert kiosk.check_in(key, arrived_at=moment).status_code in {200, 202}
    key = str(uuid.uuid4())
    kiosk.check_in(key, insurance_failure_at=moment, clinic_id="mat")
    assert kiosk.post(f"/v1/check-ins/{key}/slip", {"printed": True, "at": moment}).status_code == 200
    lease = {"lease_id": "x" * 32, "number": "B01"}
    use = {"registration_key": key, "fallback": lease, "printed_at": moment}
    assert kiosk.post("/v1/check-ins/fallback", use).json()["number"] == "B01"
