"""Consents that the site needs: each asked for by itself, nothing chosen beforehand, refusing changes nothing."""

from __future__ import annotations

import logging
from uuid import uuid4

from services.contract import models as wire
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.prompts import AskConsent, ConsentChoice, NoticeWords
from services.journeys.steps import declare_filing, offer_finger
from services.journeys.walk import Walk

log = logging.getLogger(__name__)


def notice_words(notice: wire.Notice | None, language: str) -> NoticeWords | None:
    """The notice in a language; None while the gateway was never heard."""
    if notice is None:
        return None
    text = notice.en if language == "en" else notice.vi
    return NoticeWords(notice.version, text.who, text.what, text.long, text.rights, text.contact, text.spoken)


async def ask_consents(walk: Walk) -> None:
    """Ask for each purpose of the notice, then send every answer with the version of the words."""
    visit, notice = walk.visit, walk.kit.gateway.notice
    if visit.accepted is None or notice is None or visit.consents is not None:
        return
    # Where a finger is offered, or a dossier sent, its consent is asked, and nowhere else.
    texts = [text for text in notice.consents if text.id not in {offer_finger.PURPOSE, declare_filing.PURPOSE}]
    answers = tuple([await _ask(walk, text) for text in texts])
    visit.consents = answers
    if not answers:
        return
    evidence = wire.Consents(
        registration_key=visit.accepted.key,
        session_id=str(uuid4()),
        notice_version=notice.version,
        notice_digest=notice.digest,
        language="en" if walk.english else "vi",
        answers=answers,
        at=walk.kit.clock.now(),
    )
    try:
        await walk.kit.gateway.record_consents(evidence)
    except GatewayError as error:
        # Nothing is agreed to that nobody can prove.
        log.error("consents were not kept: %s", code_of(error))


async def _ask(walk: Walk, text: wire.ConsentText) -> wire.ConsentAnswer:
    def prompt() -> AskConsent:
        name, words = (text.name_en, text.text_en) if walk.english else (text.name, text.text)
        return AskConsent(name=name, text=words, icon=text.icon)

    choice = await walk.ask(prompt)
    return wire.ConsentAnswer(purpose=text.id, given=choice is ConsentChoice.AGREE)
