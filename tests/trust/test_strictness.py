"""Rules that only a forger or a broken issuer meets: each is held by a document that breaks just this one."""

from datetime import UTC, datetime

import pytest

from drivers.emrtd.reading import AccessProtocol, ChipReading, FileId, Transcript
from services.trust import passive
from services.trust.algorithms import Hash, Scheme, SignatureAlgorithm
from services.trust.certificate import read_certificate
from services.trust.errors import TrustError
from services.trust.judgement import ChipLevel, judge
from services.trust.public_key import read_public_key, verify
from services.trust.verdicts import PassiveOutcome, PassiveReason, RevocationState
from simulators import citizens
from simulators.chip import der, pki
from simulators.chip.files import groups as chip_files
from simulators.chip.pki import certificates as made

GROUPS = {1: b"\x61\x01a"}
SHA256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"), der.NULL)
LDS = "2.23.136.1.1.1"


def authority(extensions, key="secp256r1"):
    """A self-signed authority with just these extensions."""
    pair = pki.make_key(key)
    name = pki.make_name("VN", "CSCA lạ")
    draft = pki.Authority(b"", pair, name, name, 7, b"k" * 20, pair.usual)
    return made._issue(draft, draft, draft.key_id, extensions, pki.START, pki.END, False)


def usage(bits: bytes, unused: int) -> bytes:
    return der.sequence(der.oid("2.5.29.15"), b"\x01\x01\xff", der.octets(der.bits(bits, unused)))


KEY_ID = der.sequence(der.oid("2.5.29.14"), der.octets(der.octets(b"k" * 20)))


def test_a_list_of_an_authority_that_may_not_sign_lists_is_no_success(store_of, now):
    root = authority([usage(b"\x04", 2), KEY_ID])
    assert read_certificate(root.certificate).usages == {"key_cert_sign"}
    dsc = pki.make_dsc(root, key="secp256r1")
    verdict = passive.authenticate(
        pki.make_sod(GROUPS, dsc), GROUPS, store_of([root.certificate], [pki.make_crl(root)]), now
    )
    assert (verdict.outcome, verdict.revocation) == (
        PassiveOutcome.REVOCATION_UNKNOWN,
        RevocationState.UNUSABLE,
    )


def test_a_list_from_the_future_is_no_success(csca, signer, store_of, now):
    crl = pki.make_crl(csca, this_update=datetime(2030, 1, 1, tzinfo=UTC))
    verdict = passive.authenticate(pki.make_sod(GROUPS, signer), GROUPS, store_of([csca.certificate], [crl]), now)
    assert verdict.outcome is PassiveOutcome.REVOCATION_UNKNOWN


def test_a_certificate_that_names_two_algorithms_is_refused():
    root = pki.make_csca(key="secp256r1")
    oid = bytes.fromhex("06082A8648CE3D040302")
    inner, outer = root.certificate.index(oid), root.certificate.rindex(oid)
    assert inner != outer
    changed = root.certificate[:outer] + oid[:-1] + b"\x03" + root.certificate[outer + len(oid) :]
    with pytest.raises(TrustError, match="two different"):
        read_certificate(changed)


def test_a_certificate_with_an_extension_twice_is_refused():
    with pytest.raises(TrustError, match="twice"):
        read_certificate(authority([usage(b"\x06", 1), KEY_ID, KEY_ID]).certificate)


@pytest.mark.parametrize("numbers", [(1, 1), (17,), (0,), ()])
def test_a_security_object_that_lists_impossible_groups_is_unreadable(signer, store_of, csca, now, numbers):
    hashes = [der.sequence(der.integer(n), der.octets(Hash.SHA256.digest(GROUPS[1]))) for n in numbers]
    content = der.sequence(der.integer(0), SHA256, der.sequence(*hashes))
    sod = der.tlv(0x77, pki.make_signed_data(LDS, content, signer))
    verdict = passive.authenticate(sod, GROUPS, store_of([csca.certificate]), now)
    assert verdict.outcome is PassiveOutcome.UNREADABLE


def test_signed_data_of_another_purpose_is_no_security_object(signer, store_of, csca, now):
    content = der.sequence(der.integer(0), SHA256, der.sequence())
    sod = der.tlv(0x77, pki.make_signed_data("0.4.0.127.0.7.3.2.1", content, signer))
    assert passive.authenticate(sod, GROUPS, store_of([csca.certificate]), now).outcome is PassiveOutcome.UNREADABLE


@pytest.mark.parametrize(("country", "level"), [("VN", ChipLevel.READ), ("DE", ChipLevel.FAILED)])
def test_a_vietnamese_card_signed_by_another_countrys_trusted_root_fails(store_of, now, country, level):
    root = pki.make_csca(country, "CSCA", key="secp256r1")
    dsc = pki.make_dsc(root, key="secp256r1", country=country)
    groups = {1: chip_files.dg1(citizens.load("khang").mrz())}
    files = {FileId.DG1: groups[1], FileId.SOD: pki.make_sod(groups, dsc)}
    judgement = judge(ChipReading(files, Transcript(AccessProtocol.BAC)), None, store_of([root.certificate]), now)
    assert judgement.level is level
    if level is ChipLevel.FAILED:
        assert judgement.passive.reason is PassiveReason.OTHER_COUNTRY


@pytest.mark.parametrize("curve", ["secp256r1", "brainpoolP320r1"])
@pytest.mark.parametrize("values", [(0, 0), (0, 1), (1, 0), "order", "negative"])
def test_signatures_of_nothing_are_signatures_of_nobody(curve, values):
    """r or s zero, or as large as the order: some libraries have taken them for any message."""
    pair = pki.make_key(curve)
    key = read_public_key(pair.public_info())
    order = pair.curve.n
    r, s = {"order": (order, order), "negative": (order - 1, order)}.get(values, values)
    encoded = der.sequence(der.integer(r), der.integer(s))
    size = (order.bit_length() + 7) // 8
    for scheme, signature in (
        (Scheme.ECDSA, encoded),
        (Scheme.ECDSA_PLAIN, r.to_bytes(size, "big") + s.to_bytes(size, "big")),
    ):
        assert not verify(key, SignatureAlgorithm(scheme, Hash.SHA256), signature, b"message")


@pytest.mark.parametrize("scheme", [Scheme.RSA_PKCS1, Scheme.RSA_PSS])
def test_an_rsa_scheme_does_not_go_with_an_elliptic_key_nor_the_other_way(scheme):
    key = read_public_key(pki.make_key("secp256r1").public_info())
    with pytest.raises(TrustError):
        verify(key, SignatureAlgorithm(scheme, Hash.SHA256, Hash.SHA256, 32), b"", b"")
    rsa = read_public_key(pki.shared_key("rsa2048", "chip").public_info())
    with pytest.raises(TrustError):
        verify(rsa, SignatureAlgorithm(Scheme.ECDSA, Hash.SHA256), b"", b"")


@pytest.mark.parametrize(("modulus", "exponent"), [(-(2**2047 + 1), 65537), (2**2047 + 1, -3), (2**2047 + 1, 1)])
def test_an_rsa_key_with_impossible_numbers_is_refused(modulus, exponent):
    numbers = der.sequence(der.integer(modulus), der.integer(exponent))
    info = der.sequence(der.sequence(der.oid("1.2.840.113549.1.1.1"), der.NULL), der.bits(numbers))
    with pytest.raises(TrustError):
        read_public_key(info)
