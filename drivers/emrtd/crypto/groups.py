"""Groups for key agreement: elliptic curves and prime fields behind one shape, with the two mappings of PACE.

Points and numbers that come from a chip are validated before use. Scalars are drawn fresh for each run: `ecdsa` is not
constant time, so nothing secret is used twice.
"""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ecdsa import ellipticcurve
from ecdsa.curves import Curve

from drivers.emrtd.lds.tlv import LdsError

Element = Any
"""A point of `ecdsa`, or an int: only the group that made it knows."""
Below = Callable[[int], int]
"""A random number from 1 to the argument - 1."""


def random_below(limit: int) -> int:
    """The product's source of private keys."""
    return 1 + secrets.randbelow(limit - 1)


class GroupError(Exception):
    """This group cannot do what is asked, with the reason."""


@dataclass(frozen=True)
class KeyPair:
    """A private number and its public element as bytes."""

    private: int
    public: bytes


class Group(ABC):
    """A group with its generator. `public_tag` is the tag of its keys inside 7F49 (ICAO 9303-11 section 9.4)."""

    name: str
    public_tag: int

    @abstractmethod
    def generate(self, below: Below = random_below) -> KeyPair:
        """A fresh key pair for the group's own generator."""

    @abstractmethod
    def decode(self, public: bytes) -> Element:
        """An element from its bytes. Raises LdsError if it is none, or a trivial one."""

    @abstractmethod
    def agree(self, private: int, public: bytes) -> Element:
        """The common element. Raises LdsError."""

    @abstractmethod
    def secret(self, element: Element) -> bytes:
        """Bytes of the common element that go into the key derivation."""

    @abstractmethod
    def mapped_generic(self, nonce: bytes, common: Element) -> Group:
        """The group with the generator of generic mapping (section 4.4.3.3.1). Raises LdsError."""

    @abstractmethod
    def mapped_integrated(self, number: int) -> Group:
        """The group with the generator of integrated mapping (section 4.4.3.3.2). Raises GroupError, LdsError."""

    @property
    @abstractmethod
    def modulus(self) -> int:
        """The prime of the field: the pseudo-random number of integrated mapping is reduced by it."""

    @property
    @abstractmethod
    def order(self) -> int:
        """Order of the generator."""


class CurveGroup(Group):
    """An elliptic curve over a prime field, uncompressed points."""

    public_tag = 0x86

    def __init__(self, curve: Curve, name: str, generator: Element | None = None) -> None:
        self.name = name
        self._curve = curve
        self._generator: Element = curve.generator if generator is None else generator
        self._size = (self.modulus.bit_length() + 7) // 8

    @property
    def modulus(self) -> int:
        """p."""
        return int(self._curve.curve.p())

    @property
    def order(self) -> int:
        """n."""
        return int(self._curve.order)

    def equals(self, prime: int, coefficients: tuple[int, ...], generator: bytes, order: int) -> bool:
        """Whether explicit parameters are this curve's: a and b in `coefficients`, the generator in either encoding."""
        curve, point = self._curve.curve, self._encode(self._curve.generator)
        compressed = bytes([2 + (point[-1] & 1)]) + point[1 : 1 + self._size]
        return (
            (prime, order) == (self.modulus, self.order)
            and coefficients == (int(curve.a()) % prime, int(curve.b()) % prime)
            and generator in (point, compressed)
        )

    def generate(self, below: Below = random_below) -> KeyPair:
        """A number and its multiple of the generator."""
        private = below(self.order)
        return KeyPair(private, self._encode(self._generator * private))

    def decode(self, public: bytes) -> Element:
        """A point on the curve, not infinity."""
        if len(public) != 1 + 2 * self._size or public[0] != 4:
            raise LdsError("not an uncompressed point of this curve")
        # `ecdsa` reads coordinates without asking whether they lie on the curve: an invalid-curve attack's open door.
        x, y = (int.from_bytes(part, "big") for part in (public[1 : 1 + self._size], public[1 + self._size :]))
        if max(x, y) >= self.modulus or not self._curve.curve.contains_point(x, y):
            raise LdsError("point does not lie on the curve")
        return self._as_generator(x, y)

    def agree(self, private: int, public: bytes) -> Element:
        """The multiple of the other's point; never infinity."""
        common = self.decode(public) * private
        if common == ellipticcurve.INFINITY:
            raise LdsError("common point is infinity")
        return common

    def secret(self, element: Element) -> bytes:
        """The x coordinate in the length of the field."""
        return int(element.x()).to_bytes(self._size, "big")

    def mapped_generic(self, nonce: bytes, common: Element) -> Group:
        """s·G + H."""
        mapped = self._generator * (int.from_bytes(nonce, "big") % self.order) + common
        if mapped == ellipticcurve.INFINITY:
            raise LdsError("mapped generator is infinity")
        return CurveGroup(self._curve, self.name, self._as_generator(int(mapped.x()), int(mapped.y())))

    def mapped_integrated(self, number: int) -> Group:
        """Point encoding of Brier et al. in affine coordinates (ICAO 9303-11 appendix B.2)."""
        p = self.modulus
        a, b = int(self._curve.curve.a()) % p, int(self._curve.curve.b()) % p
        if p % 4 != 3:
            raise GroupError(f"integrated mapping needs p = 3 mod 4, which {self.name} does not have")
        alpha = -number * number % p
        divisor = a * (alpha + alpha * alpha) % p
        if divisor == 0:
            raise LdsError("pseudo-random number cannot be mapped")
        x2 = -b * (1 + alpha + alpha * alpha) * pow(divisor, -1, p) % p
        x3 = alpha * x2 % p
        h2 = (pow(x2, 3, p) + a * x2 + b) % p
        root = pow(h2, p - 1 - (p + 1) // 4, p)
        if root * root * h2 % p == 1:
            x, y = x2, root * h2 % p
        else:
            x, y = x3, root * pow(number, 3, p) * h2 % p
        return CurveGroup(self._curve, self.name, self._as_generator(x, y))

    def _as_generator(self, x: int, y: int) -> Element:
        return ellipticcurve.PointJacobi(self._curve.curve, x, y, 1, self.order)

    def _encode(self, point: Element) -> bytes:
        return b"\x04" + b"".join(int(value).to_bytes(self._size, "big") for value in (point.x(), point.y()))


class FieldGroup(Group):
    """A subgroup of prime order of the integers modulo a prime (RFC 5114)."""

    public_tag = 0x84

    def __init__(self, p: int, g: int, q: int | None, name: str) -> None:
        """`q` may be unknown (PKCS #3 parameters of chip authentication); then p - 1 bounds the private key."""
        self.name = name
        self._p, self._g, self._q = p, g, q
        self._size = (p.bit_length() + 7) // 8

    @property
    def modulus(self) -> int:
        """p."""
        return self._p

    @property
    def order(self) -> int:
        """q."""
        return self._q or self._p - 1

    def generate(self, below: Below = random_below) -> KeyPair:
        """A number and the generator's power."""
        private = below(self.order)
        return KeyPair(private, pow(self._g, private, self._p).to_bytes(self._size, "big"))

    def decode(self, public: bytes) -> Element:
        """A number of the subgroup other than 1 (RFC 2631 section 2.1.5)."""
        number = int.from_bytes(public, "big")
        if len(public) > self._size + 1 or not 1 < number < self._p - 1:
            raise LdsError("public key is out of range")
        if self._q is not None and pow(number, self._q, self._p) != 1:
            raise LdsError("public key is not in the subgroup")
        return number

    def agree(self, private: int, public: bytes) -> Element:
        """The power of the other's number; never 1."""
        common = pow(self.decode(public), private, self._p)
        if common == 1:
            raise LdsError("common number is trivial")
        return common

    def secret(self, element: Element) -> bytes:
        """The number in the length of the prime."""
        return int(element).to_bytes(self._size, "big")

    def mapped_generic(self, nonce: bytes, common: Element) -> Group:
        """g^s · h."""
        mapped = pow(self._g, int.from_bytes(nonce, "big"), self._p) * int(common) % self._p
        return self._with_generator(mapped)

    def mapped_integrated(self, number: int) -> Group:
        """x^((p - 1) / q), which must not be 1."""
        if self._q is None:
            raise GroupError("integrated mapping needs the order of the subgroup")
        return self._with_generator(pow(number, (self._p - 1) // self._q, self._p))

    def _with_generator(self, generator: int) -> Group:
        if generator in (0, 1):
            raise LdsError("mapped generator is trivial")
        return FieldGroup(self._p, generator, self._q, self.name)
