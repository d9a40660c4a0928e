"""Packets from bytes that were put together by hand, and the way back after everything else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.fingerprint.codes import Confirmation, confirmation_of
from drivers.fingerprint.module import Parameters, refusal
from drivers.fingerprint.packets import Kind, Packet, PacketReader, encode

# GenImg and "no finger" as the makers' manuals print them.
GEN_IMG = bytes.fromhex("EF01 FFFFFFFF 01 0003 01 0005")
NO_FINGER = bytes.fromhex("EF01 FFFFFFFF 07 0003 02 000C")
HAND_SHAKE = bytes.fromhex("EF01 FFFFFFFF 01 0003 40 0044")


def test_a_command_is_the_bytes_of_the_manual() -> None:
    assert encode(Packet(Kind.COMMAND, b"\x01")) == GEN_IMG
    assert encode(Packet(Kind.COMMAND, b"\x40")) == HAND_SHAKE


def test_an_answer_is_read_byte_by_byte() -> None:
    reader = PacketReader()
    packets = [packet for byte in NO_FINGER for packet in reader.feed(bytes([byte]))]
    assert packets == [Packet(Kind.ACKNOWLEDGE, b"\x02")]
    assert not reader.waiting


@pytest.mark.parametrize(
    "noise",
    [
        b"\x55",
        b"\xef",
        b"\xef\xef",
        b"\x00" * 40,
        bytes.fromhex("EF01FFFFFFFF07FFFF"),
        NO_FINGER[:-3] + b"\x00\xff\xff",
    ],
    ids=["power-up", "half a header", "two halves", "zeros", "a length beyond reason", "a wrong sum"],
)
def test_the_next_packet_is_found_behind_noise(noise: bytes) -> None:
    reader = PacketReader()
    packets = reader.feed(noise + NO_FINGER)
    assert [packet.payload for packet in packets] == [b"\x02"]
    assert reader.skipped == len(noise)


def test_a_packet_inside_what_looked_like_one_is_found() -> None:
    # The lost rest of a cut answer is filled up with the next one.
    reader = PacketReader()
    cut = bytes.fromhex("EF01 FFFFFFFF 07 0013 00")
    found = reader.feed(cut + NO_FINGER + NO_FINGER)
    assert [packet.payload for packet in found][-1:] == [b"\x02"]
    assert reader.wrong_sums == 1


def test_another_modules_packet_is_not_ours() -> None:
    other = encode(Packet(Kind.ACKNOWLEDGE, b"\x00", 0x12345678))
    assert PacketReader().feed(other) == []
    assert PacketReader(0x12345678).feed(other) == [Packet(Kind.ACKNOWLEDGE, b"\x00", 0x12345678)]


@settings(max_examples=60)
@given(st.lists(st.binary(min_size=1, max_size=256), min_size=1, max_size=5), st.lists(st.integers(1, 40), max_size=20))
def test_however_the_line_cuts_the_bytes_the_packets_are_the_same(payloads: list[bytes], cuts: list[int]) -> None:
    sent = [Packet(Kind.DATA, payload) for payload in payloads]
    wire = b"".join(map(encode, sent))
    places = sorted({0, len(wire), *(sum(cuts[:index]) % (len(wire) + 1) for index in range(len(cuts)))})
    reader = PacketReader()
    got = [packet for start, end in pairwise(places) for packet in reader.feed(wire[start:end])]
    assert got == sent


@settings(max_examples=60)
@given(st.binary(max_size=600))
def test_no_bytes_make_it_hold_more_than_a_packet(noise: bytes) -> None:
    reader = PacketReader()
    reader.feed(noise)
    reader.feed(bytes(3000))
    assert reader.feed(NO_FINGER)[-1:] == [Packet(Kind.ACKNOWLEDGE, b"\x02")]


def test_codes_that_no_source_names_stay_what_they_are() -> None:
    assert confirmation_of(0x06) is Confirmation.MESSY
    assert confirmation_of(0x17) == 0x17 and not isinstance(confirmation_of(0x17), Confirmation)
    refused = refusal(0x17)
    assert refused is not None and refused.confirmation == 0x17
    assert refusal(0x00) is None and refusal(0x02) is None


def test_parameters_are_read_where_the_manual_puts_them() -> None:
    answer = bytes.fromhex("0000 0009 00C8 0003 FFFFFFFF 0002 000C")
    read = Parameters.read(answer)
    assert (read.capacity, read.security, read.packet_size, read.baud) == (200, 3, 128, 115_200)


def test_a_packets_content_is_not_in_its_words() -> None:
    assert "123" not in repr(Packet(Kind.DATA, b"123"))
