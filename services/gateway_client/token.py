"""The kiosk's bearer token: a signed assertion (RFC 7523, EdDSA) for a short-lived token, renewed before it ends."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass

from services.contract import routes
from services.contract.models import Token, TokenRequest
from services.gateway_client.http import Call, Http, Place
from services.gateway_client.identity import Identity

ASSERTION_SECONDS = 60
RENEW_BEFORE = 30.0


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
        body = TokenRequest(assertion=self.assertion()).model_dump_json().encode()
        answer = self._http.send(place, Call("POST", routes.TOKEN, body), None)
        token = Token.model_validate_json(answer.body)
        life = max(token.expires_in - RENEW_BEFORE, token.expires_in / 2)
        return _Held(token.access_token, time.monotonic() + life)

    def assertion(self) -> str:
        """A fresh client assertion: iss and sub are the kiosk, usable once, for one minute."""
        import jwt

        now = int(time.time())
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
