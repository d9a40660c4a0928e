"""The console, the page of counters, the cashier's page and the board in a browser, each live."""

from __future__ import annotations

import os
import re
import threading
import uuid
from collections.abc import Generator
from itertools import count
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from gateway.staff import accounts
from gateway.staff.accounts import Role

pytestmark = [pytest.mark.wire, pytest.mark.web]

PASSWORD = "một mật khẩu dài"
PATIENCE = 60_000
"""Milliseconds; a condition that holds ends the wait at once."""
numbers = count(1)


@pytest.fixture(scope="module")
def browser(world: Any) -> Generator[Browser]:
    """Debian's Chromium, without a window; sound without a touch, as a board's screen is started.

    Its loop ends before `world` does, which needs one of its own.
    """
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--autoplay-policy=no-user-gesture-required",
            ],
        )  # fmt: skip
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def kiosk(world: Any) -> Any:
    for name, role in (
        ("lan", Role.COUNTER), ("hue", Role.COUNTER), ("tam", Role.SUPERVISOR), ("thu", Role.CASHIER),
    ):  # fmt: skip
        accounts.add(world.house, name, role, PASSWORD)
    return world.kiosk("B")


@pytest.fixture
def faults() -> Generator[list[str]]:
    """What scripts and resources of every page complained of: nothing."""
    found: list[str] = []
    yield found
    assert [fault for fault in found if "status of 4" not in fault and "ERR_" not in fault] == []


@pytest.fixture
def contexts(browser: Browser, world: Any, kiosk: Any) -> Generator[list[BrowserContext]]:
    expect.set_options(timeout=PATIENCE)
    made: list[BrowserContext] = []
    yield made
    for context in made:
        context.close()


@pytest.fixture
def desk(browser: Browser, world: Any, contexts: list[BrowserContext], faults: list[str]) -> Any:
    """`desk(name, path)`: a browser of its own with somebody logged in, or nobody."""

    def open_page(name: str | None, path: str, **options: Any) -> Page:
        context = browser.new_context(base_url=world.gateway.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        if name is not None:
            page.goto("/staff/login")
            page.get_by_label("Tên").fill(name)
            page.get_by_label("Mật khẩu").fill(PASSWORD)
            page.get_by_role("button", name="Đăng nhập").click()
            page.wait_for_url(re.compile("/staff/(counters|cashier)$"))
        page.goto(path)
        return page

    return open_page


@pytest.fixture
def counter(desk: Any) -> Any:
    """`counter(name, id)`: somebody who sits at a counter."""

    def sit(name: str, id: str) -> Page:
        page = desk(name, "/staff/counters")
        page.locator(f"[data-counter='{id}']").get_by_role("button", name="Ngồi quầy này").click()
        expect(page.locator("#console")).to_have_attribute("data-mine", "yes")
        return page

    return sit


def come(kiosk: Any, clinic: str, **more: Any) -> dict[str, Any]:
    """Somebody takes a number, insured unless told otherwise."""
    patient = {"number": f"09908810{next(numbers):04}", "name": "Người Riêng Tư"}
    usual: dict[str, Any] = {"use_insurance": True, "clinic_id": clinic}
    answer = kiosk.check_in(str(uuid.uuid4()), patient=patient, **(usual | more))
    assert answer.status_code == 200, answer.text
    return answer.json()


def picture(page: Page, name: str) -> None:
    """For people who look at the pages: into the folder `TRAM_PICTURES`, where one is named."""
    if folder := os.environ.get("TRAM_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def number_at(page: Page) -> Any:
    return page.locator("#current .big")


def test_a_clerk_calls_recalls_skips_and_takes_in_again(counter: Any, kiosk: Any) -> None:
    page = counter("lan", "nhi")
    expect(page.locator("#next")).to_be_disabled()
    for _ in range(3):
        come(kiosk, "nhi")
    come(kiosk, "nhi", priority="child-under-6")
    expect(page.locator("#coming li")).to_have_count(4)
    expect(page.locator("#coming li").first).to_contain_text("Ưu tiên, tự khai: trẻ dưới 6 tuổi")
    page.locator("#next").click()
    expect(number_at(page)).to_have_text("U001")
    picture(page, "console")
    page.locator("#current").get_by_role("button", name="Gọi lại").click()
    expect(page.locator("#current")).to_contain_text("Lần 2")
    page.locator("#current").get_by_role("button", name="Vắng mặt").click()
    expect(page.locator("#missed")).to_contain_text("U001")
    page.locator("#missed").get_by_role("button", name="Vào ngay lượt tới").click()
    expect(page.locator("#missed")).to_have_text("Không có.")
    expect(page.locator("#coming li").first).to_contain_text("Trở lại")
    page.locator("#next").click()
    expect(number_at(page)).to_have_text("U001")
    page.locator("#current").get_by_role("button", name="Khám xong").click()
    expect(page.locator("#current")).to_contain_text("Chưa gọi số nào")
    assert "Riêng Tư" not in page.content()


def test_results_bring_somebody_back_by_the_code_of_the_slip(counter: Any, kiosk: Any) -> None:
    page = counter("lan", "mat")
    ticket = come(kiosk, "mat")
    come(kiosk, "mat")
    page.locator("#next").click()
    expect(number_at(page)).to_have_text(ticket["number"])
    page.locator("#current").get_by_role("button", name="Chờ kết quả").click()
    expect(page.locator("#away")).to_contain_text(ticket["number"])
    page.get_by_label("Quét mã trên phiếu hoặc gõ số").fill(ticket["code"])
    page.keyboard.press("Enter")
    found = page.locator(f"#found [data-number='{ticket['number']}']")
    found.get_by_role("button", name="Có kết quả").click()
    expect(page.locator("#away")).to_have_text("Không có.")
    expect(page.locator(f"#coming [data-number='{ticket['number']}']")).to_contain_text("Trở lại")
    page.get_by_label("Quét mã trên phiếu hoặc gõ số").fill("T999")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_have_text("Không thấy số này hôm nay.")


def test_two_counters_see_each_others_calls_and_a_transfer(counter: Any, kiosk: Any) -> None:
    first, second = counter("lan", "tim-mach-1"), counter("hue", "tim-mach-2")
    one, two = (come(kiosk, "tim-mach")["number"] for _ in range(2))
    expect(second.locator("#coming li .number")).to_have_text([one, two])
    first.locator("#next").click()
    expect(second.locator("#coming li .number")).to_have_text([two])
    second.locator("#next").click()
    expect(number_at(second)).to_have_text(two)
    expect(number_at(first)).to_have_text(one)
    first.locator("#current").get_by_role("button", name="Chuyển phòng").click()
    first.locator("#moving").get_by_role("button", name="Cơ xương khớp").click()
    expect(first.locator("#current")).to_contain_text("Chưa gọi số nào")
    first.goto("/staff/counters")
    first.locator("[data-counter='co-xuong-khop']").get_by_role("button", name="Ngồi quầy này").click()
    expect(first.locator("#coming li").first).to_contain_text("từ Nội tim mạch")


def test_a_supervisor_frees_a_counter_and_closes_a_clinic(counter: Any, desk: Any, kiosk: Any) -> None:
    clerk, boss = counter("lan", "rang-ham-mat"), desk("tam", "/staff/counters")
    come(kiosk, "rang-ham-mat")
    row = boss.locator("[data-counter='rang-ham-mat']")
    expect(row).to_contain_text("lan đang ngồi")
    row.get_by_role("button", name="Giải phóng quầy").click()
    expect(clerk.locator("#console")).to_have_attribute("data-mine", "no")
    expect(row).to_contain_text("Còn trống")
    clinic = boss.locator("[data-clinic='rang-ham-mat']")
    clinic.get_by_role("button", name="Đóng phòng").click()
    expect(clinic).to_contain_text("Đã đóng")
    expect(clerk.locator("#closed")).to_be_visible()
    clinic.get_by_role("button", name="Chuyển tất cả").click()
    clinic.get_by_role("button", name="Tai mũi họng").click()
    expect(clinic).to_contain_text("0 người chờ")
    expect(boss.locator("[data-clinic='tai-mui-hong']")).to_contain_text("1 người chờ")


def test_the_cashier_lets_a_number_go_first_and_takes_money(counter: Any, desk: Any, kiosk: Any) -> None:
    clerk, cashier = counter("lan", "noi-tong-quat"), desk("thu", "/staff/cashier")
    come(kiosk, "noi-tong-quat", use_insurance=False)
    come(kiosk, "noi-tong-quat", use_insurance=False)
    expect(clerk.locator("#unpaid li .number")).to_have_text(["T001", "T002"])
    held = cashier.locator("#held li").filter(has_text="Nội tổng quát")
    expect(held.first).to_contain_text("122.500 đ")
    held.filter(has_text="T001").get_by_role("button", name="Cho khám trước").click()
    expect(clerk.locator("#coming li .number")).to_have_text(["T001"])
    cashier.get_by_label("Số thứ tự hoặc phiếu thu").fill("002")
    second = held.filter(has_text="T002")
    second.get_by_role("button", name="Đã thu tiền").click()
    expect(second).to_contain_text("Đã nhận đủ 122.500 đ?")
    second.get_by_role("button", name="Thôi").click()
    expect(second.get_by_role("button", name="Đúng, đã nhận")).to_have_count(0)
    second.get_by_role("button", name="Đã thu tiền").click()
    second.get_by_role("button", name="Đúng, đã nhận").click()
    expect(clerk.locator("#coming li .number")).to_have_text(["T001", "T002"])
    expect(clerk.locator("#coming li").first).to_contain_text("Còn nợ 122.500 đ")


def connect(desk: Any, name: str, clinic: str) -> Page:
    """A screen that a supervisor connects."""
    screen = desk(None, "/board", viewport={"width": 1920, "height": 1080})
    code = screen.locator("#code").inner_text()
    boss = desk("tam", "/staff/counters")
    boss.get_by_label("Mã trên màn hình").fill(code)
    boss.get_by_label("Tên chỗ đặt bảng").fill(name)
    boss.locator(f"#board-clinics input[value='{clinic}']").check()
    boss.get_by_role("button", name="Nối bảng").click()
    expect(screen.locator(".board:not(.code)")).to_be_visible()
    return screen


def test_the_board_shows_and_says_what_is_called(desk: Any, counter: Any, kiosk: Any) -> None:
    screen = connect(desk, "Sảnh nhà C", "phu-san")
    expect(screen.locator("#newest")).to_contain_text("Chưa gọi số nào")
    expect(screen.locator(".board")).to_have_attribute("data-sound", "on")
    come(kiosk, "phu-san", priority="pregnant")
    come(kiosk, "phu-san")
    page = counter("hue", "phu-san")
    page.locator("#next").click()
    newest = screen.locator("#newest .call")
    expect(newest).to_contain_text("U001")
    expect(newest).to_contain_text("Phòng 203")
    expect(newest.locator(".group")).to_have_text("Ưu tiên")
    # "Mời số U 0 0 1, đến phòng 2 0 3": ten clips, and every one is there.
    expect(screen.locator(".board")).to_have_attribute("data-said", "U001:10/10 ")
    page.locator("#next").click()
    expect(newest).to_contain_text("T001")
    expect(screen.locator("#before .call .digits")).to_have_text(["U001"])
    text = screen.content()
    assert "Riêng Tư" not in text and "mang thai" not in text, "neither names nor reasons"
    expect(screen.locator("footer")).to_contain_text("Ưu tiên: gọi xen kẽ với số thường")


def test_a_screen_without_a_supervisor_shows_nothing_but_its_code(world: Any, desk: Any) -> None:
    screen = desk(None, "/board")
    expect(screen.locator("#code")).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    assert httpx.get(f"{world.gateway.url}/board/state").status_code == 401
    cookies = {cookie["name"]: cookie["value"] for cookie in screen.context.cookies()}
    assert httpx.get(f"{world.gateway.url}/board/state", cookies=cookies).status_code == 401


def test_four_counters_at_once_over_the_wire_never_get_one_ticket(world: Any, kiosk: Any) -> None:
    """Real connections to a real gateway: two sit at each of the clinic's counters in turn, all call as they can."""
    from gateway.house import House

    house: House = world.house
    taken = [come(kiosk, "tim-mach")["number"] for _ in range(12)]
    called: list[str] = []
    faults: list[BaseException] = []
    barrier = threading.Barrier(2)

    def work(counter: str, name: str) -> None:
        try:
            token = accounts.log_in(house, name, PASSWORD)
            with httpx.Client(base_url=world.gateway.url, cookies={"tram_staff": token}, timeout=60) as client:
                client.post(f"/staff/counters/{counter}/take").raise_for_status()
                current = client.get(f"/staff/counters/{counter}/state").json()["current"]
                after = current and current["id"]
                barrier.wait(60)
                while True:
                    body = {"key": str(uuid.uuid4()), "do": "next", "after": after}
                    answers = [client.post(f"/staff/counters/{counter}/act", json=body) for _ in range(2)]
                    assert answers[0].status_code == answers[1].status_code == 200, answers[0].text
                    now = answers[1].json()["current"]
                    if now is None:
                        return
                    called.append(now["number"])
                    after = now["id"]
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=pair) for pair in (("tim-mach-1", "lan"), ("tim-mach-2", "hue"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(called) == len(set(called)), "one number at two counters"
    assert set(taken) <= set(called)
