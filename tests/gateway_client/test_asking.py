"""A question keeps its key until it is answered, and no longer than somebody may still be asking it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from trio.testing import MockClock

from services.contract import models as wire
from services.contract.routes import Write
from services.gateway_client import GatewayError, GatewayReason
from services.gateway_client.asking import SAME_QUESTION_SECONDS, Asker
from services.gateway_client.http import Call, Place

pytestmark = pytest.mark.trio

CALL = wire.StaffCall.model_validate(
    {"id": "c", "status": "ringing", "called_at": "2026-11-21T08:00:00Z", "version": 1}
)


class ChannelDouble:
    """Answers what a test says, and remembers the keys."""

    def __init__(self) -> None:
        self.keys: list[str | None] = []
        self.answer: Callable[[], wire.StaffCall] = lambda: CALL

    async def ask(self, place: Place, call: Call, model: type[wire.StaffCall]) -> wire.StaffCall:
        assert json.loads(call.body) == {"step": ""}
        self.keys.append(call.key)
        return self.answer()


@pytest.fixture
def channel() -> ChannelDouble:
    return ChannelDouble()


@pytest.fixture
def ask(channel: ChannelDouble):
    asker = Asker(channel, None)  # type: ignore[arg-type]

    async def once() -> None:
        await asker.ask(Write.STAFF_CALL, "/v1/staff-calls", wire.StaffCallRequest(), wire.StaffCall, seconds=1)

    return once


def failing(error: GatewayError) -> Callable[[], wire.StaffCall]:
    def fail() -> wire.StaffCall:
        raise error

    return fail


async def test_an_unanswered_question_is_asked_again_with_its_key(channel: ChannelDouble, ask) -> None:
    channel.answer = failing(GatewayError(GatewayReason.TIMEOUT, sent=True))
    for _ in range(2):
        with pytest.raises(GatewayError):
            await ask()
    channel.answer = lambda: CALL
    await ask()
    assert len(set(channel.keys)) == 1
    await ask()
    assert len(set(channel.keys)) == 2


@pytest.mark.parametrize(
    ("error", "same"),
    [
        (GatewayError(GatewayReason.SERVER, status=503, code="BH-101"), False),
        (GatewayError(GatewayReason.CONFLICT, status=422), False),
        (GatewayError(GatewayReason.CONFLICT, status=409, sent=True), True),
        (GatewayError(GatewayReason.REFUSED, status=401), True),
        (GatewayError(GatewayReason.SERVER, status=502), True),
        (GatewayError(GatewayReason.NO_NETWORK), True),
    ],
)
async def test_only_an_answer_makes_the_next_question_a_new_one(
    channel: ChannelDouble, ask, error: GatewayError, same: bool
) -> None:
    channel.answer = failing(error)
    for _ in range(2):
        with pytest.raises(GatewayError):
            await ask()
    assert (channel.keys[0] == channel.keys[1]) is same


async def test_the_same_words_much_later_are_another_persons_question(
    channel: ChannelDouble, ask, mock_clock: MockClock
) -> None:
    channel.answer = failing(GatewayError(GatewayReason.TIMEOUT, sent=True))
    with pytest.raises(GatewayError):
        await ask()
    mock_clock.jump(SAME_QUESTION_SECONDS + 1)
    with pytest.raises(GatewayError):
        await ask()
    assert len(set(channel.keys)) == 2
