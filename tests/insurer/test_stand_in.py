"""The insurer's stand-in on a real wire, asked by the real client: every code, delay, expiry and outage on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.insurance.judging import Facility, judge
from gateway.insurance.rules import load_rules
from gateway.insurance.vss import CardAnswer, Insurer, wire_birth
from gateway.settings import Insurance, Secret
from services.contract.models import EligibilityRequest
from services.contract.models import EligibilityResult as Result
from simulators.insurer.cards import REMARKS, Played
from simulators.insurer.server import COPAYMENT_PATH, OUTAGES, Account, InsurerServer, Play

pytestmark = pytest.mark.wire

RULES = load_rules()
HERE = Facility("99001", "1.1", "1.14")
HOA = EligibilityRequest(number="099194000514", name="Phạm Thị Thanh Hoa", birth="1994-03-12")
SAU = EligibilityRequest(number="099052000377", name="Đinh Văn Sáu", birth="1952")


class Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def server() -> Generator[InsurerServer]:
    stand_in = InsurerServer(Account(password="p"), Play())
    yield stand_in
    stand_in.play.outage = "none"
    stand_in.play.changed.set()
    stand_in.stop_listening()


@pytest.fixture
def ask(server: InsurerServer, tmp_path: Path) -> Callable[..., Any]:
    """Runs a story with the real client, or asks about somebody."""
    account = server.account
    for name, value in {"p": "p", "n": account.operator_name, "c": account.operator_number}.items():
        (tmp_path / name).write_text(value, encoding="utf-8")

    def run(who: EligibilityRequest = HOA, seconds: float = 60, story: Callable[[Insurer], Any] | None = None) -> Any:
        async def whole() -> Any:
            settings = Insurance(
                url=server.url,
                username=account.username,
                password=Secret(file=tmp_path / "p"),
                operator_name=Secret(file=tmp_path / "n"),
                operator_number=Secret(file=tmp_path / "c"),
                timeout_seconds=seconds,
                facility="99001",
                copayment_path=COPAYMENT_PATH,
            )
            insurer = Insurer(settings, RULES, Clock())
            try:
                if story is not None:
                    return await story(insurer)
                return await insurer.card(who.number, who.name, wire_birth(who.birth))
            finally:
                await insurer.close()

        return asyncio.run(whole())

    return run


def judged(answer: CardAnswer, who: EligibilityRequest = HOA) -> Any:
    return judge(answer, RULES, HERE, date.today(), who)


def told(server: InsurerServer, code: str, **fields: Any) -> None:
    server.play.played.coming.append({"maKetQua": code, "ghiChu": REMARKS.get(code, ""), **fields})


@pytest.mark.parametrize("code", sorted(set(REMARKS) - {"401", "501"}))
def test_every_code_is_answered_on_demand_with_its_remark(server: InsurerServer, ask: Any, code: str) -> None:
    told(server, code)
    answer = ask()
    assert (answer.code, answer.remark) == (code, REMARKS[code])


@pytest.mark.parametrize("code", ["401", "501"])
def test_a_session_that_is_refused_once_is_taken_anew(server: InsurerServer, ask: Any, code: str) -> None:
    told(server, code)
    assert ask().code == "000"
    assert (server.play.token_calls, server.play.card_calls) == (2, 2)


def test_codes_come_in_their_order_and_end(server: InsurerServer, ask: Any) -> None:
    for code in ("060", "9401"):
        told(server, code)
    assert [ask().code for _ in range(3)] == ["060", "9401", "000"]


def test_a_new_card_after_the_old_one_is_named_and_answers(server: InsurerServer, ask: Any) -> None:
    told(server, "003")
    old = ask()
    assert [card.number[:3] for card in old.cards] == ["DN4", "HT3"]
    assert judged(old).card.number == "HT3999912345678"
    new = ask(HOA.model_copy(update={"number": "HT3999912345678"}))
    assert (new.code, judged(new).benefit_percent) == ("000", 95)


def test_two_valid_cards_are_both_told(server: InsurerServer, ask: Any) -> None:
    told(server, "004")
    both = ask()
    assert len(both.cards) == 2
    assert judged(both).benefit_percent == 95, "the higher benefit applies"


def test_an_expired_card_tells_its_last_day(server: InsurerServer, ask: Any) -> None:
    told(server, "010")
    answer = judged(ask())
    assert answer.result is Result.EXPIRED
    assert answer.card.valid_to < date.today()


def test_a_mismatch_may_carry_the_insurers_own_entry(server: InsurerServer, ask: Any) -> None:
    other = HOA.model_copy(update={"name": "Phạm Thị Thanh Hòa"})
    assert judged(ask(other), other).difference.detail == "mismatch.name.close"
    server.play.played.tells = True
    assert judged(ask(other), other).difference.detail == "mismatch.name.accents.given"


def test_somebody_with_a_birth_year_only_is_asked_by_the_year(server: InsurerServer, ask: Any) -> None:
    assert ask(SAU).code == "000"
    assert server.play.last_birth == "0000"
    assert ask(HOA).code == "000"
    assert server.play.last_birth == "00/00/0000"


def test_the_years_copayments_are_told_to_who_has_a_session(server: InsurerServer, ask: Any) -> None:
    server.play.played.copayments[HOA.number] = 15_180_001
    server.play.played.five_years[HOA.number] = "01/01/2020"
    assert ask().five_years_from == date(2020, 1, 1)
    assert ask(story=lambda insurer: insurer.copayment(HOA.number, HOA.name, "12/03/1994")).total == 15_180_001
    assert ask(story=lambda insurer: insurer.copayment(SAU.number, SAU.name, "1952")).total == 0


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("refuse", InsurerFault.NO_NETWORK),
        ("reset", InsurerFault.NO_NETWORK),
        ("error", InsurerFault.ERROR),
        ("maintenance", InsurerFault.ERROR),
        ("forbidden", InsurerFault.ACCOUNT_REFUSED),
        ("unauthorised", InsurerFault.ACCOUNT_REFUSED),
        ("not-implemented", InsurerFault.ACCOUNT_REFUSED),
        ("rubbish", InsurerFault.ERROR),
        ("empty", InsurerFault.ERROR),
        ("cut", InsurerFault.NO_NETWORK),
        ("huge", InsurerFault.ERROR),
    ],
)
def test_each_outage_has_its_failure_and_ends_on_demand(
    server: InsurerServer, ask: Any, kind: str, fault: InsurerFault
) -> None:
    server.play.outage = kind
    if kind == "refuse":
        server.stop_listening()
    with pytest.raises(InsurerUnavailable) as caught:
        ask()
    assert caught.value.fault is fault
    server.play.outage = "none"
    server.listen()
    assert ask().code == "000"


@pytest.mark.parametrize("kind", ["silent", "trickle"])
def test_an_insurer_that_does_not_come_to_an_end_is_too_slow(server: InsurerServer, ask: Any, kind: str) -> None:
    server.play.outage = kind
    with pytest.raises(InsurerUnavailable) as caught:
        ask(seconds=0.5)
    assert caught.value.fault is InsurerFault.TOO_SLOW


def test_every_outage_stands_in_a_test() -> None:
    assert set(OUTAGES) == {
        "none", "refuse", "reset", "error", "maintenance", "forbidden", "unauthorised", "not-implemented", "rubbish",
        "empty", "cut", "huge", "silent", "trickle",
    }  # fmt: skip


def test_a_barred_account_gets_no_token(server: InsurerServer, ask: Any) -> None:
    server.play.barred = True
    with pytest.raises(InsurerUnavailable) as caught:
        ask()
    assert (caught.value.fault, server.play.card_calls) == (InsurerFault.ACCOUNT_REFUSED, 0)


def test_a_session_of_the_stand_in_ends_and_belongs_to_one_caller(server: InsurerServer) -> None:
    body = f"username={server.account.username}&password=83878C91171338902E0FE0FB97A8C47A".encode()
    key = server.take_token(body, "application/x-www-form-urlencoded", "127.0.0.1")["APIKey"]
    query = {"token": key["access_token"], "id_token": key["id_token"]}
    assert server.card(query, b"{", "127.0.0.1") == {"maKetQua": "205", "ghiChu": REMARKS["205"]}
    assert server.card(query, b"{}", "127.0.0.2") is None
    assert server.card(query | {"id_token": "other"}, b"{}", "127.0.0.1") is None
    server.play.token_seconds = -1
    ended = server.take_token(body, "", "127.0.0.1")["APIKey"]
    late = {"token": ended["access_token"], "id_token": ended["id_token"]}
    assert server.card(late, b"{}", "127.0.0.1") == {"maKetQua": "501", "ghiChu": "Token không đúng"}


def test_forgetting_ends_everything_that_was_told(server: InsurerServer, ask: Any) -> None:
    told(server, "060")
    server.play.played.forced[HOA.number] = {"maKetQua": "110", "ghiChu": ""}
    server.play.played = Played()
    assert ask().code == "000"
