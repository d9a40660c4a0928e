"""ICAO 9303-11 appendices G.1, G.2, H.1, H.2 and I.1, byte for byte, and what PACE refuses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.emrtd.apdu import Command
from drivers.emrtd.channel import Channel
from drivers.emrtd.crypto.domain_parameters import group
from drivers.emrtd.crypto.groups import FieldGroup
from drivers.emrtd.crypto.suites import AES_128, AES_192, AES_256, TRIPLE_DES, KeyUse
from drivers.emrtd.lds.security_infos import PaceInfo, parse_security_infos
from drivers.emrtd.lds.tlv import LdsError, encode
from drivers.emrtd.pace.choice import Choice, UnsupportedPace, choices, understand
from drivers.emrtd.pace.mapping import pseudo_random
from drivers.emrtd.pace.protocol import PaceNotOffered, PaceResult, Password, PasswordKind, Randomness, authenticate
from drivers.smartcard.connection import CardConnection, CardError, CardErrorReason

Script = Callable[..., CardConnection]
OWN = json.loads((Path(__file__).parent / "vectors" / "icao_9303_11_h2_i1.json").read_text(encoding="utf-8"))


def _hex(text: str) -> bytes:
    return bytes.fromhex(text.replace(" ", ""))


def _choice(pace_info: str) -> Choice:
    infos = parse_security_infos(encode(0x31, _hex(pace_info))).pace
    return understand(infos[0])


def _numbers(*texts: str) -> Callable[[int], int]:
    drawn: Iterator[str] = iter(texts)
    return lambda _limit: int(next(drawn), 16)


def _pairs(apdus: list[dict[str, str]], last: str | None = None) -> list[tuple[str, str]]:
    texts = [entry["hex"] for entry in apdus]
    pairs = list(zip(texts[::2], texts[1::2], strict=True))
    return pairs if last is None else [*pairs[:-1], (pairs[-1][0], last)]


def _session_keys(result: PaceResult) -> bytes:
    """A command under the session shows its keys without opening the object."""
    return result.session.wrap(Command(0xB0, 0x9E, 0, le=4)).encode()


def _protected(key_encrypt: str, key_mac: str) -> bytes:
    from drivers.emrtd.secure_messaging import SecureMessaging

    return SecureMessaging(AES_128, _hex(key_encrypt), _hex(key_mac)).wrap(Command(0xB0, 0x9E, 0, le=4)).encode()


@pytest.mark.parametrize("name", ["icao_9303_11_G1_pace_ecdh_gm", "icao_9303_11_G2_pace_dh_gm"])
def test_generic_mapping_runs_as_in_appendix_g(vectors: dict[str, Any], dialogue: Script, name: str) -> None:
    case = vectors[name]
    answer = case["apdus"][-1]["hex"]
    script = _pairs(case["apdus"], answer if answer.endswith("9000") else answer + "9000")
    randomness = Randomness(below=_numbers(case["map_pcd_priv"], case["eph_pcd_priv"]))
    password = Password(PasswordKind.MRZ, case["mrz_password"])
    result = authenticate(Channel(dialogue(*script)), _choice(case["PACEInfo"]), password, randomness=randomness)
    assert _session_keys(result) == _protected(case["KSEnc"], case["KSMAC"])
    assert result.chip_ephemeral[-64:] == _hex(case["eph_icc_pub"])[-64:]


def test_a_reference_in_the_last_answer_is_kept(vectors: dict[str, Any], dialogue: Script) -> None:
    case = vectors["icao_9303_11_G2_pace_dh_gm"]
    randomness = Randomness(below=_numbers(case["map_pcd_priv"], case["eph_pcd_priv"]))
    script = _pairs(case["apdus"], case["apdus"][-1]["hex"] + "9000")
    password = Password(PasswordKind.MRZ, case["mrz_password"])
    result = authenticate(Channel(dialogue(*script)), _choice(case["PACEInfo"]), password, randomness=randomness)
    assert result.references == (b"DETESTCVCA00003",)


@pytest.mark.parametrize("name", ["icao_9303_11_G1_pace_ecdh_gm", "icao_9303_11_G2_pace_dh_gm"])
def test_the_password_becomes_the_printed_key(vectors: dict[str, Any], name: str) -> None:
    case = vectors[name]
    assert Password(PasswordKind.MRZ, case["mrz_password"]).key(AES_128) == _hex(case["Kpi"])


def test_a_can_is_taken_as_it_is() -> None:
    expected = hashlib.sha1(b"000017\x00\x00\x00\x03", usedforsecurity=False).digest()[:16]
    assert Password(PasswordKind.CAN, "000017").key(AES_128) == expected
    assert Password(PasswordKind.CAN, "000017").key(AES_256) == hashlib.sha256(b"000017\x00\x00\x00\x03").digest()


def test_integrated_mapping_over_a_curve_follows_appendix_h1(vectors: dict[str, Any]) -> None:
    case = vectors["icao_9303_11_H1_pace_ecdh_im"]
    curve = group(13)
    assert curve is not None
    nonce = AES_128.decrypt(_hex(case["Kpi"]), bytes(16), _hex(case["nonce_z"]))
    assert nonce == _hex(case["nonce_s"])
    output, number = pseudo_random(AES_128, nonce, _hex(case["nonce_t"]), curve.modulus)
    assert (output, number) == (_hex(case["R_s_t"]), int(case["Rp_s_t"], 16))
    mapped = curve.mapped_integrated(number)
    assert mapped.generate(lambda _: 1).public == b"\x04" + _hex(case["mapped_G_x"] + case["mapped_G_y"])
    pair = mapped.generate(_numbers(case["SK_IFD"]))
    assert pair.public == b"\x04" + _hex(case["PK_IFD"])
    secret = mapped.secret(mapped.agree(pair.private, b"\x04" + _hex(case["PK_IC"])))
    assert secret == _hex(case["shared_secret"])
    assert AES_128.derive(secret, KeyUse.ENCRYPT) == _hex(case["KSEnc"])
    assert AES_128.derive(secret, KeyUse.MAC) == _hex(case["KSMAC"])
    assert AES_128.mac(_hex(case["KSMAC"]), _hex(case["token_input_T_IFD"])) == _hex(case["T_IFD"])


def test_integrated_mapping_over_a_field_follows_appendix_h2() -> None:
    case = OWN["H2"]
    field = group(0)
    assert field is not None
    nonce = AES_128.decrypt(_hex(case["Kpi"]), bytes(16), _hex(case["nonce_z"]))
    assert nonce == _hex(case["nonce_s"])
    output, number = pseudo_random(AES_128, nonce, _hex(case["nonce_t"]), field.modulus)
    assert (output, number) == (_hex(case["R_s_t"]), int(case["Rp_s_t"], 16))
    mapped = field.mapped_integrated(number)
    assert mapped.generate(lambda _: 1).public == _hex(case["mapped_g"])
    pair = mapped.generate(_numbers(case["SK_IFD"]))
    assert pair.public == _hex(case["PK_IFD"])
    secret = mapped.secret(mapped.agree(pair.private, _hex(case["PK_IC"])))
    assert AES_128.derive(secret, KeyUse.ENCRYPT) == _hex(case["KSEnc"])
    assert AES_128.derive(secret, KeyUse.MAC) == _hex(case["KSMAC"])


def test_integrated_mapping_runs_over_the_wire_with_the_numbers_of_h2(
    dialogue: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = {name: text.replace(" ", "") for name, text in OWN["H2"].items()}

    def printed_key(_self: Password, _suite: object) -> bytes:
        return _hex(case["Kpi"])  # the appendix prints a key that no password of it gives (chip.md section 7)

    monkeypatch.setattr(Password, "key", printed_key)
    script = [
        ("0022C1A40F800A04007F00070202040302830102", "9000"),
        ("10860000027C0000", "7C128010" + case["nonce_z"] + "9000"),
        ("10860000147C128110" + case["nonce_t"] + "00", "7C0282009000"),
        ("10860000867C8183838180" + case["PK_IFD"] + "00", "7C8183848180" + case["PK_IC"] + "9000"),
        ("008600000C7C0A8508" + case["T_IFD"] + "00", "7C0A8608" + case["T_IC"] + "9000"),
    ]
    randomness = Randomness(lambda _: _hex(case["nonce_t"]), _numbers(case["SK_IFD"]))
    result = authenticate(
        Channel(dialogue(*script)),
        understand(PaceInfo("0.4.0.127.0.7.2.2.4.3.2", 2, 0)),
        Password(PasswordKind.CAN, "123456"),
        randomness=randomness,
    )
    assert _session_keys(result) == _protected(case["KSEnc"], case["KSMAC"])


def _appendix_i1(dialogue: Script, last: str | None = None) -> PaceResult:
    case = OWN["I1"]
    script = [tuple(pair) for pair in case["dialogue"]]
    if last is not None:
        script[-1] = (script[-1][0], last)
    randomness = Randomness(below=_numbers(case["map_pcd_priv"], case["eph_pcd_priv"]))
    password = Password(PasswordKind.MRZ, case["mrz_password"])
    return authenticate(Channel(dialogue(*script)), _choice(case["PACEInfo"]), password, randomness=randomness)


def test_chip_authentication_mapping_runs_as_in_appendix_i1(dialogue: Script) -> None:
    case = OWN["I1"]
    result = _appendix_i1(dialogue)
    assert Password(PasswordKind.MRZ, case["mrz_password"]).key(AES_128) == _hex(case["Kpi"])
    assert _session_keys(result) == _protected(case["KSEnc"], case["KSMAC"])
    assert result.chip_data == _hex(case["chip_data"])
    assert result.mapping_key == b"\x04" + _hex(case["map_icc_pub"])


def test_a_wrong_token_of_the_chip_is_a_protocol_error(dialogue: Script) -> None:
    with pytest.raises(CardError) as caught:
        _appendix_i1(dialogue, "7C0A86088596CF055C67C1A49000")
    assert caught.value.reason is CardErrorReason.PROTOCOL


@pytest.mark.parametrize("status", ["6300", "63C1", "6982", "6985"])
def test_a_wrong_password_is_access_denied(dialogue: Script, status: str) -> None:
    with pytest.raises(CardError) as caught:
        _appendix_i1(dialogue, status)
    assert caught.value.reason is CardErrorReason.ACCESS_DENIED


@pytest.mark.parametrize(
    "answer",
    ["7C439000", "7C009000", "9000", "7C438441049000", "7C43844104" + "00" * 64 + "9000", "7C03840104" + "9000"],
)
def test_rubbish_instead_of_a_key_is_a_protocol_error(dialogue: Script, answer: str) -> None:
    case = OWN["I1"]
    script = [tuple(pair) for pair in case["dialogue"][:3]] + [(case["dialogue"][3][0], answer)]
    randomness = Randomness(below=_numbers(case["map_pcd_priv"], case["eph_pcd_priv"]))
    with pytest.raises(CardError) as caught:
        authenticate(
            Channel(dialogue(*script)),
            _choice(case["PACEInfo"]),
            Password(PasswordKind.MRZ, case["mrz_password"]),
            randomness=randomness,
        )
    assert caught.value.reason is CardErrorReason.PROTOCOL


def test_the_domain_parameters_are_named_where_several_exist(dialogue: Script) -> None:
    script = dialogue(("0022C1A412800A04007F0007020204020283010284010D", "6982"))
    with pytest.raises(PaceNotOffered):
        authenticate(
            Channel(script),
            understand(PaceInfo("0.4.0.127.0.7.2.2.4.2.2", 2, 13)),
            Password(PasswordKind.CAN, "123456"),
            ambiguous=True,
        )


def test_a_chip_that_wants_the_parameters_the_other_way_gets_them_once(dialogue: Script) -> None:
    script = dialogue(
        ("0022C1A40F800A04007F00070202040202830102", "6A88"),
        ("0022C1A412800A04007F0007020204020283010284010D", "6A88"),
    )
    with pytest.raises(PaceNotOffered) as caught:
        authenticate(
            Channel(script),
            understand(PaceInfo("0.4.0.127.0.7.2.2.4.2.2", 2, 13)),
            Password(PasswordKind.CAN, "123456"),
        )
    assert caught.value.status == 0x6A88


@pytest.mark.parametrize("suite", range(1, 5))
@pytest.mark.parametrize("arm", [1, 2, 3, 4, 6])
def test_each_standardised_parameter_works_with_its_protocols_or_is_refused_with_a_reason(arm: int, suite: int) -> None:
    impossible: dict[int, str] = {}
    for parameter in (0, 1, 2, *range(8, 19)):
        try:
            understand(PaceInfo(f"0.4.0.127.0.7.2.2.4.{arm}.{suite}", 2, parameter))
        except UnsupportedPace as reason:
            impossible[parameter] = str(reason)
    if (arm, suite) == (6, 1):
        assert len(impossible) == 14
    elif arm in (1, 3):
        assert set(impossible) == set(range(8, 19))
    elif arm == 4:
        assert set(impossible) == {0, 1, 2, 10}
        assert "p = 3 mod 4" in impossible[10]
    else:
        assert set(impossible) == {0, 1, 2}


@pytest.mark.parametrize(
    ("oid", "version", "parameter"),
    [
        ("0.4.0.127.0.7.2.2.4.2.2", 1, 13),
        ("0.4.0.127.0.7.2.2.4.2.2", 2, 3),
        ("0.4.0.127.0.7.2.2.4.2.2", 2, None),
        ("0.4.0.127.0.7.2.2.4.5.2", 2, 13),
        ("0.4.0.127.0.7.2.2.4.2.9", 2, 13),
    ],
)
def test_what_is_not_standardised_is_refused_with_a_reason(oid: str, version: int, parameter: int | None) -> None:
    possible, reasons = choices((PaceInfo(oid, version, parameter),))
    assert possible == ()
    assert len(reasons) == 1


def test_the_mapping_that_proves_the_chip_is_tried_first() -> None:
    generic = PaceInfo("0.4.0.127.0.7.2.2.4.2.2", 2, 13)
    proving = PaceInfo("0.4.0.127.0.7.2.2.4.6.2", 2, 13)
    possible, _ = choices((generic, proving))
    assert [choice.info for choice in possible] == [proving, generic]


@pytest.mark.parametrize("identifier", range(8, 19))
def test_points_beside_the_curve_are_refused(identifier: int) -> None:
    curve = group(identifier)
    assert curve is not None
    point = bytearray(curve.generate().public)
    curve.decode(bytes(point))
    point[-1] ^= 1
    with pytest.raises(LdsError):
        curve.decode(bytes(point))


@pytest.mark.parametrize("number", [0, 1, -1])
def test_trivial_numbers_of_a_field_are_refused(number: int) -> None:
    field = group(0)
    assert isinstance(field, FieldGroup)
    with pytest.raises(LdsError):
        field.decode((number % field.modulus).to_bytes(128, "big"))


@pytest.mark.parametrize("suite", [AES_192, AES_256, TRIPLE_DES])
def test_the_pseudo_random_number_is_long_enough_for_every_suite(suite: Any) -> None:
    length = len(suite.derive(b"x", KeyUse.PACE))
    curve = group(17)
    assert curve is not None
    output, number = pseudo_random(suite, bytes(16 if length == 16 else 32), bytes(length), curve.modulus)
    assert len(output) * 8 >= curve.modulus.bit_length() + 64
    assert number < curve.modulus
