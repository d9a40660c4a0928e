"""Signature and hash algorithms by their object identifiers (ICAO 9303-12 section 4.4, RFC 4055, RFC 5758, TR-03111).

A signature's algorithm is always taken from beside the signature (SignerInfo, certificate), never from the key.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import Any

from cryptography.hazmat.primitives import hashes

from services.trust.errors import absent, malformed, parsing, unsupported


class Hash(Enum):
    """Hash functions that documents use."""

    SHA1 = "sha1"
    SHA224 = "sha224"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"

    def digest(self, data: bytes) -> bytes:
        """The hash of `data`."""
        return hashlib.new(self.value, data, usedforsecurity=False).digest()

    @property
    def size(self) -> int:
        """Bytes of a digest."""
        return hashlib.new(self.value, usedforsecurity=False).digest_size

    @property
    def primitive(self) -> hashes.HashAlgorithm:
        """The same for the cryptography library."""
        return _PRIMITIVES[self]


_PRIMITIVES: dict[Hash, hashes.HashAlgorithm] = {
    Hash.SHA1: hashes.SHA1(),  # noqa: S303  documents of former years are signed with it
    Hash.SHA224: hashes.SHA224(),
    Hash.SHA256: hashes.SHA256(),
    Hash.SHA384: hashes.SHA384(),
    Hash.SHA512: hashes.SHA512(),
}

HASHES = {
    "1.3.14.3.2.26": Hash.SHA1,
    "2.16.840.1.101.3.4.2.4": Hash.SHA224,
    "2.16.840.1.101.3.4.2.1": Hash.SHA256,
    "2.16.840.1.101.3.4.2.2": Hash.SHA384,
    "2.16.840.1.101.3.4.2.3": Hash.SHA512,
}


class Scheme(Enum):
    """How a signature is built."""

    RSA_PKCS1 = "RSA-PKCS1-v1.5"
    RSA_PSS = "RSA-PSS"
    ECDSA = "ECDSA"
    """r and s as DER sequence."""
    ECDSA_PLAIN = "ECDSA-plain"
    """r and s side by side (TR-03111 section 5.2.1)."""


@dataclass(frozen=True)
class SignatureAlgorithm:
    """A scheme with its hash; `mask_hash` and `salt` (bytes) belong to RSA-PSS."""

    scheme: Scheme
    hash: Hash
    mask_hash: Hash | None = None
    salt: int = 0

    def __str__(self) -> str:
        return f"{self.scheme.value} {self.hash.value}"


RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
RSA_PSS = "1.2.840.113549.1.1.10"
MGF1 = "1.2.840.113549.1.1.8"
EC_PUBLIC_KEY = "1.2.840.10045.2.1"
_PKCS1 = "1.2.840.113549.1.1."
_ECDSA = "1.2.840.10045.4."
_PLAIN = "0.4.0.127.0.7.1.1.4.1."

_FIXED: dict[str, SignatureAlgorithm] = {
    _PKCS1 + "5": SignatureAlgorithm(Scheme.RSA_PKCS1, Hash.SHA1),
    _PKCS1 + "14": SignatureAlgorithm(Scheme.RSA_PKCS1, Hash.SHA224),
    _PKCS1 + "11": SignatureAlgorithm(Scheme.RSA_PKCS1, Hash.SHA256),
    _PKCS1 + "12": SignatureAlgorithm(Scheme.RSA_PKCS1, Hash.SHA384),
    _PKCS1 + "13": SignatureAlgorithm(Scheme.RSA_PKCS1, Hash.SHA512),
    _ECDSA + "1": SignatureAlgorithm(Scheme.ECDSA, Hash.SHA1),
    _ECDSA + "3.1": SignatureAlgorithm(Scheme.ECDSA, Hash.SHA224),
    _ECDSA + "3.2": SignatureAlgorithm(Scheme.ECDSA, Hash.SHA256),
    _ECDSA + "3.3": SignatureAlgorithm(Scheme.ECDSA, Hash.SHA384),
    _ECDSA + "3.4": SignatureAlgorithm(Scheme.ECDSA, Hash.SHA512),
    _PLAIN + "1": SignatureAlgorithm(Scheme.ECDSA_PLAIN, Hash.SHA1),
    _PLAIN + "2": SignatureAlgorithm(Scheme.ECDSA_PLAIN, Hash.SHA224),
    _PLAIN + "3": SignatureAlgorithm(Scheme.ECDSA_PLAIN, Hash.SHA256),
    _PLAIN + "4": SignatureAlgorithm(Scheme.ECDSA_PLAIN, Hash.SHA384),
    _PLAIN + "5": SignatureAlgorithm(Scheme.ECDSA_PLAIN, Hash.SHA512),
}


def hash_of(oid: str) -> Hash:
    """The hash with this object identifier. Raises TrustError UNSUPPORTED."""
    try:
        return HASHES[oid]
    except KeyError:
        raise unsupported(f"hash algorithm {oid}") from None


def signature_algorithm(oid: str) -> SignatureAlgorithm:
    """An algorithm that needs no parameters. Raises TrustError UNSUPPORTED."""
    try:
        return _FIXED[oid]
    except KeyError:
        raise unsupported(f"signature algorithm {oid}") from None


def read_signature_algorithm(identifier: Any, digest: Hash | None = None) -> SignatureAlgorithm:
    """From an asn1crypto AlgorithmIdentifier; `digest` is the SignerInfo's, where the identifier names only a key type.

    Raises TrustError.
    """
    with parsing("signature algorithm"):
        oid: str = identifier["algorithm"].dotted
        if oid == RSA_PSS:
            return _read_pss(identifier["parameters"])
    if digest is not None and oid == RSA_ENCRYPTION:
        return SignatureAlgorithm(Scheme.RSA_PKCS1, digest)
    if digest is not None and oid == EC_PUBLIC_KEY:
        return SignatureAlgorithm(Scheme.ECDSA, digest)
    return signature_algorithm(oid)


def _read_pss(parameters: Any) -> SignatureAlgorithm:
    """RSASSA-PSS-params (RFC 4055 section 3.1); what is left out has its default there."""
    if absent(parameters):
        return SignatureAlgorithm(Scheme.RSA_PSS, Hash.SHA1, Hash.SHA1, 20)
    digest = hash_of(parameters["hash_algorithm"]["algorithm"].dotted)
    mask = parameters["mask_gen_algorithm"]
    if mask["algorithm"].dotted != MGF1:
        raise unsupported("mask generation function of RSA-PSS")
    mask_hash = hash_of(mask["parameters"]["algorithm"].dotted)
    if int(parameters["trailer_field"]) != 1:
        raise unsupported("trailer field of RSA-PSS")
    salt = int(parameters["salt_length"])
    if not 0 <= salt <= 512:
        raise malformed("salt length of RSA-PSS")
    return SignatureAlgorithm(Scheme.RSA_PSS, digest, mask_hash, salt)
