"""A purchase to its end: whatever is lost on the way, the terminal is asked what became of it, never charged again."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import trio

from drivers.card_terminal.errors import TerminalError
from drivers.card_terminal.terminal import Answer, Attempt, CardTerminal, Outcome, Stage, Told

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long an attempt without an answer is asked about before a person must look, and how often (seconds)."""

    seconds: float = 90.0
    every: float = 2.0
    not_found_twice: float = 2.0
    """A terminal that says "not found" is asked once more after this: it may have begun in between."""


async def charge(terminal: CardTerminal, attempt: Attempt, told: Told, patience: Patience = Patience()) -> Answer:
    """Charge once. Final, or UNKNOWN when nobody could tell.

    Raises TerminalError only where the terminal was never asked (`sent` False): then nothing was charged.
    """
    try:
        answer = await terminal.purchase(attempt, told)
    except TerminalError as error:
        if not error.sent:
            raise
        log.warning("card terminal: the answer to a purchase is missing: %s", error)
    else:
        if answer.outcome.final:
            return answer
    told(Stage.RESOLVING)
    return await settle(terminal, attempt, patience)


async def settle(terminal: CardTerminal, attempt: Attempt, patience: Patience = Patience()) -> Answer:
    """Ask by status until it is final; UNKNOWN when the patience ends. Never raises for the terminal's state."""
    absent_before = False
    with trio.move_on_after(patience.seconds):
        while True:
            answer = await _asked(terminal, attempt)
            if answer is not None and answer.outcome is Outcome.NOT_FOUND and not absent_before:
                absent_before = True
                await trio.sleep(patience.not_found_twice)
                continue
            if answer is not None and answer.outcome.final:
                return answer
            absent_before = False
            await trio.sleep(patience.every)
    return Answer(Outcome.UNKNOWN)


async def _asked(terminal: CardTerminal, attempt: Attempt) -> Answer | None:
    try:
        return await terminal.status(attempt)
    except TerminalError as error:
        log.info("card terminal: no status: %s", error)
        return None
