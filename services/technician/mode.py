"""The technician's mode as prose: card or PIN, board, tests, settings, and back to the people.

It is entered between two sessions only (handshake) and left by itself when nobody touches anything for five minutes.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from enum import Enum
from typing import TypeVar

import trio

from services.failures import REGISTRY, TOUCH_MISSED
from services.journeys.crash import log_crash
from services.journeys.prompts import (
    ActOnDevice,
    BoardAnswer,
    BoardChoice,
    CheckDevice,
    CheckResults,
    DeviceAction,
    Lamp,
    NextValue,
    Prompt,
    ResultChoice,
    ResultRow,
    SettingsChoice,
    SiteSettingsPage,
    TechnicianLines,
    TechnicianPin,
    Told,
    TouchGrid,
)
from services.journeys.racing import first
from services.journeys.stage import Stage
from services.technician.room import Check, Outcome, Room

log = logging.getLogger(__name__)
A = TypeVar("A")
SILENCE_SECONDS = 300.0
PIN_SECONDS = 60.0
LOOK_SECONDS = 1.0
TOUCH = "touch"
COLUMNS = tuple(f"tech.line.{name}" for name in ("number", "header", "sent", "status", "received", "ms"))


class _ByCard(Enum):
    """Instead of a PIN."""

    CARD = "card"


CARD = _ByCard.CARD


class NobodyThere(Exception):
    """Nobody touched anything for so long that people are served again."""


async def serve_technician(stage: Stage, room: Room) -> None:
    """From the acknowledged request until people are served again. Never raises for a device."""
    room.handshake.enter()
    try:
        if await _let_in(stage, room):
            log.info("technician: the mode was entered")
            await _board(stage, room)
    except NobodyThere:
        log.info("technician: nobody is there")
    finally:
        room.handshake.leaving()
        stage.reset()
        room.handshake.leave()


async def _ask(stage: Stage, prompt: Prompt[A], seconds: float = SILENCE_SECONDS) -> A:
    with trio.move_on_after(seconds):
        return await stage.ask(prompt)
    raise NobodyThere


async def _let_in(stage: Stage, room: Room) -> bool:
    """A technician's card, or the PIN as often as the waits allow; False goes back to the start page."""
    if await room.card_lies_here():
        return True
    wrong, known = False, True
    while True:
        wait = await room.locked()
        prompt = TechnicianPin(wrong=wrong, wait=wait, known=known)
        typed = await _counted_down(stage, room, prompt)
        if typed is None or typed is CARD:
            return typed is CARD
        verdict = await room.check(typed)
        if verdict.right:
            return True
        wrong, known = True, verdict.known


async def _counted_down(stage: Stage, room: Room, prompt: TechnicianPin) -> str | _ByCard | None:
    async def asked() -> str | _ByCard | None:
        return await _ask(stage, prompt, PIN_SECONDS + prompt.wait)

    async def carded() -> str | _ByCard | None:
        await room.card_laid_down()
        return CARD

    async def count() -> str | _ByCard | None:
        while True:
            await trio.sleep(LOOK_SECONDS)
            if prompt.wait:
                left = await room.locked()
                stage.show(TechnicianPin(wrong=prompt.wrong, wait=left, known=prompt.known))

    return await first(asked, carded, count)


async def _board(stage: Stage, room: Room) -> None:
    note: Told | None = None
    while True:
        answer = await _looked_at(stage, room, note)
        note = None
        match answer:
            case BoardChoice.LEAVE:
                return
            case BoardChoice.RESTART:
                log.info("technician: restart")
                room.restart()
                return
            case BoardChoice.TEST_ALL:
                await _tests(stage, room, None)
            case BoardChoice.EXPORT:
                note = await room.export()
            case BoardChoice.SETTINGS:
                if await _settings(stage, room):
                    return
            case CheckDevice(device):
                await _tests(stage, room, device)
            case ActOnDevice(device, DeviceAction.GRID):
                await _tests(stage, room, device)
            case ActOnDevice(device, action):
                note = await room.act(device, action)


async def _looked_at(stage: Stage, room: Room, note: Told | None) -> BoardAnswer:
    """The board, true to the second while it is looked at."""
    board = await room.board(note)

    async def asked() -> BoardAnswer:
        return await _ask(stage, board)

    async def refresh() -> BoardAnswer:
        while True:
            await trio.sleep(LOOK_SECONDS)
            stage.show(await room.board(note))

    return await first(asked, refresh)


async def _tests(stage: Stage, room: Room, only: str | None) -> None:
    """One after the other, as often as wished."""
    wanted = [test for test in room.tests if only in {None, test.name}]
    while await _one_round(stage, room, wanted, only) is ResultChoice.AGAIN:
        pass


async def _one_round(stage: Stage, room: Room, wanted: Sequence[Check], only: str | None) -> ResultChoice:
    """Each result stands as soon as it is there."""
    touches = only in {None, TOUCH}
    done = [_row(TOUCH, await _touch_grid(stage, room), stage.language)] if touches else []
    begun = len(done)

    def shown() -> CheckResults:
        left = wanted[len(done) - begun :]
        rows = (*done, *(ResultRow(test.name, None, Told(test.hands)) for test in left))
        if left or only is None:
            return CheckResults(rows=rows, running=left[0].name if left else None)
        return CheckResults(rows=rows, history=room.history(only))

    async def run_all() -> ResultChoice:
        for test in wanted:
            stage.show(shown())
            done.append(_row(test.name, await _run(test), stage.language))
        stage.show(shown())
        await trio.sleep_forever()
        raise AssertionError

    async def asked() -> ResultChoice:
        while (chosen := await _ask(stage, shown())) is ResultChoice.LINES:
            row = next(row for row in done if row.table)
            await _ask(stage, TechnicianLines(name=row.name, heads=COLUMNS, rows=row.table))
        return chosen

    return await first(asked, run_all)


async def _run(test: Check) -> Outcome:
    with trio.move_on_after(test.seconds):
        try:
            return await test.run()
        except Exception as error:
            # A test that falls over is a finding, not the end of the mode.
            log_crash(f"technician: the test of {test.name}", error)
            return Outcome(Lamp.FAULT, Told(text=type(error).__name__))
    return Outcome(Lamp.FAULT, Told("tech.found.nobody", (("seconds", round(test.seconds)),)))


async def _touch_grid(stage: Stage, room: Room) -> Outcome:
    grid = TouchGrid()
    missed = await _ask(stage, grid)
    room.touched(missed)
    if missed:
        return Outcome(Lamp.FAULT, Told("tech.found.missed", (("count", missed),)), TOUCH_MISSED)
    return Outcome(Lamp.GOOD, Told("tech.found.touched", (("count", grid.columns * grid.lines),)))


def _row(name: str, outcome: Outcome, language: str) -> ResultRow:
    cure = ""
    if outcome.code is not None and outcome.code in REGISTRY:
        cure = f"{outcome.code}: {REGISTRY[outcome.code].cure(language)}"
    return ResultRow(name, outcome.lamp, outcome.told, cure, outcome.lines, outcome.table)


async def _settings(stage: Stage, room: Room) -> bool:
    """Whether the kiosk restarts now."""
    note: Told | None = None
    while True:
        page = SiteSettingsPage(rows=room.settings(), can_undo=room.can_undo, note=note)
        match await _ask(stage, page):
            case SettingsChoice.BACK:
                return False
            case SettingsChoice.RESTART:
                room.restart()
                return True
            case SettingsChoice.UNDO:
                note = await room.undo()
            case NextValue(name):
                note = await room.next_value(name)
