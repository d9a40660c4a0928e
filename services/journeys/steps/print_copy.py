"""A copy of a number that was found again: it carries "BẢN IN LẠI" and the time of the first slip."""

from __future__ import annotations

from dataclasses import replace

import trio

from services.journeys.ports import Accepted, Printed
from services.journeys.prompts import TicketReady
from services.journeys.racing import beside
from services.journeys.slips import number_slip
from services.journeys.steps.print_ticket import ticket_shown
from services.journeys.visit import SlipOutcome
from services.journeys.walk import Walk


async def print_copy(walk: Walk) -> None:
    """Print the copy, then show the number; go home by itself."""
    found = walk.visit.found
    if found is None:
        return
    accepted = Accepted(key="", ticket=found)

    async def work() -> Printed:
        return await walk.kit.printer.print(number_slip(walk, accepted, first_printed_at=found.issued_at))

    printed = await walk.working("working.printing", work, can_stop=False)
    walk.visit.slip = SlipOutcome(printed.ok, walk.kit.clock.now(), printed.code)
    walk.front.chime()

    def question() -> TicketReady:
        return replace(ticket_shown(walk, accepted), copy=True)

    seconds = None if printed.ok else TicketReady.seconds_without_paper
    gone = trio.CancelScope()

    async def person_goes() -> None:
        try:
            await walk.result(question, seconds=lambda: seconds)
        finally:
            gone.cancel()

    async def print_again() -> None:
        with gone:
            while not (slip := walk.visit.slip) or not slip.printed:
                await walk.kit.printer.ready()
                with trio.CancelScope(shield=True):
                    again = await work()
                    if not again.ok:
                        return
                    walk.kit.printer.printed_again()
                    walk.visit.slip = SlipOutcome(True, walk.kit.clock.now(), None)
                    walk.update(question())

    await beside(person_goes, print_again)
