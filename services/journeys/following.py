"""Following a dossier, fetching its result, rating what was done."""

from services.journeys.journey import Journey, Step
from services.journeys.steps.find_dossier import find_dossier
from services.journeys.steps.find_rateable import find_rateable
from services.journeys.steps.follow_dossier import collect_result, follow_dossier, register_for_result
from services.journeys.steps.print_ticket import print_ticket
from services.journeys.steps.rate_service import rate_service

TRACK = Journey(
    "track",
    steps=(
        Step(find_dossier, ""),
        Step(follow_dossier, ""),
        Step(rate_service, ""),
        Step(register_for_result, ""),
        Step(print_ticket, ""),
    ),
)
"""Tile "Tra cứu hồ sơ": by slip, by code with the look-up code, or by the chip."""

COLLECT = Journey(
    "collect",
    steps=(
        Step(find_dossier, ""),
        Step(collect_result, ""),
        Step(register_for_result, ""),
        Step(print_ticket, ""),
    ),
)
"""Tile "Nhận kết quả": a number for the counter that hands it over, once a result is there."""

RATE = Journey("rate", steps=(Step(find_rateable, ""), Step(rate_service, "")))
"""Tile "Đánh giá": by the slip of a dossier or of a counter's number; nobody is identified."""
