"""Command APDUs as the card takes them apart (ISO 7816-4 section 5.1) and the status words it answers with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulators.chip.secure import SecureChannel


class Status(IntEnum):
    """Status words SW1SW2 of ISO 7816-4 section 5.1.3."""

    OK = 0x9000
    END_OF_FILE = 0x6282
    WRONG_PASSWORD = 0x6300
    NOTHING_CHANGED = 0x6400
    WRONG_LENGTH = 0x6700
    SM_NOT_SUPPORTED = 0x6882
    CHAINING_NOT_SUPPORTED = 0x6884
    SECURITY_STATUS = 0x6982
    CONDITIONS = 0x6985
    NO_CURRENT_FILE = 0x6986
    SM_OBJECT_MISSING = 0x6987
    SM_OBJECT_WRONG = 0x6988
    WRONG_DATA = 0x6A80
    FILE_NOT_FOUND = 0x6A82
    WRONG_P1P2 = 0x6A86
    REFERENCE_NOT_FOUND = 0x6A88
    WRONG_OFFSET = 0x6B00
    WRONG_INS = 0x6D00
    WRONG_CLASS = 0x6E00
    NO_DIAGNOSIS = 0x6F00


class Refusal(Exception):
    """The command is answered with a status word alone."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


@dataclass(frozen=True)
class Command:
    """One command. `ne` is the longest answer asked for, 0 when none is."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    ne: int = 0
    extended: bool = False

    @property
    def p1p2(self) -> int:
        """Both parameters as one number."""
        return self.p1 << 8 | self.p2

    @property
    def header(self) -> bytes:
        """The first four bytes."""
        return bytes([self.cla, self.ins, self.p1, self.p2])

    @property
    def secured(self) -> bool:
        """Whether the class byte announces secure messaging with an authenticated header."""
        return self.cla & 0x0C == 0x0C

    @property
    def chained(self) -> bool:
        """Whether more of the same command follows."""
        return bool(self.cla & 0x10)


@dataclass(frozen=True)
class Answer:
    """Data and status; `channel` becomes the secure messaging of the following commands."""

    data: bytes = b""
    status: int = Status.OK
    channel: SecureChannel | None = None


def parse(apdu: bytes) -> Command:
    """A command of one of the seven cases. Refusal 6700 when the lengths do not fit."""
    if len(apdu) < 4:
        raise Refusal(Status.WRONG_LENGTH)
    cla, ins, p1, p2 = apdu[:4]
    data, ne, extended = _body(apdu[4:])
    return Command(cla, ins, p1, p2, data, ne, extended)


def _body(body: bytes) -> tuple[bytes, int, bool]:
    if not body:
        return b"", 0, False
    if len(body) == 1:
        return b"", body[0] or 256, False
    if body[0]:
        count, rest = body[0], body[1:]
        if len(rest) == count:
            return rest, 0, False
        if len(rest) == count + 1:
            return rest[:count], rest[count] or 256, False
        raise Refusal(Status.WRONG_LENGTH)
    if len(body) == 3:
        return b"", int.from_bytes(body[1:], "big") or 65536, True
    count, rest = int.from_bytes(body[1:3], "big"), body[3:]
    if count and len(rest) == count:
        return rest, 0, True
    if count and len(rest) == count + 2:
        return rest[:count], int.from_bytes(rest[count:], "big") or 65536, True
    raise Refusal(Status.WRONG_LENGTH)
