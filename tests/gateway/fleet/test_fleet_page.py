"""The fleet's page in a browser: a kiosk falls ill and gets well before the watcher's eyes; codes and revocation."""

from __future__ import annotations

import os
import uuid
from collections.abc import Generator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gateway.staff import accounts
from gateway.staff.accounts import Role
from services.contract.diagnostics import pack

pytestmark = [pytest.mark.wire, pytest.mark.web]

PASSWORD = "một mật khẩu dài"
STARTED = "2026-11-23T00:00:00Z"
PICTURES = os.environ.get("TRAM_PICTURES", "")


@pytest.fixture(scope="module")
def browser(world: Any) -> Generator[Browser]:
    """Debian's Chromium, closed before the world."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, world: Any) -> Generator[Page]:
    """A page that may hold no script error and no refused resource."""
    context = browser.new_context(base_url=world.gateway.url, viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    yield page
    context.close()
    assert faults == []


def log_in(page: Page, world: Any, name: str, role: Role) -> None:
    accounts.add(world.house, name, role, PASSWORD)
    page.goto("/staff/login")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("button.primary")


def beat(world: Any, kiosk: Any, wrong: dict[str, tuple[str, str | None]] | None = None, **more: Any) -> None:
    names = ("reader", "printer", "scanner")
    states = {name: ("online", None) for name in names} | (wrong or {})
    now = world.house.now().isoformat()
    devices = [
        {"name": name, "state": state, "failure_code": code, "since": now, "losses": 1}
        for name, (state, code) in states.items()
    ]
    body = {"at": now, "version": "0.1.0", "started_at": STARTED, "devices": devices} | more
    assert kiosk.post("/v1/heartbeats", body).status_code == 204


def test_a_technician_sees_a_kiosk_fall_ill_and_get_well(page: Page, world: Any) -> None:
    well, ill = world.kiosk("B"), world.kiosk("C")
    beat(world, well)
    beat(world, ill)
    log_in(page, world, "an", Role.TECHNICIAN)
    expect(page).to_have_url(f"{world.gateway.url}/staff/fleet")
    expect(page.locator("[data-kiosk=C]")).to_have_class("green")
    expect(page.locator("#new")).to_have_count(0)
    beat(world, ill, {"printer": ("user-error", "PR-02")}, outbox_dead=1)
    expect(page.locator("[data-kiosk]").first).to_have_attribute("data-kiosk", "C")
    expect(page.locator("[data-kiosk=C]")).to_have_class("red")
    expect(page.locator("[data-kiosk=C] [data-alarm=device]")).to_contain_text("PR-02")
    page.locator("[data-kiosk=C] summary").click()
    expect(page.locator("[data-kiosk=C] [data-device=printer]")).to_contain_text("Cần người xử lý")
    headers = {
        "Authorization": f"Bearer {ill.token}",
        "Idempotency-Key": str(uuid.uuid4()),
        "Content-Type": "application/zip",
    }
    assert ill.client.post("/v1/diagnostics", content=pack({"log.txt": "x"}), headers=headers).status_code == 200
    with page.expect_download() as fetched:
        page.locator("[data-kiosk=C] [data-bundle] a").click()
    assert fetched.value.suggested_filename.startswith("tram-C-")
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/fleet.png", full_page=True)
    beat(world, ill)
    expect(page.locator("[data-kiosk=C] [data-alarm=device]")).to_have_count(0)
    page.locator("[data-kiosk=C] [data-alarm=refused] button").click()
    expect(page.locator("[data-kiosk=C]")).to_have_class("green")


def test_an_administrator_makes_a_code_and_revokes_a_kiosk(page: Page, world: Any) -> None:
    beat(world, world.kiosk("D"))
    log_in(page, world, "quan-tri", Role.ADMIN)
    page.goto("/staff/fleet")
    page.fill("[name=name]", "Trạm tự phục vụ số 9")
    page.fill("[name=letter]", "K")
    page.click("#new button")
    expect(page.locator("#code")).to_contain_text("Mã đăng ký: ")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[data-kiosk=D] summary").click()
    page.locator("[data-kiosk=D] button.bad").click()
    expect(page.locator("[data-kiosk=D]")).to_have_count(0)
