"""Elliptic curves of ICAO 9303-11 section 9.5.1: affine points as pairs, arithmetic by the `ecdsa` package.

The package carries no types, so this is the only module that touches it.
"""

from __future__ import annotations

import hashlib
import importlib
import secrets
from dataclasses import dataclass, field
from typing import Any

_ecdsa: Any = importlib.import_module("ecdsa")
_point: Any = importlib.import_module("ecdsa.ellipticcurve")
_util: Any = importlib.import_module("ecdsa.util")

Point = tuple[int, int]


@dataclass(frozen=True)
class Curve:
    """A prime curve y² = x³ + ax + b with base point `g` of prime order `n`; every one used has cofactor 1."""

    name: str
    p: int
    a: int
    b: int
    g: Point
    n: int
    library: Any = field(repr=False, compare=False)

    @property
    def size(self) -> int:
        """Bytes of a field element."""
        return (self.p.bit_length() + 7) // 8

    def contains(self, point: Point) -> bool:
        """Whether the point is on the curve (and not the one at infinity)."""
        x, y = point
        return 0 <= x < self.p and 0 <= y < self.p and (y * y - x * x * x - self.a * x - self.b) % self.p == 0

    def multiply(self, factor: int, point: Point | None = None) -> Point:
        """factor · point (base point by default). ValueError when that is the point at infinity."""
        return self._affine(self._jacobi(point or self.g) * factor)

    def add(self, one: Point, other: Point) -> Point:
        """Sum. ValueError when that is the point at infinity."""
        return self._affine(self._jacobi(one) + self._jacobi(other))

    def encode(self, point: Point) -> bytes:
        """04 x y (TR-03111 section 3.2.1)."""
        return b"\x04" + b"".join(part.to_bytes(self.size, "big") for part in point)

    def decode(self, data: bytes) -> Point:
        """The point of 04 x y. ValueError when it is none of the curve."""
        if len(data) != 1 + 2 * self.size or data[0] != 4:
            raise ValueError("not an uncompressed point")
        point = int.from_bytes(data[1 : 1 + self.size], "big"), int.from_bytes(data[1 + self.size :], "big")
        if not self.contains(point):
            raise ValueError("not on the curve")
        return point

    def draw(self) -> int:
        """A private key."""
        return secrets.randbelow(self.n - 1) + 1

    def sign(self, private: int, data: bytes, digest: str, plain: bool = False) -> bytes:
        """ECDSA signature, DER or plain r‖s (TR-03111 section 5.2)."""
        key = _ecdsa.SigningKey.from_secret_exponent(private, self.library)
        encode = _util.sigencode_string if plain else _util.sigencode_der
        return bytes(key.sign_digest(hashlib.new(digest, data).digest(), sigencode=encode, allow_truncate=True))

    def verify_plain(self, public: Point, data: bytes, digest: str, signature: bytes) -> bool:
        """Whether plain r‖s is the signature over `data`."""
        key = _ecdsa.VerifyingKey.from_public_point(self._affine_object(public), self.library)
        value = hashlib.new(digest, data).digest()
        try:
            return bool(key.verify_digest(signature, value, sigdecode=_util.sigdecode_string, allow_truncate=True))
        except (_ecdsa.BadSignatureError, _util.MalformedSignature):
            return False

    def public_info(self, public: Point, explicit: bool = False) -> bytes:
        """SubjectPublicKeyInfo, with the curve's name or its parameters written out."""
        key = _ecdsa.VerifyingKey.from_public_point(self._affine_object(public), self.library)
        return bytes(key.to_der(curve_parameters_encoding="explicit" if explicit else "named_curve"))

    def _jacobi(self, point: Point) -> Any:
        return _point.PointJacobi(self.library.curve, point[0], point[1], 1, self.n)

    def _affine_object(self, point: Point) -> Any:
        return _point.Point(self.library.curve, point[0], point[1], self.n)

    @staticmethod
    def _affine(result: Any) -> Point:
        if result == _point.INFINITY:
            raise ValueError("point at infinity")
        return int(result.x()), int(result.y())


def _load(name: str, library: Any) -> Curve:
    g = library.generator
    p = int(library.curve.p())
    return Curve(
        name,
        p,
        int(library.curve.a()) % p,
        int(library.curve.b()) % p,
        (int(g.x()), int(g.y())),
        int(library.order),
        library,
    )


CURVES: dict[str, Curve] = {
    name: _load(name, library)
    for name, library in {
        "secp192r1": _ecdsa.NIST192p,
        "brainpoolP192r1": _ecdsa.BRAINPOOLP192r1,
        "secp224r1": _ecdsa.NIST224p,
        "brainpoolP224r1": _ecdsa.BRAINPOOLP224r1,
        "secp256r1": _ecdsa.NIST256p,
        "brainpoolP256r1": _ecdsa.BRAINPOOLP256r1,
        "brainpoolP320r1": _ecdsa.BRAINPOOLP320r1,
        "secp384r1": _ecdsa.NIST384p,
        "brainpoolP384r1": _ecdsa.BRAINPOOLP384r1,
        "brainpoolP512r1": _ecdsa.BRAINPOOLP512r1,
        "secp521r1": _ecdsa.NIST521p,
    }.items()
}
"""By name, in the order of the standardised parameter ids 8 to 18."""
