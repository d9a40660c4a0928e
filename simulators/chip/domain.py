"""Standardised domain parameters (ICAO 9303-11 section 9.5.1) as groups: key pairs, agreement, and the two mappings."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Protocol

from simulators.chip.ec import CURVES, Curve, Point
from simulators.chip.modp import GROUPS


class ImpossibleMapping(ValueError):
    """The integrated mapping needs p = 3 mod 4, which secp224r1 (id 10) does not have."""


class Group(Protocol):
    """A group with a chosen generator. Private keys are integers, public keys the bytes that travel."""

    @property
    def token_tag(self) -> int:
        """Tag of a public key in the input of an authentication token: 86 for points, 84 for integers."""
        ...

    @property
    def prime(self) -> int:
        """Order of the field."""
        ...

    @property
    def order(self) -> int:
        """Order of the generator."""
        ...

    def draw(self) -> int:
        """A private key."""
        ...

    def public(self, private: int) -> bytes:
        """Its public key."""
        ...

    def agree(self, private: int, public: bytes) -> bytes:
        """Shared secret: the x-coordinate, or the integer in as many bytes as the prime. ValueError for a bad key."""
        ...

    def mapped_generic(self, nonce: int, private: int, public: bytes) -> Group:
        """The same group on the generator of the generic mapping (section 4.4.3.3.1). ValueError for a bad key."""
        ...

    def mapped_integrated(self, element: int) -> Group:
        """The same group on the generator of the integrated mapping (section 4.4.3.3.2), from an element of GF(p)."""
        ...


@dataclass(frozen=True)
class EcGroup:
    """Points of a curve."""

    curve: Curve
    generator: Point
    token_tag: int = 0x86

    @property
    def prime(self) -> int:
        return self.curve.p

    @property
    def order(self) -> int:
        return self.curve.n

    def draw(self) -> int:
        return self.curve.draw()

    def public(self, private: int) -> bytes:
        return self.curve.encode(self.curve.multiply(private, self.generator))

    def agree(self, private: int, public: bytes) -> bytes:
        shared = self.curve.multiply(private, self.curve.decode(public))
        return shared[0].to_bytes(self.curve.size, "big")

    def mapped_generic(self, nonce: int, private: int, public: bytes) -> EcGroup:
        shared = self.curve.multiply(private, self.curve.decode(public))
        scaled = self.curve.multiply(nonce % self.curve.n, self.generator)
        return replace(self, generator=self.curve.add(scaled, shared))

    def mapped_integrated(self, element: int) -> EcGroup:
        return replace(self, generator=point_of(self.curve, element))


@dataclass(frozen=True)
class DhGroup:
    """Integers modulo a prime, in a subgroup of prime order (RFC 5114)."""

    prime: int
    generator: int
    order: int
    token_tag: int = 0x84

    @property
    def size(self) -> int:
        """Bytes of an element."""
        return (self.prime.bit_length() + 7) // 8

    def draw(self) -> int:
        """Keys whose public half begins with a zero byte are avoided: readers disagree on its length."""
        while True:
            private = secrets.randbelow(self.order - 1) + 1
            if self.public(private)[0]:
                return private

    def public(self, private: int) -> bytes:
        return pow(self.generator, private, self.prime).to_bytes(self.size, "big")

    def agree(self, private: int, public: bytes) -> bytes:
        return pow(self._checked(public), private, self.prime).to_bytes(self.size, "big")

    def mapped_generic(self, nonce: int, private: int, public: bytes) -> DhGroup:
        shared = pow(self._checked(public), private, self.prime)
        return self._on(pow(self.generator, nonce, self.prime) * shared % self.prime)

    def mapped_integrated(self, element: int) -> DhGroup:
        return self._on(pow(element, (self.prime - 1) // self.order, self.prime))

    def _on(self, generator: int) -> DhGroup:
        if generator in (0, 1):
            raise ValueError("no generator")
        return replace(self, generator=generator)

    def _checked(self, public: bytes) -> int:
        """Of the subgroup, and neither 0 nor 1 (RFC 2631 section 2.1.5)."""
        value = int.from_bytes(public, "big")
        if not 2 <= value <= self.prime - 2 or pow(value, self.order, self.prime) != 1:
            raise ValueError("not of the subgroup")
        return value


def point_of(curve: Curve, element: int) -> Point:
    """The point of a field element (ICAO 9303-11 appendix B, affine form). ImpossibleMapping where p = 1 mod 4."""
    p, a, b = curve.p, curve.a, curve.b
    if p % 4 != 3:
        raise ImpossibleMapping(f"no integrated mapping on {curve.name}")
    alpha = -element * element % p
    x2 = -b * pow(a, -1, p) * (1 + pow(alpha + alpha * alpha, -1, p)) % p
    x3 = alpha * x2 % p
    h2 = (x2**3 + a * x2 + b) % p
    root = pow(h2, p - 1 - (p + 1) // 4, p)
    if root * root * h2 % p == 1:
        return x2, root * h2 % p
    return x3, root * pow(element, 3, p) * h2 % p


def _standardised() -> dict[int, Group]:
    groups: dict[int, Group] = {number: DhGroup(*values) for number, values in GROUPS.items()}
    return groups | {number: EcGroup(curve, curve.g) for number, curve in enumerate(CURVES.values(), 8)}


STANDARDISED: dict[int, Group] = _standardised()
"""By parameter id: 0 to 2 and 8 to 18."""
