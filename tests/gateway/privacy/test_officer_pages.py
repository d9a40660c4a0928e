"""The data officer's pages without a browser: who may see them, and that a reason comes before a record."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import insert, select

from gateway.privacy.holding import DataClass
from gateway.staff.accounts import Role
from gateway.store import tables as t
from gateway.web.keeper_pages import keeper_texts

KHANG = "099088000145"
WHY = "Yêu cầu YC-0001 của người bệnh"


class Officer:
    """Somebody logged in for the length of the test, whatever the clock does (log-ins have tests of their own)."""

    def __init__(self, gateway: Any, name: str, role: Role) -> None:
        self.client = gateway.client
        token = f"token of {name}"
        self._cookie = f"tram_staff={quote(token)}"
        account = {"name": name, "role": role.value, "password_hash": "-", "created_at": gateway.house.now()}
        session = {"name": name, "expires_at": gateway.house.now() + timedelta(days=400)}
        with gateway.house.store.write() as transaction:
            transaction.execute(insert(t.staff_accounts).values(account))
            token_hash = sha256(quote(token).encode()).hexdigest()
            transaction.execute(insert(t.staff_sessions).values(session | {"token_hash": token_hash}))

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path, headers={"Cookie": self._cookie})

    def post(self, path: str, site: str = "same-origin", **fields: Any) -> httpx.Response:
        return self.client.post(path, data=fields, headers={"Cookie": self._cookie, "Sec-Fetch-Site": site})


@pytest.fixture
def officer(gateway: Any) -> Officer:
    return Officer(gateway, "hien", Role.DATA_OFFICER)


def log_lines(gateway: Any) -> list[tuple[str, str, str]]:
    with gateway.house.store.read() as transaction:
        rows = transaction.all(select(t.access_log).order_by(t.access_log.c.at))
    return [(row["who"], row["action"], row["record"]) for row in rows]


def test_only_the_data_officer_sees_these_pages(gateway: Any) -> None:
    people = {role: Officer(gateway, f"nv-{role.value}", role) for role in Role}
    for path in ("", "/requests", "/incidents", "/log", "/kept"):
        assert gateway.client.get(f"/staff/data{path}").headers["location"] == "/staff/login"
        for role, someone in people.items():
            expected = 200 if role is Role.DATA_OFFICER else 403
            assert someone.get(f"/staff/data{path}").status_code == expected, (role, path)


@pytest.mark.parametrize("path", ["find", "open", "copy", "erase", "requests", "incidents", "incidents/x/close"])
def test_nothing_is_done_from_another_site_or_without_a_log_in(gateway: Any, officer: Officer, path: str) -> None:
    assert officer.post(f"/staff/data/{path}", site="cross-site", asked=KHANG).status_code == 403
    assert gateway.client.post(f"/staff/data/{path}", data={"asked": KHANG}).status_code in {401, 422}


def test_a_search_tells_day_and_clinic_and_nothing_of_the_person(officer: Officer, visit: Any) -> None:
    page = officer.post("/staff/data/find", asked=visit.ticket["reprint_code"]).text
    assert "23/11/2026" in page and "Nội tim mạch" in page and visit.ticket["number"] in page
    assert "Khang" not in page and KHANG not in page and "Thử" not in page


@pytest.mark.parametrize("reason", ["", "   ", "xem", "aaaaaaaaaaaa", ". . . . . . ."])
def test_no_record_is_opened_without_a_reason(gateway: Any, officer: Officer, visit: Any, reason: str) -> None:
    for path in ("open", "copy", "erase"):
        page = officer.post(f"/staff/data/{path}", asked=KHANG, reason=reason, sure="yes")
        assert page.status_code == 422 and "Phải ghi lý do" in page.text
        assert "Nguyễn Minh Khang" not in page.text
    assert log_lines(gateway) == []


def test_an_opened_record_shows_everything_and_the_log_names_who_what_and_why(
    gateway: Any, officer: Officer, visit: Any
) -> None:
    page = officer.post("/staff/data/open", asked=KHANG, reason=WHY).text
    for held in ("Nguyễn Minh Khang", "Số 1 phố Thử", "Trần Thị Thu Hằng", "TRAN THI THU HANG", WHY, "hien"):
        assert held in page, held
    assert log_lines(gateway) == [("hien", "opened", visit.ticket["check_in_id"])]
    log = officer.get("/staff/data/log").text
    assert WHY in log and "Mở xem" in log and "Khang" not in log
    with gateway.house.store.read() as transaction:
        assert WHY.encode() not in transaction.one(select(t.access_log))["sealed_reason"], "a reason may name people"


def test_a_search_for_somebody_unknown_is_written_down_too(gateway: Any, officer: Officer) -> None:
    officer.post("/staff/data/open", asked="099999999999", reason=WHY)
    assert log_lines(gateway) == [("hien", "opened", "-")]


def test_the_copy_is_a_file_and_is_written_down(gateway: Any, officer: Officer, visit: Any) -> None:
    answer = officer.post("/staff/data/copy", asked=KHANG, reason=WHY)
    assert answer.headers["content-disposition"] == 'attachment; filename="tram-20261123.json"'
    assert answer.headers["cache-control"] == "no-store"
    copy = json.loads(answer.text)
    assert copy["data"]["check_ins"][0]["registration"]["patient"]["name"] == "Nguyễn Minh Khang"
    assert [line[1] for line in log_lines(gateway)] == ["exported"]


def test_erasing_needs_a_tick_and_says_what_stays_and_why(gateway: Any, officer: Officer, visit: Any) -> None:
    gateway.clock.turn(days=1)
    page = officer.post("/staff/data/erase", asked=KHANG, reason=WHY)
    assert page.status_code == 422 and "đánh dấu" in page.text
    page = officer.post("/staff/data/erase", asked=KHANG, reason=WHY, sure="yes")
    assert page.status_code == 200
    row = re.search(r'<tr data-table="bills">.*?</tr>', page.text, re.S)
    assert row is not None and "Chứng từ kế toán" in row[0]
    assert [line[1] for line in log_lines(gateway)] == ["erased"]
    assert "Không có gì" in officer.post("/staff/data/find", asked=visit.ticket["reprint_code"]).text


def test_todays_visit_is_not_erased_and_nothing_is_written_down(gateway: Any, officer: Officer, visit: Any) -> None:
    page = officer.post("/staff/data/erase", asked=KHANG, reason=WHY, sure="yes")
    assert page.status_code == 422 and "chưa xong" in page.text
    assert log_lines(gateway) == []


def request_id(gateway: Any) -> str:
    with gateway.house.store.read() as transaction:
        return transaction.one(select(t.data_requests))["id"]


def test_a_request_runs_on_two_clocks(gateway: Any, officer: Officer) -> None:
    wish = {"kind": "erase", "name": "Lê Văn Thử", "contact": "0900 000 000", "wish": "Xóa dữ liệu của tôi"}
    assert officer.post("/staff/data/requests", **wish, received="2026-11-20T16:30").status_code == 303
    page = officer.get("/staff/data/requests").text
    assert "YC-0001" in page and "Trả lời: hết ngày 24/11/2026" in page and "Thực hiện: hết ngày 05/12/2026" in page
    assert "quá hạn" not in page
    gateway.clock.turn(days=2)  # Wednesday noon: the first clock ended with Tuesday
    assert officer.get("/staff/data/requests").text.count("quá hạn") == 1
    id = request_id(gateway)
    assert officer.post(f"/staff/data/requests/{id}/answer").status_code == 303
    assert officer.post(f"/staff/data/requests/{id}/answer").status_code == 409, "answered once"
    assert officer.post(f"/staff/data/requests/{id}/extend").status_code == 303
    assert officer.post(f"/staff/data/requests/{id}/extend").status_code == 409, "extended once"
    assert "hết ngày 20/12/2026" in officer.get("/staff/data/requests").text
    assert officer.post(f"/staff/data/requests/{id}/close", status="done", outcome=" ").status_code == 422
    assert officer.post(f"/staff/data/requests/{id}/close", status="done", outcome="Đã xóa").status_code == 303
    page = officer.get("/staff/data/requests").text
    assert "Đã xong" in page and "Đã xóa" in page
    with gateway.house.store.read() as transaction:
        row = transaction.one(select(t.data_requests))
    assert "Lê Văn Thử".encode() not in row["sealed_details"]


def test_a_request_from_the_future_is_a_slip_of_the_pen(officer: Officer) -> None:
    wish = {"kind": "copy", "name": "A", "contact": "B", "wish": "C", "received": "2026-12-24T10:00"}
    answer = officer.post("/staff/data/requests", **wish)
    assert answer.status_code == 422 and "tương lai" in answer.text


def test_an_incident_runs_on_72_hours(gateway: Any, officer: Officer) -> None:
    facts: dict[str, Any] = {"what": "Mất một trạm ở sảnh A", "people": "12", "classes": ["visit", "consent"]}
    assert officer.post("/staff/data/incidents", **facts, detected="2026-11-23T08:30").status_code == 303
    page = officer.get("/staff/data/incidents").text
    assert "SC-0001" in page and "Báo trước 26/11/2026 08:30" in page and "12 người" in page and "còn giờ: 68" in page
    with gateway.house.store.read() as transaction:
        id = transaction.one(select(t.incidents))["id"]
    assert officer.post(f"/staff/data/incidents/{id}/close", measures="Thu hồi khóa").status_code == 409
    assert officer.post(f"/staff/data/incidents/{id}/notified", notice="Kính gửi").status_code == 409
    assert officer.post(f"/staff/data/incidents/{id}/decide", decision="notify", reason="").status_code == 422
    assert officer.post(f"/staff/data/incidents/{id}/decide", decision="notify", reason="Có thể lộ").status_code == 303
    gateway.clock.moment += timedelta(hours=70)
    assert "quá hạn" in officer.get("/staff/data/incidents").text, "08:30 on the 26th is over"
    assert officer.post(f"/staff/data/incidents/{id}/notified", notice="Kính gửi A05").status_code == 303
    assert officer.post(f"/staff/data/incidents/{id}/notified", notice="Lần hai").status_code == 409
    assert officer.post(f"/staff/data/incidents/{id}/close", measures="Thu hồi khóa").status_code == 303
    page = officer.get("/staff/data/incidents").text
    assert "Kính gửi A05" in page and "Thu hồi khóa" in page


def test_an_incident_without_harm_needs_a_reason_and_no_notice(gateway: Any, officer: Officer) -> None:
    officer.post("/staff/data/incidents", what="Gửi nhầm báo cáo không có tên ai")
    with gateway.house.store.read() as transaction:
        id = transaction.one(select(t.incidents))["id"]
    officer.post(f"/staff/data/incidents/{id}/decide", decision="not-needed", reason="Không có dữ liệu cá nhân")
    gateway.clock.moment += timedelta(hours=100)
    page = officer.get("/staff/data/incidents").text
    assert "không phải báo" in page and "quá hạn" not in page


def test_how_long_everything_is_kept_is_shown_with_the_purges(gateway: Any, officer: Officer, visit: Any) -> None:
    from gateway.privacy.purge import purge_daily

    gateway.clock.turn(days=100)
    assert purge_daily(gateway.house) is not None
    page = officer.get("/staff/data/kept").text
    assert "privacy.retention.visit" in page and "Lượt khám: ai đã đến" in page
    assert "03/03/2027" in page and "Đã bỏ phần về người" in page
    for table in t.metadata.tables:
        assert keeper_texts("vi")[f"keeper.table.{table}"] in page, table
        assert f">{table}<" not in page, table


def test_what_people_write_is_never_html(officer: Officer) -> None:
    officer.post("/staff/data/requests", kind="copy", name="<script>alert(1)</script>", contact="x", wish="<b>")
    page = officer.get("/staff/data/requests").text
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_every_word_of_the_pages_is_there_in_both_languages() -> None:
    vi, en = keeper_texts("vi"), keeper_texts("en")
    assert set(vi) == set(en)
    assert all(f"keeper.class.{each.value}" in vi for each in DataClass)


def test_a_consent_is_withdrawn_with_a_reason(gateway: Any, kiosk: Any, officer: Officer, visit: Any) -> None:
    notice = kiosk.get("/v1/notice").json()
    sent = {
        "registration_key": visit.key,
        "session_id": "11111111-2222-4333-8444-555555555555",
        "notice_version": notice["version"],
        "notice_digest": notice["digest"],
        "language": "vi",
        "answers": [{"purpose": "follow-up-call", "given": True}],
        "at": "2026-11-23T05:00:00Z",
    }
    assert kiosk.post("/v1/consents", sent).status_code == 202
    page = officer.post("/staff/data/find", asked=KHANG)
    assert 'value="follow-up-call"' in page.text and ">Việc đã đồng ý trước đây<" in page.text
    assert officer.post("/staff/data/withdraw", asked=KHANG, purpose="follow-up-call", reason="").status_code == 422
    page = officer.post("/staff/data/withdraw", asked=KHANG, purpose="follow-up-call", reason=WHY)
    assert page.status_code == 200 and "follow-up-call" not in page.text
    assert log_lines(gateway) == [("hien", "withdrawn", visit.ticket["check_in_id"])]
