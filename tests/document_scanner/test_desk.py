"""The supervised scanner: comes and goes, says why, and ends a scan that nobody wants any more."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable

import pytest
import trio

from drivers.device import DeviceState
from drivers.document_scanner import DocumentDesk, ScanCapabilities, ScanError, ScanErrorReason, ScannedPage, ScanOrder
from drivers.document_scanner.codes import REASONS, STATES, SaneStatus, error_of
from drivers.held_line import HeldLine
from services.device_health import of_document_scanner

PAGE = ScannedPage(b"\xff\xd8", 1, 1, 75)


class Scanner:
    """Implements DocumentScanner with faults to set; `hang` scans until it is stopped."""

    def __init__(self) -> None:
        self.capabilities = ScanCapabilities()
        self.error: ScanErrorReason | None = None
        self.hang = False
        self.stopped = threading.Event()

    def open(self) -> None:
        if self.error is not None:
            raise ScanError(self.error)

    def scan(self, order: ScanOrder, page: Callable[[ScannedPage], None]) -> int:
        self.open()
        page(PAGE)
        if self.hang:
            self.stopped.clear()
            self.stopped.wait(5)
            raise ScanError(ScanErrorReason.WORKER)
        return 1

    def stop(self) -> None:
        self.stopped.set()

    def close(self) -> None:
        pass


Seen = list[tuple[DeviceState, ScanErrorReason | None]]


def desk_of(scanner: Scanner, seen: Seen) -> DocumentDesk:
    return DocumentDesk(
        "document scanner", scanner, lambda state, reason: seen.append((state, reason)), look_seconds=0.02
    )


async def with_desk(scanner: Scanner, work: Callable[[DocumentDesk, Seen], Awaitable[None]]) -> None:
    seen: Seen = []
    desk = desk_of(scanner, seen)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(desk.supervisor.run)
        with trio.fail_after(10):
            await work(desk, seen)
        nursery.cancel_scope.cancel()


def test_a_scanner_that_is_unplugged_is_said_once_and_found_again() -> None:
    scanner = Scanner()

    async def work(desk: DocumentDesk, seen: Seen) -> None:
        await desk.supervisor.found()
        scanner.error = ScanErrorReason.ABSENT
        await desk.supervisor.lost()
        scanner.error = None
        await desk.supervisor.found()
        assert seen == [
            (DeviceState.ONLINE, None),
            (DeviceState.NO_DEVICE, ScanErrorReason.ABSENT),
            (DeviceState.ONLINE, None),
        ]

    trio.run(with_desk, scanner, work)


def test_a_pulled_cable_is_noticed_before_the_next_question_is_due() -> None:
    scanner = Scanner()
    plugged = frozenset({"usb1", "1-1"})

    async def work() -> None:
        nonlocal plugged
        desk = DocumentDesk("document scanner", scanner, look_seconds=3600, plugged=lambda: plugged)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(desk.supervisor.run)
            with trio.fail_after(60):
                await desk.supervisor.found()
                scanner.error, plugged = ScanErrorReason.ABSENT, frozenset({"usb1"})
                await desk.supervisor.lost()
            nursery.cancel_scope.cancel()

    trio.run(work)


def test_a_jam_is_a_state_and_an_empty_feeder_is_none() -> None:
    scanner = Scanner()

    async def work(desk: DocumentDesk, seen: Seen) -> None:
        await desk.supervisor.found()
        for reason in (ScanErrorReason.NO_DOCUMENTS, ScanErrorReason.JAMMED):
            with pytest.raises(ScanError):
                await desk_scan_failing(desk, scanner, reason)
        await desk.supervisor.lost()
        assert seen[1:2] == [(DeviceState.USER_ERROR, ScanErrorReason.JAMMED)]

    trio.run(with_desk, scanner, work)


def test_a_jam_is_told_although_the_next_question_waited_behind_the_scan() -> None:
    waited = threading.Event()

    class Jammed(Scanner):
        def scan(self, order: ScanOrder, page: Callable[[ScannedPage], None]) -> int:
            waited.wait(60)
            raise ScanError(ScanErrorReason.JAMMED)

    async def work(desk: DocumentDesk, seen: Seen) -> None:
        async def question_waits() -> None:
            while not desk._place.statistics().tasks_waiting:  # pyright: ignore[reportPrivateUsage] (nothing else tells)
                await trio.sleep(0.01)
            waited.set()

        await desk.supervisor.found()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(question_waits)
            with pytest.raises(ScanError):
                await desk.scan(ScanOrder())
        await desk.supervisor.lost()
        assert seen[1:2] == [(DeviceState.USER_ERROR, ScanErrorReason.JAMMED)]

    trio.run(with_desk, Jammed(), work)


async def desk_scan_failing(desk: DocumentDesk, scanner: Scanner, reason: ScanErrorReason) -> None:
    original = scanner.scan

    def failing(order: ScanOrder, page: Callable[[ScannedPage], None]) -> int:
        raise ScanError(reason)

    scanner.scan = failing
    try:
        await desk.scan(ScanOrder())
    finally:
        scanner.scan = original


def test_a_scan_nobody_wants_any_more_ends_the_worker() -> None:
    scanner = Scanner()
    scanner.hang = True

    async def work(desk: DocumentDesk, seen: Seen) -> None:
        await desk.supervisor.found()
        with trio.move_on_after(0.1) as scope:
            await desk.scan(ScanOrder())
        assert scope.cancelled_caught
        assert scanner.stopped.is_set()
        scanner.hang = False
        assert await desk.scan(ScanOrder()) == (PAGE,)

    trio.run(with_desk, scanner, work)


def test_every_status_has_a_reason_and_unknown_ones_are_kept() -> None:
    assert set(REASONS) == set(SaneStatus) - {SaneStatus.GOOD}
    strange = error_of(77, "read")
    assert (strange.reason, strange.status) == (ScanErrorReason.UNKNOWN, 77)


def test_every_reason_has_a_code_of_its_own() -> None:
    codes = {of_document_scanner(STATES.get(one, DeviceState.ONLINE), one).failure_code for one in ScanErrorReason}
    assert len(codes) == len(ScanErrorReason)
    assert None not in codes


def test_a_machine_that_is_switched_off_starts_no_library() -> None:
    asked: list[str] = []

    class Counted(Scanner):
        def open(self) -> None:
            asked.append("open")

    async def work() -> None:
        (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
        port = listener.socket.getsockname()[1]
        await listener.aclose()
        seen: Seen = []
        desk = DocumentDesk(
            "document scanner",
            Counted(),
            lambda state, reason: seen.append((state, reason)),
            line=HeldLine("127.0.0.1", port),
        )
        async with trio.open_nursery() as nursery:
            nursery.start_soon(desk.supervisor.run)
            with trio.fail_after(60):
                await desk.supervisor.lost()
                while not seen:
                    await trio.sleep(0.01)
                assert seen == [(DeviceState.NO_DEVICE, ScanErrorReason.ABSENT)] and not asked
                (listener,) = await trio.open_tcp_listeners(port, host="127.0.0.1")
                await desk.supervisor.found()
            assert asked == ["open"]
            nursery.cancel_scope.cancel()
            await listener.aclose()

    trio.run(work)
