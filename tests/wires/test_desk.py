"""The simulator desk in a browser: the world is played from its page alone, and the kiosk's picture is alive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import requests
from playwright.sync_api import Page, expect, sync_playwright

if TYPE_CHECKING:
    from tests.wires.conftest import Kiosk

pytestmark = [pytest.mark.wire, pytest.mark.screen, pytest.mark.web]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture
def page(kiosk: Kiosk) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        page = browser.new_page(viewport={"width": 1500, "height": 1000})
        page.set_default_timeout(30_000)
        # The kiosk's picture is a stream: a page that waits for all of it is never loaded.
        page.goto(kiosk["desk"].facts["url"], wait_until="domcontentloaded")
        yield page
        browser.close()


def touch_picture(page: Page, kiosk: Kiosk, name: str) -> None:
    """Touch an element of the kiosk by clicking on its picture in the desk."""
    assert kiosk.screen is not None
    target = kiosk.screen.named(name)
    assert target is not None
    box = page.locator("#screen").bounding_box()
    assert box is not None
    x, y = target.middle
    kiosk.screen = None
    page.mouse.click(box["x"] + 10 + x / 1080 * (box["width"] - 20), box["y"] + 10 + y / 1920 * (box["height"] - 20))


def test_a_whole_check_in_is_played_from_the_desk(page: Page, kiosk: Kiosk) -> None:
    expect(page.locator("#people button")).to_have_count(6)
    page.wait_for_function("document.getElementById('screen').naturalWidth === 540")
    touch_picture(page, kiosk, "check-in")
    kiosk.until("choose-patient")
    touch_picture(page, kiosk, "self")
    kiosk.until("scan-code")
    page.click("[data-citizen=khang]")
    page.click("#show-code")
    kiosk.until("place-card")
    page.click("#put-card")
    kiosk.until("confirm-identity")
    expect(page.locator("#chip")).to_contain_text("khang")
    page.click("#take-card")
    kiosk.touch("yes")
    kiosk.choose()
    slips = int(kiosk["printer"].state()["slips"])
    kiosk.touch("take-number")
    if kiosk.until("pay-by-viet-qr", "ticket-ready").screen == "pay-by-viet-qr":
        page.click("#pay-whole")
        kiosk.until("ticket-ready")
    kiosk.left_alone()
    expect(page.locator("#slips img").first).to_be_visible()
    assert int(kiosk["printer"].state()["slips"]) > slips


def test_a_staff_call_rings_on_the_desk_and_the_kiosk_says_that_somebody_comes(page: Page, kiosk: Kiosk) -> None:
    kiosk.until("home")
    kiosk.touch("help")
    kiosk.until("staff-call", mark="heard")
    expect(page.locator("#staff-ack")).to_be_visible()
    page.click("#staff-ack")
    kiosk.until("staff-call", mark="coming")
    page.click("#staff-close")
    expect(page.locator("#ringing")).to_be_hidden()
    kiosk.left_alone()


def test_paper_and_network_are_broken_and_mended_from_the_desk(page: Page, kiosk: Kiosk) -> None:
    page.click("#paper-out")
    expect(page.locator("#printer")).to_contain_text("hết")
    page.click("#paper-ok")
    expect(page.locator("#printer")).to_contain_text("có")
    page.click("#cut")
    expect(page.locator("#network")).to_contain_text("bị cắt")
    page.click("#restore")
    expect(page.locator("#network")).to_contain_text("đang thông")


def test_the_desk_answers_no_stranger_by_another_name(kiosk: Kiosk) -> None:
    answer = requests.get(kiosk["desk"].facts["url"], headers={"Host": "evil.example"}, timeout=10)
    assert answer.status_code == 400
