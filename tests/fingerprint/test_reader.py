"""The supervised reader and the desk behind the journeys' seam, on the real wire: lost, back, compared."""

from __future__ import annotations

import io
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Any

import pytest
import trio
from PIL import Image

from drivers.device import DeviceState
from drivers.emrtd.lds.iso19794_4 import FingerCompression, FingerImage
from drivers.fingerprint import FingerHint, FingerRefused
from drivers.fingerprint import module as module_times
from drivers.fingerprint.reader import LOOK_SECONDS, FingerReader
from services.contract import models as wire
from services.fingers.matcher import WorkerMatcher
from services.gateway_client.errors import GatewayError, GatewayReason
from services.identity.by_finger import FingerDesk
from services.identity.citizen import Citizen, Evidence, EvidenceLevel
from services.journeys.offload import ThreadOffload
from services.journeys.ports import Fingers, FingerTry
from services.journeys.prompts import Finger, FingerReference
from simulators.fingerprint.ridges import grown, impressions, picture

pytestmark = [pytest.mark.wire, pytest.mark.trio]
Start = Callable[..., Any]


@asynccontextmanager
async def running(sensor: Any) -> AsyncGenerator[FingerReader]:
    def note(state: Any, _reason: Any) -> None:
        sensor.states.append(state)

    reader = FingerReader("finger reader under test", sensor.reader(highest_baud=230_400), note)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(reader.supervisor.run)
        with trio.fail_after(10):
            await reader.supervisor.found()
        yield reader
        nursery.cancel_scope.cancel()


def put_later(sensor: Any, seconds: float, **finger: Any) -> Callable[[], Any]:
    async def later() -> None:
        await trio.sleep(seconds)
        await trio.to_thread.run_sync(sensor.glass.put, finger)

    return later


def quiet(_percent: Any) -> None:
    """Progress that nobody shows."""


async def test_a_reader_is_lost_and_back_and_each_is_told_once(module: Start) -> None:
    sensor = module()
    sensor.states = []
    async with running(sensor) as reader:
        for _ in range(3):
            sensor.wire.unplug()
            with trio.fail_after(60):
                await reader.supervisor.lost()
                sensor.wire.plug()
                await reader.supervisor.found()
    # How soon: tests/device_health/test_replug.py
    assert sensor.states == [DeviceState.ONLINE, *[DeviceState.NO_DEVICE, DeviceState.ONLINE] * 3]


async def test_a_module_that_falls_silent_is_lost_after_two_questions(module: Start) -> None:
    sensor = module()
    sensor.states = []
    async with running(sensor) as reader:
        sensor.fails("silence", 2)
        with trio.fail_after(60):
            await reader.supervisor.lost()
            await reader.supervisor.found()
    assert sensor.sensor.body.faults["silence"] == 0
    assert LOOK_SECONDS + 2 * module_times.LOOK_SECONDS < 1
    assert sensor.states == [DeviceState.ONLINE, DeviceState.OFFLINE, DeviceState.ONLINE]


async def test_a_finger_comes_and_how_far_it_is_is_told(module: Start) -> None:
    sensor = module()
    sensor.states = []
    told: list[int] = []
    async with running(sensor) as reader, trio.open_nursery() as nursery:
        nursery.start_soon(put_later(sensor, 0.3, number=1))
        with trio.fail_after(10):
            seen = await reader.capture(lambda news: told.append(news.percent))
        assert seen.width == 256 and told[-1] == 100
        # The same finger left lying does not count again.
        with trio.fail_after(10), pytest.raises(FingerRefused) as caught:
            await reader.capture(quiet)
        assert caught.value.hint is FingerHint.LIFT


async def test_who_waits_no_longer_goes_on_at_once(module: Start) -> None:
    sensor = module()
    sensor.states = []
    async with running(sensor) as reader:
        began = trio.current_time()
        with trio.move_on_after(0.3):
            await reader.capture(quiet)
        assert trio.current_time() - began < 1
        await trio.sleep(0.3)
        sensor.glass.put({"number": 1})
        with trio.fail_after(10):
            assert await reader.capture(quiet)


class PlayedGateway:
    """Answers in order what the test wants."""

    def __init__(self, *answers: Any, positions: tuple[int, ...] = (2,)) -> None:
        self.answers = list(answers)
        self.positions = positions
        self.asked: list[Any] = []

    async def standing(self, person: wire.Person) -> wire.FingerStanding:
        return wire.FingerStanding(positions=self.positions)

    async def check(self, body: Any) -> wire.FingerVerdict:
        self.asked.append(body)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    enrol = come_back = check


class PlayedReader:
    """Gives one picture after the other."""

    available = True

    def __init__(self, *pictures: Any) -> None:
        self.pictures = list(pictures)

    async def capture(self, reading: Callable[[Any], None]) -> Any:
        one = self.pictures.pop(0)
        if isinstance(one, Exception):
            raise one
        return one


def seen(number: int, index: int) -> Any:
    from drivers.fingerprint import FingerPicture

    return FingerPicture(256, 288, 500, picture(grown(number), impressions(number, 6)[index]).tobytes())


def patient(*fingers: FingerImage) -> Citizen:
    return Citizen(Evidence(EvidenceLevel.CHIP_GENUINE), number="099185000829", fingers=tuple(fingers))


def on_chip(number: int) -> FingerImage:
    sink = io.BytesIO()
    Image.frombytes("L", (256, 288), seen(number, 0).pixels).save(sink, "JPEG2000", quality_layers=[15])
    return FingerImage(2, FingerCompression.JPEG2000, 256, 288, sink.getvalue())


@pytest.mark.skipif(find_spec("nbis") is None, reason="the optional matcher is not installed")
async def test_a_finger_is_compared_with_the_chip_and_never_sent(module: Start) -> None:
    matcher = WorkerMatcher([sys.executable, "-m", "kiosk", "worker", "fingers"], seconds=10)
    gateway = PlayedGateway()
    reader = PlayedReader(seen(1, 2), seen(2, 0), seen(1, 3))
    desk: Fingers = FingerDesk(reader, gateway, matcher, ThreadOffload())
    mine = patient(on_chip(1))
    assert await desk.reference(mine) is FingerReference.CHIP
    assert await desk.compare(mine, Finger.RIGHT_INDEX, quiet) == FingerTry(same=True)
    assert await desk.compare(mine, Finger.RIGHT_INDEX, quiet) == FingerTry(hint="other")
    broken = FingerImage(2, FingerCompression.WSQ, 256, 288, b"\xff\xa0 and nothing that follows")
    assert not (await desk.compare(patient(broken), Finger.RIGHT_INDEX, quiet)).same
    assert gateway.asked == []
    matcher.close()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (wire.FingerVerdict(answer=wire.FingerAnswer.MATCH), FingerTry(same=True)),
        (wire.FingerVerdict(answer=wire.FingerAnswer.NO_MATCH), FingerTry(hint="other")),
        (wire.FingerVerdict(answer=wire.FingerAnswer.FAILED), FingerTry(hint="other")),
        (wire.FingerVerdict(answer=wire.FingerAnswer.POOR), FingerTry(hint="press", counts=False)),
        (GatewayError(GatewayReason.NO_NETWORK, "test", sent=False), FingerTry(lost=True, counts=False)),
    ],
)
async def test_what_the_gateway_says_is_what_the_journey_hears(answer: Any, expected: FingerTry) -> None:
    gateway = PlayedGateway(answer)
    desk = FingerDesk(PlayedReader(seen(1, 0)), gateway, None, ThreadOffload())
    assert await desk.reference(patient()) is FingerReference.ENROLLED
    assert await desk.compare(patient(), Finger.LEFT_INDEX, quiet) == expected
    assert gateway.asked[0].position == 7


async def test_who_enrolled_nothing_is_not_asked(module: Start) -> None:
    desk = FingerDesk(PlayedReader(), PlayedGateway(positions=()), None, ThreadOffload())
    assert await desk.reference(patient()) is None


async def test_a_chip_picture_without_a_local_matcher_is_no_reference() -> None:
    desk = FingerDesk(PlayedReader(), PlayedGateway(positions=()), None, ThreadOffload())
    assert await desk.reference(patient(FingerImage(2, FingerCompression.WSQ, 1, 1, b"x"))) is None


async def test_a_refused_picture_is_a_hint_and_no_try() -> None:
    desk = FingerDesk(PlayedReader(FingerRefused(FingerHint.WIPE)), PlayedGateway(), None, ThreadOffload())
    tried = await desk.compare(patient(), Finger.RIGHT_INDEX, quiet)
    assert tried == FingerTry(hint="wipe", counts=False)
