"""The number, on paper or on the screen (pictures 10 and 11), and what was paid."""

from __future__ import annotations

from functools import partial

import trio

from services.journeys.ports import Accepted
from services.journeys.prompts import TicketAnswer, TicketReady
from services.journeys.racing import beside, first
from services.journeys.slips import expected_at, mismatch_slip, number_slip, payment_slips, ticket_marks
from services.journeys.steps.confirm_payment import hear_of_invoice
from services.journeys.visit import SlipOutcome
from services.journeys.walk import Walk
from services.journeys.words import clinic_name, desk_name, room, time_of_day, way
from services.receipts.slips import NumberSlip, PaymentSlip, Slip

COPIES = 2
TRIES_AFTER_REPAIR = 3
"""A printer that fails again and again is left to the counter."""


async def print_ticket(walk: Walk) -> None:
    """Show the number at once and print what the person must keep; go home by itself. A copy carries its mark."""
    visit, accepted = walk.visit, walk.visit.accepted
    if accepted is None:
        return
    # From here on the number stands on the screen and may come out on paper: nobody takes it back any more.
    visit.handed_over = True
    paid_now = accepted.ticket.held and visit.money_moved
    nothing_new = visit.slip is not None and not paid_now
    answer = await (_show(walk, accepted) if nothing_new else _print_and_show(walk, accepted))
    for _ in range(COPIES):
        if answer is not TicketAnswer.REPRINT:
            return
        await walk.working("working.printing", partial(_print_number, walk, accepted), can_stop=False)
        answer = await _show(walk, accepted)


async def _print_and_show(walk: Walk, accepted: Accepted) -> TicketAnswer | None:
    """The number stands on the screen while the slips come out; its time counts from then on.

    A number the person held before was printed then: only what was paid now comes out.
    """
    visit, out, gone = walk.visit, trio.Event(), trio.CancelScope()
    missing: list[Slip] = []

    async def print_all() -> None:
        if visit.slip is None:
            await _print_number(walk, accepted)
            if not ticket_shown(walk, accepted).printed:
                missing.append(number_slip(walk, accepted))
        await hear_of_invoice(walk)
        for slip in payment_slips(walk):
            if not (await walk.kit.printer.print(slip)).ok:
                visit.payment_slip_missing = True
                missing.append(slip)
        mismatch = mismatch_slip(walk, accepted)
        if mismatch is not None and not (await walk.kit.printer.print(mismatch)).ok:
            missing.append(mismatch)
        walk.front.chime()
        walk.update(ticket_shown(walk, accepted))
        out.set()

    async def person_goes() -> TicketAnswer | None:
        try:
            return await _show(walk, accepted, after=out)
        finally:
            gone.cancel()

    async def print_while_there() -> None:
        await print_all()
        with gone:
            await _print_what_is_missing(walk, accepted, missing)

    return await beside(person_goes, print_while_there)


async def _print_what_is_missing(walk: Walk, accepted: Accepted, missing: list[Slip]) -> None:
    """Whole and from the beginning, as soon as the printer can; never after the person went (they go: cancelled)."""
    for _ in range(TRIES_AFTER_REPAIR):
        if not missing:
            return
        await walk.kit.printer.ready()
        # What has begun to come out while its person stands there is finished.
        with trio.CancelScope(shield=True):
            for slip in tuple(missing):
                printed = await walk.kit.printer.print(slip)
                if not printed.ok:
                    break
                missing.remove(slip)
                walk.kit.printer.printed_again()
                _note_out(walk, accepted, slip)
            walk.visit.payment_slip_missing = any(isinstance(slip, PaymentSlip) for slip in missing)
        walk.update(ticket_shown(walk, accepted))


def _note_out(walk: Walk, accepted: Accepted, slip: Slip) -> None:
    """What came out after all stands no more as missing, neither here nor at the counter."""
    if isinstance(slip, NumberSlip):
        walk.visit.slip = SlipOutcome(True, walk.kit.clock.now(), None)
        walk.front.later(partial(walk.kit.gateway.report_slip, accepted, True, None))
        walk.front.chime()


async def _print_number(walk: Walk, accepted: Accepted) -> None:
    """Print the number slip, again as a copy when it came out before, and report it for the counter at the desk."""
    visit = walk.visit
    before = visit.slip if visit.slip is not None and visit.slip.printed else None
    slip = number_slip(walk, accepted, first_printed_at=None if before is None else before.at)
    printed = await walk.kit.printer.print(slip)
    if before is not None:
        return
    visit.slip = SlipOutcome(printed.ok, walk.kit.clock.now(), printed.code)
    walk.front.later(partial(walk.kit.gateway.report_slip, accepted, printed.ok, printed.code))


async def _show(walk: Walk, accepted: Accepted, *, after: trio.Event | None = None) -> TicketAnswer | None:
    """None when the time was over. Who takes their card meanwhile is not reminded of it any more."""

    def seconds() -> float | None:
        return None if ticket_shown(walk, accepted).printed else TicketReady.seconds_without_paper

    async def show() -> TicketAnswer | None:
        return await walk.result(partial(ticket_shown, walk, accepted), seconds=seconds, after=after)

    async def card_taken() -> TicketAnswer | None:
        card = walk.kit.cards.card
        if card is not None:
            await walk.kit.cards.removed(card)
            walk.update(ticket_shown(walk, accepted))
        await trio.sleep_forever()
        return None

    return await first(show, card_taken)


def ticket_shown(walk: Walk, accepted: Accepted) -> TicketReady:
    """Picture 10 or 11."""
    ticket, english = accepted.ticket, walk.english
    slip = walk.visit.slip
    expected = expected_at(walk, accepted)
    return TicketReady(
        number=ticket.number,
        clinic=clinic_name(ticket.clinic, english=english),
        place=room(ticket.clinic, english=english),
        way=way(ticket.clinic, english=english),
        waiting=ticket.waiting,
        expected_at=None if expected is None else time_of_day(expected),
        notes=ticket_marks(walk, accepted),
        held=ticket.held,
        printed=slip is None or slip.printed,
        printing=slip is None,
        code=ticket.code,
        reprint_code=ticket.reprint_code,
        desk=desk_name(walk.site.insurance_desk, english=english),
        card_on_reader=walk.kit.cards.card is not None,
        problem=None if slip is None else slip.code,
        demo=walk.site.demo,
    )
