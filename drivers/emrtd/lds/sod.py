"""Which groups EF.SOD signs: a reader's look into the security object, without any judgement of its signature."""

from __future__ import annotations

from drivers.emrtd.lds.tlv import Tlv, parse_one

_MAX_GROUP = 16


def signed_groups(data: bytes) -> tuple[int, ...]:
    """Data group numbers of the LDS security object in its order (ICAO 9303-10 section 4.6.2). Raises LdsError."""
    signed = parse_one(data, 0x77).child(0x30).child(0xA0).child(0x30)
    content = signed.child(0x30).child(0xA0).child(0x04).value
    sequences = [item for item in parse_one(content, 0x30).children() if item.tag == 0x30]
    hashes = sequences[1].children() if len(sequences) > 1 else ()
    numbers = (_number(item) for item in hashes)
    return tuple(number for number in numbers if 1 <= number <= _MAX_GROUP)


def _number(item: Tlv) -> int:
    return int.from_bytes(item.child(0x02).value[:4], "big")
