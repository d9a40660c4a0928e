"""The cashier's page of money in a browser, and the report on the command line."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gateway.clock import day_of
from gateway.staff import accounts
from gateway.staff.accounts import Role
from gateway.staff.cashier import take_money

pytestmark = [pytest.mark.wire, pytest.mark.web]

PASSWORD = "một mật khẩu dài"
PATIENCE = 60_000
ROOT = Path(__file__).resolve().parents[3]
PRICE = 122_500


@pytest.fixture(scope="module")
def more_settings(till: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The hospital's till is told of what is paid here."""
    secret = tmp_path_factory.mktemp("hospital") / "secret"
    secret.write_text("h", encoding="utf-8")
    return f'''[hospital]
kind = "rest"
retry_seconds = [1]
[hospital.rest]
url = "{till.url}"
merchant = "tram-demo"
secret = {{ file = "{secret}" }}
[payments]
card = true
retry_seconds = [1]
'''


@pytest.fixture(scope="module")
def browser(world: Any) -> Generator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def kiosk(world: Any) -> Any:
    for name, role in (("thu", Role.CASHIER), ("tam", Role.SUPERVISOR), ("dem", Role.COUNTER)):
        accounts.add(world.house, name, role, PASSWORD)
    return world.kiosk("B")


@pytest.fixture
def log_in(browser: Browser, world: Any, kiosk: Any) -> Generator[Any]:
    expect.set_options(timeout=PATIENCE)
    contexts: list[Any] = []
    faults: list[str] = []

    def open_page(name: str) -> Page:
        context = browser.new_context(base_url=world.gateway.url, viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto("/staff/login")
        page.get_by_label("Tên").fill(name)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url(re.compile("/staff/(counters|cashier)$"))
        page.goto("/staff/money")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def give_back(cashier: Page, supervisor: Page, reason: str, proof: str) -> None:
    """The whole way of money that goes back: asked for, approved by another person, done with its evidence."""
    approved(cashier, supervisor, reason)
    cashier.get_by_role("button", name="Đã hoàn xong").click()
    cashier.get_by_label("Mã giao dịch hoàn").fill(proof)
    cashier.get_by_role("button", name="Xong", exact=True).click()
    expect(cashier.locator("#refunds")).to_contain_text("Không có việc nào")
    expect(cashier.locator("[data-task=refund]")).to_have_count(0)


def approved(cashier: Page, supervisor: Page, reason: str) -> None:
    """Asked for by one, approved by the other."""
    cashier.locator("[data-task=refund]").get_by_role("button", name="Đề nghị hoàn").click()
    cashier.get_by_label("Lý do hoàn tiền").fill(reason)
    cashier.get_by_role("button", name="Xong", exact=True).click()
    expect(cashier.locator("[data-refund=requested]")).to_contain_text("Chờ người khác duyệt")
    expect(cashier.locator("#fault")).to_have_text("")
    supervisor.get_by_role("button", name="Duyệt hoàn").click()


def test_two_people_give_money_back_and_the_day_is_compared(
    world: Any, kiosk: Any, log_in: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bill = kiosk.check_in(patient={"number": "099088777001"}).json()["bill_id"]
    intent = kiosk.post("/v1/payment-intents", {"bill_id": bill}).json()
    cashier, supervisor = log_in("thu"), log_in("tam")
    world.bank.play("pay", payload=intent["payload"], amount=PRICE + 7_500)
    task = cashier.locator("[data-task=refund]")
    expect(task).to_contain_text("7.500 đ")
    give_back(cashier, supervisor, "Khách chuyển thừa", "FT2699")
    world.bank.play("pay", payload=intent["payload"], amount=3_000, purpose="cam on", mode="lost")
    cashier.get_by_role("button", name="Đối soát").click()
    expect(cashier.locator("#sums")).to_have_text("Khớp: 1 · Ở đây thiếu, vừa ghi bổ sung: 1")
    expect(cashier.locator("[data-task=orphan]")).to_contain_text("3.000 đ")
    cashier.screenshot(path=tmp_path_factory.getbasetemp() / "money.png", full_page=True)


def test_a_visit_that_the_hospital_was_paid_for_goes_back_to_who_paid_here(
    world: Any, kiosk: Any, till: Any, log_in: Any, awaited: Any
) -> None:
    visit = kiosk.check_in(patient={"number": "099088777003"}).json()
    awaited(lambda: visit["check_in_id"] in str(till.state()))
    intent = kiosk.post("/v1/payment-intents", {"bill_id": visit["bill_id"]}).json()
    till.play("settle", check_in=visit["check_in_id"])
    cashier, supervisor = log_in("thu"), log_in("tam")
    world.bank.play("pay", payload=intent["payload"])
    task = cashier.locator("[data-task=hand-over]")
    expect(task).to_contain_text("122.500 đ")
    task.get_by_role("button", name="Trả lại người nộp").click()
    expect(cashier.locator("[data-task=refund]")).to_contain_text("122.500 đ")
    expect(task).to_have_count(0)
    give_back(cashier, supervisor, "Khách đã trả ở quầy bệnh viện", "FT2700")
    now = kiosk.get(f"/v1/payment-intents/{intent['id']}").json()
    assert (now["status"], now["hand_over_pending"]) == ("refunded", False)


def test_what_a_person_entered_at_the_till_is_nobody_s_question_any_more(
    world: Any, kiosk: Any, till: Any, log_in: Any
) -> None:
    made = till.play("bill", citizen="khang")
    bill = kiosk.post("/v1/bills/find", {"code": made["number"]}).json()["bills"][0]
    intent = kiosk.post("/v1/payment-intents", {"bill_id": bill["id"]}).json()
    kiosk.post(f"/v1/payment-intents/{intent['id']}/cancel")
    till.play("pay_bill", bill=made["id"])
    cashier = log_in("thu")
    world.bank.play("pay", payload=intent["payload"])
    task = cashier.locator("[data-task=hand-over]")
    expect(task).to_contain_text(f"{made['number']}")
    task.get_by_role("button", name="Đã nhập tay bên đó").click()
    expect(task).to_have_count(0)
    expect(cashier.locator("#fault")).to_have_text("")
    now = kiosk.get(f"/v1/payment-intents/{intent['id']}").json()
    assert (now["status"], now["hand_over_pending"]) == ("paid-late", False)


def test_a_card_purchase_is_taken_back_at_its_terminal_and_the_batch_is_closed(
    world: Any, kiosk: Any, log_in: Any, awaited: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bill = kiosk.check_in(patient={"number": "099088777004"}).json()["bill_id"]
    intent = kiosk.post("/v1/payment-intents", {"bill_id": bill, "method": "card"}).json()
    attempt = kiosk.post(f"/v1/payment-intents/{intent['id']}/card-attempts").json()
    with world.house.store.write() as transaction:
        take_money(world.house, transaction, bill, "thu")
    charged = {"outcome": "approved", "reference": "RRN7", "amount": PRICE, "at": world.house.now().isoformat()}
    kiosk.post(f"/v1/payment-intents/{intent['id']}/card-attempts/{attempt['id']}", charged)
    cashier, supervisor = log_in("thu"), log_in("tam")

    def duty() -> dict[str, Any]:
        awaited(lambda: kiosk.get("/v1/card-duties").json()["duties"] != [])
        (found,) = kiosk.get("/v1/card-duties").json()["duties"]
        return found

    approved(cashier, supervisor, "Đã trả tiền mặt")
    cashier.get_by_role("button", name="Hủy trên máy thẻ").click()
    expect(cashier.locator("#refunds")).to_contain_text("Đang chờ máy thẻ hủy giao dịch")
    kiosk.post(f"/v1/card-duties/{duty()['id']}", {"outcome": "done", "reference": "R0000007"})
    expect(cashier.locator("#refunds")).to_contain_text("Không có việc nào")
    cashier.get_by_role("button", name="Chốt sổ máy thẻ").click()
    expect(cashier.locator("[data-batch=waiting]")).to_contain_text("Máy thẻ ở trạm B")
    kiosk.post(f"/v1/card-duties/{duty()['id']}", {"outcome": "done", "purchased": PRICE, "reversed": PRICE})
    expect(cashier.locator("[data-batch=done]")).to_contain_text("máy báo 0 đ")
    expect(cashier.locator("#fault")).to_have_text("")
    cashier.screenshot(path=tmp_path_factory.getbasetemp() / "batches.png", full_page=True)


def test_who_counts_no_money_sees_none(world: Any, log_in: Any) -> None:
    page = log_in("dem")
    assert "Khớp" not in page.content() and page.locator("#tasks-list").count() == 0


def test_the_command_line_says_by_its_exit_code_whether_the_day_agrees(world: Any, kiosk: Any, tmp_path: Path) -> None:
    def report(*more: str) -> subprocess.CompletedProcess[str]:
        today = day_of(world.house.now()).isoformat()
        command = [sys.executable, "-m", "gateway", "payments", "report", *world.settings, "--day", today, *more]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)

    agrees = report("--csv", str(tmp_path / "day.csv"))
    assert agrees.returncode == 0, agrees.stderr
    bill = kiosk.check_in(patient={"number": "099088777002"}).json()["bill_id"]
    intent = kiosk.post("/v1/payment-intents", {"bill_id": bill}).json()
    kiosk.post(f"/v1/payment-intents/{intent['id']}/cancel")
    world.bank.play("pay", payload=intent["payload"], mode="lost")
    differs = report("--csv", "-")
    assert differs.returncode == 1 and "missing-here,main,sepay" in differs.stdout
    assert report().returncode == 0
    world.bank.play("outage", on=True)
    assert report().returncode == 3
    world.bank.play("outage", on=False)
