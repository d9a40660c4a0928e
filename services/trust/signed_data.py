"""CMS SignedData as documents carry it (RFC 5652, ICAO 9303-10 section 4.6.2.2): one content and its signer."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto.cms import ContentInfo

from services.trust.algorithms import Hash, SignatureAlgorithm, hash_of, read_signature_algorithm
from services.trust.certificate import Certificate, read_certificate
from services.trust.errors import TrustError, absent, malformed, parsing
from services.trust.names import Name, read_name
from services.trust.public_key import verify

_SIGNED_DATA = "1.2.840.113549.1.7.2"
_CONTENT_TYPE, _MESSAGE_DIGEST, _SIGNING_TIME = (f"1.2.840.113549.1.9.{number}" for number in (3, 4, 5))
MAX_CERTIFICATES = 16
MAX_SIZE = 65_536
"""Bytes of EF.SOD or EF.CardSecurity: the largest known have about 10,000. Bounds the time of reading one."""
MAX_SIGNERS = 4
"""ICAO 9303-10 section 4.6.2.2 recommends one; the first is judged."""


@dataclass(frozen=True)
class SignedData:
    """One signer's statement over one content. Nothing is verified yet: see `verified_by` and `content_intact`."""

    content_type: str
    content: bytes = field(repr=False)
    certificates: tuple[Certificate, ...] = field(repr=False)
    """Those that could be read."""
    unreadable: tuple[TrustError, ...] = field(repr=False)
    """Why others could not."""
    digest: Hash
    algorithm: SignatureAlgorithm
    """From the SignerInfo (chip.md section 5, rule 3)."""
    signature: bytes = field(repr=False)
    signed_attributes: tuple[bytes, ...] = field(repr=False)
    """The SET OF attributes as it stood there, and in DER order where that differs: either may have been signed."""
    message_digest: bytes = field(repr=False)
    signing_time: datetime | None
    signer_issuer: Name | None = None
    signer_serial: int | None = None
    signer_key_id: bytes | None = None

    @property
    def content_intact(self) -> bool:
        """Whether the signed message digest is that of the content."""
        return hmac.compare_digest(self.digest.digest(self.content), self.message_digest)

    def verified_by(self, certificate: Certificate) -> bool:
        """Whether this certificate's key signed the attributes. Raises TrustError UNSUPPORTED."""
        return any(
            verify(certificate.key, self.algorithm, self.signature, attributes) for attributes in self.signed_attributes
        )

    def names(self, certificate: Certificate) -> bool:
        """Whether the signer identifier means this certificate."""
        if self.signer_key_id is not None:
            return certificate.subject_key_id == self.signer_key_id
        return certificate.serial == self.signer_serial and certificate.issuer == self.signer_issuer


def read_signed_data(
    data: bytes, content_type: str, max_certificates: int = MAX_CERTIFICATES, max_size: int = MAX_SIZE
) -> SignedData:
    """Read a ContentInfo with SignedData over a content of the given type (object identifier).

    Raises TrustError: MALFORMED also when there is no signer, no signed attributes (ICAO 9303-10 demands
    them), another content type or none; UNSUPPORTED for unknown algorithms.
    """
    if len(data) > max_size:
        raise malformed(f"signed data of {len(data)} bytes")
    with parsing("signed data"):
        outer: Any = ContentInfo.load(data, strict=True)
        if outer["content_type"].dotted != _SIGNED_DATA:
            raise malformed("no signed data")
        signed = outer["content"]
        encapsulated = signed["encap_content_info"]
        if encapsulated["content_type"].dotted != content_type:
            raise malformed("content of another type")
        if absent(encapsulated["content"]):
            raise malformed("no content")
        if not 1 <= len(signed["signer_infos"]) <= MAX_SIGNERS:
            raise malformed(f"{len(signed['signer_infos'])} signers")
        return _read_signer(signed, content_type, bytes(encapsulated["content"]), max_certificates)


def _read_signer(signed: Any, content_type: str, content: bytes, max_certificates: int) -> SignedData:
    info = signed["signer_infos"][0]
    if absent(info["signed_attrs"]):
        raise malformed("no signed attributes")
    attributes = _attributes(info["signed_attrs"])
    if attributes[_CONTENT_TYPE].dotted != content_type:
        raise malformed("signed attributes name another content type")
    digest = hash_of(info["digest_algorithm"]["algorithm"].dotted)
    identifier = info["sid"]
    by_key = identifier.name == "subject_key_identifier"
    signing_time = attributes.get(_SIGNING_TIME)
    certificates, unreadable = _certificates(signed["certificates"], max_certificates)
    return SignedData(
        content_type=content_type,
        content=content,
        certificates=certificates,
        unreadable=unreadable,
        digest=digest,
        algorithm=read_signature_algorithm(info["signature_algorithm"], digest),
        signature=bytes(info["signature"].native),
        signed_attributes=_encodings(info["signed_attrs"]),
        message_digest=bytes(attributes[_MESSAGE_DIGEST].native),
        signing_time=None if signing_time is None else signing_time.native,
        signer_issuer=None if by_key else read_name(identifier.chosen["issuer"]),
        signer_serial=None if by_key else int(identifier.chosen["serial_number"]),
        signer_key_id=bytes(identifier.chosen.native) if by_key else None,
    )


def _attributes(attributes: Any) -> dict[str, Any]:
    """Single values by type; content type and message digest must be there exactly once (RFC 5652 section 11)."""
    found: dict[str, Any] = {}
    for attribute in attributes:
        oid: str = attribute["type"].dotted
        if oid not in {_CONTENT_TYPE, _MESSAGE_DIGEST, _SIGNING_TIME}:
            continue
        if oid in found or len(attribute["values"]) != 1:
            raise malformed("a signed attribute with more than one value")
        found[oid] = attribute["values"][0]
    if _CONTENT_TYPE not in found or _MESSAGE_DIGEST not in found:
        raise malformed("a signed attribute is missing")
    return found


def _encodings(attributes: Any) -> tuple[bytes, ...]:
    """What may have been signed: the attributes as EXPLICIT SET OF (RFC 5652 section 5.4)."""
    body = bytes(attributes.contents)
    ordered = b"".join(sorted(bytes(attribute.dump()) for attribute in attributes))
    return tuple(dict.fromkeys(_set_of(content) for content in (body, ordered)))


def _set_of(content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return b"\x31" + bytes([length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return b"\x31" + bytes([0x80 | len(octets)]) + octets + content


def _certificates(choices: Any, most: int) -> tuple[tuple[Certificate, ...], tuple[TrustError, ...]]:
    if absent(choices):
        return (), ()
    if len(choices) > most:
        raise malformed(f"{len(choices)} certificates")
    found: list[Certificate] = []
    unreadable: list[TrustError] = []
    for choice in choices:
        if choice.name != "certificate":
            continue
        try:
            found.append(read_certificate(bytes(choice.chosen.dump())))
        except TrustError as error:
            unreadable.append(error)
    return tuple(found), tuple(unreadable)
