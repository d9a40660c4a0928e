"""The journeys of a one-stop centre that need no identification: finding a procedure, taking a counter's number."""

from services.journeys.journey import Journey, Step, Turn
from services.journeys.steps.choose_case import choose_case
from services.journeys.steps.choose_counter import choose_counter
from services.journeys.steps.declare_priority import declare_priority
from services.journeys.steps.find_procedure import find_procedure
from services.journeys.steps.print_ticket import print_ticket
from services.journeys.steps.register import register
from services.journeys.steps.show_checklist import show_checklist

TAKE_NUMBER = Journey(
    "take-number",
    steps=(
        Step(find_procedure, "step.procedure"),
        Step(choose_case, "step.case"),
        Step(show_checklist, "step.papers"),
        Step(choose_counter, "step.number"),
        Step(declare_priority, "step.number"),
        Step(register, "step.number"),
        Step(print_ticket, "step.number"),
    ),
    turns={Turn.COUNTER: choose_counter, Turn.CHANGE_CASE: choose_case, Turn.CHANGE_CLINIC: choose_counter},
)
"""Tile "Lấy số nộp hồ sơ": see the papers first, then take the number. "Tìm thủ tục" is the same walk without bars:
the number is offered at its end."""

FIND_PROCEDURE = Journey(
    "find-procedure",
    steps=tuple(Step(step.run, "" if step.label != "step.number" else step.label) for step in TAKE_NUMBER.steps),
    turns=TAKE_NUMBER.turns,
)
