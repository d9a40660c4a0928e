"""One person, one number: whatever the cable does to a registration, on the real gateway's wire."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import trio

from services.contract import models as wire
from services.gateway_client import GatewayError, GatewayReason
from services.journeys.ports import Accepted

pytestmark = [pytest.mark.wire, pytest.mark.trio]

CHECK_IN = "/v1/check-ins "
"""The path with the blank after it: not the fallback's."""


def kept(state: Path) -> list[str]:
    """What waits in the kiosk's outbox, by operation."""
    with closing(sqlite3.connect(f"file:{state / 'outbox.db'}?mode=ro", uri=True)) as connection:
        return [
            row[0] for row in connection.execute("SELECT operation FROM entries WHERE state = 'waiting' ORDER BY id")
        ]


def numbers(state: Path, *, free: bool) -> int:
    with closing(sqlite3.connect(f"file:{state / 'outbox.db'}?mode=ro", uri=True)) as connection:
        sign = "=" if free else "<>"
        return int(connection.execute(f"SELECT COUNT(*) FROM numbers WHERE state {sign} 'free'").fetchone()[0])  # noqa: S608


async def with_leases(client: Any, state: Path, until: Callable[..., Any]) -> None:
    await until(lambda: (state / "clinics.json").exists() and numbers(state, free=True) > 0)


async def test_a_number_comes_from_the_gateway_and_nothing_is_left_to_deliver(kiosk, person, gateway, state, until):
    async with kiosk(running=True) as client:
        await with_leases(client, state, until)
        accepted = await client.register(person())
        assert not accepted.offline and client.online
        assert gateway.live_numbers(accepted.key) == [accepted.ticket.number]
        assert kept(state) == [] and numbers(state, free=False) == 0


async def test_an_answer_lost_after_the_commit_gives_the_same_number(kiosk, person, gateway, cable, state):
    async with kiosk() as client:
        await client.clinics(None)
        cable.set(lose_answers=1, lose_path=CHECK_IN)
        accepted = await client.register(person())
        assert cable.lost == 1 and not accepted.offline
        assert gateway.live_numbers(accepted.key) == [accepted.ticket.number]
        assert kept(state) == []


async def test_an_answer_lost_twice_is_found_by_its_key(kiosk, person, gateway, cable):
    async with kiosk() as client:
        await client.clinics(None)
        cable.set(lose_answers=2, lose_path=CHECK_IN)
        accepted = await client.register(person())
        assert cable.lost == 2 and not accepted.offline
        assert gateway.live_numbers(accepted.key) == [accepted.ticket.number]


async def test_a_request_lost_before_the_commit_is_sent_again(kiosk, person, gateway, cable):
    async with kiosk() as client:
        await client.clinics(None)
        cable.set(lose_requests=1, lose_path=CHECK_IN)
        accepted = await client.register(person())
        assert cable.lost == 1
        assert gateway.live_numbers(accepted.key) == [accepted.ticket.number]


async def test_without_network_the_leased_number_is_the_ticket_also_at_the_gateway_later(
    kiosk, person, gateway, cable, state, until
):
    async with kiosk(running=True) as client:
        await with_leases(client, state, until)
        cable.cut()
        accepted = await client.register(person())
        assert accepted.offline and accepted.ticket.number.startswith("K")
        assert not client.online and client.offline_since is not None
        assert kept(state) == ["check-in", "fallback"]
        cable.restore()
        await until(lambda: kept(state) == [])
        assert gateway.live_numbers(accepted.key) == [accepted.ticket.number]
        (token, reprint), *_ = gateway.rows(
            "SELECT slip_token, reprint_code FROM registrations WHERE registration_key = ?", accepted.key
        )
        assert (token, reprint) == (accepted.ticket.code, accepted.ticket.reprint_code)


async def test_a_number_given_before_the_answer_was_lost_is_void_once_the_leased_one_is_printed(
    kiosk, person, gateway, cable, state, until
):
    async with kiosk(running=True) as client:
        await with_leases(client, state, until)
        # The commit happens, and no word of it ever comes back: not of the send, nor of the question by its key.
        cable.set(lose_answers=50, lose_path="check-in")
        accepted = await client.register(person())
        assert accepted.offline
        assert len(gateway.live_numbers(accepted.key)) == 1
        cable.restore()
        await until(lambda: kept(state) == [])
        assert gateway.live_numbers(accepted.key) == [accepted.ticket.number]


async def test_a_silent_gateway_costs_a_few_seconds_then_the_leased_number(kiosk, person, gateway, cable, state, until):
    async with kiosk(running=True, answer_seconds=0.4) as client:
        await with_leases(client, state, until)
        cable.set(silent=True)
        accepted = await client.register(person())
        assert accepted.offline
        cable.cut()
        cable.restore()
        await until(lambda: kept(state) == [])
        assert gateway.live_numbers(accepted.key) == [accepted.ticket.number]


async def test_without_network_and_without_a_leased_number_nobody_is_promised_anything(kiosk, person, cable, state):
    async with kiosk() as client:
        cable.cut()
        with pytest.raises(GatewayError) as caught:
            await client.register(person())
        assert caught.value.reason is GatewayReason.NO_NETWORK
        assert kept(state) == ["check-in", "abandon"]


async def test_what_is_undone_without_a_promise_leaves_no_number_behind(kiosk, person, gateway, cable, state, until):
    async with kiosk() as client:
        cable.cut()
        with pytest.raises(GatewayError):
            await client.register(person())
    cable.restore()
    async with kiosk(running=True):
        await until(lambda: kept(state) == [])
    (statuses,) = gateway.rows("SELECT status FROM tickets ORDER BY issued_at DESC LIMIT 1")
    assert statuses == ("abandoned",)


async def test_a_refused_registration_is_refused_and_not_kept(kiosk, person, state):
    async with kiosk() as client:
        with pytest.raises(GatewayError) as caught:
            await client.register(person(clinic_id="khong-co"))
        assert caught.value.reason is GatewayReason.CONFLICT and not caught.value.retry
        assert kept(state) == []


async def test_a_kiosk_that_died_between_keeping_and_sending_delivers_after_its_restart(
    kiosk, person, gateway, cable, state, until
):
    async with kiosk(running=True) as client:
        await with_leases(client, state, until)
        cable.cut()
        accepted = await client.register(person())
    cable.restore()
    async with kiosk(running=True):
        await until(lambda: kept(state) == [])
    assert gateway.live_numbers(accepted.key) == [accepted.ticket.number]


async def test_leaving_and_the_slip_reach_the_gateway_although_it_is_away(kiosk, person, gateway, cable, state, until):
    async with kiosk(running=True) as client:
        stays, leaves = await client.register(person()), await client.register(person())
        cable.cut()
        await client.report_slip(stays, False, "PR-02")
        await client.abandon(leaves, wire.AbandonReason.IDLE)
        cable.restore()
        await until(lambda: kept(state) == [])
    assert gateway.live_numbers(stays.key) == [stays.ticket.number]
    assert gateway.live_numbers(leaves.key) == []
    (slip,) = gateway.rows(
        "SELECT slip_printed, slip_code FROM check_ins c JOIN registrations r ON r.check_in_id = c.id"
        " WHERE r.registration_key = ?",
        stays.key,
    )
    assert slip == (0, "PR-02")


@pytest.mark.parametrize("fault", ["lose_answers", "lose_requests"])
@pytest.mark.parametrize("times", [1, 2, 3, 5])
async def test_wherever_the_cable_breaks_one_person_has_one_number(
    kiosk, person, gateway, cable, state, until, fault, times
):
    """The first `times` exchanges of a whole visit fail, before or after the gateway's commit."""
    async with kiosk(running=True) as client:
        await with_leases(client, state, until)
        cable.set(**{fault: times})
        accepted = await client.register(person())
        await client.report_slip(accepted, True, None)
        await until(lambda: kept(state) == [])
        assert gateway.live_numbers(accepted.key) == [accepted.ticket.number]


async def test_a_cancelled_journey_still_keeps_or_undoes_its_registration(kiosk, person, gateway, state):
    async with kiosk() as client:
        accepted: list[Accepted] = []
        with trio.CancelScope() as scope:
            scope.cancel()
            accepted.append(await client.register(person()))
        assert accepted and gateway.live_numbers(accepted[0].key) == [accepted[0].ticket.number]
        assert kept(state) == []


async def test_nothing_on_the_kiosks_disk_or_in_its_log_can_be_read(kiosk, person, cable, state, until, caplog):
    caplog.set_level(logging.DEBUG)
    registration = person()
    async with kiosk(running=True) as client:
        await with_leases(client, state, until)
        cable.cut()
        await client.register(registration)
        secrets = (registration.patient.number, "NGUYỄN VĂN THỬ", "1990-01-02")
        question = wire.EligibilityRequest(
            number=registration.patient.number, name="NGUYỄN VĂN THỬ", birth="1990-01-02"
        )
        with pytest.raises(GatewayError):
            await client.check_insurance(question)
        written = b"".join(path.read_bytes() for path in state.rglob("*") if path.is_file())
        written += caplog.text.encode()
        assert not any(str(secret).encode() in written for secret in secrets)
        cable.restore()


async def test_a_gateway_that_is_killed_and_comes_back_knows_every_number(kiosk, person, gateway, state, until):
    async with kiosk(running=True) as client:
        await with_leases(client, state, until)
        before = await client.register(person())
        gateway.process.child.kill()
        gateway.process.stop()
        try:
            meanwhile = await client.register(person())
        finally:
            # On this thread: a child dies with the thread that started it.
            gateway.start()
        assert not before.offline and meanwhile.offline
        await until(lambda: kept(state) == [])
        for accepted in (before, meanwhile):
            assert gateway.live_numbers(accepted.key) == [accepted.ticket.number]
