"""The staff desk's pages and actions. Everything but the log-in needs a session; nothing is in reach of other sites."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, Cookie, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from gateway.api.deps import TheHouse
from gateway.house import House
from gateway.problems import Refused
from gateway.staff import accounts, calls, times
from gateway.staff.accounts import Account, Role
from gateway.staff.desk import Desk, desk, slip_given
from gateway.web.texts import LANGUAGES, desk_words, texts

_FIRST_PAGES = {
    Role.COUNTER: "/staff/counters",
    Role.SUPERVISOR: "/staff/counters",
    Role.OFFICER: "/staff/reception",
    Role.CASHIER: "/staff/cashier",
    Role.DATA_OFFICER: "/staff/data",
    Role.TECHNICIAN: "/staff/fleet",
    Role.COMMITTEE: "/staff/figures",
}
"""Where somebody begins, by role."""

COOKIE = "tram_staff"
LANGUAGE_COOKIE = "tram_language"
LOOK_SECONDS = 10.0
"""The page's times go on even when nothing happens, and an ended session is noticed."""

router = APIRouter(tags=["staff desk"], include_in_schema=False)

_pages = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=select_autoescape(default=True)
)

TheToken = Annotated[str | None, Cookie(alias=COOKIE)]
TheLanguage = Annotated[str | None, Cookie(alias=LANGUAGE_COOKIE)]


class LogInNeeded(Exception):
    """A page was asked for without a session."""


def account(house: TheHouse, request: Request, token: TheToken = None) -> Account:
    """Who is logged in. Raises LogInNeeded for a page, Refused 401 for anything else."""
    found = accounts.who(house, token) if token else None
    if found is None and request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        raise LogInNeeded
    if found is None:
        raise Refused(401, "Nobody is logged in")
    return found


def same_site(request: Request) -> None:
    """A browser says where a request comes from: only our own pages may change anything."""
    if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        raise Refused(403, "Asked from another site")


TheAccount = Annotated[Account, Depends(account)]


def only(*roles: Role) -> Callable[[Account], Account]:
    """A dependency: whoever is logged in has one of these roles (an administrator has every one). Refused 403."""

    def allowed(who: TheAccount) -> Account:
        if who.role not in {*roles, Role.ADMIN}:
            raise Refused(403, "This account may not do that")
        return who

    return allowed


FINDERS = (Role.STAFF, Role.SUPERVISOR, Role.COUNTER, Role.OFFICER)
"""Who finds a number and prints its slip."""
_INSURES = {Role.STAFF, Role.CASHIER, Role.SUPERVISOR, Role.ADMIN}
_WAYS = (
    ("/staff/insurance", "console.insurance", _INSURES),
    ("/staff/counters", "console.counters", {Role.COUNTER, Role.OFFICER, Role.SUPERVISOR}),
    ("/staff/cashier", "console.cashier", {Role.CASHIER, Role.SUPERVISOR}),
)
"""From the desk to the other pages, for whoever may open them."""

at_the_desk = only(Role.STAFF, Role.COUNTER, Role.OFFICER, Role.CASHIER, Role.SUPERVISOR)
"""Who meets people: figures, machines and registers are watched without the numbers of today's visitors."""
TheDeskClerk = Annotated[Account, Depends(at_the_desk)]


@router.get("/staff")
def page(who: TheDeskClerk, language: TheLanguage = None) -> HTMLResponse:
    """The desk; its script fills it."""
    words = texts(language or "") | desk_words(language or "")
    ways = [(path, name) for path, name, roles in _WAYS if who.role in {*roles, Role.ADMIN}]
    return render(
        "desk.html", language, account=who, words=words, ways=ways, insures=who.role in _INSURES,
        finds=who.role in {*FINDERS, Role.ADMIN},
    )  # fmt: skip


@router.get("/staff/start")
def start(who: TheAccount) -> Response:
    """Where this account begins."""
    return RedirectResponse(_FIRST_PAGES.get(who.role, "/staff"), 303)


def sorry(request: Request, status: int) -> HTMLResponse | None:
    """What somebody reads who opened a page that is not theirs, or not there; None for anything but a page."""
    page = request.method == "GET" and f"{request.url.path}/".startswith("/staff/")
    if not page or "text/html" not in request.headers.get("accept", "") or status not in {403, 404}:
        return None
    what = "account" if status == 403 else "gone"
    return render("sorry.html", request.cookies.get(LANGUAGE_COOKIE), status=status, what=what)


@router.get("/staff/login")
def log_in_page(language: TheLanguage = None) -> HTMLResponse:
    """Name and password."""
    return render("login.html", language)


@router.post("/staff/login", dependencies=[Depends(same_site)])
def log_in(
    house: TheHouse,
    name: Annotated[str, Form(max_length=100)],
    password: Annotated[str, Form(max_length=1000)],
    language: TheLanguage = None,
) -> Response:
    """Begin a session."""
    try:
        token = accounts.log_in(house, name.strip().lower(), password)
    except Refused as error:
        wrong = "console.toomany" if error.status == 429 else "console.wrong"
        return render("login.html", language, status=error.status, fault=wrong)
    response = RedirectResponse(_first_page(house, token), 303)
    seconds = int(house.settings.staff.session_hours * 3600)
    _set_cookie(house, response, COOKIE, token, seconds)
    return response


@router.post("/staff/logout", dependencies=[Depends(same_site)])
def log_out(house: TheHouse, token: TheToken = None) -> Response:
    """End the session."""
    if token:
        accounts.log_out(house, token)
    response = RedirectResponse("/staff/login", 303)
    response.delete_cookie(COOKIE)
    return response


@router.post("/staff/language", dependencies=[Depends(same_site)])
def other_language(
    house: TheHouse,
    back: Annotated[str, Form(pattern="^/staff(/[a-z0-9-]+)*$", max_length=100)] = "/staff",
    language: TheLanguage = None,
) -> Response:
    """Vietnamese or English; `back`: the page to see in it."""
    response = RedirectResponse(back, 303)
    _set_cookie(house, response, LANGUAGE_COOKIE, "vi" if language == "en" else "en", 365 * 86400)
    return response


@router.get("/staff/state")
def state(house: TheHouse, _who: TheDeskClerk) -> Desk:
    """The whole desk as JSON."""
    return _read(house)


@router.get("/staff/events")
async def events(house: TheHouse, _who: TheDeskClerk, token: TheToken = None) -> EventSourceResponse:
    """The whole desk whenever anything changed."""
    return EventSourceResponse(_follow(house, token or ""), ping=10)


@router.post("/staff/calls/{id}/acknowledge", status_code=204, dependencies=[Depends(same_site)])
def acknowledge(house: TheHouse, who: TheDeskClerk, id: str) -> None:
    """ "I am coming"; 409 when somebody else was first or it does not ring any more."""
    with house.store.write() as transaction:
        if not calls.acknowledge(house, transaction, id, who.name):
            raise Refused(409, "The call does not ring any more")


@router.post("/staff/calls/{id}/close", status_code=204, dependencies=[Depends(same_site)])
def close(house: TheHouse, _who: TheDeskClerk, id: str) -> None:
    """Help was given."""
    with house.store.write() as transaction:
        if not calls.close(house, transaction, id):
            raise Refused(409, "The call is over")


@router.post("/staff/check-ins/{id}/slip", status_code=204, dependencies=[Depends(same_site)])
def give_slip(house: TheHouse, _who: TheDeskClerk, id: str) -> None:
    """The slip that did not come out was handed over."""
    with house.store.write() as transaction:
        slip_given(house, transaction, id)


@router.post("/staff/hospital-tasks/{id}/seen", status_code=204, dependencies=[Depends(same_site)])
def see_task(house: TheHouse, who: TheDeskClerk, id: str) -> None:
    """The person was told, or somebody put it right in the hospital's system."""
    with house.store.write() as transaction:
        times.see(house, transaction, id, who.name)


@router.post("/staff/hospital-tasks/{id}/time", status_code=204, dependencies=[Depends(same_site)])
def give_time(
    house: TheHouse, who: TheDeskClerk, id: str, slot: Annotated[str, Body(embed=True, max_length=4)]
) -> None:
    """Another time for the number whose own was lost; 409 when it is full too."""
    with house.store.write() as transaction:
        times.give_time(house, transaction, id, slot, who.name)


def _first_page(house: House, token: str) -> str:
    found = accounts.who(house, token)
    return "/staff" if found is None else _FIRST_PAGES.get(found.role, "/staff")


async def _follow(house: House, token: str) -> AsyncIterator[ServerSentEvent]:
    with house.bus.subscribe(calls.STAFF_TOPIC) as subscription:
        while await run_in_threadpool(accounts.who, house, token) is not None:
            now = await run_in_threadpool(_read, house)
            yield ServerSentEvent(data=now.model_dump_json(), event="desk")
            await subscription.changed(LOOK_SECONDS)
    yield ServerSentEvent(data="", event="ended")


def _read(house: House) -> Desk:
    with house.store.read() as transaction:
        return desk(house, transaction)


def render(template: str, language: str | None, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of this room in a language."""
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    content = _pages.get_template(template).render(t=texts(chosen), language=chosen, **values)
    return HTMLResponse(content, status)


def _set_cookie(house: House, response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        secure=house.settings.server.secure_cookies,
        samesite="strict",
        path="/staff",
    )
