"""The staff desk in a browser: log-in, calls that ring until somebody comes, slips that did not come out."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Generator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gateway.hospital.questions import TaskKind
from gateway.hospital.tasks import open_task
from gateway.staff import accounts
from gateway.staff.accounts import Role
from gateway.web.texts import texts
from services.contract.models import TicketStatus

pytestmark = [pytest.mark.wire, pytest.mark.web]

PASSWORD = "một mật khẩu dài"
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def kiosk(world: Any) -> Any:
    accounts.add(world.house, "lan", Role.STAFF, PASSWORD)
    accounts.add(world.house, "hue", Role.STAFF, PASSWORD)
    accounts.add(world.house, "thu", Role.CASHIER, PASSWORD)
    return world.kiosk("B")


@pytest.fixture
def page(browser: Browser, world: Any, kiosk: Any) -> Generator[Page]:
    """A fresh browser with a page that fails on any script error or refused resource."""
    context = browser.new_context(base_url=world.gateway.url)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.set_default_timeout(15_000)
    expect.set_options(timeout=15_000)
    yield page
    context.close()
    assert [fault for fault in faults if "status of 4" not in fault and "ERR_" not in fault] == []


def log_in(page: Page, name: str = "lan") -> None:
    page.goto("/staff")
    page.get_by_label("Tên").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("#desk")).to_have_attribute("data-line", "live")


def call(kiosk: Any, step: str = "insurance") -> dict[str, Any]:
    return kiosk.post("/v1/staff-calls", {"step": step}).json()


def close_every_call(world: Any) -> None:
    from gateway.staff import calls

    with world.house.store.write() as transaction:
        for row in calls.open_calls(transaction):
            calls.close(world.house, transaction, row["id"])


@pytest.fixture(autouse=True)
def quiet(world: Any) -> None:
    close_every_call(world)


def test_nobody_sees_the_desk_without_a_log_in(page: Page, world: Any) -> None:
    page.goto("/staff")
    assert page.url.endswith("/staff/login")
    for path in ("/staff/state", "/staff/events"):
        assert httpx.get(world.gateway.url + path).status_code == 401
    for path in ("/staff/calls/x/acknowledge", "/staff/calls/x/close", "/staff/check-ins/x/slip"):
        assert httpx.post(world.gateway.url + path).status_code == 401


def test_a_wrong_password_says_so_and_nothing_else(page: Page) -> None:
    page.goto("/staff/login")
    page.get_by_label("Tên").fill("lan")
    page.get_by_label("Mật khẩu").fill("sai")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_have_text("Tên hoặc mật khẩu chưa đúng.")


def test_a_call_rings_until_somebody_comes_and_the_kiosk_hears_it(page: Page, world: Any, kiosk: Any) -> None:
    log_in(page)
    expect(page.locator("#calls")).to_contain_text("Không có ai gọi.")
    page.locator("#bell").click()
    expect(page.locator("#desk")).to_have_attribute("data-bell", "on")
    made = call(kiosk)
    assert call(kiosk)["id"] == made["id"], "a second touch never makes a second call"
    row = page.locator(f"[data-call='{made['id']}']")
    expect(row).to_contain_text("Trạm B")
    expect(row).to_contain_text("Đang ở bước: Bảo hiểm")
    expect(row).to_contain_text("đã chờ")
    expect(page).to_have_title("(1) Đang gọi nhân viên")
    expect(page.locator("#desk")).to_have_attribute("data-rung", re.compile("[2-9]"))
    row.get_by_role("button", name="Tôi tới ngay").click()
    expect(row).to_contain_text("lan đang tới")
    expect(page).to_have_title("Bàn nhân viên")
    rung = page.locator("#desk").get_attribute("data-rung")
    heard = kiosk.get(f"/v1/staff-calls/{made['id']}").json()
    assert heard["status"] == "acknowledged"
    assert heard["acknowledged_at"] is not None
    row.get_by_role("button", name="Đã giúp xong").click()
    expect(page.locator("#calls")).to_contain_text("Không có ai gọi.")
    assert kiosk.get(f"/v1/staff-calls/{made['id']}").json()["status"] == "closed"
    assert page.locator("#desk").get_attribute("data-rung") == rung, "nothing rings any more"
    assert call(kiosk)["id"] != made["id"], "the next call rings again"


def test_who_shows_a_card_after_the_check_in_is_insured_from_the_desk(page: Page, world: Any, kiosk: Any) -> None:
    hoa = {"number": "099194000514", "name": "Phạm Thị Thanh Hoa", "birth": "1994-03-12", "sex": "F"}
    ticket = kiosk.check_in(patient=hoa).json()
    log_in(page)
    row = page.locator(f"#today tr[data-number='{ticket['number']}']")
    row.get_by_role("link", name="Trình thẻ bảo hiểm").click()
    expect(page.locator("#card [name=slip]")).to_have_value(ticket["number"])
    expect(page.locator("#card [name=clinic]")).to_have_value("tim-mach")
    page.get_by_role("button", name="Hỏi cổng bảo hiểm").click()
    expect(page.locator("#shown")).to_contain_text(ticket["number"])
    expect(page.locator("#shown")).to_contain_text("Từ giờ khám bằng bảo hiểm")
    if folder := os.environ.get("TRAM_PICTURES"):
        page.screenshot(path=f"{folder}/insurance-desk.png", full_page=True)
    page.goto("/staff")
    expect(page.locator(f"#today tr[data-number='{ticket['number']}']")).to_be_visible()
    expect(row.get_by_role("link", name="Trình thẻ bảo hiểm")).to_have_count(0)
    if folder:
        page.screenshot(path=f"{folder}/staff-desk.png", full_page=True)


def test_two_desks_see_who_comes(browser: Browser, page: Page, world: Any, kiosk: Any) -> None:
    log_in(page)
    second = browser.new_context(base_url=world.gateway.url)
    other = second.new_page()
    log_in(other, "hue")
    made = call(kiosk)
    other.locator(f"[data-call='{made['id']}']").get_by_role("button", name="Tôi tới ngay").click()
    expect(page.locator(f"[data-call='{made['id']}']")).to_contain_text("hue đang tới")
    late = page.request.post(f"/staff/calls/{made['id']}/acknowledge")
    assert late.status == 409
    second.close()


def test_a_call_that_is_withdrawn_disappears(page: Page, kiosk: Any) -> None:
    log_in(page)
    made = call(kiosk)
    expect(page.locator(f"[data-call='{made['id']}']")).to_be_visible()
    assert kiosk.post(f"/v1/staff-calls/{made['id']}/cancel").json()["status"] == "cancelled"
    expect(page.locator("#calls")).to_contain_text("Không có ai gọi.")


def test_todays_numbers_come_live_without_names(page: Page, world: Any, kiosk: Any) -> None:
    log_in(page)
    ticket = kiosk.check_in(
        patient={"number": "099088000777", "name": "Người Riêng Tư", "level": "typed"}, priority="merit",
        use_insurance=True, insurance_unreachable=True,
    ).json()  # fmt: skip
    row = page.locator(f"#today [data-number='{ticket['number']}']")
    expect(row).to_contain_text("Nội tim mạch")
    expect(row).to_contain_text("Đang chờ")
    expect(row).to_contain_text("Ưu tiên, tự khai: người có công với cách mạng")
    expect(row).to_contain_text("Bảo hiểm: chờ xác minh")
    expect(page.locator("#unverified")).to_contain_text("Tự nhập")
    assert "Riêng Tư" not in page.content()
    assert "099088000777" not in page.content()


def test_a_slip_that_did_not_come_out_waits_until_it_is_handed_over(page: Page, world: Any, kiosk: Any) -> None:
    log_in(page)
    key = str(uuid.uuid4())
    ticket = kiosk.check_in(key, patient={"number": "099088000778", "name": "Khác"}).json()
    report = {"printed": False, "failure_code": "PR-02", "at": world.house.now().isoformat()}
    kiosk.post(f"/v1/check-ins/{ticket['check_in_id']}/slip", report)
    row = page.locator("#unprinted li", has_text=ticket["number"])
    expect(row).to_contain_text("Máy hết giấy.")
    row.get_by_role("button", name="Đã đưa phiếu").click()
    expect(page.locator("#unprinted")).to_contain_text("Mọi phiếu đã in.")


def test_a_cashiers_desk_is_live_and_offers_nothing_that_a_cashier_may_not_do(
    page: Page, world: Any, kiosk: Any
) -> None:
    """The account begins at the money; from there the desk is opened by its address."""
    page.goto("/staff/login")
    page.get_by_label("Tên").fill("thu")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/staff/cashier")
    page.goto("/staff")
    expect(page.locator("#desk")).to_have_attribute("data-line", "live")
    ticket = kiosk.check_in().json()
    report = {"printed": False, "failure_code": "PR-02", "at": "2026-11-23T00:40:00+00:00"}
    kiosk.post(f"/v1/check-ins/{ticket['check_in_id']}/slip", report)
    expect(page.locator("#unprinted li", has_text=ticket["number"])).to_be_visible()
    expect(page.get_by_role("heading", name="Tìm và in số")).to_have_count(0)
    expect(page.locator("#find, #unprinted .present")).to_have_count(0)
    if folder := os.environ.get("TRAM_PICTURES"):
        page.screenshot(path=f"{folder}/cashier-desk.png", full_page=True)


def test_what_the_hospitals_system_asks_for_waits_until_somebody_saw_to_it(page: Page, world: Any, kiosk: Any) -> None:
    ticket = kiosk.check_in(patient={"number": "099088000791", "name": "Khác"}).json()
    with world.house.store.write() as transaction:
        now = world.house.now()
        open_task(transaction, TaskKind.TIME_FULL, ticket["check_in_id"], "13:30", now)
        open_task(transaction, TaskKind.DIFFERS, ticket["check_in_id"], "name,birth", now)
    log_in(page)
    lost = page.locator("#tasks li.time-full")
    expect(lost).to_contain_text(ticket["number"])
    expect(lost).to_contain_text("Giờ 13:30 vừa hết chỗ ở bệnh viện")
    expect(page.locator(f"#today [data-number='{ticket['number']}']")).to_contain_text("Giờ 13:30 hết chỗ ở bệnh viện")
    expect(page.locator("#tasks li.differs")).to_contain_text("họ tên, ngày sinh")
    if folder := os.environ.get("TRAM_PICTURES"):
        page.screenshot(path=f"{folder}/staff-tasks.png", full_page=True)
    lost.get_by_role("button", name="Đã báo, giữ giờ 13:30").click()
    expect(lost).to_have_count(0)
    page.locator("#tasks li.differs").get_by_role("button", name="Đã xong").click()
    expect(page.locator("#tasks-card")).to_be_hidden()


def test_the_desk_says_why_what_it_asked_for_was_not_done(page: Page, world: Any, kiosk: Any) -> None:
    ticket = kiosk.check_in(patient={"number": "099088000792", "name": "Khác"}).json()
    with world.house.store.write() as transaction:
        open_task(transaction, TaskKind.REFUSED, ticket["check_in_id"], "invalid", world.house.now())
    log_in(page)
    refused = page.locator("#tasks li.refused")
    by_hand = refused.get_by_role("button", name="Đã ghi tay, không gửi nữa")
    page.route("**/seen", lambda route: route.fulfill(status=409, json={"detail": "told-now"}))
    by_hand.click()
    expect(page.get_by_role("alert")).to_contain_text("Trạm đang gửi lượt này")
    page.route("**/staff/find", lambda route: route.fulfill(status=403, json={}))
    page.get_by_label("Số, mã in lại").fill("T001")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.locator("#found")).to_contain_text("Chưa tìm được")
    if folder := os.environ.get("TRAM_PICTURES"):
        page.screenshot(path=f"{folder}/staff-why.png", full_page=True)
    page.unroute("**/seen")
    by_hand.click()
    expect(refused).to_have_count(0)
    expect(page.locator("#notice")).to_be_hidden()


def test_a_time_that_is_gone_is_chosen_no_more(page: Page) -> None:
    log_in(page)
    # The list as the page makes it, in the page: another time is pushed while one is chosen.
    shown = page.evaluate("""() => {
      const time = (id) => ({ id, start: "2026-11-23T09:00:00+07:00", end: "2026-11-23T09:30:00+07:00" });
      chosen.set("x", "1000");
      const pick = (...ids) => otherTimes({ id: "x", about: "08:30", times: ids.map(time) })[0].value;
      return [pick("0900", "1000"), pick("0900", "1100")];
    }""")
    assert shown == ["1000", "0900"]


def test_the_second_slip_that_the_desk_prints_is_a_copy(page: Page, kiosk: Any) -> None:
    ticket = kiosk.check_in(patient={"number": "099088000793", "name": "Khác"}).json()
    page.add_init_script("window.print = () => { sessionStorage.printed = document.body.innerText; }")
    log_in(page)
    page.goto(f"/staff/slips/{ticket['check_in_id']}")
    assert "BẢN IN LẠI" not in page.content()
    page.get_by_role("button", name="In phiếu này").click()
    expect(page.locator("article")).to_contain_text("BẢN IN LẠI")
    printed = page.evaluate("sessionStorage.printed")
    assert ticket["number"] in printed and "BẢN IN LẠI" not in printed, "what was printed was the first"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_state_of_a_number_and_every_question_has_words(language: str) -> None:
    words = texts(language)
    assert [one.value for one in TicketStatus if f"console.status.{one.value}" not in words] == []
    for kind in TaskKind:
        assert words[f"console.task.{kind.value}"] and words[f"console.task.{kind.value}.do"]


def test_the_desk_speaks_english_too(page: Page) -> None:
    log_in(page)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Numbers of today")).to_be_visible()
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.get_by_role("heading", name="Số hôm nay")).to_be_visible()


def test_logging_out_ends_the_session(page: Page, world: Any) -> None:
    log_in(page)
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    assert httpx.get(f"{world.gateway.url}/staff/state", cookies=cookies).status_code == 200
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/staff/login")
    assert httpx.get(f"{world.gateway.url}/staff/state", cookies=cookies).status_code == 401


def test_another_site_can_do_nothing_with_the_session(page: Page, world: Any, kiosk: Any) -> None:
    log_in(page)
    made = call(kiosk)
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Strict" for cookie in page.context.cookies())
    answer = httpx.post(
        f"{world.gateway.url}/staff/calls/{made['id']}/acknowledge",
        cookies=cookies,
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403


def test_too_many_wrong_passwords_close_the_door_for_a_while(world: Any, kiosk: Any) -> None:
    accounts.add(world.house, "tan", Role.STAFF, PASSWORD)
    tries = [
        httpx.post(f"{world.gateway.url}/staff/login", data={"name": "tan", "password": "sai"}).status_code
        for _ in range(6)
    ]
    assert tries == [401] * 5 + [429]
    right = httpx.post(f"{world.gateway.url}/staff/login", data={"name": "tan", "password": PASSWORD})
    assert right.status_code == 429


def test_the_page_finds_the_gateway_again_after_a_restart(page: Page, world: Any, kiosk: Any) -> None:
    port = int(world.gateway.url.rpartition(":")[2])
    over = world.folder / "over.toml"
    over.write_text(over.read_text(encoding="utf-8").replace("port = 0", f"port = {port}"), encoding="utf-8")
    log_in(page)
    world.gateway.kill()
    expect(page.locator("#desk")).to_have_attribute("data-line", "lost")
    world.start_gateway()
    expect(page.locator("#desk")).to_have_attribute("data-line", "live")
    made = call(kiosk)
    expect(page.locator(f"[data-call='{made['id']}']")).to_be_visible()
