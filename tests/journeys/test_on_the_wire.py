"""A journey over a real card reader: pcscd, the worker, the virtual card and the verdicts, on the real clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import trio

from drivers.smartcard.remote import RemoteCardReader
from services.identity.recognise import Recogniser
from services.journeys.loop import run_kiosk
from services.journeys.offload import ThreadOffload
from services.journeys.ports import CardPresence
from services.journeys.prompts import (
    CardLeftBehind,
    ChoosePatient,
    ConfirmIdentity,
    Home,
    HomeChoice,
    IdentityAnswer,
    InsuranceValid,
    LiftedEarly,
    PatientChoice,
    PhotoPlace,
    PlaceCard,
    Problem,
    ScanCode,
)
from services.journeys.scripted import Line, ScriptedStage, on
from services.journeys.stage import StageEvent
from simulators import citizens
from simulators.chip.slot import Slot
from simulators.chip.world import World as Chips
from simulators.pcsc import PrivatePcscd

pytestmark = pytest.mark.wire

LIMIT = 120.0
PERSON = citizens.load("khang")
SLOW_PHOTO = {"photo_bytes": 9000, "kbit_s": 100.0}
"""Most of a second for the photo alone."""


class Now:
    """Wall-clock time."""

    def now(self) -> datetime:
        return datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture(scope="module")
def pcsc() -> Iterator[PrivatePcscd]:
    with PrivatePcscd() as daemon:
        yield daemon


@pytest.fixture(scope="module")
def chips(tmp_path_factory: pytest.TempPathFactory) -> Chips:
    made = Chips()
    made.write_trust(tmp_path_factory.mktemp("trust"))
    return made


@pytest.fixture
def play(pcsc: PrivatePcscd, chips: Chips, world: Any) -> Iterator[Callable[..., ScriptedStage]]:
    """Play a script with the card reader and the verdicts of the product; `slot` is where cards are laid."""
    slot = Slot(pcsc.port)

    def run(script: Callable[[Slot], tuple[Line, ...]]) -> ScriptedStage:
        stage = world.stage = ScriptedStage(*script(slot), on(Home))
        trio.run(serve, stage)
        return stage

    async def serve(stage: ScriptedStage) -> None:
        clock, folder = Now(), Path(str(chips._trust))
        reader = RemoteCardReader(env=pcsc.env)
        world.cards = reader
        kit = replace(world.kit(), trust=Recogniser(folder, ThreadOffload(), clock), clock=clock)
        with trio.fail_after(LIMIT):
            async with trio.open_nursery() as nursery:
                await nursery.start(reader.run)
                while not reader.available:
                    await trio.sleep(0.05)
                nursery.start_soon(run_kiosk, stage, kit)
                await stage.until(lambda: not stage.left)
                nursery.cancel_scope.cancel()

    yield run
    slot.remove()


def _scans(world: Any, text: str) -> Callable[[], None]:
    return lambda: world.scanner.show(text)


def _meets(world: Any, chips: Chips, slot: Slot, card: dict[str, object], text: str) -> tuple[Line, ...]:
    return (
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=_scans(world, text)),
        on(PlaceCard, does=lambda: slot.insert(chips.card({"citizen": "khang", **card}))),
    )


@pytest.mark.parametrize("profile", ["vietnam-2021", "vietnam-2024"])
def test_the_name_stands_while_the_photo_streams_in_from_the_chip(
    play: Callable[..., ScriptedStage], world: Any, chips: Chips, profile: str
) -> None:
    world.insured()

    async def photo() -> None:
        await world.stage.until(lambda: world.stage.last(ConfirmIdentity).photo is not None)

    stage = play(
        lambda slot: (
            *_meets(world, chips, slot, {"profile": profile, **SLOW_PHOTO}, PERSON.qr_text()),
            on(ConfirmIdentity, IdentityAnswer.YES, does=photo, name=PERSON.name),
            on(InsuranceValid, touches=StageEvent.HOME),
            on(CardLeftBehind, does=slot.remove),
        )
    )
    states = [prompt for prompt in stage.shown if isinstance(prompt, ConfirmIdentity)]
    # A machine that is slower than the card has the photo before it has drawn the name.
    assert [one.photo_place for one in states] in ([PhotoPlace.COMING, PhotoPlace.READ], [PhotoPlace.READ])
    assert states[-1].photo is not None and states[-1].photo[:2] == b"\xff\xd8"
    assert {one.wording.value for one in states} == {"me.seal"}
    assert world.sounds.heard.count("card-read") == 1


def test_a_card_pulled_while_the_photo_streams_goes_on_without_it(
    play: Callable[..., ScriptedStage], world: Any, chips: Chips
) -> None:
    world.insured()

    async def missed() -> None:
        await world.stage.until(lambda: world.stage.last(ConfirmIdentity).photo_place is PhotoPlace.MISSED)
        await world.cards.removed(world.cards.card or CardPresence(-1))

    card = {"remove_at_percent": 70, **SLOW_PHOTO}
    stage = play(
        lambda slot: (
            *_meets(world, chips, slot, card, PERSON.qr_text()),
            on(ConfirmIdentity, IdentityAnswer.YES, does=missed, name=PERSON.name),
            on(InsuranceValid, touches=StageEvent.HOME),
        )
    )
    assert not [p for p in stage.seen if isinstance(p, LiftedEarly | Problem | CardLeftBehind)]


OTHERS_CODE = citizens.load("hoa").qr_text()
SAME_LAST_DIGITS = PERSON.qr_text().replace(PERSON.number, f"{int(PERSON.number[:3]) + 1:03}{PERSON.number[3:]}", 1)
"""A number whose keys are those of the card on the reader: it opens, and the chip says another number."""


@pytest.mark.parametrize(
    ("profile", "code"),
    [("vietnam-2021", OTHERS_CODE), ("vietnam-2024", OTHERS_CODE), ("vietnam-2024", SAME_LAST_DIGITS)],
    ids=["no key of BAC fits", "no key of PACE fits", "a key fits by chance"],
)
def test_the_wrong_persons_code_is_a_clear_sentence_and_never_a_loop(
    play: Callable[..., ScriptedStage], world: Any, chips: Chips, profile: str, code: str
) -> None:
    stage = play(
        lambda slot: (
            *_meets(world, chips, slot, {"profile": profile}, code),
            on(ScanCode, does=_scans(world, code), hint="scan.other_person"),
            on(Problem, touches=StageEvent.HOME, code="QR-13"),
            on(CardLeftBehind, does=slot.remove),
        )
    )
    assert not [p for p in stage.shown if isinstance(p, ConfirmIdentity)], "nothing of the card's holder was shown"
    assert "card-read" not in world.sounds.heard
