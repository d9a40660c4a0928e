"""Paying bills: "Thanh toán viện phí" at a hospital, fees of a dossier at a one-stop centre."""

from __future__ import annotations

from services.journeys.journey import Ending, Journey, Over, Step, Turn
from services.journeys.steps.choose_bill import choose_bill
from services.journeys.steps.confirm_payment import confirm_payment, confirm_resumed
from services.journeys.steps.find_bills import find_bills
from services.journeys.steps.pay_bill import pay_bill, resume_code
from services.journeys.steps.payment import Outcome
from services.journeys.walk import Walk


async def pay_chosen(walk: Walk) -> Turn | None:
    """Pay the bill that was chosen. Where nothing moved, the list comes back as it is now."""
    bill = walk.visit.bill
    if bill is None:
        return None
    outcome = await pay_bill(walk, bill.id)
    if walk.visit.money_moved:
        return None
    if outcome is Outcome.LEFT:
        raise Over(Ending.LEFT)
    return Turn.OTHER_BILL


async def resume_payment(walk: Walk) -> None:
    """The code that stood on the screen when the kiosk stopped, while it can still be paid."""
    if not walk.visit.part_paid:
        await resume_code(walk)


PAY = Journey(
    "pay",
    steps=(
        Step(find_bills, "step.pay.find"),
        Step(choose_bill, "step.pay.choose"),
        Step(pay_chosen, "step.pay.code"),
        Step(confirm_payment, "step.pay.done"),
    ),
    turns={Turn.OTHER_BILL: choose_bill},
)

RESUMED = Journey("resumed-payment", steps=(Step(resume_payment, ""), Step(confirm_resumed, "")))
"""After a restart: never a second code for one that is live, and never a slip nobody asked for."""
