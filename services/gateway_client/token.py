"""The kiosk's bearer token: a signed assertion (RFC 7523, EdDSA) for a short-lived token, renewed before it ends."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import datetime

from services.contract import routes
from services.contract.models import Token, TokenRequest
from services.gateway_client.errors import GatewayError, GatewayReason
from services.gateway_client.http import Answer, Call, Http, Place
from services.gateway_client.identity import Identity

ASSERTION_SECONDS = 60
RENEW_BEFORE = 30.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Held:
    text: str
    until: float


class Tokens:
    """Gives a valid token; thread-safe, one request at a time."""

    def __init__(self, http: Http, identity: Identity) -> None:
        self._http = http
        self._identity = identity
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._behind = 0.0
        """Seconds that our clock is behind the gateway's, once it refused a token for that."""

    def get(self, place: Place) -> str:
        """A token with some life left. Raises GatewayError."""
        with self._lock:
            if self._held is None or time.monotonic() >= self._held.until:
                self._held = self._fetch(place)
            return self._held.text

    def drop(self, text: str) -> None:
        """This token was refused: the next call gets another one."""
        with self._lock:
            if self._held is not None and self._held.text == text:
                self._held = None

    def _fetch(self, place: Place) -> _Held:
        try:
            answer = self._ask(place)
        except GatewayError as error:
            if (there := _clock_there(error)) is None:
                raise
            # A clock that nobody sets must not close the kiosk: the gateway notes by how much it is off.
            self._behind = there - time.time()
            log.warning("our clock is off by %.0f s: tokens are asked for by the gateway's", -self._behind)
            answer = self._ask(place)
        token = Token.model_validate_json(answer.body)
        life = max(token.expires_in - RENEW_BEFORE, token.expires_in / 2)
        return _Held(token.access_token, time.monotonic() + life)

    def _ask(self, place: Place) -> Answer:
        body = TokenRequest(assertion=self.assertion()).model_dump_json().encode()
        return self._http.send(place, Call("POST", routes.TOKEN, body), None)

    def assertion(self) -> str:
        """A fresh client assertion: iss and sub are the kiosk, usable once, for one minute."""
        import jwt

        now = int(time.time() + self._behind)
        who = self._identity.enrolment.kiosk_id
        claims: dict[str, str | int] = {
            "iss": who,
            "sub": who,
            "aud": self._identity.enrolment.audience,
            "jti": str(uuid.uuid4()),
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
        }
        return jwt.encode(claims, self._identity.key, algorithm="EdDSA")


def _clock_there(error: GatewayError) -> float | None:
    """The gateway's time, where it refused an assertion because of ours; None for any other refusal."""
    if error.reason is not GatewayReason.REFUSED or not error.told:
        return None
    try:
        return datetime.fromisoformat(error.told).timestamp()
    except ValueError:
        return None
