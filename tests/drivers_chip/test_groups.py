"""Data groups from tables of bytes, and rubbish: only the own error comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.emrtd.lds.com import parse_com
from drivers.emrtd.lds.cvc import parse_cv_certificate
from drivers.emrtd.lds.dates import PartialDate
from drivers.emrtd.lds.details import Contact, Name, parse_dg11, parse_dg12, parse_dg16
from drivers.emrtd.lds.dg1 import parse_dg1
from drivers.emrtd.lds.dg2 import parse_dg2
from drivers.emrtd.lds.dg3 import FingerCompression, parse_dg3
from drivers.emrtd.lds.dg13 import parse_dg13
from drivers.emrtd.lds.faces import FaceImage, ImageFormat
from drivers.emrtd.lds.pictures import parse_dg5, parse_dg7
from drivers.emrtd.lds.security_infos import card_security_content, parse_dg14, parse_security_infos
from drivers.emrtd.lds.tlv import LdsError, encode

JPEG = b"\xff\xd8\xff\xe0" + bytes(40)
JP2 = b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(40)
J2K = b"\xff\x4f\xff\x51" + bytes(40)


def test_com_lists_versions_and_groups(vectors: dict[str, Any]) -> None:
    com = parse_com(bytes.fromhex(vectors["icao_9303_11_D4_secure_messaging_3des"]["EF_COM"]))
    assert (com.lds_version, com.unicode_version, com.groups) == ("0106", "040000", (1, 2))
    assert parse_com(bytes.fromhex("60095C076175636D6E6FFF")).groups == (1, 2, 3, 13, 14, 15)


def _face(picture: bytes, points: int = 0, wrong_length: int = 0) -> bytes:
    """A facial record block of ISO/IEC 19794-5: face, feature points, image information, picture."""
    information = points.to_bytes(2, "big") + bytes(14)
    image = bytes.fromhex("01 00 01E0 0240 01 00 0000 0000".replace(" ", "")) + picture
    length = 20 + 8 * points + len(image) + wrong_length
    return length.to_bytes(4, "big") + information + bytes(8 * points) + image


def _record(*faces: bytes) -> bytes:
    body = b"".join(faces)
    return b"FAC\x00010\x00" + (14 + len(body)).to_bytes(4, "big") + len(faces).to_bytes(2, "big") + body


def _dg2(*blocks: bytes, tag: int = 0x5F2E, count: int | None = None) -> bytes:
    header = encode(0xA1, bytes.fromhex("8701018002010188020008"))
    instances = b"".join(encode(0x7F60, header + encode(tag, block)) for block in blocks)
    number = encode(0x02, bytes([len(blocks) if count is None else count]))
    return encode(0x75, encode(0x7F61, number + instances))


@pytest.mark.parametrize(
    ("picture", "kind"),
    [(JPEG, ImageFormat.JPEG), (JP2, ImageFormat.JPEG2000), (J2K, ImageFormat.JPEG2000_CODESTREAM)],
)
@pytest.mark.parametrize("points", [0, 3])
def test_a_face_of_19794_is_found(picture: bytes, kind: ImageFormat, points: int) -> None:
    assert parse_dg2(_dg2(_record(_face(picture, points)))) == (FaceImage(kind, picture, 480, 576),)


def test_several_faces_come_in_order() -> None:
    faces = parse_dg2(_dg2(_record(_face(JPEG), _face(JP2)), _record(_face(J2K))))
    assert [face.data for face in faces] == [JPEG, JP2, J2K]


@pytest.mark.parametrize("wrong", [100, -400, -(20 + 12 + len(JPEG))])
def test_a_wrong_length_of_the_last_face_costs_nothing(wrong: int) -> None:
    record = _record(_face(JPEG, wrong_length=max(wrong, -(20 + 12 + len(JPEG)))))
    assert parse_dg2(_dg2(record))[0].data == JPEG


def test_a_card_without_a_photo_has_no_face() -> None:
    assert parse_dg2(_dg2(count=0)) == ()


def _face_block(picture: bytes, *, wrapped: bool, single: bool) -> bytes:
    """ISO/IEC 39794-5: [APPLICATION 5] { version [0], representations [1] { … } }."""
    size = encode(0xA7, encode(0x80, b"\x01\xe0") + encode(0x81, b"\x02\x40"))
    flat = encode(0x80, picture) + encode(0xA1, encode(0xA0, encode(0x80, b"\x02")) + size)
    representation = encode(0x80, b"\x00") + encode(0xA1, encode(0xA0, encode(0xA0, flat)))
    inside = representation if single else encode(0x30, representation)
    block = encode(0x65, encode(0xA0, encode(0x80, b"\x03") + encode(0x81, b"\x07\xe3")) + encode(0xA1, inside))
    return encode(0xA1, block) if wrapped else block


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize("single", [True, False])
def test_a_face_of_39794_is_found(wrapped: bool, single: bool) -> None:
    block = _face_block(JP2, wrapped=wrapped, single=single)
    assert parse_dg2(_dg2(block, tag=0x7F2E)) == (FaceImage(ImageFormat.JPEG2000, JP2, 480, 576),)


def test_fingers_are_found_with_their_positions() -> None:
    def finger(position: int, data: bytes) -> bytes:
        return (14 + len(data)).to_bytes(4, "big") + bytes((position, 1, 1, 90, 0, 0, 192, 1, 0, 0)) + data

    body = finger(2, b"right") + finger(7, b"left")
    header = b"FIR\x00010\x00" + (32 + len(body)).to_bytes(6, "big") + bytes(4) + bytes((2, 1)) + bytes(9)
    record = header + bytes((2, 0, 0)) + body
    template = encode(0x7F60, encode(0xA1, b"") + encode(0x5F2E, record))
    fingers = parse_dg3(encode(0x63, encode(0x7F61, encode(0x02, b"\x01") + template)))
    assert [(finger.position, finger.data) for finger in fingers] == [(2, b"right"), (7, b"left")]
    assert fingers[0].compression is FingerCompression.WSQ
    assert (fingers[0].width, fingers[0].height) == (192, 256)


def _field(number: int, *values: bytes) -> bytes:
    return encode(0x30, encode(0x02, bytes([number])) + b"".join(values))


def _utf8(text: str) -> bytes:
    return encode(0x0C, text.encode())


FIELDS = (
    _field(12, _utf8("Không thời hạn")),
    _field(1, encode(0x13, b"099052000377")),
    _field(2, _utf8("Đinh Văn Sáu")),
    _field(3, _utf8("1952")),
    _field(13, encode(0x30, _utf8("Đinh Văn Chấn")), encode(0x30, _utf8("Bùi Thị Ợ"))),
    _field(15, encode(0x13, b"990520377")),
    _field(77, _utf8("chưa ai biết")),
)


@pytest.mark.parametrize("nested", [False, True])
def test_dg13_is_read_by_field_number_in_any_order_and_keeps_unknown_fields(nested: bool) -> None:
    inside = encode(0x30, b"".join(FIELDS))
    person = parse_dg13(encode(0x6D, encode(0x30, inside) if nested else inside))
    assert (person.number, person.name, person.birth) == ("099052000377", "Đinh Văn Sáu", PartialDate(1952))
    assert (person.expiry, person.for_life) == (None, True)
    assert person.fields[13] == ("Đinh Văn Chấn", "Bùi Thị Ợ")
    assert person.old_number == "990520377"
    assert person.fields[77] == ("chưa ai biết",)
    assert person.unreadable == 0


def test_a_broken_dg13_gives_what_can_be_read() -> None:
    whole = encode(0x6D, encode(0x30, FIELDS[1] + FIELDS[2] + b"\x30\x7f\x02"))
    person = parse_dg13(whole)
    assert (person.number, person.name) == ("099052000377", "Đinh Văn Sáu")
    assert person.unreadable == 1
    assert person.raw == whole


@pytest.mark.parametrize(
    "data", [b"", b"\x6d", b"\x61\x00", encode(0x6D, b"\x30\x84\xff\xff\xff\xff"), b"\x6d\x02\x30\x80"]
)
def test_a_hopeless_dg13_is_empty(data: bytes) -> None:
    assert parse_dg13(data).fields == {}
    assert parse_dg13(data).unreadable == 1


def test_a_dg13_nested_without_end_is_given_up() -> None:
    data = b""
    for _ in range(2000):
        data = encode(0x30, data)
    assert parse_dg13(encode(0x6D, data)).unreadable >= 1


def test_personal_details_are_taken_apart() -> None:
    details = parse_dg11(
        encode(
            0x6B,
            encode(0x5C, bytes.fromhex("5F0E5F2B5F11"))
            + encode(0x5F0E, b"NGUYEN<<VAN<AN")
            + encode(0xA0, encode(0x02, b"\x01") + encode(0x5F0F, b"TRAN<<AN"))
            + encode(0x5F2B, b"19900115")
            + encode(0x5F11, "HÀ NỘI<VIỆT NAM".encode())
            + encode(0x5F10, b"1234"),
        )
    )
    assert details.name == Name("NGUYEN", "VAN AN")
    assert details.other_names == (Name("TRAN", "AN"),)
    assert details.birth == PartialDate(1990, 1, 15)
    assert details.birth_place == ("HÀ NỘI", "VIỆT NAM")
    assert details.personal_number == "1234"


@pytest.mark.parametrize("value", [b"20231101", bytes.fromhex("20231101")])
def test_the_date_of_issue_comes_as_digits_or_bcd(value: bytes) -> None:
    details = parse_dg12(encode(0x6C, encode(0x5F19, b"UTO OFFICE") + encode(0x5F26, value)))
    assert (details.authority, details.issued) == ("UTO OFFICE", PartialDate(2023, 11, 1))


def test_an_unreadable_date_of_issue_is_none() -> None:
    assert parse_dg12(encode(0x6C, encode(0x5F26, b"2023xx01"))).issued is None


def test_people_to_notify_are_listed() -> None:
    person = (
        encode(0x5F50, b"20231101") + encode(0x5F51, b"SANG<<OTTO") + encode(0x5F52, b"123") + encode(0x5F53, b"A<B")
    )
    group = encode(0x70, encode(0x02, b"\x01") + encode(0xA1, person))
    assert parse_dg16(group) == (Contact(PartialDate(2023, 11, 1), Name("SANG", "OTTO"), "123", ("A", "B")),)


def test_displayed_pictures_are_found() -> None:
    assert parse_dg7(encode(0x67, encode(0x02, b"\x01") + encode(0x5F43, JPEG))) == (FaceImage(ImageFormat.JPEG, JPEG),)
    assert parse_dg5(encode(0x65, encode(0x5F40, JP2)))[0].format is ImageFormat.JPEG2000


def test_security_infos_are_known_by_their_identifiers() -> None:
    infos = parse_security_infos(
        bytes.fromhex(
            "3135"
            "3012060A04007F0007020204020202010202010D"  # PACE-ECDH-GM-AES-128, id 13
            "300D060804007F0007020202020101"  # terminal authentication version 1
            "3010060804007F000702020A0401AA0201" + "07"  # unknown
        )
    )
    assert len(infos.entries) == 3
    assert (infos.pace[0].oid, infos.pace[0].parameter_id) == ("0.4.0.127.0.7.2.2.4.2.2", 13)
    assert infos.terminal_authentication is not None
    assert infos.terminal_authentication.version == 1


PARSERS: tuple[Callable[[bytes], object], ...] = (
    parse_com,
    parse_dg1,
    parse_dg2,
    parse_dg3,
    parse_dg5,
    parse_dg7,
    parse_dg11,
    parse_dg12,
    parse_dg16,
    parse_dg14,
    parse_security_infos,
    card_security_content,
    parse_cv_certificate,
)
TAGS = (0x02, 0x04, 0x0C, 0x30, 0x31, 0x60, 0x61, 0x63, 0x65, 0x67, 0x6B, 0x6C, 0x6E, 0x70, 0x75, 0xA0, 0xA1, 0x5C)
LONG_TAGS = (0x5F1F, 0x5F2E, 0x7F2E, 0x7F60, 0x7F61, 0x7F21, 0x7F4E, 0x5F37, 0x5F26, 0x5F43, 0x42)
TREES = st.recursive(
    st.binary(max_size=40),
    lambda inner: st.lists(st.tuples(st.sampled_from(TAGS + LONG_TAGS), inner), max_size=4).map(
        lambda items: b"".join(encode(tag, value) for tag, value in items)
    ),
    max_leaves=12,
)


@given(st.one_of(st.binary(max_size=80), TREES))
def test_only_the_own_error_comes_out_of_any_parser(data: bytes) -> None:
    assert parse_dg13(data).raw == data
    for parse in PARSERS:
        try:
            parse(data)
        except LdsError:
            continue
