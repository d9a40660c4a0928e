"""Rating at the counter: a screen where whoever holds the slip says how it was, in five levels with words, once.

The screen is connected like a waiting room's board, its address is /board/rating. Nobody logs in on it, and nothing of
it is kept but the count (gateway.one_stop.ratings): neither the counter nor the hour.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Callable, Coroutine
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, select_autoescape

from gateway.api.deps import TheHouse, the_house
from gateway.house import House
from gateway.one_stop import following, ratings
from gateway.one_stop.keeping import centre_of
from gateway.problems import Refused
from gateway.queue import boards
from gateway.queue.boards import Screen
from gateway.store.database import Transaction
from gateway.web.board import TheScreen
from gateway.web.staff import same_site
from gateway.web.texts import LANGUAGES
from services.codes.detect import read_code
from services.codes.dossier import looks_like_dossier
from services.codes.errors import CodeError
from services.codes.slip import SlipQr
from services.contract.one_stop import Rateable, Rating, RatingReason


class _PageRoute(APIRoute):
    """What no form of the page sends is answered with the page, as people read it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError:
                language = str((await request.form()).get("l", ""))
                return _page(await the_house(request), language, fault="unknown", status=422)

        return answer


router = APIRouter(prefix="/board/rating", tags=["rating"], include_in_schema=False, route_class=_PageRoute)

LEVELS = {5: "very-satisfied", 4: "satisfied", 3: "neutral", 2: "dissatisfied", 1: "very-dissatisfied"}
"""The best first, in the kiosk's words."""
_STATUS = {"unknown": 404, "not-yet": 409, "rated": 409, "paused": 429}
LOOK_UP = "look-up"
"""The code of a receipt was read, and not the one that is printed beside it: no wrong try."""

_LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"
_pages = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=select_autoescape(default=True)
)

TheLanguage = Annotated[str, Form(alias="l", max_length=2)]


@cache
def words(language: str) -> dict[str, str]:
    """The page's own words, and those it shares with the kiosk."""
    content: dict[str, object] = {}
    for area in ("following", "rating"):
        content |= tomllib.loads((_LOCALES / language / f"{area}.toml").read_text(encoding="utf-8"))
    return {key: unicodedata.normalize("NFC", str(text)) for key, text in content.items()}


@router.get("")
def page(house: TheHouse, token: TheScreen = None, l: str = "") -> Response:  # noqa: E741 - as the form sends it
    """What is rated: its slip to the scanner, or its code. A screen that is not connected shows its own code first."""
    centre_of(house)
    with house.store.read() as transaction:
        screen = boards.screen(transaction, token)
    return _connect() if screen is None else _page(house, l)


@router.post("/find", dependencies=[Depends(same_site)])
def find(
    house: TheHouse,
    code: Annotated[str, Form(max_length=80)] = "",
    look_up: Annotated[str, Form(max_length=10)] = "",
    language: TheLanguage = "",
    token: TheScreen = None,
) -> Response:
    """How it was, or why nobody is asked."""
    centre_of(house)
    with house.store.write() as transaction:
        screen = boards.screen(transaction, token)
        if screen is None:
            return _connect()
        if looks_like_dossier(code) and not look_up.strip():
            return _page(house, language, fault=LOOK_UP, code=code.strip())
        try:
            found = _named(house, transaction, screen, code.strip(), look_up.strip())
        except Refused:
            found = None
    if found is None:
        return _page(house, language, fault="paused")
    if found.token is None:
        return _page(house, language, fault=found.reason or "unknown")
    return _page(house, language, found=found)


@router.post("", dependencies=[Depends(same_site)])
def rate(
    house: TheHouse,
    slip: Annotated[str, Form(pattern="^[0-9A-HJKMNP-TV-Z]{26}$")],
    level: Annotated[int, Form(ge=1, le=5)],
    reason: Annotated[list[RatingReason] | None, Form(max_length=8)] = None,
    language: TheLanguage = "",
    token: TheScreen = None,
) -> Response:
    """Count it, once."""
    centre_of(house)
    with house.store.write() as transaction:
        if boards.screen(transaction, token) is None:
            return _connect()
        rating = Rating(token=slip, level=level, reasons=tuple(dict.fromkeys(reason or ())))
        counted = ratings.rate(house, transaction, rating).counted
    return _page(house, language, taken=True) if counted else _page(house, language, fault="rated")


def _connect() -> Response:
    """Where a screen that is not connected, or not any more, shows its own code."""
    return RedirectResponse("/board", 303)


def _named(house: House, transaction: Transaction, screen: Screen, code: str, look_up: str) -> Rateable:
    """What a slip's code names, or a dossier's. Raises Refused 429 after too many wrong tries."""
    try:
        read = read_code(code)
    except CodeError:
        read = None
    if isinstance(read, SlipQr):
        return ratings.may_rate(house, transaction, read.token)
    opened = following.open_one(house, transaction, f"screen {screen.id}", None, code or "-", look_up or None)
    if opened.refusal is not None:
        raise opened.refusal
    if opened.row is None:
        return Rateable(token=None, reason="unknown")
    return ratings.may_rate(house, transaction, opened.row["token"])


def _page(house: House, language: str, *, fault: str = "", status: int | None = None, **values: Any) -> HTMLResponse:
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    content = _pages.get_template("rating.html").render(
        t=words(chosen),
        language=chosen,
        other=next(one for one in LANGUAGES if one != chosen),
        place=house.settings.place,
        demo=house.settings.demo,
        fault=fault,
        levels=LEVELS,
        reasons=[reason.value for reason in RatingReason],
        **values,
    )
    return HTMLResponse(content, status or _STATUS.get(fault, 200))
