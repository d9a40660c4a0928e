"""A kiosk is enrolled and gets its token (reference/server.md)."""

from __future__ import annotations

from pydantic import Field

from services.contract.base import Wire


class Enrolment(Wire):
    """POST /v1/enrolments: a one-time code and the kiosk's own public key (Ed25519, raw, hex)."""

    code: str
    name: str = Field(max_length=80)
    public_key: str


class Enrolled(Wire):
    """What the kiosk pins: its id, and the gateway's sealing key (X25519 for libsodium sealed boxes, hex)."""

    kiosk_id: str
    sealing_key: str
    audience: str
    """The `aud` of client assertions."""


class TokenRequest(Wire):
    """POST /v1/token: RFC 7523 client assertion (EdDSA JWT: iss = sub = kiosk id, aud, jti, iat, exp <= 60 s)."""

    assertion: str


class Token(Wire):
    """A bearer token and its life in seconds."""

    access_token: str
    expires_in: int
