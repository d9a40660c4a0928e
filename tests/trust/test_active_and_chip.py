"""Proofs of the chip's own key: active authentication, chip authentication, chip authentication mapping."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.emrtd.reading import AccessProtocol, ActiveAuthentication, ChipAuthentication, Proof, Transcript
from services.trust import active, chip, passive
from services.trust.active import Signed, opened
from services.trust.algorithms import Hash
from services.trust.verdicts import PassiveOutcome, ProofOutcome
from simulators.chip import active as card_side
from simulators.chip import der, pki
from simulators.chip.files import security_infos
from simulators.chip.pki import Envelope, Signature

NONCE = bytes.fromhex("F173589974BF40C6")
VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "emrtd.json").read_text("utf-8"))[
    "icao_9303_11_F_active_auth_rsa"
]["values"]
CA_ECDH = "0.4.0.127.0.7.2.2.1.2"
CA_PROTOCOL = "0.4.0.127.0.7.2.2.3.2.2"


def proven(proof):
    return Transcript(AccessProtocol.PACE, chip_authentication=proof)


@pytest.fixture
def covered(csca, signer, store_of, now):
    """A passive verdict over the given groups, trusted."""

    def make(groups, trusted=True):
        store = store_of([csca.certificate] if trusted else [])
        return passive.authenticate(pki.make_sod(groups, signer), groups, store, now)

    return make


def dg14(algorithm_digest="sha256"):
    return der.tlv(0x6E, der.set_of(security_infos.active_authentication_info(algorithm_digest)))


def test_the_worked_example_of_icao_appendix_f_opens():
    representative = bytes.fromhex(VECTOR["F"])
    assert opened(representative, bytes.fromhex(VECTOR["RND_IFD"])) == (Signed.YES, Hash.SHA1)
    assert opened(representative, bytes(8)) == (Signed.NO, Hash.SHA1)


def test_a_padded_header_is_read_as_iso_9796_2_writes_it():
    first = b"M" * 20
    body = first + hashlib.sha1(first + NONCE, usedforsecurity=False).digest() + b"\xbc"
    assert opened(b"\x6b\xbb\xbb\xba" + body, NONCE)[0] is Signed.YES
    assert opened(b"\x6b\xbb\xbb\xbc" + body, NONCE)[0] is Signed.NO
    assert opened(b"\x4a" + body, NONCE)[0] is Signed.NO


@pytest.mark.parametrize("rubbish", [b"", b"\xbc", b"\x6a\xbc", b"\x6a" + bytes(10) + b"\x34\xcc", b"\xcc", bytes(128)])
def test_a_representative_without_its_parts_does_not_hold(rubbish):
    assert opened(rubbish, NONCE)[0] is Signed.NO


def test_an_unknown_trailer_is_not_a_failure_but_unknown():
    assert opened(b"\x6a" + bytes(100) + b"\x31\xcc", NONCE)[0] is Signed.UNKNOWN_HASH


@pytest.mark.parametrize("header, identifier", [(0x6A, 0x00), (0x6A, 0xF1), (0x4A, 0x31), (0x00, 0x31), (0x6B, 0x31)])
def test_what_a_clones_key_recovers_is_no_unknown_trailer(header, identifier):
    assert opened(bytes([header]) + bytes(100) + bytes([identifier, 0xCC]), NONCE)[0] is Signed.NO


@pytest.mark.parametrize("digest", ["sha1", "sha224", "sha256", "sha384", "sha512"])
def test_rsa_chips_prove_themselves_with_every_trailer(covered, dg15_of, digest):
    key = pki.shared_key("rsa2048", "chip")
    groups = {15: dg15_of(key)}
    answer = ActiveAuthentication(NONCE, card_side.ActiveAuthentication(key, digest).answer(NONCE))
    verdict = active.judge(groups, covered(groups), answer, NONCE)
    assert (verdict.outcome, verdict.algorithm) == (ProofOutcome.PASSED, f"ISO 9796-2 {digest}")


def test_the_smaller_of_s_and_n_minus_s_is_a_signature_too(covered, dg15_of):
    key = pki.shared_key("rsa2048", "chip")
    assert isinstance(key, pki.RsaKey)
    modulus = key.private.public_key().public_numbers().n
    signature = int.from_bytes(card_side.ActiveAuthentication(key).answer(NONCE), "big")
    groups = {15: dg15_of(key)}
    answer = ActiveAuthentication(NONCE, (modulus - signature).to_bytes(256, "big"))
    assert active.judge(groups, covered(groups), answer, NONCE).outcome is ProofOutcome.PASSED


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "DER"])
@pytest.mark.parametrize(("curve", "digest"), [("secp256r1", "sha256"), ("brainpoolP320r1", "sha256")])
def test_elliptic_chips_prove_themselves_plain_and_as_der(covered, dg15_of, curve, digest, plain):
    key = pki.make_key(curve)
    groups = {14: dg14(digest), 15: dg15_of(key)}
    answer = ActiveAuthentication(NONCE, card_side.ActiveAuthentication(key, digest, plain).answer(NONCE))
    assert active.judge(groups, covered(groups), answer, NONCE).outcome is ProofOutcome.PASSED


def test_an_elliptic_chip_without_an_algorithm_in_dg14_is_tried_with_the_hashes_that_fit(covered, dg15_of):
    key = pki.make_key("secp256r1")
    groups = {15: dg15_of(key)}
    answer = ActiveAuthentication(NONCE, card_side.ActiveAuthentication(key, "sha224").answer(NONCE))
    verdict = active.judge(groups, covered(groups), answer, NONCE)
    assert (verdict.outcome, verdict.algorithm) == (ProofOutcome.PASSED, "ECDSA-plain sha224")


@pytest.mark.parametrize("kind", ["rsa2048", "secp256r1"])
def test_a_clone_without_the_private_key_fails(covered, dg15_of, kind):
    groups = {15: dg15_of(pki.shared_key(kind, "chip"))}
    clone = card_side.ActiveAuthentication(pki.shared_key(kind, "clone"))
    verdict = active.judge(groups, covered(groups), ActiveAuthentication(NONCE, clone.answer(NONCE)), NONCE)
    assert verdict.outcome is ProofOutcome.FAILED


@pytest.mark.parametrize("response", [b"", b"\x00", bytes(256), b"\xff" * 256, b"\xff" * 300])
@pytest.mark.parametrize("kind", ["rsa2048", "secp256r1"])
def test_rubbish_as_an_answer_fails(covered, dg15_of, kind, response):
    groups = {15: dg15_of(pki.shared_key(kind, "chip"))}
    verdict = active.judge(groups, covered(groups), ActiveAuthentication(NONCE, response), NONCE)
    assert verdict.outcome is ProofOutcome.FAILED


def test_an_answer_over_another_nonce_fails(covered, dg15_of):
    key = pki.shared_key("rsa2048", "chip")
    groups = {15: dg15_of(key)}
    old = ActiveAuthentication(bytes(8), card_side.ActiveAuthentication(key).answer(bytes(8)))
    assert active.judge(groups, covered(groups), old, NONCE).outcome is ProofOutcome.FAILED
    relabelled = replace(old, nonce=NONCE)
    assert active.judge(groups, covered(groups), relabelled, NONCE).outcome is ProofOutcome.FAILED


def test_a_chip_that_has_the_key_but_does_not_answer_refuses(covered, dg15_of):
    groups = {15: dg15_of(pki.shared_key("rsa2048", "chip"))}
    assert active.judge(groups, covered(groups), None, NONCE).outcome is ProofOutcome.REFUSED


@pytest.mark.parametrize("kind", [Proof.CHIP_AUTHENTICATION, Proof.CHIP_AUTHENTICATION_MAPPING])
def test_a_chip_that_could_not_perform_what_its_files_offer_refuses(covered, store_of, now, kind):
    transcript = Transcript(AccessProtocol.PACE, failed={kind: "no key fits"})
    verdict = chip.judge({}, None, covered({1: b"a"}), transcript, store_of(), now)
    assert (verdict.outcome, verdict.reason) == (ProofOutcome.REFUSED, f"{kind.value}: no key fits")


def test_without_a_key_or_a_nonce_nothing_is_done(covered, dg15_of):
    assert active.judge({}, covered({1: b"a"}), None, NONCE).outcome is ProofOutcome.NOT_DONE
    groups = {15: dg15_of(pki.shared_key("rsa2048", "chip"))}
    assert active.judge(groups, covered(groups), None, None).outcome is ProofOutcome.NOT_DONE


def test_a_key_that_passive_authentication_does_not_cover_proves_nothing(covered, dg15_of):
    """A clone brings its own DG15."""
    key = pki.shared_key("rsa2048", "clone")
    groups = {15: dg15_of(key)}
    answer = ActiveAuthentication(NONCE, card_side.ActiveAuthentication(key).answer(NONCE))
    elsewhere = covered({1: b"a"})
    assert active.judge(groups, elsewhere, answer, NONCE).outcome is ProofOutcome.NOT_COVERED
    altered = passive.authenticate(None, groups, passive.TrustStore(), elsewhere.time.start)
    assert active.judge(groups, altered, answer, NONCE).outcome is ProofOutcome.NOT_COVERED


@pytest.mark.parametrize("data", [b"", b"\x6f\x00", b"\x6f\x02\x30\x00", b"\x6f\x84\xff\xff\xff\xff"])
def test_a_dg15_without_a_key_is_unknown_not_proven(covered, data):
    groups = {15: data}
    verdict = active.judge(groups, covered(groups), ActiveAuthentication(NONCE, bytes(256)), NONCE)
    assert verdict.outcome is ProofOutcome.UNSUPPORTED


def chip_key(key, key_id=None):
    parts = [der.oid(CA_ECDH), key.public_info(explicit=True)]
    return der.sequence(*parts, *([] if key_id is None else [der.integer(key_id)]))


def test_chip_authentication_counts_when_dg14_is_signed(covered, csca, store_of, now):
    key = pki.make_key("brainpoolP256r1")
    groups = {14: der.tlv(0x6E, der.set_of(chip_key(key, 7)))}
    for public in (key.public_info(explicit=True), key.point):
        proof = ChipAuthentication(CA_PROTOCOL, 7, public)
        verdict = chip.judge(groups, None, covered(groups), proven(proof), store_of(), now)
        assert verdict.outcome is ProofOutcome.PASSED


def test_chip_authentication_with_another_key_than_the_signed_one_proves_nothing(covered, store_of, now):
    groups = {14: der.tlv(0x6E, der.set_of(chip_key(pki.make_key("brainpoolP256r1"), 7)))}
    other = ChipAuthentication(CA_PROTOCOL, 7, pki.make_key("brainpoolP256r1").point)
    assert chip.judge(groups, None, covered(groups), proven(other), store_of(), now).outcome is ProofOutcome.NOT_COVERED


def test_chip_authentication_with_the_wrong_key_identifier_proves_nothing(covered, store_of, now):
    key = pki.make_key("brainpoolP256r1")
    groups = {14: der.tlv(0x6E, der.set_of(chip_key(key, 7)))}
    proof = ChipAuthentication(CA_PROTOCOL, 8, key.point)
    assert chip.judge(groups, None, covered(groups), proven(proof), store_of(), now).outcome is ProofOutcome.NOT_COVERED


def test_chip_authentication_with_an_unsigned_dg14_proves_nothing(covered, store_of, now):
    key = pki.make_key("brainpoolP256r1")
    groups = {14: der.tlv(0x6E, der.set_of(chip_key(key)))}
    proof = ChipAuthentication(CA_PROTOCOL, None, key.point)
    assert (
        chip.judge(groups, None, covered({1: b"a"}), proven(proof), store_of(), now).outcome is ProofOutcome.NOT_COVERED
    )


def test_nothing_was_done_without_a_proof(covered, store_of, now):
    assert chip.judge({}, None, covered({1: b"a"}), proven(None), store_of(), now).outcome is ProofOutcome.NOT_DONE


def card_security(key, signer, how=None):
    return pki.make_card_security(der.set_of(chip_key(key)), signer, how or Envelope())


@pytest.fixture
def mapping(covered, csca, store_of, now):
    """Judge chip authentication mapping with a key over the given EF.CardSecurity."""

    def judge(key, security, trusted=True):
        proof = ChipAuthentication("0.4.0.127.0.7.2.2.4.6.2", None, key.point, mapping=True)
        verdict = covered({1: b"a"}, trusted)
        assert verdict.outcome is (PassiveOutcome.TRUSTED if trusted else PassiveOutcome.NO_TRUST_ROOT)
        return chip.judge(
            {1: b"a"}, security, verdict, proven(proof), store_of([csca.certificate] if trusted else []), now
        )

    return judge


def test_mapping_counts_when_card_security_is_signed_as_well_as_the_rest(mapping, signer):
    key = pki.make_key("brainpoolP256r1")
    assert mapping(key, card_security(key, signer)).outcome is ProofOutcome.PASSED


def test_mapping_with_a_card_security_of_a_stranger_proves_nothing(mapping):
    key = pki.make_key("brainpoolP256r1")
    stranger = pki.make_dsc(pki.make_csca(name="CSCA khác", key="secp256r1"), key="secp256r1")
    assert mapping(key, card_security(key, stranger)).outcome is ProofOutcome.NOT_COVERED


@pytest.mark.parametrize("how", [Envelope(break_signature=True), Envelope(break_message_digest=True)])
def test_mapping_with_an_altered_card_security_fails(mapping, signer, how):
    key = pki.make_key("brainpoolP256r1")
    assert mapping(key, card_security(key, signer, how)).outcome is ProofOutcome.FAILED


def test_mapping_with_another_key_than_that_of_card_security_proves_nothing(mapping, signer):
    security = card_security(pki.make_key("brainpoolP256r1"), signer)
    assert mapping(pki.make_key("brainpoolP256r1"), security).outcome is ProofOutcome.NOT_COVERED


@pytest.mark.parametrize("security", [None, b"", b"\x30\x00"])
def test_mapping_without_a_readable_card_security_proves_nothing(mapping, security):
    assert mapping(pki.make_key("brainpoolP256r1"), security).outcome is ProofOutcome.NOT_COVERED


def test_a_signature_of_the_security_object_is_none_of_card_security(mapping, signer):
    key = pki.make_key("brainpoolP256r1")
    wrong_type = pki.make_signed_data("2.23.136.1.1.1", der.set_of(chip_key(key)), signer)
    assert mapping(key, wrong_type).outcome is ProofOutcome.NOT_COVERED


def test_ecdsa_over_the_right_nonce_with_a_hash_that_dg14_does_not_name_fails(covered, dg15_of):
    key = pki.make_key("secp256r1")
    groups = {14: dg14("sha256"), 15: dg15_of(key)}
    answer = ActiveAuthentication(NONCE, key.sign(NONCE, Signature("ecdsa-plain", "sha224")))
    assert active.judge(groups, covered(groups), answer, NONCE).outcome is ProofOutcome.FAILED
