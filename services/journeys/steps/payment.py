"""One payment in front of a person: what they touch, what the bank says, and how long "I have paid" is waited for."""

from __future__ import annotations

import logging
from enum import Enum

import trio

from services.contract.models import PaymentIntent, PaymentStatus
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.journey import WentBack, WentHome
from services.journeys.prompts import LeavePayment, LeavePaymentAnswer, PayAnswer, PayByVietQR, PayState
from services.journeys.walk import Walk
from services.journeys.words import time_of_day

log = logging.getLogger(__name__)

CLAIM_SECONDS = 60.0
"""So long "Tôi đã chuyển tiền" is waited for (LOOK.md section 8, Paying)."""
AGAIN_SECONDS = 2.0
"""Between tries to hear from the bank while the gateway does not answer."""
_HIDDEN = frozenset({PaymentStatus.CANCELLED, PaymentStatus.EXPIRED, PaymentStatus.FAILED})


class Outcome(Enum):
    """How paying at the kiosk ended."""

    PAID = "paid"
    CASHIER = "cashier"
    """The person pays at the cashier."""
    HIDDEN = "hidden"
    """The code ran out or was stopped elsewhere."""
    UNCLEAR = "unclear"
    """The person has paid, they say; the bank is silent."""
    LEFT = "left"
    """Not paid, and the person goes to the start page."""


class Payment:
    """The code on the screen and what happens to it. Runs as three ways at once; the first outcome counts."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._state = PayState.WAITING
        self._claimed = trio.Event()

    @property
    def _intent(self) -> PaymentIntent:
        intent = self._walk.visit.intent
        if intent is None:
            raise RuntimeError("no payment is open")
        return intent

    async def by_person(self) -> Outcome:
        """What the person touches."""
        while True:
            try:
                answer = await self._walk.ask(self._prompt())
            except WentBack:
                left = await self._leave(Outcome.CASHIER)
            except WentHome:
                left = await self._leave(Outcome.LEFT)
            else:
                if answer is PayAnswer.CASHIER:
                    return Outcome.CASHIER
                self._claim()
                continue
            if left is not None:
                return left

    async def by_bank(self) -> Outcome:
        """What the bank says, by events; while the gateway does not answer the code stays and is asked for again."""
        while True:
            outcome = self._outcome()
            if outcome is not None:
                return outcome
            try:
                self._take(await self._walk.kit.gateway.payment_changed(self._intent))
            except GatewayError as error:
                log.info("payment: no news: %s", code_of(error))
                await trio.sleep(AGAIN_SECONDS)

    async def by_claim(self) -> Outcome:
        """ "Tôi đã chuyển tiền": ask the bank at once, then wait a minute."""
        await self._claimed.wait()
        with trio.move_on_after(CLAIM_SECONDS * self._walk.kit.pace):
            try:
                self._take(await self._walk.kit.gateway.claim_paid(self._intent.id))
            except GatewayError as error:
                log.warning("claim of payment not taken: %s", code_of(error))
            outcome = self._outcome()
            if outcome is not None:
                return outcome
            await trio.sleep_forever()
        return Outcome.UNCLEAR

    async def _leave(self, stopped: Outcome) -> Outcome | None:
        """ "Đã chuyển tiền chưa?"; None returns to the code."""
        match await self._walk.ask(LeavePayment(demo=self._walk.site.demo)):
            case LeavePaymentAnswer.PAID:
                self._claim()
                return None
            case LeavePaymentAnswer.NOT_PAID:
                return stopped
            case LeavePaymentAnswer.BACK_TO_CODE:
                return None

    def _claim(self) -> None:
        if self._state is PayState.WAITING or not self._claimed.is_set():
            self._state = PayState.ASKING
        self._walk.visit.claimed = True
        self._claimed.set()

    def _take(self, intent: PaymentIntent) -> None:
        """A newer state of the intent; an older one that comes late is dropped."""
        if intent.version < self._intent.version:
            return
        self._walk.visit.intent = intent
        if intent.status is PaymentStatus.UNDERPAID:
            self._state = PayState.UNDERPAID
        self._walk.update(self._prompt())

    def _outcome(self) -> Outcome | None:
        if self._walk.visit.paid:
            return Outcome.PAID
        if self._intent.status is PaymentStatus.UNKNOWN:
            return Outcome.UNCLEAR
        return Outcome.HIDDEN if self._intent.status in _HIDDEN else None

    def _prompt(self) -> PayByVietQR:
        intent = self._intent
        return PayByVietQR(
            amount=intent.amount,
            payload=intent.payload,
            account_name=intent.account_name,
            account_last4=intent.account_last4,
            bill_number=intent.bill_number,
            purpose=intent.purpose,
            usable_until=time_of_day(intent.expires_at),
            state=self._state,
            missing=intent.amount - intent.amount_paid if self._state is PayState.UNDERPAID else None,
            demo=intent.demo or self._walk.site.demo,
        )
