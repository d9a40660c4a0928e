"""A request waits for the end of the session, and is forgotten when nobody comes."""

from __future__ import annotations

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from services.technician.handshake import PATIENCE_SECONDS, Handshake, VendorMode

pytestmark = pytest.mark.trio


async def test_a_request_is_acknowledged_by_the_loop_alone() -> None:
    told: list[VendorMode] = []
    handshake = Handshake(told.append)
    handshake.request()
    handshake.request()
    assert handshake.state is VendorMode.ENTER_PENDING
    with trio.fail_after(1):
        await handshake.requested()
    handshake.enter()
    handshake.request()
    assert handshake.state is VendorMode.ACTIVE
    handshake.leaving()
    handshake.leave()
    assert told == [VendorMode.ENTER_PENDING, VendorMode.ACTIVE, VendorMode.EXIT_PENDING, VendorMode.INACTIVE]


async def test_an_old_request_is_forgotten(mock_clock: MockClock) -> None:
    handshake = Handshake()
    handshake.request()
    mock_clock.jump(PATIENCE_SECONDS + 1)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(handshake.requested)
        await wait_all_tasks_blocked()
        assert handshake.state is VendorMode.INACTIVE
        nursery.cancel_scope.cancel()
