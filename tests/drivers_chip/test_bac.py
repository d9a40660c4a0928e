"""ICAO 9303-11 appendix D: access keys, mutual authentication and secure messaging, byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from drivers.emrtd import bac
from drivers.emrtd.apdu import Command
from drivers.emrtd.channel import Channel
from drivers.emrtd.crypto.suites import TRIPLE_DES
from drivers.emrtd.secure_messaging import SecureMessaging
from drivers.smartcard.connection import CardConnection, CardError, CardErrorReason

Script = Callable[..., CardConnection]


def test_keys_follow_appendix_d2(vectors: dict[str, Any]) -> None:
    case = vectors["icao_9303_11_D_bac"]
    keys = bac.access_keys(case["mrz_information"])
    assert [key.hex().upper() for key in keys] == [case["KEnc"], case["KMAC"]]


def test_keys_of_the_vietnamese_examples(vectors: dict[str, Any]) -> None:
    for case in vectors["synthetic_vn_td1"]["cases"]:
        keys = bac.access_keys(case["mrz_information"])
        assert [key.hex().upper() for key in keys] == [case["KEnc"], case["KMAC"]]


def _appendix_d3(case: dict[str, Any], dialogue: Script, answer: str | None = None) -> SecureMessaging:
    drawn = iter([bytes.fromhex(case["RND_IFD"]), bytes.fromhex(case["K_IFD"])])
    card = dialogue(
        ("0084000008", case["RND_IC"] + "9000"),
        ("0082000028" + case["E_IFD"] + case["M_IFD"] + "28", answer or case["E_IC"] + case["M_IC"] + "9000"),
    )
    return bac.authenticate(Channel(card), case["mrz_information"], lambda _: next(drawn))


def test_mutual_authentication_and_the_session_follow_appendix_d3_and_d4(
    vectors: dict[str, Any], dialogue: Script
) -> None:
    session = _appendix_d3(vectors["icao_9303_11_D_bac"], dialogue)
    for step in vectors["icao_9303_11_D4_secure_messaging_3des"]["steps"]:
        plain = bytes.fromhex(step["plain"])
        data, le = (plain[5:], 0) if plain[1] == 0xA4 else (b"", plain[4])
        command = Command(plain[1], plain[2], plain[3], data, le)
        assert session.wrap(command).encode().hex().upper() == step["protected"]
        answer = bytes.fromhex(step["response"])
        response = session.unwrap(answer[:-2], int.from_bytes(answer[-2:], "big"))
        assert response.data.hex().upper() + f"{response.status:04X}" == step["plain_response"]


@pytest.mark.parametrize("status", ["6300", "6982", "6985", "6A80"])
def test_refused_keys_are_access_denied(vectors: dict[str, Any], dialogue: Script, status: str) -> None:
    with pytest.raises(CardError) as caught:
        _appendix_d3(vectors["icao_9303_11_D_bac"], dialogue, status)
    assert caught.value.reason is CardErrorReason.ACCESS_DENIED
    assert caught.value.status_word == int(status, 16)


@pytest.mark.parametrize("place", [0, 33])
def test_an_answer_with_one_wrong_bit_is_a_protocol_error(
    vectors: dict[str, Any], dialogue: Script, place: int
) -> None:
    case = vectors["icao_9303_11_D_bac"]
    answer = bytearray.fromhex(case["E_IC"] + case["M_IC"] + "9000")
    answer[place] ^= 1
    with pytest.raises(CardError) as caught:
        _appendix_d3(case, dialogue, answer.hex())
    assert caught.value.reason is CardErrorReason.PROTOCOL


@pytest.mark.parametrize("place", [3, 12, 15, 20])
def test_a_protected_response_with_one_wrong_bit_is_refused(vectors: dict[str, Any], place: int) -> None:
    case = vectors["icao_9303_11_D4_secure_messaging_3des"]
    session = SecureMessaging(
        TRIPLE_DES, bytes.fromhex(case["KSEnc"]), bytes.fromhex(case["KSMAC"]), int(case["SSC_before"], 16) + 3
    )
    answer = bytearray.fromhex(case["steps"][1]["response"])[:-2]
    answer[place] ^= 1
    with pytest.raises(CardError) as caught:
        session.unwrap(bytes(answer), 0x9000)
    assert caught.value.reason is CardErrorReason.PROTOCOL


@pytest.mark.parametrize("data", ["99029000", "8E08ED6705417E96BA55", "87", "00", "8E00", "990290008E0100"])
def test_a_response_without_its_objects_is_refused(data: str) -> None:
    session = SecureMessaging(TRIPLE_DES, bytes(range(16)), bytes(range(16)))
    with pytest.raises(CardError):
        session.unwrap(bytes.fromhex(data), 0x9000)


def test_bare_success_under_secure_messaging_is_refused_and_a_bare_error_passes() -> None:
    session = SecureMessaging(TRIPLE_DES, bytes(range(16)), bytes(range(16)))
    with pytest.raises(CardError):
        session.unwrap(b"", 0x9000)
    response = session.unwrap(b"", 0x6A82)
    assert (response.status, response.protected) == (0x6A82, False)
