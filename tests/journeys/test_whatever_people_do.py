"""Whatever people touch and whatever fails: the start page comes back, everything is wiped, every number has an end."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from drivers.smartcard.connection import CardErrorReason
from services.contract.models import PaymentStatus
from services.failures import CRASH
from services.gateway_client import GatewayError, GatewayReason
from services.identity.citizen import EvidenceLevel
from services.journeys.loop import run_kiosk
from services.journeys.ports import Printed
from services.journeys.prompts import (
    CardLeftBehind,
    ChooseClinic,
    ChoosePatient,
    ChooseRelation,
    ClinicAnswer,
    ClinicChosen,
    ConfirmIdentity,
    DeclarePriority,
    DifferentCard,
    Home,
    HomeChoice,
    IdentityAnswer,
    IdleAnswer,
    IdleWarning,
    InsuranceAnswer,
    InsuranceUnhappy,
    InsuranceValid,
    LeavePayment,
    LeavePaymentAnswer,
    LiftedEarly,
    PatientChoice,
    PayAnswer,
    PayByVietQR,
    PlaceCard,
    PlaceCardAnswer,
    Problem,
    Prompt,
    ReadingCard,
    Review,
    ReviewAnswer,
    ScanAnswer,
    ScanCode,
    StaffCall,
    StaffCallAnswer,
    TicketAnswer,
    TicketReady,
    TypedDigits,
    TypeDigits,
    WithoutCard,
    WithoutCardAnswer,
    YesNo,
)
from services.journeys.scripted import OPEN, Line, ScriptedStage
from services.journeys.stage import StageEvent

ACTS = 60
FAULTS = {
    "insurance": ["BH-101", None],
    "clinics": [None],
    "register": [None],
    "pay": ["TT-302", None],
    "claim": [None],
    "cancel-payment": [None],
    "payment-changed": [None],
    "call-staff": [None],
    "staff-changed": [None],
    "abandon": [None],
    "report-slip": [None],
}


class Crowd(ScriptedStage):
    """People who do anything at all, `ACTS` times, and then stand still."""

    def __init__(self, world: Any, seed: int) -> None:
        super().__init__()
        self.world = world
        self.dice = random.Random(seed)
        self.acts = ACTS
        self.scanned = "hoa"

    def _next(self, prompt: Prompt[Any]) -> Line | None:
        if isinstance(prompt, Home) and self.acts > 0:
            self.acts -= 1
            return Line(Home, self.dice.choice([HomeChoice.CHECK_IN, HomeChoice.CHECK_IN, *HomeChoice]))
        if self.acts <= 0 or self.dice.random() < 0.03:
            return None
        self.acts -= 1
        self._weather()
        if self.dice.random() < 0.12:
            return Line(type(prompt), OPEN, self.dice.choice(list(StageEvent)))
        return Line(type(prompt), *self._choice(prompt))

    def _choice(self, prompt: Prompt[Any]) -> tuple[Any, None, Callable[[], object] | None]:
        """An answer, or something with the hands."""
        pick, world = self.dice.choice, self.world
        match prompt:
            case ScanCode():
                if self.dice.random() < 0.15:
                    return pick(list(ScanAnswer)), None, None
                if self.dice.random() < 0.15:
                    return OPEN, None, lambda: world.scanner.show(pick(["https://a.vn", "001|", "001090012829|||"]))
                return OPEN, None, self._scan
            case PlaceCard() | LiftedEarly():
                if self.dice.random() < 0.1:
                    return PlaceCardAnswer.NO_CARD, None, None
                name = self.scanned if self.dice.random() < 0.8 else pick(list(world.people))
                return OPEN, None, world.lays(name)
            case ReadingCard():
                if self.dice.random() < 0.1:
                    return None, None, None
                return OPEN, None, world.cards.lift if self.dice.random() < 0.2 else None
            case PayByVietQR():
                if self.dice.random() < 0.5:
                    return pick(list(PayAnswer)), None, None
                status = pick([PaymentStatus.PAID, PaymentStatus.UNDERPAID, PaymentStatus.EXPIRED])
                return OPEN, None, lambda: world.after(self.dice.random() * 90, lambda: self._bank(status))
            case ChooseClinic():
                rows = [ClinicChosen(row.id) for row in prompt.clinics]
                return pick([*rows, ClinicAnswer.GUIDE_DESK]), None, None
            case DeclarePriority() | ChooseRelation() | Problem() | WithoutCard():
                return pick(prompt.choices), None, None
            case TypeDigits():
                digits = pick(["001188004471", "1988", "", "999999999999"])
                return TypedDigits(digits), None, None
            case _:
                answers = ANSWERS.get(type(prompt))
                return (pick(answers) if answers else OPEN), None, self._hands()

    def _hands(self) -> Callable[[], object] | None:
        """Sometimes a card is taken away or another is laid down."""
        if self.dice.random() < 0.1:
            return self.world.cards.lift
        return self.world.lays(self.dice.choice(list(self.world.people))) if self.dice.random() < 0.1 else None

    def _scan(self) -> None:
        self.scanned = self.dice.choice(list(self.world.people))
        self.world.scanner.show(self.world.people[self.scanned].qr)

    def _bank(self, status: PaymentStatus) -> None:
        gateway = self.world.gateway
        if gateway.intent is not None and gateway.intent.status in {PaymentStatus.QR_SHOWN, PaymentStatus.UNDERPAID}:
            gateway.bank(status, 20_000 if status is PaymentStatus.UNDERPAID else None)

    def _weather(self) -> None:
        """Something fails next, or not."""
        world, dice = self.world, self.dice
        if dice.random() < 0.15:
            operation = dice.choice(list(FAULTS))
            error = GatewayError(dice.choice(list(GatewayReason)), code=dice.choice(FAULTS[operation]))
            world.gateway.faults.setdefault(operation, []).append(error)
        if dice.random() < 0.05:
            world.cards.faults.append(dice.choice([CardErrorReason.MUTE, CardErrorReason.PROTOCOL, world.cards.lift]))
        if dice.random() < 0.05:
            world.printer.answers.append(Printed(False, "PR-02"))
        if dice.random() < 0.05:
            world.trust.levels[dice.choice(list(world.people))] = dice.choice(
                [EvidenceLevel.CHIP_FAILED, EvidenceLevel.CHIP_READ, EvidenceLevel.CHIP_GENUINE]
            )
        world.gateway.accept_offline = dice.random() < 0.1


ANSWERS: dict[type[Prompt[Any]], list[Any]] = {
    ChoosePatient: list(PatientChoice),
    ConfirmIdentity: [IdentityAnswer.YES, IdentityAnswer.YES, IdentityAnswer.NO],
    InsuranceValid: list(InsuranceAnswer),
    InsuranceUnhappy: [InsuranceAnswer.SKIP, InsuranceAnswer.ASK_DESK, InsuranceAnswer.SKIP],
    Review: [ReviewAnswer.TAKE_NUMBER, ReviewAnswer.TAKE_NUMBER, *ReviewAnswer],
    LeavePayment: list(LeavePaymentAnswer),
    TicketReady: [TicketAnswer.DONE, TicketAnswer.REPRINT],
    IdleWarning: [IdleAnswer.STAY, IdleAnswer.STAY, IdleAnswer.END],
    DifferentCard: list(YesNo),
    StaffCall: list(StaffCallAnswer),
    CardLeftBehind: [None],
    WithoutCard: list(WithoutCardAnswer),
}
CLOSED = {
    PaymentStatus.PAID,
    PaymentStatus.PAID_LATE,
    PaymentStatus.CANCELLED,
    PaymentStatus.EXPIRED,
    PaymentStatus.UNKNOWN,
}


async def _serve(stage: Crowd, world: Any) -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(run_kiosk, stage, world.kit())
        await trio.sleep(50_000)
        world.ended_on = stage.on_top
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize("seed", range(40))
def test_the_start_page_always_comes_back_and_everything_has_an_end(world: Any, seed: int) -> None:
    dice = random.Random(seed)
    (world.insured if dice.random() < 0.5 else world.uninsured)()
    stage = Crowd(world, seed)
    world.stage = stage
    trio.run(_serve, stage, world, clock=MockClock(autojump_threshold=0))

    assert isinstance(world.ended_on, Home)
    assert all(visit.empty for visit in world.visits)
    crashes = [p for p in stage.seen if isinstance(p, Problem) and p.code == CRASH]
    assert crashes == []
    shown = [p for p in stage.seen if isinstance(p, TicketReady)]
    gateway = world.gateway
    tickets = len({id(run) for run in _runs(stage.seen)})
    assert tickets + gateway.calls.count("abandon") == len(gateway.registrations), (tickets, len(shown))
    if gateway.intent is not None:
        assert gateway.intent.status in CLOSED or "cancel-payment" in gateway.calls


def _runs(seen: list[Prompt[Any]]) -> list[list[Prompt[Any]]]:
    """Tickets by session: those between two start pages or two first questions."""
    runs: list[list[Prompt[Any]]] = []
    current: list[Prompt[Any]] = []
    for prompt in seen:
        if isinstance(prompt, Home | ChoosePatient):
            current = []
        if isinstance(prompt, TicketReady):
            if not current:
                runs.append(current)
            current.append(prompt)
    return runs
