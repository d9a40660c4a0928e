"""Drafts, following, ratings, helpers, catalogue and the data officer's view of dossiers."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from gateway.one_stop import assists
from gateway.privacy.erase import StillHere, erase
from gateway.privacy.finding import find
from gateway.privacy.purge import purge
from gateway.queue import boards
from gateway.staff.accounts import Role
from gateway.store import tables as t
from services.codes.slip import slip_text
from services.contract.ticket_codes import dossier_token
from tests.gateway.one_stop.conftest import KHANG, Officer, photo

NUMBER = KHANG["number"]


def draft(**changes: Any) -> dict[str, Any]:
    usual = {"number": NUMBER, "procedure": "3.000722", "case": ["co-ket-hon"], "answers": {"ten-tre": "Bé Nhiên"}}
    return usual | changes


# --- drafts


def test_a_draft_is_opened_at_any_kiosk_by_its_code_and_the_persons_number(centre: Any, kiosk: Any) -> None:
    scan = kiosk.send("/v1/documents", photo()).json()["id"]
    papers = [{"component": "giay-chung-sinh", "name": "Giấy chứng sinh", "files": [{"id": scan}]}]
    code = kiosk.post("/v1/drafts", draft(documents=papers)).json()["code"]
    other = centre.kiosk()
    found = other.post("/v1/drafts/open", {"code": code.lower().replace("-", " "), "number": NUMBER}).json()
    assert found["answers"] == {"ten-tre": "Bé Nhiên"} and found["case"] == ["co-ket-hon"]
    filing = centre.filing("3.000722", documents=found["documents"], draft_code=code)
    assert other.post("/v1/dossiers", filing).status_code == 200
    assert len(centre.desk.store.all("SELECT 1 FROM files")) == 1, "the paper went with the draft and was filed"
    assert other.post("/v1/drafts/open", {"code": code, "number": NUMBER}).status_code == 404
    assert centre.rows(t.one_stop_drafts) == []


def test_a_draft_is_locked_after_five_wrong_numbers_even_for_the_right_one(centre: Any, kiosk: Any) -> None:
    code = kiosk.post("/v1/drafts", draft()).json()["code"]
    left = []
    for wrong in range(5):
        answer = kiosk.post("/v1/drafts/open", {"code": code, "number": f"09908800099{wrong}"})
        left.append((answer.status_code, answer.json().get("detail")))
    assert left == [(404, "4"), (404, "3"), (404, "2"), (404, "1"), (423, None)]
    assert kiosk.post("/v1/drafts/open", {"code": code, "number": NUMBER}).status_code == 423
    kiosk.post("/v1/drafts/delete", {"code": code, "number": NUMBER})
    assert len(centre.rows(t.one_stop_drafts)) == 1, "nor is it deleted by guessing"


def test_the_right_number_in_between_forgives_the_wrong_ones(centre: Any, kiosk: Any) -> None:
    code = kiosk.post("/v1/drafts", draft()).json()["code"]
    for _round in range(3):
        for wrong in range(4):
            kiosk.post("/v1/drafts/open", {"code": code, "number": f"09908800099{wrong}"})
        assert kiosk.post("/v1/drafts/open", {"code": code, "number": NUMBER}).status_code == 200


@pytest.mark.parametrize(("minutes", "status"), [(72 * 60 - 1, 200), (72 * 60, 404)])
def test_a_draft_is_there_for_72_hours(centre: Any, kiosk: Any, minutes: int, status: int) -> None:
    code = kiosk.post("/v1/drafts", draft()).json()["code"]
    centre.clock.turn(minutes=minutes)
    centre.watch()
    assert kiosk.post("/v1/drafts/open", {"code": code, "number": NUMBER}).status_code == status
    assert len(centre.rows(t.one_stop_drafts)) == (status == 200)


def test_a_draft_saved_again_replaces_the_one_before(centre: Any, kiosk: Any) -> None:
    first = kiosk.post("/v1/drafts", draft()).json()["code"]
    second = kiosk.post("/v1/drafts", draft(replaces=first)).json()["code"]
    assert first != second and [row["code"] for row in centre.rows(t.one_stop_drafts)] == [second]


# --- following


def test_a_guesser_is_slowed_by_the_code_and_by_the_kiosk(centre: Any, kiosk: Any) -> None:
    asked = {"code": "H99.01-20261123-0000001", "look_up_code": "AAAA"}
    assert [kiosk.post("/v1/dossiers/find", asked).status_code for _ in range(6)] == [404] * 5 + [429]
    answer = kiosk.post("/v1/dossiers/find", asked)
    assert 0 < int(answer.json()["detail"]) <= 901
    codes = [kiosk.post("/v1/dossiers/find", {"code": f"AAAA-{n:04}"}).status_code for n in range(40)]
    assert codes[-1] == 429 and 404 in codes
    assert centre.kiosk().post("/v1/dossiers/find", {"code": "AAAA-0001"}).status_code == 404
    centre.clock.turn(minutes=16)
    assert kiosk.post("/v1/dossiers/find", asked).status_code == 404


def test_the_chip_shows_every_dossier_of_its_person_and_nobody_elses(centre: Any, kiosk: Any) -> None:
    for session in ("session-0001", "session-0002"):
        kiosk.post("/v1/dossiers", centre.filing(session_id=session))
    hoa = {"number": "099190000146", "name": "Trần Thị Thu Hằng", "level": "chip-genuine"}
    kiosk.post("/v1/dossiers", centre.filing(applicant=hoa))
    found = kiosk.post("/v1/dossiers/find", {"person": KHANG}).json()["dossiers"]
    assert len(found) == 2
    assert "Khang" not in str(found) and NUMBER not in str(found) and "Hằng" not in str(found)
    typed = {**KHANG, "level": "typed"}
    assert kiosk.post("/v1/dossiers/find", {"person": typed}).status_code == 403


def test_a_typed_number_never_joins_the_dossiers_that_a_chip_shows(centre: Any, kiosk: Any) -> None:
    kiosk.post("/v1/dossiers", centre.filing(applicant={**KHANG, "level": "typed"}))
    assert kiosk.post("/v1/dossiers/find", {"person": KHANG}).json()["dossiers"] == []


# --- rating


def finished(centre: Any, kiosk: Any, session: str, procedure: str = "1.004222") -> str:
    key = str(uuid.uuid4())
    kiosk.post("/v1/dossiers", centre.filing(procedure, session_id=session), key)
    row = centre.rows(t.one_stop_dossiers)[-1]
    officer = Officer(centre, f"nv{session[-1]}")
    officer.post(f"/staff/reception/{row['id']}/decide", act="accept")
    token = dossier_token(key)
    number = kiosk.post("/v1/dossiers/find", {"token": token}).json()["dossiers"][0]["code"]
    centre.desk.move(number, 4)
    centre.desk.result(number, "x")
    centre.clock.turn(minutes=1)
    centre.watch()
    return token


def test_a_rating_counts_once_and_only_after_the_result(centre: Any, kiosk: Any) -> None:
    key = str(uuid.uuid4())
    kiosk.post("/v1/dossiers", centre.filing(session_id="session-0009"), key)
    early = {"token": dossier_token(key), "level": 5}
    assert kiosk.post("/v1/ratings/ask", {"token": early["token"]}).json()["reason"] == "not-yet"
    assert kiosk.post("/v1/ratings", early).json() == {"counted": False}
    token = finished(centre, kiosk, "session-0001")
    assert kiosk.post("/v1/ratings/ask", {"token": token}).json()["token"] == token
    rating = {"token": token, "level": 2, "reasons": ["time", "rounds"]}
    assert kiosk.post("/v1/ratings", rating).json() == {"counted": True}
    assert kiosk.post("/v1/ratings", rating | {"level": 5}).json() == {"counted": False}
    counted = {(row["kind"], row["value"]): row["count"] for row in centre.rows(t.one_stop_ratings)}
    assert counted == {("level", "2"): 1, ("reason", "time"): 1, ("reason", "rounds"): 1}
    assert kiosk.post("/v1/dossiers/find", {"token": token}).json()["dossiers"][0]["may_be_rated"] is False


@pytest.mark.parametrize("level", [0, 6, 2.5, "5x"])
def test_there_are_five_levels(centre: Any, kiosk: Any, level: Any) -> None:
    assert kiosk.post("/v1/ratings", {"token": "A" * 26, "level": level}).status_code == 422


def test_nothing_in_the_database_tells_who_rated_how(centre: Any, kiosk: Any) -> None:
    """Two dossiers, opposite ratings: no row but the counters knows a level, and no row joins them to a dossier."""
    for session, level in (("session-0001", 1), ("session-0002", 5)):
        kiosk.post("/v1/ratings", {"token": finished(centre, kiosk, session), "level": level})
    rated = centre.rows(t.one_stop_rated)
    assert len(rated) == 2 and len({row["week"] for row in rated}) == 1
    assert set(rated[0]) == {"subject", "week"}
    tokens = {row["token"] for row in centre.rows(t.one_stop_dossiers)}
    assert not tokens & {row["subject"] for row in rated}
    kept = [row for row in centre.rows(t.operations) if row["operation"] == "rating"]
    assert {centre.house.vault.open(row["sealed_answer"]) for row in kept} == {b'{"counted":true}'}


def test_a_counter_ticket_is_rated_for_its_service_group(centre: Any, kiosk: Any) -> None:
    body = {"patient": {"level": "none"}, "clinic_id": "tiep-nhan", "arrived_at": centre.clock.now().isoformat()}
    ticket = kiosk.post("/v1/check-ins", body).json()
    assert kiosk.post("/v1/ratings/ask", {"token": ticket["code"]}).json()["reason"] == "not-yet"
    with centre.house.store.write() as transaction:
        transaction.execute(t.tickets.update().values(status="done"))
    assert kiosk.post("/v1/ratings", {"token": ticket["code"], "level": 5}).json() == {"counted": True}
    assert centre.rows(t.one_stop_ratings)[0]["group_id"] == "tiep-nhan"


def connected(centre: Any) -> dict[str, str]:
    """The cookie of a screen that a supervisor connected."""
    with centre.house.store.write() as transaction:
        asked = boards.ask(centre.house, transaction)
        boards.connect(centre.house, transaction, asked.code, "Bảng quầy 1", (), "tam")
    return {"Cookie": f"tram_board={asked.token}", "Sec-Fetch-Site": "same-origin"}


def test_a_screen_beside_the_counter_rates_once_and_only_where_it_is_connected(centre: Any, kiosk: Any) -> None:
    token, page = finished(centre, kiosk, "session-0001"), "/board/rating"
    fields = {"slip": token, "level": 4, "reason": ["time", "time"]}
    assert centre.caller.get(page).status_code == 303, "its own code first"
    for gone, sent in ((page, fields), (f"{page}/find", {"code": slip_text(token)})):
        answer = centre.caller.post(gone, data=sent)
        assert (answer.status_code, answer.headers["location"]) == (303, "/board"), "it is connected anew"
    screen = connected(centre)
    elsewhere = screen | {"Sec-Fetch-Site": "cross-site"}
    assert centre.caller.post(page, data=fields, headers=elsewhere).status_code == 403
    for wrong in ({"level": 6}, {"level": 0}, {"slip": "x"}, {"reason": "me"}):
        answer = centre.caller.post(page, data=fields | wrong | {"l": "en"}, headers=screen)
        assert (answer.status_code, "Code on your paper" in answer.text) == (422, True), wrong
    found = centre.caller.post(f"{page}/find", data={"code": slip_text(token)}, headers=screen)
    assert found.text.count('name="level"') == 5 and KHANG["name"] not in found.text
    assert centre.caller.post(page, data=fields, headers=screen).status_code == 200
    assert centre.caller.post(page, data=fields, headers=screen).status_code == 409
    counted = {(row["kind"], row["value"]): row["count"] for row in centre.rows(t.one_stop_ratings)}
    assert counted == {("level", "4"): 1, ("reason", "time"): 1}


def test_whoever_guesses_codes_at_the_counters_screen_is_slowed(centre: Any, kiosk: Any) -> None:
    screen = connected(centre)
    for _ in range(5):
        assert centre.caller.post("/board/rating/find", data={"code": "AAAA-AAAA"}, headers=screen).status_code == 404
    paused = centre.caller.post("/board/rating/find", data={"code": "AAAA-AAAA"}, headers=screen)
    assert paused.status_code == 429 and "15 phút" in paused.text


def test_the_code_of_a_receipt_asks_for_the_one_beside_it_and_is_no_wrong_try(centre: Any, kiosk: Any) -> None:
    screen, scanned = connected(centre), {"code": "H99.01-20261123-0000001"}
    for _ in range(6):
        page = centre.caller.post("/board/rating/find", data=scanned, headers=screen)
        assert (page.status_code, "mã tra cứu 4 ký tự" in page.text) == (200, True)
    assert f'value="{scanned["code"]}"' in page.text and page.text.split("autofocus")[0].endswith("required ")
    assert page.text.index("autofocus") > page.text.index('name="look_up"')
    wrong = centre.caller.post("/board/rating/find", data=scanned | {"look_up": "AAAA"}, headers=screen)
    assert wrong.status_code == 404


def test_no_face_looks_at_who_rates_after_a_death(centre: Any, kiosk: Any) -> None:
    screen = connected(centre)
    for procedure, session, faces in (("1.000656", "session-0001", 0), ("1.004222", "session-0002", 5)):
        token = finished(centre, kiosk, session, procedure)
        page = centre.caller.post("/board/rating/find", data={"code": slip_text(token)}, headers=screen).text
        assert (page.count('name="level"'), page.count("<svg")) == (5, faces), procedure


# --- helpers


def test_a_helper_signs_in_by_pin_and_what_follows_is_logged_as_assisted(centre: Any, kiosk: Any) -> None:
    assists.add(centre.house, "lan", "99001", "482913", "099180000777")
    assert kiosk.post("/v1/assists", {"name": "lan", "pin": "000000"}).status_code == 403
    assist = kiosk.post("/v1/assists", {"name": "Lan ", "pin": "482913"}).json()
    kiosk.post("/v1/dossiers", centre.filing(assist_id=assist["id"]))
    assert centre.rows(t.one_stop_dossiers)[0]["assisted_by"] == "lan"
    help = {"assist_id": assist["id"], "topic": "account-level-2", "at": centre.clock.now().isoformat()}
    assert kiosk.post("/v1/digital-help", help).status_code == 202
    counts = {(row["kind"], row["what"], row["place"]): row["count"] for row in centre.rows(t.one_stop_counts)}
    assert counts["help", "account-level-2:assisted", "99001"] == 1
    kiosk.post(f"/v1/assists/{assist['id']}/end")
    late = kiosk.post("/v1/dossiers", centre.filing(assist_id=assist["id"], session_id="session-0002"))
    assert late.status_code == 422


def test_a_filing_that_is_sent_again_after_the_helper_has_gone_is_still_assisted(centre: Any, kiosk: Any) -> None:
    assists.add(centre.house, "lan", "99001", "482913", "099180000777")
    assist = kiosk.post("/v1/assists", {"name": "lan", "pin": "482913"}).json()
    centre.clock.turn(minutes=1)
    lost = centre.filing(assist_id=assist["id"])
    centre.clock.turn(hours=4)
    assert centre.house.now() > datetime.fromisoformat(assist["expires_at"])
    assert kiosk.post("/v1/dossiers", lost).status_code == 200
    assert centre.rows(t.one_stop_dossiers)[0]["assisted_by"] == "lan"
    never = centre.filing(assist_id=assist["id"], session_id="session-0002")
    assert kiosk.post("/v1/dossiers", never).status_code == 422, "it was over when that was sent first"


def test_a_helper_signs_in_by_their_own_card_alone(centre: Any, kiosk: Any) -> None:
    assists.add(centre.house, "lan", "99001", "482913", "099180000777")
    card = {"number": "099180000777", "name": "Lan", "level": "chip-genuine"}
    assert kiosk.post("/v1/assists", {"person": card}).json()["name"] == "lan"
    assert kiosk.post("/v1/assists", {"person": {**card, "level": "qr"}}).status_code == 403
    assert kiosk.post("/v1/assists", {"person": KHANG}).status_code == 403


def test_five_wrong_pins_close_a_name_for_a_while(centre: Any, kiosk: Any) -> None:
    assists.add(centre.house, "lan", "99001", "482913", None)
    tries = [kiosk.post("/v1/assists", {"name": "lan", "pin": f"11111{n}"}).status_code for n in range(6)]
    assert tries == [403] * 5 + [429]
    assert kiosk.post("/v1/assists", {"name": "lan", "pin": "482913"}).status_code == 429
    centre.clock.turn(minutes=11)
    assert kiosk.post("/v1/assists", {"name": "lan", "pin": "482913"}).status_code == 200


@pytest.mark.parametrize("pin", ["12345", "111111", "121212", "1234567890123", "abcdef"])
def test_a_weak_pin_is_refused(centre: Any, pin: str) -> None:
    with pytest.raises(assists.HelperError):
        assists.add(centre.house, "lan", "99001", pin, None)


# --- catalogue, guidance


def test_kiosks_fetch_the_catalogue_once(centre: Any, kiosk: Any) -> None:
    version = kiosk.get("/v1/catalogue/version").json()
    assert version["sample"] is True and version["procedures"] > 40
    first = kiosk.get("/v1/catalogue")
    assert first.headers["etag"] == f'"{version["digest"]}"' and first.json()["format"] == "tram-procedures/1"
    assert kiosk.get("/v1/catalogue", **{"If-None-Match": first.headers["etag"]}).status_code == 304
    assert kiosk.get("/v1/catalogue/calendar").json()["format"] == "tram-calendar/1"
    assert kiosk.get("/v1/site").json()["one_stop"]["catalogue"] == version["digest"]


def test_notices_hold_from_a_day_to_a_day_and_pictures_are_only_named_ones(centre: Any, kiosk: Any) -> None:
    guidance = kiosk.get("/v1/guidance").json()
    assert [notice["id"] for notice in guidance["notices"]] == ["hai-cap"] and len(guidance["guides"]) == 4
    picture = kiosk.get(f"/v1/guidance/pictures/{guidance['notices'][0]['picture']}")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert kiosk.get("/v1/guidance/pictures/guidance.toml").status_code == 404
    assert kiosk.get("/v1/guidance/pictures/..%2Fdemo-hoa-giang.toml").status_code == 404
    centre.clock.turn(days=400)
    assert kiosk.get("/v1/guidance").json()["notices"] == []


# --- the data officer


def found_of(centre: Any, asked: str = NUMBER) -> Any:
    with centre.house.store.read() as transaction:
        return find(centre.house, transaction, asked)


def test_a_person_gets_everything_of_their_dossiers_and_drafts(centre: Any, kiosk: Any) -> None:
    from gateway.privacy.copy import copy_of  # type: ignore[attr-defined]

    kiosk.post("/v1/dossiers", centre.filing(applicant={**KHANG, "level": "typed"}))
    kiosk.post("/v1/drafts", draft())
    with centre.house.store.read() as transaction:
        text = str(copy_of(centre.house, transaction, found_of(centre)))
    assert "Số 1 phố Thử" in text and "Bé Nhiên" in text


def test_erasing_waits_for_the_end_of_a_dossier_and_leaves_nothing_of_the_person(centre: Any, kiosk: Any) -> None:
    kiosk.post("/v1/dossiers", centre.filing())
    kiosk.post("/v1/drafts", draft())
    with pytest.raises(StillHere), centre.house.store.write() as transaction:
        erase(centre.house, transaction, found_of(centre))
    centre.clock.turn(hours=73)
    centre.watch()
    with centre.house.store.write() as transaction:
        done = {one.table for one in erase(centre.house, transaction, found_of(centre))}
    assert "one_stop_dossiers" in done and "subject_links" in done
    row = centre.rows(t.one_stop_dossiers)[0]
    assert row["stripped"] and row["person"] is None


def test_a_dossier_outlives_its_end_by_the_sites_days_and_no_longer(centre: Any, kiosk: Any) -> None:
    kiosk.post("/v1/dossiers", centre.filing())
    Officer(centre, "hien", Role.OFFICER).post(
        f"/staff/reception/{centre.rows(t.one_stop_dossiers)[0]['id']}/decide",
        act="refuse",
        reason="Không thuộc thẩm quyền",
    )
    centre.clock.moment += timedelta(days=180)
    purge(centre.house)
    assert not centre.rows(t.one_stop_dossiers)[0]["stripped"]
    centre.clock.moment += timedelta(days=1)
    purge(centre.house)
    row = centre.rows(t.one_stop_dossiers)[0]
    assert row["stripped"] and centre.rows(t.one_stop_acts) == []
    # What was agreed to is proven for longer than the dossier is kept.
    assert {link["kind"] for link in centre.rows(t.subject_links)} == {"consent"}
