"""Terminal authentication from the card's side: chains, rights, dates and signatures."""

from __future__ import annotations

from datetime import date

import pytest

from simulators.chip import der
from simulators.chip.apdu import Refusal, Status
from simulators.chip.pki import (
    CVCA,
    DV_DOMESTIC,
    DV_FOREIGN,
    FINGERS,
    IRISES,
    CvHolder,
    Signature,
    make_cv_certificate,
    shared_key,
)
from simulators.chip.terminal import TerminalAuthentication, parse_certificate

TODAY = date(2026, 11, 21)
MESSAGE = b"identity" + b"challenge" + b"ephemeral"


@pytest.fixture(scope="module")
def cvca() -> CvHolder:
    return make_cv_certificate("VNCVCA00001", role=CVCA)


def shown(card: TerminalAuthentication, issuer: CvHolder, *chain: CvHolder) -> None:
    """Choose each issuer and import what it issued."""
    for one in chain:
        card.choose(issuer.reference)
        card.import_certificate(one.certificate)
        issuer = one


def proven(card: TerminalAuthentication, terminal: CvHolder, message: bytes = MESSAGE) -> int:
    card.choose(terminal.reference)
    return card.authenticate(MESSAGE, terminal.key.sign(message, terminal.signature))


@pytest.mark.parametrize("curve", ["brainpoolP256r1", "secp256r1", "brainpoolP384r1", "secp521r1"])
@pytest.mark.parametrize("role", [DV_DOMESTIC, DV_FOREIGN])
def test_a_chain_of_three_opens_fingers(curve: str, role: int) -> None:
    root = make_cv_certificate("VNCVCA00001", key=curve, role=CVCA)
    dv = make_cv_certificate("VNDV00001", root, key=curve, role=role)
    terminal = make_cv_certificate("VNIS00001", dv, key=curve)
    card = TerminalAuthentication(root.certificate, TODAY)
    shown(card, root, dv, terminal)
    assert proven(card, terminal) == FINGERS | IRISES


@pytest.mark.parametrize(
    "signature", [Signature("pkcs1", "sha256"), Signature("pss", "sha512"), Signature("pkcs1", "sha1")]
)
def test_a_chain_of_rsa_keys_opens_fingers(signature: Signature) -> None:
    keys = [shared_key("rsa2048", f"cv{number}") for number in range(3)]
    root = make_cv_certificate("VNCVCA00001", key=keys[0], signature=signature, role=CVCA)
    dv = make_cv_certificate("VNDV00001", root, keys[1], signature, role=DV_DOMESTIC)
    terminal = make_cv_certificate("VNIS00001", dv, keys[2], signature)
    card = TerminalAuthentication(root.certificate, TODAY)
    shown(card, root, dv, terminal)
    assert proven(card, terminal) & FINGERS


def test_a_link_certificate_carries_trust_to_a_new_authority(cvca: CvHolder) -> None:
    new_key = make_cv_certificate("VNCVCA00002", role=CVCA)
    link = make_cv_certificate("VNCVCA00002", cvca, new_key.key, role=CVCA)
    dv = make_cv_certificate("VNDV00001", link, role=DV_DOMESTIC)
    terminal = make_cv_certificate("VNIS00001", dv)
    card = TerminalAuthentication(cvca.certificate, TODAY)
    shown(card, cvca, link, dv, terminal)
    assert proven(card, terminal) & FINGERS


def test_the_rights_are_those_everybody_in_the_chain_has(cvca: CvHolder) -> None:
    dv = make_cv_certificate("VNDV00001", cvca, role=DV_DOMESTIC, rights=IRISES)
    terminal = make_cv_certificate("VNIS00001", dv, rights=FINGERS | IRISES)
    card = TerminalAuthentication(cvca.certificate, TODAY)
    shown(card, cvca, dv, terminal)
    assert proven(card, terminal) == IRISES


def test_a_signature_over_anything_else_is_refused(cvca: CvHolder) -> None:
    dv = make_cv_certificate("VNDV00001", cvca, role=DV_DOMESTIC)
    terminal = make_cv_certificate("VNIS00001", dv)
    card = TerminalAuthentication(cvca.certificate, TODAY)
    shown(card, cvca, dv, terminal)
    with pytest.raises(Refusal) as refusal:
        proven(card, terminal, MESSAGE + b"!")
    assert refusal.value.status == Status.WRONG_PASSWORD


def test_a_foreign_chain_is_unknown(cvca: CvHolder) -> None:
    stranger = make_cv_certificate("VNCVCA00001", role=CVCA)
    dv = make_cv_certificate("VNDV00001", stranger, role=DV_DOMESTIC)
    card = TerminalAuthentication(cvca.certificate, TODAY)
    with pytest.raises(Refusal) as refusal:
        shown(card, cvca, dv)
    assert refusal.value.status == Status.WRONG_PASSWORD
    with pytest.raises(Refusal) as refusal:
        card.choose(b"UTCVCA00001")
    assert refusal.value.status == Status.REFERENCE_NOT_FOUND


def test_an_expired_certificate_is_refused(cvca: CvHolder) -> None:
    dv = make_cv_certificate("VNDV00001", cvca, role=DV_DOMESTIC, expires=date(2026, 11, 20))
    with pytest.raises(Refusal) as refusal:
        shown(TerminalAuthentication(cvca.certificate, TODAY), cvca, dv)
    assert refusal.value.status == Status.CONDITIONS


def test_a_terminal_cannot_be_issued_by_the_root_or_by_a_terminal(cvca: CvHolder) -> None:
    direct = make_cv_certificate("VNIS00001", cvca)
    with pytest.raises(Refusal):
        shown(TerminalAuthentication(cvca.certificate, TODAY), cvca, direct)
    dv = make_cv_certificate("VNDV00001", cvca, role=DV_DOMESTIC)
    terminal = make_cv_certificate("VNIS00001", dv)
    second = make_cv_certificate("VNIS00002", terminal)
    with pytest.raises(Refusal):
        shown(TerminalAuthentication(cvca.certificate, TODAY), cvca, dv, terminal, second)


def test_a_document_verifier_is_no_terminal(cvca: CvHolder) -> None:
    dv = make_cv_certificate("VNDV00001", cvca, role=DV_DOMESTIC)
    card = TerminalAuthentication(cvca.certificate, TODAY)
    shown(card, cvca, dv)
    with pytest.raises(Refusal) as refusal:
        proven(card, dv)
    assert refusal.value.status == Status.CONDITIONS


def test_an_altered_certificate_is_refused(cvca: CvHolder) -> None:
    dv = make_cv_certificate("VNDV00001", cvca, role=DV_DOMESTIC, rights=0)
    body = der.read(dv.certificate)[1].replace(bytes([0x53, 0x01, 0x80]), bytes([0x53, 0x01, 0x83]))
    card = TerminalAuthentication(cvca.certificate, TODAY)
    card.choose(cvca.reference)
    with pytest.raises(Refusal):
        card.import_certificate(body)


@pytest.mark.parametrize("data", [b"", b"\x7f\x21\x00", b"\x7f\x4e\x02\x42\x00", b"\x30\x03\x02\x01\x01"])
def test_bytes_that_are_no_certificate_are_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_certificate(data)
