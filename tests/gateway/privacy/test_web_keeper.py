"""The data officer's and the committee's pages in a browser."""

from __future__ import annotations

import os
import uuid
from collections.abc import Generator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gateway.staff import accounts
from gateway.staff.accounts import Role

pytestmark = [pytest.mark.wire, pytest.mark.web]

PASSWORD = "một mật khẩu dài"
CHROMIUM = "/usr/bin/chromium"
NUMBER = "099088000561"
PICTURES = os.environ.get("TRAM_PICTURES", "")
"""A folder that gets pictures of the pages, for people who look at them."""


@pytest.fixture(scope="module")
def browser(world: Any) -> Generator[Browser]:
    """Debian's Chromium, without a window; closed before the world, which needs the thread's event loop."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def ticket(world: Any) -> dict[str, Any]:
    """Somebody who checked in at a kiosk, and people who may look."""
    accounts.add(world.house, "hien", Role.DATA_OFFICER, PASSWORD)
    accounts.add(world.house, "ban", Role.COMMITTEE, PASSWORD)
    kiosk = world.kiosk("B")
    key = str(uuid.uuid4())
    ticket = kiosk.check_in(key, patient={"number": NUMBER, "name": "Đặng Thị Riêng Tư", "level": "typed"}).json()
    report = {"registration_key": key, "reason": "no-app", "at": world.house.now().isoformat()}
    assert kiosk.post("/v1/cash-reasons", report).status_code == 202
    return ticket


@pytest.fixture
def page(browser: Browser, world: Any, ticket: dict[str, Any]) -> Generator[Page]:
    """A fresh browser with a page that fails on any script error or refused resource."""
    context = browser.new_context(base_url=world.gateway.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    yield page
    context.close()
    assert [fault for fault in faults if "status of 4" not in fault] == []


def log_in(page: Page, name: str, path: str) -> None:
    page.goto(path)
    page.get_by_label("Tên").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: not url.endswith("/login"))
    page.goto(path)


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def fits(page: Page) -> bool:
    """Nothing stands outside the page's width."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_record_is_found_by_its_slip_and_opened_with_a_reason(page: Page, ticket: dict[str, Any]) -> None:
    log_in(page, "hien", "/staff/data")
    page.get_by_label("Mã hoặc số").fill(ticket["reprint_code"])
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.locator("#found")).to_contain_text(ticket["number"])
    assert "Riêng Tư" not in page.content()
    picture(page, "found")
    page.get_by_role("button", name="Mở hồ sơ").click()
    expect(page.get_by_role("alert")).to_contain_text("Phải ghi lý do")
    page.locator("form[action$='/open']").get_by_label("Lý do").fill("Người bệnh hỏi tại quầy số 2")
    page.get_by_role("button", name="Mở hồ sơ").click()
    expect(page.locator("[data-table=check_ins]")).to_contain_text("Đặng Thị Riêng Tư")
    expect(page.locator("#log")).to_contain_text("Người bệnh hỏi tại quầy số 2")
    assert fits(page)
    picture(page, "record")


def test_a_copy_is_downloaded(page: Page, ticket: dict[str, Any]) -> None:
    log_in(page, "hien", "/staff/data")
    page.get_by_label("Mã hoặc số").fill(NUMBER)
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.locator("form[action$='/copy']").get_by_label("Lý do").fill("Yêu cầu bản sao tại quầy")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải bản sao").click()
    assert download.value.suggested_filename.startswith("tram-")
    content = download.value.path().read_text(encoding="utf-8")
    assert "Đặng Thị Riêng Tư" in content


def test_registers_are_kept_by_hand(page: Page) -> None:
    log_in(page, "hien", "/staff/data/requests")
    page.get_by_label("Người yêu cầu").fill("Lê Văn Thử")
    page.get_by_label("Liên hệ").fill("0900 000 000")
    page.get_by_label("Nội dung yêu cầu").fill("Xin bản sao dữ liệu của tôi")
    page.get_by_role("button", name="Ghi vào sổ").click()
    entry = page.locator("[data-request='YC-0001']")
    expect(entry).to_contain_text("Trả lời: hết ngày")
    page.get_by_role("button", name="Đã trả lời người yêu cầu").click()
    expect(entry).to_contain_text("Đã trả lời, đang làm")
    assert fits(page)
    picture(page, "requests")
    page.get_by_role("link", name="Sự cố").click()
    page.get_by_label("Việc gì đã xảy ra").fill("Mất một máy tính ở quầy")
    page.get_by_label("Lượt khám: ai đã đến").check()
    page.get_by_role("button", name="Ghi sự cố").click()
    expect(page.locator("[data-incident='SC-0001']")).to_contain_text("còn giờ: 7")
    assert fits(page)
    picture(page, "incidents")
    page.get_by_role("link", name="Lưu giữ và xóa").click()
    expect(page.locator("#classes")).to_contain_text("privacy.retention.visit")
    picture(page, "kept")


def test_the_committee_sees_figures_and_nothing_else(page: Page, ticket: dict[str, Any]) -> None:
    log_in(page, "ban", "/staff/figures")
    expect(page.locator("[data-figure=check-ins] b")).to_have_text("1")
    expect(page.locator("#reasons")).to_contain_text("Không có ứng dụng ngân hàng")
    expect(page.locator("#by-kiosk")).to_contain_text("Trạm B")
    assert fits(page)
    picture(page, "figures")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "Trạm B" in text and "Riêng Tư" not in text and NUMBER not in text
    assert page.request.get("/staff/data").status == 403
    assert page.get_by_role("link", name="Tìm hồ sơ").count() == 0
