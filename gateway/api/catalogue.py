"""The catalogue of procedures, its calendar, and the place's notices and guides, as kiosks fetch them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import Response

from gateway.api.deps import TheHouse, TheKiosk
from gateway.clock import day_of
from gateway.one_stop.centre import File
from gateway.one_stop.keeping import centre_of
from gateway.problems import Refused
from services.contract import routes
from services.contract.one_stop import CatalogueVersion, Guidance

router = APIRouter(tags=["one-stop catalogue"])

TheKnown = Annotated[str, Header(alias="If-None-Match", max_length=200)]


@router.get(routes.CATALOGUE_VERSION)
def version(house: TheHouse, kiosk: TheKiosk) -> CatalogueVersion:
    """Which catalogue and calendar hold now."""
    return centre_of(house).version


@router.get(routes.CATALOGUE)
def catalogue(house: TheHouse, kiosk: TheKiosk, known: TheKnown = "") -> Response:
    """The file as it was imported; 304 for a kiosk that has it."""
    return _file(centre_of(house).catalogue_file, known)


@router.get(routes.CATALOGUE_CALENDAR)
def calendar(house: TheHouse, kiosk: TheKiosk, known: TheKnown = "") -> Response:
    """The working calendar."""
    return _file(centre_of(house).calendar_file, known)


@router.get(routes.GUIDANCE)
def guidance(house: TheHouse, kiosk: TheKiosk) -> Guidance:
    """Notices of today, and guides."""
    return centre_of(house).guidance.on(day_of(house.now()))


@router.get(routes.GUIDANCE_PICTURE)
def picture(house: TheHouse, kiosk: TheKiosk, name: str) -> Response:
    """A picture that a notice or guide names."""
    found = centre_of(house).guidance.picture(name)
    if found is None:
        raise Refused(404, "There is no such picture")
    return Response(found[0], media_type=found[1])


def _file(file: File, known: str) -> Response:
    headers = {"ETag": f'"{file.digest}"'}
    if file.digest in known:
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type="application/json", headers=headers)
