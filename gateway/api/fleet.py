"""Enrolment, tokens, site facts, nonces, heartbeats, and what became of a key."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Response
from pydantic_core import PydanticSerializationError

from gateway.api.deps import TheDoorkeeper, TheHouse, TheKiosk, TheWrite
from gateway.api.idempotency import once, read
from gateway.fleet import nonces
from gateway.fleet.alarms import take_note
from gateway.fleet.enrolment import enrol
from gateway.house import House
from gateway.problems import Refused
from gateway.store.tables import heartbeats
from services.contract import routes
from services.contract.models import (
    Enrolled,
    Enrolment,
    FingerPolicy,
    Heartbeat,
    NonceBatch,
    OneStopSite,
    Operation,
    Site,
    Token,
    TokenRequest,
)
from services.contract.routes import Write

router = APIRouter(tags=["fleet"])


@router.post(routes.ENROLMENTS)
def enrolments(house: TheHouse, enrolment: Annotated[Enrolment, Body()]) -> Enrolled:
    """Make a kiosk's own public key known, once, with a one-time code."""
    return enrol(house, enrolment)


@router.post(routes.TOKEN)
def token(doorkeeper: TheDoorkeeper, request: Annotated[TokenRequest, Body()]) -> Token:
    """A short-lived bearer token for a signed client assertion (RFC 7523)."""
    return doorkeeper.token(request.assertion)


@router.get(routes.HEALTH)
async def health(kiosk: TheKiosk) -> dict[str, str]:
    """The gateway answers, and knows this kiosk."""
    return {"kiosk": kiosk.letter}


@router.get(routes.SITE)
async def site(house: TheHouse, kiosk: TheKiosk) -> Site:
    """Facts of the place and of the kiosk that asks."""
    place = house.settings.place
    return Site(
        place=place.name,
        place_en=place.name_en,
        kiosk_name=kiosk.name,
        kiosk_name_en=kiosk.name_en,
        kiosk_letter=kiosk.letter,
        help_desk=place.help_desk,
        insurance_desk=place.insurance_desk,
        cashier=place.cashier,
        demo=house.settings.demo,
        notice_version=place.notice_version,
        pregnancy_ages=place.pregnancy_ages,
        ask_cash_reason=house.settings.privacy.ask_cash_reason,
        holder_check=place.holder_check,
        one_stop=_one_stop(house),
        # Without a matcher nobody is asked for what could not be kept.
        fingers=FingerPolicy() if house.fingers is None else FingerPolicy(**house.settings.fingers.model_dump()),
        server_time=house.now(),
    )


def _one_stop(house: House) -> OneStopSite | None:
    centre = house.one_stop
    if centre is None:
        return None
    return OneStopSite(
        agency=centre.settings.agency,
        agency_en=centre.settings.agency_en,
        commune=centre.settings.commune,
        province=centre.settings.province,
        files=centre.system is not None,
        uploads=centre.uploads is not None,
        catalogue=centre.catalogue_file.digest,
        procedure_page=centre.settings.procedure_page,
        favourites=centre.settings.favourites,
    )


@router.post(routes.NONCES, response_model=NonceBatch)
async def nonce_batch(house: TheHouse, kiosk: TheKiosk, sent: TheWrite) -> Response:
    """A small batch of nonces for active authentication."""
    return await house.workers.run(
        once, house, kiosk, Write.NONCES, sent, lambda transaction: nonces.issue(house, transaction, kiosk)
    )


@router.post(routes.HEARTBEATS, status_code=204)
def heartbeat(house: TheHouse, kiosk: TheKiosk, beat: Annotated[Heartbeat, Body()]) -> None:
    """The kiosk lives; the newest report wins."""
    try:
        values = {"received_at": house.now(), "body": beat.model_dump_json()}
    except PydanticSerializationError as error:  # half a surrogate pair is JSON, and no text
        raise Refused(422, "The request is not valid") from error
    with house.store.write() as transaction:
        take_note(house, transaction, kiosk.id, beat)
        row = transaction.insert(heartbeats).values(kiosk_id=kiosk.id, **values)
        transaction.execute(row.on_conflict_do_update(index_elements=["kiosk_id"], set_=values))


@router.get(routes.OPERATION)
def operation(
    house: TheHouse, kiosk: TheKiosk, operation: str, key: Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{8,64}$")]
) -> Operation:
    """What became of a key of this kiosk: the kept answer as it was sent, or that nothing arrived."""
    try:
        write = Write(operation)
    except ValueError as error:
        raise Refused(404, "There is no such operation") from error
    return read(house, kiosk, write, key)
