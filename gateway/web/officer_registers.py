"""The data officer's registers: requests of people, and incidents, each with its clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from gateway.api.deps import TheHouse
from gateway.clock import PLACE
from gateway.house import House
from gateway.privacy import incidents, requests
from gateway.privacy.holding import DataClass
from gateway.privacy.incidents import Decision, Facts
from gateway.privacy.requests import Details, RequestKind, RequestStatus
from gateway.problems import Refused
from gateway.staff.accounts import Account
from gateway.store.database import Transaction
from gateway.web.keeper_pages import render
from gateway.web.officer import TheOfficer
from gateway.web.staff import TheLanguage, same_site

router = APIRouter(prefix="/staff/data", tags=["data officer"], include_in_schema=False)

_OURS = [Depends(same_site)]
_REQUESTS = "/staff/data/requests"
_INCIDENTS = "/staff/data/incidents"
Line = Annotated[str, Form(max_length=200)]
Words = Annotated[str, Form(max_length=4000)]


@router.get("/requests")
def requests_page(house: TheHouse, who: TheOfficer, language: TheLanguage = None) -> HTMLResponse:
    """The register, open ones first."""
    return _requests(house, who, language)


@router.post("/requests", dependencies=_OURS)
def new_request(
    house: TheHouse,
    who: TheOfficer,
    kind: Annotated[RequestKind, Form()],
    name: Line,
    contact: Line,
    wish: Words,
    number: Line = "",
    received: Annotated[str, Form(max_length=16)] = "",
    processors: Annotated[str, Form()] = "",
    language: TheLanguage = None,
) -> Response:
    """Write a request down."""
    details = Details(name=name.strip(), contact=contact.strip(), wish=wish.strip())
    try:
        with house.store.write() as transaction:
            requests.receive(
                house,
                transaction,
                who.name,
                kind,
                details,
                number=number,
                received_at=_moment(received),
                processors=processors == "yes",
            )
    except Refused:
        return _requests(house, who, language, "keeper.time.future")
    return RedirectResponse(_REQUESTS, 303)


@router.post("/requests/{id}/answer", dependencies=_OURS)
def answer_request(house: TheHouse, _who: TheOfficer, id: str) -> Response:
    """The person was told."""
    with house.store.write() as transaction:
        requests.answer(house, transaction, id)
    return RedirectResponse(_REQUESTS, 303)


@router.post("/requests/{id}/extend", dependencies=_OURS)
def extend_request(house: TheHouse, _who: TheOfficer, id: str) -> Response:
    """Once, by 15 days."""
    with house.store.write() as transaction:
        requests.extend(house, transaction, id)
    return RedirectResponse(_REQUESTS, 303)


@router.post("/requests/{id}/close", dependencies=_OURS)
def close_request(
    house: TheHouse, who: TheOfficer, id: str, status: Annotated[RequestStatus, Form()], outcome: Words = "",
    language: TheLanguage = None,
) -> Response:  # fmt: skip
    """Done or refused, with what the person was told."""
    try:
        with house.store.write() as transaction:
            requests.close(house, transaction, id, status, outcome)
    except Refused as error:
        if error.status != 422:
            raise
        return _requests(house, who, language, "keeper.text.needed")
    return RedirectResponse(_REQUESTS, 303)


@router.get("/incidents")
def incidents_page(house: TheHouse, who: TheOfficer, language: TheLanguage = None) -> HTMLResponse:
    """The record, running clocks first."""
    return _incidents(house, who, language)


@router.post("/incidents", dependencies=_OURS)
def new_incident(
    house: TheHouse,
    who: TheOfficer,
    what: Words = "",
    detected: Annotated[str, Form(max_length=16)] = "",
    classes: Annotated[list[DataClass] | None, Form()] = None,
    people: Annotated[str, Form(pattern="^[0-9]{0,9}$")] = "",
    language: TheLanguage = None,
) -> Response:
    """Write an incident down: the clock has run since it was detected."""
    detected_at = _moment(detected) or house.now()
    try:
        with house.store.write() as transaction:
            incidents.record(
                house,
                transaction,
                who.name,
                detected_at=detected_at,
                classes=tuple(classes or ()),
                people=int(people) if people else None,
                facts=Facts(what=what.strip()),
            )
    except Refused:
        fault = "keeper.time.future" if detected_at > house.now() else "keeper.text.needed"
        return _incidents(house, who, language, fault)
    return RedirectResponse(_INCIDENTS, 303)


@router.post("/incidents/{id}/decide", dependencies=_OURS)
def decide_incident(
    house: TheHouse, who: TheOfficer, id: str, decision: Annotated[Decision, Form()], reason: Words = "",
    language: TheLanguage = None,
) -> Response:  # fmt: skip
    """Whether the authority is told."""
    return _step(house, who, language, lambda tx: incidents.decide(house, tx, id, decision, reason))


@router.post("/incidents/{id}/notified", dependencies=_OURS)
def notified_incident(
    house: TheHouse, who: TheOfficer, id: str, notice: Words = "", language: TheLanguage = None
) -> Response:
    """The authority was told, with this text."""
    return _step(house, who, language, lambda tx: incidents.notified(house, tx, id, notice))


@router.post("/incidents/{id}/close", dependencies=_OURS)
def close_incident(
    house: TheHouse, who: TheOfficer, id: str, measures: Words = "", language: TheLanguage = None
) -> Response:
    """What was done about it."""
    return _step(house, who, language, lambda tx: incidents.close(house, tx, id, measures))


def _step(house: House, who: Account, language: str | None, work: Callable[[Transaction], object]) -> Response:
    """Do one step; a text that is missing is asked for again."""
    try:
        with house.store.write() as transaction:
            work(transaction)
    except Refused as error:
        if error.status != 422:
            raise
        return _incidents(house, who, language, "keeper.text.needed")
    return RedirectResponse(_INCIDENTS, 303)


def _requests(house: House, who: Account, language: str | None, fault: str = "") -> HTMLResponse:
    with house.store.read() as transaction:
        found = requests.listed(house, transaction)
    return render(
        "keeper_requests.html",
        language,
        status=422 if fault else 200,
        account=who,
        tab="requests",
        fault=fault,
        requests=found,
        kinds=list(RequestKind),
        now=house.now(),
    )


def _incidents(house: House, who: Account, language: str | None, fault: str = "") -> HTMLResponse:
    with house.store.read() as transaction:
        found = incidents.listed(house, transaction)
    return render(
        "keeper_incidents.html",
        language,
        status=422 if fault else 200,
        account=who,
        tab="incidents",
        fault=fault,
        incidents=found,
        classes=list(DataClass),
        processors=house.settings.privacy.processors,
        now=house.now(),
    )


def _moment(text: str) -> datetime | None:
    """A time as a browser gives it ("2026-11-23T14:05"), at the place. Raises Refused."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=PLACE)
    except ValueError as error:
        raise Refused(422, "The time is not valid") from error
