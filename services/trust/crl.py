"""Certificate revocation lists (ICAO 9303-12 section 7.1.4), read from DER."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto.crl import CertificateList

from services.trust.algorithms import SignatureAlgorithm, read_signature_algorithm
from services.trust.errors import absent, malformed, parsing, unsupported, whole_octets
from services.trust.names import Name, read_name
from services.trust.public_key import PublicKey, verify_once

MAX_SIZE = 16 * 1024 * 1024
_AUTHORITY_KEY = "2.5.29.35"


@dataclass(frozen=True)
class Revocation:
    """When a certificate was revoked, and why ("key_compromise" … or "unspecified")."""

    at: datetime
    reason: str


@dataclass(frozen=True)
class Crl:
    """A list of one issuer; `revoked` by serial number."""

    raw: bytes = field(repr=False)
    signed_part: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    algorithm: SignatureAlgorithm
    issuer: Name
    this_update: datetime
    next_update: datetime | None
    authority_key_id: bytes | None
    revoked: dict[int, Revocation] = field(repr=False)

    def signed_by(self, key: PublicKey) -> bool:
        """Whether `key` signed this list. Raises TrustError UNSUPPORTED."""
        return verify_once(key, self.algorithm, self.signature, self.signed_part)

    def stale(self, now: datetime) -> bool:
        """Whether a newer list is due."""
        return self.next_update is not None and self.next_update < now


def read_crl(data: bytes) -> Crl:
    """Read one DER list. Raises TrustError MALFORMED, or UNSUPPORTED (partial and indirect lists among others)."""
    if len(data) > MAX_SIZE:
        raise malformed(f"revocation list of {len(data)} bytes")
    with parsing("revocation list"):
        crl: Any = CertificateList.load(data, strict=True)
        body = crl["tbs_cert_list"]
        next_update = body["next_update"].native
        return Crl(
            raw=bytes(data),
            signed_part=body.dump(),
            signature=whole_octets(crl["signature"]),
            algorithm=read_signature_algorithm(crl["signature_algorithm"]),
            issuer=read_name(body["issuer"]),
            this_update=body["this_update"].native,
            next_update=next_update,
            authority_key_id=_authority_key(body["crl_extensions"]),
            revoked=_revoked(body["revoked_certificates"]),
        )


def _authority_key(extensions: Any) -> bytes | None:
    found: bytes | None = None
    for extension in extensions if not absent(extensions) else ():
        oid: str = extension["extn_id"].dotted
        if oid == _AUTHORITY_KEY:
            found = extension["extn_value"].parsed["key_identifier"].native
        elif extension["critical"].native:
            raise unsupported(f"critical extension {oid} of a revocation list")
    return found


def _revoked(entries: Any) -> dict[int, Revocation]:
    found: dict[int, Revocation] = {}
    for entry in entries if not absent(entries) else ():
        reason = "unspecified"
        for extension in () if absent(entry["crl_entry_extensions"]) else entry["crl_entry_extensions"]:
            if extension["extn_id"].native == "crl_reason":
                reason = str(extension["extn_value"].parsed.native)
            elif extension["critical"].native:
                raise unsupported("critical extension of an entry in a revocation list")
        serial, at = int(entry["user_certificate"]), entry["revocation_date"].native
        known = found.get(serial)
        if known is None or at < known.at:
            found[serial] = Revocation(at, reason)
    return found
