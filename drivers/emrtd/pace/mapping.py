"""The pseudo-random function of integrated mapping (ICAO 9303-11 section 4.4.3.3.2)."""

from __future__ import annotations

from drivers.emrtd.crypto.suites import Suite

_CONSTANTS = {
    16: (
        bytes.fromhex("a668892a7c41e3ca739f40b057d85904"),
        bytes.fromhex("a4e136ac725f738b01c1f60217c188ad"),
    ),
    32: (
        bytes.fromhex("d463d65234124ef7897054986dca0a174e28df758cbaa03f240616414d5a1676"),
        bytes.fromhex("54bd7255f0aaf831bec3423fcf39d69b6cbf066677d0faae5aadd99df8e53517"),
    ),
}
"""c0 and c1 by the length of the nonce in bytes."""


def nonce_length(key_length: int) -> int:
    """Bytes of the chip's nonce for integrated mapping: 16, and 32 for AES-192 and AES-256."""
    return 16 if key_length == 16 else 32


def pseudo_random(suite: Suite, nonce: bytes, terminal_nonce: bytes, modulus: int) -> tuple[bytes, int]:
    """R(s, t) and R(s, t) mod p; the terminal's nonce is as long as a key of the suite."""
    key_length = len(terminal_nonce)
    make_key, make_output = _CONSTANTS[len(nonce)]
    zero = bytes(suite.block)
    key = suite.encrypt(terminal_nonce, zero, nonce)[:key_length]
    output = b""
    while 8 * len(output) < modulus.bit_length() + 64:
        output += suite.encrypt(key, zero, make_output)
        key = suite.encrypt(key, zero, make_key)[:key_length]
    return output, int.from_bytes(output, "big") % modulus
