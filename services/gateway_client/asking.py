"""Asked again, never later: eligibility, payment, staff call (DESIGN section 6).

A question that got no answer is asked again with the same key, so the gateway does it once; a question that got one,
even a refusal, is a new question with a new key. Keys are held by a digest of what was asked, never by its content.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TypeVar

import trio
from pydantic import BaseModel

from services.contract.routes import Write
from services.gateway_client.channel import Channel
from services.gateway_client.errors import GatewayError, GatewayReason
from services.gateway_client.http import Call, Place
from services.gateway_client.ledger import Ledger, new_key

M = TypeVar("M", bound=BaseModel)

SAME_QUESTION_SECONDS = 120.0
"""The same words later are another person's question."""

LASTING = frozenset({Write.PAYMENT_INTENT})
"""Writes that leave something alive at the gateway: their keys are on the disk before the first send."""


class Asker:
    """Sends asked-again writes, each question with one key until it is answered."""

    def __init__(self, channel: Channel, ledger: Ledger) -> None:
        self._channel = channel
        self._ledger = ledger
        self._unanswered: dict[str, tuple[str, float]] = {}

    async def ask(
        self, write: Write, path: str, body: BaseModel | None, model: type[M], *, seconds: float
    ) -> tuple[str, M]:
        """The write's key and its answer. Raises GatewayError."""
        content = b"{}" if body is None else body.model_dump_json().encode()
        question = sha256(b"\n".join((write.value.encode(), path.encode(), content))).hexdigest()
        key = self._key_of(question)
        if write in LASTING:
            await self._ledger.begin(key, write)
        call = Call("POST", path, content, key=key, seconds=seconds)
        try:
            answer = await self._channel.ask(Place.CITIZEN, call, model)
        except GatewayError as error:
            if _answered(error):
                self._unanswered.pop(question, None)
                if write in LASTING:
                    await self._ledger.ended(key=key)
            raise
        self._unanswered.pop(question, None)
        return key, answer

    def _key_of(self, question: str) -> str:
        now = trio.current_time()
        self._unanswered = {each: held for each, held in self._unanswered.items() if held[1] > now}
        key, _ = self._unanswered.get(question) or (new_key(), 0.0)
        self._unanswered[question] = (key, now + SAME_QUESTION_SECONDS)
        return key


def _answered(error: GatewayError) -> bool:
    """Whether the gateway itself decided (a 409 says it still does)."""
    return (
        error.status is not None
        and error.status not in {401, 409, 425, 429}
        and (error.reason is not GatewayReason.SERVER or error.code is not None)
    )
