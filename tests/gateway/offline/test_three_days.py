"""Three days without the network, several kiosks, answers lost on both sides of the commit: everything arrives once."""

from __future__ import annotations

import random
import types
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from gateway.clock import day_of
from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.insurance.later import look_up_later
from gateway.insurance.vss import CardAnswer, CardFacts
from gateway.store import tables as t
from services.contract.models import TicketStatus
from services.gateway_client.errors import GatewayError
from services.journeys.ports import Accepted

pytestmark = pytest.mark.trio

CLINICS = ("tim-mach", "mat", "nhi")
VALID = CardFacts("DN4999912345678", date(2026, 1, 1), date(2026, 12, 31), "99001", None)
OVER = {TicketStatus.VOIDED.value, TicketStatus.ABANDONED.value}


def rows(gateway: Any, statement: Any) -> list[Any]:
    with gateway.house.store.read() as transaction:
        return transaction.all(statement)


def tickets_of(gateway: Any, key: str) -> list[Any]:
    """Every ticket that registration `key` ever had."""
    return rows(
        gateway,
        select(t.tickets, t.check_ins.c.arrived_at, t.check_ins.c.slip_printed)
        .join(t.check_ins, t.check_ins.c.id == t.tickets.c.check_in_id)
        .join(t.registrations, t.registrations.c.check_in_id == t.check_ins.c.id)
        .where(t.registrations.c.registration_key == key),
    )


async def prepared(make_kiosk: Any, letters: str) -> list[Any]:
    kiosks = [make_kiosk(letter) for letter in letters]
    for kiosk in kiosks:
        await kiosk.prepare()
    return kiosks


@pytest.mark.parametrize("seed", [1, 2])
async def test_after_three_days_offline_everything_arrives_once(gateway: Any, make_kiosk: Any, seed: int) -> None:
    chance = random.Random(seed)
    kiosks = await prepared(make_kiosk, "BCD")
    given: list[tuple[str, Accepted, Any]] = []
    person = 0

    async def visit(kiosk: Any) -> None:
        nonlocal person
        person += 1
        clinic = chance.choice(CLINICS)
        accepted = await kiosk.visit(person, clinic)
        given.append((clinic, accepted, gateway.house.now()))

    # Monday: the network dies while people check in; some registrations arrive, their answers do not.
    for _ in range(6):
        kiosk = chance.choice(kiosks)
        kiosk.cable.faults = ["after"] * 12
        await visit(kiosk)
        kiosk.cable.faults = []
    for kiosk in kiosks:
        kiosk.cable.cut = True
    # Three days; kiosks are switched off at night.
    for _day in range(3):
        for _ in range(8):
            gateway.clock.turn(minutes=chance.randint(1, 20))
            await visit(chance.choice(kiosks))
        gateway.clock.turn(hours=24 - gateway.clock.now().hour + 2)
        for kiosk in kiosks:
            kiosk.restart()
    # Thursday: the network is back, and loses every second exchange before or after the commit.
    for kiosk in kiosks:
        kiosk.cable.cut = False
        kiosk.cable.faults = [chance.choice([None, "before", "after"]) for _ in range(60)]
    order = list(kiosks)
    chance.shuffle(order)
    for kiosk in order:
        await kiosk.deliver()

    assert len(rows(gateway, select(t.check_ins.c.id))) == len(given)
    seen: set[tuple[Any, str, str]] = set()
    for clinic, accepted, moment in given:
        assert accepted.offline
        mine = tickets_of(gateway, accepted.key)
        (live,) = [ticket for ticket in mine if ticket["status"] not in OVER]
        assert live["number"] == accepted.ticket.number, "what stands on paper is the ticket"
        assert live["day"] == day_of(moment), "a late ticket joins the history of its day"
        assert live["issued_at"] == moment and live["slip_printed"]
        place = (live["day"], clinic, live["number"])
        assert place not in seen
        seen.add(place)
    assert rows(gateway, select(t.early_writes)) == [] and rows(gateway, select(t.reconciliation)) == []


async def test_late_tickets_never_join_todays_queue(gateway: Any, make_kiosk: Any) -> None:
    (kiosk,) = await prepared(make_kiosk, "B")
    kiosk.cable.cut = True
    for person in range(1, 4):
        await kiosk.visit(person, "mat")
    gateway.clock.turn(days=3)
    kiosk.cable.cut = False
    await kiosk.deliver()
    today = await kiosk.visit(9, "mat")
    assert (today.ticket.number, today.ticket.waiting) == ("T001", 0)


async def test_numbers_are_held_three_days_ahead_and_no_longer(gateway: Any, make_kiosk: Any) -> None:
    (kiosk,) = await prepared(make_kiosk, "B")
    kiosk.cable.cut = True
    for _day in range(4):
        assert (await kiosk.visit(1, "mat")).ticket.number == "B01"
        gateway.clock.turn(days=1)
    with pytest.raises(GatewayError):
        await kiosk.visit(1, "mat")


async def test_numbers_used_on_the_first_day_are_lent_anew(gateway: Any, make_kiosk: Any) -> None:
    (kiosk,) = await prepared(make_kiosk, "B")
    kiosk.cable.cut = True
    used = [(await kiosk.visit(person, "mat")).ticket.number for person in range(1, 11)]
    kiosk.cable.cut = False
    await kiosk.deliver()
    await kiosk.prepare()
    kiosk.cable.cut = True
    more = [(await kiosk.visit(person, "mat")).ticket.number for person in range(11, 21)]
    assert used + more == [f"B{number:02}" for number in range(1, 21)]


async def test_a_voided_number_is_never_given_again(gateway: Any, make_kiosk: Any) -> None:
    kiosk, other = await prepared(make_kiosk, "BC")
    kiosk.cable.faults = ["after"] * 6
    lost = await kiosk.visit(1, "mat")
    kiosk.cable.faults = []
    await kiosk.deliver()
    assert {ticket["number"]: ticket["status"] for ticket in tickets_of(gateway, lost.key)} == {
        "T001": "voided",
        "B01": "unpaid",
    }
    assert [(await other.visit(person, "mat")).ticket.number for person in (2, 3)] == ["T002", "T003"]


async def test_the_insurers_failure_is_kept_and_the_look_up_repeated_when_the_kiosk_is_back(
    gateway: Any, make_kiosk: Any
) -> None:
    (kiosk,) = await prepared(make_kiosk, "B")
    kiosk.cable.cut = True
    failed_at = gateway.house.now()
    accepted = await kiosk.visit(
        145, "mat", use_insurance=True, insurance_unreachable=True,
        insurance_failure="BH-101", insurance_failure_at=failed_at,
    )  # fmt: skip
    gateway.clock.turn(days=2)
    kiosk.cable.cut = False
    await kiosk.deliver()

    def kept() -> Any:
        (row,) = rows(
            gateway,
            select(t.check_ins)
            .join(t.registrations, t.registrations.c.check_in_id == t.check_ins.c.id)
            .where(t.registrations.c.registration_key == accepted.key),
        )
        return row

    assert (kept()["insurance_failure"], kept()["insurance_failure_at"]) == ("BH-101", failed_at)
    assert kept()["insurance_pending"]
    gateway.insurer.failure = InsurerUnavailable(InsurerFault.NO_NETWORK, "still down")
    gateway.clock.turn(minutes=3)
    gateway.client.run(look_up_later(gateway.house))
    assert kept()["insurance_pending"]
    gateway.insurer.failure = None
    gateway.insurer.answers["099088000145"] = CardAnswer("000", "", (VALID,), b"{}")
    gateway.clock.turn(hours=1)
    gateway.client.run(look_up_later(gateway.house))
    assert not kept()["insurance_pending"] and kept()["insurance_failure"] == "BH-101"


@pytest.mark.parametrize("ahead", [timedelta(seconds=90), timedelta(seconds=-90)])
async def test_a_kiosks_wrong_clock_is_put_right_and_recorded(gateway: Any, make_kiosk: Any, ahead: timedelta) -> None:
    kiosk = make_kiosk("B", ahead=ahead)
    await kiosk.prepare()
    kiosk.cable.cut = True
    issued = gateway.house.now()
    accepted = await kiosk.visit(1, "mat")
    gateway.clock.turn(hours=5)
    kiosk.cable.cut = False
    await kiosk.deliver()
    (row,) = rows(gateway, select(t.check_ins))
    assert (row["arrived_at"], row["clock_skew_seconds"]) == (issued, ahead.total_seconds())
    (live,) = [ticket for ticket in tickets_of(gateway, accepted.key) if ticket["status"] not in OVER]
    assert live["issued_at"] == issued


async def test_a_clock_that_was_far_off_never_makes_a_ticket_of_tomorrow(gateway: Any, make_kiosk: Any) -> None:
    kiosk = make_kiosk("B")
    await kiosk.prepare()
    kiosk.cable.cut = True
    kiosk.clock.ahead = timedelta(days=1)
    await kiosk.visit(1, "mat")
    kiosk.clock.ahead = timedelta()
    kiosk.cable.cut = False
    gateway.clock.turn(hours=1)
    await kiosk.deliver()
    (row,) = rows(gateway, select(t.check_ins))
    assert (row["day"], row["arrived_at"]) == (day_of(gateway.house.now()), gateway.house.now())


async def test_whoever_left_while_the_network_was_away_is_not_called(gateway: Any, make_kiosk: Any) -> None:
    from services.contract.models import AbandonReason

    (kiosk,) = await prepared(make_kiosk, "B")
    kiosk.cable.cut = True
    accepted = await kiosk.visit(1, "mat")
    await kiosk.client.abandon(accepted, AbandonReason.LEFT)
    kiosk.cable.cut = False
    await kiosk.deliver()
    assert {ticket["status"] for ticket in tickets_of(gateway, accepted.key)} <= OVER
    (count,) = rows(gateway, select(func.sum(t.queue_days.c.waiting_ordinary).label("n")))
    assert count["n"] == 0


@pytest.mark.parametrize("ahead", [timedelta(minutes=-20), timedelta(hours=3)])
async def test_a_clock_that_nobody_set_closes_no_kiosk_and_nobody_jumps_the_queue(
    gateway: Any, make_kiosk: Any, monkeypatch: pytest.MonkeyPatch, ahead: timedelta
) -> None:
    kiosk, other = await prepared(make_kiosk, "BC")
    kiosk.clock.ahead = ahead
    kiosk.restart()
    wrong = types.SimpleNamespace(
        time=lambda: kiosk.clock.now().timestamp(), monotonic=lambda: gateway.house.now().timestamp()
    )
    first = await other.visit(1, "mat", use_insurance=True)
    gateway.clock.turn(minutes=1)
    with monkeypatch.context() as patched:
        patched.setattr("services.gateway_client.token.time", wrong)
        second = await kiosk.visit(2, "mat", use_insurance=True)
    assert (first.ticket.number, second.ticket.number, second.offline) == ("T001", "T002", False)
    order = rows(gateway, select(t.tickets.c.number).order_by(t.tickets.c.turn_at))
    assert [row["number"] for row in order] == ["T001", "T002"]
    (row,) = rows(gateway, select(t.check_ins).where(t.check_ins.c.clock_skew_seconds != 0))
    assert (row["arrived_at"], row["clock_skew_seconds"]) == (gateway.house.now(), ahead.total_seconds())
