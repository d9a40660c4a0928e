"""The cashier's page: bills of people who wait, money taken at the desk, numbers released before it is paid."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from sse_starlette.sse import EventSourceResponse

from gateway.api.deps import TheHouse
from gateway.house import House
from gateway.payments.tasks import MONEY_TOPIC
from gateway.queue.tickets import STAFF_TOPIC
from gateway.staff.accounts import Account, Role
from gateway.staff.cashier import Cashier, cashier, release, take_money
from gateway.web.console import follow
from gateway.web.staff import TheLanguage, TheToken, only, render, same_site

router = APIRouter(prefix="/staff", tags=["cashier"], include_in_schema=False)

TheCashier = Annotated[Account, Depends(only(Role.CASHIER, Role.SUPERVISOR))]


@router.get("/cashier")
def page(who: TheCashier, language: TheLanguage = None) -> HTMLResponse:
    """The page; its script fills it."""
    return render("cashier.html", language, account=who, script="cashier")


@router.get("/cashier/state")
def state(house: TheHouse, _who: TheCashier) -> Cashier:
    """The page as JSON."""
    return _read(house)


@router.get("/cashier/events")
async def events(house: TheHouse, _who: TheCashier, token: TheToken = None) -> EventSourceResponse:
    """The page whenever anything changed."""
    return follow(house, token, house.bus.subscribe(STAFF_TOPIC, MONEY_TOPIC), lambda: _read(house))


@router.post("/tickets/{id}/release", status_code=204, dependencies=[Depends(same_site)])
def let_go(house: TheHouse, who: TheCashier, id: str) -> None:
    """May be called before it is paid."""
    with house.store.write() as transaction:
        release(house, transaction, id, who.name)


@router.post("/bills/{id}/paid", status_code=204, dependencies=[Depends(same_site)])
def paid(house: TheHouse, who: TheCashier, id: str) -> None:
    """Paid at the desk."""
    with house.store.write() as transaction:
        take_money(house, transaction, id, who.name)


def _read(house: House) -> Cashier:
    with house.store.read() as transaction:
        return cashier(house, transaction)
