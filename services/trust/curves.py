"""The curves documents may use, and the only explicit parameters that are accepted: those equal to one of them.

ICAO 9303-12 section 4.1.6.3 asks for explicit parameters; parameters of one's own choosing would let anybody sign
(CVE-2020-0601), so whatever is in no table is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from ecdsa import curves as tables
from ecdsa.curves import Curve as Table

from services.trust.errors import unsupported

_STANDARD = (
    tables.NIST192p,
    tables.NIST224p,
    tables.NIST256p,
    tables.NIST384p,
    tables.NIST521p,
    tables.BRAINPOOLP160r1,
    tables.BRAINPOOLP192r1,
    tables.BRAINPOOLP224r1,
    tables.BRAINPOOLP256r1,
    tables.BRAINPOOLP320r1,
    tables.BRAINPOOLP384r1,
    tables.BRAINPOOLP512r1,
    tables.BRAINPOOLP160t1,
    tables.BRAINPOOLP192t1,
    tables.BRAINPOOLP224t1,
    tables.BRAINPOOLP256t1,
    tables.BRAINPOOLP320t1,
    tables.BRAINPOOLP384t1,
    tables.BRAINPOOLP512t1,
)
_FAST: dict[str, ec.EllipticCurve] = {
    "secp224r1": ec.SECP224R1(),
    "secp256r1": ec.SECP256R1(),
    "secp384r1": ec.SECP384R1(),
    "secp521r1": ec.SECP521R1(),
    "brainpoolP256r1": ec.BrainpoolP256R1(),
    "brainpoolP384r1": ec.BrainpoolP384R1(),
    "brainpoolP512r1": ec.BrainpoolP512R1(),
}
"""Those the cryptography library computes; the rest goes to the ecdsa library."""


@dataclass(frozen=True)
class Parameters:
    """A curve over a prime field: y^2 = x^3 + ax + b modulo p, base point (x, y) of order n."""

    p: int
    a: int
    b: int
    x: int
    y: int
    n: int


@dataclass(frozen=True)
class Curve:
    """A curve of the table; `size` is the bytes of a coordinate, `order_size` those of r or s."""

    name: str
    oid: str
    size: int
    order_size: int
    parameters: Parameters

    @property
    def table(self) -> Table:
        """For the ecdsa library."""
        return _tables()[self.name]

    @property
    def fast(self) -> ec.EllipticCurve | None:
        """For the cryptography library, or None."""
        return _FAST.get(self.name)


def curve_of_oid(oid: str) -> Curve:
    """A named curve. Raises TrustError UNSUPPORTED."""
    for curve in standard_curves():
        if curve.oid == oid:
            return curve
    raise unsupported(f"curve {oid}")


def curve_of_parameters(parameters: Parameters) -> Curve:
    """The named curve that explicit parameters equal. Raises TrustError UNSUPPORTED."""
    for curve in standard_curves():
        if curve.parameters == parameters:
            return curve
    raise unsupported("explicit curve parameters that are in no standard")


@cache
def standard_curves() -> tuple[Curve, ...]:
    """All of them: NIST P-192 to P-521, Brainpool r1 and t1 from 160 to 512 bits."""
    return tuple(_curve(table) for table in _STANDARD)


@cache
def _tables() -> dict[str, Table]:
    return {_name(table): table for table in _STANDARD}


def _name(table: Table) -> str:
    return str(table.openssl_name).replace("prime192v1", "secp192r1").replace("prime256v1", "secp256r1")


def _curve(table: Table) -> Curve:
    field = table.curve
    p, n = int(field.p()), int(table.order)
    generator = table.generator
    return Curve(
        name=_name(table),
        oid=".".join(str(arc) for arc in table.oid),
        size=(p.bit_length() + 7) // 8,
        order_size=(n.bit_length() + 7) // 8,
        parameters=Parameters(p, int(field.a()) % p, int(field.b()) % p, int(generator.x()), int(generator.y()), n),
    )
