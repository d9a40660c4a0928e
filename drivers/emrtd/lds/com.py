"""EF.COM: which data groups are there (ICAO 9303-10 section 4.6.1). Unsigned: a hint, never evidence."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.emrtd.lds.tlv import parse_one

_GROUP_TAGS = (0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70)


@dataclass(frozen=True)
class CommonData:
    """Versions as they are written (`0107`, `040000`) and data group numbers 1 to 16 in the order of the file."""

    lds_version: str
    unicode_version: str
    groups: tuple[int, ...]


def group_of_tag(tag: int) -> int | None:
    """Data group number of a file's outer tag, or None."""
    return _GROUP_TAGS.index(tag) + 1 if tag in _GROUP_TAGS else None


def tag_of_group(number: int) -> int:
    """Outer tag of data group 1 to 16."""
    return _GROUP_TAGS[number - 1]


def parse_com(data: bytes) -> CommonData:
    """Read EF.COM (`60 L …`); unknown tags of the list are left out. Raises LdsError."""
    com = parse_one(data, 0x60)
    lds, unicode = com.find(0x5F01), com.find(0x5F36)
    groups = (group_of_tag(tag) for tag in com.child(0x5C).value)
    return CommonData(
        lds.value.decode("ascii", "replace") if lds else "",
        unicode.value.decode("ascii", "replace") if unicode else "",
        tuple(dict.fromkeys(group for group in groups if group is not None)),
    )
