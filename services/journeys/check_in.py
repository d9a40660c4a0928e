"""Check-in at a hospital: from "Hôm nay khám cho ai?" to the printed number."""

from services.journeys.journey import Journey, Step, Turn
from services.journeys.steps.ask_consents import ask_consents
from services.journeys.steps.check_holder import check_holder
from services.journeys.steps.check_insurance import check_insurance
from services.journeys.steps.choose_clinic import choose_clinic
from services.journeys.steps.choose_patient import choose_patient
from services.journeys.steps.confirm_identity import confirm_identity
from services.journeys.steps.declare_priority import declare_priority
from services.journeys.steps.identify import identify, identify_without_card
from services.journeys.steps.meet_companion import meet_companion
from services.journeys.steps.offer_finger import offer_finger
from services.journeys.steps.pay_if_due import pay_if_due
from services.journeys.steps.print_ticket import print_ticket
from services.journeys.steps.register import register
from services.journeys.steps.review import review

CHECK_IN = Journey(
    "check-in",
    steps=(
        Step(choose_patient, "step.who"),
        Step(identify, "step.card"),
        Step(confirm_identity, "step.confirm"),
        Step(check_holder, "step.confirm"),
        Step(meet_companion, "step.confirm"),
        Step(check_insurance, "step.insurance"),
        Step(choose_clinic, "step.clinic"),
        Step(declare_priority, "step.priority"),
        Step(review, "step.review"),
        Step(register, "step.review"),
        Step(ask_consents, "step.review"),
        Step(offer_finger, "step.review"),
        Step(pay_if_due, "step.review"),
        Step(print_ticket, "step.review"),
    ),
    turns={Turn.OTHER_PERSON: identify, Turn.CHANGE_CLINIC: choose_clinic, Turn.GUIDE_DESK: declare_priority},
)

CHECK_IN_WITHOUT_CARD = CHECK_IN.with_step(identify, identify_without_card)
"""Tile "Không mang thẻ căn cước?": the same journey, the person is known by what they can show or type."""
