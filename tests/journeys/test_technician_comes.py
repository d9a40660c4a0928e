"""The technician's mode is entered between two sessions, whenever the gesture was made (XFS4IoT vendor mode)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import trio

from drivers.smartcard.presence import CardPresence
from services.journeys.prompts import (
    ChoosePatient,
    ConfirmIdentity,
    DifferentCard,
    Home,
    PlaceCard,
    Problem,
    Review,
    ReviewAnswer,
    ScanCode,
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
        self.plastic: object = None
        """What of the plastic is a technician's card."""
        self.cards: Any = None

    async def opened_by(self, card: CardPresence) -> bool:
        await trio.lowlevel.checkpoint()
        return self.cards.card == card and self.cards.plastic is self.plastic is not None

    async def card_lies_here(self) -> bool:
        return False

    async def card_laid_down(self) -> None:
        await trio.sleep_forever()

    async def locked(self) -> int:
        return 0

    def session_over(self) -> None:
        self.served += 1


def then(*acts: Callable[[], object]) -> Callable[[], None]:
    """One after the other."""

    def act() -> None:
        for each in acts:
            each()

    return act


@pytest.fixture
def room(world: Any) -> Room:
    world.technician = Room()
    world.technician.cards = world.cards
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


def test_a_technicians_card_on_the_start_page_asks_to_come_in(world: Any, room: Room) -> None:
    room.plastic = world.people["khang"]
    world.play(on(Home, does=world.lays("khang")), on(TechnicianPin, None))
    assert room.states[0] is VendorMode.ENTER_PENDING and room.served == 0


def test_another_card_on_the_start_page_begins_a_check_in_as_ever(world: Any, room: Room) -> None:
    stage = world.play(on(Home, does=world.lays("khang")), on(ChoosePatient), ends=False)
    assert room.states == [] and isinstance(stage.seen[-1], ChoosePatient)


def test_a_technicians_card_in_a_session_asks_nobody_anything_and_waits(world: Any, room: Room) -> None:
    room.plastic = world.people["khang"]
    stage = world.play(
        *world.reviews("hoa"),
        on(Review, does=world.lays("khang")),
        ends=False,
        seconds=30,
    )
    assert not any(isinstance(prompt, DifferentCard) for prompt in stage.seen)
    assert room.states == [VendorMode.ENTER_PENDING] and room.served == 0 and not world.visits[0].empty


def test_a_technicians_card_at_the_card_step_is_no_try_and_the_persons_own_is_read(world: Any, room: Room) -> None:
    room.plastic = world.people["khang"]
    stage = world.play(
        *world.meets("hoa")[:-1],
        on(PlaceCard, does=then(world.lays("khang"), lambda: world.after(5, world.lays("hoa")))),
        on(ConfirmIdentity),
        ends=False,
        seconds=30,
    )
    assert not any(isinstance(prompt, Problem | DifferentCard) for prompt in stage.seen)
    assert room.states == [VendorMode.ENTER_PENDING] and world.cards.reads == 1


def test_a_technicians_card_that_lies_there_before_any_was_read_asks_to_come_in(world: Any, room: Room) -> None:
    room.plastic = world.people["khang"]
    stage = world.play(
        *world.meets("hoa")[:2],
        on(ScanCode, does=then(world.lays("khang"), world.scans_later("hoa"))),
        on(PlaceCard),
        ends=False,
        seconds=30,
    )
    assert not any(isinstance(prompt, Problem | DifferentCard) for prompt in stage.seen)
    assert room.states == [VendorMode.ENTER_PENDING] and world.cards.reads == 0


def test_a_technicians_card_before_any_was_read_is_heard_where_none_is_wanted(world: Any, room: Room) -> None:
    room.plastic = world.people["khang"]
    world.play(world.meets("hoa")[0], on(ChoosePatient, does=world.lays("khang")), ends=False, seconds=10)
    assert room.states == [VendorMode.ENTER_PENDING]


def test_without_a_room_the_gesture_does_nothing(world: Any) -> None:
    stage = world.play(on(Home, touches=GESTURE), ends=False)
    assert not any(isinstance(prompt, TechnicianPin) for prompt in stage.seen)
