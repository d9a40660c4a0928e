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
from services.receipts.slips import PaymentSlip
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
    paper.rule(room.rule)
    if paid:
        paper.text(tr("slip.payment.received", language), SMALL, Align.CENTRE)
        paper.text(money(slip.amount), AMOUNT, Align.CENTRE)
        for line in joined(in_lines(amount_in_words(slip.amount, language)), BOLD):
            paper.text(line, BOLD, Align.CENTRE)
    else:
        paper.text(tr("slip.payment.unknown", language), BOLD)
    paper.rule(room.rule)
    _payment_rows(paper, slip, room)
    paper.rule(room.rule)
    if paid:
        _invoice(paper, slip)
        paper.rule(room.rule, dashed=True)
    code_beside(paper, slip.code, [(tr("slip.payment.show", language), SMALL)])


def _payment_rows(paper: Paper, slip: PaymentSlip, room: Room) -> None:
    language = slip.language
    if slip.paid_at is None:
        row(paper, room, tr("slip.payment.due", language), money(slip.amount))
    row(paper, room, tr("slip.payment.bill", language), slip.bill_number)
    row(paper, room, tr("slip.number", language), slip.ticket_number)
    row(paper, room, tr("slip.payment.purpose", language), slip.purpose)
    row(paper, room, tr("slip.payment.method", language), tr("slip.payment.method.vietqr", language))
    if slip.paid_at is not None:
        row(paper, room, tr("slip.payment.paid_at", language), f"{local(slip.paid_at):%H:%M:%S, %d/%m/%Y}")
    elif slip.printed_at is not None:
        row(paper, room, tr("slip.payment.printed_at", language), f"{local(slip.printed_at):%H:%M:%S, %d/%m/%Y}")
    row(paper, room, tr("slip.payment.account", language), f"•••• {slip.account_last4}")
    paper.space(room.row)
    paper.text(slip.account_name, BOLD)
    paper.space(room.row)
    if slip.number_masked:
        row(paper, room, tr("slip.id", language), slip.number_masked)


def _invoice(paper: Paper, slip: PaymentSlip) -> None:
    language = slip.language
    paper.text(tr("slip.payment.invoice", language), BOLD)
    if slip.invoice_code is None:
        paper.text(tr("slip.payment.invoice.none", language), BODY)
        return
    paper.text(tr("slip.payment.invoice.code", language), SMALL)
    paper.text(slip.invoice_code, CODE)
    if slip.invoice_site:
        paper.text(tr("slip.payment.invoice.site", language, site=slip.invoice_site), BODY)
    else:
        paper.text(tr("slip.payment.invoice.ask", language), BODY)
