"""How the keeper's and the figures' pages are made: their words, dates as people here write them, and who may see."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from gateway.api.deps import TheHouse
from gateway.clock import PLACE
from gateway.problems import Refused
from gateway.staff.accounts import Account, Role
from gateway.web.staff import LogInNeeded, TheToken, account
from gateway.web.texts import LANGUAGES

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{5,15}(Z|[+-][0-9]{2}:?[0-9]{2})$")
_LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"


@cache
def keeper_texts(language: str) -> dict[str, str]:
    """Every text of these pages in one language; also for what is kept as the id of a message (route, mismatch)."""
    content = _texts(language, "keeper")
    routes = _texts(language, "screens") | _texts(language, "journeys")
    content |= {f"keeper.value.route.{id}": text for id, text in routes.items() if id.startswith("route.")}
    content |= {f"keeper.value.detail.{id}": text for id, text in _texts(language, "slips").items()}
    return {key: unicodedata.normalize("NFC", str(text)) for key, text in content.items()}


def _texts(language: str, area: str) -> dict[str, object]:
    return tomllib.loads((_LOCALES / language / f"{area}.toml").read_text(encoding="utf-8"))


def day(value: date) -> str:
    """E.g. 23/11/2026."""
    return f"{value:%d/%m/%Y}"


def moment(value: datetime | None) -> str:
    """E.g. 23/11/2026 14:05, at the place."""
    return "" if value is None else f"{value.astimezone(PLACE):%d/%m/%Y %H:%M}"


def until(value: datetime) -> str:
    """The last day of a time that ends at midnight."""
    return day((value.astimezone(PLACE) - timedelta(seconds=1)).date())


def plain(value: str, words: Mapping[str, str], place: str = "") -> str:
    """A kept value as people write it: yes and no, a day, a time at the place; anything else as it stands.

    `place`: table and column, whose words of a closed set are said in the page's language ("bills.kind" of "charge"),
    else those of the column in whatever table.
    """
    for known in (place, place.rpartition(".")[2]):
        if (text := words.get(f"keeper.value.{known}.{value}")) is not None:
            return text
    if value in {"True", "False"}:
        return words["keeper.yes" if value == "True" else "keeper.no"]
    try:
        if _MOMENT.match(value):
            return moment(datetime.fromisoformat(value))
        return day(date.fromisoformat(value)) if _DAY.fullmatch(value) else value
    except ValueError:
        return value


_pages = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=select_autoescape(default=True)
)
_pages.filters.update(day=day, moment=moment, until=until, plain=plain)


def only(*roles: Role) -> Callable[..., Account]:
    """A dependency: somebody with one of these roles. A page sends strangers to the log-in, others get Refused 403."""

    def allowed(house: TheHouse, request: Request, token: TheToken = None) -> Account:
        try:
            who = account(house, request, token)
        except Refused:
            if request.method == "GET":
                raise LogInNeeded from None
            raise
        if who.role not in roles:
            raise Refused(403, "This account may not do that")
        return who

    return allowed


def render(template: str, language: str | None, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page in a language."""
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    words = keeper_texts(chosen)
    content = _pages.get_template(template).render(t=words, language=chosen, **values)
    return HTMLResponse(content, status)
