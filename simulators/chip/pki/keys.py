"""Key pairs of the test PKI and of the chip: every curve of ICAO 9303-11 and RSA, and how they sign."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulators.chip import der
from simulators.chip.ec import CURVES, Curve

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303  old documents are signed with it
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_DIGEST_OIDS = {
    "sha1": "1.3.14.3.2.26",
    "sha224": "2.16.840.1.101.3.4.2.4",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
_ECDSA_OIDS = {
    "sha1": "1.2.840.10045.4.1",
    "sha224": "1.2.840.10045.4.3.1",
    "sha256": "1.2.840.10045.4.3.2",
    "sha384": "1.2.840.10045.4.3.3",
    "sha512": "1.2.840.10045.4.3.4",
}
_PKCS1_OIDS = {
    "sha1": "1.2.840.113549.1.1.5",
    "sha224": "1.2.840.113549.1.1.14",
    "sha256": "1.2.840.113549.1.1.11",
    "sha384": "1.2.840.113549.1.1.12",
    "sha512": "1.2.840.113549.1.1.13",
}
_PSS_OID = "1.2.840.113549.1.1.10"
_MGF1_OID = "1.2.840.113549.1.1.8"


def digest_identifier(digest: str, null: bool = True) -> bytes:
    """AlgorithmIdentifier of a hash, with or without NULL parameters (both are met)."""
    return der.sequence(der.oid(_DIGEST_OIDS[digest]), der.NULL if null else b"")


@dataclass(frozen=True)
class Signature:
    """How something is signed: `scheme` ecdsa, ecdsa-plain (TR-03111), pkcs1 or pss; `digest` sha1 to sha512."""

    scheme: str
    digest: str = "sha256"

    def identifier(self) -> bytes:
        """AlgorithmIdentifier as certificates and SignerInfos carry it."""
        if self.scheme == "ecdsa":
            return der.sequence(der.oid(_ECDSA_OIDS[self.digest]))
        if self.scheme == "pkcs1":
            return der.sequence(der.oid(_PKCS1_OIDS[self.digest]), der.NULL)
        mgf = der.sequence(der.oid(_MGF1_OID), digest_identifier(self.digest))
        salt = der.integer(hashlib.new(self.digest).digest_size)
        parameters = der.explicit(0, digest_identifier(self.digest)), der.explicit(1, mgf), der.explicit(2, salt)
        return der.sequence(der.oid(_PSS_OID), der.sequence(*parameters))


class KeyPair(Protocol):
    """A private key with its public half."""

    def public_info(self, explicit: bool = False) -> bytes:
        """SubjectPublicKeyInfo; `explicit` writes the curve's parameters out (ICAO 9303-12 section 4.1.6.3)."""
        ...

    def sign(self, data: bytes, signature: Signature) -> bytes:
        """Signature over `data`."""
        ...

    @property
    def usual(self) -> Signature:
        """How such a key signs when nothing else is asked."""
        ...


@dataclass(frozen=True)
class EcKey:
    """A key on a named curve."""

    curve: Curve
    private: int

    @property
    def point(self) -> bytes:
        """The public point, uncompressed (04 x y)."""
        return self.curve.encode(self.curve.multiply(self.private))

    def public_info(self, explicit: bool = False) -> bytes:
        return self.curve.public_info(self.curve.multiply(self.private), explicit)

    def sign(self, data: bytes, signature: Signature) -> bytes:
        return self.curve.sign(self.private, data, signature.digest, plain=signature.scheme == "ecdsa-plain")

    @property
    def usual(self) -> Signature:
        bits = self.curve.n.bit_length()
        return Signature("ecdsa", "sha256" if bits <= 256 else "sha384" if bits <= 384 else "sha512")


@dataclass(frozen=True)
class RsaKey:
    """An RSA key."""

    private: rsa.RSAPrivateKey

    def public_info(self, explicit: bool = False) -> bytes:
        return self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, data: bytes, signature: Signature) -> bytes:
        algorithm = _HASHES[signature.digest]
        if signature.scheme == "pss":
            mask = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
            return self.private.sign(data, mask, algorithm)
        return self.private.sign(data, padding.PKCS1v15(), algorithm)

    @property
    def usual(self) -> Signature:
        return Signature("pkcs1")


def make_key(kind: str) -> EcKey | RsaKey:
    """A fresh key: a curve's name, or rsa1024, rsa2048, rsa3072, rsa4096."""
    if kind.startswith("rsa"):
        return RsaKey(rsa.generate_private_key(65537, int(kind[3:])))
    return EcKey(CURVES[kind], CURVES[kind].draw())


@functools.cache
def shared_key(kind: str, label: str = "") -> EcKey | RsaKey:
    """One key for each label in this process: RSA keys take long to make."""
    return make_key(kind)
