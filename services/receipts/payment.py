"""Slip s2: a payment the bank confirmed, or one to be checked at the cashier's desk."""

from __future__ import annotations

from services.messages import money, tr
from services.receipts.paper import Align, Paper
from services.receipts.parts import (
    AMOUNT,
    BODY,
    BOLD,
    CODE,
    SMALL,
    SMALL_BOLD,
    TITLE,
    Room,
    code_beside,
    head,
    joined,
    local,
    row,
)
from services.receipts.slips import PaymentSlip, SlipPart
from services.receipts.words_of_amount import amount_in_words, in_lines


def payment_slip(paper: Paper, slip: PaymentSlip, room: Room) -> None:
    """Draw it on the strip."""
    language = slip.language
    paid = slip.paid_at is not None
    title = "slip.payment" if paid else "slip.payment.unclear"
    head(paper, slip, room)
    paper.text(tr(title, language), TITLE, Align.CENTRE)
    if language != "vi":
        paper.text(tr(title, "vi"), SMALL_BOLD, Align.CENTRE)
    paper.text(tr("slip.payment.under", language), BOLD, Align.CENTRE)
    paper.text(tr(f"slip.payment.kind.{slip.kind}", language), SMALL, Align.CENTRE)
    paper.rule(room.rule)
    if paid:
        paper.text(tr("slip.payment.received", language), SMALL, Align.CENTRE)
        paper.text(money(slip.amount), AMOUNT, Align.CENTRE)
        for line in joined(in_lines(amount_in_words(slip.amount, language)), BOLD, paper.inner):
            paper.text(line, BOLD, Align.CENTRE)
    else:
        paper.text(tr("slip.payment.unknown", language), BOLD)
    paper.rule(room.rule)
    _payment_rows(paper, slip, room)
    paper.rule(room.rule)
    if paid:
        for mark in _marks(slip):
            paper.text(tr(mark, language, left=money(slip.left)), BOLD)
        _invoice(paper, slip)
        paper.rule(room.rule, dashed=True)
    code_beside(paper, slip.code, [(tr("slip.payment.show", language), SMALL)])


def _payment_rows(paper: Paper, slip: PaymentSlip, room: Room) -> None:
    language = slip.language
    if slip.paid_at is None:
        row(paper, room, tr("slip.payment.due", language), money(slip.amount))
    row(paper, room, tr("slip.payment.bill", language), slip.bill_number)
    if slip.ticket_number:
        row(paper, room, tr("slip.number", language), slip.ticket_number)
    if slip.purpose and not slip.parts:
        row(paper, room, tr("slip.payment.purpose", language), slip.purpose)
    row(paper, room, tr("slip.payment.method", language), tr(f"slip.payment.method.{slip.method}", language))
    if slip.paid_at is not None:
        row(paper, room, tr("slip.payment.paid_at", language), f"{local(slip.paid_at):%H:%M:%S, %d/%m/%Y}")
    elif slip.printed_at is not None:
        row(paper, room, tr("slip.payment.printed_at", language), f"{local(slip.printed_at):%H:%M:%S, %d/%m/%Y}")
    if slip.parts:
        for part in slip.parts:
            _part(paper, part, room, language)
    elif slip.account_last4:
        row(paper, room, tr("slip.payment.account", language), f"•••• {slip.account_last4}")
        paper.space(room.row)
        paper.text(slip.account_name, BOLD)
        paper.space(room.row)
    if slip.number_masked:
        row(paper, room, tr("slip.id", language), slip.number_masked)


def _part(paper: Paper, part: SlipPart, room: Room, language: str) -> None:
    """One transfer: how much, to whom, with which text."""
    row(paper, room, part.beneficiary or tr("slip.payment.account", language), money(part.amount))
    paper.text(f"{part.account_name} •••• {part.account_last4}", SMALL_BOLD)
    if part.purpose:
        paper.text(f"{tr('slip.payment.purpose', language)}: {part.purpose}", SMALL)


def _marks(slip: PaymentSlip) -> tuple[str, ...]:
    """What is not finished yet, true ones only."""
    marks = {
        "slip.payment.pending": slip.pending,
        "slip.payment.left": slip.left > 0,
        "slip.payment.for_cashier": slip.for_cashier,
    }
    return tuple(mark for mark, true in marks.items() if true)


def _invoice(paper: Paper, slip: PaymentSlip) -> None:
    language = slip.language
    kind = "receipt" if slip.receipt else "invoice"
    if slip.invoice_code is None and slip.invoice_later:
        paper.text(slip.invoice_later, BOLD)
        return
    paper.text(tr(f"slip.payment.{kind}", language), BOLD)
    if slip.invoice_number:
        paper.text(tr("slip.payment.invoice.number", language, number=slip.invoice_number), BODY)
    if slip.invoice_code is None:
        paper.text(tr(f"slip.payment.{kind}.none", language), BODY)
        return
    paper.text(tr("slip.payment.invoice.code", language), SMALL)
    paper.text(slip.invoice_code, CODE)
    if slip.invoice_site:
        paper.text(tr("slip.payment.invoice.site", language, site=slip.invoice_site), BODY)
    else:
        paper.text(tr("slip.payment.invoice.ask", language), BODY)
