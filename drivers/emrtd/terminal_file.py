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

from drivers.emrtd.lds.tlv import LdsError
from drivers.emrtd.terminal_certificates import ECDSA_FAMILY, RSA_FAMILY, TerminalCertificates, protocol

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
        """Raises OSError, ValueError (no usable key or certificate) or LdsError (a broken certificate)."""
        keys = sorted(folder.glob("*.pem"))
        if len(keys) != 1:
            raise ValueError(f"{folder} must hold exactly one private key (*.pem)")
        key = load_pem_private_key(keys[0].read_bytes(), None)
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise ValueError(f"{keys[0]} is neither an RSA nor an elliptic curve key")
        self._key = key
        self._certificates = TerminalCertificates(folder)

    def chain(self, authority: bytes) -> Sequence[bytes]:
        """From the terminal's certificate up to the one that `authority` signed, given downwards."""
        return self._certificates.chain(authority)

    def sign(self, data: bytes) -> bytes:
        """Sign as the protocol in the terminal's certificate says; ECDSA as r and s joined. Raises LdsError."""
        family, number = protocol(self._certificates.terminal)
        if isinstance(self._key, rsa.RSAPrivateKey):
            if family != RSA_FAMILY or number not in _RSA:
                raise LdsError("the certificate is not for this key")
            algorithm, pss = _RSA[number]
            mask = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size) if pss else padding.PKCS1v15()
            return self._key.sign(data, mask, algorithm)
        if family != ECDSA_FAMILY or number not in _ECDSA:
            raise LdsError("the certificate is not for this key")
        r, s = decode_dss_signature(self._key.sign(data, ec.ECDSA(_ECDSA[number])))
        size = (self._key.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")
