"""SecurityInfos of DG14, EF.CardAccess and EF.CardSecurity: which protocols the chip has (ICAO 9303-11 section 9.2)."""

from __future__ import annotations

from simulators.chip import der

ACTIVE_AUTHENTICATION = "2.23.136.1.1.5"
_ECDSA_PLAIN = "0.4.0.127.0.7.1.1.4.1"
_ECDSA_PLAIN_ARCS = {"sha1": 1, "sha224": 2, "sha256": 3, "sha384": 4, "sha512": 5}


def security_info(protocol: str, required: bytes, optional: bytes = b"") -> bytes:
    """SEQUENCE of protocol, required data and optional data."""
    return der.sequence(der.oid(protocol), required, optional)


def active_authentication_info(digest: str) -> bytes:
    """Which ECDSA the chip uses (section 9.2.4); RSA chips need none."""
    algorithm = f"{_ECDSA_PLAIN}.{_ECDSA_PLAIN_ARCS[digest]}"
    return security_info(ACTIVE_AUTHENTICATION, der.integer(1), der.oid(algorithm))
