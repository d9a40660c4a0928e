"""X.509 certificates of issuing authorities and document signers (ICAO 9303-12 section 7), read from DER."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.x509 import Certificate as Asn1Certificate

from services.trust.algorithms import SignatureAlgorithm, read_signature_algorithm
from services.trust.errors import TrustError, absent, malformed, parsing, unsupported, whole_octets
from services.trust.names import Name, read_name
from services.trust.public_key import PublicKey, read_public_key, verify_once

MAX_SIZE = 65_536
"""Bytes; the largest known certificate of a document signer has under 3,000."""
_SUBJECT_KEY, _KEY_USAGE, _BASIC, _AUTHORITY_KEY, _EXTENDED_USAGE = (
    "2.5.29.14",
    "2.5.29.15",
    "2.5.29.19",
    "2.5.29.35",
    "2.5.29.37",
)
_KNOWN_CRITICAL = {
    _SUBJECT_KEY,
    _KEY_USAGE,
    _BASIC,
    _AUTHORITY_KEY,
    _EXTENDED_USAGE,
    "2.5.29.16",  # private key usage period
    "2.5.29.17",  # subject alternative name
    "2.5.29.18",  # issuer alternative name
    "2.5.29.31",  # where revocation lists are
    "2.5.29.32",  # certificate policies
    "2.23.136.1.1.6.1",  # name change
    "2.23.136.1.1.6.2",  # document types
}
MASTER_LIST_SIGNER = "2.23.136.1.1.3"


@dataclass(frozen=True)
class Certificate:
    """What a judgement needs of a certificate; `raw` are its bytes, times are aware."""

    raw: bytes
    signed_part: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    algorithm_bytes: bytes = field(repr=False)
    key_bytes: bytes = field(repr=False)
    """SubjectPublicKeyInfo."""
    subject: Name
    issuer: Name
    serial: int
    not_before: datetime
    not_after: datetime
    subject_key_id: bytes | None = None
    authority_key_id: bytes | None = None
    may_issue: bool | None = None
    """basicConstraints cA; None when it is not said."""
    usages: frozenset[str] | None = None
    """Key usage names of asn1crypto ("digital_signature", "key_cert_sign", "crl_sign"); None when not said."""
    extended_usages: frozenset[str] = frozenset()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the bytes, hex."""
        return hashlib.sha256(self.raw).hexdigest()

    @cached_property
    def key(self) -> PublicKey:
        """The subject's public key. Raises TrustError."""
        return read_public_key(self.key_bytes)

    @cached_property
    def algorithm(self) -> SignatureAlgorithm:
        """How the issuer signed. Raises TrustError."""
        return _algorithm(self.algorithm_bytes)

    @property
    def self_issued(self) -> bool:
        """Whether subject and issuer have one name; says nothing about the key (chip.md section 5, rule 5)."""
        return self.subject == self.issuer

    @property
    def issues_certificates(self) -> bool:
        """Whether nothing forbids this key to sign certificates."""
        return self.may_issue is not False and (self.usages is None or "key_cert_sign" in self.usages)

    @property
    def signs_documents(self) -> bool:
        """Whether nothing forbids this key to sign data, and it is no authority."""
        return self.may_issue is not True and (self.usages is None or "digital_signature" in self.usages)

    def valid_between(self, start: datetime, end: datetime) -> bool:
        """Whether some moment from `start` to `end` lies in its validity."""
        return self.not_before <= end and start <= self.not_after

    def signed_by(self, key: PublicKey) -> bool:
        """Whether `key` signed this certificate. Raises TrustError UNSUPPORTED."""
        return verify_once(key, self.algorithm, self.signature, self.signed_part)

    @cached_property
    def self_signed(self) -> bool:
        """Whether its own key signed it; False as well when the algorithm is not known."""
        try:
            return self.self_issued and self.signed_by(self.key)
        except TrustError:
            return False


def read_certificate(data: bytes) -> Certificate:
    """Read one DER certificate. Raises TrustError MALFORMED, or UNSUPPORTED for an unknown critical extension.

    Its key and algorithm are read when they are used: a certificate with an unknown curve can still be listed.
    """
    if len(data) > MAX_SIZE:
        raise malformed(f"certificate of {len(data)} bytes")
    return _read(bytes(data))


@lru_cache(maxsize=256)
def _read(data: bytes) -> Certificate:
    """One signer signs thousands of documents: its certificate is read once."""
    with parsing("certificate"):
        certificate: Any = Asn1Certificate.load(data, strict=True)
        body = certificate["tbs_certificate"]
        if body["signature"].dump() != certificate["signature_algorithm"].dump():
            raise malformed("certificate names two different signature algorithms")
        extensions = _extensions(body["extensions"])
        usage = extensions.get(_KEY_USAGE)
        basic = extensions.get(_BASIC)
        extended = extensions.get(_EXTENDED_USAGE)
        authority = extensions.get(_AUTHORITY_KEY)
        subject_key = extensions.get(_SUBJECT_KEY)
        return Certificate(
            raw=bytes(data),
            signed_part=body.dump(),
            signature=whole_octets(certificate["signature_value"]),
            algorithm_bytes=certificate["signature_algorithm"].dump(),
            key_bytes=body["subject_public_key_info"].dump(),
            subject=read_name(body["subject"]),
            issuer=read_name(body["issuer"]),
            serial=int(body["serial_number"]),
            not_before=body["validity"]["not_before"].native,
            not_after=body["validity"]["not_after"].native,
            subject_key_id=None if subject_key is None else bytes(subject_key.native),
            authority_key_id=None if authority is None else authority["key_identifier"].native,
            may_issue=None if basic is None else bool(basic["ca"].native),
            usages=None if usage is None else frozenset(usage.native),
            extended_usages=frozenset() if extended is None else frozenset(item.dotted for item in extended),
        )


def _extensions(listed: Any) -> dict[str, Any]:
    """Parsed values of the extensions that are read here; the rest stays closed."""
    found: dict[str, Any] = {}
    if absent(listed):
        return found
    for extension in listed:
        oid: str = extension["extn_id"].dotted
        if oid in found:
            raise malformed("certificate has an extension twice")
        if extension["critical"].native and oid not in _KNOWN_CRITICAL:
            raise unsupported(f"critical extension {oid}")
        read = oid in {_SUBJECT_KEY, _KEY_USAGE, _BASIC, _AUTHORITY_KEY, _EXTENDED_USAGE}
        found[oid] = extension["extn_value"].parsed if read else None
    return found


def _algorithm(data: bytes) -> SignatureAlgorithm:
    with parsing("signature algorithm"):
        return read_signature_algorithm(SignedDigestAlgorithm.load(data, strict=True))
