"""The test country's certificates and signatures, read back by asn1crypto and checked by OpenSSL."""

from __future__ import annotations

import base64
import hashlib
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import cms, crl, x509

from simulators.chip import der
from simulators.chip.pki import (
    Authority,
    Envelope,
    Signature,
    make_card_security,
    make_crl,
    make_csca,
    make_dsc,
    make_link_certificate,
    make_master_list,
    make_sod,
    shared_key,
)

GROUPS = {1: b"\x61\x01A", 2: b"\x75\x01B"}
ALGORITHMS = [
    ("rsa2048", Signature("pkcs1", "sha1")),
    ("rsa2048", Signature("pkcs1", "sha256")),
    ("rsa2048", Signature("pss", "sha256")),
    ("rsa2048", Signature("pss", "sha512")),
    ("secp256r1", Signature("ecdsa", "sha1")),
    ("secp256r1", Signature("ecdsa", "sha512")),
    ("brainpoolP224r1", Signature("ecdsa", "sha224")),
    ("brainpoolP320r1", Signature("ecdsa", "sha384")),
    ("brainpoolP512r1", Signature("ecdsa", "sha512")),
    ("secp521r1", Signature("ecdsa", "sha512")),
]


def openssl_accepts(signed: bytes, csca: Authority, folder: Path) -> bool:
    """What `openssl cms -verify` says of signature and chain (named curves only: it refuses written-out ones)."""
    anchor, message = folder / "csca.pem", folder / "message.der"
    text = base64.encodebytes(csca.certificate).decode()
    anchor.write_text(f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n", encoding="ascii")
    message.write_bytes(signed)
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-in", message, "-CAfile", anchor, "-binary"]
    command += ["-purpose", "any", "-auth_level", "0", "-out", folder / "content"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(("key", "signature"), ALGORITHMS, ids=str)
def test_openssl_accepts_a_security_object_of_every_algorithm(key: str, signature: Signature, tmp_path: Path) -> None:
    csca = make_csca(key=shared_key(key, "csca"), signature=signature, explicit_parameters=False)
    signer = make_dsc(csca, key=shared_key(key, "signer"), signature=signature, explicit_parameters=False)
    for how in (Envelope(), Envelope(by_key_id=True), Envelope(signed_attributes=False)):
        tag, signed, _ = der.read(make_sod(GROUPS, signer, how=how))
        assert tag == 0x77
        assert openssl_accepts(signed, csca, tmp_path)


@pytest.mark.parametrize("how", [Envelope(break_signature=True), Envelope(break_message_digest=True)])
def test_openssl_refuses_a_broken_security_object(how: Envelope, tmp_path: Path) -> None:
    csca = make_csca(explicit_parameters=False)
    signer = make_dsc(csca, explicit_parameters=False)
    assert not openssl_accepts(der.read(make_sod(GROUPS, signer, how=how))[1], csca, tmp_path)


def test_a_security_object_holds_the_hash_of_each_group() -> None:
    signer = make_dsc(make_csca())
    moment = datetime(2022, 3, 15, 8, 0, tzinfo=UTC)
    sod = make_sod(GROUPS, signer, "sha512", Envelope(signing_time=moment), versions=("0108", "040000"))
    signed = cms.ContentInfo.load(der.read(sod)[1], strict=True)["content"]
    content = signed["encap_content_info"]["content"].native
    assert signed["encap_content_info"]["content_type"].dotted == "2.23.136.1.1.1"
    for number, group in GROUPS.items():
        assert der.sequence(der.integer(number), der.octets(hashlib.sha512(group).digest())) in content
    times = [
        a["values"].native[0] for a in signed["signer_infos"][0]["signed_attrs"] if a["type"].native == "signing_time"
    ]
    assert times == [moment]


def test_explicit_parameters_are_written_out_with_the_cofactor() -> None:
    info = x509.Certificate.load(make_csca(key="brainpoolP512r1").certificate, strict=True).public_key
    parameters = info["algorithm"]["parameters"]
    assert parameters.name == "specified"
    assert parameters.chosen["cofactor"].native == 1


def test_a_link_certificate_carries_the_new_key_under_the_old_signature(tmp_path: Path) -> None:
    old = make_csca(name="old", explicit_parameters=False)
    new = make_csca(name="new", key="brainpoolP512r1", explicit_parameters=False)
    link = make_link_certificate(old, new, explicit_parameters=False)
    parsed = x509.Certificate.load(link, strict=True)
    assert parsed.issuer.dump() == old.name and parsed.subject.dump() == new.name
    assert parsed.authority_key_identifier == old.key_id and parsed.key_identifier == new.key_id
    for name, data in (("old", old.certificate), ("link", link)):
        (tmp_path / name).write_bytes(data)
        subprocess.run(["openssl", "x509", "-in", tmp_path / name, "-inform", "DER", "-out", f"{tmp_path / name}.pem"])
    command = ["openssl", "verify", "-CAfile", tmp_path / "old.pem", tmp_path / "link.pem"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_revocation_list_names_serials_and_dates() -> None:
    csca = make_csca()
    moment = datetime(2024, 5, 1, tzinfo=UTC)
    listed = crl.CertificateList.load(make_crl(csca, {77: moment}), strict=True)["tbs_cert_list"]
    assert listed["revoked_certificates"].native[0]["user_certificate"] == 77
    assert listed["revoked_certificates"].native[0]["revocation_date"] == moment
    assert not crl.CertificateList.load(make_crl(csca))["tbs_cert_list"]["revoked_certificates"].native


def test_a_master_list_is_signed_and_holds_its_certificates(tmp_path: Path) -> None:
    csca = make_csca(explicit_parameters=False)
    other = make_csca(country="UT", name="other")
    signer = make_dsc(csca, explicit_parameters=False, master_list_signer=True)
    listed = make_master_list([csca.certificate, other.certificate], signer, csca)
    assert openssl_accepts(listed, csca, tmp_path)
    content = (tmp_path / "content").read_bytes()
    certificates = [value for tag, value in der.items(der.read(content)[1]) if tag == 0x31]
    assert len(certificates) == 1 and len(list(der.items(certificates[0]))) == 2


def test_card_security_has_its_own_content_type() -> None:
    signed = cms.ContentInfo.load(make_card_security(der.set_of(), make_dsc(make_csca())), strict=True)
    assert signed["content"]["encap_content_info"]["content_type"].dotted == "0.4.0.127.0.7.3.2.1"
