"""A crash in the middle of paying: the code is closed, money that came is confirmed, nothing is forgotten before."""

from __future__ import annotations

from typing import Any

import pytest

from services.contract import models as wire
from services.journeys.prompts import (
    BillChosen,
    ChooseBill,
    Home,
    HomeChoice,
    PaidAnswer,
    PayByVietQR,
    PaymentDone,
    ScanForPay,
    ShowBill,
    ShowBillAnswer,
)
from services.journeys.scripted import Line, on
from tests.journeys.test_pay_bills import bill


@pytest.fixture
def paying(world: Any) -> Any:
    world.gateway.bills = (bill(1),)
    return world


def to_the_code(world: Any, does: Any) -> tuple[Line, ...]:
    return (
        on(Home, HomeChoice.PAY),
        on(ScanForPay, does=lambda: world.scanner.show("VT-0001")),
        on(ChooseBill, BillChosen("b1")),
        on(ShowBill, ShowBillAnswer.PAY),
        on(PayByVietQR, does=does),
    )


def _falls_over(world: Any) -> None:
    world.gateway.faults["payment-changed"] = [RuntimeError("a fault of ours")]
    world.gateway.bank(wire.PaymentStatus.QR_SHOWN)


def test_a_crash_while_the_code_stands_cancels_it(paying: Any) -> None:
    paying.play(*to_the_code(paying, lambda: paying.after(3, lambda: _falls_over(paying))))
    assert paying.gateway.calls.count("cancel-payment") == 1
    assert all(visit.empty for visit in paying.visits)


def test_a_crash_when_the_money_was_already_there_still_gives_the_confirmation(paying: Any) -> None:
    paying.gateway.on_cancel = wire.PaymentStatus.PAID
    paying.play(
        *to_the_code(paying, lambda: paying.after(3, lambda: _falls_over(paying))),
        on(PaymentDone, PaidAnswer.DONE, unclear=False),
    )
    assert len(paying.printer.slips) == 1
