"""The insurance desk's page: what is open today, what stands behind a mismatch slip, how the line does."""

from __future__ import annotations

import tomllib
import unicodedata
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
from gateway.staff.accounts import Account, Role
from gateway.web.keeper_pages import moment, only
from gateway.web.staff import TheLanguage, same_site
from gateway.web.texts import LANGUAGES

router = APIRouter(prefix="/staff/insurance", tags=["insurance desk"], include_in_schema=False)

TheClerk = Annotated[Account, Depends(only(Role.STAFF, Role.CASHIER, Role.ADMIN))]

_LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"
_pages = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=select_autoescape(default=True)
)
_pages.filters["moment"] = moment


@cache
def words(language: str) -> dict[str, str]:
    """Every text of the page: its own, and how names and births differ as the slip says it."""
    areas = [
        tomllib.loads((_LOCALES / language / f"{area}.toml").read_text(encoding="utf-8"))
        for area in ("slips", "insurance")
    ]
    return {key: unicodedata.normalize("NFC", str(text)) for area in areas for key, text in area.items()}


@router.get("")
def page(house: TheHouse, who: TheClerk, language: TheLanguage = None) -> HTMLResponse:
    """What is open today."""
    return _page(house, who, language)


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


def _forms(house: House) -> dict[str, str]:
    """Since when a transfer form must be signed to hold today, of either kind."""
    today, holidays = day_of(house.now()), house.settings.privacy.holidays
    found = {kind: earliest_signed(house.rules.papers, kind, today, holidays) for kind in Paper}
    return {kind.value: f"{day:%d/%m/%Y}" for kind, day in found.items() if day is not None}


def _page(house: TheHouse, who: Account, language: str | None, **values: object) -> HTMLResponse:
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    with house.store.read() as transaction:
        cases, line = open_cases(house, transaction), line_today(house, transaction)
    content = _pages.get_template("insurance.html").render(
        t=words(chosen), language=chosen, account=who, cases=cases, line=line, forms=_forms(house), **values
    )
    return HTMLResponse(content)
