""" "In lại số": the slip's own QR code or the chip bring back today's number; a copy is printed, never a new number."""

from __future__ import annotations

from functools import partial

from services.codes.cccd import CccdQr
from services.codes.detect import read_code
from services.codes.errors import CodeError
from services.codes.slip import SlipQr
from services.contract import models as wire
from services.failures import SCANNER_LOST, code_of
from services.gateway_client import GatewayError
from services.identity.citizen import Citizen
from services.journeys.journey import Ending, Over, WentBack
from services.journeys.prompts import (
    CardHolder,
    ChooseTicket,
    NothingAnswer,
    NothingFound,
    NothingKind,
    ProblemChoice,
    ScanForReprint,
    TicketRow,
)
from services.journeys.racing import first
from services.journeys.registration import person_of
from services.journeys.steps.by_card import meet_by_card
from services.journeys.steps.no_card import NoCard
from services.journeys.steps.scan_code import ScannedCard, ScannerLost
from services.journeys.walk import Walk
from services.journeys.words import clinic_name, desk_name, time_of_day


async def find_number(walk: Walk) -> None:
    """Until a number is found that the slip or the chip proves; else the desk prints."""
    while walk.visit.found is None:
        try:
            found = await _found(walk)
        except NoCard:
            await _nothing(walk, NothingKind.NO_PROOF)
            continue
        if not found:
            await _nothing(walk, NothingKind.TICKET)
        elif len(found) == 1:
            walk.visit.found = found[0]
        else:
            await _choose(walk, found)


async def _found(walk: Walk) -> tuple[wire.Ticket, ...]:
    """Numbers of the slip that was shown, or of the card's holder. Raises NoCard without either."""
    shown = await _shown(walk)
    if isinstance(shown, SlipQr):
        return await _ask_gateway(walk, wire.TicketsRequest(slip=shown.token))
    with walk.reader.held():
        try:
            holder = await meet_by_card(walk, CardHolder.PATIENT, shown)
        except WentBack:
            return await _found(walk)
    if not holder.evidence.verified:
        raise NoCard(None)
    return await _ask_gateway(walk, _request(holder))


def _request(holder: Citizen) -> wire.TicketsRequest:
    return wire.TicketsRequest(person=person_of(holder))


async def _shown(walk: Walk) -> SlipQr | ScannedCard:
    """The next slip or card shown to the scanner; friendly corrections for anything else."""
    hint = None
    while True:
        try:
            text = await _next_code(walk, ScanForReprint(hint=hint))
        except ScannerLost:
            await _no_scanner(walk)
            continue
        try:
            code = read_code(text)
        except CodeError:
            code = None
        if isinstance(code, SlipQr):
            return code
        if isinstance(code, CccdQr):
            return ScannedCard(text, code)
        walk.kit.sounds.error()
        hint = "scan.unreadable" if code is None else "scan.other_slip"


async def _next_code(walk: Walk, prompt: ScanForReprint) -> str:
    async def answer() -> str:
        await walk.ask(prompt)
        raise NoCard(None)

    async def lost() -> str:
        await walk.kit.scanner.lost()
        raise ScannerLost

    return await first(answer, walk.kit.scanner.scanned, lost)


async def _no_scanner(walk: Walk) -> None:
    if await walk.problem(SCANNER_LOST, ProblemChoice.RETRY, ProblemChoice.ASK_DESK) is ProblemChoice.ASK_DESK:
        raise Over(Ending.LEFT)


async def _ask_gateway(walk: Walk, request: wire.TicketsRequest) -> tuple[wire.Ticket, ...]:
    while True:
        try:
            return await walk.working("working.tickets", lambda: walk.kit.gateway.find_tickets(request))
        except GatewayError as error:
            code = code_of(error)
        if await walk.problem(code, ProblemChoice.RETRY, ProblemChoice.ASK_DESK) is ProblemChoice.ASK_DESK:
            raise Over(Ending.LEFT)


async def _choose(walk: Walk, found: tuple[wire.Ticket, ...]) -> None:
    """Which of several numbers. Back leads to the scanner."""

    def question() -> ChooseTicket:
        return ChooseTicket(
            tickets=tuple(
                TicketRow(
                    ticket.check_in_id,
                    ticket.number,
                    clinic_name(ticket.clinic, english=walk.english),
                    time_of_day(ticket.issued_at),
                )
                for ticket in found
            )
        )

    try:
        chosen = await walk.ask(question)
    except WentBack:
        return
    walk.visit.found = next((ticket for ticket in found if ticket.check_in_id == chosen.check_in_id), None)


async def _nothing(walk: Walk, what: NothingKind) -> None:
    """Try again, or end."""
    try:
        question = partial(NothingFound, what=what, desk=desk_name(walk.site.insurance_desk, english=walk.english))
        if await walk.ask(question) is NothingAnswer.END:
            raise Over(Ending.LEFT)
    except WentBack:
        return
