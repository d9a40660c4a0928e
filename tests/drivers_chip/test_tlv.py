"""TLV tables: what is a data object and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.emrtd.lds import tlv
from drivers.emrtd.lds.tlv import LdsError


@pytest.mark.parametrize(
    ("data", "tag", "length", "size"),
    [
        ("6100", 0x61, 0, 2),
        ("5F1F5A", 0x5F1F, 90, 3),
        ("7F61820123", 0x7F61, 0x123, 5),
        ("0281FF", 0x02, 255, 3),
        ("0484FFFFFFFF", 0x04, 0xFFFFFFFF, 6),
        ("DF810100", 0xDF8101, 0, 4),
    ],
)
def test_a_header_is_read_before_its_value_is_there(data: str, tag: int, length: int, size: int) -> None:
    assert tlv.read_header(bytes.fromhex(data)) == tlv.Header(tag, length, size)


@pytest.mark.parametrize("data", ["", "61", "5F", "6180", "618501000000", "6181", "618201", "DF818101"])
def test_a_cut_or_indefinite_header_is_refused(data: str) -> None:
    with pytest.raises(LdsError):
        tlv.read_header(bytes.fromhex(data))


@pytest.mark.parametrize("data", ["6101", "610161FF", "61840FFFFFFF00", "0201", "300302010100"])
def test_exactly_one_data_object_is_demanded(data: str) -> None:
    with pytest.raises(LdsError):
        tlv.parse_one(bytes.fromhex(data))


def test_children_are_found_by_tag() -> None:
    item = tlv.parse_one(bytes.fromhex("30 06 02 01 05 0C 01 41".replace(" ", "")))
    assert item.child(0x02).value == b"\x05"
    assert item.find(0x04) is None
    with pytest.raises(LdsError):
        item.child(0x04)


def test_a_primitive_object_has_no_children() -> None:
    with pytest.raises(LdsError):
        tlv.parse_one(b"\x04\x02\x02\x00").children()


@pytest.mark.parametrize(
    ("content", "dotted"),
    [
        ("2A864886F70D010101", "1.2.840.113549.1.1.1"),
        ("04007F00070202040202", "0.4.0.127.0.7.2.2.4.2.2"),
        ("883703", "2.999.3"),
    ],
)
def test_object_identifiers_are_read_and_written(content: str, dotted: str) -> None:
    assert tlv.decode_oid(bytes.fromhex(content)) == dotted
    assert tlv.encode_oid(dotted) == bytes.fromhex(content)


@pytest.mark.parametrize("content", ["", "80", "FF" * 70])
def test_a_broken_object_identifier_is_refused(content: str) -> None:
    with pytest.raises(LdsError):
        tlv.decode_oid(bytes.fromhex(content))


@given(st.integers(1, 0x70000), st.sampled_from([0x30, 0x5F1F, 0x7F61]))
def test_lengths_are_written_in_their_shortest_form(length: int, tag: int) -> None:
    header = tlv.read_header(tlv.encode(tag, b"")[:-1] + tlv.encode_length(length))
    assert (header.tag, header.length) == (tag, length)
    assert len(tlv.encode_length(length)) == 1 + (length > 127) + (length > 255) + (length > 0xFFFF)


@given(st.binary(max_size=60))
def test_only_the_own_error_comes_out_of_rubbish(data: bytes) -> None:
    try:
        for item in tlv.parse_all(data):
            assert len(item.raw) <= len(data)
    except LdsError:
        pass
