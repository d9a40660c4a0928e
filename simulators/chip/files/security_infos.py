"""SecurityInfos of DG14, EF.CardAccess and EF.CardSecurity: which protocols the chip has (ICAO 9303-11 section 9.2)."""

from __future__ import annotations

from simulators.chip import der

ACTIVE_AUTHENTICATION = "2.23.136.1.1.5"
_PUBLIC_KEY = "0.4.0.127.0.7.2.2.1"
_TERMINAL_AUTHENTICATION = "0.4.0.127.0.7.2.2.2"
_STANDARDISED = "0.4.0.127.0.7.1.2"
_DH_PUBLIC_NUMBER = "1.2.840.10046.2.1"
_ECDSA_PLAIN = "0.4.0.127.0.7.1.1.4.1"
_ECDSA_PLAIN_ARCS = {"sha1": 1, "sha224": 2, "sha256": 3, "sha384": 4, "sha512": 5}


def security_info(protocol: str, required: bytes, optional: bytes = b"") -> bytes:
    """SEQUENCE of protocol, required data and optional data."""
    return der.sequence(der.oid(protocol), required, optional)


def active_authentication_info(digest: str) -> bytes:
    """Which ECDSA the chip uses (section 9.2.4); RSA chips need none."""
    algorithm = f"{_ECDSA_PLAIN}.{_ECDSA_PLAIN_ARCS[digest]}"
    return security_info(ACTIVE_AUTHENTICATION, der.integer(1), der.oid(algorithm))


def chip_authentication_info(protocol: str, key_id: int | None) -> bytes:
    """One protocol of chip authentication (section 9.2.6)."""
    return security_info(protocol, der.integer(1), b"" if key_id is None else der.integer(key_id))


def chip_public_key_info(agreement: str, public_key_info: bytes, key_id: int | None) -> bytes:
    """A static public key (section 9.2.7); `agreement` is DH or ECDH."""
    protocol = f"{_PUBLIC_KEY}.{2 if agreement == 'ECDH' else 1}"
    return security_info(protocol, public_key_info, b"" if key_id is None else der.integer(key_id))


def terminal_authentication_info() -> bytes:
    """Version 1 (section 9.2.8)."""
    return security_info(_TERMINAL_AUTHENTICATION, der.integer(1))


def standardised_point_info(parameters: int, point: bytes) -> bytes:
    """SubjectPublicKeyInfo that names standardised parameters by number (section 9.2.9)."""
    return der.sequence(der.sequence(der.oid(_STANDARDISED), der.integer(parameters)), der.bits(point))


def integer_public_info(prime: int, generator: int, order: int, public: bytes) -> bytes:
    """SubjectPublicKeyInfo of a Diffie-Hellman key (RFC 3279 section 2.3.3)."""
    domain = der.sequence(der.integer(prime), der.integer(generator), der.integer(order))
    value = der.integer(int.from_bytes(public, "big"))
    return der.sequence(der.sequence(der.oid(_DH_PUBLIC_NUMBER), domain), der.bits(value))
