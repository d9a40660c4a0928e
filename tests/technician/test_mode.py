"""The technician's mode as a sequence of touches: in by PIN, board, tests, settings, out; never inside a session."""

from __future__ import annotations

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from services.contract.models import DeviceState
from services.device_health.devices import CARD_TERMINAL, FINGER, PRINTER, READER, SCANNER, SOUND
from services.journeys.prompts import (
    ActOnDevice,
    BoardChoice,
    CheckDevice,
    CheckResults,
    DeviceAction,
    Lamp,
    NextValue,
    ResultChoice,
    SettingsChoice,
    SiteSettingsPage,
    TechnicianBoard,
    TechnicianPin,
    TouchGrid,
)
from services.journeys.scripted import ScriptedStage, on
from services.messages import LANGUAGES, table
from services.technician.handshake import VendorMode
from services.technician.mode import serve_technician

PIN = "274918"
IN = on(TechnicianPin, PIN)
OUT = on(TechnicianBoard, BoardChoice.LEAVE)


def play(room: Any, *lines: Any) -> ScriptedStage:
    stage = ScriptedStage(*lines)

    async def run() -> None:
        room.handshake.request()
        await serve_technician(stage, room)

    trio.run(run, clock=MockClock(autojump_threshold=0))
    assert stage.fault is None
    assert room.handshake.state is VendorMode.INACTIVE and stage.resets == 1
    return stage


def test_the_right_pin_leads_to_the_board_and_back_to_the_people(room: Any) -> None:
    play(room, IN, OUT)
    assert room.done == ["pin"]


def test_a_wrong_pin_is_said_and_asked_again_and_leaving_is_always_possible(room: Any) -> None:
    stage = play(room, on(TechnicianPin, "000000"), on(TechnicianPin, None, wrong=True))
    assert room.done == ["pin"] and not any(isinstance(prompt, TechnicianBoard) for prompt in stage.seen)


def test_a_technicians_card_that_lies_there_asks_for_no_pin(room: Any) -> None:
    room.card = True
    stage = play(room, OUT)
    assert room.done == [] and not any(isinstance(prompt, TechnicianPin) for prompt in stage.seen)


def test_a_technicians_card_laid_down_while_the_pin_is_asked_lets_in(room: Any) -> None:
    room.card_comes, room.wait = 5.0, 30
    play(room, on(TechnicianPin, wait=30), OUT)
    assert room.done == []


def test_the_wait_is_counted_down_on_the_screen(room: Any) -> None:
    room.wait = 30
    stage = ScriptedStage(on(TechnicianPin, wait=30))

    async def run() -> None:
        room.handshake.request()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(serve_technician, stage, room)
            await trio.sleep(2.5)
            room.wait = 27
            await trio.sleep(1)
            nursery.cancel_scope.cancel()

    trio.run(run, clock=MockClock(autojump_threshold=0))
    assert [prompt.wait for prompt in stage.shown if isinstance(prompt, TechnicianPin)][-1] == 27


SILENT = (
    (on(TechnicianPin),),
    (IN, on(TechnicianBoard)),
    (IN, on(TechnicianBoard, BoardChoice.SETTINGS), on(SiteSettingsPage)),
)


@pytest.mark.parametrize("where", SILENT)
def test_a_mode_nobody_touches_ends_by_itself(room: Any, where: tuple[Any, ...]) -> None:
    play(room, *where)


def test_each_test_ends_with_its_own_result_whatever_becomes_of_the_others(room: Any) -> None:
    stage = play(
        room,
        IN,
        on(TechnicianBoard, BoardChoice.TEST_ALL),
        on(TouchGrid, 0),
        on(CheckResults, does=lambda: None),
    )
    last = [prompt for prompt in stage.shown if isinstance(prompt, CheckResults)][-1]
    assert last.running is None
    assert [(row.name, row.lamp) for row in last.rows] == [
        ("touch", Lamp.GOOD), ("printer", Lamp.GOOD), ("scanner", Lamp.FAULT), ("reader", Lamp.FAULT),
    ]  # fmt: skip
    assert last.rows[2].told.message == "tech.found.nobody" and last.rows[3].told.text == "ZeroDivisionError"


def test_one_device_is_tested_alone_and_again(room: Any) -> None:
    stage = play(
        room,
        IN,
        on(TechnicianBoard, CheckDevice("printer")),
        on(CheckResults, ResultChoice.AGAIN),
        on(CheckResults, ResultChoice.BACK),
        OUT,
    )
    assert {row.name for prompt in stage.shown if isinstance(prompt, CheckResults) for row in prompt.rows} == {
        "printer"
    }


def test_the_result_of_one_device_ends_with_its_counters_and_last_failures(room: Any) -> None:
    stage = play(room, IN, on(TechnicianBoard, CheckDevice("printer")), on(CheckResults, does=lambda: None))
    shown = [prompt for prompt in stage.shown if isinstance(prompt, CheckResults)]
    assert shown[0].history is None and shown[-1].history is not None and shown[-1].running is None


def test_fields_that_take_no_touch_are_a_fault(room: Any) -> None:
    stage = play(
        room,
        IN,
        on(TechnicianBoard, ActOnDevice("touch", DeviceAction.GRID)),
        on(TouchGrid, 7),
        on(CheckResults, ResultChoice.BACK),
        OUT,
    )
    (row,) = next(prompt for prompt in stage.shown if isinstance(prompt, CheckResults)).rows
    assert (row.lamp, dict(row.told.args)) == (Lamp.FAULT, {"count": 7})


def test_buttons_of_the_board_act_and_say_what_became_of_it(room: Any) -> None:
    stage = play(
        room,
        IN,
        on(TechnicianBoard, ActOnDevice("reader", DeviceAction.REOPEN)),
        on(TechnicianBoard, BoardChoice.EXPORT),
        OUT,
    )
    notes = [prompt.note.message for prompt in stage.seen if isinstance(prompt, TechnicianBoard) and prompt.note]
    assert room.done == ["pin", "reopen reader", "export"] and notes == ["tech.reopened", "tech.export.none"]


def test_settings_change_by_touch_are_undone_and_lead_to_a_restart(room: Any) -> None:
    play(
        room,
        IN,
        on(TechnicianBoard, BoardChoice.SETTINGS),
        on(SiteSettingsPage, NextValue("site.volume"), can_undo=False),
        on(SiteSettingsPage, SettingsChoice.UNDO, can_undo=True),
        on(SiteSettingsPage, SettingsChoice.BACK),
        on(TechnicianBoard, BoardChoice.RESTART),
    )
    assert room.done == ["pin", "site.volume", "undo", "restart"]


def test_every_device_of_the_board_has_a_name_and_every_state_a_word() -> None:
    for language in LANGUAGES:
        for device in (PRINTER, READER, SCANNER, SOUND, CARD_TERMINAL, FINGER, "touch", "gateway"):
            assert f"tech.device.{device}" in table(language)
        for state in DeviceState:
            assert f"tech.state.{state.value}" in table(language)
