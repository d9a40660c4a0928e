"""One gateway's life with money: what kiosks, payers, bank, till and cashier do, and what must hold whatever they do.

Nothing is asked of the gateway's own books that the bank's and the till's do not say too.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx
from fastapi import FastAPI
from sqlalchemy import RowMapping, select
from sqlalchemy.util import LRUCache

from benchmarks.payments.databases import Template
from benchmarks.payments.faults import Faults, FragileLine, FragileStore, Killed
from benchmarks.payments.terminal import Terminal, serve
from gateway.api.deps import the_kiosk
from gateway.app import bare, open_house
from gateway.fleet.evidence import EvidenceVerdict
from gateway.fleet.kiosks import Doorkeeper, Kiosk
from gateway.hospital.rest.billing import RestBilling
from gateway.hospital.rest.client import RestClient
from gateway.house import House
from gateway.payments import duties, refunds
from gateway.payments.bills import intents_of, kept_of
from gateway.payments.payos import PayOs
from gateway.payments.provider import BankUnavailable, Money
from gateway.payments.running import let_go_of_errands, run_due
from gateway.payments.sepay import SePay
from gateway.payments.states import OPEN, TRANSITIONS
from gateway.payments.watch import look_once, read_bills, reconcile
from gateway.queue.registration import register
from gateway.settings import Bank, Secret, load
from gateway.staff import cashier, money
from gateway.store.tables import bank_transactions, bills, card_attempts, card_duties, cashier_tasks, payment_intents
from gateway.store.tables import refunds as refund_rows
from services.contract import routes
from services.contract.models import CardDuties, EvidenceLevel, PaymentStatus, Person, Registration
from simulators import citizens
from simulators.hospital.catalogue import load as load_catalogue
from simulators.hospital.faults import Play
from simulators.hospital_rest.app import create as create_hospital
from simulators.hospital_rest.bills import Till
from simulators.hospital_rest.desk import Desk
from simulators.hospital_rest.store import Store as HospitalStore
from simulators.payos.app import create as create_payos
from simulators.payos.channel import Channel

DEMO = Path(__file__).resolve().parents[2] / "gateway" / "data" / "demo-hoa-giang.toml"
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
ACCOUNT = "1903550744471"
PLACE = timedelta(hours=7)
NAME = "BENH VIEN DA KHOA HOA GIANG"
_BIG = Path("/dev/shm")  # noqa: S108 - only where the machine has it


_compiled = cast(Any, LRUCache)(2000)


@cache
def _api() -> FastAPI:
    """One application for all lives, one after the other: building its routes takes longer than a life."""
    return bare()


class TurnedClock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment


class ListedBank(SePay):
    """SePay's notifications, and its list as this life's bank keeps it."""

    life: Life

    async def movements_since(self, moment: datetime) -> list[Money]:
        self.life.faults.hit("before bank GET")
        if self.life.bank_down:
            raise BankUnavailable("down")
        found = [each for each in self.life.listed if each.at >= moment]
        self.life.faults.hit("after bank GET")
        return found


@dataclass(frozen=True)
class Taken:
    """What the bank took for somebody."""

    id: str
    amount: int
    notice: tuple[bytes, dict[str, str]]


class Life:
    """A gateway and the world around it. `orders`: the main account's provider keeps orders (payOS), else a list."""

    def __init__(self, template: Template, *, orders: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tram-money-", dir=_BIG if _BIG.is_dir() else None))
        self.faults, self.clock = Faults(), TurnedClock()
        self.orders = orders
        self.payos, self.hospital = Play(), Play()
        self.bank_down = False
        self.listed: list[Money] = []
        self.taken: list[Taken] = []
        self.waiting: list[Taken] = []
        """Notifications that were not sent yet, or may be sent again."""
        self.restarts = 0
        self.kills = 0
        self.refused = 0
        self._count = 0
        self.runner = asyncio.Runner()
        self.channel = Channel("checksum", ACCOUNT, NAME, "999999", lambda: self.clock.now().timestamp())
        self.terminal = Terminal(self.faults, self.clock.now)
        self.given: set[str] = set()
        """Refunds that were given back by hand."""
        self.till = Till(Desk(HospitalStore(), load_catalogue()), now=self.clock.now)
        self.house = self._open(template)
        self.client = self._serve()
        self.kiosk = Kiosk("k" * 32, "B", "Trạm B", "Kiosk B")
        self.seen: dict[str, str] = {}
        """The last state of every intent, to know that none goes back."""
        self.shown: dict[str, str] = {}
        """Codes that a kiosk got: a payer may have photographed any of them."""
        self.bills = [self._own_bill() for _ in range(2)]
        self.his = [self._his_bill() for _ in range(2)]
        self.bills += self._find()

    # --- building

    def _open(self, template: Template) -> House:
        self._template, self._database = template, template.copy(self.folder)
        for name in ("secret", "token", "client"):
            (self.folder / name).write_text(f"a {name}", encoding="utf-8")
        (self.folder / "number").write_text("099180999901", encoding="utf-8")
        secret = f'{{ file = "{self.folder}/secret" }}'
        over = self.folder / "over.toml"
        over.write_text(
            f'database = "{self._database}"\n[keys]\ndirectory = "{self.folder}/keys"\n'
            f'[insurance]\nurl = "http://127.0.0.1:1"\npassword = {secret}\noperator_name = {secret}\n'
            f'operator_number = {{ file = "{self.folder}/number" }}\n'
            f'[bank]\napi_url = "http://127.0.0.1:1"\nwebhook_secret = {secret}\n'
            f"api_token = {secret}\n[payments]\ncard = true\ncard_batch_at = 12:30:00\n",
            encoding="utf-8",
        )
        settings = load([DEMO, over])
        opened = open_house(settings, self.clock)
        opened.store.close()
        place = {name: Secret(file=self.folder / name) for name in ("secret", "token", "client")}
        if self.orders:
            account = Bank(bin="999999", account=ACCOUNT, account_name=NAME, provider="payos", api_url="http://payos",
                           webhook_secret=place["secret"], api_token=place["token"],
                           client_id=place["client"])  # fmt: skip
            self.channel.key = "a secret"
            app = create_payos(self.channel, "a client", "a token")
            bank: Any = PayOs(account, FragileLine(app, self.payos, self.faults, "payOS"))
        else:
            bank = ListedBank(settings.bank)
            bank.life = self
        his = create_hospital(self.till.desk, "tram", "his", now=lambda: self.clock.now().timestamp(), till=self.till)
        line = FragileLine(his, self.hospital, self.faults, "till")
        client = RestClient("http://his", "tram", "his", 2.0, self.clock, line)
        store = FragileStore(settings.database, opened.bus, self.faults)
        # Lives come by the thousand: what statements compile to is the same for all. SQLAlchemy has no public way.
        store.engine._compiled_cache = _compiled  # type: ignore[attr-defined] - not public
        store._writing._compiled_cache = _compiled  # type: ignore[attr-defined] - not public
        return replace(opened, store=store, bank=bank, sources={"hospital": RestBilling(client)})

    def _serve(self) -> httpx.AsyncClient:
        api = _api()
        api.state.house, api.state.doorkeeper = self.house, Doorkeeper(self.house)
        api.dependency_overrides[the_kiosk] = lambda: self.kiosk
        transport = httpx.ASGITransport(api, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://gateway")

    def close(self) -> None:
        """Forget it."""
        self.runner.run(self.client.aclose())
        self.runner.close()
        self.house.store.close()
        self._template.drop(self._database)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _own_bill(self) -> str:
        self._count += 1
        person = Person(number=f"0990{self._count:08}", name="x", level=EvidenceLevel.CHIP_GENUINE)
        registration = Registration(patient=person, clinic_id="tim-mach", arrived_at=self.clock.now())
        verdict = EvidenceVerdict(EvidenceLevel.CHIP_GENUINE, "")
        with self.house.store.write() as transaction:
            ticket = register(self.house, transaction, self.kiosk, str(uuid.uuid4()), registration, verdict)
        # The till knows the visit: in a hospital its own delivery told it (`gateway.hospital.delivery`).
        self.till.store.put(
            "INSERT INTO registrations (asked, state, version, body) VALUES (?, 'DEN', 1, '{}')", ticket.check_in_id
        )
        assert ticket.bill_id is not None
        return ticket.bill_id

    def _his_bill(self) -> int:
        self._count += 1
        kind = "TAM_UNG" if self._count % 2 else "THU"
        return self.till.charge(citizens.load("khang"), [{"TEN": "x", "THANH_TIEN": 50_000}], kind)

    def _find(self) -> list[str]:
        numbers = [row["SO_PHIEU"] for row in self.till.store.all("SELECT * FROM bills")]
        return [self.post("/v1/bills/find", {"code": number}).json()["bills"][0]["id"] for number in numbers]

    def _find_again(self) -> None:
        for row in self.till.store.all("SELECT * FROM bills"):
            self.post("/v1/bills/find", {"code": row["SO_PHIEU"]})

    # --- the wire

    def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        """A kiosk's write; a process that died answers nobody and is started again."""
        key = {"Idempotency-Key": str(uuid.uuid4()), **headers}
        answer = self.runner.run(self.client.post(path, json=body if body is not None else {}, headers=key))
        self._after()
        return answer

    def insist(self, path: str, body: object = None) -> httpx.Response:
        """A write as a kiosk repeats it: the same key until there is an answer that is one."""
        key = str(uuid.uuid4())
        answer = self.post(path, body, **{"Idempotency-Key": key})
        for _ in range(5):
            if answer.status_code == 503:
                key = str(uuid.uuid4())  # answered: nothing was made, the person tries again
            elif answer.status_code not in {409, 500}:
                return answer
            self.wait(61)
            self.work(run_due)
            answer = self.post(path, body, **{"Idempotency-Key": key})
        return answer

    def insist_on_code(self, which: int) -> None:
        """A code for a bill, whatever it takes."""
        answer = self.insist("/v1/payment-intents", {"bill_id": self.bills[which]})
        assert answer.status_code == 200, answer.text
        self.shown[answer.json()["id"]] = answer.json()["payload"]

    def newest(self) -> str:
        """The intent that was made last."""
        return self._intents()[-1]["id"]

    def deliver_all(self) -> None:
        """The provider repeats what was not taken."""
        for taken in self.taken:
            self._notify(taken)

    def work(self, what: Any) -> None:
        """Something of the gateway's own background."""
        with contextlib.suppress(Killed):
            self.runner.run(what(self.house))
        self._after()

    def decide(self, what: Any, *values: Any, **named: Any) -> None:
        """Something a person does at a page; refusals are answers."""
        from gateway.problems import Refused

        try:
            with self.house.store.write() as transaction:
                what(self.house, transaction, *values, **named)
        except (Killed, Refused):
            pass
        self._after()

    def _after(self) -> None:
        if self.faults.dead:
            self.kills += 1
            self.restart()

    def restart(self) -> None:
        """The process is started again: claims of the dead one are let go, as at every start."""
        self.faults.live()
        self.restarts += 1
        let_go_of_errands(self.house)

    # --- what happens

    def make(self, which: int, method: str = "qr") -> None:
        answer = self.post("/v1/payment-intents", {"bill_id": self.bills[which % len(self.bills)], "method": method})
        if answer.status_code == 404:
            self._find_again()  # who found the bill was away too long
            return
        assert answer.status_code in {200, 422, 500, 503}, answer.text
        if answer.status_code == 200:
            intent = answer.json()
            if intent["payload"]:
                self.shown[intent["id"]] = intent["payload"]

    def pay(self, which: int, amount: int, how: str) -> None:
        """Somebody pays a code they saw, now or long ago; `how`: told, twice, later, lost."""
        if not self.shown:
            return
        intent_id = list(self.shown)[which % len(self.shown)]
        row = self._intent(intent_id)
        value = {0: row["amount"], 1: row["amount"] // 2, 2: row["amount"] + 7_000}[amount]
        self._count += 1
        if self.orders:
            order = self.channel.orders.get(row["order_code"])
            try:
                moved = self.channel.pay("" if order is None else order.virtual, value)
            except ValueError:
                return  # the bank refuses: the virtual account is closed
            body = json.dumps(self.channel.notice(moved)).encode()
            taken = Taken(moved["reference"], value, (body, {}))
        else:
            taken = self._transfer(f"IBFT {row['purpose']} GD{self._count}", value)
        self._tell(taken, how)

    def stray(self, how: str) -> None:
        """Money that names nobody."""
        if not self.orders:
            self._count += 1
            self._tell(self._transfer("cam on benh vien", 11_000), how)

    def _transfer(self, content: str, value: int) -> Taken:
        id = str(100_000 + self._count)
        moved = Money("sepay", id, ACCOUNT, value, True, content, f"FT{id}", self.clock.now())
        self.listed.append(moved)
        local = self.clock.now() + timedelta(hours=7)
        notice = {
            "id": int(id),
            "transactionDate": f"{local:%Y-%m-%d %H:%M:%S}",
            "accountNumber": ACCOUNT,
            "content": content,
            "transferType": "in",
            "transferAmount": value,
            "referenceCode": f"FT{id}",
        }
        return Taken(id, value, (json.dumps(notice).encode(), {}))

    def _tell(self, taken: Taken, how: str) -> None:
        self.taken.append(taken)
        if how in {"later", "twice"}:
            self.waiting.append(taken)
        if how in {"told", "twice"}:
            self._notify(taken)

    def deliver(self, which: int) -> None:
        """A notification that waited, out of order, or one that came before, once more."""
        if self.waiting:
            self._notify(self.waiting[which % len(self.waiting)])

    def _notify(self, taken: Taken, secret: str = "a secret") -> int:  # noqa: S107 - an invented one
        body, headers = taken.notice
        if not self.orders:
            stamp = str(int(self.clock.now().timestamp()))
            digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
            headers = {"X-SePay-Timestamp": stamp, "X-SePay-Signature": f"sha256={digest}"}
        answer = self.runner.run(self.client.post("/v1/webhooks/bank", content=body, headers=headers))
        self._after()
        return answer.status_code

    def forge(self, which: int, how: str) -> None:
        """An attacker tells of money that never moved, or alters what did."""
        if not self.taken:
            return
        taken = self.taken[which % len(self.taken)]
        body = taken.notice[0]
        if how == "altered" and self.orders:
            content = json.loads(body)
            content["data"]["amount"] += 1
            status = self._notify(replace(taken, notice=(json.dumps(content).encode(), {})))
        elif how == "altered":
            stamp = str(int(self.clock.now().timestamp()))
            digest = hmac.new(b"a secret", f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
            headers = {"X-SePay-Timestamp": stamp, "X-SePay-Signature": f"sha256={digest}"}
            sent = body.replace(b'"in"', b'"In"')
            status = self.runner.run(self.client.post("/v1/webhooks/bank", content=sent, headers=headers)).status_code
            self._after()
        else:
            content = json.loads(body)
            content["signature"] = "0" * 64
            status = self._notify(replace(taken, notice=(json.dumps(content).encode(), {})), "another secret")
        assert status in {401, 500}, f"a forged notification was answered {status}"
        self.refused += 1

    def cancel(self, which: int) -> None:
        if (intent := self._some(which)) is not None:
            self.post(f"/v1/payment-intents/{intent['id']}/cancel")

    def claim(self, which: int) -> None:
        if (intent := self._some(which)) is not None:
            self.post(f"/v1/payment-intents/{intent['id']}/claim")

    def card(self, which: int, outcome: str) -> None:
        """Somebody at the terminal, or an answer for an attempt that waits.

        `outcome`: approved, declined, reversed (the card was pulled), not-found (it never began there); unknown and
        silent: nobody could tell, or the kiosk's power went, after the card was charged ("-charged") or before.
        """
        by_card = [row for row in self._intents() if row["method"] == "card"]
        if by_card:
            self._at_terminal(by_card[which % len(by_card)]["id"], outcome)

    def card_beside_cash(self, which: int) -> None:
        """A bill is paid at the cashier's while its payer stands at the terminal: the purchase is to go back, whole."""
        self.make(which % 2, "card")
        by_card = [row for row in self._intents() if row["method"] == "card" and row["live"]]
        if by_card:
            self._at_terminal(by_card[-1]["id"], "approved", lambda: self.at_desk(which))

    def _at_terminal(self, intent_id: str, outcome: str, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.wait(1)  # no two things happen at one terminal at the same moment
        begun = self.post(routes.CARD_ATTEMPTS.format(id=intent_id))
        attempt = begun.json() if begun.status_code == 200 else self._open_attempt(intent_id)
        if attempt is None:
            return
        does = outcome
        if outcome.startswith(("unknown", "silent")):
            does = "approved" if outcome.endswith("-charged") else "not-found"
        meanwhile()
        # One that was begun before is never begun again: the terminal is asked what became of it.
        if begun.status_code == 200 and does != "not-found":
            self.terminal.play(attempt["service_id"], intent_id, attempt["amount"], does)
        if not outcome.startswith("silent"):
            self._tell_card(attempt, unknown=outcome.startswith("unknown"))

    def _tell_card(self, attempt: dict[str, Any] | RowMapping, *, unknown: bool = False) -> None:
        """The kiosk says what the terminal said."""
        said = {"outcome": "unknown"} if unknown else self.terminal.journal(attempt["service_id"])
        path = routes.CARD_ATTEMPT.format(id=attempt["intent_id"], attempt=attempt["id"])
        for _ in range(2):
            answer = self.post(path, {**said, "at": self.clock.now().isoformat()})
            if answer.status_code != 500:
                break
        else:
            return
        assert answer.status_code == 200, answer.text

    def _open_attempt(self, intent_id: str) -> RowMapping | None:
        with self.house.store.read() as transaction:
            return transaction.one(
                select(card_attempts).where(card_attempts.c.intent_id == intent_id, card_attempts.c.open)
            )

    def serve_duties(self) -> None:
        """The kiosk does what waits for its terminal, and dies with the process where that dies."""
        self.wait(1)
        answer = self.runner.run(self.client.get(routes.CARD_DUTIES))
        self._after()
        if answer.status_code != 200:
            return
        with contextlib.suppress(Killed):
            serve(self.terminal, self, CardDuties.model_validate(answer.json()))
        self._after()

    def ask_back(self, which: int) -> None:
        """The cashier has the terminal take back an approved refund."""
        rows = self._refunds("approved")
        if rows:
            self.decide(duties.ask_reversal, rows[which % len(rows)]["id"], "thu")

    def ask_closing(self) -> None:
        """The cashier has the terminal close its batch."""
        self.decide(duties.ask_closing, "thu")

    def at_desk(self, which: int) -> None:
        self.decide(cashier.take_money, self.bills[which % 2], "thu")

    def at_till(self, which: int, happens: str) -> None:
        """The hospital's own cashier is paid, or the bill changes or is cancelled there."""
        bill = self.his[which % len(self.his)]
        held = self.till.store.one("SELECT * FROM bills WHERE id = ?", bill) or {}
        if held["state"] != 0 or (held["holder"] and held["held_until"] > f"{self.clock.now() + PLACE:%Y%m%d%H%M}"):
            return  # held for a kiosk: the till waits
        if happens == "paid":
            self.till.become(bill, 1)
        elif happens == "changed":
            self.till.change(bill, held["PHAI_TRA"] + 10_000)
        elif happens == "smaller" and held["PHAI_TRA"] > 30_000:
            self.till.change(bill, held["PHAI_TRA"] - 20_000)
        elif happens == "cancelled":
            self.till.become(bill, 2)

    def at_visit(self, which: int) -> None:
        """The hospital's own cashier is paid for a visit, which the gateway cannot know: it takes no payment again."""
        with self.house.store.read() as transaction:
            bill = transaction.one(select(bills).where(bills.c.id == self.bills[which % 2]))
        if bill is not None and bill["check_in_id"] is not None:
            self.till.desk.become(bill["check_in_id"], "THU")

    def task(self, which: int, choice: int) -> None:
        """The cashier decides one of the open questions."""
        with self.house.store.read() as transaction:
            rows = transaction.all(
                select(cashier_tasks).where(cashier_tasks.c.closed_at.is_(None)).order_by(cashier_tasks.c.opened_at)
            )
        if not rows:
            return
        row = rows[which % len(rows)]
        match row["kind"], choice % 2:
            case "underpaid", 0:
                self.decide(money.rest_at_desk, row["id"], "thu")
            case "claimed", _:
                self.decide(money.nothing_came, row["id"], "thu")
            case "orphan", 0:
                with self.house.store.read() as transaction:
                    numbers = [each["number"] for each in transaction.all(select(bills.c.number))]
                self.decide(money.give_to_bill, row["id"], numbers[which % len(numbers)], "thu")
            case "hand-over", 0:
                self.decide(money.entered_by_hand, row["id"], "thu")
            case "hand-over", _:
                self.decide(money.back_to_payer, row["id"], "thu")
            case "card", _:
                self._read_journal(row)
            case _:
                self.decide(refunds.request, row["id"], "thu", "khách chuyển nhầm")

    def _read_journal(self, task: RowMapping) -> None:
        """A person reads in the terminal's journal what became of an attempt."""
        attempt = self._open_attempt(task["intent_id"])
        found = {} if attempt is None else self.terminal.journal(attempt["service_id"])
        came = None
        if found.get("outcome") == "approved":
            came = money.Came(amount=found["amount"], reference=found["reference"])
        self.decide(money.card_charged, task["id"], came, "thu")

    def refund(self, which: int, choice: int) -> None:
        """Another person decides a refund, or it is done: by hand only what the terminal did not take back."""
        rows = self._refunds("requested", "approved")
        if not rows:
            return
        row = rows[which % len(rows)]
        if row["status"] == "requested":
            self.decide(refunds.decide, row["id"], "tam", approve=choice % 3 != 0)
            return
        back = any(self.terminal.taken_back(each) for each in self._attempts(row["intent_id"]))
        self.decide(duties.done_by_hand, row["id"], "thu", "nhật ký máy thẻ" if back else "FT900")
        if not back and any(each["id"] == row["id"] for each in self._refunds("done")):
            self.given.add(row["id"])

    def _refunds(self, *standing: str) -> list[RowMapping]:
        with self.house.store.read() as transaction:
            rows = select(refund_rows).where(refund_rows.c.status.in_(standing)).order_by(refund_rows.c.number)
            return transaction.all(rows)

    def _attempts(self, intent_id: str | None) -> list[str]:
        with self.house.store.read() as transaction:
            rows = transaction.all(
                select(card_attempts.c.service_id).where(
                    card_attempts.c.intent_id == intent_id, card_attempts.c.outcome == "approved"
                )
            )
        return [row["service_id"] for row in rows]

    def wait(self, seconds: int) -> None:
        self.clock.moment += timedelta(seconds=seconds)

    def background(self, which: int) -> None:
        """One round of something the gateway does by itself."""
        self.work((look_once, run_due, read_bills, reconcile, in_the_evening)[which % 5])

    # --- what must hold

    def check(self) -> None:
        """Every đồng that was counted is on a bill, or in the cashier's list; no bill is paid without money."""
        with self.house.store.read() as transaction:
            rows = transaction.all(select(bills))
            tasks = transaction.all(select(cashier_tasks))
            moves = transaction.all(select(bank_transactions))
            intents = {row["id"]: intents_of(transaction, row["id"]) for row in rows}
            kept = {row["id"]: kept_of(transaction, intents[row["id"]]) for row in rows}
        counted = sum(row["amount"] for row in moves)
        on_intents = sum(each["amount_paid"] for some in intents.values() for each in some)
        orphans = sum(row["amount"] for row in moves if row["intent_id"] is None)
        assert counted == on_intents + orphans, "money that is nowhere"
        asked = {row["transaction_id"] for row in tasks if row["kind"] == "orphan"}
        assert {row["provider_id"] for row in moves if row["intent_id"] is None} <= asked, "an orphan nobody sees"
        open_tasks = Counter(row["intent_id"] for row in tasks if row["closed_at"] is None)
        for bill in rows:
            mine = intents[bill["id"]]
            has = sum(kept[bill["id"]].values())
            live = [row for row in mine if row["live"]]
            assert len(live) <= 1, "two live intents"
            assert all((PaymentStatus(row["status"]) in OPEN) == bool(row["live"]) for row in mine)
            assert all(value >= 0 for value in kept[bill["id"]].values()), "more goes back than came"
            if bill["status"] == "paid" and bill["paid_where"] == "here":
                assert has == bill["amount"], f"a bill of {bill['amount']} is paid with {has}"
                assert not live, "a paid bill with a live code"
            elif bill["status"] == "open":
                assert has < bill["amount"], "a bill with its money is not paid"
                for row in mine:
                    seen = row["live"] or not kept[bill["id"]][row["id"]] or open_tasks[row["id"]]
                    assert seen or live, "money of an unpaid bill that nobody sees"
            else:
                assert has == 0 and not live, "money on a bill that does not need it"
        for some in intents.values():
            for row in some:
                before = self.seen.get(row["id"])
                assert before is None or before == row["status"] or _reaches(before, row["status"]), (
                    f"a payment went from {before} to {row['status']}"
                )
                self.seen[row["id"]] = row["status"]

    def end(self) -> None:
        """When all is quiet everything the bank took is counted, once, and every other book agrees."""
        self.faults.live()
        self.payos.lost.clear()
        self.hospital.lost.clear()
        self.payos.outage = self.hospital.outage = "none"
        self.bank_down = self.terminal.off = False
        for attempt in self._open_attempts():
            self._tell_card(attempt)
        for _ in range(3):
            self.wait(1000)
            for each in (look_once, read_bills, reconcile, run_due, in_the_evening):
                self.work(each)
                self.check()
            self.serve_duties()
        self._end_of_cards()
        with self.house.store.read() as transaction:
            moves = transaction.all(select(bank_transactions))
            live = transaction.all(select(payment_intents.c.id).where(payment_intents.c.live))
            paid = transaction.all(select(bills).where(bills.c.status == "paid", bills.c.paid_where == "here"))
        at_bank = {row["provider_id"]: row["amount"] for row in moves if row["provider"] in {"sepay", "payos"}}
        assert at_bank == {each.id: each.amount for each in self.taken}, "the bank took what is not counted"
        cards = sum(row["amount"] for row in moves if row["provider"] == "card")
        assert cards == self.terminal.charged, "a card was charged what is not counted"
        assert not live, "a live code that nobody sees"
        if self.orders:
            standing = {each.code: self.channel.status(each) for each in self.channel.orders.values()}
            assert not [code for code, one in standing.items() if one == "PENDING"], "an order that takes money"
        handed = self.till.store.all("SELECT * FROM payments")
        wanted = {str(row["source_id"] or row["check_in_id"]): row for row in paid}
        told = {row["target"]: row["SO_TIEN"] for row in handed}
        assert len(told) == len(handed), "a bill was handed over twice"
        for target, amount in told.items():
            assert target in wanted and amount == wanted[target]["amount"], "the till's book is another"
        for target in wanted.keys() - told.keys():
            # The till changed the bill after its hold was over: it says no, and that is the cashier's question.
            assert self._is_asked(wanted[target]["id"]), "a paid bill that the till never heard of"

    def _open_attempts(self) -> list[RowMapping]:
        with self.house.store.read() as transaction:
            return transaction.all(select(card_attempts).where(card_attempts.c.open))

    def _end_of_cards(self) -> None:
        """What the terminal took back went back once and for a refund; what it closed is what was counted here."""
        with self.house.store.read() as transaction:
            asked = transaction.all(select(card_duties))
            batches = [
                each
                for day in (0, 1)
                for each in duties.batches(transaction, duties.midnight(self.house) - timedelta(days=day))
            ]
        assert not [row for row in asked if row["outcome"] == "waiting"], "a duty that nobody does"
        done = {row["id"] for row in self._refunds("done")}
        backs = {row["attempt_id"]: row for row in asked if row["kind"] == "reverse"}
        lost = False
        with self.house.store.read() as transaction:
            attempts = {row["service_id"]: row["id"] for row in transaction.all(select(card_attempts))}
        for purchase in self.terminal.acquirer.purchases:
            duty = backs.get(attempts[purchase.service_id])
            if purchase.service_id in self.terminal.pulled:
                assert duty is None, "nothing is taken back of what never was"
                continue
            outcome = "" if duty is None else duty["outcome"]
            if purchase.reversed:
                assert duty is not None and outcome in {"done", "unknown"}, f"taken back: {outcome}"
                assert outcome == "unknown" or duty["refund_id"] in done, "taken back, and no refund is done"
                assert duty["refund_id"] not in self.given, "given back twice"
                lost = lost or outcome == "unknown"
            else:
                assert outcome != "done", "called taken back, and is not"
        told = Counter(service_id for service_id, _ in self.terminal.closed)
        assert max(told.values(), default=1) == 1, "a closing was told twice"
        sums = dict(self.terminal.closed)
        for row in asked:
            if row["kind"] == "close-batch" and row["outcome"] == "done":
                assert row["net"] == sums[row["service_id"]], "a batch of another sum"
            if row["kind"] == "close-batch" and row["outcome"] == "refused":
                assert row["service_id"] not in sums, "closed, and called refused"
        for each in batches:
            assert each.theirs in {None, each.ours} or lost, "a closed batch differs from what was counted"

    def _is_asked(self, bill_id: str) -> bool:
        """The cashier has the question, or entered the payment at the till by hand."""
        with self.house.store.read() as transaction:
            rows = transaction.all(
                select(cashier_tasks.c.closed_at, cashier_tasks.c.decision)
                .join(payment_intents, payment_intents.c.id == cashier_tasks.c.intent_id)
                .where(payment_intents.c.bill_id == bill_id, cashier_tasks.c.kind == "hand-over")
            )
        return any(row["closed_at"] is None or row["decision"] == "by-hand" for row in rows)

    def _intents(self) -> list[RowMapping]:
        with self.house.store.read() as transaction:
            return transaction.all(select(payment_intents).order_by(payment_intents.c.created_at))

    def _intent(self, id: str) -> RowMapping:
        return next(row for row in self._intents() if row["id"] == id)

    def _some(self, which: int) -> RowMapping | None:
        rows = self._intents()
        return rows[which % len(rows)] if rows else None


async def in_the_evening(house: House) -> None:
    """What the gateway does by itself at the hour of `payments.card_batch_at`."""
    duties.close_in_the_evening(house)


def _reaches(before: str, after: str) -> bool:
    """Whether the table leads from one state to the other, over others between two looks."""
    found, todo = set[PaymentStatus](), [PaymentStatus(before)]
    while todo:
        for each in TRANSITIONS[todo.pop()] - found:
            found.add(each)
            todo.append(each)
    return PaymentStatus(after) in found
