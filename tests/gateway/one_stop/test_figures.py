"""Figures of the one-stop centre, counted in books and on the page."""

from __future__ import annotations

from typing import Any

from gateway.staff.accounts import Role
from gateway.store import tables as t
from tests.gateway.one_stop.conftest import Officer


def test_the_page_and_the_file_count_without_names(centre: Any, kiosk: Any) -> None:
    for session in ("session-0001", "session-0002"):
        kiosk.post("/v1/dossiers", centre.filing("3.000722", session_id=session))
    row = centre.rows(t.one_stop_dossiers)[0]
    Officer(centre, "hien").post(f"/staff/reception/{row['id']}/decide", act="accept")
    kiosk.post("/v1/dossiers/find", {"token": row["token"]})
    kiosk.post("/v1/dossiers/find", {"code": "0000-0000"})
    for _ in range(2):
        take_number(kiosk, procedure="1.000894")
    take_number(kiosk, sending_code=row["sending_code"], procedure="3.000722")
    kiosk.post("/v1/digital-help", {"topic": "vneid", "at": centre.clock.now().isoformat()})
    reader = Officer(centre, "ban", Role.COMMITTEE)
    page = reader.get("/staff/figures/one-stop").text
    for name, number in (("filed", "2"), ("counter", "2"), ("groups", "2"), ("essential", "100 %")):
        assert f'data-figure="{name}"><b>{number}</b>' in page, name
    assert "liên thông" in page and "Khang" not in page
    lines = reader.get("/staff/figures/one-stop/csv").text.splitlines()
    assert (
        "Hồ sơ theo thủ tục,3.000722,Gửi ở trạm,2" in lines and "Hồ sơ theo thủ tục,3.000722,Được tiếp nhận,1" in lines
    )
    for line in (
        "Tổng,Tất cả thủ tục,Gửi ở trạm,2",
        "Tổng,Tất cả thủ tục,Lấy số nộp tại quầy,2",
        "Tổng,Tất cả thủ tục,Hồ sơ liên thông gửi ở trạm,2",
        "Tổng,Tất cả thủ tục,Thủ tục thiết yếu (%),100",
        "Hồ sơ theo thủ tục,1.000894,Lấy số nộp tại quầy,2",
        "Hồ sơ theo thủ tục,3.000722,Lấy số nộp tại quầy,0",
    ):
        assert line in lines, line
    assert "Tra cứu,Bằng mã QR trên phiếu,Tìm thấy,1" in lines and "Tra cứu,Bằng mã,Tìm thấy,0" in lines
    assert "Hướng dẫn định danh và dịch vụ số,Phường Hòa Giang,Dùng VNeID (tự xem),1" in lines
    assert Officer(centre, "hien2").get("/staff/figures/one-stop").status_code == 403


def test_page_and_file_say_names_and_not_codes(centre: Any) -> None:
    today = centre.clock.now().date()
    with centre.house.store.write() as transaction:
        for group in ("dossiers", "tiep-nhan"):
            rated = {"week": today, "group_id": group, "kind": "level", "value": "5", "count": 5}
            transaction.execute(t.one_stop_ratings.insert().values(**rated))
        reason = {"week": today, "group_id": "dossiers", "kind": "reason", "value": "rounds", "count": 3}
        transaction.execute(t.one_stop_ratings.insert().values(**reason))
        for place in ("99001", "99999"):
            helped = {"day": today, "kind": "help", "what": "vneid:alone", "place": place, "count": 1}
            transaction.execute(t.one_stop_counts.insert().values(**helped))
    reader = Officer(centre, "ban", Role.COMMITTEE)
    page = reader.get("/staff/figures/one-stop").text
    assert "<td>Phường Hòa Giang</td>" in page and "99001" not in page and "<td>99999</td>" in page
    assert "<td>Số lần đi lại</td>" in page
    lines = reader.get("/staff/figures/one-stop/csv").text.splitlines()
    counter = centre.house.clinics["tiep-nhan"].name
    for line in (
        "Đánh giá,Giải quyết hồ sơ,Mức 5,5",
        "Điều được nói tới,Giải quyết hồ sơ,Số lần đi lại,3",
        f"Đánh giá,{counter},Mức 5,5",
        "Hướng dẫn định danh và dịch vụ số,Phường Hòa Giang,Dùng VNeID (tự xem),1",
        "Hướng dẫn định danh và dịch vụ số,99999,Dùng VNeID (tự xem),1",
    ):
        assert line in lines, (line, lines)


def test_few_ratings_are_not_shown(centre: Any, kiosk: Any) -> None:
    from gateway.figures.one_stop import one_stop_figures

    week = {"week": centre.clock.now().date(), "group_id": "dossiers", "kind": "level"}
    for count, shown in ((4, {}), (5, {"5": 5})):
        with centre.house.store.write() as transaction:
            transaction.execute(t.one_stop_ratings.delete())
            transaction.execute(t.one_stop_ratings.insert().values(**week, value="5", count=count))
            day = centre.clock.now().date()
            assert one_stop_figures(centre.house, transaction, day, day).ratings["dossiers"] == shown


def take_number(kiosk: Any, **errand: str) -> None:
    from datetime import UTC, datetime

    answer = kiosk.post(
        "/v1/check-ins",
        {
            "patient": {"level": "none"},
            "clinic_id": "tiep-nhan",
            "arrived_at": datetime(2026, 11, 23, 1, 16, tzinfo=UTC).isoformat(),
            "errand": errand,
        },
    )
    assert answer.status_code in {200, 201}, answer.text
