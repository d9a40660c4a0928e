"""Where each elementary file lives: identifier, short identifier and outer tag (ICAO 9303-10 section 3.11)."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.emrtd.lds.com import tag_of_group
from drivers.emrtd.reading import FileId

EMRTD_AID = bytes.fromhex("A0000002471001")
"""LDS1 eMRTD application."""
MASTER_FILE = bytes.fromhex("3F00")


@dataclass(frozen=True)
class FileFacts:
    """File identifier (2 bytes), short file identifier (1 to 30) and the tag its content begins with."""

    identifier: int
    short: int
    tag: int


MASTER_FILES = frozenset({FileId.CARD_ACCESS, FileId.CARD_SECURITY})
"""They lie under the master file; in the application their identifiers are other files'."""
_GROUPS = tuple(FileId[f"DG{number}"] for number in range(1, 17))

FILES: dict[FileId, FileFacts] = {
    FileId.CARD_ACCESS: FileFacts(0x011C, 0x1C, 0x31),
    FileId.CARD_SECURITY: FileFacts(0x011D, 0x1D, 0x30),
    FileId.COM: FileFacts(0x011E, 0x1E, 0x60),
    FileId.SOD: FileFacts(0x011D, 0x1D, 0x77),
} | {group: FileFacts(0x0100 + number, number, tag_of_group(number)) for number, group in enumerate(_GROUPS, start=1)}


def group_file(number: int) -> FileId:
    """The file of data group 1 to 16."""
    return _GROUPS[number - 1]


def group_number(file: FileId) -> int | None:
    """1 to 16, or None for a file that is no data group."""
    return _GROUPS.index(file) + 1 if file in _GROUPS else None
