"""Command APDUs in short and extended form (ISO/IEC 7816-4 section 5.2) and the status words that matter here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

SHORT_MAX = 256
EXTENDED_MAX = 65536


class Status(IntEnum):
    """Status words named by ISO/IEC 7816-4 table 6; others stay numbers."""

    OK = 0x9000
    END_OF_FILE = 0x6282
    WRONG_LENGTH = 0x6700
    SECURITY_NOT_SATISFIED = 0x6982
    CONDITIONS_NOT_SATISFIED = 0x6985
    SM_OBJECTS_MISSING = 0x6987
    SM_OBJECTS_WRONG = 0x6988
    FILE_NOT_FOUND = 0x6A82
    WRONG_P1P2 = 0x6A86
    WRONG_OFFSET = 0x6B00
    INS_NOT_SUPPORTED = 0x6D00
    CLA_NOT_SUPPORTED = 0x6E00


@dataclass(frozen=True)
class Command:
    """One command; `le` is the number of response bytes asked for (0 = none, 256 and 65536 = as many as there are)."""

    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int = 0
    cla: int = 0x00

    @property
    def extended(self) -> bool:
        """Whether it only fits the extended form."""
        return len(self.data) > 255 or self.le > SHORT_MAX

    @property
    def header(self) -> bytes:
        """CLA INS P1 P2."""
        return bytes((self.cla, self.ins, self.p1, self.p2))

    def with_le(self, le: int) -> Command:
        """The same command asking for `le` bytes."""
        return replace(self, le=le)

    def encode(self) -> bytes:
        """The bytes that go to the card."""
        if not self.extended:
            body = bytes([len(self.data)]) + self.data if self.data else b""
            return self.header + body + (bytes([self.le & 0xFF]) if self.le else b"")
        body = b"\x00" + len(self.data).to_bytes(2, "big") + self.data if self.data else b""
        le = (self.le & 0xFFFF).to_bytes(2, "big") if self.le else b""
        return self.header + body + (le if self.data or not le else b"\x00" + le)


@dataclass(frozen=True)
class Response:
    """What came back; `protected` tells whether secure messaging vouches for it."""

    data: bytes
    status: int
    protected: bool = False

    @property
    def ok(self) -> bool:
        """Whether the status is 9000."""
        return self.status == Status.OK
