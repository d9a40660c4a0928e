"""SecurityInfos of DG14 and EF.CardSecurity, as far as verdicts need them (ICAO 9303-11 section 9.2)."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.emrtd.lds.tlv import LdsError, Tlv, decode_integer, decode_oid, parse_all, parse_one
from services.trust.errors import malformed

CARD_SECURITY = "0.4.0.127.0.7.3.2.1"
"""Content type of EF.CardSecurity."""
_ACTIVE_AUTHENTICATION = "2.23.136.1.1.5"
_CHIP_KEYS = {"0.4.0.127.0.7.2.2.1.1", "0.4.0.127.0.7.2.2.1.2"}


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
    """Read EF.DG14 (`6E L` around the set). Raises TrustError MALFORMED."""
    try:
        return read_security_infos(parse_one(data, 0x6E).value)
    except LdsError as error:
        raise malformed(f"EF.DG14: {error}") from None


def read_security_infos(data: bytes) -> SecurityInfos:
    """Read a SET OF SecurityInfo. Raises TrustError MALFORMED."""
    algorithm: str | None = None
    keys: list[ChipKey] = []
    try:
        for info in parse_one(data, 0x31).children():
            parts = info.children()
            oid = decode_oid(parts[0].value) if parts and parts[0].tag == 0x06 else ""
            if oid == _ACTIVE_AUTHENTICATION and len(parts) >= 3:
                algorithm = algorithm or decode_oid(parts[2].value)
            elif oid in _CHIP_KEYS and len(parts) >= 2:
                keys.append(_chip_key(parts))
    except LdsError as error:
        raise malformed(f"SecurityInfos: {error}") from None
    return SecurityInfos(algorithm, tuple(keys))


def _chip_key(parts: tuple[Tlv, ...]) -> ChipKey:
    info = parts[1]
    inner = parse_all(info.value)
    bits = next((item.value[1:] for item in inner if item.tag == 0x03), b"")
    key_id = decode_integer(parts[2].value) if len(parts) > 2 and parts[2].tag == 0x02 else None
    return ChipKey(info.raw, bits, key_id)
