"""Every access protocol and proof against the simulator's own code, and the order of tries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drivers.emrtd.access_memory import AccessMemory
from drivers.emrtd.chip_authentication import ChipAuthenticationUse
from drivers.emrtd.lds.com import tag_of_group
from drivers.emrtd.lds.tlv import encode
from drivers.emrtd.read import DEFAULT_FILES, opens, read_chip
from drivers.emrtd.reading import AccessKeys, AccessProtocol, ChipReading, FileId, Proof
from drivers.emrtd.terminal_file import TerminalFiles
from drivers.smartcard.connection import CardError, CardErrorReason
from simulators.chip.pace import PROTOCOLS
from simulators.chip.world import World

Lay = Callable[..., Any]
Keys = Callable[[Any], AccessKeys]
FEW = frozenset({FileId.COM, FileId.DG1})
PARAMETERS = (0, 1, 2, *range(8, 19))


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.emrtd.access._SPACING_SECONDS", 0)


def _fits(protocol: str, parameters: int) -> bool:
    if protocol.startswith("ECDH") != (parameters > 2):
        return False
    return not ("ECDH-IM" in protocol and parameters == 10)


EACH_PROTOCOL = [(name, 13 if name.startswith("ECDH") else 0) for name in PROTOCOLS]
EACH_PARAMETER = [
    (name, number)
    for name in ("DH-GM-AES-128", "DH-IM-AES-256", "ECDH-GM-AES-128", "ECDH-IM-AES-256", "ECDH-CAM-AES-192")
    for number in PARAMETERS
    if _fits(name, number)
]


@pytest.mark.parametrize(("protocol", "parameters"), [*EACH_PROTOCOL, *EACH_PARAMETER])
def test_pace_opens_the_chip(lay: Lay, keys_of: Keys, protocol: str, parameters: int) -> None:
    offer = {"pace": [{"protocol": protocol, "parameters": parameters}]}
    card = lay(profile="vietnam-2024", profile_changes=offer, photo=False)
    reading = read_chip(card, keys_of(card), wanted=FEW)
    assert reading.transcript.access is AccessProtocol.PACE
    mapping = protocol.split("-")[1]
    assert reading.transcript.access_detail.startswith(f"PACE-{protocol.split('-')[0]}-{mapping}-")
    assert FileId.DG1 in reading.files
    proof = reading.transcript.chip_authentication
    assert (proof is not None and proof.mapping) == (mapping == "CAM")


@pytest.mark.parametrize("suite", ["3DES", "AES-128", "AES-192", "AES-256"])
@pytest.mark.parametrize("parameters", [0, 2, 13, 18])
def test_chip_authentication_gives_a_new_session(lay: Lay, keys_of: Keys, parameters: int, suite: str) -> None:
    offer = {"chip_authentication": [{"parameters": parameters, "suites": [suite], "key_id": 3}]}
    card = lay(profile="vietnam-2021", profile_changes=offer, photo=False)
    reading = read_chip(card, keys_of(card), chip_authentication=ChipAuthenticationUse.ALWAYS)
    proof = reading.transcript.chip_authentication
    assert proof is not None
    assert proof.key_id == 3
    assert proof.public_key in reading.files[FileId.DG14]
    assert not reading.transcript.failed
    assert FileId.DG13 in reading.files


def test_an_active_authentication_spares_chip_authentication(lay: Lay, keys_of: Keys) -> None:
    card = lay(profile="vietnam-2024")
    reading = read_chip(card, keys_of(card), bytes(8))
    assert reading.transcript.active_authentication is not None
    assert reading.transcript.chip_authentication is None
    without = lay(profile="vietnam-2024")
    assert read_chip(without, keys_of(without)).transcript.chip_authentication is not None


@pytest.mark.parametrize("profile", ["vietnam-2021", "vietnam-2024"])
@pytest.mark.parametrize(
    ("key", "extended"),
    [(key, True) for key in ("rsa1024", "rsa2048", "rsa3072", "brainpoolP512r1", "secp521r1")]
    + [(key, False) for key in ("rsa1024", "brainpoolP512r1", "secp521r1")],
)
def test_the_answer_of_active_authentication_comes_whole(
    lay: Lay, keys_of: Keys, profile: str, key: str, extended: bool
) -> None:
    changes = {"active_authentication": {"key": key, "digest": "sha256"}}
    card = lay(profile=profile, profile_changes=changes, photo=False, extended=extended)
    reading = read_chip(card, keys_of(card), b"12345678")
    proof = reading.transcript.active_authentication
    assert proof is not None
    assert proof.nonce == b"12345678"
    sizes = {"rsa1024": 128, "rsa2048": 256, "rsa3072": 384, "brainpoolP512r1": 128, "secp521r1": 132}
    assert len(proof.response) == sizes[key]


@pytest.mark.parametrize("profile", ["vietnam-2021", "vietnam-2024"])
def test_a_clone_is_found_out_by_its_proofs_and_still_read(lay: Lay, keys_of: Keys, profile: str) -> None:
    card = lay(profile=profile, cloned=True, photo=False)
    reading = read_chip(card, keys_of(card), chip_authentication=ChipAuthenticationUse.ALWAYS)
    assert Proof.CHIP_AUTHENTICATION in reading.transcript.failed
    assert reading.transcript.chip_authentication is None
    assert FileId.DG13 in reading.files


def test_a_clone_of_a_mapping_chip_is_found_out(lay: Lay, keys_of: Keys) -> None:
    offer = {"pace": [{"protocol": "ECDH-CAM-AES-128", "parameters": 13}]}
    card = lay(profile="vietnam-2024", profile_changes=offer, cloned=True, photo=False)
    reading = read_chip(card, keys_of(card), wanted=FEW)
    assert reading.transcript.failed.keys() == {Proof.CHIP_AUTHENTICATION_MAPPING}
    assert reading.transcript.chip_authentication is None


@pytest.fixture
def laboratory(world: World, tmp_path: Path) -> TerminalFiles:
    """The simulator's laboratory terminal, as files."""
    world.laboratory.write(tmp_path)
    return TerminalFiles(tmp_path)


@pytest.mark.parametrize("profile", ["vietnam-2021", "vietnam-2024", "passport"])
@pytest.mark.parametrize("extended", [True, False])
def test_an_authorised_terminal_reads_the_fingers(
    laboratory: TerminalFiles, lay: Lay, keys_of: Keys, profile: str, extended: bool
) -> None:
    who = {"passport": "erika"} if profile == "passport" else {"citizen": "khang"}
    card = lay(profile=profile, extended=extended, photo=False, **who)
    wanted = DEFAULT_FILES | {FileId.DG3}
    reading = read_chip(card, keys_of(card), wanted=wanted, terminal=laboratory)
    assert reading.transcript.failed == {}
    assert reading.transcript.terminal_authentication
    assert FileId.DG3 in reading.files


def test_without_terminal_authentication_the_fingers_are_refused_and_the_rest_is_read(lay: Lay, keys_of: Keys) -> None:
    card = lay(profile="vietnam-2021", photo=False)
    reading = read_chip(card, keys_of(card), wanted=DEFAULT_FILES | {FileId.DG3})
    assert reading.refused == {FileId.DG3: 0x6982}
    assert FileId.DG13 in reading.files


def test_a_terminal_without_a_chain_reads_all_but_the_fingers(lay: Lay, keys_of: Keys, tmp_path: Path) -> None:
    World().laboratory.write(tmp_path)
    card = lay(profile="vietnam-2024", photo=False)
    reading = read_chip(card, keys_of(card), wanted=DEFAULT_FILES | {FileId.DG3}, terminal=TerminalFiles(tmp_path))
    assert Proof.TERMINAL_AUTHENTICATION in reading.transcript.failed
    assert FileId.DG3 in reading.refused
    assert FileId.DG13 in reading.files


def _is_basic_try(command: str) -> bool:
    return command.startswith("00820000")


def _is_pace_password(command: str) -> bool:
    return command.startswith("0022c1a4")


def test_the_tries_are_few_and_in_order(lay: Lay) -> None:
    card = lay(profile="vietnam-2024", photo=False)
    wrong = AccessKeys("999999", ("099000017699011552401151", "188000023888043072804305"))
    with pytest.raises(CardError) as caught:
        read_chip(card, wrong)
    assert caught.value.reason is CardErrorReason.ACCESS_DENIED
    passwords = [command[-2:] for command, _ in card.log if _is_pace_password(command)]
    assert passwords == ["02", "01", "01"]
    assert sum(_is_basic_try(command) for command, _ in card.log) == 2


def test_the_try_that_worked_is_the_first_one_next_time(lay: Lay) -> None:
    first = lay(profile="vietnam-2021", photo=False)
    right = first.card.content.mrz_information
    keys = AccessKeys("999999", ("099000017699011552401151", right))
    memory = AccessMemory()
    assert opens(first, keys, memory)
    assert sum(_is_basic_try(command) for command, _ in first.log) == 2
    again = lay(profile="vietnam-2021", photo=False)
    assert opens(again, keys, memory)
    assert sum(_is_basic_try(command) for command, _ in again.log) == 1
    other = AccessKeys("999999", ("188000023888043072804305", right))
    assert memory.first_label(other) is None
    memory.forget()
    assert memory.first_label(keys) is None


def test_wrong_keys_do_not_open(lay: Lay) -> None:
    card = lay(profile="vietnam-2024", photo=False)
    assert not opens(card, AccessKeys("000000"))


def test_a_card_that_is_no_travel_document_says_so(lay: Lay, keys_of: Keys) -> None:
    card = lay(profile="vietnam-2021", not_emrtd=True)
    with pytest.raises(CardError) as caught:
        read_chip(card, keys_of(card))
    assert caught.value.reason is CardErrorReason.NOT_EMRTD


@pytest.mark.parametrize(
    "habit",
    [
        {"short_file_ids": False},
        {"warn_at_end": True},
        {"refuse_le_in_select": True},
        {"card_access": False},
        {"select_mf": 0x9000},
        {"over_limit": "6Cxx", "extended": False},
        {"over_limit": "61xx", "extended": False},
        {"over_limit": "6700", "max_response": 2000},
        {"over_limit": "cut", "max_response": 2000},
        {"over_limit": "6700", "max_response": 180, "extended": False},
    ],
    ids=str,
)
@pytest.mark.parametrize("profile", ["vietnam-2021", "vietnam-2024"])
def test_habits_of_real_cards_do_not_stop_a_reading(
    lay: Lay, keys_of: Keys, profile: str, habit: dict[str, Any]
) -> None:
    card = lay(profile=profile, **habit)
    reading = read_chip(card, keys_of(card), bytes(8))
    assert _names(reading) >= {"COM", "SOD", "DG1", "DG2", "DG13", "DG14", "DG15"}
    assert reading.refused == {}
    assert reading.transcript.active_authentication is not None


@pytest.mark.parametrize("profile", ["vietnam-2021", "vietnam-2024"])
@pytest.mark.parametrize("limits", [{}, {"max_response": 20000}, {"max_response": 2000}, {"extended": False}], ids=str)
def test_a_photo_beyond_the_plain_offsets_comes_whole(
    lay: Lay, keys_of: Keys, profile: str, limits: dict[str, Any]
) -> None:
    card = lay(profile=profile, photo_bytes=70_000, **limits)
    reading = read_chip(card, keys_of(card), wanted=FEW | {FileId.DG2})
    assert reading.files[FileId.DG2] == card.card.content.application[0x0102]
    assert len(reading.files[FileId.DG2]) > 65536


def test_a_chip_without_ef_com_is_read_and_no_file_is_taken_for_another(lay: Lay, keys_of: Keys) -> None:
    card = lay(profile="vietnam-2024")
    content = card.card.content
    files = {number: data for number, data in content.application.items() if number != 0x011E}
    card.card.content = replace(content, application=files)
    card.card.power_on()
    reading = read_chip(card, keys_of(card), bytes(8), wanted=frozenset(FileId))
    assert _names(reading) == {"CARD_ACCESS", "DG1", "DG2", "DG13", "DG14", "DG15", "SOD"}
    assert reading.files[FileId.SOD] == files[0x011D]


def test_ef_card_security_is_read_where_it_is_wanted(lay: Lay, keys_of: Keys) -> None:
    offer = {"pace": [{"protocol": "ECDH-CAM-AES-128", "parameters": 13}]}
    card = lay(profile="vietnam-2024", profile_changes=offer)
    assert FileId.CARD_SECURITY in read_chip(card, keys_of(card), wanted=FEW).files
    content = card.card.content
    generic = lay(profile="vietnam-2024")
    master = {**generic.card.content.master, 0x011D: content.master[0x011D]}
    generic.card.content = replace(generic.card.content, master=master)
    generic.card.power_on()
    assert FileId.CARD_SECURITY not in read_chip(generic, keys_of(generic), wanted=FEW).files
    generic.card.power_on()
    assert FileId.CARD_SECURITY in read_chip(generic, keys_of(generic), wanted=FEW | {FileId.CARD_SECURITY}).files


@pytest.mark.parametrize("hidden", [(14, 15), (2,), (13, 14, 15)])
def test_a_group_that_ef_com_hides_is_read_because_the_signature_names_it(
    lay: Lay, keys_of: Keys, hidden: tuple[int, ...]
) -> None:
    card = lay(profile="vietnam-2024")
    content = card.card.content
    com = bytearray(content.application[0x011E])
    listed = bytes(tag_of_group(number) for number in (1, 2, 3, 13, 14, 15) if number not in hidden)
    files = {**content.application, 0x011E: bytes(com[: com.index(0x5C)]) + encode(0x5C, listed)}
    files[0x011E] = encode(0x60, files[0x011E][2:])
    laid = lay(profile="vietnam-2024")
    laid.card.content = replace(content, application=files)
    laid.card.power_on()
    reading = read_chip(laid, keys_of(laid), bytes(8))
    assert _names(reading) >= {"DG1", "DG2", "DG13", "DG14", "DG15", "SOD"}
    assert reading.transcript.active_authentication is not None


def test_a_small_childs_card_without_a_photo_is_read(lay: Lay, keys_of: Keys) -> None:
    reading = read_chip((card := lay(citizen="na")), keys_of(card), bytes(8))
    assert FileId.DG2 not in reading.files
    assert FileId.DG13 in reading.files


def _names(reading: ChipReading) -> set[str]:
    return {file.name for file in reading.files}


@pytest.mark.parametrize(
    ("extended", "limit", "most"),
    [(True, None, 8), (True, 2000, 16), (False, None, 93)],
    ids=["whole", "2000", "short"],
)
def test_a_photo_by_basic_access_takes_no_more_commands_than_promised(
    lay: Lay, keys_of: Keys, extended: bool, limit: int | None, most: int
) -> None:
    card = lay(profile="vietnam-2021", extended=extended, max_response=limit)
    keys = AccessKeys(None, keys_of(card).mrz_information)
    reading = read_chip(card, keys, wanted=frozenset({FileId.COM, FileId.DG1, FileId.DG2}))
    assert reading.figures.apdus <= most


def test_an_identity_takes_no_more_commands_than_promised(lay: Lay, keys_of: Keys) -> None:
    card = lay(profile="vietnam-2024")
    wanted = frozenset({FileId.COM, FileId.DG1, FileId.DG13, FileId.DG14, FileId.DG15, FileId.SOD})
    reading = read_chip(card, keys_of(card), bytes(8), wanted=wanted)
    assert reading.transcript.access_detail.endswith("CAN")
    assert reading.transcript.active_authentication is not None
    assert reading.figures.apdus <= 15


def test_a_chip_without_access_control_is_read_as_it_is(dialogue: Callable[..., Any]) -> None:
    zone = b"I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
    dg1 = encode(0x61, encode(0x5F1F, zone))
    com = encode(0x60, bytes.fromhex("5F0104303130375F36063034303030305C0161"))
    card = dialogue(
        ("00B09C00000000", "6A82"),
        ("00A4000C023F00", "6D00"),
        ("00B09C00000000", "6A82"),
        ("00A4020C02011C", "6A82"),
        ("00A4040C07A0000002471001", "9000"),
        ("00B09E00000000", com.hex() + "9000"),
        ("00B09E00000000", com.hex() + "9000"),
        ("00B08100000000", dg1.hex() + "9000"),
        ("00B09D00000000", "6A82"),
    )
    reading = read_chip(card, AccessKeys("123456"))
    assert reading.transcript.access is AccessProtocol.NONE
    assert reading.files == {FileId.COM: com, FileId.DG1: dg1}
    assert reading.refused == {FileId.SOD: 0x6A82}
    assert card.exchanges == []


def test_a_bank_card_is_no_travel_document(dialogue: Callable[..., Any]) -> None:
    card = dialogue(
        ("00B09C00000000", "6986"),
        ("00A4040C07A0000002471001", "6A82"),
        ("00A4000C023F00", "6A82"),
        ("00B09C00000000", "6986"),
        ("00A4040C07A0000002471001", "6A82"),
    )
    with pytest.raises(CardError) as caught:
        read_chip(card, AccessKeys("123456", ("099000017699011552401151",)))
    assert caught.value.reason is CardErrorReason.NOT_EMRTD
