"""The smaller journeys of a hospital: a booked visit picked up, a number printed again, a room found."""

from services.journeys.journey import Journey, Step, Turn
from services.journeys.steps.ask_consents import ask_consents
from services.journeys.steps.check_holder import check_holder
from services.journeys.steps.check_insurance import check_insurance
from services.journeys.steps.confirm_identity import confirm_identity
from services.journeys.steps.declare_priority import declare_priority
from services.journeys.steps.find_number import find_number
from services.journeys.steps.find_room import find_room
from services.journeys.steps.identify import identify
from services.journeys.steps.meet_companion import meet_companion
from services.journeys.steps.pay_if_due import pay_if_due
from services.journeys.steps.pick_appointment import choose_clinic_unless_booked, pick_appointment
from services.journeys.steps.print_copy import print_copy
from services.journeys.steps.print_ticket import print_ticket
from services.journeys.steps.register import register
from services.journeys.steps.review import review

BOOKED = Journey(
    "booked",
    steps=(
        Step(identify, "step.card"),
        Step(confirm_identity, "step.confirm"),
        Step(check_holder, "step.confirm"),
        Step(meet_companion, "step.confirm"),
        Step(check_insurance, "step.insurance"),
        Step(pick_appointment, "step.booked"),
        Step(choose_clinic_unless_booked, "step.booked"),
        Step(declare_priority, "step.priority"),
        Step(review, "step.review"),
        Step(register, "step.review"),
        Step(ask_consents, "step.review"),
        Step(pay_if_due, "step.review"),
        Step(print_ticket, "step.review"),
    ),
    turns={
        Turn.OTHER_PERSON: identify,
        Turn.CHANGE_CLINIC: choose_clinic_unless_booked,
        Turn.GUIDE_DESK: declare_priority,
    },
)
"""Tile "Đã có hẹn": an appointment or a re-visit of today, then as at any check-in. Without one it is a new visit."""

REPRINT = Journey("reprint", steps=(Step(find_number, ""), Step(print_copy, "")))
"""Tile "In lại số": by the slip or by the chip; never a new number."""

FIND_ROOM = Journey("find-room", steps=(Step(find_room, ""),))
"""Tile "Tìm phòng"."""
