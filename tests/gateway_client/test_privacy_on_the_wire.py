"""Notice, consents and the reason for not paying by code, on the real gateway's wire and through an outage."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.contract import models as wire

pytestmark = [pytest.mark.wire, pytest.mark.trio]


def consents(key: str, notice: wire.Notice) -> wire.Consents:
    return wire.Consents(
        registration_key=key,
        session_id="11111111-2222-4333-8444-555555555555",
        notice_version=notice.version,
        notice_digest=notice.digest,
        language="vi",
        answers=(wire.ConsentAnswer(purpose="follow-up-call", given=False),),
        at=datetime(2026, 11, 21, 5, 0, tzinfo=UTC),
    )


async def test_the_notice_is_known_after_a_restart_without_network(kiosk, cable, until):
    async with kiosk(running=True) as client:
        assert client.notice is None
        await until(lambda: client.notice is not None)
        notice = client.notice
        assert notice.vi.spoken and notice.version
    cable.cut()
    async with kiosk(running=True) as client:
        assert client.notice == notice


async def test_consents_and_reasons_wait_for_the_gateway_and_arrive_once(kiosk, person, gateway, cable, until):
    async with kiosk(running=True) as client:
        await until(lambda: client.notice is not None)
        accepted = await client.register(person())
        cable.cut()
        await client.record_consents(consents(accepted.key, client.notice))
        await client.report_cash_reason(accepted, wire.CashReason.NO_APP)
        cable.restore()
        kept = "SELECT purpose, given, notice_version FROM consents WHERE registration_key = ?"
        said = "SELECT reason FROM cash_reasons WHERE registration_key = ?"
        await until(lambda: gateway.rows(kept, accepted.key) and gateway.rows(said, accepted.key))
        assert gateway.rows(kept, accepted.key) == [("follow-up-call", 0, client.notice.version)]
        assert gateway.rows(said, accepted.key) == [("no-app",)]
