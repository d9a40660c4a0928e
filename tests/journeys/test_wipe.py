"""After every session the citizen is gone: no field, no reference, no word in the log."""

from __future__ import annotations

import gc
import logging
import weakref
from dataclasses import replace
from typing import Any

import pytest

from services.contract import models as wire
from services.identity.citizen import Citizen
from services.journeys.prompts import (
    ConfirmIdentity,
    Home,
    IdentityAnswer,
    IdleWarning,
    InsuranceAnswer,
    InsuranceValid,
    PayByVietQR,
    Problem,
    ProblemChoice,
    Review,
    ReviewAnswer,
    TicketAnswer,
    TicketReady,
)
from services.journeys.scripted import Line, on
from services.journeys.stage import StageEvent
from services.journeys.visit import Visit


def _done(world: Any) -> tuple[Line, ...]:
    world.insured()
    return (
        *world.reviews("hoa"),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        on(TicketReady, TicketAnswer.DONE),
        world.takes_card(),
    )


def _left(world: Any) -> tuple[Line, ...]:
    world.insured()
    return (*world.known("hoa"), on(InsuranceValid, touches=StageEvent.HOME), world.takes_card())


def _idle(world: Any) -> tuple[Line, ...]:
    world.insured()
    return (*world.meets("hoa"), on(ConfirmIdentity), on(IdleWarning), world.takes_card())


def _crash(world: Any) -> tuple[Line, ...]:
    world.insured()
    world.gateway.faults["clinics"] = [ValueError("a bug")]
    return (
        *world.known("hoa"),
        on(InsuranceValid, InsuranceAnswer.USE),
        on(Problem, ProblemChoice.END, code="KI-901"),
        world.takes_card(),
    )


def _idle_while_paying(world: Any) -> tuple[Line, ...]:
    world.uninsured()
    return (
        *world.pays("hoa"),
        on(PayByVietQR),
        on(IdleWarning),
        on(TicketReady),
        world.takes_card(),
    )


def _other_card(world: Any) -> tuple[Line, ...]:
    from services.journeys.prompts import ChoosePatient, DifferentCard, YesNo

    world.insured()
    return (
        *world.known("hoa"),
        on(InsuranceValid, does=world.lays("tam")),
        on(DifferentCard, YesNo.YES),
        on(ChoosePatient, touches=StageEvent.HOME),
        world.takes_card(),
    )


def _photo_still_coming(world: Any) -> tuple[Line, ...]:
    world.cards.photo_seconds = 600
    return (*world.meets("hoa"), on(ConfirmIdentity, touches=StageEvent.HOME), world.takes_card())


def _photo_altered(world: Any) -> tuple[Line, ...]:
    world.trust.altered.add("hoa")
    return (
        *world.meets("hoa"),
        on(ConfirmIdentity),
        on(Problem, ProblemChoice.ASK_DESK, code="CR-06"),
        world.takes_card(),
    )


@pytest.mark.parametrize(
    "script", [_done, _left, _idle, _crash, _idle_while_paying, _other_card, _photo_still_coming, _photo_altered]
)
def test_nothing_refers_to_the_citizen_after_the_session(
    world: Any, script: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[weakref.ref[Citizen]] = []
    recognise = world.trust.recognise

    async def fresh(*args: Any) -> Citizen:
        citizen = replace(await recognise(*args))
        known.append(weakref.ref(citizen))
        return citizen

    monkeypatch.setattr(world.trust, "recognise", fresh)
    alive: list[int] = []
    world.play(
        *script(world),
        on(Home, does=lambda: alive.append(sum(ref() is not None for ref in known))),
        ends=False,
    )
    assert known
    assert alive == [0], "gone when the start page stands, without waiting for a collector"
    assert all(visit.empty for visit in world.visits)
    assert world.stage.resets == len(world.visits)
    assert world.cards.forgotten == len(world.visits)
    assert world.sounds.heard.count("reset") == len(world.visits)


def test_wiping_empties_every_field_there_is(world: Any) -> None:
    from dataclasses import fields

    visit = Visit()
    for field in fields(visit):
        setattr(visit, field.name, "something")
    assert not visit.empty
    visit.wipe()
    assert visit.empty
    assert [field.name for field in fields(visit) if getattr(visit, field.name) is not None] == []


def test_forgetting_the_patient_keeps_what_was_begun(world: Any) -> None:
    visit = Visit(patient=world.people["hoa"].citizen, companion=world.people["tam"].citizen, handed_over=True)
    visit.forget_patient()
    assert visit.patient is None
    assert visit.companion is None
    assert visit.handed_over


def test_the_log_of_a_whole_session_names_nobody(world: Any, caplog: pytest.LogCaptureFixture) -> None:
    world.uninsured()
    world.gateway.on_cancel = wire.PaymentStatus.UNKNOWN
    with caplog.at_level(logging.DEBUG):
        world.play(*_idle_while_paying(world))
    for secret in ("Hoa", "001188004471", "1988", "Hòa Giang"):
        assert secret not in caplog.text
    assert "session over" in caplog.text


def test_the_next_person_finds_nothing_of_the_last(world: Any) -> None:
    world.insured()
    world.play(
        *_done(world),
        *world.meets("tam"),
        on(ConfirmIdentity, IdentityAnswer.YES, name="Phạm Thị Tâm"),
        on(InsuranceValid, touches=StageEvent.HOME),
        world.takes_card(),
    )
    assert len(world.visits) == 2
    gc.collect()
