"""The frame around biometric records in DG2, DG3 and DG4 (ISO/IEC 7816-11; ICAO 9303-10 section 4.7.2)."""

from __future__ import annotations

from drivers.emrtd.lds.tlv import LdsError, decode_integer, parse_one

_GROUP_TEMPLATE = 0x7F61
_INFORMATION_TEMPLATE = 0x7F60
_DATA_TAGS = (0x5F2E, 0x7F2E)


def biometric_blocks(data: bytes, group_tag: int) -> tuple[bytes, ...]:
    """Biometric data blocks of a group, none when it says that it has no instances. Raises LdsError."""
    templates = parse_one(data, group_tag).child(_GROUP_TEMPLATE)
    count = templates.find(0x02)
    if count is not None and decode_integer(count.value) == 0:
        return ()
    blocks: list[bytes] = []
    for instance in templates.children():
        if instance.tag != _INFORMATION_TEMPLATE:
            continue
        block = next((item for item in instance.children() if item.tag in _DATA_TAGS), None)
        if block is None:
            raise LdsError("biometric template holds no data")
        blocks.append(block.value)
    return tuple(blocks)
