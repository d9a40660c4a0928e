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
from gateway.one_stop import prints
from gateway.one_stop.keeping import centre_of
from gateway.privacy import access
from gateway.privacy.kinds import DOSSIER
from gateway.web.reception import TheOfficer, render

router = APIRouter(prefix="/staff/reception", tags=["reception"], include_in_schema=False)

WEEK = timedelta(days=6)


@router.get("/register")
def register(
    house: TheHouse,
    who: TheOfficer,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
) -> HTMLResponse:
    """Book 07 of some days, this week's without any."""
    end = last or day_of(house.now())
    start = first or end - WEEK
    centre = centre_of(house)
    with house.store.write() as transaction:
        lines = prints.register(house, transaction, start, end)
        reason = f"sổ theo dõi hồ sơ {start:%d/%m/%Y} - {end:%d/%m/%Y}"
        access.note(house, transaction, who.name, access.Action.OPENED, DOSSIER, "", reason)
    return render(
        "reception_register.html", "vi", lines=lines, first=start, last=end, centre=centre.settings,
        demo=house.settings.demo,
    )  # fmt: skip


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
