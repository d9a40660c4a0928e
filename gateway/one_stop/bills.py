"""Bills of dossiers: what the authority's system asks money for, paid by code like any bill, and told to it once.

A dossier may be asked money more than once: each demand is a bill of its own ("dossier.01", "dossier.02"). There is no
next one before the system has taken the payment of the last, or took the money itself: an answer of before that says
nothing about it, and nobody pays twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import RowMapping, select
from starlette.concurrency import run_in_threadpool

from gateway.clock import day_of
from gateway.house import House
from gateway.one_stop.centre import Centre
from gateway.one_stop.failures import OneStopRefused, OneStopUnavailable
from gateway.one_stop.keeping import SOURCE, Fee, bills_of, by_id, centre_of, fee_line, fee_of, parts_of, set_dossier
from gateway.one_stop.statuses import UnknownStatus
from gateway.one_stop.system import Payment, System, Taken, Told, ToldReceipt, Transfer
from gateway.payments.bills import ELSEWHERE, HERE, PAID_BILL, gone, keep, locked_bill
from gateway.payments.errands import ErrandKind, ErrandState
from gateway.payments.lines import details_of
from gateway.payments.sources import HandedOver, PaidBill, Payer, SourceBill, SourceRefused, SourceUnavailable
from gateway.store.database import Transaction
from gateway.store.tables import one_stop_dossiers, payment_errands
from services.contract.models import BillKind, BillStatus, EInvoice, EInvoiceKind
from services.contract.one_stop import DossierState

NEWEST = 20
"""Dossiers of one person that are asked about."""


@dataclass(frozen=True)
class Demands:
    """What the system said about the money for one dossier: each line, and whether it is paid. `at`: when asked."""

    lines: tuple[tuple[Fee, bool], ...]
    at: datetime

    @classmethod
    def of(cls, centre: Centre, parts: Sequence[RowMapping], told: Mapping[str, Told], at: datetime) -> Demands:
        """`told` by number. A part that is over asks for nothing any more."""
        lines = list[tuple[Fee, bool]]()
        for part in parts:
            one = told.get(part["number"] or "")
            fees = () if one is None else one.fees
            over = one is not None and _over(centre, one.word)
            lines += [(fee_of(part["part"], fee), fee.paid) for fee in fees if fee.paid or not over]
        return cls(tuple(lines), at)

    @property
    def unpaid(self) -> tuple[Fee, ...]:
        """What is still asked for."""
        return tuple(fee for fee, paid in self.lines if not paid and fee.amount)

    @property
    def paid(self) -> Counter[tuple[str, int]]:
        """What the system has its money for."""
        return Counter((f"{fee.part}:{fee.id}", fee.amount) for fee, paid in self.lines if paid)


def _over(centre: Centre, word: str) -> bool:
    try:
        return centre.statuses.over(centre.statuses.meaning(word))
    except UnknownStatus:
        return False


def take(house: House, transaction: Transaction, row: RowMapping, told: Mapping[str, Told], at: datetime) -> None:
    """Keep the dossier's bill as the system tells it, so that it can be paid; one that is gone ends."""
    parts = parts_of(transaction, row["id"])
    if any(part["number"] is not None and part["number"] not in told for part in parts):
        return
    demands = Demands.of(centre_of(house), parts, told, at)
    before = bills_of(transaction, row["id"])
    if not before and not demands.unpaid:
        return
    bill = bill_now(house, transaction, row, demands)
    if bill is not None:
        keep(house, transaction, SOURCE, bill, None)
    elif before and (held := locked_bill(transaction, before[-1]["id"])) is not None:
        gone(house, transaction, held)


def bill_now(house: House, transaction: Transaction, row: RowMapping, demands: Demands) -> SourceBill | None:
    """The dossier's bill: the open demand, or the last one that was paid; None when nothing is asked for."""
    before = bills_of(transaction, row["id"])
    last = before[-1] if before else None
    unpaid = demands.unpaid
    if last is None or (unpaid and _settled(house, transaction, last, demands)):
        return _demand(house, transaction, row, len(before) + 1, unpaid) if unpaid else None
    if last["status"] == PAID_BILL:
        return _as_kept(house, last, BillStatus.PAID)
    if unpaid:
        return _demand(house, transaction, row, len(before), unpaid)
    paid_before = Counter[tuple[str, int]]()
    for bill in before[:-1]:
        paid_before += _lines_of(house, bill) if bill["status"] == PAID_BILL else Counter()
    return _as_kept(house, last, BillStatus.PAID) if _lines_of(house, last) <= demands.paid - paid_before else None


def _settled(house: House, transaction: Transaction, bill: RowMapping, demands: Demands) -> bool:
    """Whether the answer was given after the system knew that the bill is paid."""
    if bill["status"] != PAID_BILL:
        return False
    if bill["paid_where"] == ELSEWHERE:
        return bill["paid_at"] is not None and bill["paid_at"] < demands.at
    if bill["paid_where"] != HERE:
        return _lines_of(house, bill) <= demands.paid
    mine = payment_errands.c.kind == ErrandKind.HAND_OVER.value, payment_errands.c.target == bill["id"]
    done = payment_errands.c.state == ErrandState.DONE.value, payment_errands.c.done_at < demands.at
    return transaction.one(select(payment_errands.c.id).where(*mine, *done)) is not None


def _lines_of(house: House, bill: RowMapping) -> Counter[tuple[str, int]]:
    return Counter((line.id, line.amount) for line in details_of(house, bill).lines)


def _demand(house: House, transaction: Transaction, row: RowMapping, count: int, fees: tuple[Fee, ...]) -> SourceBill:
    procedure = centre_of(house).procedure(row["procedure"], day_of(row["filed_at"]))
    lines = tuple(fee_line(house, fee) for fee in fees)
    words = "|".join(f"{line.id}={line.amount}>{line.beneficiary and line.beneficiary.id}" for line in lines)
    code = parts_of(transaction, row["id"])[0]["number"] if row["accepted_at"] is not None else None
    number = code or row["sending_code"]
    return SourceBill(
        id=f"{row['id']}.{count:02}",
        number=number[:40] if count == 1 else f"{number[:36]}/{count}",
        kind=BillKind.FEE,
        status=BillStatus.OPEN,
        version=sha256(words.encode()).hexdigest()[:32],
        amount=sum(line.amount for line in lines),
        issued_at=house.now(),
        title=row["procedure"] if procedure is None else procedure.short,
        title_en="" if procedure is None else procedure.short_en,
        lines=lines,
    )


def _as_kept(house: House, bill: RowMapping, status: BillStatus) -> SourceBill:
    details = details_of(house, bill)
    return SourceBill(
        id=bill["source_id"],
        number=bill["number"],
        kind=BillKind(bill["kind"]),
        status=status,
        version=bill["source_version"] or "",
        amount=bill["amount"],
        issued_at=bill["issued_at"] or bill["created_at"],
        title=details.title,
        title_en=details.title_en,
        lines=details.lines,
        counter_only=details.counter_only,
    )


class DossierBills:
    """Implements gateway.payments.sources.BillSource."""

    keeps_check_ins = False
    reserves = False

    def __init__(self, house: House) -> None:
        self._house = house
        self._centre = centre_of(house)

    async def close(self) -> None:
        """The connections are the centre's."""

    async def find(self, payer: Payer) -> tuple[SourceBill, ...]:
        """A code alone finds nothing: who may see a dossier was asked before (gateway.one_stop.following)."""
        rows = await run_in_threadpool(self._dossiers, payer)
        return tuple(bill for bill in await self._now(rows) if self._is_news(bill))

    async def read(self, source_id: str) -> SourceBill | None:
        dossier = await run_in_threadpool(self._dossier, source_id)
        told = () if dossier is None else await self._now([dossier])
        return next((bill for bill in told if bill.id == source_id), None)

    async def reserve(self, source_id: str, version: str, holder: str, until: datetime) -> None:
        """Nothing is held there: the bill is read again while its code lives."""

    async def release(self, source_id: str, holder: str) -> None:
        """Nothing is held there."""

    async def paid(self, bill: PaidBill) -> HandedOver:
        by_number = await run_in_threadpool(self._by_number, bill)
        transfers = tuple(
            Transfer(part.id, part.provider, part.reference, part.amount, part.at, part.account_id)
            for part in bill.parts
        )
        taken = list[Taken]()
        try:
            for number, fees in by_number.items():
                payment = Payment(f"{bill.key}:{number}", number, fees, bill.paid_at, transfers)
                taken.append(await self._system.pay(payment))
        except OneStopUnavailable as error:
            raise SourceUnavailable(error.fault.value) from error
        except OneStopRefused as error:
            raise SourceRefused(error.detail[:60]) from error
        await run_in_threadpool(self._look_soon, bill)
        receipt = next((one.receipt for one in taken if one.receipt is not None), None)
        return HandedOver(", ".join(one.number for one in taken)[:64], _invoice(receipt))

    async def invoice(self, bill: PaidBill) -> EInvoice | None:
        by_number = await run_in_threadpool(self._by_number, bill)
        told = await self._status(list(by_number))
        wanted = {(number, id) for number, fees in by_number.items() for id, _amount in fees}
        receipts = (fee.receipt for number, one in told.items() for fee in one.fees if (number, fee.id[:60]) in wanted)
        return _invoice(next((receipt for receipt in receipts if receipt is not None), None))

    # --- inside

    @property
    def _system(self) -> System:
        if self._centre.system is None:
            raise SourceUnavailable("not connected")
        return self._centre.system

    def _is_news(self, bill: SourceBill) -> bool:
        """Open ones, and those of today."""
        return bill.status is BillStatus.OPEN or day_of(bill.issued_at) == day_of(self._house.now())

    async def _status(self, numbers: list[str]) -> dict[str, Told]:
        if not numbers:
            return {}
        try:
            return await self._system.status(sorted(numbers))
        except OneStopUnavailable as error:
            raise SourceUnavailable(error.fault.value) from error
        except OneStopRefused as error:
            raise SourceRefused(error.fault.value) from error

    async def _now(self, rows: Sequence[RowMapping]) -> tuple[SourceBill, ...]:
        """The bills of these dossiers as the system tells them now."""
        at = self._house.now()
        numbers = await run_in_threadpool(self._numbers, rows)
        return await run_in_threadpool(self._bills, rows, await self._status(numbers), at)

    def _numbers(self, rows: Sequence[RowMapping]) -> list[str]:
        with self._house.store.read() as transaction:
            parts = [part for row in rows for part in parts_of(transaction, row["id"])]
        return [part["number"] for part in parts if part["number"] is not None]

    def _bills(self, rows: Sequence[RowMapping], told: Mapping[str, Told], at: datetime) -> tuple[SourceBill, ...]:
        found = list[SourceBill]()
        with self._house.store.read() as transaction:
            for row in rows:
                parts = parts_of(transaction, row["id"])
                if any(part["number"] not in told for part in parts):
                    raise SourceUnavailable("the system does not know a dossier")
                bill = bill_now(self._house, transaction, row, Demands.of(self._centre, parts, told, at))
                found += [] if bill is None else [bill]
        return tuple(found)

    def _dossiers(self, payer: Payer) -> list[RowMapping]:
        rows = one_stop_dossiers.c
        wanted = select(one_stop_dossiers).where(rows.state == DossierState.FILED.value, rows.stripped.is_(False))
        if payer.dossier_id is not None:
            wanted = wanted.where(rows.id == payer.dossier_id)
        elif payer.check_in_id is not None:
            wanted = wanted.where(rows.check_in_id == payer.check_in_id)
        elif payer.person is not None and payer.person.number is not None:
            wanted = wanted.where(rows.person == self._house.vault.hash("person", payer.person.number))
        else:
            return []
        with self._house.store.read() as transaction:
            return transaction.all(wanted.order_by(rows.filed_at.desc()).limit(NEWEST))

    def _dossier(self, source_id: str) -> RowMapping | None:
        with self._house.store.read() as transaction:
            return by_id(transaction, _dossier_id(source_id))

    def _by_number(self, bill: PaidBill) -> dict[str, tuple[tuple[str, int], ...]]:
        """The fees that a bill paid, by the number of the part that asked for them."""
        with self._house.store.read() as transaction:
            parts = parts_of(transaction, _dossier_id(bill.source_id or ""))
        numbers = {part["part"]: part["number"] for part in parts}
        found = dict[str, tuple[tuple[str, int], ...]]()
        for line in bill.lines:
            part, _colon, id = line.id.partition(":")
            if numbers.get(part) is None:
                raise SourceRefused("no such part")
            found[numbers[part]] = (*found.get(numbers[part], ()), (id, line.amount))
        if not found:
            raise SourceRefused("a bill without its lines")
        return found

    def _look_soon(self, bill: PaidBill) -> None:
        with self._house.store.write() as transaction:
            row = by_id(transaction, _dossier_id(bill.source_id or ""), locked=True)
            if row is not None and row["ended_at"] is None:
                set_dossier(transaction, row["id"], next_look_at=self._house.now())


def with_dossier_bills(house: House) -> House:
    """The house with the bills of its dossiers, where it files any."""
    if house.one_stop is None or house.one_stop.system is None:
        return house
    return replace(house, sources={**house.sources, SOURCE: DossierBills(house)})


def _dossier_id(source_id: str) -> str:
    return source_id.partition(".")[0]


def _invoice(receipt: ToldReceipt | None) -> EInvoice | None:
    if receipt is None:
        return None
    return EInvoice(
        kind=EInvoiceKind.RECEIPT,
        number=receipt.number,
        lookup_code=receipt.lookup_code,
        lookup_url=receipt.lookup_url,
    )
