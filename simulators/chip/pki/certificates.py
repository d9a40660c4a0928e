"""Certificates and revocation lists of a test country (ICAO 9303-12 section 7) with any algorithm and any dates."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from simulators.chip import der
from simulators.chip.pki.keys import KeyPair, Signature, make_key

_COMMON_NAME, _COUNTRY, _ORGANISATION = "2.5.4.3", "2.5.4.6", "2.5.4.10"
_SUBJECT_KEY, _KEY_USAGE, _BASIC, _CRL_NUMBER = "2.5.29.14", "2.5.29.15", "2.5.29.19", "2.5.29.20"
_AUTHORITY_KEY, _EXTENDED_USAGE = "2.5.29.35", "2.5.29.37"
_MASTER_LIST_SIGNER = "2.23.136.1.1.3"
_SIGNS_CERTIFICATES = der.bits(b"\x06", 1)
_SIGNS_DATA = der.bits(b"\x80", 7)

START = datetime(2021, 1, 1, tzinfo=UTC)
"""Default beginning of validity."""
END = datetime(2049, 1, 1, tzinfo=UTC)
"""Default end of validity."""


@dataclass(frozen=True)
class Authority:
    """A certificate together with its private key: a CSCA, a document signer, a master list signer."""

    certificate: bytes
    """DER."""
    key: KeyPair
    name: bytes
    """Subject, DER."""
    issuer: bytes
    """Issuer, DER."""
    serial: int
    key_id: bytes
    """Subject key identifier."""
    signature: Signature
    """How it signs."""


def make_name(country: str, name: str, organisation: str = "Trạm, thử nghiệm") -> bytes:
    """Distinguished name C, O, CN."""

    def part(kind: str, value: bytes) -> bytes:
        return der.set_of(der.sequence(der.oid(kind), value))

    return der.sequence(
        part(_COUNTRY, der.printable(country)),
        part(_ORGANISATION, der.utf8(organisation)),
        part(_COMMON_NAME, der.utf8(name)),
    )


def make_csca(
    country: str = "VN",
    name: str = "CSCA thử của Trạm",
    key: str | KeyPair = "brainpoolP384r1",
    signature: Signature | None = None,
    *,
    explicit_parameters: bool = True,
    not_before: datetime = START,
    not_after: datetime = END,
    serial: int | None = None,
) -> Authority:
    """A self-signed country signing authority. `signature` says how it signs itself and what it issues."""
    pair = make_key(key) if isinstance(key, str) else key
    subject = make_name(country, name)
    chosen = signature or pair.usual
    draft = Authority(b"", pair, subject, subject, serial or _serial(), _key_id(pair), chosen)
    return _issue(draft, draft, draft.key_id, _authority_extensions(draft), not_before, not_after, explicit_parameters)


def make_link_certificate(
    old: Authority,
    new: Authority,
    *,
    explicit_parameters: bool = True,
    not_before: datetime = START,
    not_after: datetime = END,
) -> bytes:
    """The new authority's key and name, signed by the old one (ICAO 9303-12 section 7.1.1)."""
    draft = Authority(b"", new.key, new.name, old.name, _serial(), new.key_id, new.signature)
    extensions = _authority_extensions(draft)
    return _issue(draft, old, old.key_id, extensions, not_before, not_after, explicit_parameters).certificate


def make_dsc(
    csca: Authority,
    name: str = "Người ký tài liệu thử",
    key: str | KeyPair = "brainpoolP256r1",
    signature: Signature | None = None,
    *,
    country: str = "VN",
    explicit_parameters: bool = True,
    not_before: datetime = START,
    not_after: datetime = END,
    serial: int | None = None,
    authority_key_id: bool = True,
    master_list_signer: bool = False,
) -> Authority:
    """A document signer (or master list signer) issued by `csca`. `signature` says how it will sign documents."""
    pair = make_key(key) if isinstance(key, str) else key
    subject = make_name(country, name)
    draft = Authority(b"", pair, subject, csca.name, serial or _serial(), _key_id(pair), signature or pair.usual)
    extensions = [
        _extension(_KEY_USAGE, _SIGNS_DATA, critical=True),
        _extension(_SUBJECT_KEY, der.octets(draft.key_id)),
    ]
    if master_list_signer:
        extensions.append(_extension(_EXTENDED_USAGE, der.sequence(der.oid(_MASTER_LIST_SIGNER)), critical=True))
    issuer_key_id = csca.key_id if authority_key_id else None
    return _issue(draft, csca, issuer_key_id, extensions, not_before, not_after, explicit_parameters)


def make_crl(
    csca: Authority,
    revoked: Mapping[int, datetime] | None = None,
    *,
    this_update: datetime = START,
    next_update: datetime = END,
    number: int = 1,
) -> bytes:
    """A revocation list: serial numbers with their time of revocation."""
    algorithm = csca.signature.identifier()
    entries = [der.sequence(der.integer(serial), der.time(when)) for serial, when in (revoked or {}).items()]
    extensions = der.sequence(
        _extension(_AUTHORITY_KEY, der.sequence(der.tlv(0x80, csca.key_id))),
        _extension(_CRL_NUMBER, der.integer(number)),
    )
    body = der.sequence(
        der.integer(1),
        algorithm,
        csca.name,
        der.time(this_update),
        der.time(next_update),
        der.sequence(*entries) if entries else b"",
        der.explicit(0, extensions),
    )
    return der.sequence(body, algorithm, der.bits(csca.key.sign(body, csca.signature)))


def _issue(
    draft: Authority,
    issuer: Authority,
    issuer_key_id: bytes | None,
    extensions: list[bytes],
    not_before: datetime,
    not_after: datetime,
    explicit_parameters: bool,
) -> Authority:
    algorithm = issuer.signature.identifier()
    if issuer_key_id is not None:
        extensions = [*extensions, _extension(_AUTHORITY_KEY, der.sequence(der.tlv(0x80, issuer_key_id)))]
    body = der.sequence(
        der.explicit(0, der.integer(2)),
        der.integer(draft.serial),
        algorithm,
        issuer.name,
        der.sequence(der.time(not_before), der.time(not_after)),
        draft.name,
        draft.key.public_info(explicit_parameters),
        der.explicit(3, der.sequence(*extensions)),
    )
    certificate = der.sequence(body, algorithm, der.bits(issuer.key.sign(body, issuer.signature)))
    return Authority(certificate, draft.key, draft.name, issuer.name, draft.serial, draft.key_id, draft.signature)


def _authority_extensions(draft: Authority) -> list[bytes]:
    return [
        _extension(_BASIC, der.sequence(der.TRUE, der.integer(0)), critical=True),
        _extension(_KEY_USAGE, _SIGNS_CERTIFICATES, critical=True),
        _extension(_SUBJECT_KEY, der.octets(draft.key_id)),
    ]


def _extension(kind: str, value: bytes, critical: bool = False) -> bytes:
    return der.sequence(der.oid(kind), der.TRUE if critical else b"", der.octets(value))


def _key_id(key: KeyPair) -> bytes:
    info = der.read(key.public_info())[1]
    bits = dict(der.items(info))[0x03]
    return hashlib.sha1(bits[1:]).digest()  # noqa: S324  RFC 5280 section 4.2.1.2 method 1


def _serial() -> int:
    return secrets.randbits(127) | 1 << 126
