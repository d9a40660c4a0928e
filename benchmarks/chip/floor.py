"""The arithmetic floor of a reading: the fewest commands and bytes the protocols allow, priced by the radio model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from drivers.emrtd.reading import AccessProtocol, ChipReading, FileId

MILLISECONDS_PER_APDU = 10.0
KBIT_PER_SECOND = 212.0
_STATUS, _STATUS_OBJECT, _CHECKSUM_OBJECT, _HEADER = 2, 4, 10, 4
_SELECT = (12, 2)
_BASIC_ACCESS = (_SELECT, (5, 10), (46, 42))
_POINT = 65
_PACE = (
    (20, 2),  # MSE:Set AT
    (8, 22),  # nonce
    (5 + 4 + _POINT + 1, 4 + _POINT + 2),  # mapping
    (5 + 4 + _POINT + 1, 4 + _POINT + 2),  # key agreement
    (18, 14),  # tokens
)
"""PACE-GM on a 256-bit curve: what the profiles use."""
_MASTER_FILES = frozenset({FileId.CARD_ACCESS, FileId.CARD_SECURITY})


@dataclass(frozen=True)
class Floor:
    """Fewest commands, fewest bytes both ways, and their time on the radio model."""

    apdus: int
    octets: int

    @property
    def milliseconds(self) -> float:
        """10 ms for each command, all bits at 212 kbit/s."""
        return self.apdus * MILLISECONDS_PER_APDU + self.octets * 8 / KBIT_PER_SECOND


def floor_of(reading: ChipReading, longest: int, *, extended: bool) -> Floor:
    """The floor for what this reading brought, where no answer is longer than `longest` bytes of data."""
    pace = reading.transcript.access is AccessProtocol.PACE
    block = 16 if pace else 8
    exchanges: list[tuple[int, int]] = []
    if pace:
        exchanges.append((7 if extended else 5, len(reading.files[FileId.CARD_ACCESS]) + _STATUS))
        exchanges += _PACE
        exchanges.append(_protected(7, 0, 0, block, extended=False))
    else:
        exchanges += _BASIC_ACCESS
    exchanges += _reads(reading.files, longest, block, extended=extended)
    proof = reading.transcript.active_authentication
    if proof is not None:
        exchanges.append(_protected(len(proof.nonce), 1, len(proof.response), block, extended=False))
    return Floor(len(exchanges), sum(sent + received for sent, received in exchanges))


def _reads(files: Mapping[FileId, bytes], longest: int, block: int, *, extended: bool) -> list[tuple[int, int]]:
    overhead = _STATUS_OBJECT + _CHECKSUM_OBJECT + (4 if longest <= 256 else 6)
    largest = (longest - overhead) // block * block - 1
    exchanges: list[tuple[int, int]] = []
    for file, content in files.items():
        if file in _MASTER_FILES:
            continue
        for start in range(0, len(content), largest):
            piece = min(largest, len(content) - start)
            exchanges.append(_protected(0, 2 if extended else 1, piece, block, extended=extended))
    return exchanges


def _protected(data: int, le: int, answer: int, block: int, *, extended: bool) -> tuple[int, int]:
    """Bytes of a command with `data` bytes, `le` bytes of Le and of its answer under secure messaging."""
    body = (_object(data, block) if data else 0) + (2 + le if le else 0) + _CHECKSUM_OBJECT
    command = _HEADER + (3 if extended else 1) + body + (2 if extended else 1)
    response = (_object(answer, block) if answer else 0) + _STATUS_OBJECT + _CHECKSUM_OBJECT + _STATUS
    return command, response


def _object(data: int, block: int) -> int:
    value = 1 + (data // block + 1) * block
    return value + (2 if value < 128 else 3 if value < 256 else 4)
