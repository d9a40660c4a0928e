"""Terminal authentication for kiosks: certificates for a chip's authority, a signature over its challenge."""

from __future__ import annotations

import logging
from base64 import b64encode
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from gateway.api.deps import TheHouse, TheKiosk, TheWrite
from gateway.api.idempotency import begin, finish, forget
from gateway.fleet.terminal import InspectionSystem
from gateway.house import House
from gateway.problems import Refused
from services.contract import routes
from services.contract.models import TerminalChain, TerminalChallenge, TerminalSignature, TerminalStatus
from services.contract.routes import Write

router = APIRouter(tags=["terminal"])

log = logging.getLogger(__name__)


@router.get(routes.TERMINAL)
def status(house: TheHouse, kiosk: TheKiosk) -> TerminalStatus:
    """Whose terminal this is, until when, and whether its key is reached. Nothing is signed."""
    terminal, problem = _inspection_system(house).status()
    return TerminalStatus(
        holder=terminal.holder.decode("ascii", "replace"),
        authority=terminal.authority.decode("ascii", "replace"),
        effective=terminal.effective,
        expires=terminal.expires,
        problem=problem,
    )


@router.get(routes.TERMINAL_CHAIN)
def chain(
    house: TheHouse, kiosk: TheKiosk, authority: Annotated[str, Query(pattern="^([0-9A-Fa-f]{2}){1,16}$")]
) -> TerminalChain:
    """Card-verifiable certificates from the one that `authority` (a reference in hexadecimal) signed downwards."""
    found = _inspection_system(house).chain(bytes.fromhex(authority))
    return TerminalChain(certificates=tuple(b64encode(each).decode("ascii") for each in found))


@router.post(routes.TERMINAL_SIGNATURES, response_model=TerminalSignature)
def signature(
    house: TheHouse, kiosk: TheKiosk, sent: TheWrite, challenge: Annotated[TerminalChallenge, Body()]
) -> Response:
    """The terminal's signature over what a chip wants signed, made in the token. Every one is told in the log."""
    system = _inspection_system(house)
    write = Write.TERMINAL_SIGNATURE
    kept = begin(house, kiosk, write, sent)
    if kept is not None:
        return kept
    try:
        made = TerminalSignature(signature=system.sign(bytes.fromhex(challenge.message)).hex())
        log.info("terminal signature for kiosk %s", kiosk.letter)
        return finish(house, kiosk, write, sent, lambda _: made)
    except BaseException:
        forget(house, kiosk, write, sent)
        raise


def _inspection_system(house: House) -> InspectionSystem:
    if house.inspection is None:
        raise Refused(404, "Terminal authentication is not configured")
    return house.inspection
