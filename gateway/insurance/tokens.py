"""The insurer's session token: shared by all, taken once however many ask, given up a margin before it ends.

POST /api/token/take (1245-BHXH-CNTT section 1): account and the MD5 of its password in capitals, form-encoded.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from gateway.clock import Clock
from gateway.insurance.answers import fields_of, parse, text
from gateway.insurance.channel import REFUSED, Answer, Channel
from gateway.insurance.failures import InsurerFault, InsurerUnavailable
from gateway.settings import Insurance

log = logging.getLogger(__name__)

MARGIN = timedelta(seconds=30)
"""A token is not used any more this long before it expires."""


@dataclass(frozen=True)
class Token:
    """Two secrets and until when they serve, by our own clock."""

    access: str = field(repr=False)
    id: str = field(repr=False)
    good_until: datetime


class Tokens:
    """Takes tokens. An account that was refused rests for a while: the insurer bars accounts that keep on trying."""

    def __init__(self, settings: Insurance, channel: Channel, clock: Clock) -> None:
        self._settings = settings
        self._channel = channel
        self._clock = clock
        self.password_hash = hashlib.md5(settings.password.read().encode(), usedforsecurity=False).hexdigest().upper()
        self._token: Token | None = None
        self._flight: asyncio.Task[Token] | None = None
        self._refused: tuple[datetime, InsurerUnavailable] | None = None

    async def take(self, instead_of: Token | None = None) -> Token:
        """The token that serves now, but never `instead_of`. Raises InsurerUnavailable.

        Whoever comes while one is being taken waits for that one and shares what becomes of it, good or bad.
        """
        token = self._token
        if token is not None and token is not instead_of and self._clock.now() < token.good_until:
            return token
        if self._flight is None:
            self._flight = asyncio.create_task(self._fly(), name="insurer's token")
            self._flight.add_done_callback(_noticed)
        # Shielded: one who stops waiting does not take the token away from the others.
        return await asyncio.shield(self._flight)

    async def close(self) -> None:
        """Give up a token that is being taken."""
        flight = self._flight
        if flight is not None:
            flight.cancel()
            await asyncio.gather(flight, return_exceptions=True)

    async def _fly(self) -> Token:
        try:
            self._token = None
            self._token = await self._new()
            return self._token
        finally:
            self._flight = None

    async def _new(self) -> Token:
        now = self._clock.now()
        if self._refused is not None and now < self._refused[0]:
            raise self._refused[1]
        self._refused = None
        answer = await self._channel.post(
            self._settings.token_path, data={"username": self._settings.username, "password": self.password_hash}
        )
        try:
            return self._read(answer)
        except InsurerUnavailable as error:
            if error.fault is InsurerFault.ACCOUNT_REFUSED:
                rest = timedelta(seconds=self._settings.refused_rest_seconds)
                self._refused = (self._clock.now() + rest, error)
            raise

    def _read(self, answer: Answer) -> Token:
        if answer.status in REFUSED:
            raise InsurerUnavailable(InsurerFault.ACCOUNT_REFUSED, f"token: HTTP {answer.status}", (answer.exchange,))
        body = parse(answer)
        code = text(body, "maKetQua")
        # The exchange of a token is no evidence about a patient, and its body is a secret: only its code is told.
        if code != "200":
            fault = InsurerFault.ACCOUNT_REFUSED if code in {"401", "403"} else InsurerFault.ERROR
            raise InsurerUnavailable(fault, f"token: maKetQua {code[:20]}")
        key = fields_of(body, "APIKey")
        access, identity = text(key, "access_token"), text(key, "id_token")
        try:
            ends = read_expiry(text(key, "expires_in"))
        except ValueError:
            ends = None
        if not access or not identity or ends is None:
            raise InsurerUnavailable(InsurerFault.ERROR, "token: unreadable answer")
        now = self._clock.now()
        # How long it lives is told by the insurer's own clock, so that ours may be wrong.
        life = ends - (answer.server_now or now)
        return Token(access, identity, now + life - MARGIN)


def _noticed(flight: asyncio.Task[Token]) -> None:
    """A failure is noticed even when everybody who waited has gone."""
    if not flight.cancelled():
        flight.exception()


def read_expiry(text: str) -> datetime:
    """`expires_in`: an absolute UTC time with up to 7 fractional digits. ValueError for anything else."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z?", text.strip())
    if match is None:
        raise ValueError("not a time")
    return datetime.fromisoformat(f"{match[1]}.{(match[2] or '0')[:6]:0<6}").replace(tzinfo=UTC)
