"""Filing a dossier: once, whatever is lost on the way, and found again by whoever holds its slip."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from gateway.store import tables as t
from services.contract.ticket_codes import dossier_token, sending_code


def test_a_dossier_is_filed_as_status_1_under_a_number_of_the_authority(centre: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    answer = kiosk.post("/v1/dossiers", centre.filing(), key)
    assert answer.status_code == 200, answer.text
    dossier = answer.json()
    assert dossier["state"] == "filed" and dossier["status"] == 1
    assert dossier["sending_code"] == sending_code(key) and dossier["token"] == dossier_token(key)
    assert dossier["code"] is None, "the dossier code is told with the receipt"
    assert centre.dossiers() == [{"number": "H99.01-20261123-0000001", "status": "1"}]


def test_the_system_gets_person_papers_and_form_in_its_own_shape(centre: Any, kiosk: Any) -> None:
    import json

    kiosk.post("/v1/dossiers", centre.filing())
    sent = json.loads(centre.desk.store.one("SELECT sent FROM dossiers")["sent"])
    assert sent["MaTTHC"] == "1.004222" and sent["HinhThuc"] == "2"
    assert sent["ThongTinNguoiNop"]["HoTen"] == "Nguyễn Minh Khang"
    assert sent["ThongTinNguoiNop"]["NgaySinh"] == "19880704"
    paper = {"MaThanhPhanHoSo": "ct01", "TenThanhPhanHoSo": "Tờ khai CT01", "SoLuong": 1, "LoaiBan": "0"}
    assert sent["ThanhPhanHoSo"] == [paper | {"GiayToDinhKem": []}]


def test_what_the_authority_takes_only_at_the_counter_is_told_as_handed_in_there(centre: Any, kiosk: Any) -> None:
    import json

    answer = kiosk.post("/v1/dossiers", centre.filing("2.000815"))
    assert answer.status_code == 200, answer.text
    sent = json.loads(centre.desk.store.one("SELECT sent FROM dossiers")["sent"])
    assert sent["MaTTHC"] == "2.000815" and sent["HinhThuc"] == "1"


def test_the_same_key_is_the_same_dossier(centre: Any, kiosk: Any) -> None:
    key, filing = str(uuid.uuid4()), centre.filing()
    first = kiosk.post("/v1/dossiers", filing, key)
    assert kiosk.post("/v1/dossiers", filing, key).json() == first.json()
    assert kiosk.post("/v1/dossiers", filing | {"phone": "1"}, key).status_code == 422
    assert len(centre.dossiers()) == 1


def test_the_same_words_of_the_same_session_under_another_key_are_the_same_dossier(centre: Any, kiosk: Any) -> None:
    first = kiosk.post("/v1/dossiers", centre.filing()).json()
    centre.clock.turn(minutes=2)
    again = kiosk.post("/v1/dossiers", centre.filing()).json()
    assert again["sending_code"] == first["sending_code"]
    other = kiosk.post("/v1/dossiers", centre.filing(session_id="session-0002")).json()
    assert other["sending_code"] != first["sending_code"]
    assert len(centre.dossiers()) == 2


@pytest.mark.parametrize("call", ["POST /token", "GET /GetNextValue", "POST /TaoHoSo"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_one_lost_answer_never_doubles_a_dossier(centre: Any, kiosk: Any, call: str, when: str) -> None:
    centre.wire.lose(call, when)
    key, filing = str(uuid.uuid4()), centre.filing()
    answer = kiosk.post("/v1/dossiers", filing, key)
    if answer.status_code != 200:
        assert answer.status_code == 424 and answer.json()["code"] == "MC-101"
        assert centre.dossiers() == []
        answer = kiosk.post("/v1/dossiers", filing, key)
    assert answer.status_code == 200, answer.text
    assert len(centre.dossiers()) == 1


def test_a_filing_whose_end_nobody_knows_stays_at_work_and_is_resolved_by_its_key(centre: Any, kiosk: Any) -> None:
    key, filing = str(uuid.uuid4()), centre.filing()
    centre.wire.lose("POST /TaoHoSo", "after")
    centre.wire.lose("POST /login", "before")
    answer = kiosk.post("/v1/dossiers", filing, key)
    assert answer.status_code == 409 and answer.json()["code"] == "MC-101"
    assert kiosk.get(f"/v1/operations/dossier/{key}").json()["state"] == "in-progress"
    found = kiosk.post("/v1/dossiers/find", {"token": dossier_token(key)}).json()["dossiers"][0]
    assert found["state"] == "sending"
    answer = kiosk.post("/v1/dossiers", filing, key)
    assert answer.status_code == 200 and answer.json()["state"] == "filed"
    assert len(centre.dossiers()) == 1


def test_a_filing_that_nobody_asks_for_again_is_found_by_the_gateway_itself(centre: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    centre.wire.lose("POST /TaoHoSo", "after")
    centre.wire.lose("POST /login", "before")
    assert kiosk.post("/v1/dossiers", centre.filing(), key).status_code == 409
    centre.watch()
    found = kiosk.post("/v1/dossiers/find", {"code": sending_code(key).lower()}).json()["dossiers"][0]
    assert found["state"] == "filed"
    kept = kiosk.get(f"/v1/operations/dossier/{key}").json()
    assert kept["state"] == "done" and kept["body"]["sending_code"] == sending_code(key)


def test_a_filing_that_never_arrived_is_said_to_be_none_and_may_be_sent_again(centre: Any, kiosk: Any) -> None:
    key, filing = str(uuid.uuid4()), centre.filing()
    centre.wire.lose("POST /TaoHoSo", "before")
    centre.wire.lose("POST /login", "before")
    assert kiosk.post("/v1/dossiers", filing, key).status_code == 409
    centre.clock.turn(minutes=11)
    centre.watch()
    found = kiosk.post("/v1/dossiers/find", {"token": dossier_token(key)}).json()["dossiers"][0]
    assert found["state"] == "not-filed"
    assert centre.dossiers() == []


def test_a_system_that_is_down_files_nothing_and_says_so(centre: Any, kiosk: Any) -> None:
    centre.wire.down = True
    key, filing = str(uuid.uuid4()), centre.filing()
    answer = kiosk.post("/v1/dossiers", filing, key)
    assert answer.status_code == 424 and answer.json()["code"] == "MC-101"
    assert kiosk.get(f"/v1/operations/dossier/{key}").json()["state"] == "unknown"
    centre.wire.down = False
    assert kiosk.post("/v1/dossiers", filing, key).status_code == 200
    assert len(centre.dossiers()) == 1


def test_what_the_system_does_not_take_is_refused_and_nothing_is_left_there(centre: Any, kiosk: Any) -> None:
    del centre.desk.procedures["1.004222"]
    answer = kiosk.post("/v1/dossiers", centre.filing())
    assert answer.status_code == 422 and answer.json()["code"] == "MC-102"
    assert centre.dossiers() == []


def test_a_catalogue_that_changed_meanwhile_is_told_before_anything_is_sent(centre: Any, kiosk: Any) -> None:
    answer = kiosk.post("/v1/dossiers", centre.filing(catalogue_digest="0" * 64))
    assert answer.status_code == 422 and answer.json()["code"] == "MC-104"
    assert centre.wire.calls == []


def test_a_group_is_one_dossier_with_parts_that_have_numbers_of_their_own(centre: Any, kiosk: Any) -> None:
    dossier = kiosk.post("/v1/dossiers", centre.filing("2.002622", parts=["xoa-thuong-tru", "mai-tang"])).json()
    assert [part["id"] for part in dossier["parts"]] == ["khai-tu", "xoa-thuong-tru", "mai-tang"]
    assert dossier["mourning"] is True
    assert len(centre.dossiers()) == 3
    numbers = [row["number"] for row in centre.rows(t.one_stop_parts)]
    assert len(set(numbers)) == 3


def test_a_group_whose_second_part_is_refused_leaves_no_part_alive(centre: Any, kiosk: Any) -> None:
    del centre.desk.procedures["2.002622.mai-tang"]
    filing = centre.filing("2.002622", parts=["xoa-thuong-tru", "mai-tang"])
    assert kiosk.post("/v1/dossiers", filing).status_code == 422
    assert "1" in {row["status"] for row in centre.dossiers()}
    centre.watch()
    assert {row["status"] for row in centre.dossiers()} == {"8"}
    centre.desk.procedures["2.002622.mai-tang"] = "Mai táng"
    assert kiosk.post("/v1/dossiers", filing).status_code == 200
    assert sorted(row["status"] for row in centre.dossiers()).count("1") == 3


def test_what_nobody_brings_to_the_counter_is_let_go_after_its_time(centre: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    kiosk.post("/v1/dossiers", centre.filing(), key)
    centre.clock.turn(hours=71, minutes=59)
    centre.watch()
    assert centre.dossiers()[0]["status"] == "1"
    centre.clock.turn(minutes=2)
    centre.watch()
    assert centre.dossiers()[0]["status"] == "8"
    row = centre.rows(t.one_stop_dossiers)[0]
    assert row["state"] == "lapsed" and row["stripped"]
    assert b"Khang" not in centre.house.vault.open(row["sealed_filing"])


def test_no_personal_data_stands_in_the_database_as_it_is(centre: Any, kiosk: Any) -> None:
    kiosk.post("/v1/dossiers", centre.filing(answers={"noi-o": "Ngõ Riêng Tư"}))
    with centre.house.store.read() as transaction:
        for table in t.metadata.tables.values():
            for row in transaction.execute(table.select()):
                text = repr(tuple(row))
                for secret in ("Khang", "099088000145", "0912 345 678", "Riêng Tư"):
                    assert secret not in text, table.name


@pytest.mark.parametrize("changed", [{"notice_version": "2020"}, {"notice_digest": "0" * 64}, None])
def test_nothing_is_filed_without_a_word_for_words_that_were_shown(centre: Any, kiosk: Any, changed: Any) -> None:
    filing = centre.filing()
    filing["declared"] = None if changed is None else filing["declared"] | changed
    assert kiosk.post("/v1/dossiers", filing).status_code == 422
    assert not centre.dossiers() and not centre.rows(t.consents)


def test_the_consent_is_kept_once_as_evidence(centre: Any, kiosk: Any) -> None:
    key, filing = str(uuid.uuid4()), centre.filing()
    for _ in range(2):
        assert kiosk.post("/v1/dossiers", filing, key).status_code == 200
    (row,) = centre.rows(t.consents)
    assert (row["purpose"], row["given"], row["registration_key"]) == ("dossier", True, key)
    assert (row["notice_version"], row["language"]) == (filing["declared"]["notice_version"], "vi")
    assert [one["record"] for one in centre.rows(t.subject_links) if one["kind"] == "consent"] == [key]


def test_nobody_marries_by_somebody_else(centre: Any, kiosk: Any) -> None:
    assert kiosk.post("/v1/dossiers", centre.filing("1.000894", capacity="authorised")).status_code == 422
