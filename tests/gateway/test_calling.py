"""What counters do with numbers, over HTTP as the console does it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from gateway.staff import accounts
from gateway.staff.accounts import Role
from gateway.store.tables import registrations

PASSWORD = "một mật khẩu dài"
CLINIC = "tim-mach"


class Clerk:
    """Somebody logged in, with the calls the console's page makes."""

    def __init__(self, gateway: Any, name: str, role: Role, counter: str = "") -> None:
        self._client, self.counter = gateway.client, counter
        accounts.add(gateway.house, name, role, PASSWORD)
        self.cookies = {"tram_staff": accounts.log_in(gateway.house, name, PASSWORD)}
        if counter:
            assert self.post(f"/staff/counters/{counter}/take").status_code == 204

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return self._client.post(path, json=body, headers={"Cookie": cookie, **headers})

    def get(self, path: str) -> httpx.Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return self._client.get(path, headers={"Cookie": cookie})

    def state(self) -> dict[str, Any]:
        return self.get(f"/staff/counters/{self.counter}/state").json()

    def current(self) -> str | None:
        found = self.state()["current"]
        return found and found["number"]

    def act(self, do: str, key: str | None = None, **more: Any) -> httpx.Response:
        current = self.state()["current"]
        usual = {"ticket": current and current["id"], "after": current and current["id"]}
        body = {"key": key or str(uuid.uuid4()), "do": do} | usual | more
        return self.post(f"/staff/counters/{self.counter}/act", body)

    def next(self) -> str | None:
        answer = self.act("next")
        assert answer.status_code == 200, answer.text
        found = answer.json()["current"]
        return found and found["number"]

    def find(self, text: str) -> dict[str, Any]:
        return self.post(f"/staff/counters/{self.counter}/find", {"text": text}).json()

    def typed(self, text: str, do: str, **more: Any) -> httpx.Response:
        return self.act(do, ticket=self.find(text)["tickets"][0]["id"], **more)


@pytest.fixture
def lan(gateway: Any) -> Clerk:
    """A clerk at the clinic's first counter."""
    return Clerk(gateway, "lan", Role.COUNTER, "tim-mach-1")


@pytest.fixture
def hue(gateway: Any) -> Clerk:
    """A clerk at its second counter."""
    return Clerk(gateway, "hue", Role.COUNTER, "tim-mach-2")


@pytest.fixture
def boss(gateway: Any) -> Clerk:
    """A supervisor."""
    return Clerk(gateway, "chi-tam", Role.SUPERVISOR)


class People:
    """People who come to a kiosk, insured unless told otherwise."""

    def __init__(self, kiosk: Any) -> None:
        self.kiosk, self.count = kiosk, 0

    def come(self, priority: str = "none", **more: Any) -> dict[str, Any]:
        self.count += 1
        patient = {"number": f"0990880{self.count:05}", "name": f"Người {self.count}"}
        usual: dict[str, Any] = {"use_insurance": True, "priority": priority}
        return self.kiosk.check_in(patient=patient, **(usual | more)).json()


@pytest.fixture
def people(kiosk: Any) -> People:
    return People(kiosk)


def test_numbers_are_called_two_priority_numbers_to_one_ordinary(people: People, lan: Clerk) -> None:
    for _ in range(3):
        people.come()
    for _ in range(5):
        people.come("merit")
    assert [one["number"] for one in lan.state()["next"]] == [
        "U001", "U002", "T001", "U003", "U004", "T002", "U005", "T003",
    ]  # fmt: skip
    assert [lan.next() for _ in range(9)] == ["U001", "U002", "T001", "U003", "U004", "T002", "U005", "T003", None]


def test_calling_the_next_finishes_the_one_before(people: People, lan: Clerk) -> None:
    first = people.come()
    people.come()
    lan.next()
    lan.next()
    assert people.kiosk.check_in(patient={"number": "099088000001", "name": "Người 1"}).json()["number"] != "T001"
    assert lan.find(first["number"])["tickets"][0]["status"] == "done"


def test_a_lost_answer_calls_nobody_twice(people: People, lan: Clerk) -> None:
    for _ in range(3):
        people.come()
    key = str(uuid.uuid4())
    body = {"key": key, "do": "next", "after": None}
    answers = [lan.post(f"/staff/counters/{lan.counter}/act", body).json()["current"]["number"] for _ in range(3)]
    assert answers == ["T001"] * 3
    assert lan.next() == "T002"


def test_a_page_that_is_behind_does_nothing(people: People, lan: Clerk) -> None:
    for _ in range(3):
        people.come()
    lan.next()
    assert lan.act("next", after=None).status_code == 409
    assert lan.current() == "T001"


def test_recalling_is_counted_and_changes_nothing_else(people: People, lan: Clerk) -> None:
    people.come()
    people.come()
    lan.next()
    answer = lan.act("recall").json()
    assert (answer["current"]["number"], answer["current"]["times_called"]) == ("T001", 2)
    assert answer["clinic"]["waiting"] == 1


def test_whoever_is_absent_is_called_again_after_n_others(people: People, lan: Clerk) -> None:
    for _ in range(5):
        people.come()
    lan.next()
    assert [one["number"] for one in lan.act("skip").json()["missed"]] == ["T001"]
    assert lan.current() is None
    assert lan.typed("T001", "back", calls=2).status_code == 200
    assert [lan.next() for _ in range(5)] == ["T002", "T003", "T001", "T004", "T005"]


def test_two_who_come_back_do_not_go_one_behind_the_other(people: People, lan: Clerk) -> None:
    for _ in range(6):
        people.come()
    for number in ("T001", "T002"):
        assert lan.next() == number
        lan.act("skip")
    for number in ("T001", "T002"):
        lan.typed(number, "back", calls=0)
    assert [lan.next() for _ in range(4)] == ["T001", "T003", "T002", "T004"]


def test_results_bring_back_by_the_slips_code(people: People, lan: Clerk) -> None:
    first = people.come()
    for _ in range(3):
        people.come()
    lan.next()
    lan.act("away")
    assert [one["number"] for one in lan.state()["away"]] == ["T001"]
    lan.next()
    found = lan.find(first["code"])["tickets"]
    assert [one["status"] for one in found] == ["away"]
    assert lan.act("back", ticket=found[0]["id"]).status_code == 200
    assert [lan.next() for _ in range(3)] == ["T003", "T001", "T004"], "one other is called between"


def test_a_slip_is_found_by_everything_that_stands_on_it(people: People, lan: Clerk) -> None:
    ticket = people.come()
    people.come("merit")
    for text in ("T001", "t1", " T 001 ", ticket["code"], ticket["code"].lower(), ticket["reprint_code"]):
        assert [one["number"] for one in lan.find(text)["tickets"]] == ["T001"], text
    assert sorted(one["number"] for one in lan.find("1")["tickets"]) == ["T001", "U001"]
    assert lan.find("T099") == {"tickets": [], "slip": None}


def test_a_reprint_code_that_looks_like_a_number_finds_its_slip(people: People, lan: Clerk, gateway: Any) -> None:
    ticket = people.come()
    with gateway.house.store.write() as transaction:
        mine = registrations.c.check_in_id == ticket["check_in_id"]
        transaction.execute(update(registrations).where(mine).values(reprint_code="HEFN-HV82"))
    assert [one["number"] for one in lan.find("hefn-hv82")["tickets"]] == ["T001"]


def test_the_reason_for_priority_is_the_staffs_alone(people: People, lan: Clerk, gateway: Any) -> None:
    from gateway.queue.board import board

    people.come("pregnant")
    lan.next()
    assert lan.state()["current"]["priority_reason"] == "pregnant"
    with gateway.house.store.read() as transaction:
        shown = board(gateway.house, transaction, "Sảnh", [CLINIC]).model_dump_json()
    assert '"group":"priority"' in shown and "pregnant" not in shown


def test_the_counter_gives_and_takes_priority_after_a_look_at_the_papers(people: People, lan: Clerk) -> None:
    people.come()
    people.come()
    people.come("merit")
    lan.typed("T002", "priority")
    lan.typed("U001", "ordinary")
    assert [lan.next() for _ in range(3)] == ["T002", "T001", "U001"]


def test_two_counters_do_not_share_a_number(people: People, lan: Clerk, hue: Clerk) -> None:
    for _ in range(4):
        people.come()
    assert [lan.next(), hue.next(), lan.next(), hue.next()] == ["T001", "T002", "T003", "T004"]
    assert hue.typed("T003", "call").status_code == 409, "it stands at the other counter"
    assert hue.typed("T003", "back").status_code == 409


def test_one_person_sits_at_a_counter_until_it_is_freed(gateway: Any, people: People, lan: Clerk, boss: Clerk) -> None:
    people.come()
    other = Clerk(gateway, "tan", Role.COUNTER)
    other.counter = lan.counter
    assert other.post(f"/staff/counters/{lan.counter}/take").status_code == 409
    assert other.act("next").status_code == 403
    assert other.post(f"/staff/counters/{lan.counter}/free").status_code == 403, "a supervisor's"
    lan.next()
    assert boss.post(f"/staff/counters/{lan.counter}/free").status_code == 204
    assert lan.act("finish").status_code == 403
    assert other.post(f"/staff/counters/{lan.counter}/take").status_code == 204
    assert other.current() == "T001", "whoever was called stays at the counter"
    assert other.act("finish").status_code == 200


def test_whoever_logged_out_sits_nowhere(gateway: Any, lan: Clerk) -> None:
    accounts.log_out(gateway.house, lan.cookies["tram_staff"])
    other = Clerk(gateway, "tan", Role.COUNTER)
    assert other.post("/staff/counters/tim-mach-1/take").status_code == 204


def test_another_counter_is_taken_by_leaving_the_first(lan: Clerk) -> None:
    assert lan.post("/staff/counters/tim-mach-2/take").status_code == 204
    assert lan.state()["mine"] is False


def test_a_transferred_number_keeps_its_slip_and_its_time(gateway: Any, people: People, lan: Clerk) -> None:
    eyes = Clerk(gateway, "mai", Role.COUNTER, "mat")
    people.come(clinic_id=CLINIC)
    gateway.clock.turn(minutes=1)
    people.come(clinic_id="mat")
    lan.next()
    assert lan.act("transfer", clinic="mat").status_code == 200
    assert lan.current() is None
    coming = eyes.state()["next"]
    assert [(one["number"], one["from_clinic"]) for one in coming] == [("T001", "Nội tim mạch"), ("T001", None)]
    assert eyes.next() == "T001"
    assert eyes.state()["current"]["from_clinic"] == "Nội tim mạch"
    assert eyes.act("transfer", clinic=CLINIC).status_code == 200
    assert [one["number"] for one in lan.state()["next"]] == ["T001"]
    assert lan.state()["next"][0]["from_clinic"] is None, "back where it came from it is T001 again"


def test_a_closed_clinics_line_moves_as_a_whole(people: People, kiosk: Any, lan: Clerk, boss: Clerk) -> None:
    for _ in range(3):
        people.come()
    people.come("merit")
    people.come(clinic_id="mat")
    lan.next()
    assert lan.post(f"/staff/clinics/{CLINIC}/close").status_code == 403, "a supervisor's"
    assert boss.post(f"/staff/clinics/{CLINIC}/close").status_code == 204

    def clinic(id: str) -> dict[str, Any]:
        return next(one for one in kiosk.get("/v1/clinics").json()["clinics"] if one["id"] == id)

    assert clinic(CLINIC)["opens_at"] is not None
    assert boss.post(f"/staff/clinics/{CLINIC}/move", {"to": "mat"}).status_code == 204
    assert (clinic(CLINIC)["waiting"], clinic("mat")["waiting"]) == (0, 4)
    assert lan.current() == "U001", "who stands at the counter stays there"
    assert boss.post(f"/staff/clinics/{CLINIC}/open").status_code == 204
    assert clinic(CLINIC)["opens_at"] is None


def test_whoever_pays_first_is_not_called_before(people: People, lan: Clerk, gateway: Any) -> None:
    cashier = Clerk(gateway, "thu", Role.CASHIER)
    held = people.come(use_insurance=False)
    people.come("merit", use_insurance=False)
    people.come()
    assert held["status"] == "unpaid"
    assert [lan.next(), lan.next(), lan.next()] == ["U001", "T002", None], "insured people and priority are exempt"
    assert lan.typed("T001", "call").status_code == 409
    assert [one["number"] for one in lan.state()["unpaid"]] == ["T001"]
    bills = cashier.get("/staff/cashier/state").json()["bills"]
    assert [(one["number"], one["amount"], one["held"]) for one in bills] == [
        ("T001", 122_500, True),
        ("U001", 122_500, False),
    ][:1], "a number that is over is no longer the cashier's business"
    assert lan.post(f"/staff/tickets/{bills[0]['ticket_id']}/release").status_code == 403
    assert cashier.post(f"/staff/tickets/{bills[0]['ticket_id']}/release").status_code == 204
    assert lan.next() == "T001"
    assert lan.state()["current"]["owed"] == 122_500, "released is not paid"


def test_money_at_the_desk_lets_a_number_be_called_and_kills_its_code(people: People, lan: Clerk, gateway: Any) -> None:
    cashier = Clerk(gateway, "thu", Role.CASHIER)
    held = people.come(use_insurance=False)
    intent = people.kiosk.post("/v1/payment-intents", {"bill_id": held["bill_id"]}).json()
    assert cashier.post(f"/staff/bills/{held['bill_id']}/paid").status_code == 204
    assert cashier.post(f"/staff/bills/{held['bill_id']}/paid").status_code == 409
    assert people.kiosk.get(f"/v1/payment-intents/{intent['id']}").json()["status"] == "cancelled"
    assert lan.next() == "T001"
    assert lan.state()["current"]["owed"] == 0


def test_a_number_printed_offline_is_called_from_its_slip_and_stays_one_ticket(
    people: People, kiosk: Any, lan: Clerk, gateway: Any
) -> None:
    lease = next(
        one
        for one in kiosk.post("/v1/leases").json()["leases"]
        if one["clinic_id"] == CLINIC and one["day"] == "2026-11-23"
    )
    key, at = str(uuid.uuid4()), gateway.house.now().isoformat()
    fallback = {"lease_id": lease["id"], "number": "B01"}
    assert lan.find("b1") == {"tickets": [], "slip": "B01"}
    assert lan.act("slip", number="Z09").status_code == 404
    assert lan.act("slip", number="B01").json()["current"]["number"] == "B01"
    arrived = kiosk.check_in(key, use_insurance=True, fallback=fallback).json()
    assert (arrived["number"], arrived["status"]) == ("B01", "called")
    use = {"registration_key": key, "fallback": fallback, "printed_at": at}
    assert kiosk.post("/v1/check-ins/fallback", use).json()["number"] == "B01"
    assert lan.state()["clinic"]["waiting"] == 0
    assert lan.next() is None, "nobody is called a second time under the number of the server"


def test_a_void_number_is_never_called(people: People, kiosk: Any, lan: Clerk, gateway: Any) -> None:
    lease = next(
        one
        for one in kiosk.post("/v1/leases").json()["leases"]
        if one["clinic_id"] == CLINIC and one["day"] == "2026-11-23"
    )
    key, at = str(uuid.uuid4()), gateway.house.now().isoformat()
    fallback = {"lease_id": lease["id"], "number": "B01"}
    assert kiosk.check_in(key, use_insurance=True).json()["number"] == "T001"
    use = {"registration_key": key, "fallback": fallback, "printed_at": at}
    kiosk.post("/v1/check-ins/fallback", use)
    assert lan.find("T001")["tickets"] == []
    assert [lan.next(), lan.next()] == ["B01", None]


def test_numbers_are_called_by_the_time_they_were_taken_whatever_they_look_like(
    people: People, kiosk: Any, lan: Clerk, gateway: Any
) -> None:
    lease = next(
        one
        for one in kiosk.post("/v1/leases").json()["leases"]
        if one["clinic_id"] == CLINIC and one["day"] == "2026-11-23"
    )
    early = gateway.house.now()
    gateway.clock.turn(minutes=5)
    people.come()
    key = str(uuid.uuid4())
    patient = {"number": "099088000900", "name": "Người Ngoài Mạng"}
    kiosk.check_in(key, patient=patient, use_insurance=True, arrived_at=early.isoformat())
    use = {
        "registration_key": key,
        "fallback": {"lease_id": lease["id"], "number": "B01"},
        "printed_at": early.isoformat(),
    }
    kiosk.post("/v1/check-ins/fallback", use)
    assert [lan.next(), lan.next()] == ["B01", "T001"]


def test_yesterdays_numbers_are_history(people: People, lan: Clerk, gateway: Any) -> None:
    people.come()
    gateway.clock.turn(hours=11)
    clerk = Clerk(gateway, "mai", Role.COUNTER, "tim-mach-2")
    gateway.clock.turn(hours=2)
    assert clerk.next() is None
    assert clerk.find("T001")["tickets"] == []


def test_a_counter_does_nothing_with_another_clinics_numbers(people: People, lan: Clerk) -> None:
    ticket = people.come(clinic_id="mat")
    found = lan.find(ticket["code"])["tickets"]
    assert [one["clinic"] for one in found] == ["Mắt"]
    assert lan.act("call", ticket=found[0]["id"]).status_code == 403
    assert lan.act("transfer", ticket=found[0]["id"], clinic=CLINIC).status_code == 403
    assert lan.act("next", clinic="mat").status_code == 403


def test_nobody_without_the_role_calls_numbers(gateway: Any) -> None:
    for role in (Role.STAFF, Role.CASHIER, Role.DATA_OFFICER):
        clerk = Clerk(gateway, f"nv-{role.value}", role)
        assert clerk.get("/staff/counters/state").status_code == 403
        assert clerk.post("/staff/counters/tim-mach-1/take").status_code == 403
    stranger = gateway.client.post("/staff/counters/tim-mach-1/take")
    assert stranger.status_code == 401


def test_another_site_calls_nobody(people: People, lan: Clerk) -> None:
    people.come()
    body = {"key": str(uuid.uuid4()), "do": "next", "after": None}
    answer = lan.post(f"/staff/counters/{lan.counter}/act", body, **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert lan.current() is None


class OnPaper:
    """Somebody with a number that a kiosk printed while it had no answer."""

    def __init__(self, gateway: Any, kiosk: Any) -> None:
        self.kiosk, self.at = kiosk, gateway.house.now().isoformat()
        lease = next(
            one
            for one in kiosk.post("/v1/leases").json()["leases"]
            if one["clinic_id"] == CLINIC and one["day"] == "2026-11-23"
        )
        self.key, self.fallback = str(uuid.uuid4()), {"lease_id": lease["id"], "number": lease["numbers"][0]}
        self.number: str = lease["numbers"][0]
        self.patient = {"number": "099088000900", "name": "Người Ngoài Mạng"}

    def register(self, **more: Any) -> dict[str, Any]:
        usual: dict[str, Any] = {"use_insurance": True, "fallback": self.fallback, "arrived_at": self.at}
        return self.kiosk.check_in(self.key, patient=self.patient, **(usual | more)).json()

    def say_what_was_printed(self) -> dict[str, Any]:
        use = {"registration_key": self.key, "fallback": self.fallback, "printed_at": self.at}
        return self.kiosk.post("/v1/check-ins/fallback", use).json()


@pytest.fixture
def on_paper(gateway: Any, kiosk: Any) -> OnPaper:
    return OnPaper(gateway, kiosk)


@pytest.mark.parametrize("end", ["skip", "finish", "next"])
def test_whoever_was_called_by_a_number_they_never_saw_is_called_by_their_own(
    lan: Clerk, on_paper: OnPaper, end: str
) -> None:
    on_paper.register(priority="merit")
    assert lan.next() == "U001", "the answer with this number was lost, it stands on no paper"
    lan.act(end)
    answer = on_paper.say_what_was_printed()
    assert (answer["number"], answer["status"]) == (on_paper.number, "waiting")
    (waiting,) = lan.state()["next"]
    assert (waiting["number"], waiting["lane"], waiting["times_called"]) == (on_paper.number, "priority", 0)
    assert lan.state()["clinic"]["waiting"] == 1
    assert [lan.next(), lan.next()] == [on_paper.number, None]


def test_whoever_stood_there_with_the_slip_is_not_called_again(lan: Clerk, on_paper: OnPaper) -> None:
    code = on_paper.register()["code"]
    assert lan.typed(code, "call").status_code == 200
    lan.act("finish")
    assert on_paper.say_what_was_printed()["status"] == "done"
    assert lan.next() is None


def test_whoever_holds_the_given_number_from_another_kiosk_was_called(
    gateway: Any, lan: Clerk, on_paper: OnPaper
) -> None:
    on_paper.register()
    other = gateway.kiosk("C").check_in(patient=on_paper.patient, use_insurance=True).json()
    assert other["number"] == "T001" and other["held"]
    assert lan.next() == "T001"
    lan.act("skip")
    assert on_paper.say_what_was_printed()["status"] == "missed"


def test_a_number_served_from_its_paper_is_the_ticket_when_its_registration_comes(
    lan: Clerk, on_paper: OnPaper
) -> None:
    assert lan.act("slip", number=on_paper.number).status_code == 200
    lan.act("finish")
    arrived = on_paper.register(priority="merit")
    assert (arrived["number"], arrived["status"], arrived["priority"]) == (on_paper.number, "done", True)
    assert on_paper.say_what_was_printed()["number"] == on_paper.number
    assert lan.next() is None


def test_a_kiosk_whose_clock_was_ahead_gives_nobody_a_second_number(
    gateway: Any, lan: Clerk, on_paper: OnPaper
) -> None:
    on_paper.at = (gateway.house.now() + timedelta(hours=2)).isoformat()
    assert lan.act("slip", number=on_paper.number).status_code == 200
    lan.act("finish")
    gateway.clock.turn(minutes=50)
    on_paper.kiosk.token = on_paper.kiosk.fetch_token()
    on_paper.kiosk.ahead = timedelta(hours=2)
    arrived = on_paper.register()
    assert (arrived["number"], arrived["status"]) == (on_paper.number, "done")
    assert lan.next() is None


def test_whose_day_is_over_is_not_made_to_wait_again(gateway: Any, lan: Clerk, on_paper: OnPaper) -> None:
    on_paper.register()
    assert lan.next() == "T001"
    lan.act("finish")
    gateway.clock.turn(days=1)
    on_paper.kiosk.token = on_paper.kiosk.fetch_token()
    assert on_paper.say_what_was_printed()["status"] == "done"


def test_a_number_read_wrongly_in_the_morning_takes_nobodys_ticket_later(
    gateway: Any, lan: Clerk, on_paper: OnPaper
) -> None:
    assert lan.act("slip", number=on_paper.number).status_code == 200
    lan.act("skip")
    gateway.clock.turn(hours=1)
    on_paper.kiosk.token = on_paper.kiosk.fetch_token()
    later = on_paper.register(arrived_at=gateway.house.now().isoformat())
    assert (later["number"], later["status"]) == ("T001", "waiting")
    assert lan.next() == "T001"
