"""Chip authentication version 1 (ICAO 9303-11 section 6.2) and the terminal's check of the chip authentication mapping.

Both only say which key the chip proved; whether that key is the issuer's is judged in `services.trust`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum

from drivers.emrtd.apdu import EXTENDED_MAX, SHORT_MAX, Command
from drivers.emrtd.channel import Channel
from drivers.emrtd.crypto.groups import Below, CurveGroup, Group, KeyPair, random_below
from drivers.emrtd.crypto.public_key import agreement_key
from drivers.emrtd.crypto.suites import AES_128, AES_192, AES_256, TRIPLE_DES, KeyUse, Suite
from drivers.emrtd.lds.security_infos import (
    ID_CHIP_AUTHENTICATION,
    ChipAuthenticationInfo,
    ChipAuthenticationKey,
    SecurityInfos,
    card_security_content,
)
from drivers.emrtd.lds.tlv import LdsError, encode, encode_integer, encode_oid
from drivers.emrtd.pace.choice import Choice
from drivers.emrtd.pace.protocol import PaceResult
from drivers.emrtd.reading import ChipAuthentication
from drivers.emrtd.secure_messaging import SecureMessaging
from drivers.smartcard.connection import CardError, CardErrorReason

_SUITES: dict[int, Suite] = {1: TRIPLE_DES, 2: AES_128, 3: AES_192, 4: AES_256}
_CONFIRMATION = Command(0xB0, 0x9E, 0, le=1)
"""One byte of EF.COM: only a chip with the new keys can answer."""


class ChipAuthenticationUse(Enum):
    """When to perform chip authentication."""

    WITHOUT_OTHER_PROOF = "without-other-proof"
    """Only where neither active authentication nor the mapping proved the chip: it costs commands."""
    ALWAYS = "always"


class ProofFailed(Exception):
    """The chip could not prove a key that its files offer. The session may be lost."""


@dataclass(frozen=True)
class ChipProof:
    """What was proven, and the ephemeral key that terminal authentication signs."""

    evidence: ChipAuthentication
    group: Group
    ephemeral: KeyPair

    @property
    def compressed(self) -> bytes:
        """Comp(PK) of TR-03110-3 section A.2.2.3."""
        return compressed(self.group, self.ephemeral.public)


def compressed(group: Group, public: bytes) -> bytes:
    """The x coordinate of a point; SHA-1 of a number."""
    if isinstance(group, CurveGroup):
        return public[1 : 1 + (len(public) - 1) // 2]
    return hashlib.sha1(public, usedforsecurity=False).digest()


def authenticate(channel: Channel, infos: SecurityInfos, below: Below = random_below) -> ChipProof | None:
    """Agree on new session keys with the static key of DG14; None if DG14 offers nothing that can be performed.

    Raises ProofFailed when the chip refuses or cannot use the keys, CardError when it is lost.
    """
    for key in infos.chip_keys:
        info = _info_for(key, infos.chip_authentication)
        try:
            group, public = agreement_key(key.info)
        except LdsError:
            continue
        suite = _SUITES.get(int(info.oid.rsplit(".", 1)[1]))
        if suite is None or info.version != 1:
            continue
        pair = group.generate(below)
        _send(channel, suite, info, key, pair)
        secret = group.secret(group.agree(pair.private, public))
        keys = suite.derive(secret, KeyUse.ENCRYPT), suite.derive(secret, KeyUse.MAC)
        channel.secure = SecureMessaging(suite, *keys)
        _confirm(channel)
        return ChipProof(ChipAuthentication(info.oid, key.key_id, key.info), group, pair)
    return None


def check_mapping(card_security: bytes, choice: Choice, result: PaceResult) -> ChipAuthentication | None:
    """Which static key of EF.CardSecurity the chip proved in PACE with chip authentication mapping.

    PKMap,IC = KA(CAIC, PKIC) (section 4.4.3.5.2). None if no key fits; raises LdsError for a broken file.
    """
    if not result.chip_data:
        return None
    scalar = int.from_bytes(result.chip_data, "big") % choice.group.order
    for key in card_security_content(card_security).chip_keys:
        try:
            group, public = agreement_key(key.info)
            fits = group.name == choice.group.name and group.agree(scalar, public) == group.decode(result.mapping_key)
        except LdsError:
            continue
        if fits:
            return ChipAuthentication(choice.info.oid, key.key_id, key.info, mapping=True)
    return None


def _info_for(key: ChipAuthenticationKey, infos: tuple[ChipAuthenticationInfo, ...]) -> ChipAuthenticationInfo:
    """The cipher suite for this key, by its identifier; documents of the first generation say nothing: 3DES."""
    agreement = key.oid.rsplit(".", 1)[1]
    fitting = [info for info in infos if info.oid.startswith(f"{ID_CHIP_AUTHENTICATION}.{agreement}.")]
    for info in fitting:
        if info.key_id == key.key_id:
            return info
    return fitting[0] if fitting else ChipAuthenticationInfo(f"{ID_CHIP_AUTHENTICATION}.{agreement}.1", 1, None)


def _send(
    channel: Channel, suite: Suite, info: ChipAuthenticationInfo, key: ChipAuthenticationKey, pair: KeyPair
) -> None:
    """MSE:Set KAT for 3DES, MSE:Set AT and GENERAL AUTHENTICATE for AES (section 6.2.4)."""
    reference = b"" if key.key_id is None else encode(0x84, encode_integer(key.key_id))
    if suite is TRIPLE_DES:
        _must(channel, Command(0x22, 0x41, 0xA6, encode(0x91, pair.public) + reference))
        return
    _must(channel, Command(0x22, 0x41, 0xA4, encode(0x80, encode_oid(info.oid)) + reference))
    data = encode(0x7C, encode(0x80, pair.public))
    _must(channel, Command(0x86, 0, 0, data, EXTENDED_MAX if len(data) > 255 else SHORT_MAX))


def _must(channel: Channel, command: Command) -> None:
    response = channel.transmit(command)
    if not response.ok:
        raise ProofFailed(f"the chip refuses: {response.status:04X}")


def _confirm(channel: Channel) -> None:
    """The first answer under the new keys."""
    try:
        response = channel.transmit(_CONFIRMATION)
    except CardError as error:
        if error.reason is not CardErrorReason.PROTOCOL:
            raise
        raise ProofFailed("the chip does not have the private key") from None
    if not response.protected:
        raise ProofFailed(f"the chip does not have the private key: {response.status:04X}")
