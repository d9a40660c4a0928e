"""SecurityInfos of DG14 and EF.CardSecurity, as far as verdicts need them (ICAO 9303-11 section 9.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from drivers.emrtd.lds import security_infos
from drivers.emrtd.lds.security_infos import ID_ACTIVE_AUTHENTICATION
from drivers.emrtd.lds.tlv import LdsError, decode_oid, parse_all
from services.trust.errors import malformed

CARD_SECURITY = "0.4.0.127.0.7.3.2.1"
"""Content type of EF.CardSecurity."""


@dataclass(frozen=True)
class ChipKey:
    """A ChipAuthenticationPublicKeyInfo: SubjectPublicKeyInfo as it stands, its key bits, and keyId or None."""

    info: bytes
    bits: bytes
    key_id: int | None

    def is_key(self, public_key: bytes) -> bool:
        """Whether `public_key`, given as SubjectPublicKeyInfo or as bare key, is this one."""
        return public_key in {self.info, self.bits}


@dataclass(frozen=True)
class SecurityInfos:
    """What was found; infos of other kinds are left out."""

    active_authentication_algorithm: str | None
    """Object identifier of the signature algorithm, for ECDSA."""
    chip_keys: tuple[ChipKey, ...]


def read_dg14(data: bytes) -> SecurityInfos:
    """Read EF.DG14. Raises TrustError MALFORMED."""
    return _read(data, security_infos.parse_dg14, "EF.DG14")


def read_security_infos(data: bytes) -> SecurityInfos:
    """Read a SET OF SecurityInfo. Raises TrustError MALFORMED."""
    return _read(data, security_infos.parse_security_infos, "SecurityInfos")


def _read(data: bytes, parse: Callable[[bytes], security_infos.SecurityInfos], what: str) -> SecurityInfos:
    try:
        infos = parse(data)
        named = [info for info in infos.entries if info.oid == ID_ACTIVE_AUTHENTICATION and info.optional is not None]
        algorithms = [decode_oid(info.optional.value) for info in named if info.optional and info.optional.tag == 0x06]
        keys = tuple(ChipKey(key.info, _bits(key.info), key.key_id) for key in infos.chip_keys)
    except LdsError as error:
        raise malformed(f"{what}: {error}") from None
    return SecurityInfos(algorithms[0] if algorithms else None, keys)


def _bits(info: bytes) -> bytes:
    """The key of a SubjectPublicKeyInfo without its count of unused bits."""
    outer = parse_all(info)
    inner = outer[0].children() if outer else ()
    return next((item.value[1:] for item in inner if item.tag == 0x03), b"")
