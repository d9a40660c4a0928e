"""Ratings: counted by week and service group, once for each dossier or ticket, and never kept as ratings.

What is left of one is a keyed hash that says "this was rated" and the week. Between the two tables nothing tells which
count somebody made: no officer, and nobody with the database alone. Small counts are not shown (docs/one-stop.md).
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import RowMapping, select

from gateway.clock import day_of
from gateway.house import House
from gateway.one_stop.keeping import centre_of
from gateway.store.database import Transaction
from gateway.store.tables import check_ins, one_stop_dossiers, one_stop_rated, one_stop_ratings, registrations, tickets
from services.contract.models import TicketStatus
from services.contract.one_stop import DossierStatus, Rateable, Rated, Rating

_RESULT = {int(DossierStatus.DONE), int(DossierStatus.RETURNED)}


def may_rate(house: House, transaction: Transaction, token: str) -> Rateable:
    """Whether what a slip's token names may be rated now."""
    dossier = transaction.one(select(one_stop_dossiers).where(one_stop_dossiers.c.token == token))
    if dossier is not None:
        procedure = centre_of(house).procedure(dossier["procedure"], day_of(dossier["filed_at"]))
        name, english = (dossier["procedure"], "") if procedure is None else (procedure.name, procedure.name_en)
        mourning = procedure is not None and procedure.mourning
        ready = dossier["status"] in _RESULT
    else:
        ticket = _ticket(transaction, token)
        clinic = None if ticket is None else house.clinics.get(ticket["clinic_id"])
        if ticket is None or clinic is None or clinic.group is None:
            return Rateable(token=None, reason="unknown")
        name, english, mourning = clinic.name, clinic.name_en, False
        ready = ticket["status"] == TicketStatus.DONE.value
    if not ready:
        return Rateable(token=None, name=name, name_en=english, mourning=mourning, reason="not-yet")
    if was_rated(house, transaction, token):
        return Rateable(token=None, name=name, name_en=english, mourning=mourning, reason="rated")
    return Rateable(token=token, name=name, name_en=english, mourning=mourning)


def rate(house: House, transaction: Transaction, rating: Rating) -> Rated:
    """Count it, once."""
    if may_rate(house, transaction, rating.token).token is None:
        return Rated(counted=False)
    week = week_of(day_of(house.now()))
    marked = transaction.insert(one_stop_rated).values(subject=_subject(house, rating.token), week=week)
    if not transaction.added(marked):
        return Rated(counted=False)
    group = _group(transaction, rating.token)
    _count(transaction, week, group, "level", str(rating.level))
    for reason in dict.fromkeys(rating.reasons):
        _count(transaction, week, group, "reason", reason.value)
    return Rated(counted=True)


def was_rated(house: House, transaction: Transaction, token: str) -> bool:
    """Whether this one was rated; not how."""
    mine = one_stop_rated.c.subject == _subject(house, token)
    return transaction.one(select(one_stop_rated.c.subject).where(mine)) is not None


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _subject(house: House, token: str) -> str:
    return house.vault.hash("rated", token)


def _group(transaction: Transaction, token: str) -> str:
    """What is rated: the counter's service group, or the dossier's procedures as a whole."""
    ticket = _ticket(transaction, token)
    return "dossiers" if ticket is None else str(ticket["clinic_id"])


def _count(transaction: Transaction, week: date, group: str, kind: str, value: str) -> None:
    row = transaction.insert(one_stop_ratings).values(week=week, group_id=group, kind=kind, value=value, count=1)
    keys = ["week", "group_id", "kind", "value"]
    transaction.execute(row.on_conflict_do_update(index_elements=keys, set_={"count": one_stop_ratings.c.count + 1}))


def _ticket(transaction: Transaction, token: str) -> RowMapping | None:
    return transaction.one(
        select(tickets.c.clinic_id, tickets.c.status)
        .join(check_ins, check_ins.c.id == tickets.c.check_in_id)
        .join(registrations, registrations.c.check_in_id == check_ins.c.id)
        .where(registrations.c.slip_token == token)
        .order_by(tickets.c.issued_at.desc())
        .limit(1)
    )
