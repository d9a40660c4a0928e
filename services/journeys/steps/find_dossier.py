"""Whose dossier: a slip, a code with what belongs to it, or the chip. Only the chip opens more than one."""

from __future__ import annotations

from functools import partial

from services.codes.cccd import CccdQr
from services.codes.detect import read_code
from services.codes.dossier import DossierCode
from services.codes.errors import CodeError
from services.codes.slip import SlipQr
from services.contract import one_stop as wire
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
    ScanForDossier,
    ScanForRating,
    TypeLetters,
)
from services.journeys.racing import first
from services.journeys.registration import person_of
from services.journeys.steps.by_card import meet_by_card
from services.journeys.steps.no_card import NoCard
from services.journeys.steps.scan_code import ScannedCard, ScannerLost
from services.journeys.walk import Walk
from services.journeys.words import desk_name

LEAST, MOST = 8, 40
LOOK_UP = 4
SENDING = 8
"""Letters and digits of a sending code; it stands alone, a dossier code never does."""


class Typed(Exception):
    """The person rather types the code."""


async def find_dossier(walk: Walk) -> None:
    """Until there is one. Nothing of a dossier is asked for before slip, codes or chip prove it."""
    visit = walk.visit
    visit.dossiers = visit.dossiers_request = None
    while not visit.dossiers:
        try:
            request = await _request(walk)
        except NoCard:
            await nothing(walk, NothingKind.DOSSIER_UNPROVEN)
            continue
        try:
            found = await walk.working("working.dossiers", partial(walk.kit.gateway.find_dossiers, request))
        except GatewayError as error:
            await refused(walk, error)
            continue
        visit.dossiers, visit.dossiers_request = found.dossiers, request
        if not found.dossiers:
            await nothing(walk, NothingKind.DOSSIER)


async def refused(walk: Walk, error: GatewayError) -> None:
    """Nothing fits, too many tries, or no answer: try again, or end."""
    if error.status == 404:
        await nothing(walk, NothingKind.DOSSIER)
    elif error.status == 429:
        await nothing(walk, NothingKind.DOSSIER_PAUSED)
    elif await walk.problem(code_of(error), ProblemChoice.RETRY, ProblemChoice.ASK_DESK) is ProblemChoice.ASK_DESK:
        raise Over(Ending.LEFT)


async def nothing(walk: Walk, what: NothingKind) -> None:
    """Try again, or end."""
    try:
        question = partial(NothingFound, what=what, desk=desk_name(walk.site.help_desk, english=walk.english))
        if await walk.ask(question) is NothingAnswer.END:
            raise Over(Ending.LEFT)
    except WentBack:
        return


async def _request(walk: Walk) -> wire.DossiersRequest:
    """What was shown or typed, as a question. Raises NoCard when a card proved nobody."""
    hint = None
    while True:
        try:
            shown = await show_or_type(walk, ScanForDossier(hint=hint))
        except Typed:
            try:
                code, look_up = await type_codes(walk)
            except WentBack:
                hint = None
                continue
            return wire.DossiersRequest(code=code, look_up_code=look_up)
        match shown:
            case SlipQr(token):
                return wire.DossiersRequest(token=token)
            case DossierCode(code):
                try:
                    return wire.DossiersRequest(code=code, look_up_code=await type_look_up(walk))
                except WentBack:
                    hint = None
            case ScannedCard():
                try:
                    return await _by_chip(walk, shown)
                except WentBack:
                    hint = None
            case None:
                hint = "scan.no_dossier"


async def _by_chip(walk: Walk, shown: ScannedCard) -> wire.DossiersRequest:
    with walk.reader.held():
        holder = await meet_by_card(walk, CardHolder.PATIENT, shown)
    if not holder.evidence.verified:
        raise NoCard(None)
    walk.visit.patient = holder
    return wire.DossiersRequest(person=person_of(holder))


async def show_or_type(walk: Walk, prompt: ScanForDossier | ScanForRating) -> SlipQr | DossierCode | ScannedCard | None:
    """What is shown to the scanner next; None when it is none of these. Raises Typed."""
    while True:
        try:
            text = await _next_code(walk, prompt)
        except ScannerLost:
            if await walk.problem(SCANNER_LOST, ProblemChoice.RETRY, ProblemChoice.BY_HAND) is ProblemChoice.BY_HAND:
                raise Typed from None
            continue
        try:
            code = read_code(text)
        except CodeError:
            code = None
        if isinstance(code, SlipQr | DossierCode):
            return code
        if isinstance(code, CccdQr):
            return ScannedCard(text, code)
        walk.kit.sounds.error()
        return None


async def type_codes(walk: Walk) -> tuple[str, str | None]:
    """A sending code alone, or a dossier code with the four characters beside it."""
    while True:
        code = (await walk.ask(TypeLetters(what=AskedText.DOSSIER, least=LEAST, most=MOST))).text
        if sum(letter.isalnum() for letter in code) == SENDING:
            return code, None
        try:
            return code, await type_look_up(walk)
        except WentBack:
            continue


async def type_look_up(walk: Walk) -> str:
    """The four characters that only the receipt carries."""
    return (await walk.ask(TypeLetters(what=AskedText.LOOK_UP, least=LOOK_UP, most=LOOK_UP))).text


async def _next_code(walk: Walk, prompt: ScanForDossier | ScanForRating) -> str:
    async def answer() -> str:
        await walk.ask(prompt)
        raise Typed

    async def lost() -> str:
        await walk.kit.scanner.lost()
        raise ScannerLost

    return await first(answer, walk.kit.scanner.scanned, lost)
