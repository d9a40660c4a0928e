"""Papers that the reception prints: the declaration that waits for a hand, the control sheet (06), the register (07).

They show names, so every one that is opened is written down.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from gateway.api.deps import TheHouse
from gateway.clock import day_of
from gateway.house import House
from gateway.one_stop import prints
from gateway.one_stop.keeping import centre_of
from gateway.privacy import access
from gateway.privacy.kinds import DOSSIER
from gateway.problems import Refused
from gateway.web.reception import TheOfficer, render

router = APIRouter(prefix="/staff/reception", tags=["reception"], include_in_schema=False)

WEEK = timedelta(days=6)
"""From the first to the last of seven days."""

YEARS = range(2000, 3000)


@router.get("/register")
def register(
    house: TheHouse,
    who: TheOfficer,
    first: Annotated[str, Query(alias="from", max_length=40)] = "",
    last: Annotated[str, Query(alias="to", max_length=40)] = "",
) -> HTMLResponse:
    """Book 07 of some days, the last seven without any; days that cannot be shown are asked for again."""
    try:
        end = _day(last) or day_of(house.now())
        start = _day(first) or end - WEEK
    except ValueError:
        return _register(house, first, last, fault="register.fault.day")
    try:
        with house.store.write() as transaction:
            lines = prints.register(house, transaction, start, end)
            reason = f"sổ theo dõi hồ sơ {start:%d/%m/%Y} - {end:%d/%m/%Y}"
            access.note(house, transaction, who.name, access.Action.OPENED, DOSSIER, "", reason)
    except Refused:
        return _register(house, start.isoformat(), end.isoformat(), fault="register.fault.order")
    return _register(house, start.isoformat(), end.isoformat(), first=start, last=end, lines=lines)


@router.get("/{id}/declaration")
def declaration(house: TheHouse, who: TheOfficer, id: str) -> HTMLResponse:
    """The form as it was filled in, A4, to be signed in front of the counter."""
    with house.store.write() as transaction:
        paper = prints.declaration(house, transaction, id)
        access.note(house, transaction, who.name, access.Action.OPENED, DOSSIER, id, "in tờ khai của hồ sơ")
    return render("reception_declaration.html", "vi", paper=paper, demo=house.settings.demo)


@router.get("/{id}/control")
def control(house: TheHouse, who: TheOfficer, id: str) -> HTMLResponse:
    """Sheet 06: who had the dossier when."""
    centre = centre_of(house)
    with house.store.write() as transaction:
        sheet = prints.control(house, transaction, id)
        access.note(house, transaction, who.name, access.Action.OPENED, DOSSIER, id, "in phiếu kiểm soát")
    return render(
        "reception_control.html", "vi", sheet=sheet, names=centre.statuses.names, demo=house.settings.demo
    )  # fmt: skip


def _day(text: str) -> date | None:
    """As a date field sends it; None for an empty one. Raises ValueError, also for years that no register has."""
    if not text.strip():
        return None
    day = date.fromisoformat(text.strip())
    if day.year not in YEARS:
        raise ValueError("no year of a register")
    return day


def _register(house: House, typed_first: str, typed_last: str, *, fault: str = "", **values: object) -> HTMLResponse:
    return render(
        "reception_register.html", "vi", status=422 if fault else 200, fault=fault, typed_first=typed_first,
        typed_last=typed_last, centre=centre_of(house).settings, demo=house.settings.demo, **values,
    )  # fmt: skip
