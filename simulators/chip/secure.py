"""Secure messaging from the card's side (ICAO 9303-11 section 9.8): opens commands, protects answers."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace

from simulators.chip import der
from simulators.chip.apdu import Command, Refusal, Status
from simulators.chip.suites import KEY_ENCRYPTION, KEY_MAC, TDES, Suite, pad, unpad

_CRYPTOGRAM, _CRYPTOGRAM_ODD, _LE, _STATUS, _MAC = 0x87, 0x85, 0x97, 0x99, 0x8E


@dataclass
class SecureChannel:
    """Session keys and the send sequence counter."""

    suite: Suite
    key_encryption: bytes
    key_mac: bytes
    counter: int = 0

    @classmethod
    def from_secret(cls, suite: Suite, secret: bytes, counter: int = 0) -> SecureChannel:
        """Keys derived from a shared secret (section 9.7.4)."""
        return cls(suite, suite.derive(secret, KEY_ENCRYPTION), suite.derive(secret, KEY_MAC), counter)

    def open(self, command: Command) -> Command:
        """The command inside. Refusal 6987 or 6988 when an object is missing or wrong."""
        self._step()
        try:
            objects = list(der.items(command.data))
        except ValueError as error:
            raise Refusal(Status.SM_OBJECT_WRONG) from error
        found = dict(objects)
        if len(found) != len(objects) or not found.keys() <= {_CRYPTOGRAM, _CRYPTOGRAM_ODD, _LE, _MAC}:
            raise Refusal(Status.SM_OBJECT_WRONG)
        if _MAC not in found or objects[-1][0] != _MAC:
            raise Refusal(Status.SM_OBJECT_MISSING)
        protected = b"".join(der.tlv(tag, value) for tag, value in objects[:-1])
        header = pad(command.header, self.suite.block)
        if not hmac.compare_digest(self._mac(header, protected), found[_MAC]):
            raise Refusal(Status.SM_OBJECT_WRONG)
        plain = self._open_data(command, found)
        return replace(command, cla=command.cla & 0xF0, data=plain, ne=_expected(found.get(_LE)))

    def protect(self, command: Command, data: bytes, status: int) -> bytes:
        """Answer data and status as data objects, without the outer status word."""
        self._step()
        body = b""
        if data:
            cryptogram = self.suite.encrypt(self.key_encryption, self._iv(), pad(data, self.suite.block))
            odd = command.ins & 1
            body = der.tlv(_CRYPTOGRAM_ODD, cryptogram) if odd else der.tlv(_CRYPTOGRAM, b"\x01", cryptogram)
        body += der.tlv(_STATUS, status.to_bytes(2, "big"))
        return body + der.tlv(_MAC, self._mac(b"", body))

    def room(self, limit: int, odd: bool) -> int:
        """Bytes of plain data whose protected form takes at most `limit` bytes."""
        fixed = 4 + 10
        for header in (2, 3, 4, 5):
            cryptogram = (limit - fixed - header - (0 if odd else 1)) // self.suite.block * self.suite.block
            whole = cryptogram + (0 if odd else 1)
            if cryptogram <= 0:
                return 0
            if 1 + len(der.length(whole)) <= header:
                return cryptogram - 1
        return 0

    def _open_data(self, command: Command, found: dict[int, bytes]) -> bytes:
        tag = _CRYPTOGRAM_ODD if command.ins & 1 else _CRYPTOGRAM
        other = _CRYPTOGRAM if command.ins & 1 else _CRYPTOGRAM_ODD
        if other in found:
            raise Refusal(Status.SM_OBJECT_WRONG)
        if tag not in found:
            return b""
        cryptogram = found[tag]
        if tag == _CRYPTOGRAM:
            if cryptogram[:1] != b"\x01":
                raise Refusal(Status.SM_OBJECT_WRONG)
            cryptogram = cryptogram[1:]
        if not cryptogram or len(cryptogram) % self.suite.block:
            raise Refusal(Status.SM_OBJECT_WRONG)
        try:
            return unpad(self.suite.decrypt(self.key_encryption, self._iv(), cryptogram))
        except ValueError as error:
            raise Refusal(Status.SM_OBJECT_WRONG) from error

    def _step(self) -> None:
        self.counter = (self.counter + 1) % (1 << 8 * self.suite.block)

    def _sequence(self) -> bytes:
        return self.counter.to_bytes(self.suite.block, "big")

    def _iv(self) -> bytes:
        if self.suite is TDES:
            return bytes(8)
        return self.suite.encrypt(self.key_encryption, bytes(16), self._sequence())

    def _mac(self, header: bytes, objects: bytes) -> bytes:
        message = self._sequence() + header + objects
        return self.suite.mac(self.key_mac, message if self.suite is TDES else pad(message, 16))


def _expected(le: bytes | None) -> int:
    if le is None:
        return 0
    if len(le) not in (1, 2):
        raise Refusal(Status.SM_OBJECT_WRONG)
    return int.from_bytes(le, "big") or (256 if len(le) == 1 else 65536)
