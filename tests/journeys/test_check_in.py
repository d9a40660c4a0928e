"""The whole walk of a check-in, as the people at the kiosk see it."""

from __future__ import annotations

from typing import Any

import pytest

from services.contract import models as wire
from services.journeys.prompts import (
    ChooseClinic,
    ChoosePatient,
    ClinicChosen,
    ConfirmIdentity,
    DeclarePriority,
    Home,
    HomeChoice,
    IdentityAnswer,
    PatientChoice,
    PayByVietQR,
    PlaceCard,
    Priority,
    Review,
    ReviewAnswer,
    ScanCode,
    TicketAnswer,
    TicketReady,
)
from services.journeys.scripted import on

pytestmark = pytest.mark.trio


async def test_a_self_paying_adult_pays_by_vietqr_and_takes_a_number(world: Any) -> None:
    world.gateway.insurance = wire.Eligibility(
        id="e1", result=wire.EligibilityResult.NOT_FOUND, asked_at=world.gateway.site.server_time
    )
    from services.journeys.prompts import InsuranceAnswer, InsuranceUnhappy

    await world.play(
        on(Home, HomeChoice.CHECK_IN),
        on(ChoosePatient, PatientChoice.SELF),
        on(ScanCode, does=world.scans("khang")),
        on(PlaceCard, does=world.lays("khang")),
        on(ConfirmIdentity, IdentityAnswer.YES),
        on(InsuranceUnhappy, InsuranceAnswer.SKIP),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER, pays_now=True),
        on(PayByVietQR, does=lambda: world.gateway.bank(wire.PaymentStatus.PAID)),
        on(TicketReady, TicketAnswer.DONE, printed=True, number="U047", notes=("slip.paid",)),
        on_left_card(world),
    )
    assert len(world.printer.slips) == 2


def on_left_card(world: Any) -> Any:
    from services.journeys.prompts import CardLeftBehind

    return on(CardLeftBehind, does=world.cards.lift)
