"""Diagnostics bundles that kiosks send: bounded, redacted again, fetched by who may watch, and written down."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import Any

import pytest

from gateway.fleet.bundles import MOST_OF_A_KIOSK
from gateway.privacy import access
from gateway.privacy.purge import purge
from gateway.staff import accounts
from gateway.staff.accounts import Role
from services.contract.diagnostics import LARGEST, pack


def send(kiosk: Any, data: bytes, key: str | None = None) -> Any:
    headers = {
        "Authorization": f"Bearer {kiosk.token}",
        "Idempotency-Key": key or str(uuid.uuid4()),
        "Content-Type": "application/zip",
    }
    return kiosk.client.post("/v1/diagnostics", content=data, headers=headers)


def cookie(gateway: Any, role: Role) -> dict[str, str]:
    accounts.add(gateway.house, "an", role, "một mật khẩu dài")
    return {"Cookie": f"tram_staff={accounts.log_in(gateway.house, 'an', 'một mật khẩu dài')}"}


def bundles(gateway: Any, headers: dict[str, str]) -> list[dict[str, Any]]:
    return gateway.client.get("/staff/fleet/state", headers=headers).json()["kiosks"][0]["bundles"]


def test_a_bundle_is_kept_once_shown_and_fetched_by_a_technician_whom_the_log_names(gateway: Any, kiosk: Any) -> None:
    key, data = str(uuid.uuid4()), pack({"log.txt": "12:00 INFO printer: online\n", "about.json": {"kiosk": "B"}})
    kept = send(kiosk, data, key)
    assert kept.status_code == 200 and send(kiosk, data, key).json() == kept.json(), "a lost answer"
    technician = cookie(gateway, Role.TECHNICIAN)
    (one,) = bundles(gateway, technician)
    assert one["id"] == kept.json()["id"] and one["bytes"] == kept.json()["bytes"]
    fetched = gateway.client.get(f"/staff/fleet/bundles/{one['id']}", headers=technician)
    assert 'filename="tram-B-' in fetched.headers["content-disposition"]
    assert b"printer: online" in zipfile.ZipFile(io.BytesIO(fetched.content)).read("log.txt")
    with gateway.house.store.read() as transaction:
        (line,) = access.entries(gateway.house, transaction, record=one["id"])
    assert (line.who, line.action, line.kind) == ("an", access.Action.EXPORTED, "diagnostics")


def test_what_an_old_kiosk_forgot_to_hide_is_hidden_on_arrival(gateway: Any, kiosk: Any) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("log.txt", "card of 001085012345")
    assert send(kiosk, raw.getvalue()).status_code == 200
    technician = cookie(gateway, Role.TECHNICIAN)
    (one,) = bundles(gateway, technician)
    content = gateway.client.get(f"/staff/fleet/bundles/{one['id']}", headers=technician).content
    assert zipfile.ZipFile(io.BytesIO(content)).read("log.txt").decode() == "card of •••"


def test_rubbish_and_giants_are_refused_and_the_oldest_makes_room(gateway: Any, kiosk: Any) -> None:
    assert send(kiosk, b"rubbish").status_code == 415
    assert send(kiosk, pack({"outbox.db": "x"})).status_code == 415
    assert send(kiosk, bytes(LARGEST + 1)).status_code == 413
    ids: list[str] = []
    for number in range(MOST_OF_A_KIOSK + 2):
        gateway.clock.turn(minutes=1)
        ids.append(send(kiosk, pack({"log.txt": f"{number}"})).json()["id"])
    kept = [one["id"] for one in bundles(gateway, cookie(gateway, Role.SUPERVISOR))]
    assert kept == ids[: -MOST_OF_A_KIOSK - 1 : -1]


@pytest.mark.parametrize("role", [Role.COUNTER, Role.CASHIER])
def test_nobody_else_fetches_one(gateway: Any, kiosk: Any, role: Role) -> None:
    id = send(kiosk, pack({"log.txt": "x"})).json()["id"]
    assert gateway.client.get(f"/staff/fleet/bundles/{id}").status_code in {303, 401}
    assert gateway.client.get(f"/staff/fleet/bundles/{id}", headers=cookie(gateway, role)).status_code == 403


def test_it_ends_by_its_class(gateway: Any, kiosk: Any) -> None:
    send(kiosk, pack({"log.txt": "x"}))
    gateway.clock.turn(days=gateway.house.settings.privacy.retention.answer + 1)
    purge(gateway.house)
    assert bundles(gateway, cookie(gateway, Role.TECHNICIAN)) == []
