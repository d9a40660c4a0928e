"""BAC and 3DES secure messaging from the card's side, by the worked example of ICAO 9303-11 appendix D."""

from __future__ import annotations

from typing import Any

import pytest

from simulators.chip import bac
from simulators.chip.apdu import Command, Refusal, Status, parse
from simulators.chip.secure import SecureChannel
from simulators.chip.suites import AES128, AES256, TDES


@pytest.fixture
def example(emrtd_vectors: dict[str, Any]) -> dict[str, bytes]:
    values = emrtd_vectors["icao_9303_11_D_bac"]["values"]
    return {k: bytes.fromhex(v) for k, v in values.items() if isinstance(v, str) and not k.startswith("mrz")}


@pytest.fixture
def messages(emrtd_vectors: dict[str, Any]) -> dict[str, Any]:
    return emrtd_vectors["icao_9303_11_D4_secure_messaging_3des"]["values"]


def channel(messages: dict[str, Any]) -> SecureChannel:
    keys = bytes.fromhex(messages["KSEnc"]), bytes.fromhex(messages["KSMAC"])
    return SecureChannel(TDES, *keys, int(messages["SSC_before"], 16))


def test_document_keys_come_from_the_zone(emrtd_vectors: dict[str, Any], example: dict[str, bytes]) -> None:
    information = emrtd_vectors["icao_9303_11_D_bac"]["values"]["mrz_information"]
    assert bac.document_keys(information) == (example["KEnc"], example["KMAC"])


def test_document_keys_of_the_invented_vietnamese_cards(emrtd_vectors: dict[str, Any]) -> None:
    for case in emrtd_vectors["synthetic_vn_td1"]["values"]["cases"]:
        keys = bac.document_keys(case["mrz_information"])
        assert [key.hex().upper() for key in keys] == [case["KEnc"], case["KMAC"]]


def test_the_card_answers_the_terminal_of_the_example(example: dict[str, bytes]) -> None:
    keys = example["KEnc"], example["KMAC"]
    data = example["E_IFD"] + example["M_IFD"]
    answer, session = bac.mutual_authenticate(keys, example["RND_IC"], data, example["K_IC"])
    assert answer == example["E_IC"] + example["M_IC"]
    assert (session.key_encryption, session.key_mac) == (example["KSEnc"], example["KSMAC"])
    assert session.counter == int.from_bytes(example["SSC0"], "big")


@pytest.mark.parametrize("place", [0, 20, 39])
def test_a_terminal_with_a_wrong_cryptogram_is_refused(example: dict[str, bytes], place: int) -> None:
    data = bytearray(example["E_IFD"] + example["M_IFD"])
    data[place] ^= 1
    with pytest.raises(Refusal) as refusal:
        bac.mutual_authenticate((example["KEnc"], example["KMAC"]), example["RND_IC"], bytes(data))
    assert refusal.value.status == Status.WRONG_PASSWORD


def test_an_old_challenge_is_refused(example: dict[str, bytes]) -> None:
    data = example["E_IFD"] + example["M_IFD"]
    with pytest.raises(Refusal):
        bac.mutual_authenticate((example["KEnc"], example["KMAC"]), bytes(8), data)


def test_each_message_of_the_example_is_opened_and_answered(messages: dict[str, Any]) -> None:
    session = channel(messages)
    for step in messages["steps"]:
        outer = parse(bytes.fromhex(step["protected"]))
        inner = session.open(outer)
        plain = parse(bytes.fromhex(step["plain"]))
        assert (inner.header, inner.data, inner.ne) == (plain.header, plain.data, plain.ne)
        assert session.counter == int(step["SSC_cmd"], 16)
        answer = bytes.fromhex(step["plain_response"])
        protected = session.protect(inner, answer[:-2], int.from_bytes(answer[-2:], "big"))
        assert protected + answer[-2:] == bytes.fromhex(step["response"])
        assert session.counter == int(step["SSC_rsp"], 16)


@pytest.mark.parametrize("place", range(5, 26))
def test_any_altered_byte_of_a_protected_command_is_refused(messages: dict[str, Any], place: int) -> None:
    apdu = bytearray.fromhex(messages["steps"][0]["protected"])
    apdu[place] ^= 0x01
    with pytest.raises(Refusal) as refusal:
        channel(messages).open(parse(bytes(apdu)))
    assert refusal.value.status in (Status.SM_OBJECT_WRONG, Status.SM_OBJECT_MISSING)


def test_a_repeated_command_is_refused(messages: dict[str, Any]) -> None:
    session = channel(messages)
    outer = parse(bytes.fromhex(messages["steps"][0]["protected"]))
    session.open(outer)
    with pytest.raises(Refusal):
        session.open(outer)


@pytest.mark.parametrize("suite", [TDES, AES128, AES256], ids=lambda suite: suite.name)
@pytest.mark.parametrize("odd", [False, True])
@pytest.mark.parametrize("limit", [256, 2000, 4096, 65533])
def test_the_room_in_an_answer_is_used_to_the_last_block(suite: Any, odd: bool, limit: int) -> None:
    session = SecureChannel.from_secret(suite, b"secret")
    command = Command(0x0C, 0xB1 if odd else 0xB0, 0, 0)
    room = session.room(limit, odd)
    assert len(session.protect(command, bytes(room), Status.OK)) <= limit
    assert len(session.protect(command, bytes(room + 1), Status.OK)) > limit


def test_a_short_answer_under_3des_carries_231_bytes() -> None:
    assert SecureChannel.from_secret(TDES, b"").room(256, odd=False) == 231


@pytest.mark.parametrize(
    ("apdu", "data", "ne", "extended"),
    [
        ("00840000", "", 0, False),
        ("0084000008", "", 8, False),
        ("00B0000000", "", 256, False),
        ("00A4020C02011E", "011E", 0, False),
        ("00880000020102FF", "0102", 255, False),
        ("00B00000000000", "", 65536, True),
        ("00B000000007D0", "", 2000, True),
        ("00860000000003" + "0A0B0C", "0A0B0C", 0, True),
        ("00860000000003" + "0A0B0C" + "0000", "0A0B0C", 65536, True),
    ],
)
def test_a_command_is_taken_apart_in_each_case_of_iso_7816(apdu: str, data: str, ne: int, extended: bool) -> None:
    command = parse(bytes.fromhex(apdu))
    assert (command.data.hex().upper(), command.ne, command.extended) == (data, ne, extended)


@pytest.mark.parametrize(
    "apdu", ["", "00", "00B000", "00A4020C0201", "00A4020C02011E0000", "00B000000000", "008600000000020102FF"]
)
def test_lengths_that_do_not_fit_are_refused(apdu: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parse(bytes.fromhex(apdu))
    assert refusal.value.status == Status.WRONG_LENGTH
