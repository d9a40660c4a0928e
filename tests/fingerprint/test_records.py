"""Records of ISO/IEC 19794-2 and 19794-4 against bytes that were put together by hand from the standard's tables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.emrtd.lds.iso19794_2 import (
    FingerView,
    ImpressionType,
    Minutia,
    MinutiaeRecord,
    MinutiaKind,
    read_minutiae,
    write_minutiae,
)
from drivers.emrtd.lds.iso19794_4 import FingerCompression, FingerImage, read_finger_images, write_finger_images
from drivers.emrtd.lds.tlv import LdsError
from services.fingers.nbis_records import to_own, to_standard

# Two views: the right index with two minutiae, the left thumb with one and four bytes of extended data.
MINUTIAE = bytes.fromhex(
    "464D5200 20323000"  # "FMR", 0, " 20", 0
    "0000003A"  # 58 bytes
    "8003 0100 0120 00C5 00C5 02 00"  # device, 256 x 288, 197 pixels a centimetre, two views, reserved
    "02 00 50 02"  # right index, view 0, live plain, quality 80, two minutiae
    "4019 005C 98 2B"  # ending at 25, 92, angle 0x98, quality 43
    "80FF 011F 00 64"  # bifurcation at 255, 287, angle 0, quality 100
    "0000"  # no extended data
    "06 10 00 01"  # left thumb, view 1, live plain, no quality, one minutia
    "0000 0000 FF 00"  # other kind at 0, 0
    "0004 0001 0004"  # four bytes of extended data
)

IMAGES = bytes.fromhex(
    "46495200 30313000"  # "FIR", 0, "010", 0
    "000000000034"  # 52 bytes
    "0000 001F 01 02"  # device, level 31, one finger, pixels per centimetre
    "00C5 00C5 00C5 00C5 08 02 0000"  # 197 four times, 8 bit, WSQ, reserved
    "00000014 07 01 01 50 00 0100 0120 00"  # 20 bytes: left index, one view, the first, quality 80, plain, 256 x 288
    "FFA0 FFA1 0000"
)


def test_a_minutiae_record_put_together_by_hand_is_read() -> None:
    record = read_minutiae(MINUTIAE)
    assert (record.width, record.height, record.resolution_x, record.device) == (256, 288, 197, 0x8003)
    index, thumb = record.views
    assert (index.position, index.quality, index.impression) == (2, 80, ImpressionType.LIVE_PLAIN)
    assert index.minutiae[0] == Minutia(MinutiaKind.ENDING, 25, 92, 0x98, 43)
    assert index.minutiae[1] == Minutia(MinutiaKind.BIFURCATION, 255, 287, 0, 100)
    assert (thumb.position, thumb.number, thumb.extended) == (6, 1, bytes.fromhex("00010004"))


def test_what_was_read_is_written_byte_for_byte() -> None:
    assert write_minutiae(read_minutiae(MINUTIAE)) == MINUTIAE


@pytest.mark.parametrize(
    ("at", "value", "what"),
    [
        (4, 0x31, "the edition"),
        (11, 0x3B, "the length"),
        (15, 0x00, "no width"),
        (22, 0x03, "a view too many"),
        (22, 0x01, "a view too few"),
        (23, 0x01, "the reserved byte"),
        (24, 0x0B, "a finger that nobody has"),
        (27, 0x05, "more minutiae than there are"),
        (28, 0xC0, "a kind of the future"),
        (30, 0xC0, "reserved bits"),
        (34, 0x81, "outside the picture"),
        (33, 0x65, "a quality over 100"),
        (53, 0x05, "extended data that is cut"),
    ],
)
def test_one_wrong_byte_is_refused(at: int, value: int, what: str) -> None:
    wrong = bytearray(MINUTIAE)
    wrong[at] = value
    if what == "no width":
        wrong[14:16] = bytes(2)
    with pytest.raises(LdsError):
        read_minutiae(bytes(wrong))


def test_no_cut_and_no_tail_goes_unseen() -> None:
    for record, read in ((MINUTIAE, read_minutiae), (IMAGES, read_finger_images)):
        for end in range(len(record)):
            with pytest.raises(LdsError):
                read(record[:end])
        with pytest.raises(LdsError):
            read(record + b"\0")


def test_a_picture_record_put_together_by_hand_is_read() -> None:
    (finger,) = read_finger_images(IMAGES)
    expected = FingerImage(7, FingerCompression.WSQ, 256, 288, bytes.fromhex("FFA0FFA10000"), 500)
    assert finger == expected


def test_a_written_picture_record_has_its_bytes_where_they_belong() -> None:
    picture = FingerImage(7, FingerCompression.WSQ, 256, 288, bytes.fromhex("FFA0FFA10000"), 500)
    written = write_finger_images((picture,))
    by_hand = bytearray(IMAGES)
    by_hand[19] = 1  # pixels per inch
    by_hand[20:28] = bytes.fromhex("01F4 01F4 01F4 01F4")
    by_hand[39] = 0  # no quality
    assert written == bytes(by_hand)
    assert read_finger_images(written) == (picture,)


def test_a_picture_is_not_in_the_words_of_its_record() -> None:
    assert "\\xa0" not in repr(read_finger_images(IMAGES))


def test_the_matchers_own_bytes_become_a_record_of_the_standard_and_back() -> None:
    own = bytes.fromhex(
        "464D5200 20323000 00000026 0000 0100 0120"  # 38 bytes, 256 x 288
        "0000 0000 00 00 0002"  # no resolution, no views, two minutiae
        "4019 005C 98 1B"
        "803A 00AA 70 3F"
    )
    standard = to_standard(own, 500, 2)
    record = read_minutiae(standard)
    assert record.views[0].position == 2 and record.resolution_x == 197
    assert [minutia.quality for minutia in record.views[0].minutiae] == [43, 100]
    assert to_own(standard) == own


minutiae = st.builds(
    Minutia,
    st.sampled_from(MinutiaKind),
    st.integers(0, 255),
    st.integers(0, 287),
    st.integers(0, 255),
    st.integers(0, 100),
)
views = st.builds(
    FingerView,
    st.integers(0, 10),
    st.lists(minutiae, max_size=12).map(tuple),
    st.integers(0, 15),
    st.integers(0, 15),
    st.integers(0, 100),
    st.binary(max_size=9),
)


@settings(max_examples=60)
@given(st.lists(views, max_size=4).map(tuple))
def test_every_record_comes_back_as_it_was(given_views: tuple[FingerView, ...]) -> None:
    record = MinutiaeRecord(256, 288, 197, 197, given_views)
    assert read_minutiae(write_minutiae(record)) == record


@settings(max_examples=60)
@given(st.binary(max_size=80))
def test_noise_is_refused_and_nothing_else(noise: bytes) -> None:
    for magic, read in ((b"FMR\0 20\0", read_minutiae), (b"FIR\x00010\0", read_finger_images)):
        for data in (noise, magic + noise):
            try:
                read(data)
            except LdsError:
                continue
