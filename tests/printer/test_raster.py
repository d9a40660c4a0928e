"""Pictures as GS v 0 bytes and back; python-escpos is the second opinion."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.printer import raster
from drivers.printer.commands import feed
from drivers.printer.decode import DecodeError, decode
from drivers.printer.status import parse_status


def picture_of(*rows: str) -> Image.Image:
    picture = Image.new("1", (len(rows[0]), len(rows)), 1)
    for y, row in enumerate(rows):
        for x, dot in enumerate(row):
            picture.putpixel((x, y), 0 if dot == "#" else 1)
    return picture


def test_a_row_is_bits_from_the_left_with_black_as_one() -> None:
    assert raster.to_dots(picture_of("#......#........", ".#.............#")) == bytes.fromhex("8100 4001")


def test_spare_bits_of_the_last_byte_stay_white() -> None:
    assert raster.to_dots(picture_of("##########")) == bytes.fromhex("ffc0")


def test_bands_carry_their_width_in_bytes_and_their_height_in_rows() -> None:
    bands = list(raster.bands(Image.new("1", (576, 130), 0), 64))
    assert [band[:8].hex() for band in bands] == ["1d76300048004000", "1d76300048004000", "1d76300048000200"]
    assert sum(len(band) - 8 for band in bands) == 72 * 130


def test_dots_never_look_like_a_realtime_command() -> None:
    rows = ["...#.........#.........#........", "...#.........#.#.......#........", "...#.......#.#.........#........"]
    sent = raster.without_realtime(raster.to_dots(picture_of(*rows)))
    assert sent == bytes.fromhex("18040100 18050100 18140100")


def test_a_picture_of_another_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="1-bit"):
        raster.to_dots(Image.new("L", (8, 8)))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 96), st.integers(1, 70), st.integers(1, 40), st.binary(min_size=1, max_size=64))
def test_what_is_encoded_is_decoded_again(width: int, height: int, band: int, pattern: bytes) -> None:
    stride = (width + 7) // 8
    data = (pattern * (stride * height // len(pattern) + 1))[: stride * height]
    picture = Image.frombytes("1", (width, height), data.replace(b"\xef", b"\xe7"))
    slips = decode(b"".join(raster.bands(picture, band)), width=stride * 8)
    assert slips[0].picture.crop((0, 0, width, height)).tobytes() == picture.tobytes()
    assert not slips[0].cut


def test_python_escpos_writes_the_same_dots(test_picture: Image.Image) -> None:
    from escpos.printer import Dummy

    other = Dummy(profile="default")
    other.image(test_picture, impl="bitImageRaster", fragment_height=64)
    slips = decode(other.output)
    assert slips[0].picture.crop((0, 0, 576, 400)).tobytes() == test_picture.tobytes()
    ours = b"".join(raster.bands(test_picture, 64))
    assert decode(ours)[0].picture.tobytes() == test_picture.tobytes()


def test_a_native_qr_code_of_python_escpos_is_drawn_and_can_be_read() -> None:
    import cv2
    import numpy
    from escpos.printer import Dummy

    other = Dummy(profile="TM-T88V")
    other.qr("TRM1-8F2K7Q", native=True, size=6, center=False)
    drawn = decode(other.output)[0].picture
    paper = Image.new("L", (drawn.width + 80, drawn.height + 80), 255)
    paper.paste(drawn.convert("L"), (40, 40))
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(numpy.asarray(paper))
    assert text == "TRM1-8F2K7Q"


def test_a_cut_ends_a_slip_and_a_feed_is_white_paper() -> None:
    ink = b"\x1dv0\x00\x01\x00\x02\x00\xff\xff"
    slips = decode(b"\x1b@" + ink + feed(300) + b"\x1dV\x42\x18" + ink + b"\x1dV\x00", width=8)
    assert [(slip.picture.height, slip.cut) for slip in slips] == [(2 + 300 + 24, True), (2, True)]
    assert slips[0].picture.getpixel((0, 5)) != 0


@pytest.mark.parametrize("broken", ["1d763000", "1d7630004800", "41", "1b7a", "1d7630000100020000"])
def test_bytes_that_are_no_command_name_their_place(broken: str) -> None:
    with pytest.raises(DecodeError, match="byte"):
        decode(bytes.fromhex(broken))


FRAGMENTS = st.sampled_from(
    [
        b"\x1b@",
        b"\x1dv0\x00\x01\x00\x02\x00",
        b"\x1d(k",
        b"\x03\x00",
        b"1P0",
        b"1Q0",
        b"\x1dV",
        b"\x1bJ",
        b"\x10\x04",
        b"\n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(FRAGMENTS, st.binary(max_size=6)), max_size=12))
def test_no_bytes_break_the_decoder(pieces: list[bytes]) -> None:
    with contextlib.suppress(DecodeError):
        decode(b"".join(pieces), width=64)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.integers(1, 4), st.one_of(st.none(), st.integers(0, 255))))
def test_no_answer_breaks_the_status(answers: dict[int, int | None]) -> None:
    status = parse_status(answers)
    assert status.can_print == (status.problem is None)
