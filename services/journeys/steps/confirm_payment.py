"""The confirmation of a payment: on paper as slip s2, and on the screen."""

from __future__ import annotations

from functools import partial

import trio

from services.contract import models as wire
from services.gateway_client import GatewayError
from services.journeys.journey import Turn
from services.journeys.ports import Printed
from services.journeys.prompts import InvoiceWords, PaidAnswer, PayFor, PaymentDone
from services.journeys.racing import beside, first
from services.journeys.slips import payment_slips, searchable
from services.journeys.walk import Walk
from services.journeys.words import HERE, in_language

INVOICE_SECONDS = 3.0
"""So long a slip waits for the number of the electronic invoice, and for the hospital's system to know."""


async def confirm_payment(walk: Walk) -> Turn | None:
    """Print what the person must keep and show the same; go home by itself, or on to the next bill."""
    if not walk.visit.money_moved:
        return None
    walk.visit.handed_over = True
    return await _shown(walk, Paper())


async def confirm_resumed(walk: Walk) -> None:
    """A payment that a restart interrupted: shown, and printed only when somebody wishes it (LOOK.md section 8)."""
    if not walk.visit.money_moved:
        return
    walk.visit.handed_over = True
    answer = await walk.result(partial(_prompt, walk, Paper(out=True), can_print=True))
    if answer is PaidAnswer.PRINT:
        await _shown(walk, Paper())


class Paper:
    """What became of the slips."""

    def __init__(self, *, out: bool = False) -> None:
        self.out = trio.Event()
        self.failed: Printed | None = None
        if out:
            self.out.set()


async def _shown(walk: Walk, paper: Paper) -> Turn | None:
    async def print_all() -> None:
        await hear_of_invoice(walk)
        for slip in payment_slips(walk):
            printed = await walk.kit.printer.print(slip)
            if not printed.ok:
                paper.failed = printed
        walk.front.chime()
        paper.out.set()
        walk.update(_prompt(walk, paper))

    async def show() -> PaidAnswer | None:
        return await walk.result(
            partial(_prompt, walk, paper),
            seconds=lambda: None if paper.failed is None else PaymentDone.seconds_without_paper,
            after=paper.out,
        )

    async def card_taken() -> PaidAnswer | None:
        card = walk.kit.cards.card
        if card is not None:
            await walk.kit.cards.removed(card)
            walk.update(_prompt(walk, paper))
        await trio.sleep_forever()
        return None

    answer = await beside(lambda: first(show, card_taken), print_all)
    return Turn.OTHER_BILL if answer is PaidAnswer.OTHER_BILL else None


async def hear_of_invoice(walk: Walk) -> None:
    """Wait a little for what comes behind a payment: the invoice's number, and that the hospital knows of it."""
    gateway = walk.kit.gateway
    with trio.move_on_after(INVOICE_SECONDS * walk.kit.pace):
        while True:
            intent = walk.visit.intent
            if intent is None or not walk.visit.part_paid or not _something_to_come(intent):
                return
            try:
                walk.visit.intent = await gateway.payment_changed(intent)
            except GatewayError:
                return


def _something_to_come(intent: wire.PaymentIntent) -> bool:
    return intent.hand_over_pending or (intent.invoice is None and intent.invoice_later is not None)


def _prompt(walk: Walk, paper: Paper, *, can_print: bool = False) -> PaymentDone:
    visit, english = walk.visit, walk.english
    paid = visit.paid_intents
    last = paid[-1] if paid else visit.intent
    if last is None:
        raise RuntimeError("no payment to confirm")
    shown = paid or (last,)
    failed = paper.failed
    return PaymentDone(
        amount=sum(each.amount_paid if paid else each.amount for each in shown),
        bill_number=last.bill_number,
        pays_for=PayFor(last.kind.value),
        paid_at=f"{last.paid_at.astimezone(HERE):%H:%M:%S, %d/%m/%Y}" if paid and last.paid_at is not None else "",
        by_card=last.method is wire.PaymentMethod.CARD,
        unclear=visit.payment_unclear,
        pending=any(each.hand_over_pending for each in shown),
        for_cashier=any(each.for_cashier for each in shown),
        invoice=invoice_words(last, english=english) if paid else None,
        printed=failed is None,
        printing=not paper.out.is_set(),
        problem=None if failed is None else failed.code,
        code=searchable(walk, last),
        others_left=others_left(walk),
        can_print=can_print,
        card_on_reader=walk.kit.cards.card is not None,
        demo=last.demo or walk.site.demo,
    )


def others_left(walk: Walk) -> bool:
    """Whether the same person has another bill to pay here."""
    bills, now = walk.visit.bills, walk.visit.bill
    if bills is None or walk.visit.payment_unclear:
        return False
    return any(bill.payable and bill.left and (now is None or bill.id != now.id) for bill in bills.bills)


def invoice_words(intent: wire.PaymentIntent, *, english: bool) -> InvoiceWords | None:
    """The electronic invoice as people read it; None where the gateway says nothing of one."""
    invoice, later = intent.invoice, intent.invoice_later
    if invoice is not None:
        return InvoiceWords(
            receipt=invoice.kind is wire.EInvoiceKind.RECEIPT,
            number=invoice.number,
            lookup_code=invoice.lookup_code,
            lookup_site=invoice.lookup_url,
        )
    if later is not None:
        words = in_language(later.text, later.text_en, wanted_english=english)
        return InvoiceWords(receipt=later.kind is wire.EInvoiceKind.RECEIPT, later=words)
    return None
