"""Money: one live code per bill, every movement counted once, nothing lost."""

from __future__ import annotations

import json
import threading
import uuid
from typing import Any

import pytest

from gateway.payments.states import TRANSITIONS, may_become
from gateway.payments.watch import look_once, reconcile
from gateway.store.tables import cashier_tasks
from services.contract.models import PaymentStatus
from simulators.bank import code as bank_code

PRICE = 122_500


@pytest.fixture
def bill(kiosk: Any) -> str:
    """A bill of a self-paying patient."""
    return kiosk.check_in(str(uuid.uuid4())).json()["bill_id"]


def intent(kiosk: Any, bill: str) -> dict[str, Any]:
    answer = kiosk.post("/v1/payment-intents", {"bill_id": bill})
    assert answer.status_code == 200, answer.text
    return answer.json()


def now(kiosk: Any, made: dict[str, Any]) -> dict[str, Any]:
    return kiosk.get(f"/v1/payment-intents/{made['id']}").json()


def ticket_status(kiosk: Any) -> str:
    return kiosk.check_in().json()["status"]


def tasks(gateway: Any) -> list[tuple[str, int]]:
    with gateway.house.store.read() as transaction:
        return [(row["kind"], row["amount"]) for row in transaction.all(cashier_tasks.select())]


def test_a_bank_app_reads_account_amount_and_text_from_the_code(kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    read = bank_code.read(made["payload"])
    assert (read.bin, read.account, read.amount) == ("999999", "1903550744471", PRICE)
    assert read.purpose == made["purpose"]
    assert len(made["purpose"]) <= 19 and made["purpose"].isalnum() and made["purpose"].isupper()
    assert (made["account_last4"], made["demo"], made["bill_number"]) == ("4471", True, "VT-0001")


def test_a_bill_has_one_live_code(kiosk: Any, bill: str) -> None:
    assert intent(kiosk, bill)["id"] == intent(kiosk, bill)["id"]


def test_many_askers_at_once_get_one_code(kiosk: Any, bill: str) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(intent(kiosk, bill)["id"])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1


def test_another_kiosk_has_no_hold_on_the_bill(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    other = gateway.kiosk("C")
    assert other.post("/v1/payment-intents", {"bill_id": bill}).status_code == 404
    assert other.get(f"/v1/payment-intents/{made['id']}").status_code == 404
    assert other.post(f"/v1/payment-intents/{made['id']}/cancel").status_code == 404


def test_the_banks_notice_pays_the_bill(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    notice = gateway.notice(f"MBVCB.123.{made['purpose']}.CT tu 0123 NGUYEN VAN A", PRICE)
    assert (notice.status_code, notice.json()) == (200, {"success": True})
    paid = now(kiosk, made)
    assert (paid["status"], paid["amount_paid"]) == ("paid", PRICE)
    assert paid["version"] > made["version"]
    assert ticket_status(kiosk) == "waiting"
    assert tasks(gateway) == []


def test_a_text_the_bank_changed_is_still_found(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    purpose = made["purpose"].lower()
    gateway.notice(f"ck {purpose[:4]} {purpose[4:]}-ft2631", PRICE)
    assert now(kiosk, made)["status"] == "paid"


def test_a_repeated_notice_counts_once(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    for _ in range(3):
        assert gateway.notice(made["purpose"], PRICE, id=7).status_code == 200
    assert now(kiosk, made)["amount_paid"] == PRICE
    gateway.bank.listed = [gateway.money(made["purpose"], PRICE, id="7")]
    gateway.clock.turn(minutes=11)
    gateway.client.run(reconcile(gateway.house))
    kiosk.token = kiosk.fetch_token()
    assert now(kiosk, made)["amount_paid"] == PRICE


def test_a_forged_notice_is_refused(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    assert gateway.notice(made["purpose"], PRICE, secret="another").status_code == 401
    assert gateway.client.post("/v1/webhooks/bank", json={"id": 1}).status_code == 401
    assert now(kiosk, made)["status"] == "created"


def test_an_altered_or_replayed_notice_is_refused(gateway: Any, kiosk: Any, bill: str) -> None:
    import hashlib
    import hmac

    made = intent(kiosk, bill)
    body = json.dumps({"id": 1}).encode()
    moment = str(int(gateway.clock.now().timestamp()))
    signature = hmac.new(b"a webhook secret", f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-SePay-Timestamp": moment, "X-SePay-Signature": f"sha256={signature}"}
    altered = body.replace(b"1", b"2")
    assert gateway.client.post("/v1/webhooks/bank", content=altered, headers=headers).status_code == 401
    assert gateway.send_notice(body, age=301).status_code == 401
    assert now(kiosk, made)["status"] == "created"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"id": 1}', b'{"id":1,"transferAmount":"x"}', b"\xff"])
def test_a_signed_notice_that_cannot_be_read_is_refused_without_harm(gateway: Any, body: bytes) -> None:
    assert gateway.send_notice(body).status_code == 422


def test_money_to_another_account_or_out_of_ours_is_not_counted(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    gateway.notice(made["purpose"], PRICE, id=1, accountNumber="000")
    gateway.notice(made["purpose"], PRICE, id=2, transferType="out")
    assert now(kiosk, made)["status"] == "created"


def test_too_little_is_shown_as_missing_and_completed(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    gateway.notice(made["purpose"], 100_000, id=1)
    assert (now(kiosk, made)["status"], now(kiosk, made)["amount_paid"]) == ("underpaid", 100_000)
    assert ticket_status(kiosk) == "unpaid"
    gateway.notice(made["purpose"], 22_500, id=2)
    assert (now(kiosk, made)["status"], now(kiosk, made)["amount_paid"]) == ("paid", PRICE)


def test_too_much_pays_and_leaves_the_rest_to_the_cashier(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    gateway.notice(made["purpose"], PRICE + 1)
    assert now(kiosk, made)["status"] == "overpaid"
    assert ticket_status(kiosk) == "waiting"
    assert tasks(gateway) == [("refund", 1)]


def test_a_second_payment_is_never_lost(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    gateway.notice(made["purpose"], PRICE, id=1)
    gateway.notice(made["purpose"], PRICE, id=2)
    assert (now(kiosk, made)["status"], now(kiosk, made)["amount_paid"]) == ("overpaid", 2 * PRICE)
    assert tasks(gateway) == [("refund", PRICE)]


def test_money_without_a_bill_waits_for_the_cashier(gateway: Any) -> None:
    assert gateway.notice("cam on benh vien", 50_000).status_code == 200
    assert tasks(gateway) == [("orphan", 50_000)]


def test_money_that_names_two_bills_waits_for_the_cashier(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    other = intent(kiosk, kiosk.check_in(patient={"number": "099088000999", "name": "Khác"}).json()["bill_id"])
    gateway.notice(f"{made['purpose']} {other['purpose']}", 2 * PRICE)
    assert tasks(gateway) == [("orphan", 2 * PRICE)]
    assert now(kiosk, made)["status"] == "created"


def test_a_cancelled_code_may_be_made_again_and_late_money_still_finds_the_bill(
    gateway: Any, kiosk: Any, bill: str
) -> None:
    first = intent(kiosk, bill)
    assert kiosk.post(f"/v1/payment-intents/{first['id']}/cancel").json()["status"] == "cancelled"
    second = intent(kiosk, bill)
    assert second["purpose"] != first["purpose"]
    gateway.notice(first["purpose"], PRICE)
    assert now(kiosk, first)["status"] == "paid-late"
    assert now(kiosk, second)["status"] == "cancelled", "nobody pays twice"
    assert ticket_status(kiosk) == "waiting"


def test_before_a_second_code_the_bank_is_asked_about_the_first(gateway: Any, kiosk: Any, bill: str) -> None:
    first = intent(kiosk, bill)
    kiosk.post(f"/v1/payment-intents/{first['id']}/cancel")
    gateway.bank.listed = [gateway.money(first["purpose"], PRICE)]
    assert kiosk.post("/v1/payment-intents", {"bill_id": bill}).status_code == 422
    assert now(kiosk, first)["status"] == "paid-late"


def test_who_says_they_paid_gets_no_second_code(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    claimed = kiosk.post(f"/v1/payment-intents/{made['id']}/claim").json()
    assert claimed["status"] == "created"
    assert gateway.bank.asked == 1
    assert kiosk.post(f"/v1/payment-intents/{made['id']}/cancel").json()["status"] == "unknown"
    refused = kiosk.post("/v1/payment-intents", {"bill_id": bill})
    assert (refused.status_code, refused.json()["code"]) == (422, "TT-301")
    gateway.notice(made["purpose"], PRICE)
    assert now(kiosk, made)["status"] == "paid-late"


def test_a_claim_finds_money_that_no_notice_told_of(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    gateway.bank.listed = [gateway.money(made["purpose"], PRICE)]
    assert kiosk.post(f"/v1/payment-intents/{made['id']}/claim").json()["status"] == "paid"


def test_a_claim_while_the_bank_is_down_keeps_waiting(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    gateway.bank.down = True
    assert kiosk.post(f"/v1/payment-intents/{made['id']}/claim").json()["status"] == "created"


def test_open_codes_are_asked_for_on_a_back_off_and_expire(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)

    def round_after(seconds: int) -> int:
        gateway.clock.turn(seconds=seconds)
        gateway.client.run(look_once(gateway.house))
        return gateway.bank.asked

    assert [round_after(seconds) for seconds in (9, 1, 19, 1, 39, 1)] == [0, 1, 1, 2, 2, 3]
    round_after(15 * 60)
    kiosk.token = kiosk.fetch_token()
    assert now(kiosk, made)["status"] == "expired"
    asked = gateway.bank.asked
    assert round_after(600) == asked, "nothing open, nothing asked"
    kiosk.token = kiosk.fetch_token()
    gateway.notice(made["purpose"], PRICE)
    assert now(kiosk, made)["status"] == "paid-late"


def test_money_that_came_before_the_end_is_found_before_the_code_expires(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    gateway.clock.turn(minutes=14)
    gateway.bank.listed = [gateway.money(made["purpose"], PRICE)]
    gateway.clock.turn(minutes=2)
    gateway.client.run(look_once(gateway.house))
    kiosk.token = kiosk.fetch_token()
    assert now(kiosk, made)["status"] == "paid"


def test_a_claimed_code_that_ends_unpaid_is_an_open_question(gateway: Any, kiosk: Any, bill: str) -> None:
    made = intent(kiosk, bill)
    kiosk.post(f"/v1/payment-intents/{made['id']}/claim")
    gateway.clock.turn(minutes=16)
    gateway.client.run(look_once(gateway.house))
    kiosk.token = kiosk.fetch_token()
    assert now(kiosk, made)["status"] == "unknown"
    assert tasks(gateway) == [("claimed", PRICE)]


def test_after_too_little_the_next_code_is_for_the_rest(gateway: Any, kiosk: Any, bill: str) -> None:
    first = intent(kiosk, bill)
    gateway.notice(first["purpose"], 100_000, id=1)
    kiosk.post(f"/v1/payment-intents/{first['id']}/cancel")
    second = intent(kiosk, bill)
    assert second["amount"] == 22_500
    gateway.notice(second["purpose"], 22_500, id=2)
    assert now(kiosk, second)["status"] == "paid"
    assert ticket_status(kiosk) == "waiting"


def test_leaving_with_money_on_the_way_leaves_it_to_the_cashier(gateway: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    made = intent(kiosk, kiosk.check_in(key).json()["bill_id"])
    left = {"registration_key": key, "reason": "left", "at": gateway.house.now().isoformat()}
    kiosk.post("/v1/check-ins/abandon", left)
    assert now(kiosk, made)["status"] == "cancelled"
    gateway.notice(made["purpose"], PRICE)
    assert tasks(gateway) == [("refund", PRICE)]


def test_a_paid_number_cannot_be_abandoned(gateway: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    made = intent(kiosk, kiosk.check_in(key).json()["bill_id"])
    gateway.notice(made["purpose"], PRICE)
    left = {"registration_key": key, "reason": "idle", "at": gateway.house.now().isoformat()}
    assert kiosk.post("/v1/check-ins/abandon", left).json()["status"] == "waiting"


def test_reconciliation_fetches_what_notices_missed(gateway: Any, kiosk: Any, bill: str) -> None:
    gateway.client.run(reconcile(gateway.house))
    made = intent(kiosk, bill)
    kiosk.post(f"/v1/payment-intents/{made['id']}/cancel")
    gateway.bank.listed = [gateway.money(made["purpose"], PRICE), gateway.money("khac", 1_000, id="10")]
    gateway.client.run(reconcile(gateway.house))
    assert now(kiosk, made)["status"] == "cancelled", "not again within ten minutes"
    gateway.clock.turn(minutes=9, seconds=59)
    gateway.client.run(reconcile(gateway.house))
    gateway.clock.turn(seconds=1)
    gateway.client.run(reconcile(gateway.house))
    kiosk.token = kiosk.fetch_token()
    assert now(kiosk, made)["status"] == "paid-late"
    assert tasks(gateway) == [("orphan", 1_000)]


def test_a_list_that_never_answered_yet_is_asked_for_from_the_first_code_on(
    gateway: Any, kiosk: Any, bill: str
) -> None:
    made = intent(kiosk, bill)
    kiosk.post(f"/v1/payment-intents/{made['id']}/cancel")
    gateway.bank.listed = [gateway.money(made["purpose"], PRICE)]
    gateway.bank.down = True
    gateway.client.run(reconcile(gateway.house))
    gateway.bank.down = False
    gateway.clock.turn(hours=3)
    gateway.client.run(reconcile(gateway.house))
    kiosk.token = kiosk.fetch_token()
    assert now(kiosk, made)["status"] == "paid-late"


def test_states_only_go_forward() -> None:
    assert set(TRANSITIONS) == set(PaymentStatus)
    for end in (PaymentStatus.PAID, PaymentStatus.PAID_LATE, PaymentStatus.OVERPAID, PaymentStatus.REFUNDED):
        for back in (PaymentStatus.CREATED, PaymentStatus.QR_SHOWN, PaymentStatus.EXPIRED, PaymentStatus.CANCELLED):
            assert not may_become(end, back)


def test_a_notice_whose_id_holds_half_a_character_is_refused(gateway: Any) -> None:
    assert gateway.notice("x", 1, id="\ud800").status_code == 422


def test_a_text_with_half_a_character_still_counts_the_money(gateway: Any) -> None:
    assert gateway.notice("x\ud800", 1).status_code == 200
