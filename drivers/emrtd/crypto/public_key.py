"""Keys of chip authentication: group and public bytes of a SubjectPublicKeyInfo (ICAO 9303-11 section 9.1)."""

from __future__ import annotations

from drivers.emrtd.crypto.domain_parameters import group, known_curves
from drivers.emrtd.crypto.groups import CurveGroup, FieldGroup, Group
from drivers.emrtd.lds.tlv import LdsError, Tlv, decode_integer, decode_oid, parse_one

_STANDARDISED = "0.4.0.127.0.7.1.2"
_EC = "1.2.840.10045.2.1"
_DH_X942 = "1.2.840.10046.2.1"
_DH_PKCS3 = "1.2.840.113549.1.3.1"
_NAMED = {
    "1.2.840.10045.3.1.1": 8,
    "1.3.36.3.3.2.8.1.1.3": 9,
    "1.3.132.0.33": 10,
    "1.3.36.3.3.2.8.1.1.5": 11,
    "1.2.840.10045.3.1.7": 12,
    "1.3.36.3.3.2.8.1.1.7": 13,
    "1.3.36.3.3.2.8.1.1.9": 14,
    "1.3.132.0.34": 15,
    "1.3.36.3.3.2.8.1.1.11": 16,
    "1.3.36.3.3.2.8.1.1.13": 17,
    "1.3.132.0.35": 18,
}


def agreement_key(info: bytes) -> tuple[Group, bytes]:
    """Group and public key of a SubjectPublicKeyInfo. Raises LdsError, also for curves outside the fixed table.

    Explicit parameters count only when they equal a standardised curve (chip.md section 5, rule 7).
    """
    algorithm, bits = (parse_one(info, 0x30).child(tag) for tag in (0x30, 0x03))
    parts = algorithm.children()
    oid = decode_oid(algorithm.child(0x06).value)
    if len(parts) < 2 or bits.value[:1] != b"\x00":
        raise LdsError("key without parameters, or not a whole number of bytes")
    parameters, public = parts[1], bits.value[1:]
    if oid == _STANDARDISED:
        chosen = group(decode_integer(parameters.value))
        if chosen is None:
            raise LdsError("domain parameters are not standardised")
    elif oid == _EC:
        chosen = _curve(parameters)
    elif oid in (_DH_X942, _DH_PKCS3):
        chosen = _field(parameters, with_order=oid == _DH_X942)
    else:
        raise LdsError(f"no key for agreement: {oid}")
    if isinstance(chosen, FieldGroup):
        number = (
            decode_integer(parse_one(public, 0x02).value) if public[:1] == b"\x02" else int.from_bytes(public, "big")
        )
        public = number.to_bytes((chosen.modulus.bit_length() + 7) // 8 + 1, "big").lstrip(b"\x00")
    chosen.decode(public)
    return chosen, public


def _curve(parameters: Tlv) -> Group:
    if parameters.tag == 0x06:
        named = _NAMED.get(decode_oid(parameters.value))
        chosen = group(named) if named is not None else None
        if chosen is None:
            raise LdsError("curve is not in the table")
        return chosen
    parts = parameters.children()
    if len(parts) < 5:
        raise LdsError("explicit curve parameters are incomplete")
    prime = decode_integer(parts[1].child(0x02).value)
    coefficients = tuple(int.from_bytes(item.value, "big") for item in parts[2].children()[:2])
    order = decode_integer(parts[4].value)
    for known in known_curves():
        if isinstance(known, CurveGroup) and known.equals(prime, coefficients, parts[3].value, order):
            return known
    raise LdsError("explicit curve parameters are not those of a known curve")


def _field(parameters: Tlv, *, with_order: bool) -> Group:
    numbers = [decode_integer(item.value) for item in parameters.children() if item.tag == 0x02]
    if len(numbers) < 2 + with_order or not 1024 <= numbers[0].bit_length() <= 8192 or not numbers[0] & 1:
        raise LdsError("field parameters are incomplete or out of range")
    p, g = numbers[:2]
    if not 1 < g < p - 1:
        raise LdsError("generator is trivial")
    return FieldGroup(p, g, numbers[2] if with_order else None, f"DH-{p.bit_length()}")
