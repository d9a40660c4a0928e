"""The desk finds a number by slip, number or card in hand, and prints its slip: a copy where one came out before."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from gateway.privacy import access
from gateway.staff.accounts import Role, add
from gateway.staff.reprint import REASON
from gateway.store.tables import ticket_events

KHANG = "099088000145"
CODE = f"{KHANG}||Nguyễn Minh Khang|04071988|Nam|Số 1 đường Thử|01062024"


@pytest.fixture
def clerk(gateway: Any) -> dict[str, str]:
    return logged_in(gateway, Role.STAFF)


def logged_in(gateway: Any, role: Role) -> dict[str, str]:
    add(gateway.house, role.value, role, "a long password")
    answer = gateway.client.post("/staff/login", data={"name": role.value, "password": "a long password"})
    return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


def found(gateway: Any, clerk: Any, text: str) -> list[str]:
    answer = gateway.client.post("/staff/find", json={"text": text}, headers=clerk)
    assert answer.status_code == 200, answer.text
    return [one["number"] for one in answer.json()]


def log(gateway: Any) -> list[access.Entry]:
    with gateway.house.store.read() as transaction:
        return access.entries(gateway.house, transaction)


def page(gateway: Any, clerk: Any, ticket: Any) -> str:
    answer = gateway.client.get(f"/staff/slips/{ticket['check_in_id']}", headers=clerk)
    assert answer.status_code == 200, answer.text
    return answer.text


def slip_came_out(kiosk: Any, gateway: Any, ticket: Any, printed: bool) -> None:
    report = {"printed": printed, "failure_code": None if printed else "PR-02", "at": gateway.clock.now().isoformat()}
    kiosk.post(f"/v1/check-ins/{ticket['check_in_id']}/slip", report)


def test_a_number_is_found_by_whatever_the_person_has_in_their_hand(gateway: Any, kiosk: Any, clerk: Any) -> None:
    ticket = kiosk.check_in().json()
    other = kiosk.check_in(patient={"number": "099088000777", "name": "Khác"}, clinic_id="mat").json()
    for text in (ticket["code"], ticket["reprint_code"], KHANG, f" {KHANG[:4]} {KHANG[4:]} ", CODE):
        assert found(gateway, clerk, text) == [ticket["number"]], text
    assert sorted(found(gateway, clerk, ticket["number"])) == sorted([ticket["number"], other["number"]])
    assert found(gateway, clerk, "099088000000") == found(gateway, clerk, "không có") == []


def test_who_looked_somebody_up_by_their_number_is_written_down_and_nobody_by_a_slip(
    gateway: Any, kiosk: Any, clerk: Any
) -> None:
    ticket = kiosk.check_in().json()
    found(gateway, clerk, ticket["reprint_code"])
    assert log(gateway) == []
    found(gateway, clerk, KHANG)
    (entry,) = log(gateway)
    assert (entry.who, entry.record, entry.reason) == ("staff", ticket["check_in_id"], REASON)


def test_the_slip_has_what_the_kiosks_has_and_no_name(gateway: Any, kiosk: Any, clerk: Any) -> None:
    ticket = kiosk.check_in(priority="merit").json()
    shown = page(gateway, clerk, ticket)
    for text in (ticket["number"], ticket["reprint_code"], "Nội tim mạch", "Ưu tiên, quầy xem giấy tờ", "<path d="):
        assert text in shown
    assert "Khang" not in shown and KHANG not in shown and "người có công" not in shown


def printed(gateway: Any, clerk: Any, ticket: Any, **more: str) -> int:
    path = f"/staff/slips/{ticket['check_in_id']}/printed"
    return int(gateway.client.post(path, headers=clerk | more).status_code)


def test_a_slip_is_printed_by_its_button_and_the_next_one_is_a_copy(gateway: Any, kiosk: Any, clerk: Any) -> None:
    ticket = kiosk.check_in().json()
    slip_came_out(kiosk, gateway, ticket, False)

    def events() -> list[tuple[str, str]]:
        with gateway.house.store.read() as transaction:
            rows = transaction.all(select(ticket_events.c.kind, ticket_events.c.actor))
        return [(one["kind"], one["actor"]) for one in rows]

    for _look in range(2):
        assert "BẢN IN LẠI" not in page(gateway, clerk, ticket) and events() == [], "a look prints nothing"
    assert printed(gateway, clerk, ticket, **{"Sec-Fetch-Site": "cross-site"}) == 403
    assert (printed(gateway, clerk, ticket), events()) == (204, [("printed", "staff")])
    assert "BẢN IN LẠI" in page(gateway, clerk, ticket)
    desk = gateway.client.get("/staff/state", headers=clerk).json()
    assert desk["unprinted"] == []


@pytest.mark.parametrize("printed", [True, False])
def test_it_is_a_copy_only_where_one_came_out_before(gateway: Any, kiosk: Any, clerk: Any, printed: bool) -> None:
    ticket = kiosk.check_in().json()
    slip_came_out(kiosk, gateway, ticket, printed)
    assert ("BẢN IN LẠI" in page(gateway, clerk, ticket)) is printed


def test_what_is_no_number_of_today_has_no_slip(gateway: Any, kiosk: Any, clerk: Any) -> None:
    ticket = kiosk.check_in().json()
    gateway.clock.turn(days=1)
    for id in (ticket["check_in_id"], "x"):
        headers = logged_in(gateway, Role.COUNTER)
        assert gateway.client.get(f"/staff/slips/{id}", headers=headers).status_code == 404
        assert printed(gateway, headers, {"check_in_id": id}) == 404


@pytest.mark.parametrize("role", [Role.CASHIER, Role.TECHNICIAN, Role.COMMITTEE])
def test_nobody_else_prints_or_finds(gateway: Any, kiosk: Any, role: Role) -> None:
    ticket, headers = kiosk.check_in().json(), logged_in(gateway, role)
    assert gateway.client.get(f"/staff/slips/{ticket['check_in_id']}", headers=headers).status_code == 403
    assert gateway.client.post("/staff/find", json={"text": KHANG}, headers=headers).status_code == 403


def test_whose_page_the_desk_is_not_reads_so_in_words(gateway: Any) -> None:
    headers = logged_in(gateway, Role.COMMITTEE) | {"Accept": "text/html"}
    answer = gateway.client.get("/staff", headers=headers)
    assert (answer.status_code, "không thuộc việc của tài khoản này" in answer.text) == (403, True)


@pytest.mark.parametrize("role", [Role.STAFF, Role.SUPERVISOR, Role.COUNTER, Role.OFFICER, Role.ADMIN, Role.CASHIER])
def test_the_desk_offers_finding_to_those_alone_who_may(gateway: Any, kiosk: Any, role: Role) -> None:
    headers = logged_in(gateway, role)
    shown = gateway.client.get("/staff", headers=headers)
    may = gateway.client.post("/staff/find", json={"text": KHANG}, headers=headers).status_code == 200
    assert shown.status_code == 200 and may is (role is not Role.CASHIER)
    assert ('<form id="find"' in shown.text, 'data-finds="yes"' in shown.text) == (may, may)


def test_another_site_finds_nobody(gateway: Any, clerk: Any) -> None:
    crossed = clerk | {"Sec-Fetch-Site": "cross-site"}
    assert gateway.client.post("/staff/find", json={"text": KHANG}, headers=crossed).status_code == 403
