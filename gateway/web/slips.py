"""The desk finds a number and prints its slip: a page of the paper's width, without a name."""

from __future__ import annotations

import tomllib
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Body, Depends
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from gateway.api.deps import TheHouse
from gateway.clock import PLACE
from gateway.staff import reprint
from gateway.staff.accounts import Account
from gateway.staff.desk import DeskTicket, desk_tickets
from gateway.web.codes import qr_path, qr_size
from gateway.web.staff import FINDERS, TheLanguage, only, same_site
from gateway.web.texts import LANGUAGES

router = APIRouter(prefix="/staff", tags=["staff desk"], include_in_schema=False)

TheClerk = Annotated[Account, Depends(only(*FINDERS))]

_LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"
_pages = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=select_autoescape(default=True)
)
_DESK_LOOKS = {"slip.insurance_pending"}
"""Marks that name the desk which sees to them, as on the kiosk's own slip."""


@cache
def words(language: str) -> dict[str, str]:
    """What stands on slips, and the page's own button."""
    areas = [
        tomllib.loads((_LOCALES / language / f"{area}.toml").read_text(encoding="utf-8"))
        for area in ("slips", "console", "screens")
    ]
    return {key: unicodedata.normalize("NFC", str(text)) for area in areas for key, text in area.items()}


def hour(moment: datetime) -> str:
    """ "07:40", at the place."""
    return f"{moment.astimezone(PLACE):%H:%M}"


def hour_and_day(moment: datetime) -> str:
    """ "07:16, 23/11/2026"."""
    return f"{moment.astimezone(PLACE):%H:%M, %d/%m/%Y}"


_pages.filters.update(hour=hour, hour_and_day=hour_and_day, qr_path=qr_path, qr_size=qr_size)


@router.post("/find", dependencies=[Depends(same_site)])
def find(house: TheHouse, who: TheClerk, text: Annotated[str, Body(embed=True, max_length=400)]) -> list[DeskTicket]:
    """Numbers of today: by slip, by number, by the card in the person's hand."""
    with house.store.write() as transaction:
        ids = reprint.find(house, transaction, text, who.name)
        return list(desk_tickets(house, transaction, ids))


@router.get("/slips/{id}")
def page(house: TheHouse, _who: TheClerk, id: str, language: TheLanguage = None) -> HTMLResponse:
    """The slip of one number, to be printed."""
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    with house.store.read() as transaction:
        slip = reprint.slip(house, transaction, id)
    place, t, english = house.settings.place, words(chosen), chosen == "en"
    desk = place.insurance_desk.name_en if english else place.insurance_desk.name
    marks = [
        t["slip.desk_looks"].format(mark=t[one], desk=desk) if one in _DESK_LOOKS else t[one] for one in slip.marks
    ]
    bring = f"slip.bring.{'priority' if slip.ticket.priority else 'plain'}{'.insured' if slip.insured else ''}"
    content = _pages.get_template("slip.html").render(
        t=t, language=chosen, english=english, place=place, slip=slip, ticket=slip.ticket, marks=marks, desk=desk,
        bring=t[bring], demo=house.settings.demo,
    )  # fmt: skip
    return HTMLResponse(content)


@router.post("/slips/{id}/printed", status_code=204, dependencies=[Depends(same_site)])
def printed(house: TheHouse, who: TheClerk, id: str) -> None:
    """The button: that it was printed is kept with the number."""
    with house.store.write() as transaction:
        reprint.note_printed(house, transaction, id, who.name)
