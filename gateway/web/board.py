"""The waiting room's board: a screen is connected once by a supervisor and then shows what is called, live."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Cookie, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.deps import TheHouse
from gateway.house import House
from gateway.problems import Refused
from gateway.queue import boards
from gateway.queue.board import Board, board
from gateway.queue.boards import Screen
from gateway.queue.tickets import topic
from gateway.web.console import SETTLE_SECONDS
from gateway.web.staff import LOOK_SECONDS, render
from gateway.web.texts import texts

BOARD_COOKIE = "tram_board"
_A_YEAR = 365 * 86400

router = APIRouter(prefix="/board", tags=["board"], include_in_schema=False)

TheScreen = Annotated[str | None, Cookie(alias=BOARD_COOKIE)]


@router.get("")
def page(house: TheHouse, request: Request, token: TheScreen = None) -> Response:
    """The board; a screen that is not connected shows its code."""
    with house.store.read() as transaction:
        screen = boards.screen(transaction, token)
        code = boards.code_shown(house, transaction, token)
    if screen is not None:
        return render("board.html", "vi", **_written(house), name=screen.name)
    if code is not None:
        return _code_page(house, code)
    if request.cookies.get(f"{BOARD_COOKIE}_asked") is None:
        # Once around: a browser that keeps no cookies makes no rows.
        response: Response = RedirectResponse("/board", 303)
        _set(house, response, f"{BOARD_COOKIE}_asked", "1", 900)
        return response
    with house.store.write() as transaction:
        asked = boards.ask(house, transaction)
    response = _code_page(house, asked.code)
    _set(house, response, BOARD_COOKIE, asked.token, _A_YEAR)
    return response


@router.get("/state")
def state(house: TheHouse, token: TheScreen = None) -> Board:
    """The board as JSON. 401 for a screen that is not connected."""
    screen = _screen(house, token)
    if screen is None:
        raise Refused(401, "This screen is not connected")
    return _read(house, screen)


@router.get("/events")
async def events(house: TheHouse, token: TheScreen = None) -> EventSourceResponse:
    """`connected` once a supervisor connected the screen, `board` whenever anything is called, `gone` at the end."""
    return EventSourceResponse(_follow(house, token), ping=10)


async def _follow(house: House, token: str | None) -> AsyncIterator[ServerSentEvent]:
    screen = await run_in_threadpool(_screen, house, token)
    if screen is None:
        with house.bus.subscribe(boards.BOARDS_TOPIC) as subscription:
            while await run_in_threadpool(_code, house, token) is not None:
                await subscription.changed(LOOK_SECONDS)
        connected = await run_in_threadpool(_screen, house, token) is not None
        yield ServerSentEvent(data="", event="connected" if connected else "gone")
        return
    topics = [topic(clinic) for clinic in _clinics(house, screen)]
    with house.bus.subscribe(boards.BOARDS_TOPIC, *topics) as subscription:
        while (screen := await run_in_threadpool(_screen, house, token)) is not None:
            now = await run_in_threadpool(_read, house, screen)
            yield ServerSentEvent(data=now.model_dump_json(), event="board")
            await subscription.changed(LOOK_SECONDS)
            await asyncio.sleep(SETTLE_SECONDS)
    yield ServerSentEvent(data="", event="gone")


def _code_page(house: House, code: str) -> HTMLResponse:
    return render("board_code.html", "vi", **_written(house), code=code)


def _written(house: House) -> dict[str, Any]:
    """The place, and the board's own texts in Vietnamese and in the second language where the site has one."""
    place = house.settings.place
    second = _words(place.board_languages[1]) if len(place.board_languages) > 1 else {}
    return {"place": place, "words": _words("vi"), "second": second}


def _words(language: str) -> dict[str, str]:
    """What staff read stays out of a public screen."""
    return {id: text for id, text in texts(language).items() if id.startswith("board.")}


def _clinics(house: House, screen: Screen) -> list[str]:
    return list(screen.clinics or house.clinics)


def _screen(house: House, token: str | None) -> Screen | None:
    with house.store.read() as transaction:
        return boards.screen(transaction, token)


def _code(house: House, token: str | None) -> str | None:
    with house.store.read() as transaction:
        return boards.code_shown(house, transaction, token)


def _read(house: House, screen: Screen) -> Board:
    with house.store.read() as transaction:
        return board(house, transaction, screen.name, _clinics(house, screen))


def _set(house: House, response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        secure=house.settings.server.secure_cookies,
        samesite="strict",
        path="/board",
    )
