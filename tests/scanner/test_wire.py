"""A scanner on a pseudo-terminal: codes, noise, floods, and a cable that is pulled."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
import trio
import trio.testing

from drivers.device import DeviceState
from drivers.scanner import CodeScanner, Framing, ScannerLine
from services.journeys.ports import Scanner

pytestmark = [pytest.mark.wire, pytest.mark.trio]
Start = Callable[..., Any]
CARD = "001085012345|012345678|Nguyễn Thị Hòa|01011985|Nữ|Số 5, Hòa Giang|10052021"


@asynccontextmanager
async def running(scanner: CodeScanner) -> AsyncGenerator[CodeScanner]:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(scanner.run)
        await until(lambda: scanner.state is not DeviceState.UNKNOWN)
        yield scanner
        nursery.cancel_scope.cancel()


async def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    with trio.fail_after(seconds):
        while not true():
            await trio.sleep(0.01)


async def do(simulator: Any, verb: str, **body: object) -> None:
    await trio.to_thread.run_sync(partial(simulator.do, verb, **body))


async def show(simulator: Any, scanner: CodeScanner, text: str) -> str:
    """What the kiosk hears when `text` is shown."""
    heard: list[str] = []

    async def listen() -> None:
        heard.append(await scanner.scanned())

    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(listen)
            await trio.testing.wait_all_tasks_blocked(0.001)
            nursery.start_soon(partial(do, simulator, "scan", text=text))
    return heard[0]


async def test_a_card_is_heard_letter_by_letter(simulated_scanner: Start) -> None:
    simulator = simulated_scanner()
    async with running(CodeScanner(ScannerLine(simulator.path))) as scanner:
        port: Scanner = scanner
        assert port.available
        assert await show(simulator, scanner, CARD) == CARD


async def test_a_scanner_without_terminator_and_with_prefix_is_heard(simulated_scanner: Start) -> None:
    simulator = simulated_scanner("--terminator", "none", "--prefix", "]Q1", "--baud", "9600")
    framing = Framing(prefix=b"]Q1", idle_gap=0.1)
    async with running(CodeScanner(ScannerLine(simulator.path, 9600), framing)) as scanner:
        assert await show(simulator, scanner, CARD) == CARD


async def test_a_code_shown_before_is_not_for_the_next_person(simulated_scanner: Start) -> None:
    simulator = simulated_scanner()
    async with running(CodeScanner(ScannerLine(simulator.path))) as scanner:
        await do(simulator, "scan", text="SOMEBODY ELSE")
        await until(lambda: scanner.dropped == 1)
        assert await show(simulator, scanner, "MINE") == "MINE"


async def test_a_code_shown_while_nothing_listened_is_dropped_at_the_opening(simulated_scanner: Start) -> None:
    simulator = simulated_scanner()
    await do(simulator, "scan", text="BEFORE THE START")
    async with running(CodeScanner(ScannerLine(simulator.path))) as scanner:
        assert await show(simulator, scanner, "AFTER") == "AFTER"


async def test_everybody_who_waits_hears_the_same_code_once(simulated_scanner: Start) -> None:
    simulator = simulated_scanner()
    heard: list[str] = []
    async with running(CodeScanner(ScannerLine(simulator.path))) as scanner:

        async def listen() -> None:
            heard.append(await scanner.scanned())

        with trio.fail_after(5):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(listen)
                nursery.start_soon(listen)
                await trio.testing.wait_all_tasks_blocked(0.001)
                await do(simulator, "scan", text="ONE")
                await do(simulator, "scan", text="TWO")
    assert heard == ["ONE", "ONE"]


async def test_garbage_and_floods_survive(simulated_scanner: Start) -> None:
    simulator = simulated_scanner("--baud", "0")
    async with running(CodeScanner(ScannerLine(simulator.path))) as scanner:
        for seed in range(5):
            await do(simulator, "garbage", length=3000, seed=seed)
        await do(simulator, "flood", bytes=300_000)
        await until(lambda: not scanner.framer.waiting)
        assert await show(simulator, scanner, CARD) == CARD
        assert scanner.framer.refused > 0


async def test_a_pulled_cable_comes_back_ten_times_and_is_logged_once_each_way(
    simulated_scanner: Start, caplog: pytest.LogCaptureFixture
) -> None:
    simulator = simulated_scanner()
    states: list[DeviceState] = []
    caplog.set_level(logging.INFO, "drivers")
    async with running(CodeScanner(ScannerLine(simulator.path), changed=states.append)) as scanner:
        descriptors = len(os.listdir("/proc/self/fd"))
        for _ in range(10):
            await do(simulator, "unplug")
            with trio.fail_after(5):
                await scanner.lost()
            assert not scanner.available
            await do(simulator, "plug")
            await until(lambda: scanner.available, 5)
        assert await show(simulator, scanner, CARD) == CARD
        assert len(os.listdir("/proc/self/fd")) <= descriptors + 1
    assert states == [DeviceState.ONLINE] + [DeviceState.NO_DEVICE, DeviceState.ONLINE] * 10
    assert len([record for record in caplog.records if record.levelno == logging.WARNING]) == 10
    assert CARD not in caplog.text and "012345" not in caplog.text


async def test_a_code_cut_by_the_pulled_cable_is_not_joined_to_the_next(simulated_scanner: Start) -> None:
    simulator = simulated_scanner()
    async with running(CodeScanner(ScannerLine(simulator.path), Framing(idle_gap=30))) as scanner:
        await do(simulator, "bytes", hex=b"HALF A CODE".hex())
        await until(lambda: scanner.framer.waiting)
        await do(simulator, "unplug")
        await until(lambda: not scanner.available)
        await do(simulator, "plug")
        await until(lambda: scanner.available)
        assert await show(simulator, scanner, "WHOLE") == "WHOLE"


async def test_a_scanner_that_was_never_there_is_lost_and_not_available(tmp_path: Any) -> None:
    async with running(CodeScanner(ScannerLine(str(tmp_path / "nothing")))) as scanner:
        assert not scanner.available
        with trio.fail_after(5):
            await scanner.lost()


async def test_an_idle_scanner_costs_nothing(simulated_scanner: Start) -> None:
    simulator = simulated_scanner()
    async with running(CodeScanner(ScannerLine(simulator.path))) as scanner:
        before = trio.lowlevel.current_statistics()
        await trio.testing.wait_all_tasks_blocked(0.1)
        assert scanner.available
        assert trio.lowlevel.current_statistics().seconds_to_next_deadline > 60
        assert before.tasks_living == trio.lowlevel.current_statistics().tasks_living
