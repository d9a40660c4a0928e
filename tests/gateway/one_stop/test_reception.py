"""The reception: what an officer decides stands at the authority first, and is printed only then."""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.clock import day_of
from gateway.figures.one_stop import one_stop_figures
from gateway.one_stop.prints import kept_word
from gateway.staff.accounts import Role
from gateway.store import tables as t
from gateway.web.staff import LANGUAGE_COOKIE
from tests.gateway.one_stop.conftest import KHANG


@pytest.fixture
def officer(centre: Any) -> Any:
    from tests.gateway.one_stop.conftest import Officer

    return Officer(centre, "hien")


def file_one(centre: Any, kiosk: Any, procedure: str = "1.004222", **changes: Any) -> Any:
    answer = kiosk.post("/v1/dossiers", centre.filing(procedure, **changes))
    assert answer.status_code == 200, answer.text
    return centre.rows(t.one_stop_dossiers)[-1]


def decide(officer: Any, row: Any, act: str, **fields: Any) -> Any:
    return officer.post(f"/staff/reception/{row['id']}/decide", act=act, **fields)


def follow(kiosk: Any, row: Any) -> Any:
    return kiosk.post("/v1/dossiers/find", {"token": row["token"]}).json()["dossiers"][0]


def form_link(officer: Any, row: Any) -> str | None:
    found = re.search(r'class="print" href="([^"]+)"', officer.get(f"/staff/reception/{row['id']}").text)
    return None if found is None else found[1]


def test_only_officers_and_supervisors_see_dossiers(centre: Any, kiosk: Any) -> None:
    from tests.gateway.one_stop.conftest import Officer

    row = file_one(centre, kiosk)
    for role in Role:
        expected = 200 if role in {Role.OFFICER, Role.SUPERVISOR} else 403
        someone = Officer(centre, f"nv-{role.value}", role)
        assert someone.get("/staff/reception").status_code == expected, role
        assert someone.get(f"/staff/reception/{row['id']}").status_code == expected, role


def test_the_list_shows_no_name_and_opening_is_written_down(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk)
    page = officer.get("/staff/reception").text
    assert row["sending_code"] in page and "Khang" not in page and "099088000145" not in page
    assert "Khang" in officer.get(f"/staff/reception/{row['id']}").text
    log = [(one["who"], one["kind"], one["record"]) for one in centre.rows(t.access_log)]
    assert ("hien", "dossier", row["id"]) in log


def test_there_is_no_receipt_before_the_acceptance(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk)
    assert form_link(officer, row) is None
    assert officer.get(f"/staff/reception/{row['id']}/forms/{uuid.uuid4().hex}").status_code == 404
    centre.wire.down = True
    page = decide(officer, row, "accept")
    assert page.status_code == 424 and "chưa trả lời" in page.text
    assert form_link(officer, row) is None
    assert follow(kiosk, row)["code"] is None


def test_the_receipt_has_every_field_of_the_law(centre: Any, kiosk: Any, officer: Any) -> None:
    applicant = {**centre.filing()["applicant"], "address": "Số 1 phố Thử, phường Hòa Giang"}
    row = file_one(centre, kiosk, applicant=applicant, email="a@b.vn")
    assert decide(officer, row, "accept", sets=2).status_code == 303
    link = form_link(officer, row)
    assert link is not None
    form = officer.get(link).text
    for text in (
        "Trung tâm Phục vụ hành chính công phường Hòa Giang", "Bộ phận Tiếp nhận và Trả kết quả",
        "Độc lập - Tự do - Hạnh phúc", "Hòa Giang, ngày 23 tháng 11 năm 2026", "H99.01-20261123-0000001",
        "Liên 1: Lưu", "Liên 2: Giao người nộp hồ sơ", "Nguyễn Minh Khang", "Số 1 phố Thử", "0912 345 678", "a@b.vn",
        "Tờ khai CT01", "(1 bản chính)", "2. Số lượng hồ sơ (bộ): 2", "7 ngày làm việc",
        "08 giờ 16 phút, ngày 23 tháng 11 năm 2026", "17 giờ 00 phút, ngày 02 tháng 12 năm 2026", "Quầy 6",
        "Quyển số: 2026", "Số thứ tự: 1", "Người nộp hồ sơ", "Người tiếp nhận hồ sơ", "hien, 23/11/2026 08:16",
        "BẢN THỬ",
    ):  # fmt: skip
        assert text in form, text
    assert form.count("<svg") == 2 * form.count("<article>"), "QR code and barcode on each copy"


def test_answers_stand_under_the_words_of_their_form(centre: Any, kiosk: Any, officer: Any) -> None:
    answers = {"nguoi-nop.gioi-tinh": "nam", "nguoi-nop.ho-ten": "Nguyễn Minh Khang", "ngoai-mau": "Viết thêm"}
    row = file_one(centre, kiosk, answers=answers, from_chip=["nguoi-nop.ho-ten"])
    whole = officer.get(f"/staff/reception/{row['id']}").text
    assert "<dd>04/07/1988</dd>" in whole
    page = whole.split('id="answers"')[1].split("</section>")[0]
    shown = re.findall(r"<dt>([^<]+?) ?(?:<span[^>]*>[^<]*</span>)?</dt><dd>([^<]*)</dd>", page)
    assert shown == [("Họ và tên", "Nguyễn Minh Khang"), ("Giới tính", "Nam"), ("ngoai-mau", "Viết thêm")]
    officer.cookie += f"; {LANGUAGE_COOKIE}=en"
    english = officer.get(f"/staff/reception/{row['id']}").text.split('id="answers"')[1]
    assert "<dd>Male</dd>" in english and "Full name" in english


def test_the_qr_code_of_the_receipt_is_the_dossier_code_and_the_lookup_code_opens_it(
    centre: Any, kiosk: Any, officer: Any
) -> None:
    row = file_one(centre, kiosk)
    number = "H99.01-20261123-0000001"
    wrong = {"code": number, "look_up_code": "ZZZZ"}
    assert kiosk.post("/v1/dossiers/find", wrong).status_code == 404, "not accepted: the code is nobody's yet"
    decide(officer, row, "accept")
    page = officer.get(f"/staff/reception/{row['id']}").text
    found = re.search(r'id="lookup">([0-9A-Z]{4})<', page)
    assert found is not None
    assert kiosk.post("/v1/dossiers/find", wrong).status_code == 404
    answer = kiosk.post("/v1/dossiers/find", {"code": number.lower(), "look_up_code": found[1].lower()})
    assert answer.json()["dossiers"][0]["code"] == number


@pytest.mark.parametrize(
    ("hour", "minute", "due"),
    [(8, 16, "2026-11-23"), (15, 0, "2026-11-23"), (15, 1, "2026-11-24")],
)
def test_what_is_accepted_after_three_counts_from_the_next_working_day(
    centre: Any, kiosk: Any, officer: Any, hour: int, minute: int, due: str
) -> None:
    """The birth certificate of the group: the same day, filed after 15:00 the next."""
    row = file_one(centre, kiosk, "3.000722")
    centre.clock.moment = centre.clock.moment.replace(hour=hour, minute=minute)
    assert decide(officer, row, "accept").status_code == 303
    parts = {part["id"]: part for part in follow(kiosk, row)["parts"]}
    assert parts["khai-sinh"]["due_at"].startswith(f"{due}T10:00"), parts["khai-sinh"]["due_at"]


def test_each_part_of_a_group_has_its_own_time_status_and_outcome(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk, "3.000722")
    decide(officer, row, "accept")
    dossier = follow(kiosk, row)
    birth, residence = dossier["parts"][0], dossier["parts"][1]
    assert birth["due_at"] < residence["due_at"] == max(part["due_at"] for part in dossier["parts"][:3])
    centre.desk.move(birth["code"], 4)
    centre.desk.result(birth["code"], "Giấy khai sinh", "Tổ Tư pháp, Hộ tịch")
    centre.clock.turn(minutes=2)
    centre.watch()
    dossier = follow(kiosk, row)
    assert dossier["parts"][0]["status"] == 9 and dossier["parts"][0]["outcome"] == "Giấy khai sinh"
    assert dossier["parts"][1]["status"] == 2 and dossier["status"] == 2


def test_a_supplement_says_what_is_missing_and_until_when_and_is_accepted_afterwards(
    centre: Any, kiosk: Any, officer: Any
) -> None:
    row = file_one(centre, kiosk)
    assert decide(officer, row, "supplement").status_code == 422, "what is missing must be named"
    answer = decide(officer, row, "supplement", items="Giấy chứng sinh\nÝ kiến chủ nhà", reason="Thiếu giấy tờ")
    assert answer.status_code == 303
    dossier = follow(kiosk, row)
    assert dossier["status"] == 5
    assert dossier["missing"]["items"] == ["Giấy chứng sinh", "Ý kiến chủ nhà"]
    assert dossier["missing"]["until"].startswith("2026-11-30T10:00")
    form = officer.get(form_link(officer, row)).text
    assert "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ" in form and "Ý kiến chủ nhà" in form
    assert decide(officer, row, "accept").status_code == 303
    assert follow(kiosk, row)["status"] == 2


def test_a_refusal_needs_its_reason_and_ends_the_dossier(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk)
    assert decide(officer, row, "refuse", reason="không").status_code == 422
    assert decide(officer, row, "refuse", reason="Không thuộc thẩm quyền").status_code == 303
    form = officer.get(form_link(officer, row)).text
    assert "Phiếu từ chối tiếp nhận giải quyết hồ sơ" in form and "Không thuộc thẩm quyền" in form
    assert follow(kiosk, row)["status"] == 3
    assert decide(officer, row, "accept").status_code == 409


def test_a_lost_answer_of_an_acceptance_is_the_same_acceptance(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk)
    centre.wire.lose("POST /CapNhatTienDo", "after")
    assert decide(officer, row, "accept").status_code == 424
    assert decide(officer, row, "accept").status_code == 303
    steps = centre.desk.store.all("SELECT body FROM progress")
    assert len(steps) == 2, "filed, accepted"


def test_the_authority_moves_it_to_the_result_and_the_counter_hands_it_over(
    centre: Any, kiosk: Any, officer: Any
) -> None:
    row = file_one(centre, kiosk)
    decide(officer, row, "accept")
    number = follow(kiosk, row)["code"]
    centre.desk.move(number, 4, "Công an phường")
    centre.desk.result(number, "Thông báo kết quả đăng ký thường trú")
    centre.clock.turn(minutes=2)
    centre.watch()
    dossier = follow(kiosk, row)
    assert dossier["status"] == 9 and dossier["result"]["group"] == "tra-ket-qua"
    assert [event["status"] for event in dossier["events"]] == [1, 2, 4, 9]
    assert dossier["events"][2]["unit"] == "Công an phường"
    assert decide(officer, row, "hand-over").status_code == 303
    assert follow(kiosk, row)["status"] == 10
    assert centre.dossiers()[0]["status"] == "10"


def test_money_that_is_due_is_told_with_its_lines(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk)
    decide(officer, row, "accept")
    lines = [{"MaPhiLePhi": "LP1", "TenPhiLePhi": "Lệ phí cư trú", "Gia": 20_000, "TrangThaiThanhToan": "0"}]
    centre.desk.ask_money(follow(kiosk, row)["code"], lines)
    centre.clock.turn(minutes=2)
    centre.watch()
    money = follow(kiosk, row)["money"]
    assert money["total"] == 20_000
    assert money["lines"][0]["beneficiary"]["name"] == "Kho bạc Nhà nước (bản thử)"


def test_a_status_never_goes_back_whatever_the_system_says(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk)
    decide(officer, row, "accept")
    centre.desk.store.put("UPDATE dossiers SET status = '1'")
    centre.clock.turn(minutes=2)
    centre.watch()
    assert follow(kiosk, row)["status"] == 2


def test_the_number_at_the_counter_finds_the_dossier(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk)
    ticket = kiosk.post(
        "/v1/check-ins",
        {
            "patient": {"level": "none"},
            "clinic_id": "tiep-nhan",
            "arrived_at": centre.clock.now().isoformat(),
            "errand": {"sending_code": row["sending_code"], "procedure": "1.004222"},
        },
    ).json()
    assert ticket["number"] == "T001" and ticket["amount_due"] is None
    assert ticket["clinic"]["group"] == {"purpose": "file", "sectors": []}
    assert row["sending_code"] in officer.get("/staff/reception?asked=T001").text
    assert "Không thấy" in officer.get("/staff/reception?asked=T009").text


def test_the_number_for_a_result_may_be_taken_at_any_kiosk(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk)
    another = centre.kiosk()
    ticket = another.post(
        "/v1/check-ins",
        {
            "patient": {"level": "none"},
            "clinic_id": "tra-ket-qua",
            "arrived_at": centre.clock.now().isoformat(),
            "errand": {"sending_code": row["sending_code"]},
        },
    ).json()
    assert row["sending_code"] in officer.get(f"/staff/reception?asked={ticket['number']}").text


def test_nothing_is_decided_from_another_site(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk)
    answer = officer.post(f"/staff/reception/{row['id']}/decide", site="cross-site", act="accept")
    assert answer.status_code == 403


def test_words_of_another_vocabulary_are_mapped_both_ways(tmp_path: Any, empty_database: Any) -> None:
    from tests.gateway.one_stop.conftest import Officer, make_centre

    for centre in make_centre(tmp_path, empty_database, "opencps"):
        kiosk, officer = centre.kiosk(), Officer(centre, "hien")
        row = file_one(centre, kiosk)
        assert decide(officer, row, "accept").status_code == 303
        centre.desk.advance()
        centre.clock.turn(minutes=2)
        centre.watch()
        assert follow(kiosk, row)["status"] == 4


def field_after(form: str, label: str) -> str:
    """What stands behind a label of a form, without tags."""
    return re.sub(r"<[^>]+>", " ", form.split(label, 1)[1].split("</p>", 1)[0]).strip()


RECEIPT = {
    "Tiếp nhận hồ sơ của:": "Nguyễn Minh Khang",
    "Địa chỉ:": "Số 1 phố Thử, phường Hòa Giang",
    "Số điện thoại:": "0912 345 678 &emsp; Email: a@b.vn",
    "Nội dung yêu cầu giải quyết:": "Đăng ký thường trú",
    "2. Số lượng hồ sơ (bộ):": "1",
    "3. Thời gian giải quyết hồ sơ theo quy định:": "7 ngày làm việc",
    "4. Thời gian nhận hồ sơ:": "08 giờ 16 phút, ngày 23 tháng 11 năm 2026",
    "5. Thời gian trả kết quả giải quyết hồ sơ:": "17 giờ 00 phút, ngày 02 tháng 12 năm 2026",
    "6. Đăng ký nhận kết quả tại:": "Bộ phận trả kết quả, Quầy 6",
    "Vào Sổ theo dõi hồ sơ, số:": "01 &emsp; Quyển số: 2026 &emsp; Số thứ tự: 1",
    "Mã hồ sơ:": "H99.01-20261123-0000001",
}
"""The annex's fields (onestop.md section 2), each with what it must say."""


def test_each_field_of_the_annex_stands_at_its_label(centre: Any, kiosk: Any, officer: Any) -> None:
    applicant = {**centre.filing()["applicant"], "address": "Số 1 phố Thử, phường Hòa Giang"}
    row = file_one(centre, kiosk, applicant=applicant, email="a@b.vn")
    decide(officer, row, "accept")
    form = officer.get(form_link(officer, row)).text
    first, second = form.split("<article>")[1:]
    for copy in (first, second):
        assert {label: field_after(copy, label) for label in RECEIPT} == RECEIPT
        order = [copy.index(label) for label in list(RECEIPT)[:10]]
        assert order == sorted(order), "in the annex's order"
        assert "1. Thành phần hồ sơ nộp gồm:" in copy and "Tờ khai CT01 (1 bản chính)" in copy
    assert "Liên 1: Lưu" in first and "Liên 2: Giao người nộp hồ sơ" in second


def test_an_apology_promises_one_other_day_which_people_see(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk)
    assert decide(officer, row, "extend", reason="Chờ xác minh thêm", due="2026-12-10").status_code == 409
    decide(officer, row, "accept")
    for wrong in ({"due": "2026-12-02"}, {"due": ""}, {"due": "2026-12-10", "reason": "ngắn"}):
        assert decide(officer, row, "extend", **{"reason": "Chờ xác minh thêm", **wrong}).status_code == 422, wrong
    centre.clock.turn(minutes=1)
    assert decide(officer, row, "extend", reason="Chờ xác minh thêm", due="2026-12-03").status_code == 303
    assert follow(kiosk, row)["due_at"].startswith("2026-12-03T10:00")
    assert follow(kiosk, row)["status"] == 2, "the status stays"
    links = re.findall(r'class="print" href="([^"]+)"', officer.get(f"/staff/reception/{row['id']}").text)
    form = officer.get(links[-1]).text
    assert "Văn bản xin lỗi và đề nghị gia hạn" in form
    assert field_after(form, "Thời gian hẹn trả kết quả:") == "17 giờ 00 phút, ngày 02 tháng 12 năm 2026"
    assert field_after(form, "Thời gian hẹn trả lại kết quả:") == "17 giờ 00 phút, ngày 03 tháng 12 năm 2026"
    assert decide(officer, row, "extend", reason="Chờ xác minh thêm", due="2026-12-20").status_code == 409, "once"


def test_every_promise_of_another_day_reaches_the_authority(centre: Any, kiosk: Any, officer: Any) -> None:
    """Sent again after a lost answer with another day, and promised a second time where the centre allows it."""
    settings = centre.house.one_stop.settings.model_copy(update={"extensions": 2})
    object.__setattr__(centre.house.one_stop, "settings", settings)
    row = file_one(centre, kiosk)
    decide(officer, row, "accept")
    centre.clock.turn(minutes=1)
    extend = {"reason": "Chờ xác minh thêm"}
    centre.wire.lose("POST /CapNhatTienDo", "after", 9)
    assert decide(officer, row, "extend", **extend, due="2026-12-03").status_code == 424
    centre.wire.lost.clear()
    for day in ("2026-12-04", "2026-12-08"):
        assert decide(officer, row, "extend", **extend, due=day).status_code == 303, day
        centre.clock.turn(minutes=1)
        centre.watch()
        assert follow(kiosk, row)["due_at"].startswith(day), day
    assert decide(officer, row, "extend", **extend, due="2026-12-20").status_code == 409, "twice"


def test_what_is_stopped_is_told_why(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk)
    decide(officer, row, "accept")
    centre.clock.turn(minutes=1)
    assert decide(officer, row, "stop", reason="").status_code == 422
    reason = "Người nộp không bổ sung trong thời hạn"
    assert decide(officer, row, "stop", reason=reason, guidance="Nộp lại khi đủ giấy tờ").status_code == 303
    assert follow(kiosk, row)["status"] == 8
    links = re.findall(r'class="print" href="([^"]+)"', officer.get(f"/staff/reception/{row['id']}").text)
    form = officer.get(links[-1]).text
    assert "Thông báo dừng giải quyết" in form and field_after(form, "Lý do:") == reason
    assert decide(officer, row, "hand-over").status_code == 409


def test_the_declaration_waits_for_a_hand_or_names_the_signature(centre: Any, kiosk: Any, officer: Any) -> None:
    answers = {"nguoi-nop.gioi-tinh": "nam", "nguoi-nop.ho-ten": "Nguyễn Minh Khang"}
    row = file_one(centre, kiosk, answers=answers, from_chip=["nguoi-nop.ho-ten"], case=["nha-minh"])
    paper = officer.get(f"/staff/reception/{row['id']}/declaration").text
    for text in (
        "Tờ khai thay đổi thông tin cư trú (CT01)", "Họ và tên (*)</td><td>Nguyễn Minh Khang", "Giới tính</td><td>Nam",
        "Tôi cam đoan", "tờ khai mẫu 2026-11, thông báo 2026-11-01-mc", "(Ký và ghi rõ họ tên)", "ngày ……", "BẢN THỬ",
        row["sending_code"],
    ):  # fmt: skip
        assert text in paper, text
    assert 'id="signed"' not in paper
    changes = {"signature": "electronic", "session_id": "session-0009"}
    assert kiosk.post("/v1/dossiers", centre.filing(**changes)).status_code == 422, "nobody knows with what"
    signed = file_one(centre, kiosk, **changes, signed_with="chữ ký số cá nhân VNeID, 23/11/2026 08:10")
    paper = officer.get(f"/staff/reception/{signed['id']}/declaration").text
    assert "Đã ký điện tử: chữ ký số cá nhân VNeID, 23/11/2026 08:10" in paper and "(Ký và ghi" not in paper


def test_words_of_another_version_are_put_into_nobodys_mouth(centre: Any, kiosk: Any, officer: Any) -> None:
    filing = centre.filing()
    filing["declared"]["form_version"] = "mẫu 2025-01"
    assert kiosk.post("/v1/dossiers", filing).status_code == 200
    row = centre.rows(t.one_stop_dossiers)[-1]
    paper = officer.get(f"/staff/reception/{row['id']}/declaration").text
    assert "Tôi cam đoan" not in paper and "mẫu 2025-01" in paper


def test_the_control_sheet_and_the_register_tell_when_and_by_whom(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk)
    assert officer.get(f"/staff/reception/{row['id']}/control").status_code == 404, "not accepted yet"
    decide(officer, row, "accept", sets=2)
    other = file_one(centre, kiosk, session_id="session-0003")
    decide(officer, other, "accept")
    sheet = officer.get(f"/staff/reception/{row['id']}/control").text
    assert "Người nhận<br>hien</td>" in sheet and '<strong id="kept">Đang giải quyết' in sheet
    centre.desk.move("H99.01-20261123-0000001", 4, "Công an phường")
    centre.desk.result("H99.01-20261123-0000001", "Thông báo kết quả")
    centre.clock.turn(minutes=2)
    centre.watch()
    decide(officer, row, "hand-over")
    sheet = officer.get(f"/staff/reception/{row['id']}/control").text
    assert '<strong id="kept">Trước hạn' in sheet
    handed = re.findall(r"1. Giao: ([^<]+)<br>2. Nhận: ([^<]+)</td>", sheet)
    reception = "Bộ phận Tiếp nhận và Trả kết quả"
    assert handed == [(reception, "Công an phường"), ("Công an phường", reception)], "by agency, as the annex has it"
    book = officer.get("/staff/reception/register").text
    lines = re.findall(r"<tr><td>(\d+)</td><td>([^<]+)</td><td>([^<]+)</td><td>(\d)</td><td>([^<]+)</td>", book)
    assert lines == [
        ("1", "H99.01-20261123-0000001", "Đăng ký thường trú", "2", "Nguyễn Minh Khang"),
        ("2", "H99.01-20261123-0000002", "Đăng ký thường trú", "1", "Nguyễn Minh Khang"),
    ]
    assert "Trước hạn" in book and "Đang giải quyết" in book
    assert "Không có hồ sơ nào" in officer.get("/staff/reception/register?from=2026-11-01&to=2026-11-02").text
    opened = [one["record"] for one in centre.rows(t.access_log) if one["who"] == "hien"]
    assert "" in opened, "the register shows names"


def test_on_the_control_sheet_it_stays_with_whoever_has_it_until_it_is_handed_on(
    centre: Any, kiosk: Any, officer: Any
) -> None:
    """Another day, papers asked for and brought are the reception's word, not its work; each stands there once."""
    row = file_one(centre, kiosk)
    centre.clock.turn(minutes=1)
    decide(officer, row, "accept")
    centre.clock.turn(minutes=1)
    centre.desk.move("H99.01-20261123-0000001", 4, "Công an phường")
    centre.clock.turn(minutes=1)
    centre.watch()
    for act, told in (
        ("extend", {"reason": "Chờ xác minh thêm", "due": "2026-12-08"}),
        ("supplement", {"items": "Ý kiến chủ nhà"}),
        ("brought", {}),
        ("stop", {"reason": "Chưa xác minh được"}),
    ):
        assert decide(officer, row, act, **told).status_code == 303, act
        centre.clock.turn(minutes=1)
    sheet = officer.get(f"/staff/reception/{row['id']}/control").text
    reception = "Bộ phận Tiếp nhận và Trả kết quả"
    assert re.findall(r"1. Giao: ([^<]+)<br>2. Nhận: ([^<]+)</td>", sheet) == [(reception, "Công an phường")]
    assert sheet.count('rowspan="2">Công an phường</td>') == 4
    assert re.findall(r'rowspan="2">([^<:]+)(?:: [^<]+)?</td></tr>', sheet) == [
        "Mới đăng ký", "Tiếp nhận", "Đang xử lý", "Xin lỗi, hẹn lại", "Yêu cầu bổ sung", "Nhận bổ sung",
        "Dừng giải quyết",
    ]  # fmt: skip
    centre.clock.turn(days=30)
    for paper in (
        officer.get(f"/staff/reception/{row['id']}/control").text,
        officer.get("/staff/reception/register?from=2026-11-23&to=2026-11-23").text,
    ):
        assert "Quá hạn" not in paper, "it ended in time, however long ago"


def test_a_day_of_the_register_that_was_cleared_is_as_if_nobody_chose_one(centre: Any, officer: Any) -> None:
    page = officer.get("/staff/reception/register?from=&to=")
    assert page.status_code == 200
    assert 'name="from" value="2026-11-17"' in page.text and 'name="to" value="2026-11-23"' in page.text
    assert 'name="from" value="2026-11-04"' in officer.get("/staff/reception/register?from=&to=2026-11-10").text


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-11-23", "2026-11-01", "Ngày đầu không được sau ngày cuối"),
        ("2026-01-01", "2026-11-01", "nhiều nhất ba tháng"),
        ("2026-01-01", "", "nhiều nhất ba tháng"),
        ("2026-11-31", "2026-12-01", "Ngày chưa đúng"),
        ("hôm qua", "", "Ngày chưa đúng"),
        ("0001-01-01", "0001-01-02", "Ngày chưa đúng"),
        ("", "0001-01-02", "Ngày chưa đúng"),
        ("9999-12-30", "9999-12-31", "Ngày chưa đúng"),
    ],
)
def test_days_of_the_register_that_cannot_be_shown_are_asked_for_again(
    centre: Any, officer: Any, first: str, last: str, said: str
) -> None:
    page = officer.get(f"/staff/reception/register?from={first}&to={last}")
    assert page.status_code == 422
    assert said in page.text and f'name="from" value="{first}"' in page.text
    assert "<table" not in page.text
    assert [one for one in centre.rows(t.access_log) if one["who"] == "hien"] == [], "nobody's names were shown"


@pytest.mark.parametrize(
    ("due", "finished", "now", "word"),
    [
        (None, None, 9, "open"), (5, None, 5, "open"), (5, None, 5.001, "late"), (5, 4, 9, "early"),
        (5, 5, 9, "ontime"), (5, 4.9, 9, "ontime"), (5, 5.001, 9, "late"),
    ],
)  # fmt: skip
def test_a_promise_is_kept_until_its_minute(due: Any, finished: Any, now: float, word: str) -> None:
    def day(value: float | None) -> Any:
        return None if value is None else datetime(2026, 11, 1, 10, tzinfo=UTC) + timedelta(days=value)

    assert kept_word(day(due), day(finished), datetime(2026, 11, 1, 10, tzinfo=UTC) + timedelta(days=now)).value == word


def test_another_day_does_not_make_a_late_dossier_one_in_time(centre: Any, kiosk: Any, officer: Any) -> None:
    """The apology tells a new day; figures, sheet 06, book 07 and the kiosk judge by the one that was promised."""
    row = file_one(centre, kiosk)
    decide(officer, row, "accept")
    assert not follow(kiosk, row)["extended"]
    centre.clock.turn(minutes=1)
    assert decide(officer, row, "extend", reason="Chờ xác minh thêm", due="2026-12-08").status_code == 303
    centre.desk.move("H99.01-20261123-0000001", 4, "Công an phường")
    centre.clock.turn(days=11)
    centre.watch()
    told = follow(kiosk, row)
    assert told["late"] and told["extended"] and told["due_at"].startswith("2026-12-08"), (
        "promised was 2 December, now it is the fourth"
    )
    centre.desk.result("H99.01-20261123-0000001", "Thông báo kết quả")
    centre.clock.turn(minutes=1)
    centre.watch()
    assert follow(kiosk, row)["late"]
    sheet = officer.get(f"/staff/reception/{row['id']}/control").text
    book = officer.get("/staff/reception/register?from=2026-11-23&to=2026-12-04").text
    for paper in (sheet, book):
        assert "Quá hạn" in paper
        assert "Trước hạn" not in paper
    with centre.house.store.read() as transaction:
        days = day_of(row["filed_at"]), day_of(centre.house.now())
        figures = one_stop_figures(centre.house, transaction, *days).procedures["1.004222"]
    assert (figures.finished, figures.on_time) == (1, 0)


def test_the_time_a_person_was_waited_for_is_not_the_authoritys(centre: Any, kiosk: Any, officer: Any) -> None:
    """Promised for 2 December; seven days of it the dossier waited for its person's papers."""
    row = file_one(centre, kiosk)
    decide(officer, row, "accept")
    number = follow(kiosk, row)["code"]
    centre.clock.turn(days=2)
    assert decide(officer, row, "supplement", items="Ý kiến chủ nhà").status_code == 303
    centre.clock.turn(days=14)
    centre.watch()
    assert not follow(kiosk, row)["late"], "it still waits"
    assert "Quá hẹn" not in officer.get("/staff/reception").text
    assert decide(officer, row, "brought").status_code == 303
    centre.clock.turn(days=6)
    centre.desk.result(number, "Thông báo kết quả")
    centre.clock.turn(minutes=1)
    centre.watch()
    assert not follow(kiosk, row)["late"], "2 and 6 of its 9 days"
    assert '<strong id="kept">Trước hạn' in officer.get(f"/staff/reception/{row['id']}/control").text
    with centre.house.store.read() as transaction:
        days = day_of(row["filed_at"]), day_of(centre.house.now())
        figures = one_stop_figures(centre.house, transaction, *days).procedures["1.004222"]
    assert (figures.finished, figures.on_time) == (1, 1)


def test_what_every_part_of_a_group_lacks_is_told_together(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk, "3.000722")
    decide(officer, row, "accept")
    codes = [part["code"] for part in follow(kiosk, row)["parts"]]
    centre.clock.turn(minutes=1)
    stamp = f"{centre.clock.now():%Y%m%d%H%M%S}"
    for code, paper, until in (
        (codes[0], "Giấy chứng sinh", "20261130170000"),
        (codes[1], "Tờ CT01", "20261127170000"),
    ):
        asked = {"NoiDung": [paper], "HanBoSung": until}
        step = {"MaTienDo": f"x{code}", "MaHoSo": code, "TrangThai": "5", "ThoiDiemXuLy": stamp}
        assert centre.desk.progress({**step, "DanhSachHoSoBoSung": [asked]}) == "0"
    centre.desk.ask_money(codes[2], [{"MaPhiLePhi": "LP1", "TenPhiLePhi": "Lệ phí", "Gia": 20_000}])
    centre.watch()
    told = follow(kiosk, row)
    assert told["status"] == 5 and told["missing"]["items"] == ["Giấy chứng sinh", "Tờ CT01"]
    assert told["missing"]["until"].startswith("2026-11-27"), "the first of the days"
    assert decide(officer, row, "brought").status_code == 303
    told = follow(kiosk, row)
    assert [part["status"] for part in told["parts"]] == [4, 4, 6], "who waits for money goes on waiting"
    assert told["status"] == 6 and told["money"]["total"] == 20_000


def test_results_that_nobody_fetches_hide_no_new_dossier(
    centre: Any, kiosk: Any, officer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.web.reception.LINES", 2)
    for number in range(3):
        row = file_one(centre, kiosk, session_id=f"session-100{number}")
        decide(officer, row, "accept")
        centre.desk.result(follow(kiosk, row)["code"], "Thông báo kết quả")
    centre.clock.turn(minutes=2)
    centre.watch()
    new = file_one(centre, kiosk, session_id="session-2000")
    page = officer.get("/staff/reception").text
    assert new["sending_code"] in page.split('id="status-1"')[1].split("</section>")[0]
    assert "(3)</h2>" in page, "how many wait in all, though two stand there"


def test_only_what_is_let_go_says_until_when_it_is_kept(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk)
    assert follow(kiosk, row)["kept_until"] is not None
    decide(officer, row, "supplement", items="Giấy chứng sinh")
    assert follow(kiosk, row)["kept_until"] is None
    centre.clock.turn(hours=80)
    centre.watch()
    assert follow(kiosk, row)["status"] == 5


@pytest.mark.parametrize(
    ("act", "who", "nobody"),
    [
        ("supplement", ["Người hướng dẫn"], ["Người nộp hồ sơ", "Thủ trưởng"]),
        ("refuse", ["Người nộp hồ sơ", "Người tiếp nhận hồ sơ"], ["Thủ trưởng"]),
        ("extend", ["Kính gửi:", "Thủ trưởng cơ quan, đơn vị", "Nơi nhận:", "Người lập: hien"], ["Người nộp hồ sơ"]),
        ("stop", ["Kính gửi:", "Thủ trưởng cơ quan, đơn vị", "Nơi nhận:", "Người lập: hien"], ["Người nộp hồ sơ"]),
    ],
)
def test_each_form_is_signed_by_whom_the_annex_names(
    centre: Any, kiosk: Any, officer: Any, act: str, who: list[str], nobody: list[str]
) -> None:
    row = file_one(centre, kiosk)
    if act in {"extend", "stop"}:
        decide(officer, row, "accept")
        centre.clock.turn(minutes=1)
    told = {"items": "Giấy chứng sinh", "reason": "Chưa đủ điều kiện", "due": "2026-12-10"}
    assert decide(officer, row, act, **told).status_code == 303
    links = re.findall(r'class="print" href="([^"]+)"', officer.get(f"/staff/reception/{row['id']}").text)
    form = officer.get(links[-1]).text
    for text in who:
        assert form.count(text) == 2, text
    for text in nobody:
        assert text not in form, text
    assert "Nguyễn Minh Khang" in form and "{" not in form.split("<body>")[1]


def test_how_the_result_is_returned_is_said_at_the_counter(centre: Any, kiosk: Any, officer: Any) -> None:
    row = file_one(centre, kiosk)
    assert decide(officer, row, "accept", return_by="pigeon").status_code == 422
    centre.wire.lose("POST /CapNhatTienDo", "after")
    assert decide(officer, row, "accept", return_by="counter").status_code == 424, "told, and nobody knows"
    assert decide(officer, row, "accept", return_by="post").status_code == 303
    sent = json.loads(centre.desk.store.one("SELECT body FROM dossiers")["body"])
    assert sent["HinhThucTra"] == "1", "another way is another act, also where the answer to the first was lost"
    form = officer.get(form_link(officer, row)).text
    assert field_after(form, "6. Đăng ký nhận kết quả tại:") == "bưu chính công ích"
    assert "bưu chính công ích</td>" in officer.get("/staff/reception/register").text
    centre.desk.result(follow(kiosk, row)["code"], "Thông báo kết quả")
    centre.clock.turn(minutes=1)
    centre.watch()
    told = follow(kiosk, row)
    assert told["status"] == 9 and told["result"] is None and told["posted"], (
        "nobody is sent to a counter for what the post brings"
    )


def test_who_files_twice_under_one_number_is_found_with_both(centre: Any, kiosk: Any, officer: Any) -> None:
    """A number that is held is not given twice; what was sent later comes with it all the same."""
    rows = [file_one(centre, kiosk, session_id=f"session-300{number}") for number in range(2)]
    body = {"patient": KHANG, "clinic_id": "tiep-nhan", "arrived_at": centre.clock.now().isoformat()}
    errands = [{"sending_code": row["sending_code"], "procedure": "1.004222"} for row in rows]
    numbers = {kiosk.post("/v1/check-ins", body | {"errand": errand}).json()["number"] for errand in errands}
    assert numbers == {"T001"}
    found = officer.get("/staff/reception?asked=T001").text
    assert all(row["sending_code"] in found for row in rows)
    assert officer.get("/staff/reception").text.count("<td>T001</td>") == 2
