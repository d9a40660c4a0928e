"""The data officer's pages: find a record, copy it, erase it. Nothing is opened without a reason that is kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, Response

from gateway.api.deps import TheHouse
from gateway.clock import day_of
from gateway.house import House
from gateway.privacy import access, holdings
from gateway.privacy.access import Action, NoReason
from gateway.privacy.copy import Rows, as_json, copy_of
from gateway.privacy.erase import Erased, StillHere, erase
from gateway.privacy.finding import Found, find
from gateway.privacy.holding import DataClass
from gateway.privacy.kinds import CHECK_IN, CONSENT, DOSSIER
from gateway.privacy.notice import purposes, standing, withdraw
from gateway.privacy.purge import days_kept, reports
from gateway.staff.accounts import Account, Role
from gateway.store.database import Transaction
from gateway.web.keeper_pages import keeper_texts, only, render
from gateway.web.record import Reader, known_names
from gateway.web.staff import TheLanguage, same_site
from gateway.web.texts import LANGUAGES

router = APIRouter(prefix="/staff/data", tags=["data officer"], include_in_schema=False)

TheOfficer = Annotated[Account, Depends(only(Role.DATA_OFFICER))]
Asked = Annotated[str, Form(max_length=200)]
Reason = Annotated[str, Form(max_length=400)]
_OURS = [Depends(same_site)]


@router.get("")
def find_page(who: TheOfficer, language: TheLanguage = None) -> HTMLResponse:
    """Where a search begins."""
    return render("keeper_find.html", language, account=who, tab="find")


@router.post("/find", dependencies=_OURS)
def found_page(house: TheHouse, who: TheOfficer, asked: Asked, language: TheLanguage = None) -> HTMLResponse:
    """What there is, without telling who."""
    with house.store.read() as transaction:
        found = find(house, transaction, asked)
    return _found(house, language, who, asked, found)


@router.post("/open", dependencies=_OURS)
def open_page(
    house: TheHouse, who: TheOfficer, asked: Asked, reason: Reason = "", language: TheLanguage = None
) -> HTMLResponse:
    """Everything held, opened, once the reason is written down."""
    try:
        found, rows = _opened(house, who, asked, reason, Action.OPENED)
    except NoReason:
        return _refused(house, language, who, asked, "keeper.reason.needed")
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    with house.store.read() as transaction:
        reader = Reader(keeper_texts(chosen), known_names(house, transaction, chosen))
        entries = [entry for id in _records(found) for entry in access.entries(house, transaction, record=id, limit=20)]
    parts = [(name, [reader.read(name, row) for row in each]) for name, each in rows.items()]
    return render(
        "keeper_record.html", language, account=who, tab="find", asked=asked, found=found, parts=parts, entries=entries
    )


@router.post("/copy", dependencies=_OURS)
def copy(house: TheHouse, who: TheOfficer, asked: Asked, reason: Reason = "", language: TheLanguage = None) -> Response:
    """The same as a file to hand over."""
    try:
        _found_rows, rows = _opened(house, who, asked, reason, Action.EXPORTED)
    except NoReason:
        return _refused(house, language, who, asked, "keeper.reason.needed")
    name = f"tram-{day_of(house.now()):%Y%m%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_json(house, rows, who.name), media_type="application/json", headers=headers)


@router.post("/erase", dependencies=_OURS)
def erase_page(
    house: TheHouse,
    who: TheOfficer,
    asked: Asked,
    reason: Reason = "",
    sure: Annotated[str, Form()] = "",
    language: TheLanguage = None,
) -> HTMLResponse:
    """Erase what the law does not keep, and say what stays and why."""
    if sure != "yes":
        return _refused(house, language, who, asked, "keeper.erase.sure.needed")
    try:
        with house.store.write() as transaction:
            found = find(house, transaction, asked)
            _note(house, transaction, who, found, Action.ERASED, reason)
            done: tuple[Erased, ...] = erase(house, transaction, found)
    except NoReason:
        return _refused(house, language, who, asked, "keeper.reason.needed")
    except StillHere:
        return _refused(house, language, who, asked, "keeper.erase.still")
    return render("keeper_erased.html", language, account=who, tab="find", done=done)


@router.post("/withdraw", dependencies=_OURS)
def withdraw_page(
    house: TheHouse, who: TheOfficer, asked: Asked, purpose: Asked, reason: Reason = "", language: TheLanguage = None
) -> HTMLResponse:
    """Take a consent back: told at the desk, written down, both stay proven."""
    try:
        with house.store.write() as transaction:
            found = find(house, transaction, asked)
            _note(house, transaction, who, found, Action.CONSENT_WITHDRAWN, reason)
            withdraw(house, transaction, who.name, found.subject.records.get(CONSENT, ()), purpose)
    except NoReason:
        return _refused(house, language, who, asked, "keeper.reason.needed")
    return _found(house, language, who, asked, found)


@router.get("/log")
def log_page(house: TheHouse, who: TheOfficer, language: TheLanguage = None) -> HTMLResponse:
    """Who looked, and why."""
    with house.store.read() as transaction:
        entries = access.entries(house, transaction)
    return render("keeper_log.html", language, account=who, tab="log", entries=entries)


@router.get("/kept")
def kept_page(house: TheHouse, who: TheOfficer, language: TheLanguage = None) -> HTMLResponse:
    """What is held, how long, and what the purges did."""
    with house.store.read() as transaction:
        done = reports(transaction)
    retention = house.settings.privacy.retention
    return render(
        "keeper_kept.html",
        language,
        account=who,
        tab="kept",
        classes=[(each, days_kept(retention, each)) for each in DataClass],
        holdings=[holdings.HOLDINGS[name] for name in sorted(holdings.HOLDINGS)],
        reports=done,
    )


def _opened(house: House, who: Account, asked: str, reason: str, action: Action) -> tuple[Found, Rows]:
    with house.store.write() as transaction:
        found = find(house, transaction, asked)
        _note(house, transaction, who, found, action, reason)
        return found, copy_of(house, transaction, found)


def _note(house: House, transaction: Transaction, who: Account, found: Found, action: Action, reason: str) -> None:
    """One line for each visit; one line when a person is asked about who has none."""
    dossiers = found.subject.records.get(DOSSIER, ())
    for id in _records(found) or ("-",):
        kind = DOSSIER if id in dossiers else CHECK_IN
        access.note(house, transaction, who.name, action, kind, id, reason)


def _records(found: Found) -> tuple[str, ...]:
    records = found.subject.records
    return (*records.get(CHECK_IN, ()), *records.get(DOSSIER, ()), *found.companion_of)


def _found(
    house: House, language: str | None, who: Account, asked: str, found: Found, fault: str = "", status: int = 200
) -> HTMLResponse:
    with house.store.read() as transaction:
        given = standing(transaction, found.subject.records.get(CONSENT, ()))
        names = purposes(transaction, english=language == "en")
    return render(
        "keeper_find.html",
        language,
        status=status,
        account=who,
        tab="find",
        asked=asked,
        found=found,
        searched=True,
        consents=[(each, names.get(each, "")) for each in given],
        fault=fault,
    )


def _refused(house: House, language: str | None, who: Account, asked: str, fault: str) -> HTMLResponse:
    with house.store.read() as transaction:
        found = find(house, transaction, asked)
    return _found(house, language, who, asked, found, fault, 422)
