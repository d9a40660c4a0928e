"""A PIV card proves the key of its slot 9E, "card authentication" (NIST SP 800-73-4 part 2, sections 3.1.2 and 3.2.4).

That key needs no PIN and signs without contacts too; it cannot be copied out of the card. What the signature is worth
is judged by who keeps the list of known keys, not here.
"""

from __future__ import annotations

import hashlib

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from drivers.emrtd.lds import tlv
from drivers.smartcard.connection import CardConnection, CardError, CardErrorReason
from drivers.smartcard.proof import CardProof, signed

_SELECT = bytes.fromhex("00A404000BA000000308000010000100" + "00")
_CERTIFICATE = bytes.fromhex("00CB3FFF055C035FC101" + "00")
"""GET DATA of the X.509 Certificate for Card Authentication (part 1, table 3)."""
_SLOT = 0x9E
_OK, _MORE = 0x9000, 0x61
_LONGEST = 16 * 1024
_CURVES: dict[str, tuple[int, str]] = {"secp256r1": (0x11, "sha256"), "secp384r1": (0x14, "sha384")}
"""Algorithm identifiers of SP 800-78-4, table 6-2, and the digest that fits the curve."""


def prove(connection: CardConnection, challenge: bytes) -> CardProof | None:
    """Let the card sign. None when it is no PIV card, or has no elliptic key there. Raises CardError."""
    if connection.transmit(_SELECT)[1] != _OK:
        return None
    data, status = _whole(connection, _CERTIFICATE)
    if status != _OK:
        return None
    try:
        key = x509.load_der_x509_certificate(_certificate(data)).public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name not in _CURVES:
            return None
        algorithm, digest = _CURVES[key.curve.name]
        signature = _sign(connection, algorithm, hashlib.new(digest, signed(challenge)).digest())
    except (tlv.LdsError, ValueError) as error:
        raise CardError(CardErrorReason.PROTOCOL, f"PIV: {type(error).__name__}") from None
    return CardProof(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), signature)


def _certificate(data: bytes) -> bytes:
    """Out of the data object: 53 { 70 certificate, 71 how it is packed, FE }."""
    (outer,) = tlv.parse_all(data)
    parts = {part.tag: part.value for part in tlv.parse_all(outer.value)}
    if 0x70 not in parts or parts.get(0x71, b"\0") != b"\0":
        raise ValueError("no plain certificate")
    return parts[0x70]


def _sign(connection: CardConnection, algorithm: int, digest: bytes) -> bytes:
    """GENERAL AUTHENTICATE with a challenge (81) and an empty response (82) to be filled."""
    template = bytes([0x82, 0, 0x81, len(digest)]) + digest
    body = bytes([0x7C, len(template)]) + template
    data, status = _whole(connection, bytes([0x00, 0x87, algorithm, _SLOT, len(body)]) + body + b"\0")
    if status != _OK:
        raise CardError(CardErrorReason.PROTOCOL, "PIV: the card did not sign", status_word=status)
    (answer,) = tlv.parse_all(data)
    return answer.child(0x82).value


def _whole(connection: CardConnection, apdu: bytes) -> tuple[bytes, int]:
    """The answer with all its parts (61xx, GET RESPONSE: ISO 7816-4 section 7.6.1)."""
    data, status = connection.transmit(apdu)
    while status >> 8 == _MORE and len(data) < _LONGEST:
        more, status = connection.transmit(bytes([0x00, 0xC0, 0, 0, status & 0xFF]))
        data += more
    return data, status
