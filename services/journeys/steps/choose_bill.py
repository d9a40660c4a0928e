"""Which bill, and what it is for: shown only while it is touched (LOOK.md section 8, Privacy)."""

from __future__ import annotations

from functools import partial

from services.contract import models as wire
from services.journeys.journey import WentBack
from services.journeys.prompts import BillLine, BillRow, BillState, ChooseBill, PayFor, PaySums, ShowBill
from services.journeys.steps.find_bills import ask_for_bills
from services.journeys.walk import Walk
from services.journeys.words import HERE, desk_and_way, in_language


async def choose_bill(walk: Walk) -> None:
    """Choose a bill and look at it. Back from there leads to the list, from the list to the scanner."""
    visit = walk.visit
    if visit.bill is not None and visit.bills_request is not None:
        # Something was paid, or tried: the list of before is not true any more.
        visit.next_bill()
        visit.bills = await ask_for_bills(walk, visit.bills_request)
    while True:
        chosen = await walk.ask(partial(_list, walk))
        bill = next((one for one in _bills(walk) if one.id == chosen.bill_id), None)
        if bill is None or state_of(bill) is not BillState.OPEN:
            continue
        try:
            await walk.ask(partial(details, walk, bill))
        except WentBack:
            continue
        visit.bill = bill
        return


def state_of(bill: wire.Bill) -> BillState:
    """How it stands for somebody who wants to pay it here."""
    if bill.unclear:
        return BillState.UNCLEAR
    if bill.status is not wire.BillStatus.OPEN or bill.left <= 0:
        return BillState.PAID
    return BillState.OPEN if bill.payable else BillState.CASHIER


def _bills(walk: Walk) -> tuple[wire.Bill, ...]:
    """Those that can be paid first; cancelled ones are nobody's concern."""
    bills = walk.visit.bills.bills if walk.visit.bills is not None else ()
    there = [bill for bill in bills if bill.status is not wire.BillStatus.CANCELLED]
    return tuple(sorted(there, key=lambda bill: state_of(bill) is not BillState.OPEN))


def _list(walk: Walk) -> ChooseBill:
    bills = walk.visit.bills
    return ChooseBill(
        bills=tuple(
            BillRow(
                id=bill.id,
                number=bill.number,
                pays_for=PayFor(bill.kind.value),
                day=_day(bill),
                left=bill.left or bill.amount,
                state=state_of(bill),
            )
            for bill in _bills(walk)
        ),
        incomplete=bills is not None and bills.incomplete,
        demo=walk.site.demo,
    )


def details(walk: Walk, bill: wire.Bill) -> ShowBill:
    """What a bill is for, as the page shows it."""
    english = walk.english
    owners = {line.beneficiary.id for line in bill.lines if line.beneficiary is not None}
    several = len(owners) + any(line.beneficiary is None for line in bill.lines) > 1
    return ShowBill(
        number=bill.number,
        pays_for=PayFor(bill.kind.value),
        day=_day(bill),
        title=in_language(bill.title, bill.title_en, wanted_english=english),
        amount=bill.amount,
        left=bill.left,
        lines=tuple(_line(line, several=several, english=english) for line in bill.lines),
        sums=None if bill.breakdown is None else _sums(bill.breakdown),
        parts=max(1, len(owners)) if several else 1,
        cashier=desk_and_way(walk.site.cashier, english=english),
        demo=walk.site.demo,
    )


def _line(line: wire.FeeLine, *, several: bool, english: bool) -> BillLine:
    owner = line.beneficiary
    whose = "" if owner is None or not several else in_language(owner.name, owner.name_en, wanted_english=english)
    return BillLine(in_language(line.name, line.name_en, wanted_english=english), line.amount, whose)


def _sums(sums: wire.Breakdown) -> PaySums:
    return PaySums(sums.price, sums.fund or None, sums.provisional)


def _day(bill: wire.Bill) -> str:
    return f"{bill.issued_at.astimezone(HERE):%d/%m/%Y}"
