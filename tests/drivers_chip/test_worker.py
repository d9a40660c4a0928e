"""The card worker on a real wire: a private pcscd, a virtual reader, and cards that come, go, tear and fall mute."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import psutil
import pytest
import trio

from drivers.emrtd.reading import AccessKeys, AccessProtocol, FileId, ReadProgress, ReadStep
from drivers.smartcard.connection import CardError, CardErrorReason
from drivers.smartcard.remote import RemoteCardReader
from simulators.chip.slot import Slot
from simulators.chip.world import World
from simulators.pcsc import PrivatePcscd

pytestmark = pytest.mark.wire
LIMIT = 20.0


@asynccontextmanager
async def _running(
    pcsc: PrivatePcscd, silence: float = 5.0, limit: float = 60.0
) -> AsyncGenerator[RemoteCardReader, None]:
    reader = RemoteCardReader(env=pcsc.env, silence=silence)
    with trio.fail_after(limit):
        async with trio.open_nursery() as nursery:
            await nursery.start(reader.run)
            yield reader
            nursery.cancel_scope.cancel()


def _keys(card: Any) -> AccessKeys:
    return AccessKeys(card.content.can, (card.content.mrz_information,))


def _ignore(_: ReadProgress) -> None:
    pass


def _run(test: Callable[[], Any]) -> None:
    trio.run(test)


@pytest.mark.parametrize("profile", ["vietnam-2021", "vietnam-2024"])
def test_a_card_is_seen_read_and_seen_off(pcsc: PrivatePcscd, slot: Slot, world: World, profile: str) -> None:
    async def test() -> None:
        async with _running(pcsc) as reader:
            assert not reader.available
            card = world.card({"profile": profile})
            slot.insert(card)
            lying = await reader.inserted()
            assert reader.available
            assert (reader.card, lying.atr) == (lying, card.atr)
            steps: list[ReadProgress] = []
            reading = await reader.read(lying, _keys(card), b"12345678", steps.append)
            assert {FileId.DG1, FileId.DG2, FileId.DG13, FileId.DG14, FileId.DG15, FileId.SOD} <= reading.files.keys()
            assert reading.transcript.active_authentication is not None
            expected = AccessProtocol.BAC if profile == "vietnam-2021" else AccessProtocol.PACE
            assert reading.transcript.access is expected
            assert list(dict.fromkeys(news.step for news in steps)) == list(ReadStep)
            early = next(news.reading for news in steps if news.step is ReadStep.DATA_READ)
            assert early is not None
            assert early.files == {file: data for file, data in reading.files.items() if file is not FileId.DG2}
            assert early.transcript == reading.transcript
            percents = [news.percent for news in steps]
            assert percents == sorted(percents)
            assert percents[-1] == 100
            slot.remove()
            await reader.removed(lying)
            assert reader.card is None

    _run(test)


def test_the_same_card_again_is_a_new_laying_down_and_the_old_one_cannot_be_read(
    pcsc: PrivatePcscd, slot: Slot, world: World
) -> None:
    async def test() -> None:
        async with _running(pcsc) as reader:
            card = world.card({})
            slot.insert(card)
            first = await reader.inserted()
            slot.remove()
            await reader.removed(first)
            slot.insert(card)
            second = await reader.inserted(after=first.serial)
            assert second.serial > first.serial
            with pytest.raises(CardError) as caught:
                await reader.read(first, _keys(card), None, _ignore)
            assert caught.value.reason is CardErrorReason.REMOVED
            assert await reader.opens(second, _keys(card))
            assert not await reader.opens(second, AccessKeys("000000", ("099000017699011552401151",)))

    _run(test)


def test_a_wrong_key_is_access_denied_and_a_foreign_card_no_travel_document(
    pcsc: PrivatePcscd, slot: Slot, world: World
) -> None:
    async def test() -> None:
        async with _running(pcsc) as reader:
            for options, reason in (
                ({}, CardErrorReason.ACCESS_DENIED),
                ({"not_emrtd": True}, CardErrorReason.NOT_EMRTD),
            ):
                slot.insert(world.card(options))
                lying = await reader.inserted(after=-1 if reader.card is None else reader.card.serial)
                with pytest.raises(CardError) as caught:
                    await reader.read(lying, AccessKeys(None, ("099000017699011552401151",)), None, _ignore)
                assert caught.value.reason is reason
                slot.remove()
                await reader.removed(lying)

    _run(test)


def test_a_card_pulled_in_mid_read_is_removed(pcsc: PrivatePcscd, slot: Slot, world: World) -> None:
    async def test() -> None:
        async with _running(pcsc) as reader:
            card = world.card({"remove_at_percent": 40, "extended": False})
            slot.insert(card)
            lying = await reader.inserted()
            with pytest.raises(CardError) as caught:
                await reader.read(lying, _keys(card), None, _ignore)
            assert caught.value.reason is CardErrorReason.REMOVED
            assert caught.value.retry
            await reader.removed(lying)

    _run(test)


def test_a_cancelled_read_lets_go_at_once_and_the_next_one_works(pcsc: PrivatePcscd, slot: Slot, world: World) -> None:
    async def test() -> None:
        async with _running(pcsc) as reader:
            card = world.card({"delay_ms": 20, "extended": False})
            slot.insert(card)
            lying = await reader.inserted()
            pid = reader.worker_pid
            async with trio.open_nursery() as nursery:
                begun = trio.Event()
                nursery.start_soon(reader.read, lying, _keys(card), None, lambda _: begun.set())
                await begun.wait()
                nursery.cancel_scope.cancel()
            before = slot.apdus
            assert await reader.opens(lying, _keys(card))
            assert slot.apdus - before < 20
            assert reader.worker_pid == pid

    _run(test)


def test_a_mute_card_is_given_up_and_the_next_one_is_read(pcsc: PrivatePcscd, slot: Slot, world: World) -> None:
    async def test() -> None:
        async with _running(pcsc, silence=0.3) as reader:
            card = world.card({"mute_at": 9})
            slot.insert(card)
            lying = await reader.inserted()
            pid = reader.worker_pid
            with pytest.raises(CardError) as caught:
                await reader.read(lying, _keys(card), None, _ignore)
            assert caught.value.reason is CardErrorReason.MUTE
            slot.remove()
            await reader.removed(lying)
            good = world.card({})
            slot.insert(good)
            lying = await reader.inserted(after=lying.serial)
            reader._silence = 5.0  # pyright: ignore[reportPrivateUsage] a slow machine is no mute card
            reading = await reader.read(lying, _keys(good), None, _ignore)
            assert FileId.DG1 in reading.files
            assert reader.worker_pid != pid

    _run(test)


def _footprint() -> tuple[int, int, int]:
    """Threads, children and file descriptors of this process."""
    own = psutil.Process()
    return threading.active_count(), len(own.children(recursive=True)), len(os.listdir("/proc/self/fd"))


def test_a_hundred_mute_cards_leave_no_thread_process_or_handle_behind(
    pcsc: PrivatePcscd, slot: Slot, world: World
) -> None:
    """Cards change slots: pcscd 1.9.9 overlooks one that comes back to a slot within its poll of 400 ms."""

    async def test() -> None:
        card = world.card({"mute_at": 2})
        other = Slot(pcsc.port + 1)
        async with _running(pcsc, silence=0.1, limit=170.0) as reader:
            serial = -1
            footprints: list[tuple[int, int, int]] = []
            daemon_handles: list[int] = []
            daemon = psutil.Process(pcsc.pid)
            for number in range(100):
                place = (slot, other)[number % 2]
                place.insert(card)
                lying = await reader.inserted(after=serial)
                serial = lying.serial
                if number % 33 == 1:
                    footprints.append(_footprint())
                    daemon_handles.append(daemon.num_fds() + daemon.num_threads())
                with pytest.raises(CardError) as caught:
                    await reader.read(lying, _keys(card), None, _ignore)
                assert caught.value.reason is CardErrorReason.MUTE
                place.remove()
            assert len(set(footprints)) == 1
            assert daemon_handles[-1] - daemon_handles[0] <= 4

    _run(test)


def test_the_watcher_survives_a_restart_and_a_crash_of_the_service(
    pcsc: PrivatePcscd, slot: Slot, world: World
) -> None:
    async def test() -> None:
        card = world.card({})
        async with _running(pcsc) as reader:
            slot.insert(card)
            lying = await reader.inserted()
            pid = reader.worker_pid
            for end in (pcsc.stop, pcsc.kill):
                await trio.to_thread.run_sync(end)
                assert (await reader.lost()).reason is CardErrorReason.NO_SERVICE
                assert not reader.available
                await reader.removed(lying)
                await trio.to_thread.run_sync(pcsc.start)
                lying = await reader.inserted(after=lying.serial)
                reading = await reader.read(lying, _keys(card), None, _ignore)
                assert FileId.DG1 in reading.files
            assert reader.worker_pid == pid

    _run(test)


def test_a_reader_that_is_gone_while_the_service_runs_is_told_and_found_again(
    pcsc: PrivatePcscd, slot: Slot, world: World
) -> None:
    async def test() -> None:
        card = world.card({})
        async with _running(pcsc) as reader:
            slot.insert(card)
            lying = await reader.inserted()
            pid = reader.worker_pid
            await trio.to_thread.run_sync(pcsc.unplug)
            await reader.removed(lying)
            while (await reader.lost()).reason is not CardErrorReason.NO_READER:
                await trio.sleep(0.01)  # pcscd was restarted for it: first the service is away, then the reader
            assert not reader.available and reader.card is None
            await trio.to_thread.run_sync(pcsc.plug)
            lying = await reader.inserted(after=lying.serial)
            assert FileId.DG1 in (await reader.read(lying, _keys(card), None, _ignore)).files
            assert reader.worker_pid == pid

    _run(test)


def test_a_service_that_ends_in_mid_read_is_no_service(pcsc: PrivatePcscd, slot: Slot, world: World) -> None:
    async def test() -> None:
        async with _running(pcsc) as reader:
            card = world.card({"delay_ms": 20, "extended": False})
            slot.insert(card)
            lying = await reader.inserted()
            begun = trio.Event()

            async def stop() -> None:
                await begun.wait()
                await trio.to_thread.run_sync(pcsc.kill)

            async with trio.open_nursery() as nursery:
                nursery.start_soon(stop)
                with pytest.raises(CardError) as caught:
                    await reader.read(lying, _keys(card), None, lambda _: begun.set())
            assert caught.value.reason in {CardErrorReason.NO_SERVICE, CardErrorReason.REMOVED}

    _run(test)


def test_a_worker_that_dies_is_replaced_and_the_card_keeps_its_serial(
    pcsc: PrivatePcscd, slot: Slot, world: World
) -> None:
    async def test() -> None:
        async with _running(pcsc) as reader:
            card = world.card({})
            slot.insert(card)
            lying = await reader.inserted()
            assert reader.worker_pid is not None
            worker = psutil.Process(reader.worker_pid)
            worker.kill()
            while reader.worker_pid in (None, worker.pid):
                await trio.sleep(0.01)
            reading = await reader.read(lying, _keys(card), None, _ignore)
            assert FileId.DG1 in reading.files
            assert reader.card == lying

    _run(test)


def test_nothing_is_left_when_the_reader_is_stopped(pcsc: PrivatePcscd, slot: Slot, world: World) -> None:
    async def test() -> None:
        before = _footprint()
        async with _running(pcsc) as reader:
            slot.insert(world.card({"mute_at": 3}))
            lying = await reader.inserted()
            with trio.move_on_after(0.2):
                await reader.read(lying, AccessKeys("123456"), None, _ignore)
        slot.remove()
        after = _footprint()
        assert after[1] == before[1]
        assert after[2] <= before[2]

    _run(test)


def test_a_worker_that_cannot_start_makes_the_reader_unavailable() -> None:
    async def test() -> None:
        reader = RemoteCardReader(["/nonexistent/worker"])
        async with trio.open_nursery() as nursery:
            await nursery.start(reader.run)
            with trio.fail_after(LIMIT):
                assert (await reader.lost()).reason is CardErrorReason.NO_SERVICE
            nursery.cancel_scope.cancel()

    _run(test)


TALK = {
    "bytes without sense": "sys.stdout.buffer.write(b'\\xff' * 100)",
    "no JSON": "sys.stdout.buffer.write(b'\\0\\0\\0\\3abc')",
    "a frame without fields": "sys.stdout.buffer.write(b'\\0\\0\\0\\2{}')",
    "a list": "sys.stdout.buffer.write(b'\\0\\0\\0\\2[]')",
    "a cut frame": "sys.stdout.buffer.write(b'\\0\\0\\0\\x10{}')",
}


@pytest.mark.parametrize("talk", TALK.values(), ids=TALK)
def test_a_worker_that_talks_nonsense_is_ended_and_never_harms_the_kiosk(talk: str) -> None:
    async def test() -> None:
        reader = RemoteCardReader([sys.executable, "-c", f"import sys; {talk}; sys.stdout.flush()"])
        async with trio.open_nursery() as nursery:
            await nursery.start(reader.run)
            with trio.fail_after(LIMIT):
                assert (await reader.lost()).reason is CardErrorReason.NO_SERVICE
            assert not reader.available
            nursery.cancel_scope.cancel()

    _run(test)


def test_what_a_listener_raises_is_raised_by_its_reading(pcsc: PrivatePcscd, slot: Slot, world: World) -> None:
    async def test() -> None:
        def broken(_: ReadProgress) -> None:
            raise LookupError("no such picture")

        async with _running(pcsc) as reader:
            card = world.card({})
            slot.insert(card)
            lying = await reader.inserted()
            with pytest.raises(LookupError):
                await reader.read(lying, _keys(card), None, broken)
            assert await reader.opens(lying, _keys(card))

    _run(test)
