"""PACE from the card's side, by the worked examples of ICAO 9303-11 appendices G, H and I."""

from __future__ import annotations

from typing import Any

import pytest

from simulators.chip import der
from simulators.chip.apdu import Refusal, Status
from simulators.chip.domain import STANDARDISED, DhGroup, EcGroup, ImpossibleMapping, point_of
from simulators.chip.ec import CURVES
from simulators.chip.pace import PROTOCOLS, Draws, Mapping, Offer, PaceSession, password_key, random_element
from simulators.chip.suites import AES128, AES192, AES256, TDES, Suite

G1, G2 = "icao_9303_11_G1_pace_ecdh_gm", "icao_9303_11_G2_pace_dh_gm"
H1, H2, I1 = "icao_9303_11_H1_pace_ecdh_im", "icao_9303_11_H2_pace_dh_im", "icao_9303_11_I1_pace_ecdh_cam"


def values(vectors: dict[str, Any], name: str) -> dict[str, Any]:
    return vectors[name]["values"]


def raw(text: str) -> bytes:
    return bytes.fromhex(text)


def number(text: str) -> int:
    return int(text, 16)


def point(xy: str) -> bytes:
    return b"\x04" + raw(xy)


def step(session: PaceSession, tag: int | None, data: bytes = b"") -> dict[int, bytes]:
    """One GENERAL AUTHENTICATE; the objects of the answer."""
    answer = session.answer(der.tlv(0x7C, b"" if tag is None else der.tlv(tag, data)))
    return der.fields(der.read(answer)[1])


def test_the_password_keys_of_the_examples(emrtd_vectors: dict[str, Any]) -> None:
    for name in (G1, G2, I1):
        example = values(emrtd_vectors, name)
        assert password_key(AES128, raw(example["K"])).hex().upper() == example["Kpi"]


def test_g1_generic_mapping_on_a_curve(emrtd_vectors: dict[str, Any]) -> None:
    example = values(emrtd_vectors, G1)
    draws = Draws(raw(example["nonce_s"]), number(example["map_icc_priv"]), number(example["eph_icc_priv"]))
    offer = Offer(PROTOCOLS["ECDH-GM-AES-128"], 13)
    assert offer.info() == raw(example["PACEInfo"])
    session = PaceSession(offer, raw(example["Kpi"]), draws=draws)
    answers = [exchange["hex"] for exchange in example["apdus"] if exchange["dir"] == "C>T"]
    commands = [exchange["hex"] for exchange in example["apdus"] if exchange["dir"] == "T>C"]
    for command, answer in zip(commands[1:], answers[1:], strict=True):
        whole = raw(command)
        assert session.answer(whole[5 : 5 + whole[4]]) + b"\x90\x00" == raw(answer)
    assert session.channel is not None
    assert session.channel.key_encryption == raw(example["KSEnc"])
    assert session.channel.key_mac == raw(example["KSMAC"])


def test_g2_generic_mapping_modulo_a_prime(emrtd_vectors: dict[str, Any]) -> None:
    example = values(emrtd_vectors, G2)
    draws = Draws(raw(example["nonce_s"]), number(example["map_icc_priv"]), number(example["eph_icc_priv"]))
    offer = Offer(PROTOCOLS["DH-GM-AES-128"], 0)
    assert offer.info() == raw(example["PACEInfo"])
    session = PaceSession(offer, raw(example["Kpi"]), draws=draws)
    assert step(session, None)[0x80] == raw(example["nonce_z"])
    assert step(session, 0x81, raw(example["map_pcd_pub"]))[0x82] == raw(example["map_icc_pub"])
    theirs = raw(example["eph_pcd_pub"])[1:]  # printed with a leading zero the message does not have
    assert step(session, 0x83, theirs)[0x84] == raw(example["eph_icc_pub"])
    assert step(session, 0x85, raw(example["T_IFD"]))[0x86] == raw(example["T_IC"])
    assert session.channel is not None
    assert session.channel.key_encryption == raw(example["KSEnc"])


def test_h1_integrated_mapping_on_a_curve(emrtd_vectors: dict[str, Any]) -> None:
    example = values(emrtd_vectors, H1)
    draws = Draws(raw(example["nonce_s"]), None, number(example["SK_IC"]))
    session = PaceSession(Offer(PROTOCOLS["ECDH-IM-AES-128"], 13), raw(example["Kpi"]), draws=draws)
    assert step(session, None)[0x80] == raw(example["nonce_z"])
    assert step(session, 0x81, raw(example["nonce_t"]))[0x82] == b""
    assert step(session, 0x83, point(example["PK_IFD"]))[0x84] == point(example["PK_IC"])
    assert step(session, 0x85, raw(example["T_IFD"]))[0x86] == raw(example["T_IC"])
    assert session.channel is not None
    assert session.channel.key_mac == raw(example["KSMAC"])


def test_h1_the_mapped_generator(emrtd_vectors: dict[str, Any]) -> None:
    example = values(emrtd_vectors, H1)
    element = random_element(AES128, raw(example["nonce_s"]), raw(example["nonce_t"]), number(example["p"]))
    assert element == number(example["Rp_s_t"])
    mapped = point_of(CURVES["brainpoolP256r1"], element)
    assert mapped == (number(example["mapped_G_x"]), number(example["mapped_G_y"]))


def test_h2_integrated_mapping_modulo_a_prime(emrtd_vectors: dict[str, Any]) -> None:
    example = values(emrtd_vectors, H2)
    group = STANDARDISED[0]
    element = random_element(AES128, raw(example["nonce_s"]), raw(example["nonce_t"]), group.prime)
    assert element == number(example["Rp_s_t"])
    mapped = group.mapped_integrated(element)
    assert isinstance(mapped, DhGroup) and mapped.generator == number(example["mapped_G"])
    draws = Draws(raw(example["nonce_s"]), None, number(example["SK_IC"]))
    session = PaceSession(Offer(PROTOCOLS["DH-IM-AES-128"], 0), raw(example["Kpi"]), draws=draws)
    assert step(session, None)[0x80] == raw(example["nonce_z"])
    assert step(session, 0x81, raw(example["nonce_t"]))[0x82] == b""
    assert step(session, 0x83, raw(example["PK_IFD"]))[0x84] == raw(example["PK_IC"])
    assert step(session, 0x85, raw(example["T_IFD"]))[0x86] == raw(example["T_IC"])
    assert session.channel is not None
    assert session.channel.key_encryption == raw(example["KSEnc"])


def test_i1_chip_authentication_mapping(emrtd_vectors: dict[str, Any]) -> None:
    example = values(emrtd_vectors, I1)
    curve = CURVES["brainpoolP256r1"]
    mapping_key, proof = number(example["map_icc_priv"]), number(example["chip_data"])
    chip_key = mapping_key * pow(proof, -1, curve.n) % curve.n  # the example prints only the public half
    assert curve.encode(curve.multiply(chip_key)) == point(example["chip_public_xy"])
    draws = Draws(raw(example["nonce_s"]), mapping_key, number(example["eph_icc_priv"]))
    offer = Offer(PROTOCOLS["ECDH-CAM-AES-128"], 13)
    assert offer.info() == raw(example["PACEInfo"])
    session = PaceSession(offer, raw(example["Kpi"]), chip_key, draws=draws)
    assert step(session, None)[0x80] == raw(example["nonce_z"])
    assert step(session, 0x81, point(example["map_pcd_pub_xy"]))[0x82] == point(example["map_icc_pub_xy"])
    assert step(session, 0x83, point(example["eph_pcd_pub"]))[0x84] == point(example["eph_icc_pub"])
    assert session.answer(der.tlv(0x7C, der.tlv(0x85, raw(example["T_IFD"])))) == raw(example["last_answer"])


def test_there_are_nineteen_protocols_and_fourteen_parameter_sets() -> None:
    assert len(PROTOCOLS) == 19
    assert sorted(STANDARDISED) == [0, 1, 2, *range(8, 19)]
    assert "ECDH-CAM-3DES" not in PROTOCOLS


@pytest.mark.parametrize("parameters", [number for number in STANDARDISED if number >= 8 and number != 10])
def test_every_curve_but_one_takes_the_integrated_mapping(parameters: int) -> None:
    group = STANDARDISED[parameters]
    mapped = group.mapped_integrated(0x1234567)
    assert isinstance(mapped, EcGroup) and mapped.curve.contains(mapped.generator)


def test_secp224r1_cannot_be_mapped_by_integration() -> None:
    with pytest.raises(ImpossibleMapping):
        STANDARDISED[10].mapped_integrated(5)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_integer_groups_are_generated_in_their_prime_order(number: int) -> None:
    group = STANDARDISED[number]
    assert isinstance(group, DhGroup)
    assert pow(group.generator, group.order, group.prime) == 1 != group.generator
    assert (group.prime - 1) % group.order == 0


@pytest.mark.parametrize("suite", [TDES, AES128, AES192, AES256], ids=lambda suite: suite.name)
def test_a_terminal_with_another_password_is_refused_at_the_token(suite: Suite) -> None:
    protocol = PROTOCOLS[f"ECDH-GM-{suite.name}"]
    group = STANDARDISED[12]
    session = PaceSession(Offer(protocol, 12), password_key(suite, b"123456"))
    step(session, None)
    step(session, 0x81, group.public(7))
    step(session, 0x83, group.public(11))
    with pytest.raises(Refusal) as refusal:
        step(session, 0x85, bytes(8))
    assert refusal.value.status == Status.WRONG_PASSWORD
    assert session.channel is None


@pytest.mark.parametrize("public", [b"", b"\x04", bytes(65), b"\x04" + bytes(64), b"\x02" + bytes(32)])
def test_a_point_that_is_not_on_the_curve_is_refused(public: bytes) -> None:
    session = PaceSession(Offer(PROTOCOLS["ECDH-GM-AES-128"], 13), bytes(16))
    step(session, None)
    with pytest.raises((Refusal, ValueError)):
        step(session, 0x81, public)


@pytest.mark.parametrize("public", [b"\x00", b"\x01", STANDARDISED[0].prime.to_bytes(128, "big"), b"\x03"])
def test_an_integer_outside_the_subgroup_is_refused(public: bytes) -> None:
    session = PaceSession(Offer(PROTOCOLS["DH-GM-AES-128"], 0), bytes(16))
    step(session, None)
    with pytest.raises(ValueError, match="subgroup"):
        step(session, 0x81, public)


def test_chip_authentication_mapping_is_defined_on_curves_only() -> None:
    assert {p.mapping for p in PROTOCOLS.values()} == set(Mapping)
    assert all(p.agreement == "ECDH" for p in PROTOCOLS.values() if p.mapping is Mapping.CHIP_AUTHENTICATION)
