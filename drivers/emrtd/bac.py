"""Basic access control (ICAO 9303-11 section 4.3): the keys of the machine readable zone open the chip."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable

from drivers.emrtd.apdu import Command
from drivers.emrtd.channel import Channel
from drivers.emrtd.crypto.suites import TRIPLE_DES, KeyUse
from drivers.emrtd.secure_messaging import SecureMessaging
from drivers.smartcard.connection import CardError, CardErrorReason

Random = Callable[[int], bytes]
_NO_IV = bytes(8)


def access_keys(mrz_information: str) -> tuple[bytes, bytes]:
    """KEnc and KMAC from MRZ_information (section 4.3.2, 9.7.2)."""
    seed = hashlib.sha1(mrz_information.encode(), usedforsecurity=False).digest()[:16]
    return TRIPLE_DES.derive(seed, KeyUse.ENCRYPT), TRIPLE_DES.derive(seed, KeyUse.MAC)


def authenticate(channel: Channel, mrz_information: str, random: Random = secrets.token_bytes) -> SecureMessaging:
    """Run the protocol in the selected application and return the session.

    Raises CardError: ACCESS_DENIED when the chip refuses the keys (or BAC altogether), PROTOCOL for nonsense.
    """
    key_encrypt, key_mac = access_keys(mrz_information)
    challenge = channel.transmit(Command(0x84, 0, 0, le=8))
    if not challenge.ok:
        raise CardError(CardErrorReason.ACCESS_DENIED, "no challenge", status_word=challenge.status)
    if len(challenge.data) != 8:
        raise CardError(CardErrorReason.PROTOCOL, "challenge is not 8 bytes")
    own, key_own = random(8), random(16)
    cryptogram = TRIPLE_DES.encrypt(key_encrypt, _NO_IV, own + challenge.data + key_own)
    answer = channel.transmit(Command(0x82, 0, 0, cryptogram + TRIPLE_DES.mac(key_mac, cryptogram), le=40))
    if not answer.ok:
        raise CardError(CardErrorReason.ACCESS_DENIED, "keys refused", status_word=answer.status)
    secret, checksum = answer.data[:32], answer.data[32:]
    if len(answer.data) != 40 or not hmac.compare_digest(checksum, TRIPLE_DES.mac(key_mac, secret)):
        raise CardError(CardErrorReason.PROTOCOL, "answer to mutual authentication is not authentic")
    plain = TRIPLE_DES.decrypt(key_encrypt, _NO_IV, secret)
    if not hmac.compare_digest(plain[:16], challenge.data + own):
        raise CardError(CardErrorReason.PROTOCOL, "answer to mutual authentication is for other challenges")
    seed = bytes(a ^ b for a, b in zip(key_own, plain[16:], strict=True))
    counter = int.from_bytes(challenge.data[4:] + own[4:], "big")
    return SecureMessaging(
        TRIPLE_DES, TRIPLE_DES.derive(seed, KeyUse.ENCRYPT), TRIPLE_DES.derive(seed, KeyUse.MAC), counter
    )
