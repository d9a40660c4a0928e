"""Whose bills: a slip's code, a bill's code, or the chip. Who is not proven sees the one bill whose code they hold."""

from __future__ import annotations

import re
from functools import partial

from services.codes.cccd import CccdQr
from services.codes.detect import read_code
from services.codes.dossier import DossierCode, looks_like_dossier
from services.codes.errors import CodeError
from services.codes.plain import as_read
from services.codes.slip import SlipQr
from services.codes.vietqr import VietQr
from services.contract import models as wire
from services.contract.problem_codes import TOO_MANY_NUMBERS
from services.failures import SCANNER_LOST, code_of
from services.gateway_client import GatewayError
from services.journeys.journey import Ending, Over, WentBack
from services.journeys.prompts import (
    AskedText,
    CardHolder,
    NothingAnswer,
    NothingFound,
    NothingKind,
    ProblemChoice,
    ScanForPay,
    TypeLetters,
)
from services.journeys.racing import first
from services.journeys.registration import person_of
from services.journeys.steps.by_card import meet_by_card
from services.journeys.steps.no_card import NoCard
from services.journeys.steps.scan_code import ScannedCard, ScannerLost
from services.journeys.walk import Walk
from services.journeys.words import desk_name

BILL_CODE = re.compile(r"[0-9A-Za-z./-]{3,40}", re.ASCII)
LEAST, MOST = 4, 30
LOOK_UP = 4
"""Characters beside a dossier code on its receipt."""


class _Typed(Exception):
    """The person rather types the code."""


async def find_bills(walk: Walk) -> None:
    """Until there is something to show. Nothing of a bill is asked for before slip, code or chip proves it."""
    hint = None
    while True:
        try:
            request = await _request(walk, hint)
        except NoCard:
            await _nothing(walk, NothingKind.BILL_UNPROVEN)
            continue
        hint = None
        try:
            bills = await ask_for_bills(walk, request)
        except WentBack:
            continue
        if bills.bills:
            walk.visit.bills_request, walk.visit.bills = request, bills
            return
        await _nothing(walk, NothingKind.BILL)


async def ask_for_bills(walk: Walk, request: wire.BillsRequest) -> wire.Bills:
    """What the gateway knows. Paying needs it: without it the cashier is the way (LOOK.md section 8, Offline)."""
    while True:
        try:
            return await walk.working("working.bills", lambda: walk.kit.gateway.find_bills(request))
        except GatewayError as error:
            if error.status == 404:
                return wire.Bills(bills=())
            code = code_of(error)
        if code == TOO_MANY_NUMBERS:
            # Asked again it says the same: back to card and slip, or the cashier.
            await walk.problem(code, ProblemChoice.ASK_DESK)
            raise Over(Ending.LEFT)
        if await walk.problem(code, ProblemChoice.RETRY, ProblemChoice.ASK_DESK) is ProblemChoice.ASK_DESK:
            raise Over(Ending.LEFT)


async def _request(walk: Walk, hint: str | None) -> wire.BillsRequest:
    """What was shown or typed, as a question. Raises NoCard when a card proved nobody."""
    while True:
        try:
            shown = await _shown(walk, hint)
        except _Typed:
            try:
                return await _with_look_up(walk, await _typed(walk))
            except WentBack:
                hint = None
                continue
        if not isinstance(shown, ScannedCard):
            try:
                return await _with_look_up(walk, shown)
            except WentBack:
                hint = None
                continue
        with walk.reader.held():
            try:
                holder = await meet_by_card(walk, CardHolder.PATIENT, shown)
            except WentBack:
                hint = None
                continue
        if not holder.evidence.verified:
            raise NoCard(None)
        walk.visit.patient = holder
        return wire.BillsRequest(person=person_of(holder))


async def _shown(walk: Walk, hint: str | None) -> wire.BillsRequest | ScannedCard:
    """The next slip, bill or card shown to the scanner; friendly corrections for anything else."""
    while True:
        try:
            text = await _next_code(walk, ScanForPay(hint=hint, fees=walk.site.one_stop is not None))
        except ScannerLost:
            if await walk.problem(SCANNER_LOST, ProblemChoice.RETRY, ProblemChoice.BY_HAND) is ProblemChoice.BY_HAND:
                raise _Typed from None
            continue
        shown = read_shown(text)
        if shown is not None:
            return shown
        walk.kit.sounds.error()
        hint = "scan.no_bill"


def read_shown(text: str) -> wire.BillsRequest | ScannedCard | None:
    """What a scanned text asks for; None when it is no slip, bill or card."""
    try:
        code = read_code(text)
    except CodeError:
        code = None
    match code:
        case SlipQr():
            return wire.BillsRequest(slip=code.token)
        case CccdQr():
            return ScannedCard(text, code)
        case VietQr() if (number := code.bill or code.purpose) and BILL_CODE.fullmatch(number):
            # A hospital's own payment code printed on the bill: it is paid by our code, never by that one.
            return wire.BillsRequest(code=number)
        case None | DossierCode() if BILL_CODE.fullmatch(as_read(text)):
            return wire.BillsRequest(code=as_read(text))
        case _:
            return None


async def _typed(walk: Walk) -> wire.BillsRequest:
    prompt = TypeLetters(what=AskedText.BILL, least=LEAST, most=MOST)
    return wire.BillsRequest(code=(await walk.ask(prompt)).text)


async def _with_look_up(walk: Walk, request: wire.BillsRequest) -> wire.BillsRequest:
    """Dossier codes are counted upwards: whoever holds the receipt knows the four characters beside it."""
    if walk.site.one_stop is None or request.code is None or not looks_like_dossier(request.code):
        return request
    typed = await walk.ask(TypeLetters(what=AskedText.LOOK_UP, least=LOOK_UP, most=LOOK_UP))
    return request.model_copy(update={"look_up_code": typed.text})


async def _next_code(walk: Walk, prompt: ScanForPay) -> str:
    async def answer() -> str:
        await walk.ask(prompt)
        raise _Typed

    async def lost() -> str:
        await walk.kit.scanner.lost()
        raise ScannerLost

    return await first(answer, walk.kit.scanner.scanned, lost)


async def _nothing(walk: Walk, what: NothingKind) -> None:
    """Try again, or end."""
    try:
        question = partial(NothingFound, what=what, desk=desk_name(walk.site.cashier, english=walk.english))
        if await walk.ask(question) is NothingAnswer.END:
            raise Over(Ending.LEFT)
    except WentBack:
        return
