"""Meeting a person by their chip card: QR code, card on the reader, read, recognise (pictures 24, 25, 04)."""

from __future__ import annotations

from services.failures import code_of
from services.identity.citizen import Citizen
from services.journeys.journey import WentBack
from services.journeys.prompts import CardHolder
from services.journeys.steps.by_hand import meet_by_hand
from services.journeys.steps.no_card import CardByHand, other_way
from services.journeys.steps.read_chip import WrongKeys, read_chip
from services.journeys.steps.scan_code import ScannedCard, scan_id_card
from services.journeys.walk import Walk

TRIES_WITH_WRONG_CODE = 2


async def meet_by_card(walk: Walk, holder: CardHolder, scanned: ScannedCard | None = None) -> Citizen:
    """Scan, lay down, read. Raises NoCard when the person goes on without the card.

    Back from the reader leads to the scanner; a card that the code does not open asks for the right code, and after
    the second time offers another way. A code that cannot be scanned is typed from the card instead. `scanned` is a
    code that was shown before.
    """
    with walk.reader.held():
        hint, wrong = None, 0
        while True:
            try:
                scanned = scanned or await scan_id_card(walk, holder, hint)
            except CardByHand:
                try:
                    return await meet_by_hand(walk, holder)
                except WentBack:
                    hint = None
                    continue
            try:
                return await read_chip(walk, holder, scanned)
            except WentBack:
                hint = None
            except WrongKeys as error:
                hint, wrong = "scan.other_person", wrong + 1
                if wrong >= TRIES_WITH_WRONG_CODE:
                    await other_way(walk, code_of(error.why), None)
                    wrong = 0
            scanned = None
