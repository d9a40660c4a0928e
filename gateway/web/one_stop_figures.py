"""The one-stop centre's figures as a page and as a file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from gateway.api.deps import TheHouse
from gateway.clock import day_of
from gateway.figures.counts import LONGEST
from gateway.figures.one_stop import OneStopFigures, as_csv, communes_named, one_stop_figures
from gateway.house import House
from gateway.one_stop.keeping import centre_of
from gateway.problems import Refused
from gateway.staff.accounts import Account, Role
from gateway.web.keeper_pages import keeper_texts, only, render
from gateway.web.staff import TheLanguage
from gateway.web.texts import LANGUAGES

router = APIRouter(prefix="/staff/figures/one-stop", tags=["figures"], include_in_schema=False)

TheReader = Annotated[Account, Depends(only(Role.COMMITTEE, Role.DATA_OFFICER, Role.ADMIN))]

USUAL = timedelta(days=29)
"""The page opens with thirty days, today the last."""


@router.get("")
def page(
    house: TheHouse, who: TheReader, first: date | None = None, last: date | None = None, language: TheLanguage = None
) -> HTMLResponse:
    """Dossiers by procedure, look-ups, ratings, help."""
    found = _read(house, first, last)
    return render(
        "one_stop_figures.html",
        language,
        account=who,
        tab="one-stop",
        one_stop=True,
        found=found,
        groups=_groups(house),
        communes=communes_named(house, found),
    )


@router.get("/csv")
def file(
    house: TheHouse, _who: TheReader, first: date | None = None, last: date | None = None, language: TheLanguage = None
) -> Response:
    """The same as lines."""
    found = _read(house, first, last)
    words = keeper_texts(language if language in LANGUAGES else LANGUAGES[0])
    name = f"tram-mot-cua-{found.first:%Y%m%d}-{found.last:%Y%m%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = as_csv(found, words, _groups(house), communes_named(house, found))
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _groups(house: House) -> dict[str, str]:
    return {id: clinic.name for id, clinic in house.clinics.items()}


def _read(house: House, first: date | None, last: date | None) -> OneStopFigures:
    centre_of(house)
    end = last or day_of(house.now())
    begin = first or end - USUAL
    if end < begin or end - begin > LONGEST:
        raise Refused(422, "From one day to a year")
    with house.store.read() as transaction:
        return one_stop_figures(house, transaction, begin, end)
