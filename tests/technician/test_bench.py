"""Tests on the device, each against the device's own simulator or its real driver; a picture or page is never kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import trio
from trio.testing import MockClock

from drivers.card_terminal import NexoTerminal, Parties, TerminalAddress
from drivers.card_terminal.desk import TerminalDesk
from drivers.document_scanner import ScanError, ScanErrorReason
from drivers.fingerprint.picture import FingerPicture, quality
from drivers.fingerprint.reader import FingerReader
from kiosk.technician.bench import ask_terminal, capture_finger, plug_headphones, press_keys, scan_paper
from kiosk.technician.taps import ListeningTaps
from services.failures import REGISTRY
from services.journeys.ports import PaperScan
from services.journeys.prompts import Lamp
from simulators.fingerprint.ridges import grown, impressions, picture
from tests.card_terminal.conftest import SimulatedTerminal
from tests.fingerprint.conftest import module

__all__ = ["module"]
NAMES = {"back": "KEY_LEFT", "next": "KEY_RIGHT", "choose": "KEY_ENTER", "repeat": "KEY_UP"}


def now() -> datetime:
    return datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))


def shot(part: int = 288) -> FingerPicture:
    pixels = picture(grown(3), impressions(3, 1)[0], 256, 288).tobytes()
    return FingerPicture(256, 288, 500, pixels[: 256 * part] + bytes([240]) * (256 * (288 - part)))


def test_quality_tells_a_whole_finger_from_half_a_one_and_from_none() -> None:
    whole, half, none = (
        quality(shot()),
        quality(shot(part=150)),
        quality(FingerPicture(256, 288, 500, bytes(256 * 288))),
    )
    assert whole >= 90 and 35 <= half <= 65 and none == 0


@pytest.mark.wire
@pytest.mark.trio
async def test_a_finger_is_captured_with_its_quality_and_a_reader_that_is_gone_has_its_code(module: Any) -> None:
    sensor = module()
    reader = FingerReader("under test", sensor.reader(highest_baud=230_400))
    sensor.glass.put({"number": 3})
    async with trio.open_nursery() as nursery:
        nursery.start_soon(reader.supervisor.run)
        with trio.fail_after(60):
            await reader.supervisor.found()
            outcome = await capture_finger(reader)
            assert outcome.lamp is Lamp.GOOD and dict(outcome.told.args)["quality"] >= 60
            assert "256 × 288 · 500 dpi" in outcome.lines[0] and "230400 baud" in outcome.lines[0]
            sensor.wire.unplug()
            await reader.supervisor.lost()
            assert (await capture_finger(reader)).lamp is Lamp.FAULT
        nursery.cancel_scope.cancel()


@pytest.mark.wire
@pytest.mark.trio
async def test_a_card_terminal_is_asked_how_it_is_and_charges_nothing() -> None:
    simulated = SimulatedTerminal()
    try:
        address = TerminalAddress("127.0.0.1", int(simulated.facts["port"]), connect_seconds=5, answer_seconds=10)
        desk = TerminalDesk(NexoTerminal(address, Parties("TRAM03", simulated.facts["poi_id"])), "under test")
        good = await ask_terminal(desk)
        assert good.lamp is Lamp.GOOD and good.told.message == "tech.found.terminal"
        assert simulated.state()["requests"] == ["Diagnosis"], "more was asked of it than how it is"
    finally:
        simulated.kill()
    gone = await ask_terminal(desk)
    assert gone.lamp is Lamp.FAULT and gone.code == "TT-311" and gone.code in REGISTRY


def test_all_four_keys_are_good_and_missing_ones_are_named() -> None:
    taps = ListeningTaps()

    async def play(*keys: str) -> Any:
        found: list[Any] = []

        async def test() -> None:
            found.append(await press_keys(taps, NAMES))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(test)
            await trio.sleep(1)
            for key in keys:
                assert taps.key is not None
                taps.key(key)
        assert taps.key is None, "after the test the keys belong to the listening mode again"
        return found[0]

    good = trio.run(play, "repeat", "help", "back", "back", "next", clock=MockClock(autojump_threshold=0))
    assert good.lamp is Lamp.GOOD
    bad = trio.run(play, "back", "choose", clock=MockClock(autojump_threshold=0))
    assert (bad.lamp, bad.lines, dict(bad.told.args)) == (Lamp.FAULT, ("KEY_RIGHT · KEY_UP",), {"count": 2})


@pytest.mark.parametrize(
    ("turns", "lamp", "message"),
    [
        ((True, False), Lamp.GOOD, "tech.found.socket"),
        ((True,), Lamp.FAULT, "tech.found.socket.half"),
        ((), Lamp.FAULT, "tech.found.nobody"),
    ],
)
def test_a_headphone_socket_must_be_heard_both_ways(turns: tuple[bool, ...], lamp: Lamp, message: str) -> None:
    taps = ListeningTaps()

    async def play() -> Any:
        found: list[Any] = []

        async def test() -> None:
            found.append(await plug_headphones(taps))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(test)
            await trio.sleep(1)
            for turn in turns:
                assert taps.socket is not None
                taps.socket(turn)
        assert taps.socket is None
        return found[0]

    outcome = trio.run(play, clock=MockClock(autojump_threshold=0))
    assert (outcome.lamp, outcome.told.message) == (lamp, message)


@pytest.mark.trio
async def test_a_paper_is_scanned_and_an_empty_feeder_says_so() -> None:
    class Papers:
        available = True
        error: ScanError | None = None

        async def scan(self) -> PaperScan:
            await trio.lowlevel.checkpoint()
            if self.error is not None:
                raise self.error
            return PaperScan(bytes(5000), b"")

    papers = Papers()
    assert dict((await scan_paper(papers)).told.args)["kilobytes"] == 4
    papers.error = ScanError(ScanErrorReason.NO_DOCUMENTS)
    assert (await scan_paper(papers)).code == "DS-07"
