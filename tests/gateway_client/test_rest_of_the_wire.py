"""Everything but the number, on the real gateway's wire: insurance, paying, staff call, nonces, restarts."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import trio

from services.contract import models as wire
from services.contract import routes
from services.failures import code_of
from services.gateway_client import GatewayError, GatewayReason, background, enrolling, identity, watching
from services.gateway_client.http import Http

pytestmark = [pytest.mark.wire, pytest.mark.trio]


def open_operations(state: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(f"file:{state / 'outbox.db'}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT operation, target FROM open_operations").fetchall()


# --- enrolment and token


async def test_an_enrolment_whose_answer_was_lost_is_repeated_with_the_same_code(gateway, cable, tmp_path):
    code = gateway.command("enrol-code", "Trạm hai", "--letter", "M")
    cable.set(lose_answers=1, lose_path=routes.ENROLMENTS)
    with pytest.raises(GatewayError) as caught:
        enrolling.enrol(cable.url, None, tmp_path / "m", code=code, name="two")
    assert caught.value.reason is GatewayReason.NO_NETWORK and caught.value.sent
    first = identity.public_hex(identity.load_key(tmp_path / "m"))
    enrolment = enrolling.enrol(cable.url, None, tmp_path / "m", code=code, name="two")
    assert identity.load(tmp_path / "m").enrolment == enrolment
    assert identity.public_hex(identity.load_key(tmp_path / "m")) == first


async def test_a_wrong_code_enrols_nobody(gateway, tmp_path):
    with pytest.raises(GatewayError) as caught:
        enrolling.enrol(f"http://{gateway.address}", None, tmp_path / "x", code="0000-0000-0000", name="x")
    assert caught.value.reason is GatewayReason.REFUSED and code_of(caught.value) == "GW-204"
    assert not (tmp_path / "x" / identity.ENROLMENT).exists()


async def test_a_kiosk_with_another_key_is_refused_but_keeps_what_it_promised(kiosk, person, state, cable, until):
    async with kiosk() as client:
        accepted = await client.register(person())
        cable.cut()
        await client.report_slip(accepted, True, None)
    cable.restore()
    (state / identity.KEY).unlink()
    identity.make_key(state)

    def tried() -> int:
        with closing(sqlite3.connect(f"file:{state / 'outbox.db'}?mode=ro", uri=True)) as connection:
            (tries,) = connection.execute("SELECT attempts FROM entries WHERE state = 'waiting'").fetchone()
            return int(tries)

    async with kiosk(running=True) as client:
        with pytest.raises(GatewayError) as caught:
            await client.clinics(None)
        assert caught.value.reason is GatewayReason.REFUSED
        with pytest.raises(GatewayError) as caught:
            await client.register(person())
        assert caught.value.reason is GatewayReason.REFUSED
        await until(lambda: tried() > 0)


async def test_a_token_the_gateway_forgot_is_renewed_within_the_same_question(kiosk):
    async with kiosk() as client:
        await client.clinics(None)
        held = client._channel._tokens
        object.__setattr__(held._held, "text", "rubbish")
        assert await client.clinics(None)


# --- the place


async def test_after_a_restart_without_network_site_and_clinics_are_known(kiosk, cable, state, until):
    async with kiosk(running=True) as client:
        await until(lambda: client.site.kiosk_letter == "K" and (state / "clinics.json").exists())
        place = client.site.place
    cable.cut()
    async with kiosk(running=True) as client:
        assert client.site.place == place and client.site.demo
        clinics = (await client.clinics(None)).clinics
        assert clinics and {clinic.waiting for clinic in clinics} == {None}
        assert clinics[0].amounts is not None
        insured = (await client.clinics("some-eligibility")).clinics
        assert {clinic.amounts for clinic in insured} == {None}


async def test_a_kiosk_that_never_reached_its_gateway_has_words_all_the_same(kiosk, cable):
    cable.cut()
    async with kiosk() as client:
        assert client.site.help_desk.name == "quầy số 1" and client.site.cashier.name_en == "the cashier"
        with pytest.raises(GatewayError):
            await client.clinics(None)


async def test_going_offline_and_coming_back_is_told_once_each(kiosk, cable, until):
    told: list[bool] = []
    async with kiosk(running=True) as client:
        client.on_change(told.append)
        await until(lambda: client.site.kiosk_letter == "K")
        cable.cut()
        await until(lambda: not client.online)
        cable.restore()
        await until(lambda: client.online)
    assert told == [False, True]


async def test_the_heartbeat_tells_what_waits_and_nothing_personal(kiosk, gateway, until):
    async with kiosk(running=True):
        await until(lambda: bool(gateway.rows("SELECT body FROM heartbeats")))
    beat = json.loads(gateway.rows("SELECT body FROM heartbeats")[0][0])
    assert beat["outbox_waiting"] == 0 and beat["outbox_dead"] == 0


async def test_a_device_that_changes_is_told_soon_not_with_the_next_heartbeat(kiosk, gateway, until, monkeypatch):
    monkeypatch.setattr(background, "CALM_SECONDS", 0.05)
    reports: list[wire.DeviceReport] = []

    def told() -> list[str]:
        return [row[0] for row in gateway.rows("SELECT body FROM heartbeats") if "PR-02" in row[0]]

    async with kiosk(running=True, beat=600.0, devices=lambda: tuple(reports)) as client:
        await until(lambda: bool(gateway.rows("SELECT body FROM heartbeats")))
        assert told() == []
        reports.append(wire.DeviceReport(name="printer", state=wire.DeviceState.USER_ERROR, failure_code="PR-02"))
        await trio.to_thread.run_sync(client.device_changed)
        await until(lambda: bool(told()))


async def test_nonces_are_the_gateways_online_and_our_own_offline(kiosk, cable, gateway, until):
    async with kiosk(running=True) as client:
        await until(lambda: client._nonces.low is False)
        nonce = await client.nonce()
        assert gateway.rows("SELECT value FROM nonces WHERE id = ?", nonce.id) == [(nonce.value.hex().upper(),)]
    cable.cut()
    async with kiosk() as client:
        own, other = await client.nonce(), await client.nonce()
        assert own.id is None and len(own.value) == 8 and own.value != other.value


# --- insurance


async def test_an_insurer_that_cannot_be_reached_is_told_by_its_own_code_and_leaves_us_online(kiosk):
    question = wire.EligibilityRequest(number="099200000001", name="NGUYEN VAN THU", birth="1990-01-02")
    async with kiosk() as client:
        with pytest.raises(GatewayError) as caught:
            await client.check_insurance(question)
        assert code_of(caught.value) == "BH-101"
        assert client.online


async def test_without_network_the_question_is_not_kept_for_later(kiosk, cable, state):
    question = wire.EligibilityRequest(number="099200000001", name="NGUYEN VAN THU", birth="1990-01-02")
    cable.cut()
    async with kiosk() as client:
        with pytest.raises(GatewayError) as caught:
            await client.check_insurance(question)
        assert code_of(caught.value) == "GW-201"
    with closing(sqlite3.connect(state / "outbox.db")) as connection:
        assert connection.execute("SELECT COUNT(*) FROM entries").fetchone() == (0,)


# --- paying


async def paying(client: Any, person: Any) -> wire.PaymentIntent:
    accepted = await client.register(person())
    return await client.pay(accepted.ticket.bill_id or "")


async def test_a_bill_has_one_intent_however_often_and_badly_it_is_asked(kiosk, person, cable, gateway, state):
    async with kiosk() as client:
        accepted = await client.register(person())
        cable.set(lose_answers=1, lose_path=routes.PAYMENT_INTENTS)
        first = await client.pay(accepted.ticket.bill_id or "")
        assert await client.pay(accepted.ticket.bill_id or "") == first.model_copy(
            update={"version": first.version, "status": first.status}
        )
        (count,) = gateway.rows("SELECT COUNT(*) FROM payment_intents WHERE bill_id = ?", accepted.ticket.bill_id)
        assert count == (1,)
        assert (routes.Write.PAYMENT_INTENT.value, first.id) in open_operations(state)


async def test_cancelling_twice_is_cancelling_once_and_closes_the_book(kiosk, person, cable, state):
    async with kiosk() as client:
        intent = await paying(client, person)
        cable.set(lose_answers=1, lose_path="/cancel")
        assert (await client.cancel_payment(intent.id)).status is wire.PaymentStatus.CANCELLED
        assert (await client.cancel_payment(intent.id)).status is wire.PaymentStatus.CANCELLED
        assert open_operations(state) == []


@pytest.mark.parametrize("way", ["events", "polling"])
async def test_a_change_is_seen_by_events_and_by_polling_alone(kiosk, person, monkeypatch, way):
    if way == "events":
        monkeypatch.setattr(watching, "POLL_SECONDS", 300.0)
    else:
        monkeypatch.setattr(routes, "PAYMENT_EVENTS", "/v1/nowhere/{id}")
        monkeypatch.setattr(watching, "POLL_SECONDS", 0.2)
    async with kiosk() as client:
        intent = await client.payment((await paying(client, person)).id)
        with trio.fail_after(20):
            while intent.status is not wire.PaymentStatus.CANCELLED:
                async with trio.open_nursery() as nursery:
                    if intent.status is wire.PaymentStatus.QR_SHOWN or way == "polling":
                        nursery.start_soon(client.cancel_payment, intent.id)
                    intent = await client.payment_changed(intent)


async def test_watching_goes_on_when_the_gateway_is_away_for_a_while(kiosk, person, cable, monkeypatch):
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.2)
    async with kiosk() as client:
        intent = await client.payment((await paying(client, person)).id)
        with trio.fail_after(20):
            cable.cut()
            async with trio.open_nursery() as nursery:

                async def later() -> None:
                    await trio.sleep(0.5)
                    cable.restore()
                    await client.cancel_payment(intent.id)

                nursery.start_soon(later)
                while intent.status is not wire.PaymentStatus.CANCELLED:
                    intent = await client.payment_changed(intent)


async def test_a_cancelled_wait_frees_its_event_line_at_once(kiosk, person, monkeypatch):
    async with kiosk() as client:
        intent = await client.payment((await paying(client, person)).id)
        for _ in range(5):
            with trio.move_on_after(0.3):
                await client.payment_changed(intent)
        # Were a line still taken by an abandoned thread, this event could not be heard.
        monkeypatch.setattr(watching, "POLL_SECONDS", 300.0)
        with trio.fail_after(20):
            intent = await client.payment(intent.id)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(client.cancel_payment, intent.id)
                while intent.status is not wire.PaymentStatus.CANCELLED:
                    intent = await client.payment_changed(intent)


async def test_a_code_that_was_live_when_the_power_failed_is_cancelled_at_the_restart(
    kiosk, person, state, gateway, until
):
    async with kiosk() as client:
        intent = await paying(client, person)
    assert open_operations(state)
    async with kiosk(running=True):
        await until(lambda: open_operations(state) == [])
    assert gateway.rows("SELECT status FROM payment_intents WHERE id = ?", intent.id) == [("cancelled",)]


async def test_a_code_whose_answer_never_came_is_found_by_its_key_and_cancelled(
    kiosk, person, state, gateway, cable, until
):
    async with kiosk() as client:
        accepted = await client.register(person())
        cable.set(lose_answers=9, lose_path=routes.PAYMENT_INTENTS)
        with pytest.raises(GatewayError):
            await client.pay(accepted.ticket.bill_id or "")
    assert [target for _, target in open_operations(state)] == [""]
    cable.restore()
    async with kiosk(running=True):
        await until(lambda: open_operations(state) == [])
    statuses = gateway.rows("SELECT status FROM payment_intents WHERE bill_id = ?", accepted.ticket.bill_id)
    assert statuses == [("cancelled",)]


# --- staff call


async def test_a_second_touch_never_makes_a_second_call(kiosk, cable, gateway):
    async with kiosk() as client:
        cable.set(lose_answers=1, lose_path=routes.STAFF_CALLS)
        call = await client.call_staff()
        assert (await client.call_staff()).id == call.id
        await client.cancel_staff_call(call.id)


async def test_a_change_of_the_call_is_heard(kiosk, monkeypatch):
    monkeypatch.setattr(watching, "POLL_SECONDS", 300.0)
    async with kiosk() as client:
        call = await client.call_staff()
        with trio.fail_after(20):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(client.cancel_staff_call, call.id)
                changed = await client.staff_call_changed(call)
        assert changed.status is wire.StaffCallStatus.CANCELLED and changed.version > call.version


async def test_a_call_nobody_heard_is_an_error_at_once(kiosk, cable):
    cable.cut()
    async with kiosk() as client:
        with pytest.raises(GatewayError) as caught:
            await client.call_staff()
        assert code_of(caught.value) == "GW-201"


# --- broken books


async def test_an_entry_the_gateway_cannot_open_is_set_aside_and_the_next_is_delivered(
    kiosk, person, gateway, cable, state, until
):
    async with kiosk(running=True) as client:
        await until(lambda: (state / "clinics.json").exists())
        first, second = await client.register(person()), await client.register(person())
        cable.cut()
        await client.abandon(first, wire.AbandonReason.LEFT)
        await client.abandon(second, wire.AbandonReason.LEFT)
    with closing(sqlite3.connect(state / "outbox.db")) as connection:
        connection.execute("UPDATE entries SET sealed = zeroblob(80) WHERE chain = ?", (first.key,))
        connection.commit()
    cable.restore()

    def states() -> list[tuple[str, str | None]]:
        with closing(sqlite3.connect(f"file:{state / 'outbox.db'}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT state, code FROM entries ORDER BY id").fetchall()

    async with kiosk(running=True):
        await until(lambda: states() == [("dead", "GW-206")])
    assert gateway.live_numbers(second.key) == []


async def test_a_broken_outbox_is_set_aside_and_the_kiosk_starts(kiosk, person, state):
    (state / "outbox.db").write_bytes(b"this is no database" * 100)
    async with kiosk() as client:
        assert not (await client.register(person())).offline
    (aside,) = [path for path in state.glob("outbox.db.broken-*") if not path.name.endswith(("wal", "shm"))]
    assert aside.read_bytes().startswith(b"this is no database")


async def test_a_full_disk_promises_nothing_and_stops_nothing_else(kiosk, person, gateway, until):
    async with kiosk(running=True) as client:
        await until(lambda: client.site.kiosk_letter == "K")
        registration = person()
        # SQLite says the same as for a full disk when the file may not grow.
        pages = client._database.rows("PRAGMA page_count")[0][0]
        client._database.rows(f"PRAGMA max_page_count={pages}")
        seen = 0
        with pytest.raises(GatewayError) as caught:
            while seen < 500:
                await client.abandon(await client.register(registration), wire.AbandonReason.LEFT)
                seen += 1
        assert caught.value.reason is GatewayReason.NOT_KEPT and code_of(caught.value) == "KI-902"
        assert await client.clinics(None)
        client._database.rows("PRAGMA max_page_count=1000000")
        assert not (await client.register(person())).offline


async def test_no_proxy_of_the_environment_is_used(monkeypatch, gateway):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    http = Http(f"http://{gateway.address}", None, 2.0)
    try:
        with pytest.raises(GatewayError) as caught:
            http.send(watching.Place.CITIZEN, enrolling.Call("GET", routes.SITE), None)
        assert caught.value.status == 401
    finally:
        http.close()
