"""Whatever bit of a security object or a data group is turned: what is trusted is what was signed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.trust import passive
from services.trust.certificate import read_certificate
from services.trust.errors import TrustError
from services.trust.security_object import read_security_object
from services.trust.store import TrustStore
from services.trust.verdicts import PassiveOutcome
from simulators.chip import pki
from simulators.chip.pki import Envelope

GROUPS = {1: b"\x61\x05hello", 14: b"\x6e\x05world"}
NOW = datetime(2026, 11, 21, tzinfo=UTC)
ROOT = pki.make_csca(key="secp256r1")
SIGNER = pki.make_dsc(ROOT, key="secp256r1")
SOD = pki.make_sod(GROUPS, SIGNER, how=Envelope(signing_time=datetime(2024, 5, 1, tzinfo=UTC)))
STORE = TrustStore((read_certificate(ROOT.certificate),))
SIGNED = read_security_object(SOD)


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_without_a_flip_it_is_trusted():
    assert passive.authenticate(SOD, GROUPS, STORE, NOW).outcome is PassiveOutcome.TRUSTED


@settings(max_examples=200, deadline=None)
@given(bit=st.integers(0, 8 * len(SOD) - 1))
def test_a_flipped_security_object_is_trusted_only_when_everything_signed_is_unchanged(bit):
    changed = flipped(SOD, bit)
    verdict = passive.authenticate(changed, GROUPS, STORE, NOW)
    if verdict.outcome is PassiveOutcome.TRUSTED:
        now_signed = read_security_object(changed)
        assert now_signed.hashes == SIGNED.hashes
        assert now_signed.hash is SIGNED.hash
        assert now_signed.signed.signing_time == SIGNED.signed.signing_time
        assert verdict.signer is not None
        assert verdict.signer.fingerprint == read_certificate(SIGNER.certificate).fingerprint


@given(group=st.sampled_from(sorted(GROUPS)), bit=st.integers(0, 55))
def test_a_flipped_group_is_never_trusted(group, bit):
    changed = {**GROUPS, group: flipped(GROUPS[group], bit)}
    assert passive.authenticate(SOD, changed, STORE, NOW).outcome is PassiveOutcome.FAILED


@settings(max_examples=200, deadline=None)
@given(bit=st.integers(0, 8 * len(SIGNER.certificate) - 1))
def test_a_flipped_signer_certificate_never_leads_to_the_root(bit):
    changed = flipped(SIGNER.certificate, bit)
    try:
        certificate = read_certificate(changed)
        signed = certificate.signed_by(STORE.certificates[0].key)
    except TrustError:
        return
    assert not signed


def test_unused_bits_of_a_signature_are_no_second_spelling():
    at = len(SIGNER.certificate) - len(read_certificate(SIGNER.certificate).signature) - 1
    assert SIGNER.certificate[at] == 0
    changed = SIGNER.certificate[:at] + b"\x01" + SIGNER.certificate[at + 1 :]
    with pytest.raises(TrustError, match="unused bits"):
        read_certificate(changed)


@pytest.mark.parametrize("end", [0, 1, 10, 600, -1], ids=str)
def test_a_cut_security_object_is_never_trusted(end):
    assert passive.authenticate(SOD[:end], GROUPS, STORE, NOW).outcome is PassiveOutcome.UNREADABLE
