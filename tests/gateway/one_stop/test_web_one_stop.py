"""The pages of the one-stop centre in a browser: a phone's, the reception's, on real wires between real processes."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Generator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import select, update

from gateway.app import open_house
from gateway.clock import PLACE
from gateway.house import House
from gateway.one_stop.keeping import parts_of
from gateway.queue import boards
from gateway.staff import accounts
from gateway.staff.accounts import Role
from gateway.store import tables
from services.codes.slip import slip_text
from tests.gateway.conftest import Kiosk, Peer
from tests.gateway.one_stop.conftest import CENTRE, HOSPITAL, KHANG, SAMPLE, centre_settings, declared, photo

pytestmark = [pytest.mark.wire, pytest.mark.web]

PASSWORD = "một mật khẩu dài"
PICTURES = os.environ.get("TRAM_PICTURES", "")
"""A folder that gets pictures of the pages, for people who look at them."""
PHONE = {"width": 390, "height": 844}


@dataclass
class Running:
    """Gateway, authority and the process for phones, each on its own."""

    folder: Path
    house: House
    gateway: Peer
    system: Peer
    phones: Peer
    kiosk: Kiosk


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    folder = tmp_path_factory.mktemp("centre")
    secret = ("--client-secret", "p", "--password", "p", "--catalogue", str(SAMPLE))
    system = Peer("simulators.one_stop", *secret, log=folder / "system.log")
    centre_settings(folder)
    files = ["--settings", str(HOSPITAL), "--settings", str(CENTRE), "--settings", str(folder / "over.toml")]
    phones = Peer("gateway", "upload", "--settings", str(folder / "over.toml"), "--announce", log=folder / "phones.log")
    settings = centre_settings(
        folder, system=system.url, phones=phones.url, internal=json.loads(json.dumps(phones.facts))["internal"]
    )
    gateway = Peer("gateway", "run", *files, "--announce", log=folder / "gateway.log")
    house = open_house(settings)
    accounts.add(house, "hien", Role.OFFICER, PASSWORD)
    client = httpx.Client(base_url=gateway.url, timeout=30)
    try:
        yield Running(folder, house, gateway, system, phones, Kiosk(client, house, "B"))
    finally:
        client.close()
        house.store.close()
        for peer in (gateway, phones, system):
            peer.close()


@pytest.fixture(scope="module")
def browser(running: Running) -> Generator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


def page_of(context: BrowserContext, faults: list[str]) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    return page


@pytest.fixture
def phone(browser: Browser) -> Generator[Page]:
    """A phone; the page fails on any script error or refused resource."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)
    faults: list[str] = []
    yield page_of(context, faults)
    context.close()
    assert [fault for fault in faults if "status of 4" not in fault] == []


@pytest.fixture
def officer(browser: Browser, running: Running) -> Generator[Page]:
    context = browser.new_context(base_url=running.gateway.url, viewport={"width": 1280, "height": 900})
    faults: list[str] = []
    page = page_of(context, faults)
    page.goto("/staff/login")
    page.get_by_label("Tên").fill("hien")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/staff/reception")
    yield page
    context.close()
    assert [fault for fault in faults if "status of 4" not in fault] == []


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def begin(running: Running) -> dict[str, Any]:
    wanted = [
        {"component": "ct01", "name": "Tờ khai CT01"},
        {"component": "y-kien-chu-nha", "name": "Ý kiến của chủ nhà"},
    ]
    answer = running.kiosk.post("/v1/uploads", {"session_id": "session-0001", "wanted": wanted})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_phone_photographs_two_pages_and_the_kiosk_gets_one_document(running: Running, phone: Page) -> None:
    upload = begin(running)
    phone.goto(upload["url"])
    assert fits(phone)
    picture(phone, "upload-1-open")
    phone.get_by_role("button", name="Bắt đầu").click()
    phone.wait_for_url("**/s")
    files = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": photo(1200, 1600, seed=n)} for n in (1, 2)]
    phone.locator("#file").set_input_files(files)
    expect(phone.locator("#strip li")).to_have_count(2)
    phone.wait_for_function("[...document.images].every((one) => one.complete && one.naturalWidth > 0)")
    assert fits(phone)
    picture(phone, "upload-2-pages")
    phone.get_by_role("button", name="Gửi các trang này").click()
    expect(phone.locator("#documents li")).to_contain_text("Tờ khai CT01")
    expect(phone.get_by_label("Ý kiến của chủ nhà")).to_be_checked()
    picture(phone, "upload-3-sent")
    with running.kiosk.client.stream(
        "GET", f"/v1/uploads/{upload['id']}/events", headers={"Authorization": f"Bearer {running.kiosk.token}"}
    ) as stream:
        line = next(line for line in stream.iter_lines() if line.startswith("data:"))
    document = json.loads(line[5:])["documents"][0]
    assert document["pages"] == 2 and document["component"] == "ct01"


def test_wrong_and_huge_files_are_told_on_the_page_and_the_rest_goes_on(running: Running, phone: Page) -> None:
    phone.goto(begin(running)["url"])
    phone.get_by_role("button", name="Bắt đầu").click()
    phone.wait_for_url("**/s")
    wrong = {"name": "giay.jpg", "mimeType": "image/jpeg", "buffer": b"MZ" + b"\0" * 2000}
    phone.locator("#file").set_input_files([wrong])
    expect(phone.locator("#fault")).to_contain_text("không phải ảnh")
    huge = {"name": "to.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" + b"\0" * 12_000_001}
    phone.locator("#file").set_input_files([huge])
    expect(phone.locator("#fault")).to_contain_text("quá lớn")
    picture(phone, "upload-4-fault")
    phone.locator("#file").set_input_files([{"name": "x", "mimeType": "image/jpeg", "buffer": photo()}])
    expect(phone.locator("#strip li")).to_have_count(1)
    expect(phone.locator("#fault")).to_be_hidden()


def test_a_stolen_and_an_ended_link_show_what_to_do(running: Running, phone: Page, browser: Browser) -> None:
    upload = begin(running)
    phone.goto(upload["url"])
    phone.get_by_role("button", name="Bắt đầu").click()
    phone.wait_for_url("**/s")
    thief = browser.new_context(viewport=PHONE)
    page = thief.new_page()
    page.goto(upload["url"])
    expect(page.locator("h1")).to_have_text("Liên kết này không dùng được nữa")
    picture(page, "upload-5-gone")
    page.goto(upload["url"].rpartition("/u/")[0] + "/s")
    expect(page.locator("h1")).to_have_text("Liên kết này không dùng được nữa")
    thief.close()
    running.kiosk.post(f"/v1/uploads/{upload['id']}/close")
    phone.locator("#file").set_input_files([{"name": "x", "mimeType": "image/jpeg", "buffer": photo()}])
    expect(phone.locator("#fault")).to_contain_text("đã hết giờ")


def filed(running: Running) -> str:
    """A dossier that waits at the reception; its sending code."""
    one_stop = running.house.one_stop
    assert one_stop is not None
    person = {**KHANG, "address": "Số 1 phố Thử, phường Hòa Giang", "level": "typed"}
    filing = {
        "procedure": "3.000722",
        "catalogue_digest": one_stop.catalogue_file.digest,
        "case": ["co-ket-hon"],
        "applicant": person,
        "phone": "0912 345 678",
        "answers": {"ten-tre": "Nguyễn An Nhiên"},
        "documents": [{"component": "giay-chung-sinh", "name": "Giấy chứng sinh"}],
        "declared": declared(running.house),
        "session_id": str(uuid.uuid4()),
        "at": running.house.now().isoformat(),
    }
    dossier = running.kiosk.post("/v1/dossiers", filing)
    assert dossier.status_code == 200, dossier.text
    return dossier.json()["sending_code"]


def test_an_officer_accepts_a_dossier_and_prints_its_receipt(running: Running, officer: Page) -> None:
    code = filed(running)
    officer.goto("/staff/reception")
    assert fits(officer)
    picture(officer, "reception-1-list")
    officer.get_by_role("link", name=code).click()
    assert fits(officer)
    picture(officer, "reception-2-dossier")
    assert officer.locator("a.print").count() == 0
    officer.get_by_role("button", name="Tiếp nhận, cấp giấy hẹn").click()
    expect(officer.locator("#status")).to_have_text("Được tiếp nhận")
    picture(officer, "reception-3-accepted")
    href = officer.locator("a.print").get_attribute("href")
    officer.goto(href or "")
    expect(officer.locator("h1").first).to_have_text("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
    expect(officer.locator(".qr svg")).to_have_count(2)
    expect(officer.locator("svg.barcode")).to_have_count(2)
    picture(officer, "reception-4-receipt")
    officer.go_back()
    dossier_page = officer.url
    due = (running.house.now() + timedelta(days=60)).strftime("%Y-%m-%d")
    extend = officer.locator("form", has=officer.locator("input[value=extend]"))
    extend.locator("textarea").fill("Phải xác minh thêm ở nơi sinh")
    extend.locator("input[type=date]").fill(due)
    extend.get_by_role("button").click()
    expect(officer.locator("#acts a.print")).to_have_count(2)
    assert fits(officer)
    picture(officer, "reception-5-extended")
    for name in ("declaration", "control"):
        officer.goto(officer.locator(f"#prints a.{name}").get_attribute("href") or "")
        assert fits(officer)
        picture(officer, f"reception-6-{name}")
        officer.goto(dossier_page)
    officer.goto(officer.locator("#acts a.print").last.get_attribute("href") or "")
    expect(officer.locator("h1").first).to_have_text("Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết")
    picture(officer, "reception-7-apology")
    officer.goto("/staff/reception")
    officer.get_by_role("link", name="Sổ theo dõi").click()
    expect(officer.locator("tbody tr")).to_have_count(1)
    picture(officer, "reception-8-register")


def test_a_fee_is_paid_at_the_cashiers_page_and_the_authority_is_told(
    running: Running, officer: Page, browser: Browser, awaited: Any
) -> None:
    code = filed(running)
    officer.goto("/staff/reception")
    officer.get_by_role("link", name=code).click()
    officer.get_by_role("button", name="Tiếp nhận, cấp giấy hẹn").click()
    expect(officer.locator("#status")).to_have_text("Được tiếp nhận")
    with running.house.store.read() as transaction:
        dossiers = tables.one_stop_dossiers
        row = transaction.one(select(dossiers.c.id).where(dossiers.c.sending_code == code))
        assert row is not None
        number = parts_of(transaction, row["id"])[0]["number"]
    line = {"MaPhiLePhi": "LP1", "TenPhiLePhi": "Lệ phí xác nhận", "Gia": 20_000, "LoaiPhiLePhi": "le-phi"}
    running.system.play("money", number=number, lines=[line])
    accounts.add(running.house, "thu", Role.CASHIER, PASSWORD)
    context = browser.new_context(base_url=running.gateway.url, viewport={"width": 1280, "height": 900})
    faults: list[str] = []
    page = page_of(context, faults)
    page.goto("/staff/login")
    page.get_by_label("Tên").fill("thu")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/staff/cashier")
    due = page.locator("#others li", has_text="20.000 đ")
    expect(due).to_have_count(1, timeout=180_000)
    yesterday = running.house.now() - timedelta(days=1)
    with running.house.store.write() as transaction:
        transaction.execute(update(tables.bills).values(issued_at=yesterday))
    page.reload()
    expect(due).to_contain_text(f"{yesterday.astimezone(PLACE):%d/%m/%Y %H:%M}")
    page.get_by_label("Mã hồ sơ").fill("KHONG-CO")
    expect(due).to_have_count(0)
    page.get_by_label("Mã hồ sơ").fill(number)
    picture(page, "cashier-dossier")
    due.get_by_role("button", name="Đã thu tiền").click()
    due.get_by_role("button", name="Đúng, đã nhận").click()
    expect(page.locator("#others-card")).to_be_hidden()
    awaited(lambda: running.system.state()["counts"]["payments"] == 1)
    context.close()
    assert [fault for fault in faults if "status of 4" not in fault] == []


@pytest.fixture
def counter_screen(browser: Browser, running: Running) -> Generator[Page]:
    """A tablet beside a counter, connected by a supervisor like a board."""
    context = browser.new_context(base_url=running.gateway.url, viewport={"width": 800, "height": 1280})
    faults: list[str] = []
    page = page_of(context, faults)
    page.goto("/board/rating")
    page.wait_for_url("**/board")
    code = (page.locator("#code").text_content() or "").replace(" ", "")
    with running.house.store.write() as transaction:
        boards.connect(running.house, transaction, code, "Bảng đánh giá quầy 1", (), "tam")
    page.goto("/board/rating")
    yield page
    context.close()
    assert [fault for fault in faults if "status of 4" not in fault] == []


def test_a_dossier_is_rated_beside_the_counter_once_and_only_after_its_result(
    running: Running, counter_screen: Page
) -> None:
    page, code = counter_screen, filed(running)

    def show(text: str) -> None:
        page.get_by_label("Mã trên giấy").fill(text)
        # The page after it has the same sentence: what is looked for must not be the last page's.
        with page.expect_navigation():
            page.get_by_role("button", name="Tiếp tục").click()

    assert fits(page)
    picture(page, "rating-1-ask")
    for wrong in ("AAAA-AAAA", "<script>alert(1)</script>", "9" * 80):
        show(wrong)
        expect(page.get_by_role("alert")).to_contain_text("Không thấy việc cần đánh giá")
    show("H99.01-20261123-0000999")
    expect(page.get_by_role("alert")).to_contain_text("mã tra cứu 4 ký tự")
    expect(page.get_by_label("Mã tra cứu")).to_be_focused()
    expect(page.get_by_label("Mã trên giấy")).to_have_value("H99.01-20261123-0000999")
    picture(page, "rating-1-look-up")
    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="Tiếng Việt").click()
    show(code)
    expect(page.get_by_role("alert")).to_contain_text("chưa làm xong")
    with running.house.store.write() as transaction:
        mine = tables.one_stop_dossiers.c.sending_code == code
        transaction.execute(
            update(tables.one_stop_dossiers).where(mine).values(status=9, finished_at=running.house.now())
        )
        token = transaction.all(select(tables.one_stop_dossiers.c.token).where(mine))[0]["token"]
    show(slip_text(token))
    expect(page.locator("h1")).to_have_text("Ông/bà có hài lòng không?")
    expect(page.locator(".level")).to_have_count(5)
    assert fits(page) and "Khang" not in page.content()
    page.get_by_role("button", name="Gửi đánh giá").click()
    # Without a level nothing is sent.
    expect(page.locator("h1")).to_have_text("Ông/bà có hài lòng không?")
    page.get_by_text("Hài lòng", exact=True).click()
    page.get_by_text("Hướng dẫn", exact=True).click()
    picture(page, "rating-2-levels")
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.locator("#taken")).to_have_text("Cảm ơn ông/bà")
    picture(page, "rating-3-taken")
    page.get_by_role("link", name="Xong").click()
    show(slip_text(token))
    expect(page.get_by_role("alert")).to_contain_text("đánh giá rồi")
    picture(page, "rating-4-rated")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_label("Code on your paper")).to_be_visible()
    with running.house.store.read() as transaction:
        counted = transaction.all(select(tables.one_stop_ratings))
    assert {(row["kind"], row["value"], row["count"]) for row in counted} == {
        ("level", "4", 1),
        ("reason", "guidance", 1),
    }


def test_who_walks_away_from_the_rating_leaves_no_code_behind(counter_screen: Page) -> None:
    page = counter_screen
    page.clock.install()
    answer = page.goto("/board/rating?l=en")
    assert answer is not None and answer.headers["cache-control"] == "no-store"
    field = page.get_by_label("Code on your paper")
    page.clock.fast_forward(50_000)
    field.fill("H99.01-20261123-0000999")
    page.clock.fast_forward(50_000)
    expect(field).to_have_value("H99.01-20261123-0000999")
    page.clock.fast_forward(11_000)
    expect(page.get_by_label("Mã trên giấy")).to_have_value("")


def test_no_log_of_any_process_names_a_person_or_a_link(running: Running) -> None:
    for name in ("gateway.log", "phones.log", "system.log"):
        text = (running.folder / name).read_text(encoding="utf-8")
        for secret in ("Khang", "099088000145", "0912", "/u/", "Nhiên"):
            assert secret not in text, (name, secret)
