"""Packets of serial fingerprint modules: `EF 01 | address 4 | kind 1 | length 2 | payload | sum 2`, big-endian.

The length counts payload and sum; the sum is of kind, length bytes and payload, modulo 65,536 (public code A and P of
`codes`). The reader finds its way back after noise, cut frames and wrong sums: it looks for the next EF 01.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

HEADER = b"\xef\x01"
_FRONT = 9
LONGEST = 2048
"""Bytes of payload; more is no packet but noise that looks like one (modules send 256 at most)."""


class Kind(IntEnum):
    """Packet identifiers."""

    COMMAND = 0x01
    DATA = 0x02
    ACKNOWLEDGE = 0x07
    LAST_DATA = 0x08


@dataclass(frozen=True)
class Packet:
    """One packet; what it carries of a finger never shows in a log."""

    kind: int
    payload: bytes = field(repr=False)
    address: int = 0xFFFFFFFF


def checksum(kind: int, length: int, payload: bytes) -> int:
    """The sum of a packet."""
    return (kind + (length >> 8) + (length & 0xFF) + sum(payload)) & 0xFFFF


def encode(packet: Packet) -> bytes:
    """The packet as it goes over the wire."""
    length = len(packet.payload) + 2
    front = HEADER + packet.address.to_bytes(4, "big") + bytes([packet.kind]) + length.to_bytes(2, "big")
    return front + packet.payload + checksum(packet.kind, length, packet.payload).to_bytes(2, "big")


class PacketReader:
    """Pure: bytes in, packets of one address out. Never holds more than one packet."""

    def __init__(self, address: int = 0xFFFFFFFF) -> None:
        self.address = address
        self._held = bytearray()
        self.skipped = 0
        """Bytes that belonged to no packet: stale ones, noise, the 0x55 of power-up."""
        self.wrong_sums = 0

    @property
    def waiting(self) -> bool:
        """Whether a packet has begun and has not ended."""
        return len(self._held) > 0

    def feed(self, data: bytes) -> list[Packet]:
        """The packets that end in `data`."""
        self._held += data
        packets: list[Packet] = []
        while (packet := self._next()) is not None:
            if packet.address == self.address:
                packets.append(packet)
        return packets

    def forget(self) -> None:
        """Drop what was begun."""
        self._skip(len(self._held))

    def _next(self) -> Packet | None:
        held = self._held
        while True:
            start = held.find(HEADER)
            if start < 0:
                # The last byte may be the first of a header.
                self._skip(len(held) - (1 if held.endswith(HEADER[:1]) else 0))
                return None
            self._skip(start)
            if len(held) < _FRONT:
                return None
            length = int.from_bytes(held[7:9], "big")
            if not 2 <= length <= LONGEST + 2:
                self._skip(1)
                continue
            end = _FRONT + length
            if len(held) < end:
                return None
            kind, payload = held[6], bytes(held[_FRONT : end - 2])
            if int.from_bytes(held[end - 2 : end], "big") != checksum(kind, length, payload):
                self.wrong_sums += 1
                self._skip(1)  # a real packet may begin inside what looked like one
                continue
            address = int.from_bytes(held[2:6], "big")
            del held[:end]
            return Packet(kind, payload, address)

    def _skip(self, count: int) -> None:
        self.skipped += count
        del self._held[:count]
