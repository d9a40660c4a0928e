"""SecurityInfos of EF.CardAccess, DG14 and EF.CardSecurity (ICAO 9303-11 section 9.2). Unknown ones are kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drivers.emrtd.lds.tlv import LdsError, Tlv, decode_integer, decode_oid, parse_one

ID_PACE = "0.4.0.127.0.7.2.2.4"
ID_CHIP_AUTHENTICATION = "0.4.0.127.0.7.2.2.3"
ID_PUBLIC_KEY = "0.4.0.127.0.7.2.2.1"
ID_TERMINAL_AUTHENTICATION = "0.4.0.127.0.7.2.2.2"
ID_ACTIVE_AUTHENTICATION = "2.23.136.1.1.5"
_MAX_INFOS = 64


@dataclass(frozen=True)
class SecurityInfo:
    """One entry: protocol, its required data and, if there is some, its optional data as data objects."""

    oid: str
    required: Tlv
    optional: Tlv | None


@dataclass(frozen=True)
class PaceInfo:
    """PACEInfo: `parameter_id` names standardised domain parameters, or None."""

    oid: str
    version: int
    parameter_id: int | None


@dataclass(frozen=True)
class ChipAuthenticationInfo:
    """Which cipher suite chip authentication uses with which key."""

    oid: str
    version: int
    key_id: int | None


@dataclass(frozen=True)
class ChipAuthenticationKey:
    """ChipAuthenticationPublicKeyInfo: `info` is the DER of SubjectPublicKeyInfo as it stands in the file."""

    oid: str
    info: bytes
    key_id: int | None


@dataclass(frozen=True)
class TerminalAuthenticationInfo:
    """TerminalAuthenticationInfo: where EF.CVCA is, None for its default place (0x011C, short 0x1C)."""

    version: int
    cvca_file: int | None
    cvca_short: int | None


@dataclass(frozen=True)
class SecurityInfos:
    """All entries, and those that are known by their type."""

    entries: tuple[SecurityInfo, ...]

    @property
    def pace(self) -> tuple[PaceInfo, ...]:
        """PACEInfos in the order of the file; domain parameter infos are no PACEInfos."""
        chosen = (info for info in self._under(ID_PACE) if info.oid.count(".") == ID_PACE.count(".") + 2)
        return tuple(PaceInfo(info.oid, _integer(info.required), _optional_integer(info)) for info in chosen)

    @property
    def chip_authentication(self) -> tuple[ChipAuthenticationInfo, ...]:
        """ChipAuthenticationInfos."""
        chosen = self._under(ID_CHIP_AUTHENTICATION)
        return tuple(
            ChipAuthenticationInfo(info.oid, _integer(info.required), _optional_integer(info))
            for info in chosen
            if info.oid.count(".") == ID_CHIP_AUTHENTICATION.count(".") + 2
        )

    @property
    def chip_keys(self) -> tuple[ChipAuthenticationKey, ...]:
        """ChipAuthenticationPublicKeyInfos."""
        return tuple(
            ChipAuthenticationKey(info.oid, info.required.raw, _optional_integer(info))
            for info in self._under(ID_PUBLIC_KEY)
        )

    @property
    def terminal_authentication(self) -> TerminalAuthenticationInfo | None:
        """TerminalAuthenticationInfo, or None."""
        for info in self._under(ID_TERMINAL_AUTHENTICATION):
            parts = info.optional.children() if info.optional is not None and info.optional.tag == 0x30 else ()
            numbers = [int.from_bytes(part.value, "big") for part in parts if part.tag == 0x04]
            return TerminalAuthenticationInfo(
                _integer(info.required), numbers[0] if numbers else None, numbers[1] if len(numbers) > 1 else None
            )
        return None

    def _under(self, prefix: str) -> Iterable[SecurityInfo]:
        return (info for info in self.entries if info.oid == prefix or info.oid.startswith(prefix + "."))


def parse_security_infos(data: bytes) -> SecurityInfos:
    """Read a SET OF SecurityInfo (EF.CardAccess, the content of DG14). Raises LdsError."""
    items = parse_one(data, 0x31).children()
    if len(items) > _MAX_INFOS:
        raise LdsError("too many SecurityInfos")
    return SecurityInfos(tuple(_entry(item) for item in items))


def parse_dg14(data: bytes) -> SecurityInfos:
    """Read EF.DG14 (`6E L 31 L …`). Raises LdsError."""
    return parse_security_infos(parse_one(data, 0x6E).value)


def card_security_content(data: bytes) -> SecurityInfos:
    """The SecurityInfos inside EF.CardSecurity (CMS SignedData); its signature is judged elsewhere. Raises LdsError."""
    signed = parse_one(data, 0x30).child(0xA0).child(0x30)
    content = signed.child(0x30).child(0xA0).child(0x04)
    return parse_security_infos(content.value)


def _entry(item: Tlv) -> SecurityInfo:
    if item.tag != 0x30:
        raise LdsError("SecurityInfo is not a sequence")
    parts = item.children()
    if len(parts) < 2 or parts[0].tag != 0x06:
        raise LdsError("SecurityInfo without protocol or data")
    return SecurityInfo(decode_oid(parts[0].value), parts[1], parts[2] if len(parts) > 2 else None)


def _integer(item: Tlv) -> int:
    if item.tag != 0x02 or len(item.value) > 8:
        raise LdsError("not a small integer")
    return decode_integer(item.value)


def _optional_integer(info: SecurityInfo) -> int | None:
    return None if info.optional is None or info.optional.tag != 0x02 else _integer(info.optional)
