"""Card-verifiable certificates (TR-03110-3 appendix C): the chain of a laboratory terminal, CVCA, DV and IS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from simulators.chip import der
from simulators.chip.pki.keys import EcKey, RsaKey, Signature, make_key

TERMINAL_AUTHENTICATION = "0.4.0.127.0.7.2.2.2"
_INSPECTION_SYSTEM = "0.4.0.127.0.7.3.1.2.1"
_ECDSA_ARCS = {"sha1": 1, "sha224": 2, "sha256": 3, "sha384": 4, "sha512": 5}
_RSA_ARCS = {"sha1": 1, "sha256": 2, "sha512": 5}
_PSS_ARCS = {"sha1": 3, "sha256": 4, "sha512": 6}

CVCA, DV_DOMESTIC, DV_FOREIGN, TERMINAL = 0xC0, 0x80, 0x40, 0x00
"""Role bits of the authorization."""
FINGERS, IRISES = 0x01, 0x02
"""Right bits: read DG3, read DG4."""


@dataclass(frozen=True)
class CvHolder:
    """A certificate with its private key."""

    certificate: bytes
    """7F21."""
    key: EcKey | RsaKey
    reference: bytes
    """Certificate holder reference: what the next certificate names as its authority."""
    signature: Signature


def make_cv_certificate(
    reference: str,
    issuer: CvHolder | None = None,
    key: str | EcKey | RsaKey = "brainpoolP256r1",
    signature: Signature | None = None,
    *,
    role: int = TERMINAL,
    rights: int = FINGERS | IRISES,
    effective: date = date(2026, 1, 1),
    expires: date = date(2027, 12, 31),
) -> CvHolder:
    """A certificate of `issuer`, or self-signed without one. Domain parameters stand only in those of a CVCA."""
    pair = make_key(key) if isinstance(key, str) else key
    chosen = signature or _terminal_signature(pair)
    name = reference.encode("ascii")
    body = der.tlv(
        0x7F4E,
        der.tlv(0x5F29, b"\x00"),
        der.tlv(0x42, name if issuer is None else issuer.reference),
        _public_key(pair, chosen, domain=role == CVCA),
        der.tlv(0x5F20, name),
        der.tlv(0x7F4C, der.oid(_INSPECTION_SYSTEM), der.tlv(0x53, bytes([role | rights]))),
        der.tlv(0x5F25, _unpacked(effective)),
        der.tlv(0x5F24, _unpacked(expires)),
    )
    draft = CvHolder(b"", pair, name, chosen)
    signer = issuer or draft
    certificate = der.tlv(0x7F21, body, der.tlv(0x5F37, signer.key.sign(body, signer.signature)))
    return CvHolder(certificate, pair, name, chosen)


def _terminal_signature(pair: EcKey | RsaKey) -> Signature:
    if isinstance(pair, RsaKey):
        return Signature("pkcs1", "sha256")
    return Signature("ecdsa-plain", pair.usual.digest)


def _public_key(pair: EcKey | RsaKey, signature: Signature, domain: bool) -> bytes:
    if isinstance(pair, RsaKey):
        arcs = _PSS_ARCS if signature.scheme == "pss" else _RSA_ARCS
        numbers = pair.private.public_key().public_numbers()
        kind = der.oid(f"{TERMINAL_AUTHENTICATION}.1.{arcs[signature.digest]}")
        return der.tlv(0x7F49, kind, der.tlv(0x81, _unsigned(numbers.n)), der.tlv(0x82, _unsigned(numbers.e)))
    curve, kind = pair.curve, der.oid(f"{TERMINAL_AUTHENTICATION}.2.{_ECDSA_ARCS[signature.digest]}")
    point = der.tlv(0x86, pair.point)
    if not domain:
        return der.tlv(0x7F49, kind, point)
    return der.tlv(
        0x7F49,
        kind,
        der.tlv(0x81, _unsigned(curve.p)),
        der.tlv(0x82, curve.a.to_bytes(curve.size, "big")),
        der.tlv(0x83, curve.b.to_bytes(curve.size, "big")),
        der.tlv(0x84, curve.encode(curve.g)),
        der.tlv(0x85, _unsigned(curve.n)),
        point,
        der.tlv(0x87, b"\x01"),
    )


def _unsigned(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def _unpacked(day: date) -> bytes:
    return bytes(int(digit) for digit in day.strftime("%y%m%d"))
