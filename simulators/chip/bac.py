"""Basic access control from the card's side (ICAO 9303-11 section 4.3)."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from simulators.chip.apdu import Refusal, Status
from simulators.chip.secure import SecureChannel
from simulators.chip.suites import KEY_ENCRYPTION, KEY_MAC, TDES


def document_keys(mrz_information: str) -> tuple[bytes, bytes]:
    """(KEnc, KMAC) of the document (section 9.7.2)."""
    seed = hashlib.sha1(mrz_information.encode("ascii")).digest()[:16]  # noqa: S324  the standard's choice
    return TDES.derive(seed, KEY_ENCRYPTION), TDES.derive(seed, KEY_MAC)


def mutual_authenticate(
    keys: tuple[bytes, bytes], challenge: bytes, data: bytes, card_key: bytes | None = None
) -> tuple[bytes, SecureChannel]:
    """Answer to EXTERNAL AUTHENTICATE and the session. Refusal 6300 when the terminal has other keys.

    `challenge` is RND.IC, `data` E.IFD and M.IFD; `card_key` fixes K.IC for worked examples.
    """
    encryption, mac = keys
    if len(data) != 40:
        raise Refusal(Status.WRONG_LENGTH)
    cryptogram, checksum = data[:32], data[32:]
    if not hmac.compare_digest(TDES.mac(mac, cryptogram), checksum):
        raise Refusal(Status.WRONG_PASSWORD)
    opened = TDES.decrypt(encryption, bytes(8), cryptogram)
    terminal_challenge, echoed, terminal_key = opened[:8], opened[8:16], opened[16:]
    if echoed != challenge:
        raise Refusal(Status.WRONG_PASSWORD)
    card_key = card_key or secrets.token_bytes(16)
    answer = TDES.encrypt(encryption, bytes(8), challenge + terminal_challenge + card_key)
    seed = bytes(a ^ b for a, b in zip(terminal_key, card_key, strict=True))
    counter = int.from_bytes(challenge[4:] + terminal_challenge[4:], "big")
    return answer + TDES.mac(mac, answer), SecureChannel.from_secret(TDES, seed, counter)
