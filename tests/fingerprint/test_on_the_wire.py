"""A module on a pseudo-terminal: found, sped up, read, and everything a cable and a cheap module do wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from drivers.fingerprint import (
    CaptureStage,
    FingerError,
    FingerErrorReason,
    FingerHint,
    FingerRefused,
    FingerScanner,
    NoFinger,
    Stopped,
)
from drivers.fingerprint.codes import Family

pytestmark = pytest.mark.wire
Start = Callable[..., Any]


def packed(pixels: bytes | None) -> bytes:
    assert pixels is not None
    return bytes((grey >> 4) * 17 for grey in pixels)


@pytest.mark.parametrize("family", ["r503", "zfm70", "plain"])
def test_each_family_is_recognised_and_gives_its_picture(module: Start, family: str) -> None:
    sensor = module(family)
    reader = sensor.reader()
    seam: FingerScanner = reader
    seam.open()
    assert reader._module.family is Family(family)
    assert seam.capabilities.light is (family != "plain")
    sensor.glass.put({"number": 1})
    picture = sensor.capture(reader)
    assert (picture.width, picture.height, picture.dpi) == (256, 288, 500)
    assert picture.pixels == packed(sensor.glass.pixels())
    stages = [news.stage for news in sensor.news]
    assert stages[0] is CaptureStage.WAITING and stages[-1] is CaptureStage.READING
    percents = [news.percent for news in sensor.news]
    assert percents == sorted(percents) and percents[-1] == 100 and len(set(percents)) > 5
    assert not sensor.sensor.light, "the light goes out with the capture"
    reader.close()


def test_both_ends_go_to_the_highest_speed_the_module_takes(module: Start) -> None:
    sensor = module(top_baud=230_400)
    reader = sensor.reader()
    reader.open()
    assert reader.capabilities.baud == sensor.wire.baud == sensor.wire.far_baud == 230_400
    assert sensor.sensor.body.packet == 3
    reader.close()


def test_the_cable_may_have_a_limit_of_its_own(module: Start) -> None:
    sensor = module()
    reader = sensor.reader(highest_baud=115_200)
    reader.open()
    assert sensor.wire.baud == sensor.wire.far_baud == 115_200
    reader.close()


def test_a_module_left_at_another_speed_is_found(module: Start) -> None:
    sensor = module(baud=9_600, top_baud=115_200)
    reader = sensor.reader(baud=115_200)
    reader.open()
    assert reader.capabilities.baud == 115_200
    reader.close()


def test_a_speed_that_was_promised_and_not_kept_is_left_again(module: Start) -> None:
    sensor = module(top_baud=460_800)
    sensor.fails("stays")
    reader = sensor.reader()
    reader.open()
    assert sensor.wire.baud == sensor.wire.far_baud == 230_400, "the next lower one"
    reader.close()


def test_sizes_come_from_what_came(module: Start) -> None:
    for family, size in (("r503", (192, 192)), ("plain", (192, 192)), ("r503", (320, 240))):
        sensor = module(family, size=size)
        reader = sensor.reader()
        reader.open()
        sensor.glass.put({"number": 2})
        picture = sensor.capture(reader)
        assert (picture.width, picture.height) == size
        reader.close()


def test_a_size_nobody_can_know_is_said_so(module: Start) -> None:
    sensor = module("plain", size=(320, 240))
    reader = sensor.reader()
    reader.open()
    sensor.glass.put({"number": 2})
    with pytest.raises(FingerError) as caught:
        sensor.capture(reader)
    assert caught.value.reason is FingerErrorReason.SIZE


@pytest.mark.parametrize("fault", ["cut", "checksum"])
def test_a_broken_picture_is_fetched_again(module: Start, fault: str) -> None:
    sensor = module()
    reader = sensor.reader()
    reader.open()
    sensor.glass.put({"number": 3})
    sensor.fails(fault)
    assert sensor.capture(reader).pixels == packed(sensor.glass.pixels())
    assert sensor.sensor.uploads == 2
    sensor.fails(fault, 2)
    with pytest.raises(FingerError) as caught:
        sensor.capture(reader)
    assert caught.value.reason is FingerErrorReason.PROTOCOL and caught.value.retry
    assert sensor.capture(reader).pixels, "and the one after it is whole"


def test_a_picture_of_a_wrong_size_is_no_picture(module: Start) -> None:
    sensor = module()
    reader = sensor.reader()
    reader.open()
    sensor.glass.put({"number": 3})
    sensor.fails("size")
    with pytest.raises(FingerError) as caught:
        sensor.capture(reader)
    assert caught.value.reason is FingerErrorReason.SIZE
    assert sensor.capture(reader).width == 256


@pytest.mark.parametrize("fault", ["silence", "cut-answer", "checksum-answer", "boot-byte", "stale"])
def test_a_spoilt_answer_costs_no_capture(module: Start, fault: str) -> None:
    sensor = module()
    reader = sensor.reader()
    reader.open()
    sensor.fails(fault)
    reader.check()
    assert not sensor.sensor.body.faults[fault]
    reader.close()


def test_power_comes_late(module: Start) -> None:
    sensor = module()
    sensor.fails("silence", 2)
    sensor.sensor.power_up()
    reader = sensor.reader()
    reader.open()
    reader.check()


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        ("messy", FingerHint.WIPE),
        ("few", FingerHint.PRESS),
        ("failed", FingerHint.AGAIN),
        ("unknown", FingerHint.AGAIN),
    ],
)
def test_a_refused_picture_is_a_hint(module: Start, fault: str, hint: FingerHint) -> None:
    sensor = module()
    reader = sensor.reader()
    reader.open()
    sensor.fails(fault)
    with pytest.raises(FingerRefused) as caught:
        sensor.capture(reader)
    assert caught.value.hint is hint


@pytest.mark.parametrize(
    ("way", "hint"),
    [
        ({"pressure": 1.0, "noise": 2.0}, None),
        ({"right": 110.0}, FingerHint.CENTRE),
        ({"down": -130.0}, FingerHint.CENTRE),
    ],
)
def test_a_finger_at_the_edge_is_told_where_to_go(
    module: Start, way: dict[str, float], hint: FingerHint | None
) -> None:
    sensor = module()
    reader = sensor.reader()
    reader.open()
    sensor.glass.put({"number": 4, **way})
    if hint is None:
        assert sensor.capture(reader)
        return
    with pytest.raises(FingerRefused) as caught:
        sensor.capture(reader)
    assert caught.value.hint is hint


def test_a_clone_that_sees_a_finger_where_none_is_is_not_believed(module: Start) -> None:
    sensor = module("plain")
    reader = sensor.reader()
    reader.open()
    sensor.fails("ghost", 10_000)
    with pytest.raises(FingerRefused) as caught:
        sensor.capture(reader, seconds=0.3)
    assert caught.value.hint is FingerHint.PRESS, "one bare picture may be a faint finger"
    with pytest.raises(NoFinger):
        sensor.capture(reader, seconds=0.3)
    assert sensor.news[-1].stage is CaptureStage.WAITING, "nobody reads that their finger is read"
    threading.Timer(0.3, sensor.glass.put, ({"number": 5},)).start()
    assert sensor.capture(reader, seconds=60).pixels == packed(sensor.glass.pixels()), "whoever comes is read"
    assert not reader.wait_lifted(0.1, threading.Event())
    assert not reader.wait_lifted(0.1, threading.Event()), "it lies there"
    sensor.glass.lift({})
    assert reader.wait_lifted(0.1, threading.Event()), "and is not asked to lift for ever"


def test_a_faint_finger_makes_no_clone_of_a_good_module(module: Start) -> None:
    sensor = module("plain")
    reader = sensor.reader()
    reader.open()
    for _ in range(3):  # lifted in between
        sensor.fails("ghost")
        with pytest.raises(FingerRefused) as caught:
            sensor.capture(reader, seconds=60)
        assert caught.value.hint is FingerHint.PRESS
        assert reader.wait_lifted(60, threading.Event())


@pytest.mark.parametrize("cleared", ["an answer", "opening"])
def test_a_clone_is_one_only_until_it_answers_otherwise_or_another_is_opened(module: Start, cleared: str) -> None:
    sensor = module("plain")
    reader = sensor.reader()
    reader.open()
    sensor.fails("ghost", 2)
    with pytest.raises(FingerRefused):
        sensor.capture(reader, seconds=60)
    if cleared == "opening":
        reader.open()
    else:
        sensor.fails("ghost", 2)
        with pytest.raises(NoFinger):
            sensor.capture(reader, seconds=1)
    sensor.fails("ghost")
    with pytest.raises(FingerRefused) as caught:
        sensor.capture(reader, seconds=60)
    assert caught.value.hint is FingerHint.PRESS


def test_a_clone_is_found_out_when_a_finger_was_lifted(module: Start) -> None:
    sensor = module("plain")
    reader = sensor.reader()
    reader.open()
    sensor.glass.put({"number": 5})
    assert sensor.capture(reader)
    sensor.glass.lift({})
    sensor.fails("ghost", 10_000)
    assert not reader.wait_lifted(0.1, threading.Event()), "the hint comes first"
    assert reader.wait_lifted(0.1, threading.Event())


def test_nobody_comes(module: Start) -> None:
    sensor = module()
    reader = sensor.reader()
    reader.open()
    with pytest.raises(NoFinger):
        sensor.capture(reader, seconds=0.2)
    assert not sensor.sensor.light


def test_a_capture_is_stopped_in_the_middle_of_its_picture(module: Start) -> None:
    sensor = module(paced=True, top_baud=115_200)
    reader = sensor.reader()
    reader.open()
    sensor.glass.put({"number": 5})
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        reader.capture(5, lambda _news: None, stop)
    # The rest of the picture is let go by before the next command.
    assert time.monotonic() - began < 6
    reader.check()


def test_lifting_is_seen(module: Start) -> None:
    sensor = module()
    reader = sensor.reader()
    reader.open()
    sensor.glass.put({"number": 6})
    assert not reader.wait_lifted(0.2, threading.Event())
    threading.Timer(0.2, lambda: sensor.glass.lift({})).start()
    assert reader.wait_lifted(2, threading.Event())


def test_a_cable_pulled_out_of_a_picture_is_lost_and_comes_back(module: Start) -> None:
    sensor = module(paced=True, top_baud=115_200)
    reader = sensor.reader()
    reader.open()
    sensor.glass.put({"number": 7})
    threading.Timer(0.6, sensor.wire.unplug).start()
    with pytest.raises(FingerError) as caught:
        sensor.capture(reader)
    assert caught.value.reason is FingerErrorReason.LOST
    reader.close()
    with pytest.raises(FingerError) as caught:
        reader.open()
    assert caught.value.reason is FingerErrorReason.ABSENT
    sensor.wire.plug()
    reader.open()
    reader.check()


def test_a_wrong_password_is_told_apart_from_silence(module: Start) -> None:
    sensor = module(password=0x1234)
    with pytest.raises(FingerError) as caught:
        sensor.reader().open()
    assert caught.value.reason is FingerErrorReason.PASSWORD
    reader = sensor.reader(password=0x1234)
    reader.open()
    reader.check()


def test_nobody_on_the_line_is_silence(module: Start) -> None:
    sensor = module()
    sensor.sensor.stop()
    with pytest.raises(FingerError) as caught:
        sensor.reader().open()
    assert caught.value.reason is FingerErrorReason.SILENT
