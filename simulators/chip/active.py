"""Active authentication from the card's side (ICAO 9303-11 section 6.1): ISO 9796-2 scheme 1 for RSA, or ECDSA."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from simulators.chip.apdu import Refusal, Status
from simulators.chip.pki import EcKey, RsaKey, Signature

_TRAILERS = {
    "sha1": b"\xbc",
    "sha256": b"\x34\xcc",
    "sha384": b"\x36\xcc",
    "sha512": b"\x35\xcc",
    "sha224": b"\x38\xcc",
}


@dataclass(frozen=True)
class ActiveAuthentication:
    """The private key behind DG15. ECDSA signs plain (the standard) or as DER (met in the field)."""

    key: EcKey | RsaKey
    digest: str = "sha256"
    plain: bool = True
    least: bool = False
    """RSA by ISO 9796-2 B.4: of the signature and its complement the smaller one; else by B.6, as it comes."""

    def answer(self, challenge: bytes) -> bytes:
        """Signature over the terminal's 8 bytes. Refusal 6A80 for any other length."""
        if len(challenge) != 8:
            raise Refusal(Status.WRONG_DATA)
        if isinstance(self.key, EcKey):
            return self.key.sign(challenge, Signature("ecdsa-plain" if self.plain else "ecdsa", self.digest))
        numbers = self.key.private.private_numbers()
        modulus = numbers.public_numbers.n
        size = (modulus.bit_length() + 7) // 8
        message = representative(size, challenge, self.digest)
        signature = pow(int.from_bytes(message, "big"), numbers.d, modulus)
        return (min(signature, modulus - signature) if self.least else signature).to_bytes(size, "big")


def representative(size: int, challenge: bytes, digest: str, recoverable: bytes | None = None) -> bytes:
    """F = 6A ‖ M1 ‖ H(M1 ‖ challenge) ‖ trailer in `size` bytes; M1 is drawn unless it is given."""
    trailer = _TRAILERS[digest]
    hash_size = hashlib.new(digest).digest_size
    room = size - 1 - hash_size - len(trailer)
    first = secrets.token_bytes(room) if recoverable is None else recoverable
    return b"\x6a" + first + hashlib.new(digest, first + challenge).digest() + trailer
