"""One code in front of a person: what they touch, what the bank says, and how long "I have paid" is waited for."""

from __future__ import annotations

import logging
from datetime import timedelta
from enum import Enum

import trio

from services.codes.errors import CodeError
from services.codes.vietqr import decode
from services.contract.models import PaymentIntent, PaymentStatus
from services.failures import code_of
from services.gateway_client import GatewayError
from services.journeys.journey import WentBack, WentHome
from services.journeys.prompts import (
    LeavePayment,
    LeavePaymentAnswer,
    PayAnswer,
    PayByVietQR,
    PayFor,
    PayState,
    PaySums,
)
from services.journeys.walk import Walk
from services.journeys.words import in_language, time_of_day

log = logging.getLogger(__name__)

CLAIM_SECONDS = 60.0
"""So long "Tôi đã chuyển tiền" is waited for (LOOK.md section 8, Paying)."""
AGAIN_SECONDS = 2.0
"""Between tries to hear from the bank while the gateway does not answer."""
NEWS_SECONDS = 1.0
"""How often the strip under the code follows whether the gateway is heard."""
GRACE_SECONDS = 2.0
"""The gateway's own word about the end of a code comes first."""
_HIDDEN = frozenset({PaymentStatus.CANCELLED, PaymentStatus.EXPIRED, PaymentStatus.FAILED})


class Outcome(Enum):
    """How paying at the kiosk ended, or goes on."""

    PAID = "paid"
    CASHIER = "cashier"
    """The person pays at the cashier."""
    HIDDEN = "hidden"
    """The code ran out or was stopped elsewhere."""
    UNCLEAR = "unclear"
    """The person has paid, they say; the bank is silent. Or a card's outcome is not known."""
    LEFT = "left"
    """Not paid, and the person goes to the start page."""
    BY_CARD = "by-card"
    """Rather at the card terminal."""
    BY_CODE = "by-code"
    """Rather with a code."""
    SETTLED = "settled"
    """Nothing is owed any more: paid or cancelled elsewhere."""


class Payment:
    """The code on the screen and what happens to it. Runs as several ways at once; the first outcome counts."""

    def __init__(self, walk: Walk, *, by_card: bool = False) -> None:
        self._walk = walk
        self._by_card = by_card
        self._state = PayState.WAITING
        self._claimed = trio.Event()
        self._read_status()

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
                answer = await self._walk.ask(self._prompt)
            except WentBack:
                left = await self._leave(Outcome.CASHIER)
            except WentHome:
                left = await self._leave(Outcome.LEFT)
            else:
                match answer:
                    case PayAnswer.CASHIER:
                        return Outcome.CASHIER
                    case PayAnswer.CARD:
                        return Outcome.BY_CARD
                    case PayAnswer.I_HAVE_PAID:
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

    async def by_time(self) -> Outcome:
        """A code whose time is over is hidden, also when nobody can be asked. Who says that they paid is waited for."""
        while (left := self._seconds_left()) > 0:
            await trio.sleep(left)
        await trio.sleep(GRACE_SECONDS)
        if self._claimed.is_set():
            await trio.sleep_forever()
        return Outcome.HIDDEN

    async def by_network(self) -> Outcome:
        """Whether the gateway is heard, for the strip under the code."""
        while True:
            await trio.sleep(NEWS_SECONDS)
            online = self._walk.kit.gateway.online
            if online and self._state is PayState.NO_NEWS:
                self._state = PayState.ASKING if self._claimed.is_set() else PayState.WAITING
            elif not online and self._state in {PayState.WAITING, PayState.ASKING}:
                self._state = PayState.NO_NEWS
            else:
                continue
            self._walk.update(self._prompt())

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
        if self._state in {PayState.WAITING, PayState.NO_NEWS} or not self._claimed.is_set():
            self._state = PayState.ASKING
        self._walk.visit.claimed = True
        self._claimed.set()

    def _take(self, intent: PaymentIntent) -> None:
        """A newer state of the intent; an older one that comes late is dropped."""
        if intent.version < self._intent.version:
            return
        self._walk.visit.intent = intent
        self._read_status()
        self._walk.update(self._prompt())

    def _read_status(self) -> None:
        if self._intent.status is PaymentStatus.UNDERPAID:
            self._state = PayState.REST if self._asks_for_rest() else PayState.UNDERPAID

    def _asks_for_rest(self) -> bool:
        """Whether the code on the screen now asks for what is missing: the old one would take the whole again."""
        intent = self._intent
        try:
            return decode(intent.payload).dong == intent.amount - intent.amount_paid
        except CodeError:
            return False

    def _outcome(self) -> Outcome | None:
        if self._walk.visit.part_paid:
            return Outcome.PAID
        if self._intent.status is PaymentStatus.UNKNOWN:
            return Outcome.UNCLEAR
        return Outcome.HIDDEN if self._intent.status in _HIDDEN else None

    def _seconds_left(self) -> float:
        """By the gateway's clock: the kiosk's own may be wrong."""
        kit = self._walk.kit
        now = kit.clock.now() - timedelta(seconds=kit.gateway.clock_ahead)
        return (self._intent.expires_at - now).total_seconds()

    def _prompt(self) -> PayByVietQR:
        intent, english = self._intent, self._walk.english
        part_came = self._state in {PayState.UNDERPAID, PayState.REST}
        owner = intent.beneficiary
        return PayByVietQR(
            amount=intent.amount,
            payload="" if self._state is PayState.UNDERPAID else intent.payload,
            account_name=intent.account_name,
            account_last4=intent.account_last4,
            bill_number=intent.bill_number,
            purpose=intent.purpose,
            usable_until=time_of_day(intent.expires_at),
            seconds_left=max(0, round(self._seconds_left())),
            pays_for=PayFor(intent.kind.value),
            sums=sums_of(intent),
            beneficiary="" if owner is None else in_language(owner.name, owner.name_en, wanted_english=english),
            part=intent.part,
            parts=intent.parts,
            state=self._state,
            missing=intent.amount - intent.amount_paid if part_came else None,
            by_card=self._by_card and not self._claimed.is_set() and not part_came,
            demo=intent.demo or self._walk.site.demo,
        )


def sums_of(intent: PaymentIntent) -> PaySums | None:
    """Price, insurance and whether it is provisional; of the whole bill, so only where it is paid at once."""
    sums = intent.breakdown
    if sums is None or intent.parts > 1:
        return None
    return PaySums(sums.price, sums.fund or None, sums.provisional)
