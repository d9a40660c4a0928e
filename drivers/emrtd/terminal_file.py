"""A terminal's certificates and private key in a folder: for laboratories and the simulator only.

`*.cvcert` are card-verifiable certificates, one `*.pem` is the terminal's private key (PKCS #8, not encrypted). A key
that opens people's fingerprints has no place on a kiosk's disk: there, a gateway or a hardware module signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from drivers.emrtd.lds.cvc import CvCertificate, parse_cv_certificate
from drivers.emrtd.lds.security_infos import ID_TERMINAL_AUTHENTICATION
from drivers.emrtd.lds.tlv import LdsError, decode_oid, parse_first

_ECDSA: dict[int, hashes.HashAlgorithm] = {
    1: hashes.SHA1(),  # noqa: S303 TR-03110-3 section A.7.3.2 still names it
    2: hashes.SHA224(),
    3: hashes.SHA256(),
    4: hashes.SHA384(),
    5: hashes.SHA512(),
}
_RSA: dict[int, tuple[hashes.HashAlgorithm, bool]] = {
    1: (hashes.SHA1(), False),  # noqa: S303
    2: (hashes.SHA256(), False),
    3: (hashes.SHA1(), True),  # noqa: S303
    4: (hashes.SHA256(), True),
    5: (hashes.SHA512(), False),
    6: (hashes.SHA512(), True),
}


class TerminalFiles:
    """A `TerminalSigner` over a folder."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError, ValueError (no usable key) or LdsError (a broken certificate)."""
        files = [path.read_bytes() for path in sorted(folder.glob("*.cvcert"))]
        self._certificates = [(parse_cv_certificate(data), data) for data in files]
        keys = sorted(folder.glob("*.pem"))
        if len(keys) != 1:
            raise ValueError(f"{folder} must hold exactly one private key (*.pem)")
        key = load_pem_private_key(keys[0].read_bytes(), None)
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise ValueError(f"{keys[0]} is neither an RSA nor an elliptic curve key")
        self._key = key
        self._terminal = self._find_terminal()

    def chain(self, authority: bytes) -> Sequence[bytes]:
        """From the terminal's certificate up to the one that `authority` signed, given downwards."""
        found: list[bytes] = []
        certificate, data = self._terminal
        while len(found) <= len(self._certificates):
            found.insert(0, data)
            if certificate.authority == authority:
                return found
            issuer = next((one for one in self._certificates if one[0].holder == certificate.authority), None)
            if issuer is None or issuer[0].authority == issuer[0].holder:
                break
            certificate, data = issuer
        raise LookupError(authority)

    def sign(self, data: bytes) -> bytes:
        """Sign as the protocol in the terminal's certificate says; ECDSA as r and s joined."""
        family, number = _protocol(self._terminal[0])
        if isinstance(self._key, rsa.RSAPrivateKey):
            algorithm, pss = _RSA[number]
            mask = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size) if pss else padding.PKCS1v15()
            return self._key.sign(data, mask, algorithm)
        if family != 2:
            raise LdsError("the certificate is not for this key")
        r, s = decode_dss_signature(self._key.sign(data, ec.ECDSA(_ECDSA[number])))
        size = (self._key.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    def _find_terminal(self) -> tuple[CvCertificate, bytes]:
        """The certificate that signed no other."""
        signers = {certificate.authority for certificate, _ in self._certificates}
        for certificate, data in self._certificates:
            if certificate.holder not in signers:
                return certificate, data
        raise ValueError("no terminal certificate")


def _protocol(certificate: CvCertificate) -> tuple[int, int]:
    """Last two arcs of id-TA-RSA-… (1) or id-TA-ECDSA-… (2). Raises LdsError."""
    oid = decode_oid(parse_first(certificate.public_key).value)
    arcs = oid.removeprefix(ID_TERMINAL_AUTHENTICATION + ".").split(".")
    if len(arcs) != 2 or not oid.startswith(ID_TERMINAL_AUTHENTICATION):
        raise LdsError("the certificate names no terminal authentication protocol")
    family, number = int(arcs[0]), int(arcs[1])
    if number not in (_RSA if family == 1 else _ECDSA):
        raise LdsError("unknown terminal authentication protocol")
    return family, number
