"""Secure messaging (ICAO 9303-11 section 9.8): wraps commands, opens responses, keeps the send sequence counter."""

from __future__ import annotations

import hmac

from drivers.emrtd.apdu import EXTENDED_MAX, SHORT_MAX, Command, Response
from drivers.emrtd.crypto.suites import Suite, pad, unpad
from drivers.emrtd.lds.tlv import LdsError, encode, iterate
from drivers.smartcard.connection import CardError, CardErrorReason

_SECURE = 0x0C
_STATUS_AND_MAC = 14
"""DO99 and DO8E at the end of each response."""


class SecureMessaging:
    """One session. Not for several threads."""

    def __init__(self, suite: Suite, key_encrypt: bytes, key_mac: bytes, counter: int = 0) -> None:
        self._suite = suite
        self._encrypt = key_encrypt
        self._mac = key_mac
        self._counter = counter

    @property
    def suite(self) -> Suite:
        """The cipher suite of the session."""
        return self._suite

    def largest_plain(self, response: int) -> int:
        """Bytes of data that fit into a protected response of `response` bytes."""
        header = 4 if response <= SHORT_MAX else 6
        padded = (response - _STATUS_AND_MAC - header) // self._suite.block * self._suite.block
        return max(padded - 1, 1)

    def wrap(self, command: Command) -> Command:
        """The protected form of a command; an odd INS carries data objects and takes DO85 (ISO/IEC 7816-4 10.3)."""
        counter = self._next()
        objects = b""
        if command.data:
            iv = self._suite.message_iv(self._encrypt, counter)
            secret = self._suite.encrypt(self._encrypt, iv, pad(command.data, self._suite.block))
            objects = encode(0x85, secret) if command.ins & 1 else encode(0x87, b"\x01" + secret)
        if command.le:
            size = 1 if command.le <= SHORT_MAX else 2
            objects += encode(0x97, (command.le % (1 << 8 * size)).to_bytes(size, "big"))
        header = bytes((command.cla | _SECURE, command.ins, command.p1, command.p2))
        body = objects + encode(0x8E, self._checksum(counter, pad(header, self._suite.block) + objects))
        long = command.le > SHORT_MAX or len(body) > 255
        le = EXTENDED_MAX if long else SHORT_MAX
        return Command(command.ins, command.p1, command.p2, body, le, command.cla | _SECURE)

    def unwrap(self, data: bytes, status: int) -> Response:
        """Check and open a response. A bare error status comes back unprotected.

        Raises CardError(PROTOCOL) if the checksum or the structure is wrong.
        """
        counter = self._next()
        if not data:
            if status == 0x9000:
                raise _broken("success without secure messaging")
            return Response(b"", status)
        secret, real_status, checksum, covered = _objects(data)
        if not hmac.compare_digest(checksum, self._checksum(counter, covered)):
            raise _broken("wrong checksum")
        if secret is None:
            return Response(b"", real_status, protected=True)
        if not secret or len(secret) % self._suite.block:
            raise _broken("cryptogram of a wrong length")
        iv = self._suite.message_iv(self._encrypt, counter)
        plain = unpad(self._suite.decrypt(self._encrypt, iv, secret))
        if plain is None:
            raise _broken("wrong padding")
        return Response(plain, real_status, protected=True)

    def _next(self) -> bytes:
        self._counter = (self._counter + 1) % (1 << 8 * self._suite.block)
        return self._counter.to_bytes(self._suite.block, "big")

    def _checksum(self, counter: bytes, data: bytes) -> bytes:
        message = counter + data
        # The retail MAC pads by itself; CMAC would not, but secure messaging pads in both cases (section 9.8.7.2).
        return self._suite.mac(self._mac, message if self._suite.block == 8 else pad(message, 16))


def _objects(data: bytes) -> tuple[bytes | None, int, bytes, bytes]:
    """Cryptogram, status word, checksum and the bytes that the checksum covers."""
    secret = status = checksum = None
    covered = b""
    try:
        for item in iterate(data):
            if checksum is not None:
                raise _broken("data objects behind the checksum")
            if item.tag == 0x8E:
                checksum = item.value
                continue
            covered += item.raw
            if item.tag == 0x87 and secret is None and item.value[:1] == b"\x01":
                secret = item.value[1:]
            elif item.tag == 0x85 and secret is None:
                secret = item.value
            elif item.tag == 0x99 and status is None and len(item.value) == 2:
                status = int.from_bytes(item.value, "big")
            else:
                raise _broken("unexpected data object")
    except LdsError as error:
        raise _broken(str(error)) from None
    if status is None or checksum is None or len(checksum) != 8:
        raise _broken("status or checksum is missing")
    return secret, status, checksum, covered


def _broken(detail: str) -> CardError:
    return CardError(CardErrorReason.PROTOCOL, f"secure messaging: {detail}")
