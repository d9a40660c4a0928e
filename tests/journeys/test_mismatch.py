"""Name or birth known otherwise by the insurer: received all the same, with a slip that says who corrects it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.contract import models as wire
from services.journeys.ports import Printed
from services.journeys.prompts import (
    ChooseClinic,
    ClinicChosen,
    DeclarePriority,
    InsuranceAnswer,
    InsuranceUnhappy,
    PayByVietQR,
    Priority,
    Review,
    ReviewAnswer,
    TicketAnswer,
    TicketReady,
)
from services.journeys.scripted import on
from services.receipts.slips import MismatchSlip, NumberSlip

DONE = on(TicketReady, TicketAnswer.DONE)


def mismatched(world: Any, field: wire.MismatchField, detail: str) -> None:
    world.insured(
        result=wire.EligibilityResult.MISMATCH,
        benefit_percent=None,
        route_percent=None,
        valid_to=None,
        staff_check=True,
        mismatch={"field": field, "detail": detail, "code": "4N8T-63WC"},
    )


@pytest.mark.parametrize(
    ("field", "detail"),
    [
        (wire.MismatchField.NAME, "mismatch.name.accents.middle"),
        (wire.MismatchField.BIRTH, "mismatch.birth.year_only"),
    ],
)
def test_the_slip_names_the_field_and_the_patient_is_received(
    world: Any, field: wire.MismatchField, detail: str
) -> None:
    mismatched(world, field, detail)
    world.play(
        *world.known("hoa"),
        on(InsuranceUnhappy, InsuranceAnswer.USE, usable=True, field=f"mismatch.{field.value}"),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER, insured=True),
        DONE,
        world.takes_card(),
    )
    assert world.gateway.registrations[0].use_insurance is True
    number, mismatch = world.printer.slips
    assert isinstance(number, NumberSlip) and isinstance(mismatch, MismatchSlip)
    assert (mismatch.field, mismatch.detail) == (f"mismatch.{field.value}", detail)
    assert (mismatch.mismatch_code, mismatch.code) == ("4N8T-63WC", number.code)
    assert mismatch.number_masked == "•••• •••• •471"
    assert mismatch.read_at is not None and f"{mismatch.read_at:%d/%m/%Y %H:%M}" == "23/11/2026 07:15"


def test_whoever_goes_on_without_insurance_gets_the_slip_too(world: Any) -> None:
    mismatched(world, wire.MismatchField.NAME, "mismatch.name.close")
    world.play(
        *world.known("hoa"),
        on(InsuranceUnhappy, InsuranceAnswer.SKIP),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER, insured=False),
        on(PayByVietQR, does=lambda: world.gateway.bank(wire.PaymentStatus.PAID)),
        DONE,
        world.takes_card(),
    )
    assert sum(isinstance(slip, MismatchSlip) for slip in world.printer.slips) == 1


def test_a_mismatch_slip_that_does_not_come_out_costs_nobody_their_number(world: Any) -> None:
    mismatched(world, wire.MismatchField.NAME, "mismatch.name.close")
    world.printer.answers = [Printed(True), Printed(False, "PR-02")]
    world.play(
        *world.known("hoa"),
        on(InsuranceUnhappy, InsuranceAnswer.USE),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        DONE,
        world.takes_card(),
    )
    assert [type(slip) for slip in world.printer.slips] == [NumberSlip]
    assert world.gateway.slips == [(True, None)]


def test_a_card_that_counts_by_its_paper_marks_the_slip(world: Any) -> None:
    """Army, police, cipher service: insured, whatever the insurer's list holds; the desk looks at the paper card."""
    world.insured(result=wire.EligibilityResult.PAPER_CARD, staff_check=True, transfer_form_from=date(2026, 11, 9))
    world.play(
        *world.known("hoa"),
        on(InsuranceUnhappy, InsuranceAnswer.USE, usable=True, form_from="09/11/2026"),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        DONE,
        world.takes_card(),
    )
    assert "slip.paper_card" in world.printer.slips[0].marks
    assert "slip.insurance_pending" not in world.printer.slips[0].marks


def test_other_results_print_no_mismatch_slip(world: Any) -> None:
    world.insured(result=wire.EligibilityResult.UNCLEAR, staff_check=True)
    world.play(
        *world.known("hoa"),
        on(InsuranceUnhappy, InsuranceAnswer.USE, field=""),
        on(ChooseClinic, ClinicChosen("cardio")),
        on(DeclarePriority, Priority.NONE),
        on(Review, ReviewAnswer.TAKE_NUMBER),
        DONE,
        world.takes_card(),
    )
    assert [type(slip) for slip in world.printer.slips] == [NumberSlip]
