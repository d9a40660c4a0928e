"""Enrolment: the kiosk makes its key, shows the public half and a one-time code, and pins what it gets (once)."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from services.contract import routes
from services.contract.models import Enrolled, Enrolment
from services.gateway_client import identity
from services.gateway_client.errors import GatewayError, GatewayReason
from services.gateway_client.http import Call, Http, Place

SECONDS = 15.0


def enrol(url: str, ca: Path | None, state: Path, *, code: str, name: str) -> identity.Enrolment:
    """Enrol this kiosk (blocking). Raises GatewayError or IdentityError.

    The key is on the disk before it is sent, so an enrolment whose answer was lost is repeated with the same code.
    """
    key = identity.make_key(state)
    http = Http(url, ca, connect_seconds=5.0)
    body = Enrolment(code=code.strip(), name=name, public_key=identity.public_hex(key)).model_dump_json().encode()
    try:
        answer = http.send(Place.CITIZEN, Call("POST", routes.ENROLMENTS, body, seconds=SECONDS), None)
        given = Enrolled.model_validate_json(answer.body)
        if len(bytes.fromhex(given.sealing_key)) != 32:
            raise GatewayError(GatewayReason.SERVER, "the sealing key is no X25519 key")
    except (ValidationError, ValueError):
        raise GatewayError(GatewayReason.SERVER, "the answer cannot be understood") from None
    finally:
        http.close()
    enrolment = identity.Enrolment(url, given.kiosk_id, given.sealing_key, given.audience)
    identity.save_enrolment(state, enrolment)
    return enrolment
