"""The journeys of a one-stop centre: finding a procedure, sending its dossier from here, taking a counter's number."""

from services.journeys.journey import Journey, Step, Turn
from services.journeys.steps.choose_capacity import choose_capacity
from services.journeys.steps.choose_case import choose_case
from services.journeys.steps.choose_counter import choose_counter
from services.journeys.steps.choose_parts import choose_parts
from services.journeys.steps.declare_filing import declare_filing
from services.journeys.steps.declare_priority import declare_priority
from services.journeys.steps.file_dossier import file_dossier, review_filing
from services.journeys.steps.fill_form import fill_form
from services.journeys.steps.find_procedure import find_procedure
from services.journeys.steps.gather_documents import gather_documents
from services.journeys.steps.keep_draft import begin_with_draft
from services.journeys.steps.prepare import begin_preparing, confirm_applicant, identify_applicant
from services.journeys.steps.print_filing import print_filing
from services.journeys.steps.register import register
from services.journeys.steps.show_checklist import show_checklist

TAKE_NUMBER = Journey(
    "take-number",
    steps=(
        Step(find_procedure, "step.procedure"),
        Step(choose_case, "step.case"),
        Step(show_checklist, "step.papers"),
        Step(choose_parts, "step.form"),
        Step(choose_capacity, "step.form"),
        Step(identify_applicant, "step.form"),
        Step(confirm_applicant, "step.form"),
        Step(fill_form, "step.form"),
        Step(gather_documents, "step.form"),
        Step(review_filing, "step.form"),
        Step(declare_filing, "step.form"),
        Step(file_dossier, "step.form"),
        Step(choose_counter, "step.number"),
        Step(declare_priority, "step.number"),
        Step(register, "step.number"),
        Step(print_filing, "step.number"),
    ),
    turns={
        Turn.COUNTER: choose_counter,
        Turn.CHANGE_CASE: choose_case,
        Turn.CHANGE_FORM: fill_form,
        Turn.PAPERS: gather_documents,
        Turn.OTHER_PERSON: identify_applicant,
        Turn.CHANGE_CLINIC: choose_counter,
    },
)
"""Tile "Lấy số nộp hồ sơ": see the papers first, then take the number; on the way the form can be filled in and the
dossier sent from here. "Tìm thủ tục" is the same walk without bars until the number."""

CONTINUE_DRAFT = Journey(
    "continue-draft",
    steps=(
        Step(begin_preparing, "step.form"),
        Step(identify_applicant, "step.form"),
        Step(confirm_applicant, "step.form"),
        Step(begin_with_draft, "step.form"),
        *TAKE_NUMBER.steps[[step.run for step in TAKE_NUMBER.steps].index(fill_form) :],
    ),
    turns=TAKE_NUMBER.turns,
)
"""Tile "Làm tiếp hồ sơ": card and code, then the form as it was kept."""

FIND_PROCEDURE = Journey(
    "find-procedure",
    steps=tuple(Step(step.run, "" if step.label != "step.number" else step.label) for step in TAKE_NUMBER.steps),
    turns=TAKE_NUMBER.turns,
)
