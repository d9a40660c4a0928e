"""Ciphers of secure messaging and PACE: two-key 3DES with retail MAC, and AES with CMAC (ICAO 9303-11 section 9.8)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

KEY_ENCRYPTION, KEY_MAC, KEY_PACE = 1, 2, 3
"""Counters of the key derivation function (section 9.7.1)."""


def pad(data: bytes, block: int) -> bytes:
    """Padding method 2 of ISO 9797-1."""
    return data + b"\x80" + b"\x00" * (block - 1 - len(data) % block)


def unpad(data: bytes) -> bytes:
    """Undo `pad`. ValueError when there is no padding."""
    end = data.rstrip(b"\x00")
    if not end or end[-1] != 0x80:
        raise ValueError("no padding")
    return end[:-1]


@dataclass(frozen=True)
class Suite:
    """A cipher with its key length."""

    name: str
    block: int
    key_bytes: int

    def derive(self, secret: bytes, counter: int) -> bytes:
        """KDF(secret, counter): SHA-1 for keys up to 128 bits, SHA-256 above; DES keys get odd parity."""
        hash_name = "sha1" if self.key_bytes == 16 else "sha256"
        key = hashlib.new(hash_name, secret + counter.to_bytes(4, "big")).digest()[: self.key_bytes]
        return _with_parity(key) if self is TDES else key

    def encrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        """CBC, data a multiple of the block."""
        worker = self._cipher(key, iv).encryptor()
        return worker.update(data) + worker.finalize()

    def decrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        """CBC, data a multiple of the block."""
        worker = self._cipher(key, iv).decryptor()
        return worker.update(data) + worker.finalize()

    def mac(self, key: bytes, data: bytes) -> bytes:
        """8 bytes over `data`: the retail MAC pads it first, CMAC takes it as it is."""
        if self is TDES:
            return _retail_mac(key, pad(data, 8))
        worker = CMAC(AES(key))
        worker.update(data)
        return worker.finalize()[:8]

    def _cipher(self, key: bytes, iv: bytes) -> Cipher[modes.CBC]:
        if self is TDES:
            return Cipher(TripleDES(key + key[:8]), modes.CBC(iv))
        return Cipher(AES(key), modes.CBC(iv))


TDES = Suite("3DES", 8, 16)
AES128 = Suite("AES-128", 16, 16)
AES192 = Suite("AES-192", 16, 24)
AES256 = Suite("AES-256", 16, 32)


def _with_parity(key: bytes) -> bytes:
    return bytes((byte & 0xFE) | (1 - (byte >> 1).bit_count() % 2) for byte in key)


def _retail_mac(key: bytes, padded: bytes) -> bytes:
    """ISO 9797-1 MAC algorithm 3: single DES but for the last block, which is triple."""
    single, triple = key[:8] * 3, key + key[:8]
    chain = bytes(8)
    if len(padded) > 8:
        worker = Cipher(TripleDES(single), modes.CBC(chain)).encryptor()
        chain = (worker.update(padded[:-8]) + worker.finalize())[-8:]
    last = Cipher(TripleDES(triple), modes.CBC(chain)).encryptor()
    return last.update(padded[-8:]) + last.finalize()
