"""Finding, copying and erasing a person's records: complete, and nothing of anybody else's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from gateway.privacy.copy import as_json, copy_of
from gateway.privacy.erase import StillHere, erase
from gateway.privacy.finding import Found, find
from gateway.privacy.subjects import Role
from gateway.store import tables as t
from services.codes.slip import slip_text

KHANG = "099088000145"
MOTHER = "099190000146"
OTHER = "099088000999"


def found(gateway: Any, asked: str) -> Found:
    with gateway.house.store.read() as transaction:
        return find(gateway.house, transaction, asked)


def erased(gateway: Any, asked: str) -> dict[str, tuple[int, bool]]:
    with gateway.house.store.write() as transaction:
        done = erase(gateway.house, transaction, find(gateway.house, transaction, asked))
    return {each.table: (each.rows, each.kept) for each in done}


def copied(gateway: Any, asked: str) -> dict[str, Any]:
    with gateway.house.store.read() as transaction:
        rows = copy_of(gateway.house, transaction, find(gateway.house, transaction, asked))
    return json.loads(as_json(gateway.house, rows, "lan"))


def everything_stored(gateway: Any) -> str:
    """Every value of every table, sealed ones opened."""
    parts: list[str] = []
    with gateway.house.store.read() as transaction:
        for table in t.metadata.sorted_tables:
            for row in transaction.all(select(table)):
                for name, value in row.items():
                    if isinstance(value, bytes) and name.startswith("sealed"):
                        value = gateway.house.vault.open(value).decode("utf-8", "replace")
                    parts.append(str(value))
    return "\n".join(parts)


def test_a_visit_is_found_by_whatever_stands_on_its_slip_or_bill(gateway: Any, visit: Any) -> None:
    ticket = visit.ticket
    with gateway.house.store.read() as transaction:
        bill = transaction.one(select(t.bills.c.number))["number"]
    spoken = ticket["reprint_code"].replace("-", "").lower()
    for asked in (ticket["reprint_code"], spoken, slip_text(ticket["code"]), ticket["code"], bill, f" {bill.lower()} "):
        (seen,) = found(gateway, asked).visits
        assert (seen.check_in_id, seen.number) == (ticket["check_in_id"], ticket["number"]), asked
        assert found(gateway, asked).whole_person is False
    for nothing in ("", "K7M4-2Q9D", "VT-9999", "x" * 300, "099999999999", "'; --"):
        assert not found(gateway, nothing).visits, nothing


def test_a_person_is_found_by_their_number_however_it_was_proven(gateway: Any, kiosk: Any, visit: Any) -> None:
    typed = kiosk.check_in(patient={"number": KHANG, "name": "Khang", "birth": "2017", "level": "typed"},
                           clinic_id="mat").json()  # fmt: skip
    ids = {(seen.check_in_id, seen.role) for seen in found(gateway, KHANG).visits}
    assert ids == {(visit.ticket["check_in_id"], Role.PATIENT), (typed["check_in_id"], Role.PATIENT)}
    assert [(seen.check_in_id, seen.role) for seen in found(gateway, MOTHER).visits] == [
        (visit.ticket["check_in_id"], Role.COMPANION)
    ]


def test_a_card_number_is_found_by_its_ten_digits_too(gateway: Any, kiosk: Any) -> None:
    person = {"number": None, "insurance_number": "DN4999912345678", "name": "Thẻ", "birth": "1990", "level": "qr"}
    ticket = kiosk.check_in(patient=person).json()
    for asked in ("DN4999912345678", "dn4999912345678", "9912345678"):
        assert [seen.check_in_id for seen in found(gateway, asked).visits] == [ticket["check_in_id"]], asked


def test_a_copy_holds_everything_and_nobody_else(gateway: Any, kiosk: Any, visit: Any) -> None:
    kiosk.check_in(patient={"number": OTHER, "name": "Người Khác Hẳn"})
    copy = copied(gateway, KHANG)
    data = copy["data"]
    assert copy["made_by"] == "lan" and copy["place"] == gateway.house.settings.place.name
    registration = data["check_ins"][0]["registration"]
    assert registration["patient"]["address"] == "Số 1 phố Thử" and "evidence" not in registration["patient"]
    assert data["tickets"][0]["number"] == visit.ticket["number"]
    assert data["registrations"][0]["reprint_code"] == visit.ticket["reprint_code"]
    assert data["look_ups"][0]["judgement"]["eligibility"]["id"] == visit.eligibility["id"]
    assert data["bills"][0]["status"] == "paid"
    assert data["bank_transactions"][0]["content"].startswith("TRAN THI THU HANG")
    assert data["check_ins"][0]["arrived_at"].endswith("+07:00")
    assert "Khác Hẳn" not in json.dumps(copy, ensure_ascii=False) and OTHER not in json.dumps(copy)


def test_a_companion_gets_their_part_and_not_the_patients_visit(gateway: Any, visit: Any) -> None:
    copy = copied(gateway, MOTHER)
    assert copy["data"] == {"as_companion": [copy["data"]["as_companion"][0]]}
    companion = copy["data"]["as_companion"][0]["companion"]
    assert companion["person"]["name"] == "Trần Thị Thu Hằng" and companion["relation"] == "mother"
    assert KHANG not in json.dumps(copy)


def test_nothing_tells_who_it_was_after_erasing_and_the_accounts_still_add_up(gateway: Any, visit: Any) -> None:
    gateway.clock.turn(days=1)
    done = erased(gateway, KHANG)
    assert done["bills"] == (1, True) and done["payment_intents"] == (1, True), "vouchers are kept"
    assert done["look_ups"] == (1, True), "the insurer's answer is evidence"
    assert done["check_ins"] == (1, False) and done["registrations"] == (1, False)
    assert done["operations"][1] is False and done["bank_transactions"] == (1, False)
    stored = everything_stored(gateway)
    for trace in ("Nguyễn Minh Khang", "phố Thử", "Thu Hằng", "THU HANG", MOTHER):
        assert trace not in stored, trace
    with gateway.house.store.read() as transaction:
        bill = transaction.one(select(t.bills))
        movement = transaction.one(select(t.bank_transactions))
        intent = transaction.one(select(t.payment_intents))
    assert bill["status"] == "paid"
    assert bill["amount"] == movement["amount"] == intent["amount_paid"] and movement["intent_id"] == intent["id"]
    assert not found(gateway, visit.ticket["reprint_code"]).anything
    assert [seen.stripped for seen in found(gateway, "VT-0001").visits] == [True]


def test_the_number_of_an_erased_person_finds_no_visit_of_theirs(gateway: Any, visit: Any) -> None:
    gateway.clock.turn(days=1)
    erased(gateway, KHANG)
    assert found(gateway, KHANG).visits == () and found(gateway, MOTHER).visits == ()


def test_a_registration_sent_again_does_not_come_back_to_life(gateway: Any, kiosk: Any, visit: Any) -> None:
    gateway.clock.turn(days=1)
    erased(gateway, visit.ticket["reprint_code"])
    kiosk.token = kiosk.fetch_token()
    with gateway.house.store.read() as transaction:
        before = transaction.one(select(func.count().label("n")).select_from(t.check_ins))["n"]
        kept = transaction.one(select(t.operations).where(t.operations.c.key == visit.key))
    assert kept["status"] == 410
    again = kiosk.check_in(visit.key, patient={"number": KHANG, "birth": "2017-07-04", "address": "Số 1 phố Thử"})
    assert again.status_code == 422, "the key is spent; this body is not the one it was spent for"
    with gateway.house.store.read() as transaction:
        assert transaction.one(select(func.count().label("n")).select_from(t.check_ins))["n"] == before


def test_a_visit_that_is_not_over_is_not_erased(gateway: Any, visit: Any) -> None:
    for asked in (visit.ticket["reprint_code"], KHANG, MOTHER):
        with pytest.raises(StillHere):
            erased(gateway, asked)
    assert "Nguyễn Minh Khang" in everything_stored(gateway)


def test_erasing_a_companion_leaves_the_childs_visit_whole(gateway: Any, visit: Any) -> None:
    gateway.clock.turn(days=1)
    assert erased(gateway, MOTHER) == {"as_companion": (1, False)}
    stored = everything_stored(gateway)
    assert "Trần Thị Thu Hằng" not in stored and MOTHER not in stored
    assert copied(gateway, KHANG)["data"]["check_ins"][0]["registration"]["companion"] == {
        "person": None,
        "relation": "mother",
    }


def test_a_registration_that_came_too_late_is_found_and_erased_too(gateway: Any, kiosk: Any) -> None:
    old = gateway.house.now().replace(month=9)
    assert kiosk.check_in(patient={"number": OTHER, "name": "Về Muộn"}, arrived_at=old.isoformat()).status_code == 202
    assert copied(gateway, OTHER)["data"]["reconciliation"][0]["body"]["patient"]["name"] == "Về Muộn"
    assert erased(gateway, OTHER)["reconciliation"] == (1, False)
    assert "Về Muộn" not in everything_stored(gateway)
