"""Documents made by OpenSSL: a second opinion that shares no code with the simulators nor with the product."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.trust import passive
from services.trust.algorithms import Hash
from services.trust.store import load_store
from services.trust.verdicts import PassiveOutcome, PassiveReason, RevocationState, TimeSource
from simulators.chip import der

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl command here")

GROUPS = {1: b"\x61\x01a", 2: b"\x75\x01b"}
DSC_EXTENSIONS = "keyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\nauthorityKeyIdentifier=keyid\n"
PSS = ("-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:32")
KINDS = {
    "ecdsa-explicit-brainpool": ("brainpoolP384r1", "explicit", "sha384", ()),
    "ecdsa-named": ("prime256v1", "named_curve", "sha256", ()),
    "ecdsa-brainpoolP320r1": ("brainpoolP320r1", "explicit", "sha256", ()),
    "rsa-pkcs1": ("rsa", "", "sha512", ()),
    "rsa-pss": ("rsa", "", "sha256", PSS),
}


class Country:
    """A folder in which the openssl command makes an authority, a signer and what they sign."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.folder = folder
        self.kind, self.encoding, self.digest, self.padding = KINDS[kind]
        self._key("csca")
        self._run(
            "req", "-x509", "-new", "-key", "csca.key", "-subj", "/C=VN/CN=CSCA OpenSSL", "-days", "4000", "-sha384",
            "-out", "csca.pem", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        )  # fmt: skip
        self._key("dsc")
        self._run("req", "-new", "-key", "dsc.key", "-subj", "/C=VN/CN=Signer", "-out", "dsc.csr")
        (folder / "dsc.ext").write_text(DSC_EXTENSIONS)
        self._run(
            "x509", "-req", "-in", "dsc.csr", "-CA", "csca.pem", "-CAkey", "csca.key", "-days", "3000", "-out",
            "dsc.pem", "-extfile", "dsc.ext", "-set_serial", "77",
        )  # fmt: skip

    def _run(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True, timeout=60)

    def _key(self, name: str) -> None:
        if self.kind == "rsa":
            self._run("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", f"{name}.key")
        else:
            self._run(
                "ecparam", "-name", self.kind, "-genkey", "-noout", "-param_enc", self.encoding, "-out", f"{name}.key"
            )

    def sod(self) -> bytes:
        """EF.SOD over GROUPS."""
        algorithm = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"), der.NULL)
        hashes = (
            der.sequence(der.integer(n), der.octets(Hash.SHA256.digest(data))) for n, data in sorted(GROUPS.items())
        )
        (self.folder / "lds").write_bytes(der.sequence(der.integer(0), algorithm, der.sequence(*hashes)))
        self._run(
            "cms", "-sign", "-in", "lds", "-signer", "dsc.pem", "-inkey", "dsc.key", "-md", self.digest, "-binary",
            "-nodetach", "-econtent_type", "2.23.136.1.1.1", "-outform", "DER", "-out", "sod", *self.padding,
        )  # fmt: skip
        return der.tlv(0x77, (self.folder / "sod").read_bytes())

    def trust(self, *revoked: str) -> Path:
        """A trust folder with the authority, and its revocation list when something is revoked."""
        store = self.folder / "trust"
        store.mkdir(exist_ok=True)
        shutil.copy(self.folder / "csca.pem", store)
        (self.folder / "index.txt").write_text("".join(f"{line}\n" for line in revoked))
        (self.folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha384\ndefault_crl_days=30\n"
        )
        self._run("ca", "-gencrl", "-config", "ca.cnf", "-cert", "csca.pem", "-keyfile", "csca.key", "-out", "l.pem")
        shutil.copy(self.folder / "l.pem", store / "list.crl")
        return store


@pytest.fixture(params=KINDS)
def country(request, tmp_path) -> Country:
    return Country(tmp_path, request.param)


def test_a_document_of_openssl_is_trusted_and_an_altered_one_is_not(country):
    now = datetime.now(UTC) + timedelta(minutes=1)
    sod, store = country.sod(), load_store(country.trust())
    verdict = passive.authenticate(sod, GROUPS, store, now)
    assert (verdict.outcome, verdict.revocation) == (PassiveOutcome.TRUSTED, RevocationState.GOOD)
    assert verdict.time is not None and verdict.time.source is TimeSource.SIGNING_TIME
    altered = passive.authenticate(sod[:-1] + bytes([sod[-1] ^ 1]), GROUPS, store, now)
    assert altered.reason is PassiveReason.SIGNATURE_WRONG


def test_a_revocation_list_of_openssl_revokes(tmp_path):
    country = Country(tmp_path, "ecdsa-named")
    now = datetime.now(UTC) + timedelta(minutes=1)
    sod = country.sod()
    before = (datetime.now(UTC) - timedelta(minutes=5)).strftime("%y%m%d%H%M%SZ")
    expires = (now + timedelta(days=3000)).strftime("%y%m%d%H%M%SZ")
    store = load_store(country.trust(f"R\t{expires}\t{before},keyCompromise\t4D\tunknown\t/C=VN/CN=Signer"))
    verdict = passive.authenticate(sod, GROUPS, store, now)
    assert (verdict.reason, verdict.revoked_because) == (PassiveReason.REVOKED, "key_compromise")
