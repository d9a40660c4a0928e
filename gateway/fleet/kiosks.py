"""Who calls: short-lived tokens for signed client assertions (RFC 7523), and the enrolled kiosk behind a token."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import bindparam, select

from gateway.fleet.alarms import clock_off
from gateway.house import House
from gateway.problems import Refused
from gateway.store.prepared import Prepared
from gateway.store.tables import assertions, kiosks
from services.contract.models import Token

TOKEN_LIFE = timedelta(minutes=10)
ASSERTION_LIFE = timedelta(seconds=60)
CLOCK_SKEW = timedelta(minutes=2)
"""How far a kiosk's clock may be off before it is told so."""

_REVOKED_SECONDS = 5.0
"""How long a revoked kiosk may still be served."""
_CACHE_SECONDS = 300.0
_REVOKED = Prepared(select(kiosks.c.id).where(kiosks.c.revoked_at.is_not(None)))
_ENROLLED = Prepared(select(kiosks).where(kiosks.c.id == bindparam("kiosk"), kiosks.c.revoked_at.is_(None)))
_SPEND = Prepared(lambda insert: insert(assertions).on_conflict_do_nothing().returning(assertions.c.jti))
_MOST_TOKENS = 4096
"""Tokens of ours that were read once are not read again; a fleet has fewer."""


@dataclass(frozen=True)
class Kiosk:
    """An enrolled kiosk."""

    id: str
    letter: str
    name: str
    name_en: str


class Doorkeeper:
    """Gives tokens and recognises them. A revoked kiosk is refused within seconds, its token's life notwithstanding."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = Lock()
        self._known: dict[str, tuple[float, Kiosk]] = {}
        self._looked_at = float("-inf")
        self._tokens: dict[str, tuple[str, float]] = {}

    def token(self, assertion: str) -> Token:
        """A bearer token for a client assertion. Raises Refused."""
        claims = self._check(assertion)
        now = self._house.now()
        token = jwt.encode(
            {"sub": claims["sub"], "exp": int((now + TOKEN_LIFE).timestamp())}, self._house.vault.token_key, "HS256"
        )
        return Token(access_token=token, expires_in=int(TOKEN_LIFE.total_seconds()))

    def cached(self, kiosk_id: str) -> Kiosk | None:
        """The kiosk if it was read before, and who was revoked since has been asked a moment ago."""
        now = time.monotonic()
        with self._lock:
            read_at, kiosk = self._known.get(kiosk_id, (0.0, None))
            fresh = now - self._looked_at < _REVOKED_SECONDS and now - read_at < _CACHE_SECONDS
        return kiosk if fresh else None

    def kiosk_id(self, token: str) -> str:
        """The kiosk's id in a token of ours. Raises Refused."""
        known = self._tokens.get(token)
        if known is None:
            known = self._read_token(token)
            if len(self._tokens) >= _MOST_TOKENS:
                self._tokens.clear()
            self._tokens[token] = known
        kiosk_id, expires = known
        if expires < self._house.now().timestamp():
            raise Refused(401, "The token has expired")
        return kiosk_id

    def _read_token(self, token: str) -> tuple[str, float]:
        try:
            claims = jwt.decode(token, self._house.vault.token_key, ["HS256"], options={"verify_exp": False})
        except jwt.InvalidTokenError as error:
            raise Refused(401, "The token is not ours") from error
        return str(claims["sub"]), float(claims["exp"])

    def look_up(self, kiosk_id: str) -> Kiosk:
        """The kiosk from the store. Raises Refused when it is not enrolled (any more).

        One look tells of all that were revoked: a fleet's kiosks are not read again one by one.
        """
        now = time.monotonic()
        with self._house.store.read() as transaction:
            revoked = transaction.all(_REVOKED)
            with self._lock:
                for row in revoked:
                    self._known.pop(row["id"], None)
                self._looked_at = now
            if (known := self.cached(kiosk_id)) is not None:
                return known
            row = transaction.one(_ENROLLED, {"kiosk": kiosk_id})
        if row is None:
            raise Refused(401, "The kiosk is not enrolled")
        kiosk = Kiosk(row["id"], row["letter"], row["name"], row["name_en"])
        with self._lock:
            self._known[kiosk_id] = (time.monotonic(), kiosk)
        return kiosk

    def _check(self, assertion: str) -> dict[str, Any]:
        try:
            unverified: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
        except jwt.InvalidTokenError as error:
            raise Refused(401, "The assertion is not a token") from error
        kiosk_id = unverified.get("iss")
        with self._house.store.read() as transaction:
            row = transaction.one(_ENROLLED, {"kiosk": str(kiosk_id)})
        if row is None:
            raise Refused(401, "The kiosk is not enrolled")
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(row["public_key"]))
        try:
            claims: dict[str, Any] = jwt.decode(
                assertion,
                key,
                ["EdDSA"],
                audience=self._house.audience,
                options={
                    "require": ["iss", "sub", "aud", "exp", "iat", "jti"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except jwt.InvalidTokenError as error:
            raise Refused(401, "The assertion does not hold") from error
        self._check_times(str(kiosk_id), claims)
        if claims["sub"] != kiosk_id or not isinstance(claims["jti"], str) or not 8 <= len(claims["jti"]) <= 64:
            raise Refused(401, "The assertion does not hold")
        self._spend(str(kiosk_id), claims["jti"], _moment(claims["exp"]))
        return claims

    def _check_times(self, kiosk_id: str, claims: dict[str, Any]) -> None:
        try:
            issued, expires = _moment(claims["iat"]), _moment(claims["exp"])
        except (TypeError, ValueError, OverflowError) as error:
            raise Refused(401, "The assertion does not hold") from error
        now = self._house.now()
        if expires - issued > ASSERTION_LIFE:
            raise Refused(401, "The assertion lives longer than 60 seconds")
        if expires < now - CLOCK_SKEW or issued > now + CLOCK_SKEW:
            clock_off(self._house, kiosk_id)
            raise Refused(401, "The kiosk's clock is off", detail=now.isoformat())

    def _spend(self, kiosk_id: str, jti: str, expires: datetime) -> None:
        with self._house.store.write() as transaction:
            row = {"kiosk_id": kiosk_id, "jti": jti, "expires_at": expires + CLOCK_SKEW}
            if not transaction.added(_SPEND, row):
                raise Refused(401, "The assertion was used before")


def _moment(seconds: Any) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
