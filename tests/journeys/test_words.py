"""Every word a journey can name stands in both languages, also on ways that no script walks."""

from __future__ import annotations

import tomllib

import pytest

from services.failures import REGISTRY
from services.journeys import prompts as ask
from services.journeys.check_in import CHECK_IN, CHECK_IN_WITHOUT_CARD
from services.messages import LANGUAGES, LOCALES, tr

HINTS = (
    "scan.first",
    "scan.unreadable",
    "scan.other_code",
    "scan.other_person",
    "scan.patients_card",
    "scan.insurance_only",
    "reader.swap",
    "type.error.number",
    "type.error.year",
    "type.error.mismatch",
)
NOTES = (
    "prio.slip",
    "slip.insurance_pending",
    "slip.paper_card",
    "slip.unpaid",
    "slip.unverified",
    "slip.offline",
    "slip.paid",
    "pay.unknown",
    "pay.hidden",
)
WORK = (
    "working.insurance",
    "working.clinics",
    "working.registering",
    "working.paying",
    "working.bank",
    "working.printing",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("message", [*HINTS, *NOTES, *WORK])
def test_every_hint_note_and_work_has_words(message: str, language: str) -> None:
    assert tr(message, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_route_the_dated_rules_name_has_words(language: str) -> None:
    rules = tomllib.loads((LOCALES.parent / "data" / "insurance" / "routes.toml").read_text("utf-8"))
    routes = {row["message"] for row in rules["route"]}
    assert routes
    assert all(tr(message, language) for message in routes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_has_words(language: str) -> None:
    for journey in (CHECK_IN, CHECK_IN_WITHOUT_CARD):
        assert all(tr(label, language) for label in journey.labels)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "prompt",
    [
        *(ask.ScanCode(holder=holder) for holder in ask.CardHolder),
        *(ask.PlaceCard(holder=holder) for holder in ask.CardHolder),
        *(
            ask.ConfirmIdentity(
                name="A", birth_year=1990, number_masked="•", wording=ask.CardWording.READ, holder=holder
            )
            for holder in ask.CardHolder
        ),
        *(ask.InsuranceUnhappy(result=result, desk="d", usable=True) for result in ask.UnhappyInsurance),
        *(
            ask.StaffCall(state=state, called_at="07:15:04", waited=1, desk="d", place="p")
            for state in ask.StaffCallState
        ),
        *(ask.Problem(code=code, choices=tuple(ask.ProblemChoice)) for code in REGISTRY),
        *(ask.Working(message=work) for work in WORK),
        *(ask.TypeDigits(what=what, length=4) for what in ask.AskedNumber),
        ask.ChooseRelation(choices=tuple(ask.Relation)),
        ask.DeclarePriority(choices=tuple(ask.Priority)),
        ask.WithoutCard(),
        ask.IdleWarning(),
        ask.DifferentCard(),
        ask.LeavePayment(),
        ask.CardLeftBehind(),
    ],
    ids=lambda prompt: type(prompt).__name__,
)
def test_every_prompt_can_be_said_with_every_choice(prompt: ask.Prompt[object], language: str) -> None:
    for say in (*prompt.spoken(), *(element.say for element in prompt.focus())):
        assert tr(say.message, language, **dict(say.args))
