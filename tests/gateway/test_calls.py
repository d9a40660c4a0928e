""" "Gọi nhân viên" from the kiosk's side."""

from __future__ import annotations

import threading
from typing import Any

from gateway.staff import calls
from gateway.staff.calls import close_old


def ring(kiosk: Any) -> dict[str, Any]:
    return kiosk.post("/v1/staff-calls", {"step": "pay"}).json()


def acknowledge(gateway: Any, call: dict[str, Any]) -> bool:
    with gateway.house.store.write() as transaction:
        return calls.acknowledge(gateway.house, transaction, call["id"], "lan")


def test_a_second_touch_never_makes_a_second_call(kiosk: Any) -> None:
    ids: list[str] = []
    threads = [threading.Thread(target=lambda: ids.append(ring(kiosk)["id"])) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 6 and len(set(ids)) == 1


def test_each_kiosk_has_a_call_of_its_own(gateway: Any, kiosk: Any) -> None:
    other = gateway.kiosk("C")
    call = ring(kiosk)
    assert ring(other)["id"] != call["id"]
    assert other.get(f"/v1/staff-calls/{call['id']}").status_code == 404
    assert other.post(f"/v1/staff-calls/{call['id']}/cancel").status_code == 404


def test_it_rings_until_somebody_comes(gateway: Any, kiosk: Any) -> None:
    call = ring(kiosk)
    gateway.clock.turn(minutes=9)
    close_old(gateway.house)
    assert kiosk.get(f"/v1/staff-calls/{call['id']}").json()["status"] == "ringing"
    assert acknowledge(gateway, call)
    assert not acknowledge(gateway, call), "somebody else was first"
    heard = kiosk.get(f"/v1/staff-calls/{call['id']}").json()
    assert heard["status"] == "acknowledged"
    assert heard["version"] > call["version"]
    assert "lan" not in str(heard), "the kiosk is told that somebody comes, not who"
    assert ring(kiosk)["id"] == call["id"], "staff is on the way already"


def test_some_minutes_after_that_the_next_person_rings_anew(gateway: Any, kiosk: Any) -> None:
    call = ring(kiosk)
    acknowledge(gateway, call)
    gateway.clock.turn(minutes=5, seconds=1)
    close_old(gateway.house)
    assert kiosk.get(f"/v1/staff-calls/{call['id']}").json()["status"] == "closed"
    assert ring(kiosk)["id"] != call["id"]


def test_a_withdrawn_call_is_over(gateway: Any, kiosk: Any) -> None:
    call = ring(kiosk)
    assert kiosk.post(f"/v1/staff-calls/{call['id']}/cancel").json()["status"] == "cancelled"
    assert not acknowledge(gateway, call)
    assert ring(kiosk)["id"] != call["id"]


def test_a_heartbeat_is_taken(kiosk: Any, gateway: Any) -> None:
    beat = {
        "at": gateway.house.now().isoformat(),
        "version": "0.1",
        "devices": [{"name": "printer", "state": "online"}],
    }
    assert kiosk.post("/v1/heartbeats", beat).status_code == 204
    assert kiosk.post("/v1/heartbeats", beat | {"outbox_waiting": 3}).status_code == 204
