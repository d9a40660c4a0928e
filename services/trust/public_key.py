"""Public keys of certificates and chips, and the one place where a signature is verified."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from asn1crypto.keys import PublicKeyInfo
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from ecdsa import BadSignatureError, VerifyingKey
from ecdsa.errors import MalformedPointError
from ecdsa.util import MalformedSignature, sigdecode_string

from services.trust.algorithms import EC_PUBLIC_KEY, RSA_ENCRYPTION, RSA_PSS, Scheme, SignatureAlgorithm
from services.trust.curves import Curve, Parameters, curve_of_oid, curve_of_parameters, standard_curves
from services.trust.errors import malformed, parsing, unsupported

MIN_RSA_BITS = 1024
MAX_RSA_BITS = 8192
MAX_EXPONENT_BITS = 64
"""Bounds the time of one verification."""


@dataclass(frozen=True)
class RsaKey:
    """Modulus and exponent."""

    n: int
    e: int

    @property
    def size(self) -> int:
        """Bytes of the modulus."""
        return (self.n.bit_length() + 7) // 8

    def __str__(self) -> str:
        return f"RSA {self.n.bit_length()}"


@dataclass(frozen=True)
class EcKey:
    """A point of a known curve, uncompressed without its leading 04, checked to lie on the curve."""

    curve: Curve
    point: bytes

    def __str__(self) -> str:
        return f"EC {self.curve.name}"


PublicKey = RsaKey | EcKey


def read_public_key(spki: bytes) -> PublicKey:
    """Read a SubjectPublicKeyInfo. Raises TrustError MALFORMED or UNSUPPORTED."""
    with parsing("public key"):
        info: Any = PublicKeyInfo.load(spki, strict=True)
        oid: str = info["algorithm"]["algorithm"].dotted
        if oid in {RSA_ENCRYPTION, RSA_PSS}:
            numbers: Any = info["public_key"].parsed
            return _rsa(int(numbers["modulus"]), int(numbers["public_exponent"]))
        if oid == EC_PUBLIC_KEY:
            curve = _curve(info["algorithm"]["parameters"])
            return _ec(curve, bytes(info["public_key"].native))
    raise unsupported(f"key algorithm {oid}")


def verify(key: PublicKey, algorithm: SignatureAlgorithm, signature: bytes, data: bytes) -> bool:
    """Whether `signature` over `data` holds. Raises TrustError UNSUPPORTED when key and algorithm do not fit."""
    return verify_digest(key, algorithm, signature, algorithm.hash.digest(data))


@functools.lru_cache(maxsize=512)
def _remembered(key: PublicKey, algorithm: SignatureAlgorithm, signature: bytes, digest: bytes) -> bool:
    return verify_digest(key, algorithm, signature, digest)


def verify_once(key: PublicKey, algorithm: SignatureAlgorithm, signature: bytes, data: bytes) -> bool:
    """`verify` for what is met again and again (signers, revocation lists): equal questions have equal answers."""
    return _remembered(key, algorithm, signature, algorithm.hash.digest(data))


def verify_digest(key: PublicKey, algorithm: SignatureAlgorithm, signature: bytes, digest: bytes) -> bool:
    """The same over a digest that is already there."""
    wants_rsa = algorithm.scheme in {Scheme.RSA_PKCS1, Scheme.RSA_PSS}
    if isinstance(key, RsaKey) is not wants_rsa:
        raise unsupported(f"{algorithm} with a key of {key}")
    if isinstance(key, RsaKey):
        return _verify_rsa(key, algorithm, signature, digest)
    return _verify_ec(key, algorithm, signature, digest)


def _rsa(n: int, e: int) -> RsaKey:
    if n < 0 or e < 0:
        raise malformed("RSA key with a negative number")
    if not MIN_RSA_BITS <= n.bit_length() <= MAX_RSA_BITS:
        raise unsupported(f"RSA key of {n.bit_length()} bits")
    if e < 3 or e.bit_length() > MAX_EXPONENT_BITS or not e & 1 or not n & 1:
        raise malformed("RSA key with an impossible exponent or modulus")
    return RsaKey(n, e)


def _curve(parameters: Any) -> Curve:
    if parameters.name == "named":
        return curve_of_oid(parameters.chosen.dotted)
    if parameters.name != "specified":
        raise unsupported("curve parameters inherited from another certificate")
    domain = parameters.chosen
    if domain["field_id"]["field_type"].native != "prime_field":
        raise unsupported("curve over a binary field")
    p = int(domain["field_id"]["parameters"])
    if not 0 < p.bit_length() <= 521:
        raise unsupported("curve over a field of unusual size")
    a = int.from_bytes(domain["curve"]["a"].native, "big")
    b = int.from_bytes(domain["curve"]["b"].native, "big")
    x, y = _base(bytes(domain["base"].native), (p.bit_length() + 7) // 8)
    cofactor = domain["cofactor"].native
    if cofactor not in {None, 1}:
        raise unsupported("curve with a cofactor")
    n = int(domain["order"])
    return curve_of_parameters(Parameters(p, a, b, x, _known_y(p, a, b, x, y, n), n))


def _base(point: bytes, size: int) -> tuple[int, int | None]:
    """Coordinates of a base point; y is None when the point is compressed."""
    if len(point) == 1 + 2 * size and point[0] in {4, 6, 7}:
        return int.from_bytes(point[1 : 1 + size], "big"), int.from_bytes(point[1 + size :], "big")
    if len(point) == 1 + size and point[0] in {2, 3}:
        return int.from_bytes(point[1:], "big"), None
    raise malformed("base point of a curve")


def _known_y(p: int, a: int, b: int, x: int, y: int | None, n: int) -> int:
    """y of a compressed base point: that of the standard curve all of whose other parameters are equal."""
    if y is not None:
        return y
    for curve in standard_curves():
        known = curve.parameters
        if (known.p, known.a, known.b, known.x, known.n) == (p, a, b, x, n):
            return known.y
    raise unsupported("explicit curve parameters that are in no standard")


def _ec(curve: Curve, point: bytes) -> EcKey:
    try:
        key = VerifyingKey.from_string(
            point, curve=curve.table, valid_encodings=("uncompressed", "compressed", "hybrid")
        )
    except (MalformedPointError, AssertionError, ValueError, ArithmeticError):
        raise malformed("point that is not on its curve") from None
    return EcKey(curve, bytes(key.to_string("raw")))


def _verify_rsa(key: RsaKey, algorithm: SignatureAlgorithm, signature: bytes, digest: bytes) -> bool:
    hashed = utils.Prehashed(algorithm.hash.primitive)
    if algorithm.scheme is Scheme.RSA_PSS:
        mask = padding.MGF1((algorithm.mask_hash or algorithm.hash).primitive)
        how: padding.AsymmetricPadding = padding.PSS(mask, algorithm.salt)
    else:
        how = padding.PKCS1v15()
    try:
        rsa.RSAPublicNumbers(key.e, key.n).public_key().verify(signature, digest, how, hashed)
    except InvalidSignature:
        return False
    except (ValueError, UnsupportedAlgorithm):
        raise unsupported(f"{algorithm} with a key of {key}") from None
    return True


def _verify_ec(key: EcKey, algorithm: SignatureAlgorithm, signature: bytes, digest: bytes) -> bool:
    size = key.curve.order_size
    if algorithm.scheme is Scheme.ECDSA_PLAIN:
        if len(signature) != 2 * size:
            return False
        r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
    else:
        try:
            r, s = utils.decode_dss_signature(signature)
        except ValueError:
            return False
    if not (0 < r < key.curve.parameters.n and 0 < s < key.curve.parameters.n):
        return False
    if key.curve.fast is not None:
        return _verify_fast(key, algorithm, r, s, digest)
    try:
        point = VerifyingKey.from_string(key.point, curve=key.curve.table, validate_point=False)
        plain = r.to_bytes(size, "big") + s.to_bytes(size, "big")
        return bool(point.verify_digest(plain, digest, sigdecode=sigdecode_string, allow_truncate=True))
    except (BadSignatureError, MalformedSignature):
        return False


def _verify_fast(key: EcKey, algorithm: SignatureAlgorithm, r: int, s: int, digest: bytes) -> bool:
    if key.curve.fast is None:
        raise unsupported(f"curve {key.curve.name}")
    hashed = utils.Prehashed(algorithm.hash.primitive)
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(key.curve.fast, b"\x04" + key.point)
        public.verify(utils.encode_dss_signature(r, s), digest, ec.ECDSA(hashed))
    except InvalidSignature:
        return False
    except (ValueError, UnsupportedAlgorithm):
        raise unsupported(f"{algorithm} with a key of {key}") from None
    return True
