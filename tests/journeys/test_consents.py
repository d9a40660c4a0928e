"""Consents that stand alone, and one touch about paying: asked only where the site wants them."""

from __future__ import annotations

from typing import Any

import pytest

from services.contract import models as wire
from services.journeys.prompts import (
    AskConsent,
    ConsentChoice,
    IdleWarning,
    NotByCode,
    PayAnswer,
    PayByVietQR,
    PrivacyNotice,
    TicketAnswer,
    TicketReady,
    WhyNotByCode,
)
from services.journeys.scripted import on
from services.journeys.steps.ask_consents import notice_words

TEXT = wire.NoticeText(who="A", what="B", long="C", rights="D", contact="E", spoken="Đọc to")
ENGLISH = TEXT.model_copy(update={"spoken": "Read aloud"})


def consent(id: str) -> wire.ConsentText:
    return wire.ConsentText(id=id, name=f"tên {id}", name_en=f"name {id}", text="lời", text_en="words")


def notice(*purposes: str) -> wire.Notice:
    consents = tuple(consent(each) for each in purposes)
    return wire.Notice(version="2026-11-01", digest="a" * 64, vi=TEXT, en=ENGLISH, consents=consents)


def test_the_notice_is_read_aloud_in_the_sites_own_words() -> None:
    words = notice_words(notice(), "vi")
    (said,) = PrivacyNotice(words=words).spoken()
    assert (said.message, dict(said.args)) == ("spoken.privacy.words", {"words": "Đọc to"})
    english = notice_words(notice(), "en")
    assert english is not None and english.spoken == "Read aloud" and english.version == "2026-11-01"
    (usual,) = PrivacyNotice(words=notice_words(None, "vi")).spoken()
    assert usual.message == "spoken.privacy"


def test_a_consent_offers_both_answers_and_chooses_none() -> None:
    asked = AskConsent(name="Gọi điện", text="Bệnh viện gọi điện.")
    assert [element.name for element in asked.focus()] == ["agree", "refuse"]
    assert not hasattr(asked, "given")
    (said,) = asked.spoken()
    assert dict(said.args) == {"name": "Gọi điện", "text": "Bệnh viện gọi điện."}


@pytest.fixture
def paying(world: Any) -> Any:
    world.uninsured()
    return world


def asked(world: Any) -> None:
    """The site wants to know why somebody does not pay by code."""
    world.gateway.site = world.gateway.site.model_copy(update={"ask_cash_reason": True})


def test_each_purpose_is_asked_alone_and_both_answers_are_kept_with_the_words(paying: Any) -> None:
    paying.gateway.notice = notice("follow-up-call", "survey")
    stage = paying.play(
        *paying.pays(),
        on(AskConsent, ConsentChoice.AGREE, name="tên follow-up-call", back=False),
        on(AskConsent, ConsentChoice.REFUSE, name="tên survey"),
        on(PayByVietQR, PayAnswer.CASHIER),
        on(TicketReady, TicketAnswer.DONE),
        paying.takes_card(),
    )
    (sent,) = paying.gateway.consents
    assert [(each.purpose, each.given) for each in sent.answers] == [("follow-up-call", True), ("survey", False)]
    assert (sent.notice_version, sent.notice_digest, sent.language) == ("2026-11-01", "a" * 64, "vi")
    assert sent.registration_key and sent.session_id and sent.registration_key != sent.session_id
    assert paying.gateway.abandoned == [], "a refusal changes nothing about the visit"
    assert all(visit.empty for visit in paying.visits)
    assert len([each for each in stage.seen if isinstance(each, AskConsent)]) == 2


def test_a_site_without_purposes_asks_nothing(paying: Any) -> None:
    paying.gateway.notice = notice()
    paying.play(
        *paying.pays(), on(PayByVietQR, PayAnswer.CASHIER), on(TicketReady, TicketAnswer.DONE), paying.takes_card()
    )
    assert paying.gateway.consents == []


def test_somebody_who_leaves_the_question_alone_agreed_to_nothing_and_keeps_the_number(paying: Any) -> None:
    paying.gateway.notice = notice("follow-up-call")
    paying.play(*paying.pays(), on(AskConsent), on(IdleWarning), on(TicketReady), paying.takes_card())
    assert paying.gateway.consents == []
    assert len(paying.printer.slips) == 1


@pytest.mark.parametrize("reason", [NotByCode.NO_APP, NotByCode.NO_ANSWER])
def test_the_cashiers_way_asks_why_with_one_touch(paying: Any, reason: NotByCode) -> None:
    asked(paying)
    paying.play(
        *paying.pays(),
        on(PayByVietQR, PayAnswer.CASHIER),
        on(WhyNotByCode, reason, back=False),
        on(TicketReady, TicketAnswer.DONE),
        paying.takes_card(),
    )
    assert paying.gateway.cash_reasons == [wire.CashReason(reason.value)]


def test_nothing_is_shown_past_the_last_step_of_the_journey(paying: Any) -> None:
    asked(paying)
    stage = paying.play(
        *paying.pays(),
        on(PayByVietQR, PayAnswer.CASHIER),
        on(WhyNotByCode),
        on(TicketReady, TicketAnswer.DONE),
        paying.takes_card(),
    )
    places = [prompt.progress for prompt in stage.seen if prompt.progress is not None]
    assert all(1 <= place.number <= place.total for place in places)
    paid, why = (next(p for p in stage.seen if isinstance(p, kind)) for kind in (PayByVietQR, WhyNotByCode))
    assert why.progress == paid.progress


def test_silence_is_an_answer_too_and_the_slip_comes_all_the_same(paying: Any) -> None:
    asked(paying)
    paying.play(
        *paying.pays(),
        on(PayByVietQR, PayAnswer.CASHIER),
        on(WhyNotByCode),
        on(TicketReady, TicketAnswer.DONE),
        paying.takes_card(),
    )
    assert paying.gateway.cash_reasons == [wire.CashReason.NO_ANSWER]


def test_who_pays_by_code_is_not_asked(paying: Any) -> None:
    asked(paying)
    bank = lambda: paying.after(5, lambda: paying.gateway.bank(wire.PaymentStatus.PAID, None))  # noqa: E731
    paying.play(*paying.pays(), on(PayByVietQR, does=bank), on(TicketReady, TicketAnswer.DONE), paying.takes_card())
    assert paying.gateway.cash_reasons == []


def test_every_reason_has_the_same_word_on_the_wire() -> None:
    assert {each.value for each in NotByCode} == {each.value for each in wire.CashReason}
