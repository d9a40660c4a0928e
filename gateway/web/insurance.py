"""The insurance desk's page: what is open today, what stands behind a mismatch slip, how the line does."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from gateway.api.deps import TheHouse
from gateway.clock import day_of
from gateway.house import House
from gateway.insurance.desk import by_slip, line_today, open_cases
from gateway.insurance.papers import Paper, earliest_signed
from gateway.privacy import access
from gateway.privacy.kinds import CHECK_IN
from gateway.problems import Refused
from gateway.staff import papers, presenting
from gateway.staff.accounts import Account, Role
from gateway.web.keeper_pages import day, moment, only
from gateway.web.staff import TheLanguage, same_site
from gateway.web.texts import LANGUAGES

router = APIRouter(prefix="/staff/insurance", tags=["insurance desk"], include_in_schema=False)

TheClerk = Annotated[Account, Depends(only(Role.STAFF, Role.CASHIER, Role.SUPERVISOR, Role.ADMIN))]

_LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"
_pages = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=select_autoescape(default=True)
)
_pages.filters.update(moment=moment, day=day)

Typed = Annotated[str, Form(max_length=80)]

_SAID = {404: "insdesk.none", 409: "insdesk.several", 410: "insdesk.erased", 422: "insdesk.card.who"}
"""What the page says when it cannot be done, by the status of the refusal."""


@cache
def words(language: str) -> dict[str, str]:
    """Every text of the page: its own, and how names and births differ as the slip says it."""
    areas = [
        tomllib.loads((_LOCALES / language / f"{area}.toml").read_text(encoding="utf-8"))
        for area in ("slips", "insurance", "failures")
    ]
    return {key: unicodedata.normalize("NFC", str(text)) for area in areas for key, text in area.items()}


@router.get("")
def page(
    house: TheHouse, who: TheClerk, language: TheLanguage = None, clinic: str = "", number: str = ""
) -> HTMLResponse:
    """What is open today. `clinic` and `number`: of whom the staff desk came with."""
    return _page(house, who, language, wanted={"clinic": clinic[:40], "slip": number[:40]})


@router.post("/card", dependencies=[Depends(same_site)])
async def card(
    house: TheHouse,
    who: TheClerk,
    slip: Typed = "",
    clinic: Typed = "",
    card: Typed = "",
    name: Typed = "",
    birth: Typed = "",
    language: TheLanguage = None,
) -> HTMLResponse:
    """Somebody shows their insurance card after the check-in."""
    wanted = {"clinic": clinic, "slip": slip, "card": card, "name": name, "birth": birth}
    known = _birth(birth)
    if known is None:
        return await house.workers.run(_page, house, who, language, wanted=wanted, card_said="insdesk.card.birth.wrong")
    told = presenting.Told(card, " ".join(name.split()), known)
    try:
        shown = await presenting.present(house, clinic, slip, told, who.name)
    except Refused as error:
        said = _SAID.get(error.status)
        if said is None:
            raise
        return await house.workers.run(_page, house, who, language, wanted=wanted, card_said=said)
    return await house.workers.run(_page, house, who, language, shown=shown)


@router.post("/revisit", dependencies=[Depends(same_site)])
def revisit(
    house: TheHouse,
    who: TheClerk,
    slip: Typed = "",
    clinic: Typed = "",
    paper: Typed = "",
    signed: Typed = "",
    language: TheLanguage = None,
) -> HTMLResponse:
    """Somebody shows a re-visit slip: it counts once."""
    wanted = {"clinic": clinic, "slip": slip, "paper": paper, "signed": signed}
    on = _day(signed)
    if on is None or not paper.strip():
        return _page(house, who, language, wanted_paper=wanted, paper_said="insdesk.revisit.wrong")
    try:
        with house.store.write() as transaction:
            ticket = presenting.ticket_of(house, transaction, clinic, slip)
            used = papers.use_revisit(house, transaction, ticket["check_in_id"], paper, on, who.name)
    except Refused as error:
        said = _SAID.get(error.status)
        if said is None:
            raise
        return _page(house, who, language, wanted_paper=wanted, paper_said=said)
    return _page(house, who, language, used=used)


@router.post("/slip", dependencies=[Depends(same_site)])
def slip(
    house: TheHouse, who: TheClerk, code: Annotated[str, Form(max_length=40)] = "", language: TheLanguage = None
) -> HTMLResponse:
    """What the insurer answered behind a mismatch slip; who opened it is written down."""
    with house.store.write() as transaction:
        found = by_slip(house, transaction, code)
        if found is not None:
            reason = f"mismatch slip {found.mismatch.code if found.mismatch else ''}"
            access.note(house, transaction, who.name, access.Action.OPENED, CHECK_IN, found.check_in_id, reason)
    return _page(house, who, language, asked=code, found=found)


def _birth(text: str) -> str | None:
    """Day, or year alone, as people write it; empty stays empty. None for anything else."""
    clean = text.strip()
    if not clean or re.fullmatch("[0-9]{4}", clean):
        return clean
    found = _day(clean)
    return None if found is None else found.isoformat()


def _day(text: str) -> date | None:
    """E.g. 23/11/2026, 3-1-1994, or 2026-11-23 as browsers send it."""
    parts = re.fullmatch(r"([0-9]{1,4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,4})", text.strip())
    if parts is None:
        return None
    numbers = [int(part) for part in parts.groups()]
    year, month, day = numbers if len(parts[1]) == 4 else reversed(numbers)
    try:
        return date(year, month, day) if year > 1900 else None
    except ValueError:
        return None


def _forms(house: House) -> dict[str, str]:
    """Since when a transfer form must be signed to hold today, of either kind."""
    today, holidays = day_of(house.now()), house.settings.privacy.holidays
    found = {kind: earliest_signed(house.rules.papers, kind, today, holidays) for kind in Paper}
    return {kind.value: f"{day:%d/%m/%Y}" for kind, day in found.items() if day is not None}


def _page(house: TheHouse, who: Account, language: str | None, **values: object) -> HTMLResponse:
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    with house.store.read() as transaction:
        cases, line = open_cases(house, transaction), line_today(house, transaction)
    clinics = [clinic for clinic in house.clinics.values() if not clinic.guide_desk and clinic.group is None]
    content = _pages.get_template("insurance.html").render(
        t=words(chosen), language=chosen, account=who, cases=cases, line=line, forms=_forms(house), clinics=clinics,
        **values,
    )  # fmt: skip
    return HTMLResponse(content)
