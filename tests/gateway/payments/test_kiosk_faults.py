"""Fault sweep of a payment at the kiosk: at every step something fails, loses its answer, or the power goes.

Steps are the exchanges with the gateway, the commits of the kiosk's own books, the words of the card terminal, and the
prints. Real journeys, the real client with its books on the disk, the real gateway on its own database; bank, terminal
and paper are models that cannot lie. `TRAM_SWEEP_EVERY=1` visits every step (docs/evidence.md).
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
import trio
from sqlalchemy import select
from trio.testing import MockClock

from drivers.card_terminal import Answer, Attempt, Patience, Stage, TerminalError, TerminalErrorReason, charge, settle
from drivers.card_terminal import Outcome as Charged
from gateway.payments.watch import look_once
from gateway.store.tables import bills, cashier_tasks, check_ins, payment_intents
from services.codes.vietqr import decode
from services.contract.problem_codes import BILL_SETTLED
from services.gateway_client import GatewayError, GatewayReason
from services.gateway_client import client as client_room
from services.gateway_client.client import GatewayClient, GatewayPlace
from services.gateway_client.http import Answer as HttpAnswer
from services.gateway_client.http import Call, Place, _refusal  # pyright: ignore[reportPrivateUsage]
from services.gateway_client.identity import Enrolment, load, make_key, public_hex, save_enrolment
from services.journeys import prompts as ask
from services.journeys.loop import run_kiosk
from services.journeys.ports import Kit, Printed
from services.journeys.scripted import Line, ScriptedStage
from services.outbox.database import Database
from services.receipts.slips import PaymentSlip, Slip
from tests.journeys.conftest import Cards, Scanner, Sounds, Trust

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
AMOUNT = 122_500
FAULTS = ("fail-before", "fail-after", "kill-before", "kill-after")
SECONDS = 900.0
"""So long, of its own time, a kiosk runs until nothing more happens."""
PATIENCE = Patience(seconds=20.0, every=2.0, not_found_twice=2.0)


class PowerCut(BaseException):
    """The kiosk is gone in this very moment: nothing of it runs any more."""


@dataclass
class Trap:
    """Counts the steps that touch the world; at one of them the fault strikes, once."""

    strikes_at: int = 0
    fault: str = ""
    steps: int = 0
    struck: str = ""
    dead: bool = False
    armed: bool = False
    """A kiosk that cannot open its books does not start at all: only what comes after counts."""
    names: Counter[str] = field(default_factory=Counter[str])

    @contextmanager
    def step(self, name: str, failure: Callable[[bool], Exception]) -> Iterator[None]:
        """`failure(sent)` is how this step fails; after it, its answer is lost."""
        if self.dead:
            raise PowerCut
        self.steps += 1
        self.names[name.split(" ")[0]] += 1
        mine = self.steps == self.strikes_at
        if mine:
            self.struck = name
        if mine and self.fault == "fail-before":
            raise failure(False)
        if mine and self.fault == "kill-before":
            self.dead = True
            raise PowerCut
        yield
        if mine and self.fault == "fail-after":
            raise failure(True)
        if mine and self.fault == "kill-after":
            self.dead = True
            raise PowerCut


class World:
    """Bank, terminal, paper and person outlive the kiosk."""

    def __init__(self, gateway: Any, state: Path) -> None:
        self.gateway = gateway
        self.state = state
        self.trap = Trap()
        self.base = datetime.now(UTC)
        self.bank: dict[str, int] = {}
        """Đồng by transfer text."""
        self.charged: dict[str, int] = {}
        """Đồng by ServiceID."""
        self.purchases: Counter[str] = Counter()
        self.slips: list[Slip] = []
        self.shown_after_paying: set[str] = set()
        self.paid_by: str | None = None
        self.told: list[str] = []
        self.notices = 0

    def now(self) -> datetime:
        return self.base + timedelta(seconds=trio.current_time() - self._started)

    def begin(self) -> None:
        self._started = trio.current_time()

    def end(self) -> None:
        self.base = self.gateway.clock.moment + timedelta(seconds=5)

    def pay(self, payload: str) -> None:
        """The person sends the money once, as the code says; the bank tells the gateway a moment later."""
        if self.paid_by is not None:
            self.shown_after_paying.add(payload)
            return
        self.paid_by = payload
        code = decode(payload)
        assert code.purpose is not None and code.dong is not None
        self.bank[code.purpose] = code.dong

    def notify(self) -> None:
        for number, (purpose, amount) in enumerate(self.bank.items()):
            answer = self.gateway.notice(f"IBFT {purpose}", amount, id=self.notices * 1000 + number + 1)
            assert answer.status_code == 200, answer.text

    @property
    def taken(self) -> int:
        return sum(self.bank.values()) + sum(self.charged.values())


class InProcess:
    """The client's wire: straight into the gateway's application, with the trap before and after it."""

    world: World

    def __init__(self, url: str, ca: Path | None, connect_seconds: float) -> None:
        self.url = url

    def send(self, place: Place, call: Call, token: str | None) -> HttpAnswer:
        world = self.world
        if call.path in {"/v1/token"} or place is Place.LATER:
            return self._send(call, token)

        def failure(sent: bool) -> Exception:
            return GatewayError(GatewayReason.TIMEOUT if sent else GatewayReason.NO_NETWORK, sent=sent)

        with world.trap.step(f"http {call.method} {call.path.partition('?')[0]}", failure):
            return self._send(call, token)
        raise AssertionError

    def _send(self, call: Call, token: str | None) -> HttpAnswer:
        world = self.world
        if world.trap.dead:
            raise PowerCut
        world.gateway.clock.moment = world.now()
        headers = {"Content-Type": call.kind, **call.headers}
        if call.key:
            headers["Idempotency-Key"] = call.key
        if token:
            headers["Authorization"] = f"Bearer {token}"
        answer = world.gateway.client.request(
            call.method, call.path, params=dict(call.query), content=call.body, headers=headers
        )
        if not 200 <= answer.status_code < 300:
            raise _refusal(answer.status_code, answer.content)
        return HttpAnswer(answer.status_code, answer.content, "")

    @contextmanager
    def stream(self, call: Call, token: str | None) -> Generator[Any]:
        raise GatewayError(GatewayReason.NO_NETWORK, "no stream here: the poll is the net")
        yield

    def close(self) -> None:
        """Nothing is open."""


class Terminal:
    """A card terminal that charges each ServiceID at most once and remembers it."""

    available = True

    def __init__(self, world: World) -> None:
        self.world = world

    def _failure(self, sent: bool) -> Exception:
        return TerminalError(TerminalErrorReason.LOST if sent else TerminalErrorReason.ABSENT, sent=sent)

    async def purchase(self, attempt: Attempt, told: Callable[[Stage], None]) -> Answer:
        await trio.sleep(1)
        told(Stage.STARTED)
        with self.world.trap.step("terminal purchase", self._failure):
            self.world.purchases[attempt.service_id] += 1
            self.world.charged[attempt.service_id] = attempt.amount
        await trio.sleep(1)
        return self._approved(attempt)

    async def status(self, attempt: Attempt) -> Answer:
        await trio.sleep(0.1)
        with self.world.trap.step("terminal status", self._failure):
            return self._approved(attempt) if attempt.service_id in self.world.charged else Answer(Charged.NOT_FOUND)
        raise AssertionError

    def _approved(self, attempt: Attempt) -> Answer:
        return Answer(Charged.APPROVED, attempt.amount, "T1", f"RRN{attempt.service_id}", "123456")

    async def charge(self, attempt: Attempt, told: Callable[[Stage], None]) -> Answer:
        return await charge(self, attempt, told, PATIENCE)  # type: ignore[arg-type]

    async def abort(self, attempt: Attempt) -> None:
        await trio.lowlevel.checkpoint()

    async def settle(self, attempt: Attempt) -> Answer:
        return await settle(self, attempt, PATIENCE)  # type: ignore[arg-type]


class Printer:
    def __init__(self, world: World) -> None:
        self.world = world

    async def print(self, slip: Slip) -> Printed:
        await trio.sleep(1)
        try:
            with self.world.trap.step("print", lambda _sent: OSError("no paper")):
                self.world.slips.append(slip)
        except OSError:
            return Printed(False, "PR-02")
        return Printed(True)

    async def ready(self) -> None:
        await trio.sleep_forever()

    def printed_again(self) -> None:
        """Nobody printed before."""


class Somebody(ScriptedStage):
    """A sensible person: pays once, waits, believes the screen, and goes when told to."""

    def __init__(self, world: World, scanner: Scanner, number: str, by_card: bool) -> None:
        super().__init__()
        self.world, self.scanner, self.number, self.by_card = world, scanner, number, by_card
        self.tries = 0
        self.over = False

    def _next(self, prompt: Any) -> Line | None:
        world = self.world
        match prompt:
            case ask.Home():
                if world.told or self.tries >= 3:
                    self.over = True
                    return None
                self.tries += 1
                return Line(ask.Home, ask.HomeChoice.PAY)
            case ask.ScanForPay():
                return Line(ask.ScanForPay, does=lambda: self.scanner.show(self.number))
            case ask.ChooseBill():
                open_ones = [row for row in prompt.bills if row.state is ask.BillState.OPEN]
                if open_ones and not world.told:
                    return Line(ask.ChooseBill, ask.BillChosen(open_ones[0].id))
                world.told.append(prompt.bills[0].state.value if prompt.bills else "none")
                from services.journeys.stage import StageEvent

                return Line(ask.ChooseBill, touches=StageEvent.HOME)
            case ask.ShowBill():
                return Line(ask.ShowBill, ask.ShowBillAnswer.PAY)
            case ask.PayByVietQR():
                if self.by_card and prompt.by_card and not world.charged:
                    return Line(ask.PayByVietQR, ask.PayAnswer.CARD)
                return Line(ask.PayByVietQR, does=lambda: world.pay(prompt.payload))
            case ask.CardRefused():
                return Line(ask.CardRefused, ask.CardRefusedAnswer.CASHIER)
            case ask.Problem():
                if prompt.code in {BILL_SETTLED, "TT-301", "TT-306"}:
                    world.told.append(prompt.code)
                order = (ask.ProblemChoice.RETRY, *prompt.choices)
                return Line(ask.Problem, next(choice for choice in order if choice in prompt.choices))
            case ask.NothingFound():
                return Line(ask.NothingFound, ask.NothingAnswer.END)
            case ask.PaymentDone():
                world.told.append("unclear" if prompt.unclear else "paid")
                return Line(ask.PaymentDone) if prompt.printing else Line(ask.PaymentDone, ask.PaidAnswer.DONE)
            case _:
                return Line(type(prompt))


@pytest.fixture
def enrolled(gateway: Any, kiosk: Any, tmp_path: Path) -> Path:
    """The kiosk that is swept: its key and what enrolment gave."""
    from gateway.fleet.enrolment import make_code

    gateway.clock.moment = datetime.now(UTC)
    object.__setattr__(gateway.house.settings.payments, "card", True)
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    key = make_key(state)
    code = make_code(gateway.house, "Trạm C", "Kiosk C", "C")
    answer = gateway.client.post(
        "/v1/enrolments", json={"code": code, "name": "kiosk", "public_key": public_hex(key)}
    ).json()
    save_enrolment(state, Enrolment("http://gateway", answer["kiosk_id"], answer["sealing_key"], answer["audience"]))
    return state


def a_bill(gateway: Any, kiosk: Any, number: int) -> str:
    """Somebody takes a number and owes for it; the number of the bill."""
    gateway.clock.moment = datetime.now(UTC)
    kiosk.token = kiosk.fetch_token()
    answer = kiosk.check_in(patient={"number": f"0990880{number:05}", "name": "Nguyễn Văn Thử"})
    assert answer.status_code in {200, 201}, answer.text
    with gateway.house.store.read() as transaction:
        row = transaction.one(select(bills).where(bills.c.check_in_id == answer.json()["check_in_id"]))
        assert row is not None and row["amount"] == AMOUNT
        return str(row["number"])


def run(world: World, number: str, by_card: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """One life of the kiosk, until nothing more happens or the power goes."""

    async def inline(device: str, work: Callable[[], Any]) -> Any:
        await trio.lowlevel.checkpoint()
        return work()

    async def life() -> None:
        world.begin()
        world.trap.armed = False

        class Clock:
            def now(self) -> datetime:
                return world.now().astimezone(HERE)

        scanner = Scanner()
        client = GatewayClient(
            GatewayPlace(url="http://gateway", state=world.state), load(world.state), inline, Clock(), resumes=True
        )
        world.trap.armed = True
        stage = Somebody(world, scanner, number, by_card)
        kit = Kit(
            Cards(), scanner, Printer(world), Sounds(), client, Trust(), Clock(),
            terminal=Terminal(world) if by_card else None,
        )  # fmt: skip

        async def the_bank() -> None:
            while True:
                await trio.sleep(3)
                world.gateway.clock.moment = world.now()
                world.notify()

        try:
            async with trio.open_nursery() as nursery:
                await nursery.start(client.run)
                nursery.start_soon(the_bank)
                nursery.start_soon(run_kiosk, stage, kit)
                with trio.move_on_after(SECONDS):
                    while not stage.over:
                        await trio.sleep(1)
                    await trio.sleep(30)
                nursery.cancel_scope.cancel()
        finally:
            client.close()

    monkeypatch.setattr(client_room, "Http", InProcess)
    InProcess.world = world
    try:
        trio.run(life, clock=MockClock(autojump_threshold=0))
    except BaseException as error:
        if not _is_power_cut(error):
            raise
    finally:
        world.end()


def _is_power_cut(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(_is_power_cut(each) for each in cast("BaseExceptionGroup[BaseException]", error).exceptions)
    return isinstance(error, PowerCut)


@pytest.fixture
def trapped_books(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commits of the kiosk's own database are steps as well."""
    transaction = Database.transaction

    @contextmanager
    def trapped(self: Database) -> Generator[Any]:
        world = InProcess.world
        if not world.trap.armed:
            with transaction(self) as connection:
                yield connection
            return
        with (
            world.trap.step("commit", lambda _sent: sqlite3.OperationalError("disk I/O error")),
            transaction(self) as connection,
        ):
            yield connection

    monkeypatch.setattr(Database, "transaction", trapped)
    yield


def check(gateway: Any, world: World, number: str, lives: int) -> None:
    """Nothing lost, nothing doubled."""
    with gateway.house.store.read() as transaction:
        bill = transaction.one(select(bills).where(bills.c.number == number))
        assert bill is not None
        intents = transaction.all(select(payment_intents).where(payment_intents.c.bill_id == bill["id"]))
        tasks = transaction.all(select(cashier_tasks))
        assert transaction.one(select(check_ins).where(check_ins.c.id == bill["check_in_id"])) is not None
    where = (world.trap.fault, world.trap.struck, world.told)
    mine = [task for task in tasks if task["intent_id"] in {intent["id"] for intent in intents}]
    assert world.taken in {0, AMOUNT}, (where, "money was taken twice")
    assert all(count == 1 for count in world.purchases.values()), (where, "a ServiceID was used twice")
    assert world.shown_after_paying <= {world.paid_by}, (where, "a second code for a bill that was being paid")
    if world.taken:
        assert bill["status"] == "paid" or mine, (where, "money that nobody knows of")
    else:
        assert bill["status"] == "open", (where, "paid without money")
    confirmed = [slip for slip in world.slips if isinstance(slip, PaymentSlip) and slip.paid_at is not None]
    assert not confirmed or (world.taken and bill["status"] == "paid"), (where, "a confirmation without money")
    assert len(confirmed) <= lives, (where, "the confirmation was printed twice in one session")
    assert not any(intent["live"] for intent in intents), (where, "a code that nobody sees still lives")


def sweep(
    gateway: Any, kiosk: Any, state: Path, monkeypatch: pytest.MonkeyPatch, by_card: bool, every: int
) -> Counter[str]:
    """Every step and every fault (or each `every`-th): the number of runs and of the steps by kind."""
    counted: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    person = 0
    for fault in FAULTS:
        at = 0
        while True:
            at += every
            person += 1
            number = a_bill(gateway, kiosk, person + (50_000 if by_card else 0))
            world = World(gateway, state)
            world.notices = person + (500 if by_card else 0)
            world.trap = Trap(at, fault)
            run(world, number, by_card, monkeypatch)
            lives = 1
            struck = world.trap.struck
            while world.trap.dead:
                world.trap.dead = False
                lives += 1
                run(world, number, by_card, monkeypatch)
            counted["runs"] += 1
            counted["restarts"] += lives - 1
            counted["steps"] += world.trap.steps
            kinds.update(world.trap.names)
            gateway.clock.moment = world.base
            world.notify()
            # What the kiosk could not close is closed by the gateway's own expiry.
            gateway.clock.turn(minutes=20)
            gateway.client.run(look_once(gateway.house))
            check(gateway, world, number, lives)
            counted["paid"] += bool(world.taken)
            if not struck:
                break
    return counted + kinds


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("by_card", [False, True], ids=["code", "card"])
def test_whatever_fails_at_the_kiosk_no_dong_is_lost_or_doubled(
    gateway: Any,
    kiosk: Any,
    enrolled: Path,
    trapped_books: None,
    monkeypatch: pytest.MonkeyPatch,
    by_card: bool,
    request: pytest.FixtureRequest,
) -> None:
    every = int(os.environ.get("TRAM_SWEEP_EVERY", "9"))
    counted = sweep(gateway, kiosk, enrolled, monkeypatch, by_card, every)
    print(f"\n{'card' if by_card else 'code'}: {dict(counted)}")
    assert counted["runs"] > 4 and counted["paid"] > counted["runs"] / 2
