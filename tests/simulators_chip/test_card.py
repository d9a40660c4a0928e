"""The card itself: access conditions, habits, personalisation from plain fields, and rubbish from the terminal."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from simulators.chip import der
from simulators.chip import profile as profiles
from simulators.chip.card import Card
from simulators.chip.content import group_id
from simulators.chip.world import World, fault_names

SELECT = bytes.fromhex("00A4040C07A0000002471001")


@pytest.fixture(scope="module")
def world() -> World:
    return World({"photo_bytes": 9000})


def words(card: Card, *commands: str) -> list[str]:
    """Status words of commands in a row."""
    return [card.process(bytes.fromhex(command))[-2:].hex().upper() for command in commands]


def test_nothing_but_the_free_files_can_be_read_without_access(world: World) -> None:
    card = world.card({"citizen": "hoa"})
    assert words(card, "00B09C0000", "00B0810000", "00B09E0000") == ["9000", "9000", "9000"]
    assert words(card, SELECT.hex(), "00B0810000", "00A4020C020102", "00B0000000", "0088000008010203040506070800") == [
        "9000", "6982", "6982", "6986", "6982",
    ]  # fmt: skip
    assert words(card, "00A4040C07A0000002471002") == ["6A82"]


def test_secure_messaging_without_a_session_is_refused(world: World) -> None:
    assert words(world.card({}), "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800") == ["6882"]


def test_unknown_instructions_and_classes_are_refused(world: World) -> None:
    assert words(world.card({}), "00DA000000", "80B0000000", "00") == ["6D00", "6E00", "6700"]


def test_each_power_on_forgets_the_session(world: World) -> None:
    card = world.card({})
    assert words(card, SELECT.hex(), "0084000008") == ["9000", "9000"]
    card.power_on()
    assert words(card, "0082000028" + "00" * 40 + "28") == ["6985"]


def test_a_long_answer_comes_in_pieces(world: World) -> None:
    card = world.card({"citizen": "hoa", "extended": False, "max_response": 10, "over_limit": "61xx"})
    whole = card.content.master[0x011C]
    first = card.process(bytes.fromhex("00B09C00") + bytes([len(whole)]))
    assert first[-2:] == bytes([0x61, len(whole) - 10])
    rest = card.process(bytes([0x00, 0xC0, 0x00, 0x00, len(whole) - 10]))
    assert first[:-2] + rest[:-2] == whole and rest[-2:] == b"\x90\x00"


def test_a_card_may_name_the_length_it_can_give(world: World) -> None:
    card = world.card({"citizen": "hoa", "extended": False, "max_response": 10, "over_limit": "6Cxx"})
    assert words(card, "00B09C0000", "00B09C000A") == ["6C0A", "9000"]


def test_a_public_key_outside_the_group_is_wrong_data(world: World) -> None:
    profile = {"groups": [1], "pace": [{"protocol": "DH-GM-AES-128", "parameters": 1}]}
    card = world.card({"profile": profile})
    environment = "0022C1A40F" + "800A" + "04007F00070202040102" + "830102"
    assert words(card, environment, "10860000027C0000") == ["9000", "9000"]
    public = (3).to_bytes(256, "big")
    body = der.tlv(0x7C, der.tlv(0x81, public))
    extended = "1086000000" + len(body).to_bytes(2, "big").hex() + body.hex()
    assert words(card, extended) == ["6A80"]  # 3 is not of the subgroup


def test_a_card_may_hide_what_it_offers(world: World) -> None:
    card = world.card({"citizen": "hoa", "card_access": False})
    assert words(card, "00B09C0000", "00A4020C02011C") == ["6A82", "6A82"]


def test_a_short_card_refuses_extended_commands(world: World) -> None:
    assert words(world.card({"extended": False}), "00B09C00000000") == ["6700"]


def test_the_atr_tells_whether_extended_length_works(world: World) -> None:
    extended, short = world.card({}).atr, world.card({"extended": False}).atr
    assert extended != short
    for atr in (extended, short):
        check = 0
        for byte in atr[1:]:
            check ^= byte
        assert check == 0
        capabilities = atr[4:-1]
        assert capabilities[:2] == b"\x80\x73"
        assert bool(capabilities[-1] & 0x40) == (atr == extended)


def test_the_same_options_are_the_same_card(world: World) -> None:
    assert world.card({"citizen": "tam"}).content is world.card({"citizen": "tam"}).content
    assert world.card({"citizen": "tam"}).content is not world.card({"citizen": "tam", "cloned": True}).content


def test_all_profiles_are_listed_and_loadable() -> None:
    assert {"vietnam-2021", "vietnam-2024", "passport", "passport-old"} <= set(profiles.names())
    for name in profiles.names():
        assert profiles.load(name).groups
    with pytest.raises(KeyError):
        profiles.load("../passport")


@pytest.mark.parametrize(
    "options",
    [
        {"citizen": "nobody"},
        {"profile": "none"},
        {"passport": "nobody"},
        {"colour": "red"},
        {"over_limit": "sometimes"},
        {"active_le": "long"},
        {"signer": "friend"},
        {"profile": {"groups": [1], "colour": "red"}},
        {"profile": {"groups": [1], "pace": [{"protocol": "RSA", "parameters": 1}]}},
    ],
    ids=str,
)
def test_wrong_options_are_named(world: World, options: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError, TypeError)):
        world.card(options)


def test_a_person_may_be_given_as_fields(world: World, tmp_path: Path) -> None:
    file = tmp_path / "card.yaml"
    file.write_text(
        "citizen: {number: '099199000777', name: Đặng Thử, birth: '1999-09-09', sex: F, address: Hòa Giang,"
        " hometown: Hòa Giang, issued: 2023-01-02, card_year: 2021}\nmax_response: 500\n",
        encoding="utf-8",
    )
    card = world.card(yaml.safe_load(file.read_text(encoding="utf-8")))
    assert card.content.mrz_information.startswith("199000777")
    assert card.content.can == "000777"
    assert group_id(2) not in card.content.application


def test_a_passport_may_be_given_as_fields(world: World) -> None:
    fields = {
        "issuer": "UTO", "number": "L898902C3", "name": "Eriksson Anna Maria", "birth": "1974-08-12", "sex": "F",
        "issued": date(2002, 4, 16), "expiry": date(2012, 4, 15), "personal_number": "ZE184226B",
    }  # fmt: skip
    card = world.card({"passport": fields, "profile": {"groups": [1, 11, 12]}})
    assert card.content.mrz_information == "L898902C3674081221204159"


@pytest.mark.parametrize("modern", [False, True])
@pytest.mark.parametrize("citizen", ["khang", "hoa", "dai"])
def test_the_picture_in_the_face_group_opens(world: World, citizen: str, modern: bool) -> None:
    card = world.card({"citizen": citizen, "profile_changes": {"modern_faces": modern}})
    group = card.content.application[group_id(2)]
    signs = b"\xff\xd8\xff", b"\x00\x00\x00\x0cjP", b"\xff\x4f\xff\x51"
    start = min(at for at in map(group.find, signs) if at > 0)
    picture = Image.open(BytesIO(group[start:]))
    picture.load()
    assert picture.size == (480, 576)
    assert (b"FAC\x00" in group) is not modern


def test_a_document_without_a_photo_has_no_group_or_an_empty_one(world: World) -> None:
    assert group_id(2) not in world.card({"citizen": "na"}).content.application
    empty = world.card({"citizen": "na", "profile_changes": {"empty_faces": True}}).content.application[group_id(2)]
    assert empty == der.tlv(0x75, der.tlv(0x7F61, der.tlv(0x02, b"\x00")))


RUBBISH = World({"photo": False, "profile": "vietnam-2024"})


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=6))
def test_rubbish_is_answered_with_a_status_word(commands: list[bytes]) -> None:
    card = RUBBISH.card({})
    card.process(SELECT)
    for command in commands:
        assert len(card.process(command)) >= 2


INSTRUCTIONS = st.sampled_from([0x22, 0x2A, 0x82, 0x84, 0x86, 0x88, 0xA4, 0xB0, 0xB1, 0xC0])
PARAMETERS = st.sampled_from([0x00, 0x02, 0x04, 0x0C, 0x41, 0x81, 0x9C, 0xA4, 0xA6, 0xB6, 0xBE, 0xC1])


@settings(max_examples=250, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([0x00, 0x0C, 0x10]), INSTRUCTIONS, PARAMETERS, PARAMETERS, st.binary(max_size=80)),
        min_size=1,
        max_size=8,
    )
)
def test_well_formed_nonsense_is_answered_with_a_status_word(commands: list[tuple[int, int, int, int, bytes]]) -> None:
    card = RUBBISH.card({})
    for cla, ins, p1, p2, data in commands:
        body = bytes([len(data)]) + data if data else b""
        assert len(card.process(bytes([cla, ins, p1, p2]) + body + b"\x00")) >= 2


@pytest.mark.parametrize("name", fault_names())
def test_every_prepared_fault_is_a_card(world: World, name: str) -> None:
    card = world.card({"citizen": "hoa", "fault": name})
    assert card.content.atr == card.atr


def test_an_option_of_its_own_wins_over_the_prepared_fault(world: World) -> None:
    assert world.card({"fault": "lifted-early", "remove_at_percent": 90}).faults.remove_at_percent == 90
    with pytest.raises(KeyError):
        world.card({"fault": "none"})
