"""The gateway as a process: lost answers, killed processes, its peers on real wires."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from gateway.store.tables import look_ups, queue_days, tickets

pytestmark = pytest.mark.wire

PRICE = 122_500


def awaited(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def kiosks(world: Any) -> dict[str, Any]:
    """Kiosk B straight to the gateway, kiosk C over the cable, D and E straight."""
    made = {letter: world.kiosk(letter) for letter in "BDE"}
    made["C"] = world.kiosk("C", through=world.cable.url)
    return made


@pytest.fixture(autouse=True)
def whole(world: Any) -> None:
    """Every test begins with a world in which everything works."""
    world.cable.play("restore")
    world.insurer.play("outage", kind="none")
    world.insurer.play("delay", seconds=0)
    world.insurer.play("forget")
    world.bank.play("outage", on=False)


def person(number: int) -> dict[str, str]:
    return {"number": f"0990880{number:05}", "name": f"Người {number}"}


def tickets_of(world: Any, clinic: str) -> list[str]:
    with world.house.store.read() as transaction:
        rows = transaction.all(select(tickets.c.number).where(tickets.c.clinic_id == clinic).order_by(tickets.c.number))
    return [row["number"] for row in rows]


def test_a_registration_whose_request_is_lost_takes_one_number(world: Any, kiosks: dict[str, Any]) -> None:
    kiosk, key = kiosks["C"], str(uuid.uuid4())
    sent: dict[str, Any] = {"patient": person(101), "clinic_id": "mat", "arrived_at": "2026-11-23T00:00:00Z"}
    sent["arrived_at"] = world.house.now().isoformat()
    world.cable.play("set", lose_requests=1, lose_path="check-ins")
    with pytest.raises(httpx.HTTPError):
        kiosk.check_in(key, **sent)
    assert kiosk.get(f"/v1/operations/check-in/{key}").json()["state"] == "unknown"
    assert kiosk.check_in(key, **sent).json()["number"] == "T001"
    assert tickets_of(world, "mat") == ["T001"]


def test_a_registration_whose_answer_is_lost_after_the_commit_takes_one_number(
    world: Any, kiosks: dict[str, Any]
) -> None:
    kiosk, key = kiosks["C"], str(uuid.uuid4())
    sent = {"patient": person(102), "clinic_id": "nhi", "arrived_at": world.house.now().isoformat()}
    world.cable.play("set", lose_answers=1, lose_path="check-ins")
    with pytest.raises(httpx.HTTPError):
        kiosk.check_in(key, **sent)
    awaited(lambda: kiosk.get(f"/v1/operations/check-in/{key}").json()["state"] == "done")
    kept = kiosk.get(f"/v1/operations/check-in/{key}").json()["body"]
    assert kiosk.check_in(key, **sent).json() == kept
    assert tickets_of(world, "nhi") == ["T001"]


def test_a_gateway_killed_in_mid_stream_keeps_every_number_it_gave(world: Any, kiosks: dict[str, Any]) -> None:
    """Power is cut while registrations come in; after the restart each is sent again with its key."""
    port = int(world.gateway.url.rpartition(":")[2])
    over = world.folder / "over.toml"
    over.write_text(over.read_text(encoding="utf-8").replace("port = 0", f"port = {port}"), encoding="utf-8")
    clinic = "rang-ham-mat"
    sends = [
        (
            str(uuid.uuid4()),
            {"patient": person(300 + n), "clinic_id": clinic, "arrived_at": world.house.now().isoformat()},
        )
        for n in range(40)
    ]
    answered: dict[str, str] = {}

    def send_all() -> None:
        for key, sent in sends:
            try:
                answer = kiosks["D"].check_in(key, **sent)
            except httpx.HTTPError:
                return
            answered[key] = answer.json()["number"]

    thread = threading.Thread(target=send_all)
    thread.start()
    awaited(lambda: len(answered) >= 5)
    world.restart_gateway()
    thread.join()
    before = dict(answered)
    for key, sent in sends:
        number = kiosks["D"].check_in(key, **sent).json()["number"]
        assert before.get(key, number) == number
        answered[key] = number
    assert sorted(answered.values()) == [f"T{n:03}" for n in range(1, 41)]
    assert tickets_of(world, clinic) == sorted(answered.values())


def test_kiosks_that_register_at_once_never_share_a_number(world: Any, kiosks: dict[str, Any]) -> None:
    numbers: list[str] = []
    failures: list[str] = []

    def many(kiosk: Any, start: int) -> None:
        for n in range(start, start + 15):
            answer = kiosk.check_in(patient=person(n), clinic_id="co-xuong-khop")
            (numbers if answer.status_code == 200 else failures).append(answer.json().get("number", answer.text))

    threads = [threading.Thread(target=many, args=(kiosks[k], 1000 * n)) for n, k in enumerate("BCDE", 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(numbers) == [f"T{n:03}" for n in range(1, 61)]
    with world.house.store.read() as transaction:
        row = transaction.one(select(queue_days).where(queue_days.c.clinic_id == "co-xuong-khop"))
    assert row is not None and row["waiting_ordinary"] == 60


# --- the insurer


HOA = {"number": "099194000514", "name": "Phạm Thị Thanh Hoa", "birth": "1994-03-12"}


def ask(kiosk: Any, **changes: str) -> httpx.Response:
    return kiosk.post("/v1/insurance/eligibility", HOA | changes)


def test_a_look_up_on_the_wire(world: Any, kiosks: dict[str, Any]) -> None:
    found = ask(kiosks["B"]).json()
    assert (found["result"], found["benefit_percent"], found["registered_here"]) == ("valid", 80, True)
    assert found["card_number"] == "DN4999912345678"


@pytest.mark.parametrize(
    ("person", "result"),
    [
        ({"number": "099148000829", "name": "Lê Thị Minh Tâm", "birth": "1948-02-17"}, "valid"),
        ({"number": "HT3999948000829", "name": "Lê Thị Minh Tâm", "birth": "1948-02-17"}, "valid"),
        ({"number": "9948000829", "name": "lê  thị minh tâm", "birth": "1948-02-17"}, "valid"),
        ({"number": "099052000377", "name": "Đinh Văn Sáu", "birth": "1952"}, "partly"),
        ({"number": "099088000145", "name": "Nguyễn Minh Khang", "birth": "1988-07-04"}, "notfound"),
        (HOA | {"name": "Phạm Thị Thanh Hòa"}, "mismatch"),
        (HOA | {"birth": "1994-12-03"}, "mismatch"),
    ],
)
def test_each_invented_citizen_gets_their_answer(kiosks: dict[str, Any], person: dict[str, str], result: str) -> None:
    assert ask(kiosks["B"], **person).json()["result"] == result


def test_many_look_ups_at_once_take_one_token(world: Any, kiosks: dict[str, Any]) -> None:
    world.insurer.play("expire")
    ask(kiosks["B"])
    world.insurer.play("expire")
    before = world.insurer.state()["token_calls"]
    threads = [threading.Thread(target=ask, args=(kiosks[letter],)) for letter in "BCDE"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.insurer.state()["token_calls"] == before + 1


def test_a_token_that_ended_is_taken_anew(world: Any, kiosks: dict[str, Any]) -> None:
    world.insurer.play("expire")
    before = world.insurer.state()["token_calls"]
    assert ask(kiosks["B"]).json()["result"] == "valid"
    assert world.insurer.state()["token_calls"] == before + 1


def test_a_token_refused_twice_is_the_accounts_fault(world: Any, kiosks: dict[str, Any]) -> None:
    world.insurer.play("force", number=HOA["number"], code="501")
    before = world.insurer.state()
    assert ask(kiosks["B"]).json()["code"] == "BH-104"
    after = world.insurer.state()
    assert after["token_calls"] - before["token_calls"] == 1, "one refresh, then it gives up"
    assert after["card_calls"] - before["card_calls"] == 2


@pytest.mark.parametrize(
    ("outage", "code"),
    [("refuse", "BH-101"), ("reset", "BH-101"), ("error", "BH-102"), ("rubbish", "BH-102"), ("silent", "BH-103")],
)
def test_each_way_the_insurer_fails_has_its_code_and_is_kept_as_evidence(
    world: Any, kiosks: dict[str, Any], outage: str, code: str
) -> None:
    ask(kiosks["B"])
    world.insurer.play("outage", kind=outage)
    assert ask(kiosks["B"]).json()["code"] == code
    with world.house.store.read() as transaction:
        kept = transaction.one(select(func.count().label("count")).where(look_ups.c.failure_code == code))
    assert kept is not None and kept["count"] >= 1


def test_a_time_out_is_never_repeated(world: Any, kiosks: dict[str, Any]) -> None:
    ask(kiosks["B"])
    before = world.insurer.state()["card_calls"]
    world.insurer.play("delay", seconds=3)
    assert ask(kiosks["B"]).json()["code"] == "BH-103"
    world.insurer.play("delay", seconds=0)
    awaited(lambda: world.insurer.state()["card_calls"] == before + 1)


def test_a_slow_insurer_holds_nobody_else_up(world: Any, kiosks: dict[str, Any]) -> None:
    world.insurer.play("outage", kind="silent")
    slow = [threading.Thread(target=ask, args=(kiosks[letter],)) for letter in "CDE"]
    for thread in slow:
        thread.start()
    assert kiosks["B"].check_in(patient=person(700), clinic_id="tai-mui-hong").status_code == 200
    assert all(thread.is_alive() for thread in slow)
    for thread in slow:
        thread.join()


# --- the bank


def bill_of(kiosk: Any, number: int) -> str:
    return kiosk.check_in(patient=person(number), clinic_id="noi-tong-quat").json()["bill_id"]


def intent_of(kiosk: Any, number: int) -> dict[str, Any]:
    return kiosk.post("/v1/payment-intents", {"bill_id": bill_of(kiosk, number)}).json()


def status(kiosk: Any, made: dict[str, Any]) -> str:
    return kiosk.get(f"/v1/payment-intents/{made['id']}").json()["status"]


def test_paying_in_the_banks_app_reaches_the_kiosks_stream(world: Any, kiosks: dict[str, Any]) -> None:
    kiosk = kiosks["B"]
    made = intent_of(kiosk, 501)
    seen: list[dict[str, Any]] = []
    headers = {"Authorization": f"Bearer {kiosk.token}"}
    with httpx.stream(
        "GET", f"{world.gateway.url}/v1/payment-intents/{made['id']}/events", headers=headers, timeout=20
    ) as s:
        for line in s.iter_lines():
            if not line.startswith("data: "):
                continue
            seen.append(json.loads(line.removeprefix("data: ")))
            if len(seen) == 1:
                world.bank.play("pay", payload=made["payload"])
    assert [one["status"] for one in seen] == ["qr-shown", "paid"], "the stream ends when nothing more is expected"
    assert seen[1]["version"] > seen[0]["version"]


def test_a_lost_notice_is_made_up_for_by_asking(world: Any, kiosks: dict[str, Any]) -> None:
    made = intent_of(kiosks["B"], 502)
    world.bank.play("pay", payload=made["payload"], mode="lost")
    awaited(lambda: status(kiosks["B"], made) == "paid")


def test_a_forged_notice_changes_nothing(world: Any, kiosks: dict[str, Any]) -> None:
    world.bank.play("outage", on=True)
    made = intent_of(kiosks["B"], 503)
    row = world.bank.play("pay", payload=made["payload"], mode="forged")
    awaited(lambda: any(one["id"] == row["id"] and one["status"] == 401 for one in world.bank.state()["notices"]))
    assert status(kiosks["B"], made) == "created"
    world.bank.play("outage", on=False)
    kiosks["B"].post(f"/v1/payment-intents/{made['id']}/claim")
    assert status(kiosks["B"], made) == "paid", "the money itself is real"


def test_repeated_and_late_notices_count_once(world: Any, kiosks: dict[str, Any]) -> None:
    made = intent_of(kiosks["B"], 504)
    world.bank.play("pay", payload=made["payload"], mode="repeated")
    awaited(lambda: len([one for one in world.bank.state()["notices"] if one["status"] == 200]) >= 3)
    late = intent_of(kiosks["B"], 505)
    world.bank.play("pay", payload=late["payload"], mode="late", delay=0.3, amount=50_000)
    awaited(lambda: status(kiosks["B"], late) == "underpaid")
    now = kiosks["B"].get(f"/v1/payment-intents/{made['id']}").json()
    assert (now["status"], now["amount_paid"]) == ("paid", PRICE)


def test_money_paid_while_the_gateway_is_down_is_counted_after_its_restart(world: Any, kiosks: dict[str, Any]) -> None:
    made = intent_of(kiosks["B"], 506)
    world.gateway.kill()
    world.bank.play("pay", payload=made["payload"])
    world.start_gateway()
    awaited(lambda: status(kiosks["B"], made) == "paid")


def test_the_stand_in_bank_refuses_a_code_of_another_bank(world: Any, kiosks: dict[str, Any]) -> None:
    payload = "00020101021138540010A00000072701240006970422011001234567890208QRIBFTTA53037045802VN6304B1A7"
    answer = httpx.post(f"{world.bank.facts['control']}/pay", json={"payload": payload, "amount": 1000})
    assert answer.status_code == 422


# --- what is written


def test_the_log_holds_no_secret_and_nobodys_data(world: Any, kiosks: dict[str, Any]) -> None:
    ask(kiosks["B"])
    kiosks["B"].post("/v1/insurance/eligibility", HOA | {"birth": "not a date"})
    log = world.log()
    assert "listening" in log
    for private in (
        "099194000514",
        "Thanh Hoa",
        "token=",
        "access_token",
        "password",
        "KQNhanLichSuKCB2024?",
        "Người 1",
    ):
        assert private not in log
