"""What is signed: EF.SOD (ICAO 9303-10 section 4.6.2), EF.CardSecurity and CSCA master lists, as CMS SignedData."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from simulators.chip import der
from simulators.chip.pki.certificates import Authority
from simulators.chip.pki.keys import Signature, digest_identifier

_SIGNED_DATA = "1.2.840.113549.1.7.2"
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_TIME = "1.2.840.113549.1.9.5"
_LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
_MASTER_LIST = "2.23.136.1.1.2"
_SECURITY_OBJECT = "0.4.0.127.0.7.3.2.1"


@dataclass(frozen=True)
class Envelope:
    """How a SignedData is put together; the defaults are what ICAO 9303 recommends."""

    signing_time: datetime | None = None
    signature: Signature | None = None
    """None: as the signer usually signs. It stands in the SignerInfo only."""
    digest: str | None = None
    """Digest named in the SignerInfo and over the content; None: that of the signature."""
    by_key_id: bool = False
    """SignerIdentifier is the subject key identifier instead of issuer and serial number."""
    with_certificate: bool = True
    more_certificates: tuple[bytes, ...] = ()
    signed_attributes: bool = True
    break_signature: bool = False
    """The signature is altered."""
    break_message_digest: bool = False
    """The messageDigest attribute does not fit the content; the signature over the attributes holds."""


def make_signed_data(content_type: str, content: bytes, signer: Authority, how: Envelope = Envelope()) -> bytes:
    """ContentInfo with SignedData version 3 and one SignerInfo (RFC 5652 section 5)."""
    chosen = how.signature or signer.signature
    digest = how.digest or chosen.digest
    if how.signed_attributes:
        attributes = _attributes(content_type, content, digest, how)
        to_sign, shown = der.tlv(0x31, attributes), der.explicit(0, attributes)
    else:
        to_sign, shown = content, b""
    value = signer.key.sign(to_sign, chosen)
    if how.break_signature:
        value = value[:-1] + bytes([value[-1] ^ 1])
    signer_info = der.sequence(
        der.integer(3 if how.by_key_id else 1),
        der.tlv(0x80, signer.key_id) if how.by_key_id else der.sequence(signer.issuer, der.integer(signer.serial)),
        digest_identifier(digest),
        shown,
        chosen.identifier(),
        der.octets(value),
    )
    certificates = ((signer.certificate,) if how.with_certificate else ()) + how.more_certificates
    signed_data = der.sequence(
        der.integer(3),
        der.set_of(digest_identifier(digest)),
        der.sequence(der.oid(content_type), der.explicit(0, der.octets(content))),
        der.explicit(0, *certificates) if certificates else b"",
        der.set_of(signer_info),
    )
    return der.sequence(der.oid(_SIGNED_DATA), der.explicit(0, signed_data))


def make_sod(
    groups: Mapping[int, bytes],
    signer: Authority,
    digest: str = "sha256",
    how: Envelope = Envelope(),
    *,
    versions: tuple[str, str] | None = None,
) -> bytes:
    """EF.SOD (tag 77) over whole data groups by number; `versions` (LDS, Unicode) make it LDSSecurityObject v1."""
    hashes = [
        der.sequence(der.integer(number), der.octets(hashlib.new(digest, group).digest()))
        for number, group in sorted(groups.items())
    ]
    content = der.sequence(
        der.integer(0 if versions is None else 1),
        digest_identifier(digest),
        der.sequence(*hashes),
        b"" if versions is None else der.sequence(*(der.printable(version) for version in versions)),
    )
    return der.tlv(0x77, make_signed_data(_LDS_SECURITY_OBJECT, content, signer, how))


def make_card_security(security_infos: bytes, signer: Authority, how: Envelope = Envelope()) -> bytes:
    """EF.CardSecurity: signed SecurityInfos (ICAO 9303-11 section 9.2.12)."""
    return make_signed_data(_SECURITY_OBJECT, security_infos, signer, how)


def make_master_list(
    certificates: Sequence[bytes], signer: Authority, csca: Authority | None = None, how: Envelope = Envelope()
) -> bytes:
    """A CSCA master list (ICAO 9303-12 section 8); the signer's certificate and its CSCA travel along."""
    content = der.sequence(der.integer(0), der.set_of(*certificates))
    if csca is not None:
        how = replace(how, more_certificates=(csca.certificate, *how.more_certificates))
    return make_signed_data(_MASTER_LIST, content, signer, how)


def _attributes(content_type: str, content: bytes, digest: str, how: Envelope) -> bytes:
    value = hashlib.new(digest, content).digest()
    if how.break_message_digest:
        value = bytes(len(value))

    def attribute(kind: str, body: bytes) -> bytes:
        return der.sequence(der.oid(kind), der.set_of(body))

    attributes = [attribute(_CONTENT_TYPE, der.oid(content_type)), attribute(_MESSAGE_DIGEST, der.octets(value))]
    if how.signing_time is not None:
        attributes.append(attribute(_SIGNING_TIME, der.time(how.signing_time)))
    return b"".join(sorted(attributes))
