"""The cashier's page of money: tasks, refunds with four eyes, codes confirmed by hand, the report of a day."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field
from sse_starlette.sse import EventSourceResponse

from gateway.api.deps import TheHouse
from gateway.clock import day_of
from gateway.figures.table import BOM
from gateway.house import House
from gateway.payments import duties, refunds
from gateway.payments.report import Report, Standing, report, write_csv
from gateway.payments.tasks import MONEY_TOPIC
from gateway.problems import Refused
from gateway.staff import money
from gateway.staff.money import Came, MoneyPage
from gateway.web.cashier import TheCashier
from gateway.web.console import follow
from gateway.web.staff import TheLanguage, TheToken, render, same_site
from gateway.web.texts import texts

router = APIRouter(prefix="/staff/money", tags=["cashier"], include_in_schema=False)


class Reason(BaseModel):
    """Why money goes back."""

    reason: str = Field(min_length=3, max_length=400)


class Evidence(BaseModel):
    """The bank's reference of the transfer back, or the voucher's number."""

    evidence: str = Field(min_length=3, max_length=200)


class BillNumber(BaseModel):
    """A bill's number as on its paper."""

    bill: str = Field(min_length=3, max_length=40)


class ReportLine(BaseModel):
    """One movement of a day's report."""

    standing: Standing
    account: str
    provider: str
    transaction: str
    at: str
    ours: int | None
    theirs: int | None
    bill: str


class DayReport(BaseModel):
    """A day's report for the page."""

    day: date
    counts: dict[str, int]
    unreached: list[str]
    lines: list[ReportLine]


@router.get("")
def page(who: TheCashier, house: TheHouse, language: TheLanguage = None) -> HTMLResponse:
    """The page; its script fills it."""
    return render("money.html", language, account=who, script="money", today=day_of(house.now()).isoformat())


@router.get("/state")
def state(house: TheHouse, who: TheCashier) -> MoneyPage:
    """The page as JSON."""
    return _read(house, who.name)


@router.get("/events")
async def events(house: TheHouse, who: TheCashier, token: TheToken = None) -> EventSourceResponse:
    """The page whenever anything changed."""
    return follow(house, token, house.bus.subscribe(MONEY_TOPIC), lambda: _read(house, who.name))


@router.get("/report")
async def day_report(house: TheHouse, _who: TheCashier, day: Annotated[date | None, Query()] = None) -> DayReport:
    """A day against the providers' lists; yesterday's by default."""
    made = await report(house, day or day_of(house.now()) - timedelta(days=1))
    return _shown(house, made)


@router.get("/report.csv")
async def day_csv(
    house: TheHouse, _who: TheCashier, day: Annotated[date, Query()], language: TheLanguage = None
) -> Response:
    """The same as a file, in the words of the page."""
    out = io.StringIO(BOM)
    out.seek(0, io.SEEK_END)
    write_csv((await report(house, day)).lines, out, texts(language or ""))
    headers = {"Content-Disposition": f'attachment; filename="doi-soat-{day.isoformat()}.csv"'}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/tasks/{id}/refund", status_code=204, dependencies=[Depends(same_site)])
def ask_refund(house: TheHouse, who: TheCashier, id: str, why: Annotated[Reason, Body()]) -> None:
    """Its money shall go back."""
    with house.store.write() as transaction:
        refunds.request(house, transaction, id, who.name, why.reason)


@router.post("/tasks/{id}/nothing-came", status_code=204, dependencies=[Depends(same_site)])
def nothing_came(house: TheHouse, who: TheCashier, id: str) -> None:
    """A claim without money."""
    with house.store.write() as transaction:
        money.nothing_came(house, transaction, id, who.name)


@router.post("/tasks/{id}/rest", status_code=204, dependencies=[Depends(same_site)])
def rest(house: TheHouse, who: TheCashier, id: str) -> None:
    """What is missing was paid in cash."""
    with house.store.write() as transaction:
        money.rest_at_desk(house, transaction, id, who.name)


@router.post("/tasks/{id}/bill", status_code=204, dependencies=[Depends(same_site)])
def to_bill(house: TheHouse, who: TheCashier, id: str, named: Annotated[BillNumber, Body()]) -> None:
    """Orphan money is a bill's."""
    with house.store.write() as transaction:
        money.give_to_bill(house, transaction, id, named.bill, who.name)


@router.post("/tasks/{id}/charged", status_code=204, dependencies=[Depends(same_site)])
def charged(house: TheHouse, who: TheCashier, id: str, seen: Annotated[Came, Body()]) -> None:
    """The terminal did charge."""
    with house.store.write() as transaction:
        money.card_charged(house, transaction, id, seen, who.name)


@router.post("/tasks/{id}/not-charged", status_code=204, dependencies=[Depends(same_site)])
def not_charged(house: TheHouse, who: TheCashier, id: str) -> None:
    """The terminal did not."""
    with house.store.write() as transaction:
        money.card_charged(house, transaction, id, None, who.name)


@router.post("/tasks/{id}/explained", status_code=204, dependencies=[Depends(same_site)])
def explained(house: TheHouse, who: TheCashier, id: str) -> None:
    """A difference somebody looked into."""
    with house.store.write() as transaction:
        money.explained(house, transaction, id, who.name)


@router.post("/tasks/{id}/by-hand", status_code=204, dependencies=[Depends(same_site)])
def entered_by_hand(house: TheHouse, who: TheCashier, id: str) -> None:
    """A hand-over that was refused: a person entered it there."""
    with house.store.write() as transaction:
        money.entered_by_hand(house, transaction, id, who.name)


@router.post("/tasks/{id}/to-payer", status_code=204, dependencies=[Depends(same_site)])
def back_to_payer(house: TheHouse, who: TheCashier, id: str) -> None:
    """A hand-over that was refused: the money goes back."""
    with house.store.write() as transaction:
        money.back_to_payer(house, transaction, id, who.name)


@router.post("/intents/{id}/came", status_code=204, dependencies=[Depends(same_site)])
def came(house: TheHouse, _who: TheCashier, id: str, seen: Annotated[Came, Body()]) -> None:
    """A person saw the money on the account."""
    with house.store.write() as transaction:
        money.came(house, transaction, id, seen)


@router.post("/refunds/{id}/approve", status_code=204, dependencies=[Depends(same_site)])
def approve(house: TheHouse, who: TheCashier, id: str) -> None:
    """Another person agrees."""
    with house.store.write() as transaction:
        refunds.decide(house, transaction, id, who.name, approve=True)


@router.post("/refunds/{id}/refuse", status_code=204, dependencies=[Depends(same_site)])
def refuse(house: TheHouse, who: TheCashier, id: str) -> None:
    """Another person does not."""
    with house.store.write() as transaction:
        refunds.decide(house, transaction, id, who.name, approve=False)


@router.post("/refunds/{id}/done", status_code=204, dependencies=[Depends(same_site)])
def done(house: TheHouse, who: TheCashier, id: str, proof: Annotated[Evidence, Body()]) -> None:
    """The money is back."""
    with house.store.write() as transaction:
        duties.done_by_hand(house, transaction, id, who.name, proof.evidence)


@router.post("/refunds/{id}/on-terminal", status_code=204, dependencies=[Depends(same_site)])
def on_terminal(house: TheHouse, who: TheCashier, id: str) -> None:
    """The card terminal that took it shall take it back."""
    with house.store.write() as transaction:
        duties.ask_reversal(house, transaction, id, who.name)


@router.post("/close-batches", status_code=204, dependencies=[Depends(same_site)])
def close_batches(house: TheHouse, who: TheCashier) -> None:
    """Every card terminal that charged something shall close its batch."""
    with house.store.write() as transaction:
        if not duties.ask_closing(house, transaction, who.name):
            raise Refused(409, "No terminal charged anything since its last closing")


def _read(house: House, who: str) -> MoneyPage:
    with house.store.read() as transaction:
        return money.page(house, transaction, who)


def _shown(house: House, made: Report) -> DayReport:
    lines = [
        ReportLine(
            standing=line.standing,
            account=line.account_id,
            provider=line.provider,
            transaction=line.id,
            at=line.at.isoformat(),
            ours=line.ours,
            theirs=line.theirs,
            bill=line.bill,
        )
        for line in made.lines
    ]
    counts = {standing.value: made.count(standing) for standing in Standing}
    return DayReport(day=made.day, counts=counts, unreached=_names(house, made.unreached), lines=lines)


def _names(house: House, account_ids: tuple[str, ...]) -> list[str]:
    """Accounts as people know them: whose they are, and the last four digits."""
    known = [house.settings.account(id) for id in account_ids]
    found = [f"{one.name or house.settings.place.name} •••• {one.account[-4:]}" for one in known if one is not None]
    return found + [id for id, one in zip(account_ids, known, strict=True) if one is None]
