"""The technician's mode is entered between two sessions, whenever the gesture was made (XFS4IoT vendor mode)."""

from __future__ import annotations

from typing import Any

import pytest

from services.journeys.prompts import (
    Home,
    Review,
    ReviewAnswer,
    TechnicianPin,
    TicketAnswer,
    TicketReady,
)
from services.journeys.scripted import on
from services.journeys.stage import StageEvent
from services.technician.handshake import Handshake, VendorMode

GESTURE = StageEvent.TECHNICIAN


class Room:
    """A technician's room nobody gets into: the PIN page is all that is asked."""

    def __init__(self) -> None:
        self.states: list[VendorMode] = []
        self.handshake = Handshake(self.states.append)
        self.served = 0

    async def locked(self) -> int:
        return 0

    def session_over(self) -> None:
        self.served += 1


@pytest.fixture
def room(world: Any) -> Room:
    world.technician = Room()
    world.insured()
    return world.technician


def test_a_gesture_on_the_start_page_asks_for_the_pin(world: Any, room: Room) -> None:
    world.play(on(Home, touches=GESTURE), on(TechnicianPin, None))
    assert room.states == [
        VendorMode.ENTER_PENDING, VendorMode.ACTIVE, VendorMode.EXIT_PENDING, VendorMode.INACTIVE,
    ]  # fmt: skip


def test_a_session_is_never_cut_by_a_technician(world: Any, room: Room) -> None:
    stage = world.play(
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER, touches=GESTURE),
        on(TicketReady, TicketAnswer.DONE),
        world.takes_card(),
        on(TechnicianPin, None),
    )
    assert world.gateway.slips == [(True, None)] and world.gateway.abandoned == []
    assert room.served == 1 and world.visits[0].empty
    asked = [type(prompt).__name__ for prompt in stage.seen]
    assert asked.index("TechnicianPin") > asked.index("TicketReady")


def test_without_a_room_the_gesture_does_nothing(world: Any) -> None:
    stage = world.play(on(Home, touches=GESTURE), ends=False)
    assert not any(isinstance(prompt, TechnicianPin) for prompt in stage.seen)
