"""The matcher in its worker: the same finger, another finger, pictures of chips, and what happens when it crashes."""

from __future__ import annotations

import io
import os
import signal
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from PIL import Image

from drivers.emrtd.lds.iso19794_2 import read_minutiae
from drivers.emrtd.lds.iso19794_4 import FingerCompression, FingerImage
from services.fingers.matcher import Grey, MatcherError, MatcherErrorReason, WorkerMatcher
from services.fingers.rules import IMPRESSIONS, THRESHOLD, Position, same_finger
from simulators.fingerprint.ridges import grown, impressions, picture

pytestmark = [
    pytest.mark.wire,
    pytest.mark.skipif(find_spec("nbis") is None, reason="the optional matcher is not installed"),
]
WORKER = [sys.executable, "-m", "kiosk", "worker", "fingers"]


def touch(number: int, index: int) -> Grey:
    return Grey(256, 288, 500, picture(grown(number), impressions(number, 6)[index]).tobytes())


@pytest.fixture(scope="module")
def matcher() -> Iterator[WorkerMatcher]:
    # The suite runs beside other work: what is tested here is not the second.
    one = WorkerMatcher(WORKER, seconds=10)
    one.prepare()
    yield one
    one.close()


def test_the_same_finger_scores_and_another_does_not(matcher: WorkerMatcher) -> None:
    enrolled = [matcher.extract(touch(1, index), Position.RIGHT_INDEX) for index in range(IMPRESSIONS)]
    assert same_finger(matcher.compare(matcher.extract(touch(1, 4), Position.RIGHT_INDEX), enrolled))
    other = matcher.compare(matcher.extract(touch(2, 0), Position.RIGHT_INDEX), enrolled)
    assert len(other) == IMPRESSIONS and not same_finger(other)


def test_comparing_ends_with_the_first_that_is_enough(matcher: WorkerMatcher) -> None:
    enrolled = [matcher.extract(touch(1, index), Position.RIGHT_INDEX) for index in range(IMPRESSIONS)]
    assert len(matcher.compare(enrolled[0], enrolled)) == 1
    assert len(matcher.compare(enrolled[0], enrolled, enough=100_000)) == IMPRESSIONS


def test_a_template_is_a_record_of_the_standard(matcher: WorkerMatcher) -> None:
    template = matcher.extract(touch(3, 0), Position.LEFT_INDEX)
    record = read_minutiae(template.record)
    assert record.views[0].position == Position.LEFT_INDEX and template.good
    assert len(record.views[0].minutiae) <= template.minutiae


def test_four_bits_a_pixel_are_enough(matcher: WorkerMatcher) -> None:
    whole = touch(4, 0)
    coarse = Grey(256, 288, 500, bytes((grey >> 4) * 17 for grey in touch(4, 1).pixels))
    templates = [matcher.extract(one, Position.RIGHT_INDEX) for one in (whole, coarse)]
    assert matcher.compare(templates[0], templates[1:])[0] >= THRESHOLD


def test_an_empty_window_is_nothing_to_compare(matcher: WorkerMatcher) -> None:
    assert not matcher.extract(Grey(256, 288, 500, bytes([240]) * 256 * 288), Position.RIGHT_INDEX).good


def test_a_record_of_another_layout_is_refused_not_scored_zero(matcher: WorkerMatcher) -> None:
    good = matcher.extract(touch(1, 0), Position.RIGHT_INDEX)
    foreign = type(good)(good.position, b"FMR\x00 30\x00" + good.record[8:], 40)
    with pytest.raises(MatcherError) as caught:
        matcher.compare(good, [foreign])
    assert caught.value.reason is MatcherErrorReason.UNREADABLE


@pytest.mark.parametrize("kind", [FingerCompression.JPEG2000, FingerCompression.PNG, FingerCompression.WSQ])
def test_pictures_of_chips_are_decoded_in_the_worker(matcher: WorkerMatcher, kind: FingerCompression) -> None:
    finger = touch(5, 0)
    image = Image.frombytes("L", (256, 288), finger.pixels)
    sink = io.BytesIO()
    if kind is FingerCompression.WSQ:
        import wsq  # noqa: F401 - in this process only to write one

        image.save(sink, "WSQ")
    else:
        image.save(sink, kind.name, **({"quality_layers": [15]} if kind is FingerCompression.JPEG2000 else {}))
    decoded = matcher.decode(FingerImage(2, kind, 256, 288, sink.getvalue()))
    assert (decoded.width, decoded.height) == (256, 288)
    again = matcher.extract(decoded, Position.RIGHT_INDEX)
    assert same_finger(matcher.compare(again, [matcher.extract(touch(5, 1), Position.RIGHT_INDEX)]))


@pytest.mark.parametrize("kind", [FingerCompression.JPEG2000, FingerCompression.WSQ, FingerCompression.UNKNOWN])
def test_rubbish_is_refused_and_the_next_question_answered(matcher: WorkerMatcher, kind: FingerCompression) -> None:
    with pytest.raises(MatcherError) as caught:
        matcher.decode(FingerImage(2, kind, 256, 288, b"\xff\xa0" + bytes(range(200))))
    assert caught.value.reason in {MatcherErrorReason.UNREADABLE, MatcherErrorReason.ENDED}
    assert matcher.extract(touch(1, 0), Position.RIGHT_INDEX).good


def test_a_picture_that_would_fill_the_memory_is_not_opened(matcher: WorkerMatcher) -> None:
    sink = io.BytesIO()
    Image.new("L", (6000, 6000)).save(sink, "PNG")
    with pytest.raises(MatcherError) as caught:
        matcher.decode(FingerImage(2, FingerCompression.PNG, 6000, 6000, sink.getvalue()))
    assert caught.value.reason is MatcherErrorReason.UNREADABLE


def test_a_crash_is_one_failed_attempt() -> None:
    matcher = WorkerMatcher(WORKER, seconds=10)
    matcher.prepare()
    first = matcher.pid
    assert first is not None
    os.kill(first, signal.SIGSEGV)
    time.sleep(0.1)
    assert matcher.extract(touch(1, 0), Position.RIGHT_INDEX).good
    assert matcher.pid not in {None, first}
    matcher.close()


@pytest.mark.timeout(30)
def test_who_is_late_is_killed_within_the_second() -> None:
    matcher = WorkerMatcher(WORKER, seconds=1.0)
    matcher.prepare()
    first = matcher.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)  # it hangs, as native code may
    began = time.monotonic()
    with pytest.raises(MatcherError) as caught:
        matcher.extract(touch(1, 0), Position.RIGHT_INDEX)
    assert caught.value.reason is MatcherErrorReason.ENDED and time.monotonic() - began < 1.5
    matcher.close()
