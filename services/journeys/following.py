"""Following a dossier, fetching its result, rating what was done."""

from services.journeys.journey import Journey, Step, Turn
from services.journeys.steps.confirm_payment import confirm_payment
from services.journeys.steps.find_dossier import find_dossier
from services.journeys.steps.find_rateable import find_rateable
from services.journeys.steps.follow_dossier import collect_result, follow_dossier, register_for_result
from services.journeys.steps.pay_dossier import pay_dossier
from services.journeys.steps.print_ticket import print_ticket
from services.journeys.steps.rate_service import rate_service

TRACK = Journey(
    "track",
    steps=(
        Step(find_dossier, ""),
        Step(follow_dossier, ""),
        Step(pay_dossier, ""),
        Step(confirm_payment, ""),
        Step(rate_service, ""),
        Step(register_for_result, ""),
        Step(print_ticket, ""),
    ),
    turns={Turn.DOSSIER: follow_dossier},
)
"""Tile "Tra cứu hồ sơ": by slip, by code with the look-up code, or by the chip."""

COLLECT = Journey(
    "collect",
    steps=(
        Step(find_dossier, ""),
        Step(collect_result, ""),
        Step(pay_dossier, ""),
        Step(confirm_payment, ""),
        Step(rate_service, ""),
        Step(register_for_result, ""),
        Step(print_ticket, ""),
    ),
    turns={Turn.DOSSIER: collect_result},
)
"""Tile "Nhận kết quả": a number for the counter that hands it over, once a result is there."""

RATE = Journey("rate", steps=(Step(find_rateable, ""), Step(rate_service, "")))
"""Tile "Đánh giá": by the slip of a dossier or of a counter's number; nobody is identified."""
