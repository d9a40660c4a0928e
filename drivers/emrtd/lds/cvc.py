"""Card-verifiable certificates (ICAO 9303-12 section 8; TR-03110-3 appendix C): what a reader needs of their fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from drivers.emrtd.lds.tlv import LdsError, Tlv, parse_one

_CERTIFICATE, _BODY, _SIGNATURE = 0x7F21, 0x7F4E, 0x5F37
_AUTHORITY, _HOLDER, _AUTHORIZATION, _PUBLIC_KEY = 0x42, 0x5F20, 0x7F4C, 0x7F49
_EFFECTIVE, _EXPIRATION = 0x5F25, 0x5F24


@dataclass(frozen=True)
class CvCertificate:
    """`body` and `signature` are data objects as they go to the card; references are ASCII of at most 16 characters."""

    body: bytes
    signature: bytes
    authority: bytes
    """Certification authority reference: who signed."""
    holder: bytes
    """Certificate holder reference."""
    authorization: bytes
    """Role and access bits."""
    public_key: bytes
    """Value of the public key data object."""
    effective: date
    expires: date


def parse_cv_certificate(data: bytes) -> CvCertificate:
    """Read one certificate (`7F21 L 7F4E … 5F37 …`). Raises LdsError."""
    certificate = parse_one(data, _CERTIFICATE)
    body, signature = certificate.child(_BODY), certificate.child(_SIGNATURE)
    return CvCertificate(
        body.raw,
        signature.raw,
        _reference(body.child(_AUTHORITY)),
        _reference(body.child(_HOLDER)),
        body.child(_AUTHORIZATION).child(0x53).value,
        body.child(_PUBLIC_KEY).value,
        _day(body.child(_EFFECTIVE)),
        _day(body.child(_EXPIRATION)),
    )


def _reference(item: Tlv) -> bytes:
    if not 1 <= len(item.value) <= 16:
        raise LdsError("reference of a wrong length")
    return item.value


def _day(item: Tlv) -> date:
    """Six unpacked digits YYMMDD of this century."""
    digits = item.value
    if len(digits) != 6 or max(digits) > 9:
        raise LdsError("date is not six digits")
    try:
        return date(2000 + 10 * digits[0] + digits[1], 10 * digits[2] + digits[3], 10 * digits[4] + digits[5])
    except ValueError:
        raise LdsError("date does not exist") from None
