"""The reception's pages: what came, one dossier with its papers, the officer's decision, the forms to print."""

from __future__ import annotations

import tomllib
import unicodedata
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape
from sqlalchemy import RowMapping, func, or_, select
from starlette.concurrency import run_in_threadpool

from gateway.api.deps import TheHouse
from gateway.clock import PLACE, day_of
from gateway.house import House
from gateway.one_stop import reception
from gateway.one_stop.answers import ShownSection, shown_answers
from gateway.one_stop.centre import Centre
from gateway.one_stop.errands import numbers_of
from gateway.one_stop.failures import OneStopRefused, OneStopUnavailable
from gateway.one_stop.following import look_up_code, one
from gateway.one_stop.keeping import ToldState, as_answer, by_id, centre_of, filing_of, judged, opened, parts_of
from gateway.one_stop.reception import Act, Decision
from gateway.privacy import access
from gateway.privacy.kinds import DOSSIER
from gateway.problems import Refused
from gateway.staff.accounts import Account, Role
from gateway.store.database import Transaction
from gateway.store.tables import one_stop_dossiers, one_stop_parts, tickets
from gateway.web.barcode import barcode_path, barcode_size
from gateway.web.codes import qr_path, qr_size
from gateway.web.keeper_pages import moment, only
from gateway.web.staff import TheLanguage, same_site
from gateway.web.texts import LANGUAGES
from services.contract.one_stop import DossierState, DossierStatus, Filing, ReturnBy

router = APIRouter(prefix="/staff/reception", tags=["reception"], include_in_schema=False)

TheOfficer = Annotated[Account, Depends(only(Role.OFFICER, Role.SUPERVISOR))]

LINES = 60

_LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"
_pages = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=select_autoescape(default=True)
)

_WAITING = (DossierStatus.NEW, DossierStatus.SUPPLEMENT, DossierStatus.DONE)
"""What an officer has to do something about, in this order."""


@cache
def words(language: str) -> dict[str, str]:
    """Every text of these pages."""
    content = tomllib.loads((_LOCALES / language / "reception.toml").read_text(encoding="utf-8"))
    return {key: unicodedata.normalize("NFC", str(text)) for key, text in content.items()}


def hour(value: datetime | None) -> str:
    """As the forms write a time: "08 giờ 16 phút, ngày 23 tháng 11 năm 2026"."""
    if value is None:
        return ""
    here = value.astimezone(PLACE)
    return f"{here:%H} giờ {here:%M} phút, ngày {here:%d} tháng {here:%m} năm {here:%Y}"


def long_day(value: datetime) -> str:
    """As the head of a form writes it: "ngày 23 tháng 11 năm 2026"."""
    here = value.astimezone(PLACE)
    return f"ngày {here:%d} tháng {here:%m} năm {here:%Y}"


def born(iso: str | None) -> str:
    """A birth date as people write it: 04/07/1988, or as much of it as is known."""
    return "/".join(reversed((iso or "").split("-")))


_pages.filters["moment"] = moment
_pages.filters["hour"] = hour
_pages.filters["born"] = born
_pages.filters["qr_path"] = qr_path
_pages.filters["qr_size"] = qr_size
_pages.filters["barcode_path"] = barcode_path
_pages.filters["barcode_size"] = barcode_size
_pages.filters["longday"] = long_day


@router.get("")
def page(house: TheHouse, who: TheOfficer, asked: str = "", language: TheLanguage = None) -> HTMLResponse:
    """What waits, without names; or what fits what was typed or scanned."""
    centre = centre_of(house)
    with house.store.read() as transaction:
        rows = _search(house, transaction, asked.strip()) if asked.strip() else _waiting(transaction)
        counts = _counts(transaction)
        numbers = numbers_of(transaction, rows)
        late = {row["id"] for row in rows if _late(house, transaction, row)}
    lines = [(row, _short(centre, row), numbers.get(row["id"], "")) for row in rows]
    groups = [
        (status, counts.get(int(status), 0), [line for line in lines if line[0]["status"] == status])
        for status in _WAITING
    ]
    return render(
        "reception.html",
        language,
        account=who,
        asked=asked,
        groups=groups,
        found=lines if asked.strip() else None,
        names=centre.statuses.names,
        late=late,
    )


@router.get("/{id}")
def dossier(house: TheHouse, who: TheOfficer, id: str, language: TheLanguage = None) -> HTMLResponse:
    """One dossier with everything; who opened it is written down first."""
    return _dossier(house, who, id, language)


@router.post("/{id}/decide", dependencies=[Depends(same_site)])
async def decide(
    house: TheHouse,
    who: TheOfficer,
    id: str,
    act: Annotated[Act, Form()],
    sets: Annotated[int, Form(ge=1, le=20)] = 1,
    verify: Annotated[str, Form()] = "",
    items: Annotated[str, Form(max_length=4000)] = "",
    until: Annotated[str, Form(max_length=10)] = "",
    due: Annotated[str, Form(max_length=10)] = "",
    reason: Annotated[str, Form(max_length=1000)] = "",
    guidance: Annotated[str, Form(max_length=1000)] = "",
    return_by: Annotated[ReturnBy | None, Form()] = None,
    language: TheLanguage = None,
) -> Response:
    """The officer's decision; then the page with the form to print."""
    centre = centre_of(house)
    decision = Decision(
        act,
        sets=sets,
        to_verify=bool(verify),
        items=tuple(line.strip()[:400] for line in items.splitlines() if line.strip())[:30],
        until=_end_of(centre, until),
        due=_end_of(centre, due),
        reason=reason,
        guidance=guidance,
        return_by=return_by,
    )
    try:
        await reception.decide(house, id, who.name, decision)
    except Refused as error:
        key = {404: "gone", 409: "moved", 422: "incomplete"}.get(error.status, "silent")
        return await run_in_threadpool(_dossier, house, who, id, language, key, error.status)
    return RedirectResponse(f"/staff/reception/{id}", 303)


@router.get("/{id}/files/{file}")
async def file(house: TheHouse, who: TheOfficer, id: str, file: str) -> Response:
    """A paper, from the authority's system."""
    centre = centre_of(house)
    known = await run_in_threadpool(_files, house, who, id)
    if centre.system is None or file not in known:
        raise Refused(404, "There is no such document")
    try:
        content = await centre.system.download(file)
    except (OneStopUnavailable, OneStopRefused) as error:
        raise Refused(424, "The one-stop system does not give it") from error
    headers = {"Content-Disposition": 'inline; filename="giay-to.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/{id}/forms/{act}")
def form(house: TheHouse, who: TheOfficer, id: str, act: str) -> HTMLResponse:
    """A form of the law, in Vietnamese, two copies; there is none before its act."""
    with house.store.write() as transaction:
        if act not in {row["id"] for row in reception.acts_of(transaction, id)}:
            raise Refused(404, "There is no such form")
        access.note(house, transaction, who.name, access.Action.OPENED, DOSSIER, id, "in biểu mẫu của hồ sơ")
        data = reception.form_of(house, transaction, act)
    if data is None:
        raise Refused(404, "There is no such form")
    return render("reception_form.html", "vi", form=data, demo=house.settings.demo)


def _dossier(
    house: House, who: Account, id: str, language: str | None, fault: str = "", status: int = 200
) -> HTMLResponse:
    centre = centre_of(house)
    with house.store.write() as transaction:
        row = by_id(transaction, id)
        if row is None:
            raise Refused(404, "There is no such dossier")
        reason = f"tiếp nhận hồ sơ {row['sending_code']}"
        access.note(house, transaction, who.name, access.Action.OPENED, DOSSIER, id, reason)
    with house.store.read() as transaction:
        parts = parts_of(transaction, id)
        told = as_answer(house, transaction, row)
        acts = reception.acts_of(transaction, id)
        number = numbers_of(transaction, [row]).get(id, "")
    filing = filing_of(house, row)
    dates = None
    if filing is not None and row["accepted_at"] is None and row["state"] == DossierState.FILED.value:
        dates = (
            reception.appointment(centre, row, filing, parts, house.now(), to_verify=False).whole,
            reception.appointment(centre, row, filing, parts, house.now(), to_verify=True).whole,
        )
    files = () if row["stripped"] else opened(house, row, "sealed_told", ToldState).files
    can = reception.possible(centre, row, parts, acts) if row["state"] == DossierState.FILED.value else ()
    return render(
        "reception_dossier.html",
        language,
        status=status,
        account=who,
        row=row,
        dossier=told,
        filing=filing,
        answers=() if filing is None else _answers(centre, row, filing, language),
        files=files,
        acts=acts,
        forms={act.value: form.value for act, form in reception.FORMS.items()},
        number=number,
        dates=dates,
        can=[act.value for act in can],
        until=reception.supplement_until(centre, house.now()),
        look_up=look_up_code(house, id) if row["accepted_at"] is not None else "",
        fault=fault,
        names=centre.statuses.names,
    )


def _answers(centre: Centre, row: RowMapping, filing: Filing, language: str | None) -> tuple[ShownSection, ...]:
    procedure = centre.procedure(row["procedure"], day_of(row["filed_at"]))
    return shown_answers(procedure, filing, english=language == "en")


def _files(house: House, who: Account, id: str) -> set[str]:
    with house.store.write() as transaction:
        row = by_id(transaction, id)
        if row is None or row["stripped"]:
            return set()
        access.note(house, transaction, who.name, access.Action.OPENED, DOSSIER, id, "xem giấy tờ của hồ sơ")
        return {file.id for file in opened(house, row, "sealed_told", ToldState).files}


def _waiting(transaction: Transaction) -> list[RowMapping]:
    """Of each status its own lines: results that nobody fetches hide no new dossier."""
    rows = one_stop_dossiers.c
    found = list[RowMapping]()
    for status in _WAITING:
        mine = rows.state == DossierState.FILED.value, rows.status == int(status)
        found += transaction.all(select(one_stop_dossiers).where(*mine).order_by(rows.filed_at).limit(LINES))
    return found


def _counts(transaction: Transaction) -> dict[int, int]:
    rows = one_stop_dossiers.c
    wanted = select(rows.status, func.count().label("count")).where(rows.state == DossierState.FILED.value)
    return {row["status"]: row["count"] for row in transaction.all(wanted.group_by(rows.status))}


def _late(house: House, transaction: Transaction, row: RowMapping) -> bool:
    due = judged(house, transaction, row) if row["finished_at"] is None and row["ended_at"] is None else None
    return due is not None and due < house.now()


def _search(house: House, transaction: Transaction, asked: str) -> list[RowMapping]:
    """By sending code, by dossier code, or by today's number at the counter."""
    row = one(house, transaction, None, asked, None)
    if row is not None:
        return [row]
    number = asked.upper().replace(" ", "")
    return transaction.all(
        select(one_stop_dossiers)
        .outerjoin(one_stop_parts, one_stop_parts.c.dossier_id == one_stop_dossiers.c.id)
        .outerjoin(tickets, tickets.c.check_in_id == one_stop_dossiers.c.check_in_id)
        .where(
            or_(
                one_stop_parts.c.number == number,
                (tickets.c.number == number) & (tickets.c.day == day_of(house.now())),
            )
        )
        .distinct()
        .limit(LINES)
    )


def _short(centre: Centre, row: RowMapping) -> str:
    procedure = centre.procedure(row["procedure"], day_of(row["filed_at"]))
    return row["procedure"] if procedure is None else procedure.short


def _end_of(centre: Centre, text: str) -> datetime | None:
    """The end of a day that a date field gave."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    worked = centre.calendar.halves(day)
    return datetime.combine(day, worked[-1].end if worked else time(17), PLACE)


def render(template: str, language: str | None, *, status: int = 200, **values: Any) -> HTMLResponse:
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    content = _pages.get_template(template).render(t=words(chosen), language=chosen, **values)
    return HTMLResponse(content, status)
