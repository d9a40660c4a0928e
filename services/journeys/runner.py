"""The runner: walks a journey's steps forwards and back, and catches whatever ends a session early."""

from __future__ import annotations

from services.failures import CRASH
from services.journeys.card_watch import watch_for_different_card
from services.journeys.crash import log_crash
from services.journeys.journey import Ending, Journey, Over, WentBack, WentHome
from services.journeys.prompts import ProblemChoice
from services.journeys.racing import first
from services.journeys.walk import Walk


async def run(journey: Journey, walk: Walk) -> Ending:
    """Walk the journey to one of its endings. Never raises; what was gathered is still in the visit."""
    try:
        await first(lambda: _walk(journey, walk), lambda: watch_for_different_card(walk), walk.behind.run)
    except Over as over:
        return over.ending
    except (WentHome, WentBack):
        return Ending.LEFT
    except Exception as error:
        log_crash(walk.step.name if walk.step else journey.name, error)
    else:
        return Ending.DONE
    return await _after_crash(walk)


async def _walk(journey: Journey, walk: Walk) -> None:
    """One step after the other.

    Back leads to the step before; a step that falls away is passed in the same direction. Answers stay in the visit.
    Once the number is taken, or a dossier sent, there is no way back: the step asks again.
    """
    index, backwards = 0, False
    while index < len(journey.steps):
        step = journey.steps[index]
        walk.enter(step, backwards=backwards)
        try:
            turn = await step.run(walk)
        except WentBack:
            if walk.visit.committed:
                continue
            if index == 0:
                raise
            index, backwards = index - 1, True
            continue
        if turn is not None:
            index, backwards = journey.after(turn), False
        elif backwards and not walk.asked and index > 0:
            index -= 1
        else:
            index, backwards = index + 1, False


async def _after_crash(walk: Walk) -> Ending:
    """Say that the session had to end. Who has a number, or is paying, is not sent away: the tail sees to it."""
    if walk.visit.accepted is None and walk.visit.intent is None and not walk.visit.money_moved:
        walk.visit.wipe()
        try:
            await walk.problem(CRASH, ProblemChoice.END, back=False)
        except (Over, WentHome):
            pass
        except Exception as error:
            log_crash("telling", error)
    return Ending.FAILURE
