"""The end of a day: what was counted here against what the provider lists, movement by movement.

Making it changes nothing but what must never wait: money that the provider lists and nobody counted is counted at once,
and what was counted and is not listed, or listed with another amount, becomes a task.
"""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import TextIO

from sqlalchemy import RowMapping, or_, select
from starlette.concurrency import run_in_threadpool

from gateway.clock import PLACE
from gateway.house import House
from gateway.payments import duties
from gateway.payments.cards import PROVIDER as CARD
from gateway.payments.lines import MAIN
from gateway.payments.money import take
from gateway.payments.provider import BankNotifications, BankUnavailable, Money
from gateway.payments.tasks import TaskKind, open_task
from gateway.store.database import Transaction
from gateway.store.tables import bank_transactions, bills, cashier_tasks, payment_intents

BATCH = "card-batch"
"""The line of a card terminal's closed batch; its purchases stand beside it, each by itself."""
BY_PERSON = {CARD, "cashier", "desk"}
"""Providers that keep no list: the cashier's book is compared by hand, a terminal's purchases by its batch."""


class Standing(Enum):
    """How one movement stands."""

    MATCHED = "matched"
    MISSING_HERE = "missing-here"
    MISSING_THERE = "missing-there"
    DIFFERENT = "different"
    NOT_LISTED = "not-listed"
    """Its provider keeps no list."""


@dataclass(frozen=True)
class Line:
    """One movement. Amounts in đồng; None where a side does not have it."""

    standing: Standing
    account_id: str
    provider: str
    id: str
    at: datetime
    ours: int | None
    theirs: int | None
    bill: str


@dataclass(frozen=True)
class Report:
    """One day. `unreached`: accounts whose provider did not answer: nothing is said of those."""

    day: date
    lines: tuple[Line, ...]
    unreached: tuple[str, ...] = ()

    def count(self, standing: Standing) -> int:
        """How many movements stand so."""
        return sum(line.standing is standing for line in self.lines)

    @property
    def agrees(self) -> bool:
        """Whether every movement is the same on both sides."""
        return not any(self.count(each) for each in _DIFFERENCES)


_DIFFERENCES = (Standing.MISSING_HERE, Standing.MISSING_THERE, Standing.DIFFERENT)


async def report(house: House, day: date) -> Report:
    """Compare one day of the place, every account."""
    start = datetime.combine(day, time(), PLACE)
    lines: list[Line] = []
    unreached: list[str] = []
    for account_id, bank in house.banks.items():
        try:
            listed = await _listed(house, account_id, bank, start)
        except BankUnavailable:
            unreached.append(account_id)
            continue
        lines += await run_in_threadpool(_compare, house, account_id, bank, start, listed)
    lines += await run_in_threadpool(_batches, house, start)
    lines.sort(key=lambda line: (line.at, line.id))
    return Report(day, tuple(lines), tuple(unreached))


async def _listed(house: House, account_id: str, bank: BankNotifications, start: datetime) -> list[Money]:
    """What the provider has of that day. Raises BankUnavailable."""
    end = start + timedelta(days=1)
    if bank.orders is None:
        found = await bank.movements_since(start) if bank.lists else []
    else:
        codes = await run_in_threadpool(_orders_around, house, account_id, start)
        states = [await bank.orders.look_up(code) for code in codes]
        found = [money for state in states if state is not None for money in state.money]
    account = house.settings.account(account_id)
    number = "" if account is None else account.account
    return [money for money in found if money.incoming and money.account == number and start <= money.at < end]


def _batches(house: House, start: datetime) -> list[Line]:
    """Card terminals keep no list, but a closed batch says its sum: purchases less what was taken back."""
    with house.store.read() as transaction:
        found = duties.batches(transaction, start)
    return [
        Line(
            Standing.NOT_LISTED if each.theirs is None else
            Standing.MATCHED if each.theirs == each.ours else Standing.DIFFERENT,
            MAIN,
            BATCH,
            f"{each.kiosk}-{each.service_id}",
            each.closed_at or each.asked_at,
            each.ours,
            each.theirs,
            "",
        )
        for each in found
    ]  # fmt: skip


def _orders_around(house: House, account_id: str, start: datetime) -> list[int]:
    """Orders that may have got money on that day: made up to a day before."""
    mine = payment_intents.c.account_id == account_id, payment_intents.c.order_code.is_not(None)
    made = payment_intents.c.created_at.between(start - timedelta(days=1), start + timedelta(days=1))
    with house.store.read() as transaction:
        rows = transaction.all(select(payment_intents.c.order_code).where(*mine, made))
    return [row["order_code"] for row in rows]


def _compare(
    house: House, account_id: str, bank: BankNotifications, start: datetime, listed: list[Money]
) -> list[Line]:
    theirs = {money.id: money for money in listed}
    with house.store.write() as transaction:
        counted = _counted(transaction, account_id, start, bank.name, list(theirs))
        lines = [_line(house, transaction, account_id, bank, row, theirs) for row in counted]
        known = {row["provider_id"] for row in counted if row["provider"] == bank.name}
        for id, money in theirs.items():
            if id not in known:
                take(house, transaction, money, "report", account_id)
                bill = _bill_of(transaction, money)
                lines.append(Line(Standing.MISSING_HERE, account_id, bank.name, id, money.at, None, money.amount, bill))
    return lines


def _counted(
    transaction: Transaction, account_id: str, start: datetime, provider: str, ids: list[str]
) -> list[RowMapping]:
    """What was counted of that day, and whatever of the provider's list was counted under another day."""
    moves = bank_transactions.c
    of_day = moves.at.between(start, start + timedelta(days=1) - timedelta(microseconds=1))
    listed = (moves.provider == provider) & moves.provider_id.in_(ids[:5000])
    return transaction.all(
        select(bank_transactions, bills.c.number)
        .outerjoin(payment_intents, payment_intents.c.id == moves.intent_id)
        .outerjoin(bills, bills.c.id == payment_intents.c.bill_id)
        .where(moves.account_id == account_id, or_(of_day, listed))
    )


def _line(
    house: House,
    transaction: Transaction,
    account_id: str,
    bank: BankNotifications,
    row: RowMapping,
    theirs: dict[str, Money],
) -> Line:
    provider, id = row["provider"], row["provider_id"]
    money = theirs.get(id) if provider == bank.name else None
    if provider in BY_PERSON or provider != bank.name:
        standing = Standing.NOT_LISTED
    elif money is None:
        standing = Standing.MISSING_THERE
        _ask(house, transaction, TaskKind.MISSING, row, row["amount"])
    elif money.amount != row["amount"]:
        standing = Standing.DIFFERENT
        _ask(house, transaction, TaskKind.DIFFERENT, row, money.amount)
    else:
        standing = Standing.MATCHED
    return Line(
        standing,
        account_id,
        provider,
        id,
        row["at"],
        row["amount"],
        None if money is None else money.amount,
        row["number"] or "",
    )


def _ask(house: House, transaction: Transaction, kind: TaskKind, row: RowMapping, amount: int) -> None:
    """One task for one movement, however often the report is made."""
    mine = cashier_tasks.c.provider == row["provider"], cashier_tasks.c.transaction_id == row["provider_id"]
    if transaction.one(select(cashier_tasks.c.id).where(*mine, cashier_tasks.c.kind == kind.value)) is None:
        named = row["provider"], row["provider_id"]
        open_task(transaction, kind, row["intent_id"], named, amount, house.now())


def _bill_of(transaction: Transaction, money: Money) -> str:
    row = transaction.one(
        select(bills.c.number)
        .join(payment_intents, payment_intents.c.bill_id == bills.c.id)
        .join(bank_transactions, bank_transactions.c.intent_id == payment_intents.c.id)
        .where(bank_transactions.c.provider == money.provider, bank_transactions.c.provider_id == money.id)
    )
    return "" if row is None else str(row["number"])


COLUMNS = ("standing", "account", "provider", "transaction", "time", "counted_here", "listed_there", "bill")


_WORDS = ("standing", "account", "provider", "transaction", "time", "ours", "theirs", "bill")
"""Of the page, for each column."""


def write_csv(lines: Iterable[Line], out: TextIO, words: Mapping[str, str] | None = None) -> None:
    """Comma-separated, with a head; times of the place. `words`: those of the page, else names for programs."""
    words = words or {}
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([words.get(f"money.{id}", name) for id, name in zip(_WORDS, COLUMNS, strict=True)])
    for line in lines:
        at = line.at.astimezone(PLACE).strftime("%Y-%m-%d %H:%M:%S")
        writer.writerow(
            (
                words.get(f"money.is.{line.standing.value}", line.standing.value),
                line.account_id,
                words.get(f"money.provider.{line.provider}", line.provider),
                _as_text(line.id),
                at,
                line.ours,
                line.theirs,
                line.bill,
            )
        )


def _as_text(value: str) -> str:
    """A provider's text that a spreadsheet would take for a formula is marked as text."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@"} else value


def made_now(house: House, day: date) -> Report:
    """The report for a command line."""

    async def made() -> Report:
        try:
            return await report(house, day)
        finally:
            for bank in house.banks.values():
                await bank.close()

    return asyncio.run(made())
