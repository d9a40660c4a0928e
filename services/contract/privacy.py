"""Notices and consents."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from services.contract.base import IdempotencyKey, Wire


class ConsentText(Wire):
    """One purpose that needs a consent of its own. `id` names it for ever; the texts belong to the notice's version."""

    id: str = Field(pattern="^[a-z0-9-]{1,40}$")
    icon: str = "shield-check"
    name: str = Field(max_length=60)
    name_en: str = Field(max_length=60)
    text: str = Field(max_length=160)
    text_en: str = Field(max_length=160)


class NoticeText(Wire):
    """The notice in one language: a sentence or two for each part (they must fit a screen), and how it is read aloud.

    `who` says the purpose too.
    """

    who: str = Field(max_length=120)
    what: str = Field(max_length=120)
    long: str = Field(max_length=120)
    rights: str = Field(max_length=120)
    contact: str = Field(max_length=120)
    spoken: str = Field(max_length=400)


class Notice(Wire):
    """GET /v1/notice: what people are told, in both languages. `digest` names exactly these words (SHA-256, hex)."""

    version: str = Field(max_length=20)
    digest: str = Field(pattern="^[0-9a-f]{64}$")
    vi: NoticeText
    en: NoticeText
    consents: tuple[ConsentText, ...] = ()


class ConsentAnswer(Wire):
    """One purpose: agreed to, or not."""

    purpose: str = Field(pattern="^[a-z0-9-]{1,40}$")
    given: bool


class Consents(Wire):
    """POST /v1/consents (deliver later), after the registration it belongs to: evidence of what was agreed to."""

    registration_key: IdempotencyKey
    session_id: str = Field(pattern="^[0-9A-Za-z-]{8,64}$")
    notice_version: str = Field(max_length=20)
    notice_digest: str = Field(pattern="^[0-9a-f]{64}$")
    language: str = Field(pattern="^(vi|en)$")
    answers: tuple[ConsentAnswer, ...] = Field(min_length=1, max_length=20)
    at: AwareDatetime
