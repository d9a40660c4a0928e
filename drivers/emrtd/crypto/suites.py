"""The four cipher suites of secure messaging and PACE: 3DES with retail MAC, AES-128, -192, -256 with CMAC.

ICAO 9303-11 section 9.7 (key derivation), 9.8.6 and 9.8.7 (modes). IVs are explicit; padding is method 2 of
ISO/IEC 9797-1.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from enum import IntEnum

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC


class KeyUse(IntEnum):
    """The counter of the key derivation function."""

    ENCRYPT = 1
    MAC = 2
    PACE = 3


def pad(data: bytes, block: int) -> bytes:
    """Append 80 and zeros to a multiple of `block` bytes."""
    return data + b"\x80" + bytes(-(len(data) + 1) % block)


def unpad(data: bytes) -> bytes | None:
    """Remove such padding; None if there is none."""
    stripped = data.rstrip(b"\x00")
    return stripped[:-1] if stripped.endswith(b"\x80") else None


class Suite(ABC):
    """One cipher suite. Keys are as `derive` gives them."""

    name: str
    block: int
    """Block size in bytes; also the size of the send sequence counter."""

    @abstractmethod
    def derive(self, secret: bytes, use: KeyUse) -> bytes:
        """KDF of section 9.7.1 with the suite's hash and key length."""

    @abstractmethod
    def encrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        """CBC without padding."""

    @abstractmethod
    def decrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        """CBC without padding."""

    @abstractmethod
    def mac(self, key: bytes, data: bytes) -> bytes:
        """8-byte checksum over data of any length, padded here where the method needs it."""

    @abstractmethod
    def message_iv(self, key: bytes, counter: bytes) -> bytes:
        """IV of secure messaging for this value of the send sequence counter."""


class TripleDesSuite(Suite):
    """3DES with two keys and the retail MAC (ISO/IEC 9797-1 algorithm 3)."""

    name = "3DES-CBC-CBC"
    block = 8

    def derive(self, secret: bytes, use: KeyUse) -> bytes:
        """16 bytes with odd parity, as section 9.7.2 prints them."""
        digest = hashlib.sha1(secret + use.to_bytes(4, "big"), usedforsecurity=False).digest()
        return bytes(byte & 0xFE | ~(byte >> 1).bit_count() & 1 for byte in digest[:16])

    def encrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        """CBC with K1, K2, K1."""
        return Cipher(TripleDES(key + key[:8]), modes.CBC(iv)).encryptor().update(data)

    def decrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        """CBC with K1, K2, K1."""
        return Cipher(TripleDES(key + key[:8]), modes.CBC(iv)).decryptor().update(data)

    def mac(self, key: bytes, data: bytes) -> bytes:
        """Single DES chaining with K1, K2 and K1 again on the last block; three equal keys make a single DES."""
        padded = pad(data, 8)
        single = TripleDES(key[:8] * 3)
        chained = Cipher(single, modes.CBC(bytes(8))).encryptor().update(padded[:-8])[-8:] or bytes(8)
        return self.encrypt(key, chained, padded[-8:])

    def message_iv(self, key: bytes, counter: bytes) -> bytes:
        """Always zero."""
        return bytes(8)


class AesSuite(Suite):
    """AES-CBC with CMAC, key length in bits 128, 192 or 256."""

    block = 16

    def __init__(self, bits: int) -> None:
        self.name = f"AES-CBC-CMAC-{bits}"
        self._length = bits // 8

    def derive(self, secret: bytes, use: KeyUse) -> bytes:
        """SHA-1 for 128 bits, SHA-256 above (section 9.7.1.2)."""
        seed = secret + use.to_bytes(4, "big")
        if self._length == 16:
            return hashlib.sha1(seed, usedforsecurity=False).digest()[:16]
        return hashlib.sha256(seed).digest()[: self._length]

    def encrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        """CBC."""
        return Cipher(AES(key), modes.CBC(iv)).encryptor().update(data)

    def decrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        """CBC."""
        return Cipher(AES(key), modes.CBC(iv)).decryptor().update(data)

    def mac(self, key: bytes, data: bytes) -> bytes:
        """CMAC cut to 8 bytes; secure messaging pads before (section 9.8.7.2), tokens do not."""
        cmac = CMAC(AES(key))
        cmac.update(data)
        return cmac.finalize()[:8]

    def message_iv(self, key: bytes, counter: bytes) -> bytes:
        """The encrypted counter."""
        return Cipher(AES(key), modes.ECB()).encryptor().update(counter)  # noqa: S305 one block: the standard's IV


TRIPLE_DES = TripleDesSuite()
AES_128 = AesSuite(128)
AES_192 = AesSuite(192)
AES_256 = AesSuite(256)
